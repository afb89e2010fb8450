"""Reading a ledger: file -> sheets -> tables -> rows, with every fault by row and field. No store, nothing written."""
from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gridapp.ledgers import grid as grids
from gridapp.ledgers.checks import Row
from gridapp.ledgers.corrections import Correction, Corrections, corrected, signature
from gridapp.ledgers.foreign import Offer, foreign, offer, sentence
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.households import is_head
from gridapp.ledgers.layout import Header, Paths, find_headers, is_form
from gridapp.ledgers.mapping import Mapping, best_mapping, by_household, forget
from gridapp.ledgers.pointing import and_others, pointed
from gridapp.ledgers.problem_copy import without_remarks
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.tables import Step, Table, TableReader
from gridapp.ledgers.values import is_several

NONE: Corrections = {}
FIRST_ROWS = 50


@dataclass
class Sheet:
    """One sheet: its tables from the top, and the raw grid the preview shows. no_table: why there is nothing to import, "" when there is.
    form: it is a form card for one person. foreign: the kind of ledger it is, when the store keeps none such and nothing of it could be read.
    left: headers under which nothing was read, each with its signature; the user may say what they are.
    offers: by signature, what can be kept of tables of such a kind.
    """

    name: str
    grid: Grid
    tables: list[Table] = field(default_factory=list)
    no_table: str = ""
    form: bool = False
    foreign: str = ""
    left: list[tuple[str, Header]] = field(default_factory=list)
    offers: dict[str, Offer] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.tables[0].kind if self.tables else ""

    @property
    def rows(self) -> list[Row]:
        return [row for table in self.tables for row in table.rows]

    @property
    def rejects(self) -> list[Row]:
        return [row for table in self.tables for row in table.rejects]


@dataclass
class Book:
    """A file as read. error, sentence: why it could not be, "" when it was. notices: what was left alone (macros, links)."""

    file: str
    sheets: list[Sheet] = field(default_factory=list)
    error: str = ""
    sentence: str = ""
    notices: tuple[str, ...] = ()


