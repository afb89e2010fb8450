"""Somebody else's empty table, understood: where its rows go, what each column wants, and in which form it wants it."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from gridapp.ledgers import grid as grids
from gridapp.ledgers.asking import Want, Wish, renamed, understand
from gridapp.ledgers.cards import Card, find_card, find_row_of_holes
from gridapp.ledgers.corrections import Corrections, signature
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.layout import Header, find_headers
from gridapp.ledgers.mapping import forget
from gridapp.ledgers.rooms import Existing, Room, room_of
from gridapp.ledgers.sniff import Unreadable
from gridapp.ledgers.wording import Look

NONE: Corrections = {}
YEARS = re.compile(r"[\d\s〇零一二三四五六七八九十]+|[{}（）()_＿、，。：:年月日季度份]")


class Book(Protocol):
    """A workbook being filled: xlsx_book.XlsxBook or xls_book.XlsBook."""

    ending: str
    copies: bool
    lost: str
    grids: list[Grid]

    def calculating(self, sheet: str) -> dict[int, dict[int, bool]]: ...
    def drawn(self, sheet: str) -> set[tuple[int, int]]: ...
    def lists(self, sheet: str) -> list[tuple[int, int, int, int, tuple[str, ...]]]: ...
    def make_room(self, sheet: str, first: int, ready: int, count: int) -> int: ...
    def put_rows(self, sheet: str, rows: Mapping[int, Mapping[int, Any]]) -> None: ...
    def holes(self, sheet: str) -> list[str]: ...
    def hole_cells(self, sheet: str) -> Iterable[tuple[int, int, str]]: ...
    def fill_holes(self, sheet: str, tell: Any) -> set[str]: ...
    def copy_sheet(self, sheet: str, names: list[str]) -> None: ...
    def data(self) -> bytes: ...


@dataclass(frozen=True)
class Table:
    """One table of a template. first: the row (1-based) its data begin in; ready: how many rows it keeps for them. title: the lines above it.

    mark: the fingerprint of its headings and title. patterns: of a row of {{holes}}, the text of each column. existing: rows filled already.
    """

    sheet: str
    wish: Wish
    top: int
    first: int
    ready: int
    title: str
    mark: str
    looks: Mapping[int, Look] = field(default_factory=dict)
    formulas: frozenset[int] = frozenset()
    existing: tuple[Existing, ...] = ()
    patterns: Mapping[int, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.wish.kind

    def wanted(self) -> dict[int, Want]:
        """The columns that want a value of ours, by column (0-based); those the template calculates itself want none."""
        return {column: want for column, want in self.wish.wants.items() if column not in self.formulas}

    is_card = False

    def asks(self) -> list[Want]:
        """All it asks for."""
        return list(self.wanted().values())

    @property
    def begun(self) -> int:
        """How many rows others have filled."""
        return len(self.existing)

    @property
    def keys(self) -> tuple[str, ...]:
        """What answers are remembered by: headings and title, then the headings alone."""
        return self.mark, mark(((want.heading,) for want in self.asks()), "")


Part = Table | Card[Table]


@dataclass(frozen=True)
class Template:
    """A template as read. tables stand on sheets of their own; those of a card stand in the card."""

    book: Book
    tables: list[Table]
    cards: list[Card[Table]]

    @property
    def parts(self) -> list[Part]:
        """Cards, then tables."""
        return [*self.cards, *self.tables]


def open_book(data: bytes) -> Book:
    """A workbook to be filled. Raises Unreadable for a form that cannot be, or a refused file."""
    read = grids.read_workbook(data)
    if read.form == "xlsx":
        from gridapp.ledgers.xlsx_book import XlsxBook

        return XlsxBook(data, read)
    if read.form == "xls":
        from gridapp.ledgers.xls_book import XlsBook

        return XlsBook(data, read)
    raise Unreadable("template_form")


def read_template(data: bytes, corrections: Corrections = NONE, kinds: Mapping[str, str] | None = None) -> Template:
    """What is in a template. kinds: what the user said its rows are, by mark. Raises Unreadable for another or a refused file."""
    book = open_book(data)
    try:
        found = Template(book, [], [])
        for grid in book.grids:
            _read_sheet(found, grid, corrections, kinds or {})
        return found
    finally:
        forget()


def _read_sheet(found: Template, grid: Grid, corrections: Corrections, kinds: Mapping[str, str]) -> None:
    headers = find_headers(grid)
    tables = [made for header in headers if (made := _table(found.book, grid, header, corrections, kinds))]
    if row := find_row_of_holes(grid, list(found.book.hole_cells(grid.name))):
        found.tables.append(_table_of_holes(grid, *row))
    elif card := find_card(found.book, grid, tables, kinds):
        found.cards.append(card)
    else:
        found.tables.extend(tables)


def _table(book: Book, grid: Grid, header: Header, corrections: Corrections, kinds: Mapping[str, str]) -> Table | None:
    if _is_of_labels(grid, header):
        return None
    title = "\n".join(_above(grid, header.top))
    key, said = mark(header.paths.values(), title), corrections.get(signature(header.paths))
    wish = understand(header.paths, f"{title}\n{grid.name}", kinds.get(key) or (said.kind if said else ""))
    if wish is None:
        return None
    if said and said.kind == wish.kind:
        places = sorted(header.paths)
        wish = renamed(wish, {places[at]: name for at, name in said.columns.items() if at < len(places)})
    room = room_of(grid, header, wish, book.calculating(grid.name))
    return Table(
        grid.name, wish, header.top, room.first, room.ready, title, key, _looks(book, grid, wish, room), room.formulas, room.existing
    )


def _is_of_labels(grid: Grid, header: Header) -> bool:
    """Whether blanks stand between the headings: then they are the labels of a card, not the head of a table."""
    merged = {column for top, left, bottom, right in grid.merges if header.top <= top <= header.bottom for column in range(left, right + 1)}
    said = {column for row in grid.rows[header.top : header.bottom + 1] for column, cell in enumerate(row) if cell != ""}
    columns = range(min(header.paths), max(header.paths) + 1)
    drawn = {column for cells in grid.rows[header.top : header.bottom + 1] for column in range(len(cells))}
    gaps = [column for column in (*columns, max(header.paths) + 1) if column in drawn and column not in said | merged]
    return len(gaps) * 4 >= len(columns)


def mark(paths: Iterable[tuple[str, ...]], title: str) -> str:
    """The fingerprint of a table's headings and title; next year's title is this year's."""
    said = "|".join(["/".join(path) for path in paths]) + "\n" + YEARS.sub("", title)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _above(grid: Grid, top: int) -> list[str]:
    return [str(cell) for cells in grid.rows[max(0, top - 6) : top] for cell in cells if isinstance(cell, str) and cell]


def _looks(book: Book, grid: Grid, wish: Wish, room: Room) -> dict[int, Look]:
    lists = book.lists(grid.name)
    return {
        column: Look(
            grid.marks.number_format(room.first, column),
            tuple(str(cells[column]) for cells in room.samples if column < len(cells) and cells[column] != ""),
            next((options for top, left, bottom, right, options in lists if top <= room.first <= bottom and left <= column <= right), ()),
        )
        for column in wish.wants
    }


def _table_of_holes(grid: Grid, wish: Wish, row: int, patterns: dict[int, str]) -> Table:
    title = "\n".join(_above(grid, row - 1))
    key = mark(((want.heading,) for want in wish.wants.values()), title)
    looks = {column: Look(grid.marks.number_format(row, column)) for column in wish.wants}
    return Table(grid.name, wish, max(row - 2, 0), row, 1, title, key, looks, patterns=patterns)
