"""The key file: a random data key, wrapped once by the password and once by the printed recovery code (Argon2id, secretbox).

Either opens the store; changing the password wraps the same data key anew and replaces the file in one step.
"""

from __future__ import annotations

import base64
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


def recovery_code() -> str:
    """A fresh printed code of 120 bits, such as 'K7QF-....'."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def create(path: Path, password: str, cost: Cost | None = None) -> tuple[str, str]:
    """Write a new key file; gives (raw key of 96 hexadecimal digits, recovery code). The code is stored nowhere."""
    data_key, salt, code = secrets.token_bytes(32), secrets.token_bytes(16), recovery_code()
    cost = cost or Cost()
    content = {"version": VERSION, "salt": salt.hex(), "password": _wrap(data_key, password, cost), "recovery": _wrap(data_key, _plain(code), cost)}
    _replace(path, content)
    return data_key.hex() + salt.hex(), code


def unlock(path: Path, secret: str) -> str:
    """The raw key (96 hexadecimal digits) by password or recovery code. Raises NoStore, WrongPassword, Trouble when the file is damaged."""
    content = load(path)
    for slot, word in (("password", secret), ("recovery", _plain(secret))):
        data_key = _unwrap(content[slot], word)
        if data_key:
            return data_key.hex() + content["salt"]
    raise WrongPassword("密码不对。请再试一次；忘记密码可以输入打印的恢复码。", "wrong_password")


def change_password(path: Path, old: str, new: str, cost: Cost | None = None) -> None:
    """Wrap the same data key by a new password; old is the password or the recovery code."""
    data_key = bytes.fromhex(unlock(path, old)[:64])
    content = load(path)
    content["password"] = _wrap(data_key, new, cost or Cost())
    _replace(path, content)


def load(path: Path) -> dict[str, Any]:
    """The key file's content, checked for shape."""
    if not path.is_file():
        raise NoStore("这里还没有建立数据。请先运行 gridapp 完成首次设置，或用 gridapp init 建立。", "no_store")
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["version"] > VERSION:
            raise Trouble("数据由更新版本的程序建立。请先升级程序再打开。", "newer_store")
        if len(bytes.fromhex(content["salt"])) != 16 or not {"password", "recovery"} <= content.keys():
            raise ValueError
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise Trouble("密钥文件损坏，暂时打不开数据。请从备份恢复，或联系中心协助。", "damaged_key") from error
    return content


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _derive(secret: str, salt: bytes, cost: Cost) -> bytes:
    from nacl.pwhash import argon2id

    return argon2id.kdf(32, secret.encode("utf-8"), salt, opslimit=cost.passes, memlimit=cost.memory)


def _wrap(data_key: bytes, secret: str, cost: Cost) -> dict[str, Any]:
    from nacl.secret import SecretBox

    salt = secrets.token_bytes(16)
    box = SecretBox(_derive(secret, salt, cost)).encrypt(data_key)
    return {"passes": cost.passes, "memory": cost.memory, "salt": salt.hex(), "box": base64.b64encode(box).decode("ascii")}


def _unwrap(slot: dict[str, Any], secret: str) -> bytes | None:
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox

    try:
        cost = Cost(int(slot["passes"]), int(slot["memory"]))
        if cost.passes > 20 or cost.memory > 1 << 30:
            raise ValueError
        key = _derive(secret, bytes.fromhex(slot["salt"]), cost)
        return SecretBox(key).decrypt(base64.b64decode(slot["box"]))
    except CryptoError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble("密钥文件损坏，暂时打不开数据。请从备份恢复，或联系中心协助。", "damaged_key") from error


def _replace(path: Path, content: dict[str, Any]) -> None:
    whole = path.with_suffix(".tmp")
    with open(whole, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(whole, path)
