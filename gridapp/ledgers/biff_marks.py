"""The marks of an .xls sheet, from the records the gate walks past: [MS-XLS] 2.4 Font, Format, XF, Row and the cells' records."""
from __future__ import annotations

import struct

from gridapp.ledgers.marks import BUILTIN_FORMATS

BOF, FONT, FORMAT, XF, ROW, BIFF8 = 0x0809, 0x0031, 0x041E, 0x00E0, 0x0208, 0x0600
FORMULA, NUMBER, RK, MANY, ERROR, BLANK, BLANKS = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205, 0x0201, 0x00BE
NUMBERS = {FORMULA, NUMBER, RK}
OF_THEMSELVES = {MANY, ERROR, FORMULA}  # cells that may say something whatever their style
STRUCK, HIDDEN = 0x0008, 0x20
NO_FONT = 4  # fonts are counted 0 1 2 3 5 6


class Styles:
    """The fonts, formats and cell styles of a workbook."""

    def __init__(self) -> None:
        self.fonts: list[bool] = []
        self.formats: dict[int, str] = {}
        self.looks: list[tuple[int, int]] = []
        self.is_old = False

    def add(self, kind: int, body: bytes) -> None:
        """A record of the workbook's own substream; one that ends too early tells nothing."""
        if kind == BOF and len(body) >= 2:
            self.is_old = struct.unpack_from("<H", body)[0] < BIFF8
        elif kind == FONT and len(body) >= 4:
            self.fonts.append(bool(struct.unpack_from("<HH", body)[1] & STRUCK))
        elif kind == FORMAT and len(body) >= 5:
            self._add_format(body)
        elif kind == XF and len(body) >= 4:
            self.looks.append(struct.unpack_from("<HH", body))

    def _add_format(self, body: bytes) -> None:
        """A length of one byte and bytes in Excel 95; of two, and letters of one byte or two, later."""
        number, length, wide = struct.unpack_from("<HBx" if self.is_old else "<HHB", body) + ((0,) if self.is_old else ())
        start, size = (3, 1) if self.is_old else (5, 2 if wide & 1 else 1)
        text = body[start : start + length * size]
        self.formats[number] = text.decode("utf-16-le" if size == 2 else "latin-1", "replace")

    def telling(self) -> set[int]:
        """The styles that say something about their cells."""
        return {look for look in range(len(self.looks)) if self.is_struck(look) or self.format(look)}

    def is_struck(self, look: int) -> bool:
        """Whether cells of a style are struck out."""
        font = self.looks[look][0] if look < len(self.looks) else 0
        at = font - (font > NO_FONT)
        return at < len(self.fonts) and self.fonts[at]

    def format(self, look: int) -> str:
        """The number format of a style, "" when it is General or unknown."""
        number = self.looks[look][1] if look < len(self.looks) else 0
        found = self.formats.get(number) or BUILTIN_FORMATS.get(str(number), "")
        return "" if found.casefold() == "general" else found


class BiffMarks:
    """What marks.Marks tells, of an .xls sheet; filled while its records pass. Rows are Excel rows, columns 0-based."""

    def __init__(self, styles: Styles | None = None) -> None:
        self.styles = styles or Styles()
        self.hidden_rows: set[int] = set()
        self.cells: dict[tuple[int, int], str] = {}
        self._formats: dict[tuple[int, int], str] = {}
        self._struck: dict[int, bool] = {}

    def number_format(self, row: int, column: int) -> str:
        """The number format of a cell with a number, "" when it is General or unknown."""
        return self._formats.get((row, column), "")

    def add_blank(self, row: int, column: int, look: int) -> None:
        """The style of a cell with nothing in it, for those who want to fill it. Rows are Excel rows, columns 0-based."""
        if found := self.styles.format(look):
            self._formats[row, column] = found

    def add_row(self, body: bytes) -> None:
        """A Row record."""
        if len(body) >= 14 and body[12] & HIDDEN:
            self.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)

    def add(self, kind: int, row: int, column: int, body: bytes) -> None:
        """A cell's record. Raises struct.error for one that ends too early."""
        if kind == MANY:
            for at in range(4, len(body) - 2, 6):
                self._add(RK, row, column + at // 6, struct.unpack_from("<H", body, at)[0])
        elif kind not in (BLANK, BLANKS):
            self._add(kind, row, column, struct.unpack_from("<H", body, 4)[0])
            if (kind == ERROR and body[7]) or (kind == FORMULA and body[6] == 2 and body[12:14] == b"\xff\xff"):
                self.cells[row + 1, column] = "cell_error"

    def _add(self, kind: int, row: int, column: int, look: int) -> None:
        if look not in self._struck:
            self._struck[look] = self.styles.is_struck(look)
        if self._struck[look]:
            self.cells[row + 1, column] = "strikethrough"
        if kind in NUMBERS and (found := self.styles.format(look)):
            self._formats[row + 1, column] = found
