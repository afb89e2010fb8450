"""A template that came as .xls (Excel 97 to 2003): its records are changed where values go, everything else stays as it was."""
from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from gridapp.ledgers.biff import records_of
from gridapp.ledgers.biff_marks import BiffMarks
from gridapp.ledgers.biff_sheet import BLANK, EOF, FORMULA, LABELSST, NUMBER, BiffSheet, Record, dv_ends, recalculated
from gridapp.ledgers.biff_tokens import AREA, AREA_3D, STR, shifted_tokens, tokens
from gridapp.ledgers.cellrefs import Insertion
from gridapp.ledgers.compound import Compound, rewritten
from gridapp.ledgers.grid import Grid, Workbook
from gridapp.ledgers.holes import HOLE, Tell, filled
from gridapp.ledgers.placing import Value
from gridapp.ledgers.sniff import Unreadable

BOUNDSHEET, SST, EXTSST, CONTINUE, SUPBOOK, EXTERNSHEET, NAME, RECALC, HEADER, FOOTER, DV, BOF = (
    0x0085, 0x00FC, 0x00FF, 0x003C, 0x01AE, 0x0017, 0x0018, 0x01C1, 0x0014, 0x0015, 0x01BE, 0x0809,
)  # fmt: skip
BIFF8, WORKSHEET, LONGEST, LISTING = 0x0600, 0, 8224, 3
LOST = "这是旧格式 .xls，按原格式填写：样式、公式、图片、打印设置都不动；公式的得数要在 Excel 或 WPS 里打开才会更新，文本框里的 {{字段}} 不会填。"
INSIDE = b"\x01\x04"  # a SUPBOOK of the workbook's own sheets


