"""One table of a sheet, read from the row under its header to where the next one begins."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gridapp.ledgers.checks import Row, check_row, check_table
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.households import Households, continued, fill_merged
from gridapp.ledgers.layout import Header
from gridapp.ledgers.mapping import Mapping
from gridapp.ledgers.rows import plain_row, section_of, what_is
from gridapp.ledgers.values import DITTO, MARKED, ColumnReader, Context, other_document
from gridapp.rules import numbers
from gridapp.rules.reading import Fault

Step = Callable[[int, int], None]
EVERY = 500
PAPERS = {"居民身份证", "身份证", "二代身份证", "户口簿", None}
ESSENTIAL = {"resident": ("name",), "party": ("name",), "visit": ("visit_date",), "request": ("content",), "household": ()}
MISSING = {
    "name": ("name_missing", "这一行没有姓名，不能导入。", "请在原表里补上姓名，再导入。"),
    "visit_date": ("date_missing", "这一行没有走访日期，不能导入。", "请在原表里补上日期，再导入。"),
    "content": ("content_missing", "这一行没有写事项内容，不能导入。", "请在原表里补上内容，再导入。"),
}
UNKNOWN_COLUMN = "这一列不保存：程序不认识这个列名。如有需要，请把列名改成程序里的叫法再导入。"
LEFT_OUT = "这一列不保存：这是您选定的。"
HIDDEN = Fault("hidden_row", "这一行在原表里是隐藏的（或被筛掉了）。", "请确认这一行还要不要。", fatal=False)


@dataclass
class Table:
    """One table of a sheet. block: its place among tables side by side. header_rows: Excel rows. rows: what can be imported, perhaps with faults.

    rejects: rows that lack what they cannot do without, their first fault says what. skipped: (Excel row, what it is).
    foreign: the kind of ledger it is when the store keeps none such, "" when it does. signature: of its headings, see corrections.py.
    when: the year and month its title gives.
    """

    kind: str
    block: int
    header_rows: list[int]
    mapping: Mapping
    rows: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    foreign: str = ""
    signature: str = ""
    when: tuple[int | None, int | None] = (None, None)

    @property
    def unkept(self) -> dict[int, tuple[str, str]]:
        """Column (0-based) -> (heading, why it is not stored)."""
        terms = self.mapping.terms.items()
        told = {column: (self.mapping.headings[column], term.unkept) for column, term in terms if term.unkept and term.name != "serial"}
        chosen = self.mapping.chosen
        return told | {column: (heading, LEFT_OUT if column in chosen else UNKNOWN_COLUMN) for column, heading in self.mapping.unknown.items()}


class TableReader:
    """One pass down a table."""

    def __init__(self, grid: Grid, header: Header, mapping: Mapping, title: str, block: int, today: dt.date | None) -> None:
        self.grid, self.header, self.mapping = grid, header, mapping
        self.table = Table(mapping.kind, block, [row + 1 for row in range(header.top, header.bottom + 1)], mapping)
        self.table.when = year_and_month(title)
        self.context = Context(*self.table.when, today, grid.marks.number_format)
        self.readers = [(column, term, ColumnReader(term, column, self.context)) for column, term in mapping.terms.items() if term.name != "serial"]
        self.merged, self.continued = fill_merged(grid, mapping), continued(grid, mapping)
        self.households = Households(mapping)
        self.plainly = plain_row(mapping)
        self.before: list[Any] = []
        self.section = ""
        self.building = building_in(title)
        self.fresh = True
        self.marked = {mark[0] for mark in grid.marks.cells}

    def read(self, until: int, step: Step) -> Table:
        start = self.header.bottom + 1
        for row in range(start, until):
            if not (row - start) % EVERY:
                step(row, len(self.grid.rows))
            if any(cell != "" for cell in self.grid.rows[row]):
                self._row(row)
        has_relation = self.mapping.column("relation") is not None
        check_table(self.table.rows, self.table.kind, has_relation, bool(self.households.keys))
        return self.table

    def read_row(self, row: int) -> Table:
        """One row (0-based) known to be a row of the ledger, whatever it looks like."""
        self._take(row, self.header.own(self.grid.rows[row]))
        return self.table

    def _row(self, row: int) -> None:
        cells = self.header.own(self.grid.rows[row])
        what = self._kind_of(row, cells)
        if not what:
            self._take(row, cells)
        elif what != "blank":
            self.table.skipped.append((row + 1, what))
            self._pass(what, cells)

    def _kind_of(self, row: int, cells: list[Any]) -> str:
        if row in self.continued:
            return "continued"
        if not self.fresh and self.plainly(cells):
            return ""
        if self.header.repeats(cells):
            return "repeated header"
        return what_is(cells, self.mapping, self.fresh)

    def _pass(self, what: str, cells: list[Any]) -> None:
        if what == "section":
            self.section = section_of(cells)
        if what in ("section", "title"):
            self.building = building_in(section_of(cells)) or self.building
        if what in ("section", "subtotal", "total"):
            self.households.gap()

    def _take(self, row: int, cells: list[Any]) -> None:
        self.fresh = False
        for column, value in self._merged_here(row):
            cells[column] = value
        self._tick(cells)
        household, cells = self.households.take(self._undittoed(cells))
        fields: dict[str, Any] = {}
        read = Row(row + 1, self.table.block, fields, household=household, cells=cells)
        for column, term, reader in self.readers:
            raw = cells[column]
            found = reader.seen.get(raw) or reader.read(raw, read.row) if raw.__class__ is str else reader.read(raw, read.row)
            fields[term.name] = found.value
            if found.faults:
                read.faults += found.faults
        if row + 1 in self.marked or row + 1 in self.grid.marks.hidden_rows:
            self._marks(read)
        self._finish(read)
        self.before = cells

    def _merged_here(self, row: int) -> list[tuple[int, Any]]:
        return [(column, self.merged[row, column]) for column, _, _ in self.readers if (row, column) in self.merged] if self.merged else []

    def _tick(self, cells: list[Any]) -> None:
        """Columns 男 and 女 with a tick under one: the first of them takes the heading that was ticked."""
        for first, options in self.mapping.ticks.items():
            ticked = [leaf for column, leaf in options.items() if cells[column] == leaf or numbers.yes_no(cells[column]).value]
            cells[first] = ticked[0] if len(ticked) == 1 else ""

    def _undittoed(self, cells: list[Any]) -> list[Any]:
        if self.before and not DITTO.isdisjoint(cells):
            return [before if cell in DITTO else cell for cell, before in zip(cells, self.before, strict=True)]
        return cells

    def _marks(self, read: Row) -> None:
        """Strike-out, uncached formulas and error cells of mapped columns; hidden rows."""
        for column, term, _ in self.readers:
            mark = self.grid.marks.cells.get((read.row, column))
            if mark and not (mark != "strikethrough" and term.name == "age"):
                read.faults.append(MARKED[mark].on(term.name))
        if read.row in self.grid.marks.hidden_rows:
            read.faults.append(HIDDEN)

    def _finish(self, read: Row) -> None:
        _other_papers(read, self._raw_id)
        _join_phones(read)
        self._add_section(read)
        check_row(read)
        lacking = _lacking(read, self.table.kind)
        if lacking:
            read.faults[:] = [lacking, *(fault for fault in read.faults if fault != lacking)]
            self.table.rejects.append(read)
        else:
            self.table.rows.append(read)

    def _raw_id(self, row: int) -> Any:
        column = self.mapping.column("id_no")
        return self.grid.rows[row - 1][column] if column is not None else ""

    def _add_section(self, read: Row) -> None:
        """What a section row, the title or the sheet's name said of a Party group or a building holds for rows that do not say it themselves."""
        if self.section and self.table.kind == "party" and not read.fields.get("party_group") and re.search("组|支部", self.section):
            read.fields["party_group"] = self.section
        if self.building and not any(read.fields.get(name) for name in ("building", "address")):
            read.fields["building"] = self.building


