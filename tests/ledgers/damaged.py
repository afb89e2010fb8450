"""Whole workbooks damaged at random: bytes flipped, cut off, put in, exchanged; in the file as it is, or inside one of its XML parts."""
from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.ledgers.crafted import HEAD, ROW, old_book, packed, parts, rows, sheet

RAW_SHARE = 0.3  # reliability.md T7: 3,000 of 10,000 in the raw file, the rest inside its XML


def _flip(draw: random.Random, data: bytearray) -> None:
    for _ in range(draw.choice((1, 1, 2, 8, 64))):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _cut(draw: random.Random, data: bytearray) -> None:
    del data[draw.randrange(len(data)) :]


def _drop(draw: random.Random, data: bytearray) -> None:
    start = draw.randrange(len(data))
    del data[start : start + draw.choice((1, 4, 40, 512))]


def _splice(draw: random.Random, data: bytearray) -> None:
    start, to = draw.randrange(len(data)), draw.randrange(len(data))
    data[to:to] = data[start : start + draw.choice((1, 16, 200))]


def _overwrite(draw: random.Random, data: bytearray) -> None:
    start, fill = draw.randrange(len(data)), draw.choice((b"\0", b"\xff", b"<", b"9", b'"'))
    size = min(draw.choice((1, 4, 32)), len(data) - start)
    data[start : start + size] = fill * size


HARMS: tuple[Callable[[random.Random, bytearray], None], ...] = (_flip, _cut, _drop, _splice, _overwrite)


def harmed(draw: random.Random, data: bytes) -> bytes:
    """The same with one harm done to it."""
    made = bytearray(data)
    draw.choice(HARMS)(draw, made)
    return bytes(made)


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """That many damaged workbooks, the same ones for the same seed."""
    draw = random.Random(seed)
    page = sheet(rows(*[ROW] * 40, first=3), after='<mergeCells><mergeCell ref="D2:D9"/></mergeCells>')
    new, old = packed(parts(sheet=page)), old_book()
    with zipfile.ZipFile(io.BytesIO(new)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert HEAD[0] in page
    for _ in range(count):
        if draw.random() < RAW_SHARE:
            yield harmed(draw, draw.choice((new, old)))
        else:
            name = draw.choice(list(inside))
            yield packed({**inside, name: harmed(draw, inside[name])})