class XlsBook:
    """One workbook being filled. Raises Unreadable for one older than Excel 97, or damaged."""

    ending = ".xls"
    copies = False
    lost = LOST

    def __init__(self, data: bytes, read: Workbook) -> None:
        self.source = data
        try:
            stream = Compound(data).workbook()
            self.globals = list(records_of(stream, 0))
            if struct.unpack_from("<H", self.globals[0][1])[0] < BIFF8:
                raise Unreadable("old_excel")
            bounds = [body for kind, body in self.globals if kind == BOUNDSHEET]
            self.names = [_short_text(body, 6) for body in bounds]
            self.parts = [_substream(stream, struct.unpack_from("<I", body)[0]) for body in bounds]
            self.sheets = {name: BiffSheet(part) for name, part, body in zip(self.names, self.parts, bounds, strict=True) if body[5] == WORKSHEET}
        except (struct.error, IndexError, StopIteration):
            raise Unreadable("corrupt") from None
        self.grids = [grid for grid in read.grids if grid.visible and grid.name in self.sheets]
        self._all = {grid.name: grid for grid in read.grids}
        for grid in self.grids:
            self._tell_formats(grid)
        self.added: dict[str, int] = {}

    def _tell_formats(self, grid: Grid) -> None:
        """Blank cells have formats, too."""
        for row, cells in self.sheets[grid.name].cells.items():
            for column, ((kind, body), *_) in cells.items():
                if kind == BLANK and isinstance(grid.marks, BiffMarks):
                    grid.marks.add_blank(row + 1, column, struct.unpack_from("<H", body, 4)[0])

    def calculating(self, sheet: str) -> dict[int, dict[int, bool]]:
        """Row (1-based) -> column (0-based) -> whether its cell calculates; cells with nothing in them are left out, rows never."""
        found = self.sheets[sheet]
        rows = found.rows.keys() | found.cells.keys()
        return {row + 1: {at: cell[0][0] == FORMULA for at, cell in found.cells.get(row, {}).items() if cell[0][0] != BLANK} for row in sorted(rows)}

    def drawn(self, sheet: str) -> set[tuple[int, int]]:
        """Where the sheet has cells, be they empty."""
        return {(row + 1, column) for row, cells in self.sheets[sheet].cells.items() for column in cells}

    def lists(self, sheet: str) -> list[tuple[int, int, int, int, tuple[str, ...]]]:
        """What validation lists written out allow, and where."""
        found = []
        for kind, body in self.sheets[sheet].tail:
            if kind == DV and body[0] & 0x0F == LISTING and (options := self._options(sheet, body)):
                areas = struct.iter_unpack("<HHHH", body[dv_ends(body)[2] + 2 :])
                found += [(top + 1, left, bottom + 1, right, options) for top, bottom, left, right in areas]
        return found

    def _options(self, sheet: str, body: bytes) -> tuple[str, ...]:
        """The list a validation writes out, or the cells it names."""
        first, second, _ = dv_ends(body)
        formula = body[first + 4 : second]
        token, at = next(tokens(formula), (0, 0))
        if token == STR:
            return tuple(each for each in _short_text(formula, at).split("\0") if each)
        if token not in (AREA, AREA_3D):
            return ()
        far = 2 if token == AREA_3D else 0
        grid = self._all.get(self._sheet_called(struct.unpack_from("<H", formula, at)[0]) if far else sheet)
        top, bottom, left, right = struct.unpack_from("<HHHH", formula, at + far)
        rows = grid.rows[top : bottom + 1] if grid else []
        return tuple(str(cell) for row in rows for cell in row[left & 0xFF : (right & 0xFF) + 1] if cell != "")

    def _sheet_called(self, number: int) -> str:
        return next((name for name in self.names if number in self._called(name)), "")

    def make_room(self, sheet: str, first: int, ready: int, count: int) -> int:
        """Room for so many rows; gives how many were put in."""
        missing = max(count - ready, 0)
        if missing:
            insertion = Insertion(first, first + ready - 1, missing)
            called = self._called(sheet)
            self.sheets[sheet].stretch(insertion, called)
            for name, each in self.sheets.items():
                if name != sheet:
                    each.follow(insertion, False, called)
            self.globals = [(kind, _moved_name(body, insertion, called) if kind == NAME else body) for kind, body in self.globals]
        return missing

    def _called(self, sheet: str) -> set[int]:
        """By which numbers references from elsewhere name a sheet."""
        inside = [at for at, body in enumerate(body for kind, body in self.globals if kind == SUPBOOK) if body[2:4] == INSIDE]
        place, external = self.names.index(sheet), next((body for kind, body in self.globals if kind == EXTERNSHEET), b"\0\0")
        told = enumerate(struct.iter_unpack("<HHH", external[2 : 2 + 6 * struct.unpack_from("<H", external)[0]]))
        return {at for at, (book, first, last) in told if book in inside and first == last == place}

    def put_rows(self, sheet: str, rows: Mapping[int, Mapping[int, Value]]) -> None:
        """Write values by row (1-based) and column (0-based)."""
        found = self.sheets[sheet]
        for row, values in rows.items():
            for column, value in values.items():
                if isinstance(value, str):
                    found.put(row - 1, column, LABELSST, struct.pack("<I", self._text(value)))
                elif value is not None:
                    found.put(row - 1, column, NUMBER, struct.pack("<d", value))

    def _text(self, value: str) -> int:
        """The number of a text among the workbook's own."""
        known = next((struct.unpack_from("<I", body, 4)[0] for kind, body in self.globals if kind == SST), 0)
        return self.added.setdefault(value, known + len(self.added))

    def holes(self, sheet: str) -> list[str]:
        """The names in the {{holes}} of a sheet's cells and margins."""
        texts = [*(text for *_, text in self.hole_cells(sheet)), *(text for _, text in self._margins(sheet))]
        return list(dict.fromkeys(name for text in texts for name in HOLE.findall(text)))

    def hole_cells(self, sheet: str) -> Iterator[tuple[int, int, str]]:
        """(row, column, text) of cells with holes."""
        for row, cells in enumerate(next(grid.rows for grid in self.grids if grid.name == sheet), 1):
            yield from ((row, column, cell) for column, cell in enumerate(cells) if isinstance(cell, str) and HOLE.search(cell))

    def _margins(self, sheet: str) -> list[tuple[int, str]]:
        head = self.sheets[sheet].head
        return [(at, _long_text(body, 0)[0]) for at, (kind, body) in enumerate(head) if kind in (HEADER, FOOTER) and len(body) > 3]

    def fill_holes(self, sheet: str, tell: Tell) -> set[str]:
        """Fill the holes of a sheet; gives the names nothing was told of."""
        for row, column, text in list(self.hole_cells(sheet)):
            self.put_rows(sheet, {row: {column: filled(text, tell)}})
        head = self.sheets[sheet].head
        for at, text in self._margins(sheet):
            if HOLE.search(text):
                made = filled(text, lambda name: None if (word := tell(name)) is None else word.replace("&", "&&"))
                head[at] = (head[at][0], struct.pack("<HB", len(made), 1) + made.encode("utf-16-le"))
        return {name for name in self.holes(sheet) if tell(name) is None}

    def copy_sheet(self, sheet: str, names: Sequence[str]) -> None:
        """Never asked of this form: see `copies`."""
        raise Unreadable("old_excel")

    def data(self) -> bytes:
        """The file as it now is."""
        named = zip(self.names, self.parts, strict=True)
        parts = [_packed(recalculated(self.sheets[name].records()) if name in self.sheets else part) for name, part in named]
        start = len(_packed(self._globals([0] * len(parts))))
        places = [start + sum(map(len, parts[:at])) for at in range(len(parts))]
        return rewritten(self.source, _packed(self._globals(places)) + b"".join(parts))

    def _globals(self, places: list[int]) -> list[Record]:
        """The workbook's own records: where its sheets begin, and the texts that came to the others."""
        left, made = iter(places), list[Record]()
        last_text = max((at for at, (kind, _) in enumerate(self.globals) if self._is_text(at)), default=-1)
        for at, (kind, body) in enumerate(self.globals):
            if kind == EXTSST:
                continue
            if kind == BOUNDSHEET:
                body = struct.pack("<I", next(left)) + body[4:]
            elif kind == SST:
                total, unique = struct.unpack_from("<II", body)
                body = struct.pack("<II", total + len(self.added), unique + len(self.added)) + body[8:]
            elif kind == RECALC:
                body = body[:4] + bytes(4)
            if kind == EOF and last_text < 0 and self.added:
                made.append((SST, struct.pack("<II", len(self.added), len(self.added))))
                made += _texts(self.added)
            made.append((kind, body))
            if at == last_text:
                made += _texts(self.added)
        return made

    def _is_text(self, at: int) -> bool:
        """Whether a record is of the table of texts: it, or one that continues it."""
        while at and self.globals[at][0] == CONTINUE:
            at -= 1
        return self.globals[at][0] == SST


