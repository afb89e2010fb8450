"""问题表: the same workbook again with what is wrong beside every row and the cells in colour; mended, it is read like the one it was made from."""
from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gridapp.ledgers import landing
from gridapp.rules.reading import Fault

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from gridapp.ledgers.grid import Grid, Merge
    from gridapp.ledgers.reader import Book, Sheet

PROBLEM, ADVICE = "※问题", "※建议"
TONES: dict[str, dict[str, Any]] = {
    "": {}, "refused": {"bg_color": "#F8D2CE"}, "noted": {"bg_color": "#FFF0C9"}, "heading": {"bold": True, "bg_color": "#EAEEF3"},
}  # fmt: skip
DAY, MOMENT, WIDE = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", 46
EARLIEST = 1900  # Excel knows no day before
Told = Mapping[tuple[str, int], Sequence[Fault]]
Look = Callable[..., "Format"]


def without_remarks(rows: list[list[Any]]) -> None:
    """Blank the columns a 问题表 added, in place: what stood there is ours, not the ledger's."""
    found = {at for cells in rows for at, cell in enumerate(cells) if cell in (PROBLEM, ADVICE)} if _is_copy(rows) else set()
    for cells in rows if found else ():
        for at in found:
            if at < len(cells):
                cells[at] = ""


def _is_copy(rows: list[list[Any]]) -> bool:
    return any(PROBLEM in cells for cells in rows[:60])


def write_problems(book: Book, told: Told, out: Path) -> int:
    """Write the copy; told: (sheet, Excel row) -> its faults. Gives how many rows have any. Raises Trouble when the place will not take the file."""
    from xlsxwriter import Workbook

    with landing.scratch_beside(out) as scratch:
        whole = BytesIO()
        with Workbook(whole, {"in_memory": True, "default_format_properties": {"font_name": "宋体", "font_size": 11}}) as made:
            looks: dict[tuple[str, str, bool], Format] = {}

            def look(tone: str = "", number_format: str = "", struck: bool = False) -> Format:
                key = (tone, number_format, struck)
                if key not in looks:
                    looks[key] = made.add_format({**TONES[tone], "num_format": number_format or "General", "font_strikeout": struck, "valign": "top"})
                return looks[key]

            names: set[str] = set()
            for sheet in book.sheets:
                page = made.add_worksheet(_named(sheet.name, names))
                _Copy(sheet, page, look, told).write()
        landing.land(whole.getvalue(), scratch, out)
    return len(told)


def _named(name: str, taken: set[str]) -> str:
    """A sheet's name as Excel allows it, and no other sheet's."""
    plain = re.sub(r"[\[\]:*?/\\]", "、", name).strip("'")[:28] or "表"
    found = plain if plain.lower() not in taken else f"{plain}-{len(taken)}"
    taken.add(found.lower())
    return found


class _Copy:
    """One sheet being written again."""

    def __init__(self, sheet: Sheet, page: Any, look: Look, told: Told) -> None:
        self.sheet, self.grid, self.page, self.look = sheet, sheet.grid, page, look
        self.width = max((len(cells) for cells in self.grid.rows), default=0)
        self.told = {row: faults for (name, row), faults in told.items() if name == sheet.name}
        self.tones = self._tones()

    def _tones(self) -> dict[tuple[int, int], str]:
        """(row, column), 0-based -> how a cell is coloured."""
        tones: dict[tuple[int, int], str] = {}
        for table in self.sheet.tables:
            columns = {term.name: column for column, term in table.mapping.terms.items()}
            for row in (*table.rows, *table.rejects):
                for fault in self.told.get(row.row, ()):
                    if fault.field in columns:
                        place = (row.row - 1, columns[fault.field])
                        tones[place] = "refused" if fault.fatal or tones.get(place) == "refused" else "noted"
        return tones

    def write(self) -> None:
        """Cells, merged cells, hidden rows, and the two columns at the right."""
        for at, cells in enumerate(self.grid.rows):
            if at + 1 in self.grid.marks.hidden_rows:
                self.page.set_row(at, None, None, {"hidden": True})
            for column, cell in enumerate(cells):
                if cell != "" or (at, column) in self.tones:
                    self._put(at, column, cell)
        for merge in _apart(self.grid):
            self.page.merge_range(*merge, "", self.look())
            self._put(merge[0], merge[1], self.grid.rows[merge[0]][merge[1]])
        if self.told:
            self._remarks()
        if not self.grid.visible:
            self.page.hide()

    def _put(self, row: int, column: int, cell: Any) -> None:
        """A cell as what it was, shown as it was (a date may show its month only); text is never a formula."""
        tone, marks = self.tones.get((row, column), ""), self.grid.marks
        usual = MOMENT if isinstance(cell, dt.datetime) else DAY if isinstance(cell, dt.date) else ""
        struck = marks.cells.get((row + 1, column)) == "strikethrough"
        shown = self.look(tone, marks.number_format(row + 1, column) or usual, struck)
        if isinstance(cell, bool):
            self.page.write_boolean(row, column, cell, shown)
        elif isinstance(cell, int | float) and math.isfinite(cell):
            self.page.write_number(row, column, cell, shown)
        elif isinstance(cell, dt.date) and cell.year >= EARLIEST:
            self.page.write_datetime(row, column, cell, shown)
        elif cell == "":
            self.page.write_blank(row, column, None, shown)
        else:
            self.page.write_string(row, column, str(cell)[:32_767], shown)

    def _remarks(self) -> None:
        self.page.set_column(self.width, self.width + 1, WIDE)
        for row in {table.header_rows[0] - 1 for table in self.sheet.tables}:
            self.page.write_string(row, self.width, PROBLEM, self.look("heading"))
            self.page.write_string(row, self.width + 1, ADVICE, self.look("heading"))
        for at, faults in self.told.items():
            tone = "refused" if any(fault.fatal for fault in faults) else "noted"
            for column, texts in ((self.width, [fault.text for fault in faults]), (self.width + 1, [fault.hint for fault in faults])):
                self.page.write_string(at - 1, column, "\n".join(dict.fromkeys(filter(None, texts))), self.look(tone))


def _apart(grid: Grid) -> list[Merge]:
    """The merged cells of more than one cell that do not lie over one another: Excel would not open the file."""
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    kept = []
    for top, left, bottom, right in grid.merges:
        rows = range(top, bottom + 1)
        if (bottom > top or right > left) and not any(left <= last and first <= right for row in rows for first, last in taken[row]):
            kept.append((top, left, bottom, right))
            for row in rows:
                taken[row].append((left, right))
    return kept
