"""Reading rows: whole rows as dicts by simple conditions, and the few totals the desk asks for. Merged rows are left out, but by id."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, func, or_, select

from gridapp.records import BY_NAME
from gridapp.store.merged import MERGED, there
from gridapp.store.work import table_of

Row = dict[str, Any]


def row(connection: Connection, record: str, row_id: str | None) -> Row | None:
    """One row by id, or None."""
    table = table_of(record)
    found = connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
    return dict(found) if found else None


def rows(connection: Connection, record: str, **where: Any) -> list[Row]:
    """All rows whose columns equal the given values (a collection: any of them; None: blank)."""
    table = table_of(record)
    conditions = [*([] if MERGED in where else there(record)), *(_is(table.c[name], value) for name, value in where.items())]
    return [dict(each) for each in connection.execute(select(table).where(*conditions)).mappings()]


def _is(column: Any, value: Any) -> Any:
    return column.in_(value) if isinstance(value, Collection) and not isinstance(value, str) else column == value


def brief(connection: Connection, record: str, without: Collection[str], **where: Any) -> list[Row]:
    """The same without columns that may be large."""
    table = table_of(record)
    asked = [each for each in table.c if each.name not in without]
    found = connection.execute(select(*asked).where(*(_is(table.c[name], value) for name, value in where.items())))
    return [dict(each) for each in found.mappings()]


def values(connection: Connection, record: str, *names: str) -> list[tuple[Any, ...]]:
    """A few columns of all rows, a tuple each: a third of the time of whole rows."""
    table = table_of(record)
    return [tuple(each) for each in connection.execute(select(*(table.c[name] for name in names)).where(*there(record)))]


def by_id(connection: Connection, record: str, **where: Any) -> dict[str, Row]:
    """The same, by id."""
    return {each["id"]: each for each in rows(connection, record, **where)}


def standing(connection: Connection, record: str, until: str, day: str, **where: Any) -> list[Row]:
    """Rows whose `until` day is blank or still to come."""
    table = table_of(record)
    conditions = [_is(table.c[name], value) for name, value in where.items()]
    found = connection.execute(select(table).where(or_(table.c[until].is_(None), table.c[until] > day), *conditions))
    return [dict(each) for each in found.mappings()]


def newest(connection: Connection, record: str) -> Row | None:
    """The row that was added last."""
    table = table_of(record)
    found = connection.execute(select(table).where(*there(record)).order_by(table.c.id.desc()).limit(1)).mappings().first()
    return dict(found) if found else None


def latest(connection: Connection, record: str, column: str, per: str) -> dict[str, str]:
    """The greatest value of a column for each value of another."""
    table = table_of(record)
    greatest = select(table.c[per], func.max(table.c[column])).where(table.c[per].is_not(None), *there(record))
    return dict(connection.execute(greatest.group_by(table.c[per])).all())


def used(connection: Connection, record: str, column: str) -> set[Any]:
    """The values a column holds."""
    table = table_of(record)
    return set(connection.execute(select(table.c[column]).where(table.c[column].is_not(None), *there(record)).distinct()).scalars())


def starting(connection: Connection, record: str, column: str, start: str) -> list[str]:
    """The values of a column that begin so."""
    table = table_of(record)
    return [
        value for value in connection.execute(select(table.c[column]).where(table.c[column].startswith(start, autoescape=True))).scalars() if value
    ]


def per_month(connection: Connection, record: str, column: str) -> dict[str, int]:
    """How many rows fall into each month, by its 'YYYY-MM'."""
    table = table_of(record)
    month = func.substr(table.c[column], 1, 7)
    return dict(connection.execute(select(month, func.count()).where(*there(record)).group_by(month)).all())


def count(connection: Connection, record: str) -> int:
    """How many rows a record has."""
    return connection.execute(select(func.count()).select_from(table_of(record)).where(*there(record))).scalar() or 0


def count_scope(connection: Connection, scope: str) -> int:
    """How many rows of all records belong to a path or lie below it."""
    total = 0
    for record in BY_NAME:
        table = table_of(record)
        inside = or_(table.c.scope == scope, func.substr(table.c.scope, 1, len(scope) + 1) == scope + "/")
        total += connection.execute(select(func.count()).select_from(table).where(inside)).scalar() or 0
    return total
