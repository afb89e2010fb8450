"""The key file: a random key, wrapped once by the password and once by the printed recovery code (Argon2id, secretbox).

Either opens the store; changing the password wraps the same key anew and replaces the file in one step.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridapp.rules.reading import Trouble

VERSION = 1
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: the code is read off paper
GROUPS, GROUP = 6, 4


class NoStore(Trouble):
    """There is nothing to open."""

    exit_code = 10


class WrongPassword(Trouble):
    """Neither the password nor the recovery code fits."""

    exit_code = 12


@dataclass(frozen=True)
class Cost:
    """Argon2id's work: passes and bytes of memory."""

    passes: int = 3
    memory: int = 64 * 1024 * 1024


QUICK = Cost(1, 8 * 1024 * 1024)  # for tests
MOST = Cost(20, 1 << 30)  # a damaged cost must not stall the machine
KEY_BYTES = 48  # SQLCipher's key (32) and salt (16): a salt kept only in the store's first page can be torn with it


def recovery_code() -> str:
    """A fresh printed code of 120 bits, such as 'K7QF-....'."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def create(path: Path, password: str, cost: Cost | None = None) -> tuple[str, str]:
    """Write a new key file; gives (raw key of 96 hexadecimal digits, recovery code). The code is stored nowhere. Raises OSError."""
    key, code, cost = secrets.token_bytes(KEY_BYTES), recovery_code(), cost or Cost()
    _replace(path, {"version": VERSION, "password": _wrap(key, password, cost), "recovery": _wrap(key, _plain(code), cost)})
    return key.hex(), code


def unlock(path: Path, secret: str) -> str:
    """The raw key (96 hexadecimal digits) by password or recovery code. Raises NoStore, WrongPassword, Trouble when the file is damaged.

    Either slot opens even where the other is damaged.
    """
    content = load(path)
    for slot, word in (("password", secret), ("recovery", _plain(secret))):
        if key := _unwrap(content.get(slot), word):
            return key.hex()
    if content.get("digest") != _digest(content):
        raise _damaged()
    raise WrongPassword("密码不对。请再试一次；忘记密码可以输入打印的恢复码。", "wrong_password")


def change_password(path: Path, old: str, new: str, cost: Cost | None = None) -> None:
    """Wrap the same key by a new password; old is the password or the recovery code. Raises Trouble where it cannot be written."""
    key = bytes.fromhex(unlock(path, old))
    try:
        _replace(path, load(path) | {"password": _wrap(key, new, cost or Cost())})
    except OSError as error:
        raise Trouble("新密码没有存下：磁盘已满或不能写。原来的密码仍然有效，请检查磁盘后再试。", "cannot_write") from error


def renew_code(path: Path, secret: str, cost: Cost | None = None) -> str:
    """A new recovery code; the old one opens nothing any more. secret is the password or the old code. Raises as change_password."""
    key, code = bytes.fromhex(unlock(path, secret)), recovery_code()
    try:
        _replace(path, load(path) | {"recovery": _wrap(key, _plain(code), cost or Cost())})
    except OSError as error:
        raise Trouble("新恢复码没有存下：磁盘已满或不能写。原来的恢复码仍然有效，请检查磁盘后再试。", "cannot_write") from error
    return code


def load(path: Path) -> dict[str, Any]:
    """The key file's content, checked for shape."""
    if not path.is_file():
        raise NoStore("这里还没有建立数据。请先运行 gridapp 完成首次设置，或用 gridapp init 建立。", "no_store")
    try:
        content = json.loads(path.read_text("utf-8"))
        is_newer = content["version"] > VERSION
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise _damaged() from error
    if is_newer:
        raise Trouble("数据由更新版本的程序建立。请先升级程序再打开。", "newer_store")
    return content


def _damaged() -> Trouble:
    return Trouble("密钥文件损坏，暂时打不开数据。请从备份恢复，或联系中心协助。", "damaged_key")


def _digest(content: dict[str, Any]) -> str:
    """Tells a damaged file from a wrong password; the keys themselves are sealed by their boxes."""
    slots = json.dumps([content.get(name) for name in ("version", "password", "recovery")], sort_keys=True)
    return hashlib.sha256(slots.encode("utf-8")).hexdigest()


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    from nacl.pwhash import argon2id

    return argon2id.kdf(32, secret.encode("utf-8"), salt, opslimit=cost.passes, memlimit=cost.memory)


def _wrap(key: bytes, secret: str, cost: Cost) -> dict[str, Any]:
    from nacl.secret import SecretBox

    salt = secrets.token_bytes(16)
    box = SecretBox(_derive(secret, salt, cost)).encrypt(key)
    return {"passes": cost.passes, "memory": cost.memory, "salt": salt.hex(), "box": base64.b64encode(box).decode("ascii")}


def _unwrap(slot: Any, secret: str) -> bytes | None:
    """The key in a slot; None when the secret does not fit or the slot is damaged."""
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        cost = Cost(int(slot["passes"]), int(slot["memory"]))
        if cost.passes > MOST.passes or cost.memory > MOST.memory:
            return None
        return SecretBox(_derive(secret, bytes.fromhex(slot["salt"]), cost)).decrypt(base64.b64decode(slot["box"]))
    except (CryptoError, ValueError, KeyError, TypeError):
        return None


def _replace(path: Path, content: dict[str, Any]) -> None:
    whole = path.with_suffix(".tmp")
    try:
        with open(whole, "w", encoding="utf-8") as file:
            json.dump(content | {"digest": _digest(content)}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(whole, path)
    except OSError:
        whole.unlink(missing_ok=True)
        raise
