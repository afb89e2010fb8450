"""Taking in a ledger: preview and import are the same work, in the preview rolled back; one file is one batch and one undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk import matching
from gridapp.desk.aside import set_aside, shelf_of, write
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.drafting import place_draft
from gridapp.desk.headings import PreviewOffer, PreviewTable, Said, remember, tables_of, with_said
from gridapp.desk.keeping import off_columns
from gridapp.records import BY_NAME
from gridapp.rules.reading import Fault, Trouble
from gridapp.rules.text import as_text
from gridapp.store.search import spell_names
from gridapp.store.work import Work

if TYPE_CHECKING:
    from gridapp.ledgers.corrections import Corrections
    from gridapp.ledgers.drafts import Draft
    from gridapp.ledgers.grid import Grid
    from gridapp.ledgers.reader import Book, Sheet

OUTCOMES = ("new", "changed", "same", "cannot")
GRID_ROWS = 30


@dataclass(frozen=True)
class PreviewRow:
    """What would become of one row of the ledger."""

    sheet: str
    row: int
    outcome: str
    title: str
    detail: str
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class PreviewSheet:
    """How a sheet was understood: its raw top rows, what each row is, its tables with what their headings mean.

    top: the raw rows as they were read, for point_out(); None for a sheet that is left alone.
    """

    name: str
    kind_label: str
    header_rows: tuple[int, ...]
    grid: tuple[tuple[str, ...], ...]
    row_kinds: dict[int, str]
    tables: tuple[PreviewTable, ...]
    no_table: str = ""
    top: Grid | None = None


@dataclass
class Intake:
    """The outcome of a preview or an import. counts: rows by outcome; records: rows written, by record; batch_id: what to undo."""

    file: str
    file_error: str = ""
    sheets: list[PreviewSheet] = field(default_factory=list)
    rows: list[PreviewRow] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    records: dict[str, int] = field(default_factory=dict)
    batch_id: str = ""

    @property
    def faults(self) -> list[tuple[str, int, str, str, str]]:
        """Every fault as (sheet, row, field label, sentence, suggestion)."""
        return [(row.sheet, row.row, label_of(fault.field), fault.text, fault.hint) for row in self.rows for fault in row.faults]


def label_of(name: str) -> str:
    """What people call a field of a ledger."""
    from gridapp.ledgers.vocabulary import KINDS, vocabulary

    return next((term.label for kind in KINDS for term in vocabulary(kind) if term.name == name), name)


def preview(desk: Desk, path: Path, step: Step = no_step, said: Mapping[str, Said] | None = None) -> Intake:
    """What the import would do: the real import, rolled back. An unreadable file comes back with file_error; nothing is written.

    said: what the user says of tables, by signature, over what was remembered.
    """
    return _take(desk, path, step, said or {}, keep=False)


def take_in(desk: Desk, path: Path, step: Step = no_step, said: Mapping[str, Said] | None = None) -> Intake:
    """Import the rows that can be; one transaction, one undo; what was said of tables is remembered. Raises Trouble with the file's sentence."""
    done = _take(desk, path, step, said or {}, keep=True)
    if done.file_error:
        raise Trouble(done.file_error, "unreadable")
    spell_names(desk.store.engine)
    return done


def problem_copy(desk: Desk, path: Path, out: Path, step: Step = no_step, said: Mapping[str, Said] | None = None) -> int:
    """Write 问题表: the same workbook with what is wrong beside each row, to be mended and imported again. Gives how many rows have a remark."""
    from gridapp.ledgers.problem_copy import write_problems

    written: list[int] = []

    def write(book: Book, done: Intake) -> None:
        told = {(row.sheet, row.row): row.faults for row in done.rows if row.faults}
        written.append(write_problems(book, told, out))

    done = _take(desk, path, step, said or {}, keep=False, then=write)
    if done.file_error:
        raise Trouble(done.file_error, "unreadable")
    with desk.store.work() as work:
        note(work.connection, desk, "export", field="full", purpose="问题表")
        work.keep()
    return written[0]


