"""Disks' contents from one engine to the other: a node of a history may stand on PostgreSQL, be copied to a file, and go on from there."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine

from gridapp.records.base import metadata
from gridapp.sync import parking
from gridapp.sync import tables as sync_tables
from gridapp.sync.sql import is_pg, one, rows, run, run_many
from tests.sync.nodes import TABLES, Node, sqlite_engine

COUNTED = (sync_tables.log, sync_tables.taken)


def contents(node: Node) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table.name: sorted(node.rows(f"SELECT {', '.join(table.c.keys())} FROM {table.name}"), key=repr) for table in TABLES}


def picture(node: Node, path: Path) -> Path:
    """The node's disk as a SQLite file."""
    if node.path:
        shutil.copyfile(node.path, path)
        return path
    path.unlink(missing_ok=True)
    engine = sqlite_engine(path)
    metadata.create_all(engine, tables=TABLES)
    _pour(node, engine)
    engine.dispose()
    return path


def on_postgresql(node: Node, engine: Engine) -> Node:
    """The same node, going on upon an engine of `new_schema`."""
    _pour(node, engine)
    return Node(engine, None, node.schema, copied=True)


def new_schema(url: str, name: str) -> Engine:
    """An engine on a PostgreSQL schema of its own with all tables, emptied again for every node that moves there."""
    admin = create_engine(url)
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    admin.dispose()
    engine = create_engine(url, connect_args={"options": f"-csearch_path={name}"}, hide_parameters=True)
    metadata.create_all(engine, tables=TABLES)
    return engine


def _pour(node: Node, engine: Engine) -> None:
    found = contents(node)
    with engine.begin() as connection:
        _drop_triggers(connection)
        parking.defer(connection)
        for table in reversed(TABLES):
            run(connection, f"DELETE FROM {table.name}")
        for table in TABLES:
            run_many(connection, f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.c))})", found[table.name])
        for table in COUNTED if is_pg(connection) else ():
            last = one(connection, f"SELECT max(n) FROM {table.name}") or 0
            run(connection, f"SELECT setval(pg_get_serial_sequence('{table.name}', 'n'), ?, ?)", [max(last, 1), last > 0])


def _drop_triggers(connection: Connection) -> None:
    """The node's program makes its own when it is opened."""
    if is_pg(connection):
        here = "tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
        standing = "SELECT tgname::text, tgrelid::regclass::text FROM pg_trigger WHERE starts_with(tgname::text, 'sync_')"
        for name, table in rows(connection, f"{standing} AND {here}"):
            run(connection, f"DROP TRIGGER {name} ON {table}")
