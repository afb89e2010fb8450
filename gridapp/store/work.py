"""One Work is one transaction: what it changed is kept only when asked, and every row's state before is remembered so that it can be undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, delete, insert, select, update

from gridapp.records import BY_NAME, every_column, new_id
from gridapp.store import tables
from gridapp.store.clock import now_text

CHUNK = 2000
WRITER = 0x67726964  # the advisory lock of whoever writes
PLAIN = json.JSONEncoder(ensure_ascii=False)


class Work:
    """The open transaction: insert, change, remove and read rows by the record's name; values are as stored."""

    def __init__(self, connection: Connection, title: str = "") -> None:
        self.connection, self.title = connection, title
        self.changed: set[str] = set()
        self.kept = False
        self.batch_id = new_id()
        self._steps: list[dict[str, Any]] = []

    def keep(self) -> None:
        """Let the transaction stand when it is left."""
        self.kept = True

    def get(self, record: str, row_id: str) -> dict[str, Any] | None:
        """One row as a dict, or None."""
        table = table_of(record)
        found = self.connection.execute(select(table).where(table.c.id == row_id)).mappings().first()
        return dict(found) if found else None

    def insert(self, record: str, rows: Sequence[dict[str, Any]]) -> list[str]:
        """Insert rows (given ids where they lack one), in chunks; gives the ids."""
        names = ["id", "scope", *(each.name for each in every_column(BY_NAME[record]))]
        full = [{name: row.get(name) for name in names} | {"id": row.get("id") or new_id(), "scope": row.get("scope") or ""} for row in rows]
        insert_many(self.connection, table_of(record), full)
        self._remember(record, ((row["id"], None, row) for row in full))
        return [row["id"] for row in full]

    def change(self, record: str, row_id: str, values: dict[str, Any]) -> bool:
        """Write the values that differ; False when the row is gone or nothing differs."""
        before = self.get(record, row_id)
        changes = {name: value for name, value in values.items() if before is not None and before.get(name) != value}
        if before is None or not changes:
            return False
        table = table_of(record)
        self.connection.execute(update(table).where(table.c.id == row_id).values(changes))
        self._remember(record, [(row_id, {name: before[name] for name in changes}, changes)])
        return True

    def change_many(self, record: str, changes: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> int:
        """Write many rows' new values, each given as (row before, values that differ); updates are grouped by the fields they touch."""
        groups: dict[tuple[str, ...], list[tuple[dict[str, Any], dict[str, Any]]]] = {}
        for before, values in changes:
            groups.setdefault(tuple(sorted(values)), []).append((before, values))
        table = table_of(record)
        for names, members in groups.items():
            statement = update(table).where(table.c.id == bindparam("row_key")).values({name: bindparam(f"new_{name}") for name in names})
            rows = [{"row_key": before["id"], **{f"new_{name}": values[name] for name in names}} for before, values in members]
            for start in range(0, len(rows), CHUNK):
                self.connection.execute(statement, rows[start : start + CHUNK])
            self._remember(record, ((before["id"], {name: before[name] for name in names}, values) for before, values in members))
        return len(changes)

    def remove(self, record: str, row_id: str) -> bool:
        """Delete a row; its values stay with the undo step."""
        before = self.get(record, row_id)
        if before is None:
            return False
        table = table_of(record)
        self.connection.execute(delete(table).where(table.c.id == row_id))
        self._remember(record, [(row_id, _business(record, before), None)])
        return True

    def _remember(self, record: str, steps: Iterable[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]) -> None:
        self.changed.add(record)
        for row_id, before, after in steps:
            self._steps.append({"batch_id": self.batch_id, "record": record, "row_id": row_id, "before": _dump(before), "after": _dump(after)})

    def move_scope(self, old: str, new: str) -> None:
        """Give every row of one path another; not undone with the rest."""
        for record in BY_NAME:
            table = table_of(record)
            self.connection.execute(update(table).where(table.c.scope == old).values(scope=new))

    def forget_steps(self) -> None:
        """Leave no undo batch behind (an undo is not itself undone)."""
        self._steps.clear()

    def write_steps(self) -> None:
        """Write the undo steps; called once when the work is kept."""
        if not self._steps:
            return
        self.connection.execute(
            insert(tables.batch).values(id=self.batch_id, title=self.title or "修改", made_at=now_text())
        )
        insert_many(self.connection, tables.step, self._steps)
        self._steps.clear()


def table_of(record: str) -> Table:
    """The table of a record by its name."""
    return BY_NAME[record].__table__  # type: ignore[attr-defined]


def insert_many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all name the same columns, through the driver: SQLAlchemy's own handling of each row costs as much as the insert itself."""
    if not rows:
        return
    names, quote = list(rows[0]), connection.dialect.identifier_preparer.quote
    marks = ", ".join(["?" if connection.dialect.name == "sqlite" else "%s"] * len(names))
    sql = f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))}) VALUES ({marks})"
    for start in range(0, len(rows), CHUNK):
        connection.exec_driver_sql(sql, [tuple(row[name] for name in names) for row in rows[start : start + CHUNK]])


def _business(record: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "scope", *(each.name for each in every_column(BY_NAME[record])))}


def _dump(values: dict[str, Any] | None) -> str | None:
    return None if values is None else PLAIN.encode(values)


@contextmanager
def work(engine: Engine, title: str = "") -> Iterator[Work]:
    """A transaction that rolls back unless `keep()` was called; what was kept becomes one undoable batch."""
    with engine.connect() as connection, connection.begin() as transaction:
        _queue_up(connection)
        current = Work(connection, title)
        yield current
        if current.kept:
            current.write_steps()
            transaction.commit()
        else:
            transaction.rollback()


def _queue_up(connection: Connection) -> None:
    """One writer at a time, as on SQLite (BEGIN IMMEDIATE): on PostgreSQL an office's processes wait for one another here, never for a row."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading: sees one consistent state, writes nothing."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()
