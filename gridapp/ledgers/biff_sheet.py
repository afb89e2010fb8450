"""One sheet of an old workbook as its records ([MS-XLS] 2.1.7.20): cells to be written, rows to be put in, and all that follows them."""
from __future__ import annotations

import re
import struct
from collections.abc import Callable

from gridapp.ledgers.biff_tokens import EXP, copied_tokens, shifted_tokens, unshared_tokens
from gridapp.ledgers.cellrefs import Insertion

Record = tuple[int, bytes]
Cell = list[Record]  # the cell's own record, then what belongs to it: a text result, an array
BOF, EOF, ROW, INDEX, DBCELL, DIMENSIONS, DEFAULT_HEIGHT = 0x0809, 0x000A, 0x0208, 0x020B, 0x00D7, 0x0200, 0x0225
BLANK, MULBLANK, NUMBER, RK, MULRK, LABEL, LABELSST, RSTRING, BOOLERR, FORMULA = (
    0x0201, 0x00BE, 0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD, 0x00D6, 0x0205, 0x0006,
)  # fmt: skip
STRING, SHARED, ARRAY, TABLE = 0x0207, 0x04BC, 0x0221, 0x0236
MERGED, DV, CONDFMT, CF, HLINK, BREAKS, NOTE, DRAWING, CHART_DATA, CONTINUE = (
    0x00E5, 0x01BE, 0x01B0, 0x01B1, 0x01B8, 0x001B, 0x001C, 0x00EC, 0x1051, 0x003C,
)  # fmt: skip
CELLS = {BLANK, NUMBER, RK, LABEL, LABELSST, RSTRING, BOOLERR, FORMULA}
BELONGING = {STRING, SHARED, ARRAY, TABLE}
ANCHOR = re.compile(rb"\x00\x00\x10\xf0\x12\x00\x00\x00(.{18})", re.S)
KEEPS_SIZE = 2  # of an anchor: moves with the cells, is not sized with them
PLAIN = 15  # the style of a cell nobody styled
ON_OPENING = 0x0002
MOST_MERGED = 1027


