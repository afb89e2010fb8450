"""The gate before an old .xls is parsed: sizes its records claim. The Rust reader reserves what a damaged record asks for, and the process dies.
In the same pass it picks up what that reader does not tell: hidden rows, strike-out, number formats, error cells.

Reads as little as can be of the compound file ([MS-CFB]) and of the BIFF8 records ([MS-XLS] 2.3) in it.
"""
from __future__ import annotations

import struct
from collections.abc import Iterator

from gridapp.ledgers import gate
from gridapp.ledgers.biff_marks import OF_THEMSELVES, ROW, BiffMarks, Styles
from gridapp.ledgers.compound import Compound
from gridapp.ledgers.sniff import Unreadable

COLUMNS, ROWS = 256, 65_536  # all that BIFF8 has
CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x0201, 0x027E, 0x00FD, 0x00BD, 0x00BE, 0x00D6}
BOUNDSHEET, DIMENSIONS, STRINGS, FILEPASS, EOF, WORKSHEET = 0x0085, 0x0200, 0x00FC, 0x002F, 0x000A, 0


def check_records(data: bytes) -> list[BiffMarks]:
    """Refuses a compound file whose workbook stream is damaged, locked, or claims more cells or strings than an .xls can have. Raises Unreadable.

    Gives the marks of each worksheet, in the order of the workbook.
    """
    try:
        stream = Compound(data).workbook()
        styles, sheets = Styles(), []
        for kind, body in records_of(stream, 0):
            _sound(kind, body, len(stream))
            styles.add(kind, body)
            if kind == BOUNDSHEET:
                sheets.append((struct.unpack_from("<I", body)[0], body[5] == WORKSHEET))
        if len(sheets) > gate.SHEETS:
            raise Unreadable("too_many_sheets")
        told = [(_check_sheet(stream, start, BiffMarks(styles)), is_table) for start, is_table in sheets]
        return [marks for marks, is_table in told if is_table]
    except (struct.error, IndexError, StopIteration):
        raise Unreadable("corrupt") from None


def _check_sheet(stream: bytes, start: int, marks: BiffMarks) -> BiffMarks:
    height = width = 0
    telling = marks.styles.telling()
    for kind, body in records_of(stream, start):
        _sound(kind, body, len(stream))
        if kind in CELLS:
            row, column, look = struct.unpack_from("<HHH", body)
            height, width = max(height, row + 1), max(width, column + 1)
            if look in telling or kind in OF_THEMSELVES:
                marks.add(kind, row, column, body)
        elif kind == ROW:
            marks.add_row(body)
    if height * width > gate.AREA:
        raise Unreadable("too_many_cells")
    return marks


def records_of(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(record type, body) from an offset to the end of its substream."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == EOF:
            return


def _sound(kind: int, body: bytes, longest: int) -> bool:
    if kind == FILEPASS:
        raise Unreadable("encrypted")
    if kind in CELLS:
        return struct.unpack_from("<HH", body)[1] < COLUMNS or _damaged()
    if kind == DIMENSIONS:
        row, last_row, column, last_column = struct.unpack_from("<IIHH" if len(body) >= 12 else "<HHHH", body)
        return (row <= last_row <= ROWS and column <= last_column <= COLUMNS) or _damaged()
    if kind == STRINGS:
        return max(struct.unpack_from("<II", body)) <= longest or _damaged()
    return True


def _damaged() -> bool:
    raise Unreadable("corrupt")