def building_in(title: str) -> str:
    """The building a title, a section row or a sheet's name speaks of: '3号楼住户' -> '3号楼'; "" for none or several."""
    found = set(re.findall(r"[\dA-Za-z一二三四五六七八九十]+\s*(?:号楼|栋|幢|座)", title))
    return found.pop() if len(found) == 1 else ""


def year_and_month(title: str) -> tuple[int | None, int | None]:
    """The year and month the title or the sheet's name gives: '2024年1月份…台账', '3月'."""
    year = re.search(r"(?<!\d)((?:19|20)\d\d)\s*(?:年|[.\-/])", title) or re.search(r"(?<!\d)(20\d\d)(?!\d)", title)
    month = re.search(r"(?<!\d)(1[0-2]|0?[1-9])\s*月", title)
    return (int(year[1]) if year else None), (int(month[1]) if month else None)


def _other_papers(read: Row, raw: Callable[[int], Any]) -> None:
    """A passport's number is not an ID number: taken as written, its ID faults dropped."""
    if read.fields.get("id_type") in PAPERS or not re.search("护照|通行证|居留|军官|士兵|港澳|台|外国", str(read.fields["id_type"])):
        return
    read.faults[:] = [fault for fault in read.faults if fault.field != "id_no"]
    read.fields["id_no"] = other_document(raw(read.row)).value


def _join_phones(read: Row) -> None:
    """All phone columns are one list."""
    more = read.fields.pop("phone2", None)
    if more:
        read.fields["phone"] = tuple(dict.fromkeys((*(read.fields.get("phone") or ()), *more)))


def _lacking(read: Row, kind: str) -> Fault | None:
    """The fault of a row that cannot be imported at all, None when it can."""
    for name in ESSENTIAL[kind]:
        if read.fields.get(name) in (None, ()):
            refused = next((fault for fault in read.faults if fault.field == name and fault.fatal), None)
            return refused or Fault(*MISSING[name], field=name)
    return None
