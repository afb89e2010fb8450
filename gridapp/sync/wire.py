"""The plain text of a bundle: a zstd stream of msgpack messages [kind, body], read with a bound on everything.

manifest {schema, fields, scope} · sessions [row] · chunk (see Chunk; at most 2,000 rows, column by column) · archive [row]
piece [sha256, n, of, data] · wants {sha256: [n]} (see gridapp.sync.pieces) · end {counts, digest}
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgpack
import zstandard

from gridapp.sync.forms import are_keys, is_sid, is_whole
from gridapp.sync.stamp import Siblings
from gridapp.sync.troubles import Damaged

ROWS = 2_000
PIECE = 64 * 1024
MOST_MESSAGE = 64 * 1024 * 1024
MOST_RAW = 4 * 1024 * 1024 * 1024
SCALARS = {str, int, type(None), float, bool}
Message = tuple[str, Any]


@dataclass
class Chunk:
    """Rows of one table. columns[i] holds the values of field fields[i]; extra and siblings by row index."""

    table: int
    fields: list[int]
    ids: list[str]
    stamps: list[str]
    columns: list[list[Any]]
    extra: dict[int, dict[int, Any]] = field(default_factory=dict)
    siblings: dict[int, Siblings] = field(default_factory=dict)

    def message(self) -> Message:
        """As it is packed."""
        return "chunk", [self.table, self.fields, self.ids, self.stamps, self.columns, self.extra, self.siblings]

    def values(self, row: int) -> dict[int, Any]:
        """One row's values by field number, unknown fields included."""
        known = {number: column[row] for number, column in zip(self.fields, self.columns, strict=True)}
        return known | self.extra.get(row, {})


def chunk_of(body: Any) -> Chunk:
    """A chunk from its message; Damaged unless it has exactly the declared form."""
    try:
        chunk = Chunk(*body)
        count = len(chunk.ids)
        right = (
            is_whole(chunk.table)
            and 0 < count <= ROWS
            and len(chunk.stamps) == count
            and len(chunk.fields) == len(chunk.columns) == len(set(chunk.fields))
            and all(type(number) is int and 0 < number < 62 for number in chunk.fields)
            and len(set(chunk.ids)) == count
            and set(map(type, chunk.stamps)) == {str}
            and all(len(column) == count and set(map(type, column)) <= SCALARS for column in chunk.columns)
            and are_keys(chunk.ids)
        )
        chunk.siblings = {int(row): [_sibling(each) for each in found] for row, found in chunk.siblings.items()}
        chunk.extra = {int(row): _extra(found) for row, found in chunk.extra.items()}
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise Damaged from error
    if not right or not all(0 <= row < count for row in (*chunk.siblings, *chunk.extra)):
        raise Damaged
    return chunk


def _sibling(found: Any) -> tuple[int, tuple[str, int, int], Any]:
    number, (sid, seq, t), value = found
    if type(number) is not int or not 0 <= number < 62 or not is_sid(sid) or not is_whole(seq) or not is_whole(t):
        raise ValueError("sibling")
    if number == 0:
        value = {str(each): int(n) for each, n in value.items()}
    elif type(value) not in SCALARS:
        raise ValueError("sibling")
    return number, (sid, seq, t), value


def _extra(found: Any) -> dict[int, Any]:
    if not all(type(number) is int and 0 < number < 62 and type(value) in SCALARS for number, value in found.items()):
        raise ValueError("extra")
    return dict(found)


def pack(messages: Iterable[Message], count: Callable[[int], None]) -> Iterator[bytes]:
    """Messages to compressed bytes; `count` is told the plain size of each."""
    packer, press = msgpack.Packer(use_bin_type=True), zstandard.ZstdCompressor(level=3).compressobj()
    for message in messages:
        plain = packer.pack(message)
        count(len(plain))
        if pressed := press.compress(plain):
            yield pressed
    yield press.flush()


def unpack(pieces: Iterator[bytes], raw: int, step: Callable[[int, int], None] = lambda done, total: None) -> Iterator[Message]:
    """Compressed bytes to messages; Damaged past the sealed plain size `raw`, past any bound, or when the stream is cut. step: plain bytes."""
    if raw > MOST_RAW:
        raise Damaged
    unpacker = msgpack.Unpacker(raw=False, strict_map_key=False, max_buffer_size=MOST_MESSAGE)
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(_Pipe(pieces), read_size=PIECE)  # type: ignore[arg-type]
    seen = 0
    try:
        while plain := reader.read(PIECE):
            seen += len(plain)
            if seen > raw:
                raise Damaged
            step(seen, raw)
            unpacker.feed(plain)
            for message in unpacker:
                if type(message) is not list or len(message) != 2:
                    raise Damaged
                yield message[0], message[1]
    except (zstandard.ZstdError, ValueError, TypeError, OverflowError, msgpack.exceptions.UnpackException) as error:
        raise Damaged from error
    if seen != raw or unpacker.tell() != raw:
        raise Damaged


class _Pipe:
    """An iterator of bytes, read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int) -> bytes:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece
