"""The file on the stick: sealed for its recipients, signed over everything, verified before anything of it is decrypted.

magic 8 | version 1 | sort 1 | u32 length | header JSON | 24 B stream header | AEAD blocks of 64 KiB | u64 plain size | 64 B Ed25519
Small files (request, answer) have only the header and the signature. The signature covers BLAKE2b(context || all before it).
The header names the sender and every recipient, is signed, and is bound to each block as associated data.
"""
from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from gridapp.sync.keys import Keys
from gridapp.sync.troubles import Damaged, ForAnother, NewerBundle, NotBundle, OtherKeys, WrongSort

MAGIC = b"GRIDBX\r\n"
VERSION = READER = 1
SUITE = 1
SORTS = {"bundle": b"B", "request": b"E", "answer": b"A"}
CONTEXT = b"gridapp seal v1"
BLOCK = 64 * 1024
SEALED = BLOCK + sodium.crypto_secretstream_xchacha20poly1305_ABYTES
STREAM = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
PLAIN = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
SEAL = 64
LOCKED = "password"
MOST_HEADER = 1 << 20


class Reads(Protocol):
    """What a bundle is read from."""

    def read(self, size: int = ..., /) -> bytes: ...
    def seek(self, offset: int, whence: int = ..., /) -> int: ...


class Writes(Protocol):
    """What a bundle is written to."""

    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True)
class Recipient:
    """Whom a bundle is for: device id, label to show to others, public box key."""

    device: str
    label: str
    box: bytes

    def wrap(self, file_key: bytes) -> dict[str, str]:
        """The header's entry."""
        return {"type": "box", "id": self.device, "label": self.label, "key": _b64(sodium.crypto_box_seal(file_key, self.box))}


class Wraps(Protocol):
    """Whoever can open a bundle: a device, or one who knows the password (see locked)."""

    def wrap(self, file_key: bytes) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Sealed:
    """A verified file: its header, where its blocks lie, and its plain size."""

    header: dict[str, Any]
    start: int
    end: int
    raw: int
    bound: bytes


class _Hashing:
    def __init__(self, stream: Writes) -> None:
        self.stream, self.hash = stream, hashlib.blake2b(person=CONTEXT)

    def write(self, data: bytes) -> None:
        self.hash.update(data)
        self.stream.write(data)


def write_small(stream: Writes, sort: str, header: dict[str, Any], keys: Keys) -> None:
    """A signed file without sealed content."""
    out = _Hashing(stream)
    _write_header(out, sort, header, keys)
    stream.write(keys.seal(out.hash.digest()))


def write_bundle(stream: Writes, header: dict[str, Any], to: Iterable[Wraps], keys: Keys, pieces: Iterable[bytes], raw: Any) -> None:
    """Seal pieces of plain bytes for the recipients. raw() is asked for the unpacked size after the last piece."""
    file_key = sodium.crypto_secretstream_xchacha20poly1305_keygen()
    sealed = [each.wrap(file_key) for each in to]
    out = _Hashing(stream)
    bound = _write_header(out, "bundle", header | {"to": sealed, "suite": SUITE, "min_reader": READER}, keys)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    out.write(sodium.crypto_secretstream_xchacha20poly1305_init_push(state, file_key))
    for block, last in _blocks(pieces):
        out.write(sodium.crypto_secretstream_xchacha20poly1305_push(state, block, bound, FINAL if last else PLAIN))
    out.write(struct.pack(">Q", raw()))
    stream.write(keys.seal(out.hash.digest()))


def _write_header(out: _Hashing, sort: str, header: dict[str, Any], keys: Keys) -> bytes:
    text = json.dumps(header | {"sign": keys.sign_public.hex()}, ensure_ascii=False, sort_keys=True).encode()
    out.write(MAGIC + bytes([VERSION]) + SORTS[sort] + struct.pack(">I", len(text)) + text)
    return hashlib.blake2b(text).digest()