class BiffSheet:
    """head, tail: the records before and after the table of cells. rows: ROW records by row; cells: by row and column; all 0-based."""

    def __init__(self, records: list[Record]) -> None:
        self.head: list[Record] = []
        self.tail: list[Record] = []
        self.rows: dict[int, bytes] = {}
        self.cells: dict[int, dict[int, Cell]] = {}
        self._last: Cell | None = None
        depth, begun = 0, False
        for kind, body in records:
            depth += (kind == BOF) - (kind == EOF and depth > 1)
            if depth == 1 and self._take(kind, body):
                begun = True
            elif kind not in (INDEX, DBCELL):
                (self.tail if begun else self.head).append((kind, body))
        self._unshare()

    def _take(self, kind: int, body: bytes) -> bool:
        """Whether a record is of the table of cells."""
        if kind == ROW:
            self.rows[struct.unpack_from("<H", body)[0]] = body
        elif kind == MULBLANK:
            self._many(BLANK, body, 2)
        elif kind == MULRK:
            self._many(RK, body, 6)
        elif kind in CELLS:
            row, column = struct.unpack_from("<HH", body)
            self._last = [(kind, body)]
            self.cells.setdefault(row, {})[column] = self._last
        elif kind in BELONGING and self._last:
            self._last.append((kind, body))
        else:
            return False
        return True

    def _many(self, kind: int, body: bytes, size: int) -> None:
        row, first = struct.unpack_from("<HH", body)
        for at in range((len(body) - 6) // size):
            part = body[4 + at * size : 4 + (at + 1) * size]
            self.cells.setdefault(row, {})[first + at] = [(kind, struct.pack("<HH", row, first + at) + part)]

    def _unshare(self) -> None:
        """Formulas written once for many cells are written out: cells are about to move apart."""
        shared = {
            struct.unpack_from("<HH", cell[0][1]): body[10:]
            for cells in self.cells.values() for cell in cells.values() for kind, body in cell[1:] if kind == SHARED
        }  # fmt: skip
        for row, cells in self.cells.items():
            for column, cell in cells.items():
                formula = _formula(cell)
                if formula[:1] == bytes([EXP]) and (model := shared.get(struct.unpack_from("<HH", formula, 1))) is not None:
                    _set_formula(cell, unshared_tokens(model, row, column))
                cell[1:] = [each for each in cell[1:] if each[0] != SHARED]

    def calculates(self, row: int, column: int) -> bool:
        """Whether a cell is a formula."""
        return self.cells.get(row, {}).get(column, [(0, b"")])[0][0] == FORMULA

    def put(self, row: int, column: int, kind: int, value: bytes) -> None:
        """Write a value into a cell, which keeps its style; a formula stays."""
        if self.calculates(row, column):
            return
        known = self.cells.setdefault(row, {}).get(column)
        look = struct.unpack_from("<H", known[0][1], 4)[0] if known else self._look(row)
        self.cells[row][column] = [(kind, struct.pack("<HHH", row, column, look) + value)]

    def _look(self, row: int) -> int:
        body = self.rows.get(row, b"")
        styled = len(body) >= 16 and body[12] & 0x80
        return struct.unpack_from("<H", body, 14)[0] & 0x0FFF if styled else PLAIN

    def stretch(self, insertion: Insertion, sheets: set[int]) -> None:
        """Put rows in (1-based, see cellrefs.Insertion): copies of the last ready row, without its values."""
        def follow(row: int) -> int:
            return insertion.row(row + 1) - 1

        self.rows = {follow(row): struct.pack("<H", follow(row)) + body[2:] for row, body in self.rows.items()}
        self.cells = {follow(row): {at: _moved(cell, follow(row)) for at, cell in cells.items()} for row, cells in self.cells.items()}
        self.follow(insertion, True, sheets)
        self._copy(insertion)
        self.head, self.tail = ([(kind, _followed(kind, body, insertion)) for kind, body in part] for part in (self.head, self.tail))
        self._copy_merges(insertion)

    def follow(self, insertion: Insertion, here: bool, sheets: set[int]) -> None:
        """Formulas follow rows put in, here or on another sheet."""
        for cells in self.cells.values():
            for cell in cells.values():
                if cell[0][0] == FORMULA:
                    _set_formula(cell, shifted_tokens(_formula(cell), insertion, here, sheets))
        self.tail = [(kind, _shifted_formulas(kind, body, insertion, here, sheets)) for kind, body in self.tail]

    def _copy(self, insertion: Insertion) -> None:
        """The new rows look as the last ready one does, or where there is none as the row below, without what that calculates."""
        ready = insertion.after >= insertion.first
        model = insertion.after - 1 if ready else insertion.row(insertion.first) - 1
        for step in range(1, insertion.count + 1):
            row = insertion.after - 1 + step
            if model in self.rows:
                self.rows[row] = struct.pack("<H", row) + self.rows[model][2:]
            self.cells[row] = {at: _copy_of(cell, row, row - model, ready) for at, cell in self.cells.get(model, {}).items()}

    def _copy_merges(self, insertion: Insertion) -> None:
        """Cells merged within the last ready row are merged in its copies."""
        row = insertion.after - 1
        if insertion.after < insertion.first:
            return
        areas = [area for kind, body in self.tail if kind == MERGED for area in struct.iter_unpack("<HHHH", body[2:])]
        sides = [area[2:] for area in areas if area[:2] == (row, row)]
        areas += [(row + step, row + step, *side) for side in sides for step in range(1, insertion.count + 1)]
        at = next((at for at, (kind, _) in enumerate(self.tail) if kind == MERGED), None)
        if at is not None:
            packed = [areas[start : start + MOST_MERGED] for start in range(0, len(areas), MOST_MERGED)]
            made = [(MERGED, struct.pack("<H", len(part)) + b"".join(struct.pack("<HHHH", *area) for area in part)) for part in packed]
            self.tail = [*self.tail[:at], *made, *(each for each in self.tail[at:] if each[0] != MERGED)]

    def records(self) -> list[Record]:
        """The sheet as it now is: rows in blocks of 32, each block's cells behind it."""
        rows = sorted(self.rows.keys() | {row for row, cells in self.cells.items() if cells})
        made: list[Record] = []
        for block in sorted({row // 32 for row in rows}):
            here = [row for row in rows if row // 32 == block]
            made += [(ROW, self._row(row)) for row in here]
            made += [record for row in here for _, cell in sorted(self.cells.get(row, {}).items()) for record in cell]
        last = max((column for cells in self.cells.values() for column in cells), default=-1)
        size = struct.pack("<IIHHH", rows[0] if rows else 0, rows[-1] + 1 if rows else 0, 0, last + 1, 0)
        return [(kind, size if kind == DIMENSIONS else body) for kind, body in self.head] + made + self.tail

    def _row(self, row: int) -> bytes:
        columns = self.cells.get(row, {})
        ends = (min(columns), max(columns) + 1) if columns else (0, 0)
        body = self.rows.get(row) or struct.pack("<HHHHHHHH", row, 0, 0, 0x80FF, 0, 0, 0x0100, PLAIN)
        return struct.pack("<HHH", row, *ends) + body[6:]


def _formula(cell: Cell) -> bytes:
    kind, body = cell[0]
    return body[22 : 22 + struct.unpack_from("<H", body, 20)[0]] if kind == FORMULA else b""


def _set_formula(cell: Cell, formula: bytes) -> None:
    kind, body = cell[0]
    size = struct.unpack_from("<H", body, 20)[0]
    cell[0] = (kind, body[:20] + struct.pack("<H", len(formula)) + formula + body[22 + size :])


def _moved(cell: Cell, row: int) -> Cell:
    return [(cell[0][0], struct.pack("<H", row) + cell[0][1][2:]), *cell[1:]]


def _copy_of(cell: Cell, row: int, rows: int, calculates: bool) -> Cell:
    kind, body = cell[0]
    if kind == FORMULA and calculates:
        made: Cell = [(kind, struct.pack("<H", row) + body[2:])]
        _set_formula(made, copied_tokens(_formula(cell), rows))
        return made
    return [(BLANK, struct.pack("<H", row) + body[2:6])]


def recalculated(records: list[Record]) -> list[Record]:
    """Every formula asks to be worked out anew when the file is opened."""
    def asked(body: bytes) -> bytes:
        return body[:14] + struct.pack("<H", struct.unpack_from("<H", body, 14)[0] | ON_OPENING) + body[16:]

    return [(kind, asked(body) if kind == FORMULA else body) for kind, body in records]


def _followed(kind: int, body: bytes, insertion: Insertion) -> bytes:
    """What stands beside the cells: merges, lists, colours, links, breaks, notes, pictures."""
    step = FOLLOW.get(kind)
    return step(body, insertion) if step else body


def _area(area: tuple[int, int, int, int], insertion: Insertion, whole: bool = True) -> tuple[int, int, int, int]:
    top, bottom, left, right = area
    if top == bottom and not whole:
        return insertion.row(top + 1) - 1, insertion.row(top + 1) - 1, left, right
    return insertion.row(top + 1) - 1, min(insertion.end(top + 1, bottom + 1) - 1, 0xFFFF), left, right


def _areas(body: bytes, at: int, insertion: Insertion, whole: bool = True) -> bytes:
    """A count and so many areas."""
    count = struct.unpack_from("<H", body, at)[0]
    moved = [_area(struct.unpack_from("<HHHH", body, at + 2 + 8 * each), insertion, whole) for each in range(count)]
    return body[: at + 2] + b"".join(struct.pack("<HHHH", *area) for area in moved) + body[at + 2 + 8 * count :]


def _breaks(body: bytes, insertion: Insertion) -> bytes:
    lines = [(insertion.row(row), *ends) for row, *ends in struct.iter_unpack("<HHH", body[2:])]
    return body[:2] + b"".join(struct.pack("<HHH", *line) for line in lines)


def _condition(body: bytes, insertion: Insertion) -> bytes:
    bound = struct.pack("<HHHH", *_area(struct.unpack_from("<HHHH", body, 4), insertion))
    return _areas(body[:4] + bound + body[12:], 12, insertion)


def _anchors(body: bytes, insertion: Insertion) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        told = list(struct.unpack("<9H", found[1]))
        steps = [insertion.row(told[at] + 1) - told[at] - 1 for at in (3, 7)]
        told[3], told[7] = told[3] + steps[0], told[7] + steps[0 if told[0] & KEEPS_SIZE else 1]
        return found[0][:8] + struct.pack("<9H", *told)

    return ANCHOR.sub(moved, body)


def dv_ends(body: bytes) -> tuple[int, int, int]:
    """Of a validation: where its first formula, its second and its areas begin."""
    at = 4
    for _ in range(4):
        count, wide = struct.unpack_from("<HB", body, at)
        at += 3 + count * (2 if wide & 1 else 1)
    second = at + 4 + struct.unpack_from("<H", body, at)[0]
    return at, second, second + 4 + struct.unpack_from("<H", body, second)[0]


def _shifted_formulas(kind: int, body: bytes, insertion: Insertion, here: bool, sheets: set[int]) -> bytes:
    """The formulas of validations, colours and charts."""
    def shifted(start: int, size: int) -> None:
        nonlocal body
        body = body[:start] + shifted_tokens(body[start : start + size], insertion, here, sheets) + body[start + size :]

    if kind == DV:
        first, second, areas = dv_ends(body)
        shifted(first + 4, second - first - 4)
        shifted(second + 4, areas - second - 4)
    elif kind == CF:
        one, two = struct.unpack_from("<HH", body, 2)
        shifted(len(body) - one - two, one)
        shifted(len(body) - two, two)
    elif kind == CHART_DATA:
        shifted(8, struct.unpack_from("<H", body, 6)[0])
    return body


Follow = Callable[[bytes, Insertion], bytes]
FOLLOW: dict[int, Follow] = {
    MERGED: lambda body, insertion: _areas(body, 0, insertion, whole=False),
    DV: lambda body, insertion: _areas(body, dv_ends(body)[2], insertion),
    CONDFMT: _condition,
    HLINK: lambda body, insertion: struct.pack("<HHHH", *_area(struct.unpack_from("<HHHH", body), insertion)) + body[8:],
    BREAKS: _breaks,
    NOTE: lambda body, insertion: struct.pack("<H", insertion.row(struct.unpack_from("<H", body)[0] + 1) - 1) + body[2:],
    DRAWING: _anchors,
    CONTINUE: _anchors,
}
