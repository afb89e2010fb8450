"""Which rows are one household, and what its first row says for all of them: merged cells, or cells written once."""
from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from gridapp.ledgers.grid import Grid
from gridapp.ledgers.mapping import Mapping
from gridapp.rules import relations

OWN = {"name", "id_no", "birth", "sex", "phone", "phone2", "relation", "serial", "notes", "notes2", "content", "problem", "result"}
SHARED = ("household_no", "household_head", "household_size", "address", "estate", "building", "unit", "room", "dwelling")
Cells = list[Any]


def fill_merged(grid: Grid, mapping: Mapping) -> dict[tuple[int, int], Any]:
    """(row, column), 0-based -> the value of the merged cell above it. A person's own cells are never taken from another row."""
    filled: dict[tuple[int, int], Any] = {}
    for top, left, bottom, right in grid.merges:
        for column in range(left, right + 1):
            term = mapping.terms.get(column)
            if bottom > top and term and term.name not in OWN and column == left:
                value = _cell(grid.rows, top, left)
                filled |= {(row, column): value for row in range(top + 1, bottom + 1)}
    return filled


def _cell(rows: list[Cells], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def continued(grid: Grid, mapping: Mapping) -> set[int]:
    """Rows (0-based) that only go on with the person above: the name cell is merged over them."""
    name = mapping.column("name")
    merges = [merge for merge in grid.merges if name is not None and merge[1] <= name <= merge[3] and merge[2] > merge[0]]
    return {row for merge in merges for row in range(merge[0] + 1, merge[2] + 1)}


class Households:
    """Walks down a table of residents and tells for each row its household (a running number; None where nothing tells households apart)."""

    def __init__(self, mapping: Mapping) -> None:
        self.columns = {name: column for name in SHARED if (column := mapping.column(name)) is not None}
        self.several = mapping.kind == "resident"
        self.relation = mapping.column("relation")
        self.keys = [self.columns[name] for name in ("household_no", "household_head") if name in self.columns]
        self.number = 0
        self.first: Cells | None = None

    def gap(self) -> None:
        """A total or a section came: what follows starts anew."""
        self.first = None

    def take(self, cells: Cells) -> tuple[int | None, Cells]:
        """The household of a row and the row with its household's cells filled in."""
        if not self.several or (not self.keys and self.relation is None):
            return None, cells
        if self.first is None or self._begins(cells):
            self.number += 1
            self.first = cells
            return self.number, cells
        return self.number, self._filled(cells)

    def _begins(self, cells: Cells) -> bool:
        first = self.first or []
        if self.keys:
            return any(cells[column] not in ("", first[column]) for column in self.keys)
        address, before = self._address(cells), self._address(first)
        if address and address != before:
            return True
        return is_head(cells[self.relation or 0]) and not (address == before and is_a_door(address))

    def _address(self, cells: Cells) -> str:
        return "".join(str(cells[self.columns[name]]) for name in ("address", "estate", "building", "unit", "room") if name in self.columns)

    def _filled(self, cells: Cells) -> Cells:
        blanks = [column for column in self.columns.values() if cells[column] == ""]
        if not blanks or not self.first or len(blanks) < len(self.columns):
            return cells
        filled = list(cells)
        for column in blanks:
            filled[column] = self.first[column]
        return filled


@lru_cache(4096)
def is_head(raw: Any) -> bool:
    """Whether a relation cell says 户主."""
    return raw != "" and relations.read(raw).value == relations.HEAD


def is_a_door(address: str) -> bool:
    """Whether an address names one dwelling: a room, or two numbers and more."""
    return bool(re.search(r"室|房|\d+\D+\d+", address))
