"""Where rows belong: this grid, or at an office the grids below it, each by the path of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.facts import rows
from gridapp.store import Connection


@dataclass(frozen=True)
class Places:
    """The grids a report is over, (path, name) in the order of their paths. title: all of it. chosen: the path of the one asked for, "" for all."""

    title: str
    grids: tuple[tuple[str, str], ...]
    chosen: str = ""

    @property
    def many(self) -> bool:
        """Whether the report has a line for each grid."""
        return len(self.grids) > 1

    def holds(self, scope: str) -> bool:
        """Whether a row of that path is in the report."""
        return not self.chosen or scope == self.chosen or scope.startswith(self.chosen + "/")

    def path(self, scope: str) -> str:
        """The path of the grid a row belongs to: the nearest one at or above it; "" for the office's own rows."""
        above = [path for path, _ in self.grids if path == scope or scope.startswith(path + "/") or not path]
        return max(above, key=len, default="")


def grids(connection: Connection, desk: Desk) -> tuple[tuple[str, str], ...]:
    """The paths of which this desk holds rows, with their names; a grid's own desk has one."""
    if desk.role != "office":
        return ((desk.scope, desk.grid_name),)
    named = {row["scope"]: str(row["name"]) for row in rows(connection, "org") if row["scope"] and row["scope"] != desk.scope}
    return tuple(sorted(named.items())) or ((desk.scope, desk.grid_name),)


def places(connection: Connection, desk: Desk, chosen: str = "") -> Places:
    """All grids of a desk, or one of them and those below it."""
    found = grids(connection, desk)
    if not chosen:
        return Places(desk.grid_name, found)
    inside = tuple(pair for pair in found if pair[0] == chosen or pair[0].startswith(chosen + "/"))
    return Places(dict(found).get(chosen, desk.grid_name), inside or ((chosen, desk.grid_name),), chosen)


def by_place(where: Places, *kinds: Iterable[Any]) -> list[tuple[str, tuple[list[Any], ...]]]:
    """Items of each kind by grid: every grid once, what is nobody's last under the office's own name."""
    found: dict[str, tuple[list[Any], ...]] = {path: tuple([] for _ in kinds) for path, _ in where.grids}
    for at, items in enumerate(kinds):
        for item in items:
            found.setdefault(where.path(item.scope), tuple([] for _ in kinds))[at].append(item)
    names = dict(where.grids)
    return [(names.get(path, f"{where.title}（本级）"), each) for path, each in found.items()]
