"""A thin way to the driver: '?' placeholders on both engines, whole lists at once, errors still wrapped by SQLAlchemy."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Rows = Sequence[tuple[Any, ...]]


def is_pg(connection: Connection) -> bool:
    """Whether this is PostgreSQL (else SQLite)."""
    return connection.dialect.name == "postgresql"


def _spell(connection: Connection, sql: str) -> str:
    return sql.replace("?", "%s") if is_pg(connection) else sql


@contextmanager
def _cursor(connection: Connection, sql: str) -> Iterator[Any]:
    """The driver's own cursor: the many small statements of a merge cost half as much without result objects around them."""
    dbapi: Any = connection.dialect.dbapi
    cursor = connection.connection.cursor()
    try:
        yield cursor
    except dbapi.Error as error:
        raise DBAPIError.instance(sql, None, error, dbapi.Error, hide_parameters=True, dialect=connection.dialect) from error
    finally:
        cursor.close()


def run(connection: Connection, sql: str, values: Sequence[Any] = ()) -> int:
    """Execute; gives the number of rows touched."""
    with _cursor(connection, sql) as cursor:
        cursor.execute(_spell(connection, sql), tuple(values))
        return cursor.rowcount


def run_many(connection: Connection, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """Execute once per row (tuples)."""
    if rows:
        with _cursor(connection, sql) as cursor:
            cursor.executemany(_spell(connection, sql), rows)


def copy_in(connection: Connection, table: str, names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """PostgreSQL: COPY rows into a table; its errors come wrapped like all others."""
    statement = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    with _cursor(connection, statement) as cursor, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def rows(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Rows:
    """All rows as tuples."""
    with _cursor(connection, sql) as cursor:
        cursor.execute(_spell(connection, sql), tuple(values))
        return cursor.fetchall()


def one(connection: Connection, sql: str, values: Sequence[Any] = ()) -> Any:
    """The first column of the first row, or None."""
    found = rows(connection, sql, values)
    return found[0][0] if found else None


def stream(connection: Connection, sql: str, values: Sequence[Any], size: int) -> Iterator[Rows]:
    """Rows in lists of at most `size`, without holding them all."""
    result = connection.exec_driver_sql(_spell(connection, sql), tuple(values) or None, execution_options={"stream_results": True})
    try:
        yield from result.partitions(size)
    finally:
        result.close()


def among(connection: Connection, column: str, keys: Sequence[Any]) -> tuple[str, Any]:
    """`column` is one of keys: the condition and its one value, whatever the number of keys."""
    if is_pg(connection):
        return f"{column} = ANY(?)", list(keys)
    return f"{column} IN (SELECT value FROM json_each(?))", json.dumps(list(keys))


def under(column: str, scope: str) -> tuple[str, list[Any]]:
    """`column` is the scope path or lies below it; a condition that needs no collation. Every row when scope is ''."""
    if not scope:
        return "1=1", []
    return f"({column} = ? OR substr({column}, 1, {len(scope) + 1}) = ?)", [scope, scope + "/"]


def reach(column: str, scope: str) -> tuple[str, list[Any]]:
    """`column` lies on, below or above the scope path: what a node of that path holds of a table whose rows go to all below."""
    names = scope.split("/")
    above = ["/".join(names[:count]) for count in range(1, len(names))]
    condition, values = under(column, scope)
    return (f"({condition} OR {column} IN ({', '.join('?' * len(above))}))", [*values, *above]) if above else (condition, values)


def insert_or_ignore(table: str, names: Sequence[str]) -> str:
    """An INSERT that leaves an existing row alone (same words on both engines)."""
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) ON CONFLICT DO NOTHING"


def get_meta(connection: Connection, key: str) -> str | None:
    """A value of this node's own settings."""
    return one(connection, "SELECT value FROM sync_meta WHERE key = ?", [key])


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Write a value of this node's own settings."""
    run(connection, "INSERT INTO sync_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", [key, value])


def next_tick(connection: Connection) -> int:
    """The next arrival number of this node."""
    counted = "INSERT INTO sync_meta (key, value) VALUES ('tick', '1') ON CONFLICT (key) DO UPDATE SET value = "
    return int(one(connection, counted + "CAST(CAST(sync_meta.value AS BIGINT) + 1 AS TEXT) RETURNING value"))
