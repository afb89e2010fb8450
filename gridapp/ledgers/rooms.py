"""Where the rows of a template go: below what tells how to fill it in and what others have filled already, above its total and its signatures."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gridapp.ledgers.asking import Wish
from gridapp.ledgers.grid import Grid
from gridapp.ledgers.layout import Header
from gridapp.ledgers.mapping import Mapping as Read
from gridapp.ledgers.mapping import plain
from gridapp.ledgers.rows import TOTAL, what_is
from gridapp.ledgers.vocabulary import Term

LOOK = 20_000  # ready rows a template can hold
ROOMY = 3
NUMBER = re.compile(r"\d+(\.0)?")
BOXES = re.compile(r"^(?:[□☐○〇]\s*[^□☐○〇]{1,12}){2,}$")
KEYS = {"building": "building", "matter": "category", "visitor": "name"}
GUIDES = ("instruction row", "example row")


@dataclass(frozen=True)
class Existing:
    """A row others have filled, wholly or in part. values: by the names of terms, as they stand; blank: the columns (0-based) left open."""

    row: int
    values: dict[str, str]
    blank: frozenset[int]


@dataclass(frozen=True)
class Room:
    """first: the row (1-based) of the first ready row; ready: how many there are. formulas: columns that calculate themselves. samples: the cells
    of rows that show how it is to be written."""

    first: int
    ready: int
    formulas: frozenset[int]
    existing: tuple[Existing, ...]
    samples: tuple[list[Any], ...]


def room_of(grid: Grid, header: Header, wish: Wish, cells: dict[int, dict[int, bool]]) -> Room:
    """Where the rows of a table go. cells: see Book.calculating."""
    serial, as_read = wish.column("serial"), _as_read(wish)
    own = set(range(header.first, header.last + 1))
    existing: list[Existing] = []
    row, samples = header.bottom + 2, []
    while row <= len(grid.rows) and not _is_ready(_own(cells.get(row), own), grid, row, serial):
        what = _what(grid, header, wish, as_read, row, not existing)
        if what in GUIDES:
            samples.append(list(grid.rows[row - 1]))
        elif what == "":
            existing.append(_existing(grid, wish, cells.get(row, {}), row))
        else:
            break
        row += 1
    ready = _ready(grid, cells, own, row, serial)
    formulas = frozenset(column for column, calculates in cells.get(row, {}).items() if calculates and ready)
    filled = tuple(grid.rows[each.row - 1] for each in existing[:20])
    return Room(row, ready, formulas, tuple(existing), (*samples, *filled))


def _own(cells: dict[int, bool] | None, own: set[int]) -> dict[int, bool]:
    return {column: calculates for column, calculates in (cells or {}).items() if column in own}


def _ready(grid: Grid, cells: dict[int, dict[int, bool]], own: set[int], first: int, serial: int | None) -> int:
    row = first
    while row - first < LOOK and row in cells and _is_ready(_own(cells[row], own), grid, row, serial):
        row += 1
    return max(row - first, _undrawn(grid, cells, first) if first not in cells else 0)


def _undrawn(grid: Grid, cells: dict[int, dict[int, bool]], first: int) -> int:
    """Rows nobody drew, down to the next that holds something; one of several stays blank, above what comes below."""
    below = min((row for row in cells if row > first and row <= len(grid.rows) and any(cell != "" for cell in grid.rows[row - 1])), default=0)
    gap = below - first if below else 1
    return gap if gap < ROOMY else min(gap - 1, LOOK)


def _as_read(wish: Wish) -> Read:
    """The table as rows.what_is() knows tables."""
    terms = {at: Term(want.name, (want.label or want.name,)) for at, want in wish.wants.items() if want.name}
    return Read(wish.kind, terms, {at: want.heading for at, want in wish.wants.items()})


def _is_ready(cells: dict[int, bool], grid: Grid, row: int, serial: int | None) -> bool:
    """Nothing in it but its running number, zeros, boxes to tick and formulas."""
    values: list[Any] = grid.rows[row - 1] if row <= len(grid.rows) else []
    kept = [(column, values[column] if column < len(values) else "") for column, calculates in cells.items() if not calculates]
    return all(
        value in ("", 0, 0.0) or (column == serial and NUMBER.fullmatch(str(value))) or BOXES.match(str(value)) for column, value in kept
    )


def _what(grid: Grid, header: Header, wish: Wish, as_read: Read, row: int, fresh: bool) -> str:
    cells = header.own(grid.rows[row - 1])
    key = wish.column(KEYS.get(wish.kind, ""))
    if key is not None and cells[key] != "":
        return "total" if TOTAL.match(plain(cells[key])) else ""
    return what_is(cells, as_read, fresh)


def _existing(grid: Grid, wish: Wish, cells: dict[int, bool], row: int) -> Existing:
    values = grid.rows[row - 1]

    def at(column: int) -> str:
        value = values[column] if column < len(values) else ""
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()

    said = {want.name: at(column) for column, want in wish.wants.items() if want.name and not want.option and not want.part}
    blank = frozenset(column for column in wish.wants if at(column) == "" and not cells.get(column))
    return Existing(row, said, blank)