def _texts(added: Mapping[str, int]) -> list[Record]:
    """Texts as records that continue the table; one too long for a record goes on in the next."""
    made: list[Record] = []
    room = b""
    for text in added:
        body = struct.pack("<HB", min(len(text.encode("utf-16-le")) // 2, 32_767), 1)
        letters = text.encode("utf-16-le")[: 2 * 32_767]
        if room and len(room) + len(body) + len(letters) > LONGEST:
            made.append((CONTINUE, room))
            room = b""
        room += body
        while len(room) + len(letters) > LONGEST:
            part = (LONGEST - len(room)) // 2 * 2
            made.append((CONTINUE, room + letters[:part]))
            letters, room = letters[part:], b"\x01"
        room += letters
    return [*made, (CONTINUE, room)] if room else made


def _substream(stream: bytes, start: int) -> list[Record]:
    """From a sheet's beginning to its end, with the charts inside it."""
    found: list[Record] = []
    depth = 0
    at = start
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        found.append((kind, stream[at + 4 : at + 4 + size]))
        at += 4 + size
        depth += (kind == BOF) - (kind == EOF)
        if not depth:
            return found
    raise IndexError


def _packed(records: list[Record]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)


def _short_text(body: bytes, at: int) -> str:
    count, wide = struct.unpack_from("<BB", body, at)
    return body[at + 2 : at + 2 + count * (2 if wide & 1 else 1)].decode("utf-16-le" if wide & 1 else "latin-1")


def _long_text(body: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends."""
    count, wide = struct.unpack_from("<HB", body, at)
    end = at + 3 + count * (2 if wide & 1 else 1)
    return body[at + 3 : end].decode("utf-16-le" if wide & 1 else "latin-1"), end


def _moved_name(body: bytes, insertion: Insertion, called: set[int]) -> bytes:
    """A defined name: print areas, titles, filters."""
    count, size = body[3], struct.unpack_from("<H", body, 4)[0]
    start = 15 + count * (2 if body[14] & 1 else 1)
    return body[:start] + shifted_tokens(body[start : start + size], insertion, False, called) + body[start + size :]