def _blocks(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > BLOCK:
            yield bytes(waiting[:BLOCK]), False
            del waiting[:BLOCK]
    yield bytes(waiting), True


def verify(stream: Reads, sort: str) -> Sealed:
    """Check the whole file against the key its header names. Raises Damaged, NotBundle, NewerBundle or WrongSort; decrypts nothing."""
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(14)
    if not head:
        raise Damaged
    if head[:8] != MAGIC[: len(head)]:
        raise NotBundle
    if len(head) < 14:
        raise Damaged
    if head[8] > VERSION:
        raise NewerBundle
    found = next((name for name, letter in SORTS.items() if letter == head[9:10]), "")
    length = struct.unpack(">I", head[10:14])[0]
    if not found or length > MOST_HEADER or 14 + length + SEAL > size:
        raise Damaged
    text = stream.read(length)
    header, digest = _header(text), hashlib.blake2b(head + text, person=CONTEXT)
    raw = _hash_rest(stream, digest, size - 14 - length - SEAL)
    _check_seal(header, digest.digest(), stream.read(SEAL + 1))
    if found != sort:
        raise WrongSort(sort, found)
    if type(header.get("min_reader", 1)) is not int or header.get("min_reader", 1) > READER or header.get("suite", SUITE) != SUITE:
        raise NewerBundle
    return Sealed(header, 14 + length, size - SEAL - 8, raw, hashlib.blake2b(text).digest())


def _header(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
        json.dumps(header, ensure_ascii=False).encode()  # half a character, as JSON can escape it, is no text
    except (ValueError, RecursionError) as error:
        raise Damaged from error
    if type(header) is not dict:
        raise Damaged
    return header


def _hash_rest(stream: Reads, digest: Any, left: int) -> int:
    tail = b""
    while left > 0:
        piece = stream.read(min(left, 1 << 20))
        if not piece:
            raise Damaged
        digest.update(piece)
        left -= len(piece)
        tail = (tail + piece)[-8:]
    return struct.unpack(">Q", tail)[0] if len(tail) == 8 else 0


def _check_seal(header: dict[str, Any], digest: bytes, seal: bytes) -> None:
    try:
        sodium.crypto_sign_open(seal + digest, bytes.fromhex(header["sign"]))
    except (CryptoError, KeyError, TypeError, ValueError) as error:
        raise Damaged from error


def is_locked(header: dict[str, Any]) -> bool:
    """Whether a file's header says that a password opens it (see locked)."""
    to = header.get("to")
    return type(to) is list and any(type(each) is dict and each.get("type") == LOCKED for each in to)


def open_for(sealed: Sealed, device: str, *every: Keys) -> bytes:
    """The file key, by this device's present or former keys. Raises ForAnother when it is not among the recipients, OtherKeys when none opens."""
    try:
        mine = [each for each in sealed.header["to"] if each["type"] == "box" and each["id"] == device]
        if not mine:
            raise ForAnother(str(sealed.header["to"][0]["label"])[:40])
        closed = base64.b64decode(mine[0]["key"])
    except (LookupError, TypeError, ValueError) as error:
        raise Damaged from error
    found = next(filter(None, (_opened(closed, keys) for keys in every)), None)
    if found is None:
        raise OtherKeys
    return found


def _opened(closed: bytes, keys: Keys) -> bytes | None:
    try:
        return sodium.crypto_box_seal_open(closed, keys.box_public, keys.box)
    except (CryptoError, TypeError, ValueError):
        return None


def decrypt(stream: Reads, sealed: Sealed, file_key: bytes) -> Iterator[bytes]:
    """The plain pieces; Damaged unless every block is whole, in order, and the last says it is the last."""
    stream.seek(sealed.start)
    left = sealed.end - sealed.start - STREAM
    state, tag = sodium.crypto_secretstream_xchacha20poly1305_state(), PLAIN
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, stream.read(STREAM), file_key)
        while left > 0 and tag == PLAIN:
            block = stream.read(min(left, SEALED))
            left -= len(block)
            plain, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, block, sealed.bound)
            yield plain
    except (CryptoError, TypeError, ValueError) as error:
        raise Damaged from error
    if left or tag != FINAL:
        raise Damaged


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
