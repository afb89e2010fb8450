"""Rows merged into another: they stay in their table as a signpost to the row that took them in, and no list, count or search has them."""
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Connection, select

from gridapp.records import BY_NAME, every_column
from gridapp.records.kinds import Link
from gridapp.store.work import table_of

MERGED = "merged_into"


@cache
def mergeable() -> tuple[str, ...]:
    """The records whose rows can be merged: those that declare the signpost."""
    return tuple(name for name, record in BY_NAME.items() if any(each.name == MERGED for each in every_column(record)))


def there(record: str) -> list[Any]:
    """The conditions under which a row of the record is there for people to see."""
    return [table_of(record).c[MERGED].is_(None)] if record in mergeable() else []


def pointing(record: str) -> Iterator[tuple[str, str]]:
    """Every (record, column) that points at rows of a record, the signpost itself among them."""
    for name, other in BY_NAME.items():
        for each in every_column(other):
            if isinstance(each.kind, Link) and each.kind.target == record:
                yield name, each.name


def signposts(connection: Connection, record: str) -> dict[str, str]:
    """Where each merged row of a record points: {its id: the id of the row it was merged into}."""
    table = table_of(record)
    return dict(connection.execute(select(table.c.id, table.c[MERGED]).where(table.c[MERGED].is_not(None))).all())


def end_of(row_id: str, posts: dict[str, str]) -> str:
    """Who stands at the end of the signposts from a row. Where they go in a circle (two desks merged the two into one another): the oldest."""
    trail = [row_id]
    while (row_id := posts.get(row_id, "")) and row_id not in trail:
        trail.append(row_id)
    return min(trail[trail.index(row_id) :]) if row_id else trail[-1]


def merged_rows(connection: Connection, record: str) -> list[dict[str, Any]]:
    """The rows of a record that were merged into another."""
    table = table_of(record)
    return [dict(row) for row in connection.execute(select(table).where(table.c[MERGED].is_not(None)).order_by(table.c.id)).mappings()]


def children(connection: Connection, record: str, row_id: str = "") -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Rows, merged ones too, that point at a row of a record (at any merged row of it without): (their record, their column, they)."""
    parent = table_of(record).alias("parent")
    wanted = parent.c.id == row_id if row_id else parent.c[MERGED].is_not(None)
    for name, column in pointing(record):
        table = table_of(name)
        statement = select(table).where(table.c[column].in_(select(parent.c.id).where(wanted)))
        if found := [dict(row) for row in connection.execute(statement).mappings()]:
            yield name, column, found


def stands(connection: Connection, record: str, row_id: str) -> dict[str, Any] | None:
    """A row by id, or the one it was merged into; None when it is gone."""
    table, end = table_of(record), row_id
    if record in mergeable():
        end = end_of(row_id, signposts(connection, record))
    found = connection.execute(select(table).where(table.c.id == end)).mappings().first()
    return dict(found) if found else None
