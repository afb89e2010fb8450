"""Bringing a store up to the program: numbered Alembic migrations, a copy made first, a newer store refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text

from gridapp.records.base import metadata
from gridapp.rules.reading import Trouble

FOLDER = Path(__file__).parent / "migrations"


__all__ = ["generate", "head", "metadata", "upgrade", "version"]


def head() -> str:
    """The newest migration this program knows: its four-digit number."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def version(connection: Connection) -> str | None:
    """The migration the store stands at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, copy_first: Callable[[str], Any] | None = None) -> bool:
    """Run what is missing, in one transaction; True when anything ran. Raises Trouble for a store newer than the program."""
    with engine.connect().execution_options(reading=True) as connection, connection.begin():
        standing = version(connection)
    if standing == head():
        return False
    if standing is not None and standing > head():
        raise Trouble("这份数据由更新版本的程序建立，为免损坏没有打开。请先升级程序。", "newer_store")
    if standing is not None and copy_first:
        copy_first(f"before-{head()}")
    with engine.begin() as connection:
        _run(connection)
    return True


def _run(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_config(connection), "head")


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def generate(message: str) -> str:
    """Write the next numbered migration: the difference between the declared records and an empty store brought to head. For developers."""
    from alembic import command

    number = f"{int(head()) + 1:04d}" if any((FOLDER / "versions").glob("[0-9]*.py")) else "0001"
    with create_engine("sqlite://").begin() as connection:
        if number != "0001":
            _run(connection)
        script = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    return str(script.path)  # type: ignore[union-attr]
