"""A password in a recipient's place: Argon2id makes a key of it, which wraps the file's key. Costly on purpose; the cost is in the header."""
from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from gridapp.store.keys import MOST, Cost
from gridapp.sync.envelope import LOCKED, Sealed
from gridapp.sync.troubles import Damaged, WrongLoanPassword

SALT = sodium.crypto_pwhash_SALTBYTES
NONCE = sodium.crypto_secretbox_NONCEBYTES
DEAR = Cost(3, 256 << 20)  # about half a second; the file may lie about for long


@dataclass(frozen=True)
class Locked:
    """For whoever knows the password."""

    password: str = field(repr=False)
    cost: Cost = DEAR

    def wrap(self, file_key: bytes) -> dict[str, Any]:
        """The header's entry."""
        salt, nonce = sodium.randombytes(SALT), sodium.randombytes(NONCE)
        sealed = nonce + sodium.crypto_secretbox(file_key, nonce, _key(self.password, salt, self.cost))
        return {"type": LOCKED, "salt": _b64(salt), "ops": self.cost.passes, "mem": self.cost.memory, "key": _b64(sealed)}


def unlock(sealed: Sealed, password: str) -> bytes:
    """The file's key. Raises WrongLoanPassword; Damaged where the header asks for more work than anybody's computer should do."""
    try:
        mine = next(each for each in sealed.header["to"] if each["type"] == LOCKED)
        cost, salt, key = Cost(mine["ops"], mine["mem"]), base64.b64decode(mine["salt"]), base64.b64decode(mine["key"])
        if not (type(cost.passes) is type(cost.memory) is int and 1 <= cost.passes <= MOST.passes and 8192 <= cost.memory <= MOST.memory):
            raise Damaged
        if len(salt) != SALT or len(key) <= NONCE:
            raise Damaged
        wrapping = _key(password, salt, cost)
    except (CryptoError, LookupError, StopIteration, TypeError, ValueError) as error:
        raise Damaged from error
    try:
        return sodium.crypto_secretbox_open(key[NONCE:], key[:NONCE], wrapping)
    except (CryptoError, ValueError) as error:
        raise WrongLoanPassword from error


def _key(password: str, salt: bytes, cost: Cost) -> bytes:
    kind = sodium.crypto_pwhash_ALG_ARGON2ID13
    return sodium.crypto_pwhash_alg(sodium.crypto_secretbox_KEYBYTES, password.encode(), salt, cost.passes, cost.memory, kind)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