def offers(preview: Intake, taken: bool) -> dict[str, PreviewOffer]:
    """By signature, what can be kept of tables of kinds the store does not keep: the offers that were accepted, or those that were not."""
    tables = (table for sheet in preview.sheets for table in sheet.tables)
    return {table.signature: table.offer for table in tables if table.offer and table.offer.taken == taken}


def _take(desk: Desk, path: Path, step: Step, said: Mapping[str, Said], *, keep: bool, then: Callable[[Book, Intake], None] | None = None) -> Intake:
    from gridapp.ledgers.reader import read_ledger, uncollected

    with desk.store.reading() as connection:
        known = with_said(connection, said)
        off = {(record, name) for record in matching.ORDER for name in off_columns(connection, BY_NAME[record])}
    try:
        book = read_ledger(path, lambda done, total: step(done, total * 2), corrections=known)
    except OSError as error:
        raise Trouble(f"打不开“{path.name}”。请检查文件是否还在、是否正被别的程序打开。", "cannot_open") from error
    done = Intake(path.name, book.sentence, [_sheet(sheet, known, off) for sheet in book.sheets])
    if book.error:
        return done
    with desk.store.work(f"导入 {path.name}") as work, uncollected():
        left = _place(desk, work, book, done, step)
        if keep:
            set_aside(work.connection, path.name, left, work.batch_id)
            if said:
                remember(work.connection, known)
            note(work.connection, desk, "import", purpose=f"{done.counts['new']} 新增，{done.counts['changed']} 更新")
            done.batch_id = work.batch_id
            work.keep()
    if then:
        then(book, done)
    return done


def _place(desk: Desk, work: Work, book: Book, done: Intake, step: Step) -> list[tuple[str, Draft]]:
    """Place and write every row; gives those that cannot be kept, with their sheets."""
    from gridapp.ledgers.drafts import drafts

    shelf = shelf_of(work.connection, desk.scope)
    every = [(sheet.name, draft) for sheet in book.sheets for draft in drafts(sheet)]
    for at, (sheet, draft) in enumerate(every):
        if not at % 500:
            step(len(every) + at, len(every) * 2)
        outcome = place_draft(desk, shelf, draft)
        done.rows.append(PreviewRow(sheet, draft.row, outcome.what, outcome.title, outcome.detail, outcome.faults))
    done.counts |= Counter(row.outcome for row in done.rows)
    done.records = write(work, shelf)
    return [row for row, told in zip(every, done.rows, strict=True) if told.outcome == "cannot"]


def _sheet(sheet: Sheet, known: Corrections, off: set[tuple[str, str]]) -> PreviewSheet:
    tables = sheet.tables
    kinds: dict[int, str] = {}
    for table in tables:
        kinds |= dict.fromkeys(table.header_rows, "header") | {row: "skipped" for row, _ in table.skipped}
        kinds |= {row.row: "" if table.foreign else "data" for row in (*table.rows, *table.rejects)}
    grid = tuple(tuple(map(as_text, cells)) for cells in sheet.grid.rows[:GRID_ROWS])
    headers = tuple(row for table in tables for row in table.header_rows)
    return PreviewSheet(sheet.name, _kind(sheet), headers, grid, kinds, tables_of(sheet, known, off), sheet.no_table, _top(sheet.grid))


def _top(grid: Grid) -> Grid | None:
    merges = tuple(merge for merge in grid.merges if merge[0] < GRID_ROWS)
    return replace(grid, rows=grid.rows[:GRID_ROWS], merges=merges, marks=type(grid.marks)()) if grid.visible else None


def _kind(sheet: Sheet) -> str:
    from gridapp.ledgers.vocabulary import TITLES

    return "" if sheet.no_table else TITLES.get(sheet.kind, "")


__all__ = ["Intake", "PreviewRow", "PreviewSheet", "preview", "take_in"]
