"""Formulas of old workbooks as they are kept, in tokens ([MS-XLS] 2.5.198): how their references follow when rows are put in or copied."""
from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from gridapp.ledgers.cellrefs import Insertion

REF, AREA, REF_N, AREA_N, REF_3D, AREA_3D = 0x24, 0x25, 0x2C, 0x2D, 0x3A, 0x3B
EXP, TBL, STR, ATTR, CHOOSE = 0x01, 0x02, 0x17, 0x19, 0x04
RELATIVE_ROW = 0x8000
# Bytes after the token's own, of those whose length is fixed.
SIZES = {
    EXP: 4, TBL: 4, 0x16: 0, 0x1A: 0, 0x1B: 0, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x23: 4, REF: 4, AREA: 8, 0x26: 6,
    0x27: 6, 0x28: 6, 0x29: 2, 0x2A: 4, 0x2B: 8, REF_N: 4, AREA_N: 8, 0x2E: 2, 0x2F: 2, 0x39: 6, REF_3D: 6, AREA_3D: 10, 0x3C: 6, 0x3D: 10,
    **dict.fromkeys(range(0x03, 0x16), 0),
}  # fmt: skip


def tokens(formula: bytes) -> Iterator[tuple[int, int]]:
    """(token without its class, place of its body) of each; stops where a token is unknown."""
    at = 0
    while at < len(formula):
        token = formula[at]
        token = token if token < 0x20 else (token & 0x1F) | 0x20
        size = _size(formula, at, token)
        if size is None:
            return
        yield token, at + 1
        at += 1 + size


def _size(formula: bytes, at: int, token: int) -> int | None:
    if token == STR:
        return 2 + formula[at + 1] * (2 if formula[at + 2] & 1 else 1)
    if token == ATTR:
        choices = struct.unpack_from("<H", formula, at + 2)[0]
        return 3 + (2 * (choices + 1) if formula[at + 1] & CHOOSE else 0)
    return SIZES.get(token)


def shifted_tokens(formula: bytes, insertion: Insertion, here: bool, sheets: set[int]) -> bytes:
    """A formula after the insertion. here: it stands on the stretched sheet; sheets: what that one is called in references to other sheets."""
    made = bytearray(formula)
    for token, at in tokens(formula):
        far = 2 if token in (REF_3D, AREA_3D) else 0
        named = far and struct.unpack_from("<H", formula, at)[0] in sheets
        if token in (REF, REF_3D) and (named if far else here):
            _move(made, at + far, insertion.row)
        elif token in (AREA, AREA_3D) and (named if far else here):
            _move_area(made, at + far, insertion)
        elif token == EXP and here or token == REF_N and here and not struct.unpack_from("<H", formula, at + 2)[0] & RELATIVE_ROW:
            _move(made, at, insertion.row)
    return bytes(made)


def _move(made: bytearray, at: int, follow: Callable[[int], int]) -> None:
    row = struct.unpack_from("<H", made, at)[0]
    struct.pack_into("<H", made, at, min(follow(row + 1) - 1, 0xFFFF))


def _move_area(made: bytearray, at: int, insertion: Insertion) -> None:
    first, last = struct.unpack_from("<HH", made, at)
    if last < 0xFFFF:
        struct.pack_into("<HH", made, at, insertion.row(first + 1) - 1, insertion.end(first + 1, last + 1) - 1)


def copied_tokens(formula: bytes, rows: int) -> bytes:
    """A formula copied so many rows down: what is fixed stays."""
    made = bytearray(formula)
    for token, at in tokens(formula):
        if token in (REF, AREA):
            span = 2 if token == REF else 4
            for part in range(0, span, 2):
                if struct.unpack_from("<H", formula, at + span + part)[0] & RELATIVE_ROW:
                    _move(made, at + part, lambda row: row + rows)
    return bytes(made)


def unshared_tokens(formula: bytes, row: int, column: int) -> bytes:
    """A formula shared by many cells, as it stands in one of them (0-based): distances become places."""
    made = bytearray(formula)
    for token, at in tokens(formula):
        if token in (REF_N, AREA_N):
            span = 2 if token == REF_N else 4
            made[at - 1] = made[at - 1] - REF_N + REF
            for part in range(0, span, 2):
                _place(made, at + part, at + span + part, row, column)
    return bytes(made)


def _place(made: bytearray, row_at: int, column_at: int, row: int, column: int) -> None:
    far, told = struct.unpack_from("<H", made, row_at)[0], struct.unpack_from("<H", made, column_at)[0]
    if told & RELATIVE_ROW:
        far = (far + row) & 0xFFFF
    side = (told + column) & 0xFF if told & 0x4000 else told & 0xFF
    struct.pack_into("<H", made, row_at, far)
    struct.pack_into("<H", made, column_at, (told & 0xC000) | side)