def quiet(done: int, total: int) -> None:
    """A step that reports nothing."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of object rings: a ledger is a million objects and no rings, and looking for them is a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_ledger(path: Path, step: Step = quiet, today: dt.date | None = None, corrections: Corrections = NONE) -> Book:
    """Read any ledger file. An unreadable file is a Book with error and sentence, not an exception; OSError when the file cannot be opened.

    step(done, total) is called every 500 rows and may raise Cancelled. today: dates after it are implausible (default: the real day).
    corrections: what the user said of tables with such headings, by signature.
    """
    book = Book(path.name)
    try:
        with uncollected():
            workbook = grids.open_workbook(path)
            book.notices = workbook.notices
            book.sheets = list(_read_sheets(workbook.grids, step, today or dt.date.today(), corrections))
        _need_a_table(book)
    except Unreadable as trouble:
        book.error, book.sentence = trouble.code, trouble.text
    finally:
        forget()
        is_head.cache_clear()
    return book


def _read_sheets(all_grids: list[Grid], step: Step, today: dt.date, corrections: Corrections) -> Iterator[Sheet]:
    total, done = sum(len(grid.rows) for grid in all_grids), 0
    for grid in all_grids:
        before = done
        yield read_sheet(grid, lambda at, _, before=before: step(before + at, total), today, corrections)  # type: ignore[misc]
        done += len(grid.rows)


def _need_a_table(book: Book) -> None:
    """A file without any table: empty, a form card, or prose. A ledger of a kind not kept is none of these: its sheet says what it is."""
    if any(sheet.tables or sheet.foreign for sheet in book.sheets):
        return
    if all(cell == "" for sheet in book.sheets for cells in sheet.grid.rows for cell in cells):
        raise Unreadable("empty_file")
    raise Unreadable("form_layout" if any(sheet.form for sheet in book.sheets) else "no_table_found")


def read_sheet(grid: Grid, step: Step = quiet, today: dt.date | None = None, corrections: Corrections = NONE) -> Sheet:
    """Read one sheet. A hidden sheet is left alone and says so."""
    sheet = Sheet(grid.name, grid)
    if not grid.visible:
        sheet.no_table = "这个工作表是隐藏的，没有读。"
        return sheet
    without_remarks(grid.rows)
    by_hand = pointed(grid, corrections)
    headers = and_others(by_hand, find_headers(grid))
    sheet.form = not by_hand and is_form(grid, headers)
    if not sheet.form:
        _read_tables(sheet, headers, step, today, corrections)
    sheet.no_table = _why_nothing(sheet)
    return sheet


def _read_tables(sheet: Sheet, headers: list[Header], step: Step, today: dt.date | None, corrections: Corrections) -> None:
    """Read what stands under each header; a header that makes no ledger of ours may make one of another kind."""
    for at, header in enumerate(headers):
        title, mark = _title(sheet.grid, header), header.mark or signature(header.paths)
        said = corrections.get(mark)
        mapping, other = _meaning(header.paths, title, said)
        named = bool(mapping and said and said.kind == mapping.kind)
        if other and (found := offer(header.paths, other, said if named else None)):
            sheet.offers[mark] = found
        if mapping is None:
            sheet.foreign = sheet.foreign or other
            sheet.left.append((mark, header))
            continue
        mapping = _people_in_one_cell(sheet.grid, header, mapping) or mapping
        until = next((later.top for later in headers[at + 1 :] if later.top > header.top), len(sheet.grid.rows))
        beside = sum(table.header_rows[0] == header.top + 1 for table in sheet.tables)
        table = TableReader(sheet.grid, header, mapping, title, beside, today).read(until, step)
        table.signature, table.foreign = mark, "" if named else other
        if table.rows or header.mark or (table.rejects and not any(each.mark for each in headers)):
            sheet.tables.append(table)


def _people_in_one_cell(grid: Grid, header: Header, mapping: Mapping) -> Mapping | None:
    """A household a row, all its people in one cell: the households can be kept, the people not told apart. Half of the first rows prove it."""
    name = mapping.column("name")
    if mapping.kind != "resident" or name is None or mapping.column("household_head") is None or name in mapping.chosen:
        return None
    cells = [str(row[name]) for row in grid.rows[header.bottom + 1 : header.bottom + 1 + FIRST_ROWS] if name < len(row) and row[name] != ""]
    return by_household(header.paths, name) if 2 * sum(map(is_several, cells)) > len(cells) else None


def _meaning(paths: Paths, title: str, said: Correction | None) -> tuple[Mapping | None, str]:
    """How a table is to be read, None when it is not, and the kind of ledger it is when the store keeps none such. What the user said goes first."""
    best = best_mapping(paths, title)
    ours = best is not None and best.column("join_date") is not None
    other = "" if ours else foreign(["".join(path) for path in paths.values()], title)
    if said and (not said.kind or (mapping := corrected(paths, said))):
        return (mapping if said.kind else None), other
    return best, other


def _why_nothing(sheet: Sheet) -> str:
    kind = sheet.foreign if not sheet.tables else sheet.tables[0].foreign if all(table.foreign for table in sheet.tables) else ""
    if kind:
        return sentence(kind, next((each for each in sheet.offers.values() if each.ledger == kind and not each.taken), None))
    if not sheet.tables:
        return "这个工作表里没有台账。"
    return "" if sheet.rows or sheet.rejects else "这个表头下面没有读出一行。请换一行作表头，或在“列的对应”里选定哪一列是姓名或日期。"


def _title(grid: Grid, header: Header) -> str:
    """The lines above a header and the sheet's name: they tell the kind, the year and the month."""
    above = [str(cell) for cells in grid.rows[max(0, header.top - 6) : header.top] for cell in cells if isinstance(cell, str) and cell]
    return "\n".join([*above, grid.name])
