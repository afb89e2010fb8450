"""The exchange's speed against raw SQL of the same rows in the same run: `python -m tests.sync.bulk [rows]`, or `measure` for others."""
from __future__ import annotations

import io
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import Column, Engine, Index, MetaData, Table, Text

from gridapp.records.base import Whole
from gridapp.store.engine import open_sqlite, open_url
from gridapp.sync import capture, envelope, trust
from gridapp.sync.schema import Field, Schema, Shape
from gridapp.sync.sql import copy_in
from gridapp.sync.stamping import stamp_edits
from tests.sync.nodes import ONE, Node, enrol, sqlite_engine

FIELDS = (
    *("name", "sex", "birth_year", "id_no", "phone", "relation", "education", "nation", "join_date", "regular_date", "member_type"),
    *("party_post", "is_flow", "party_group", "address", "household_id", "building_id", "status", "work_place", "skill", "emergency", "notes"),
)
WHOLE = {"birth_year", "is_flow"}
NAMES = ("id", "scope", *FIELDS)
Row = tuple[Any, ...]
bench = MetaData()
Person = Table(
    "person",
    bench,
    Column("id", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("sync_arrival", Whole, nullable=False, server_default="0"),
    Column("sync_stamp", Text),
    *(Column(name, Whole if name in WHOLE else Text) for name in FIELDS),
    sqlite_strict=True,
)
for indexed in ("name", "phone", "household_id"):
    Index(f"ix_person_{indexed}", Person.c[indexed])
Index("ix_person_arrival", Person.c.sync_arrival, sqlite_where=Person.c.sync_arrival > 0, postgresql_where=Person.c.sync_arrival > 0)
TRAVELS = [Field(n + 1, name, "", name not in WHOLE) for n, name in enumerate(FIELDS)]
SCHEMA = Schema((Shape(1, "person", (*TRAVELS, Field(61, "scope", "office_wins"))),))


def people(count: int) -> list[Row]:
    """Synthetic party members of 22 columns, as they are inserted (NAMES)."""
    draw = random.Random(count)
    surnames, given = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华"
    stamp = 0x019A00000000_7000_8000_000000000000
    made = []
    for n in range(count):
        pk = f"{stamp + (n // 40 << 80) + draw.getrandbits(62):032x}"
        name, year = draw.choice(surnames) + "".join(draw.choices(given, k=draw.randint(1, 2))), draw.randint(1935, 2005)
        home = f"{draw.randrange(count // 3 + 1):032x}"
        made.append((
            pk, ONE, name, draw.choice("12"), year, f"990101{year}{draw.randrange(10**8):08d}",
            f"161{draw.randrange(10**8):08d}", draw.choice(("self", "spouse", "child", "parent")), draw.choice(("10", "20", "60", "90")), "01",
            f"{year + 25}-07-01", f"{year + 26}-07-01",
            "formal", draw.choice((None, None, None, "组长")), draw.choice((0, 0, 1)), f"第{n % 5 + 1}党小组",
            f"测试路{draw.randrange(99)}号{draw.randrange(30)}栋{draw.randrange(6)}单元{draw.randrange(2000)}室", home, home[:31] + "b", "here",
            draw.choice((None, "测试机械厂", "测试小学")), None, None, draw.choice((None, None, "腿脚不便，希望电话联系后再上门")),
        ))  # fmt: skip
    return made


def timed(work: Callable[[], Any]) -> float:
    """Wall seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


INSERT = f"INSERT INTO person ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"
UPDATE = "UPDATE person SET phone = ?, notes = ? WHERE id = ?"


def _engine(path: Path, encrypted: bool = True) -> Engine:
    """The store's engine, or the same without encryption."""
    if encrypted:
        engine = open_sqlite(path, "ab" * 48)
    else:
        engine = sqlite_engine(path)
        with engine.connect() as connection:
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                connection.connection.execute(f"PRAGMA {pragma}").fetchall()  # type: ignore[attr-defined]
    bench.create_all(engine)
    return engine


def _node(folder: Path, name: str, encrypted: bool = True) -> Node:
    return Node(_engine(folder / name, encrypted), folder / name, SCHEMA)


def seats(folder: Path, encrypted: bool = True) -> tuple[Node, Node]:
    """A grid and its office, empty."""
    grid, office = _node(folder, "grid.db", encrypted), _node(folder, "office.db", encrypted)
    office.do(trust.found_office, "测试社区", "office")
    enrol(office, grid, ONE)
    return grid, office


def edits_of(rows: list[Row]) -> list[Row]:
    """Two fields of each row written anew (see UPDATE)."""
    return [(f"161{n + 5:08d}", "已改", row[0]) for n, row in enumerate(rows)]


def _many(engine: Engine, sql: str, values: list[Any]) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(sql, values)


def measure(folder: Path, count: int = 100_000, encrypted: bool = True) -> dict[str, float]:
    """Seconds of each step for `count` rows, encrypted SQLite as in the store; raw_* are the floors (no triggers, no exchange)."""
    found: dict[str, float] = {}
    rows = people(count)
    edits, plain = edits_of(rows), _engine(folder / "plain.db", encrypted)
    grid, office = seats(folder, encrypted)
    found["raw insert"] = timed(lambda: _many(plain, INSERT, rows))
    found["count"] = timed(lambda: plain.connect().exec_driver_sql("SELECT count(*) FROM person WHERE id > ''").fetchall())
    found["capture insert"] = timed(lambda: _many(grid.engine, INSERT, rows))
    found["unconfirmed unstamped"] = timed(lambda: grid.unconfirmed(office))
    found["stamp new"] = timed(lambda: grid.do(stamp_edits, grid.session))
    made: list[Path] = []
    found["export new"] = timed(lambda: made.append(grid.make(office, folder)))
    found["merge new"] = timed(lambda: office.take(made[0]))
    found["wrapping"] = wrapping(office, made[0])
    found["replay"] = timed(lambda: office.take(made[0]))
    found["unconfirmed stamped"] = timed(lambda: grid.unconfirmed(office))
    found["digest"] = timed(lambda: office.digest(ONE))
    grid.take(office.make(grid, folder))
    found["unconfirmed none"] = timed(lambda: grid.unconfirmed(office))
    found["raw update"] = timed(lambda: _many(plain, UPDATE, edits))
    found["capture update"] = timed(lambda: _many(grid.engine, UPDATE, edits))
    found["stamp updates"] = timed(lambda: grid.do(stamp_edits, grid.session))
    found["export updates"] = timed(lambda: made.append(grid.make(office, folder)))
    found["merge updates"] = timed(lambda: office.take(made[1]))
    grid.take(office.make(grid, folder))
    _many(office.engine, "UPDATE person SET relation = ? WHERE id = ?", [("spouse", row[0]) for row in rows])
    _many(grid.engine, UPDATE, [(f"161{n:08d}", "又改", row[0]) for n, row in enumerate(rows)])
    _many(grid.engine, "UPDATE person SET relation = ? WHERE id = ?", [("other", row[0]) for row in rows[::20]])
    made.append(grid.make(office, folder))
    office.do(stamp_edits, office.session)
    found["merge concurrent"] = timed(lambda: office.take(made[2]))
    found["bytes per record"] = made[0].stat().st_size / count
    with grid.engine.begin() as connection:
        capture.check(connection, SCHEMA)
    return found


def wrapping(node: Node, path: Path) -> float:
    """Seconds that sealing, packing, unpacking and opening take of a bundle's making and merging: each is done again, alone."""
    keys = node.do(trust.own_keys)
    with open(path, "rb") as stream:
        start = time.perf_counter()
        sealed = envelope.verify(stream, "bundle")
        pieces = list(envelope.decrypt(stream, sealed, envelope.open_for(sealed, node.device, keys)))
        plain = zstandard.ZstdDecompressor().decompressobj().decompress(b"".join(pieces))
        press = zstandard.ZstdCompressor(level=3).compressobj()
        again = [press.compress(plain), press.flush()]
        to = envelope.Recipient(node.device, "", keys.box_public)
        envelope.write_bundle(io.BytesIO(), {}, [to], keys, again, lambda: len(plain))
        return time.perf_counter() - start


def copied(url: str, rows: list[Row]) -> float:
    """Seconds of COPY of the rows into a fresh table with its indexes (the database is emptied first, and empty afterwards)."""
    engine = open_url(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    bench.create_all(engine)
    with engine.begin() as connection:
        seconds = timed(lambda: copy_in(connection, "person", NAMES, rows))
    with engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE person")
    engine.dispose()
    return seconds


def pg_office(url: str) -> Node:
    """An office on the emptied database."""
    office = Node(open_url(url), None, SCHEMA)
    office.do(trust.found_office, "测试社区", "office")
    return office


def measure_pg(folder: Path, url: str, count: int = 50_000) -> dict[str, float]:
    """Seconds of a PostgreSQL office's merges beside COPY of the same rows into the same indexed table."""
    rows = people(count)
    found = {"copy": copied(url, rows)}
    office, grid = pg_office(url), _node(folder, "grid.db")
    enrol(office, grid, ONE)
    _many(grid.engine, INSERT, rows)
    path = grid.make(office, folder)
    found["merge new"] = timed(lambda: office.take(path))
    grid.take(office.make(grid, folder))
    _many(grid.engine, UPDATE, edits_of(rows))
    path = grid.make(office, folder)
    found["merge updates"] = timed(lambda: office.take(path))
    found["replay"] = timed(lambda: office.take(path))
    office.engine.dispose()
    return found


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        result = measure(Path(place), number)
    for title, seconds in result.items():
        floor = result["raw update" if title == "capture update" else "raw insert"]
        print(f"{title:18} {seconds:8.3f}" + ("" if title == "bytes per record" else f"   x{seconds / floor:.2f}"))
