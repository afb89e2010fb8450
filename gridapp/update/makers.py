"""The maker's public keys, as they ship with the program: resources/update/YYYY-MM-DD.toml, one key a file, dated by the day it was made.

A program trusts the keys that came with it and no other, so a new key begins with a release that the old one signed.
"""
from __future__ import annotations

import tomllib

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from gridapp import places
from gridapp.update.manifest import CONTEXT


def keys() -> list[bytes]:
    """The 32-byte Ed25519 keys that packages may be signed with; [] where the program was built without one."""
    return [bytes.fromhex(tomllib.loads(path.read_text("utf-8"))["public"]) for path in sorted(places.resources("update").glob("*.toml"))]


def signed(manifest: bytes, seal: bytes, known: list[bytes]) -> bool:
    """Whether one of the keys signed the manifest."""
    return any(_by(key, CONTEXT + manifest, seal) for key in known)


def _by(key: bytes, message: bytes, seal: bytes) -> bool:
    try:
        sodium.crypto_sign_open(seal + message, key)
    except (CryptoError, ValueError):
        return False
    return len(seal) == sodium.crypto_sign_BYTES


def seal(manifest: bytes, seed: bytes) -> bytes:
    """The signature over a manifest; seed: the maker's 32 secret bytes."""
    return sodium.crypto_sign(CONTEXT + manifest, sodium.crypto_sign_seed_keypair(seed)[1])[: sodium.crypto_sign_BYTES]


def new_pair() -> tuple[bytes, bytes]:
    """A fresh (seed, public key)."""
    seed = sodium.randombytes(32)
    return seed, public(seed)


def public(seed: bytes) -> bytes:
    """The public half of a secret key."""
    return sodium.crypto_sign_seed_keypair(seed)[0]
