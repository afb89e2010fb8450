"""Real nodes for the tests: an office and its grids, each with its own SQLite file (or PostgreSQL database) and its own session."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from gridapp.records import RECORDS, new_id
from gridapp.records.base import metadata
from gridapp.sync import bundle, capture, digest, link, trust
from gridapp.sync import tables as sync_tables
from gridapp.sync.schema import Schema, current
from gridapp.sync.session import Session
from gridapp.sync.sql import rows, run, run_many

TABLES = [record.__table__ for record in RECORDS] + list(sync_tables.SYNC_TABLES)
OFFICE, ONE, TWO = "office", "office/g001", "office/g002"


def sqlite_engine(path: Path) -> Engine:
    """A fast engine for tests: the store's settings but for safety against power cuts."""
    from sqlcipher3 import dbapi2

    def creator() -> Any:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        for pragma in ("foreign_keys=ON", "recursive_triggers=ON", "synchronous=OFF", "journal_mode=MEMORY", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        return connection

    engine = create_engine("sqlite://", module=dbapi2, creator=creator, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


class Node:
    """One seat: an engine and a session that is drawn anew at every reboot."""

    def __init__(self, engine: Engine, path: Path | None = None, schema: Schema | None = None, copied: bool = False) -> None:
        self.engine, self.path = engine, path
        if not copied:
            metadata.create_all(engine, tables=TABLES)
        self.open(schema or current())

    def open(self, schema: Schema) -> None:
        """Start the program of this schema."""
        self.schema = schema
        with self.engine.begin() as connection:
            capture.install(connection, schema)
            self.device = trust.device(connection)
        self.reboot()

    def reboot(self) -> None:
        """A new process: a new session."""
        self.session = Session(self.device, "测试员", "0.1", schema=self.schema)

    def do(self, work: Callable[..., Any], *more: Any) -> Any:
        """Call work(connection, *more) in one transaction that stands."""
        with self.engine.begin() as connection:
            return work(connection, *more)

    def add(self, record: str, scope: str, **values: Any) -> str:
        """Insert a row; gives its id."""
        values = {"id": new_id(), "scope": scope} | values
        self.do(run, f"INSERT INTO {record} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
        return values["id"]

    def edit(self, record: str, row_id: str, **values: Any) -> int:
        """Update a row; gives how many there were."""
        return self.do(run, f"UPDATE {record} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?", [*values.values(), row_id])

    def delete(self, record: str, row_id: str) -> int:
        """Delete a row."""
        return self.do(run, f"DELETE FROM {record} WHERE id = ?", [row_id])

    def value(self, record: str, row_id: str, name: str) -> Any:
        """One value; KeyError when the row is gone."""
        found = self.rows(f"SELECT {name} FROM {record} WHERE id = ?", [row_id])
        if not found:
            raise KeyError(row_id)
        return found[0][0]

    def rows(self, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return [tuple(row) for row in self.do(rows, sql, values)]

    def make(self, to: Node, folder: Path) -> Path:
        """A bundle for another node."""
        return self.do(bundle.make, self.session, to.device, folder).path

    def take(self, path: Path) -> bundle.Taken:
        """Take a bundle in; what both sides then hold must never differ."""
        taken = self.take_anyhow(path)
        assert not taken.differs
        return taken

    def take_anyhow(self, path: Path) -> bundle.Taken:
        """Take a bundle in, whatever it tells."""
        return self.do(bundle.take, self.session, path)

    def unconfirmed(self, to: Node) -> int:
        """What the other may not have."""
        with self.engine.begin() as connection:
            return link.unconfirmed(connection, link.get(connection, to.device), self.schema)

    def digest(self, scope: str = "") -> str:
        """The visible digest."""
        return self.do(digest.digest, scope, self.schema)

    def copy(self, path: Path) -> Node:
        """A byte-identical clone of the disk."""
        assert self.path
        shutil.copyfile(self.path, path)
        return Node(sqlite_engine(path), path, self.schema)


def thorough() -> bool:
    """Whether this is `make faults` (Hypothesis profile long)."""
    from hypothesis import settings

    return bool(settings.default and settings.default.max_examples >= 1000)


def enrol(office: Node, grid: Node, scope: str, label: str = "一网格") -> None:
    """The whole enrolment by files."""
    asked = trust.read_request(grid.do(trust.request, label))
    office.do(trust.enrol, asked, scope)
    answer = office.do(trust.answer, grid.device)
    grid.do(trust.accept, trust.read_answer(answer))


def exchange(grid: Node, office: Node, folder: Path) -> tuple[bundle.Taken, bundle.Taken]:
    """One full trip: up, and back."""
    up = office.take(grid.make(office, folder))
    return up, grid.take(office.make(grid, folder))


def settle(office: Node, grids: list[Node], folder: Path, rounds: int = 4) -> None:
    """Trips until nothing changes."""
    for _ in range(rounds):
        for grid in grids:
            exchange(grid, office, folder)


def residents(count: int, scope: str, start: int = 0) -> list[dict[str, Any]]:
    """Synthetic residents, no household."""
    return [
        {"id": f"{n:032x}", "scope": scope, "name": f"测试{n}", "sex": "1", "birth_year": 1950 + n % 60, "phone": f"161{n:08d}", "status": "here"}
        for n in range(start, start + count)
    ]


def fill(node: Node, made: list[dict[str, Any]], record: str = "resident") -> None:
    """Insert many rows at once."""

    def insert(connection: Connection) -> None:
        names = list(made[0])
        statement = f"INSERT INTO {record} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        run_many(connection, statement, [tuple(row.values()) for row in made])

    node.do(insert)


def state(node: Node, scope: str = "") -> dict[str, Any]:
    """Everything that must be equal on nodes that have exchanged all: rows with their contexts, losers, archive, parked rows, unknown fields."""
    from gridapp.sync.rows import load

    found: dict[str, Any] = {}
    with node.engine.begin() as connection:
        for shape in node.schema.shapes:
            keys = [pk for (pk,) in rows(connection, f"SELECT id FROM {shape.name}")]
            keys += [pk for (pk,) in rows(connection, "SELECT pk FROM sync_parked WHERE tbl = ?", [shape.number])]
            for pk, row in load(connection, shape.number, shape, keys).items():
                if str(row.values.get(61) or "").startswith(scope) and row.stamp:
                    whole = row.state()
                    fields = {number: dict(sorted(dots.items())) for number, dots in whole.fields.items()}
                    visible = {number: value for number, value in row.values.items() if value is not None}
                    found[f"{shape.name}/{pk}"] = (row.parked, visible, whole.context, fields)
        names = "id, tbl, pk, fld, scope, val"
        found["archive"] = sorted(row for row in map(tuple, rows(connection, f"SELECT {names} FROM sync_conflict")) if row[4].startswith(scope))
    return found

