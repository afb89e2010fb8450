"""The gate before an old .xls is parsed: sizes its records claim. The Rust reader reserves what a damaged record asks for, and the process dies.
In the same pass it picks up what that reader does not tell: hidden rows, strike-out, number formats, error cells.

Reads as little as can be of the compound file ([MS-CFB]) and of the BIFF8 records ([MS-XLS] 2.3) in it.
"""
from __future__ import annotations

import struct
from collections.abc import Iterator

from gridapp.ledgers import gate
from gridapp.ledgers.biff_marks import OF_THEMSELVES, ROW, BiffMarks, Styles
from gridapp.ledgers.sniff import Unreadable

COLUMNS, ROWS = 256, 65_536  # all that BIFF8 has
END = 0xFFFFFFFA  # sector numbers from here on are no sectors
CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x0201, 0x027E, 0x00FD, 0x00BD, 0x00BE, 0x00D6}
BOUNDSHEET, DIMENSIONS, STRINGS, FILEPASS, EOF, WORKSHEET = 0x0085, 0x0200, 0x00FC, 0x002F, 0x000A, 0


def check_records(data: bytes) -> list[BiffMarks]:
    """Refuses a compound file whose workbook stream is damaged, locked, or claims more cells or strings than an .xls can have. Raises Unreadable.

    Gives the marks of each worksheet, in the order of the workbook.
    """
    try:
        stream = _Compound(data).workbook()
        styles, sheets = Styles(), []
        for kind, body in _records(stream, 0):
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
    for kind, body in _records(stream, start):
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


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
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


class _Compound:
    """A compound file: streams as chains of sectors. Raises struct.error, IndexError or StopIteration where it is damaged."""

    def __init__(self, data: bytes) -> None:
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise IndexError
        self.data, self.size = data, 1 << shift
        self.directory_at, self.cutoff, self.mini_at = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
        self.fat = [entry for sector in self._fat_sectors() for entry in self._numbers(sector)]

    def _fat_sectors(self) -> list[int]:
        """The sectors that hold the allocation table: 109 in the header, more in a chain of their own."""
        found = list(struct.unpack_from("<109I", self.data, 76))
        more = struct.unpack_from("<I", self.data, 68)[0]
        for _ in range(len(self.data) // self.size):
            if more >= END:
                break
            *numbers, more = self._numbers(more)
            found += numbers
        return [sector for sector in found if sector < END]

    def _sector(self, sector: int) -> bytes:
        return self.data[(sector + 1) * self.size : (sector + 2) * self.size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack(f"<{self.size // 4}I", self._sector(sector))

    def _chain(self, sector: int, table: list[int]) -> Iterator[int]:
        """The sectors of a stream. Raises IndexError for a ring: a reader that trusts it never ends."""
        for _ in range(len(table) + 1):
            if sector >= END:
                return
            yield sector
            sector = table[sector]
        raise IndexError

    def _stream(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._chain(start, self.fat)))

    def workbook(self) -> bytes:
        """The stream called Workbook or Book."""
        directory = self._stream(self.directory_at)
        entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
        names = {f"{name}\0".encode("utf-16-le"): name for name in ("Workbook", "Book", "WORKBOOK", "BOOK")}
        entry = next(entry for entry in entries if any(entry.startswith(name) for name in names))
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= self.cutoff:
            return self._stream(start)[:size]
        small = self._stream(struct.unpack_from("<I", entries[0], 116)[0])
        table = [number for sector in self._chain(self.mini_at, self.fat) for number in self._numbers(sector)]
        return b"".join(small[at * 64 : at * 64 + 64] for at in self._chain(start, table))[:size]
