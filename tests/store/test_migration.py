"""Migrations: what the records declare is what the store has; a copy comes first; a newer store is left alone."""
from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from gridapp.desk import open_desk
from gridapp.rules.reading import Trouble
from gridapp.store import engine as engines
from gridapp.store import migrate
from gridapp.sync import tables
from tests.conftest import ENGINES, PASSWORD

NEXT = '''
from alembic import op

revision, down_revision = "9001", "{head}"


def upgrade():
    op.execute("CREATE TABLE ninth (n BIGINT)")
    {more}
'''


@pytest.fixture(params=ENGINES)
def empty(request: Any, tmp_path: Path, pg_database: Callable[..., str]) -> Iterator[Any]:
    """An engine on a database without any table."""
    engine = engines.open_sqlite(tmp_path / "empty.db", "0" * 96) if request.param == "sqlite" else engines.open_url(pg_database(empty=True))
    yield engine
    engine.dispose()


def test_migrations_make_what_the_records_declare(empty: Any) -> None:
    assert migrate.upgrade(empty)
    with empty.connect() as connection:
        assert migrate.version(connection) == migrate.head()
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, migrate.metadata) == []
    assert not migrate.upgrade(empty)


def test_storage_classes_are_text_and_whole_numbers(empty: Any) -> None:
    """What triggers, bundles and digests rely on."""
    migrate.upgrade(empty)
    with empty.connect() as connection:
        found = {str(column["type"]) for name in migrate.metadata.tables for column in _columns(connection, name)}
    assert found <= ({"TEXT", "INTEGER", "BLOB"} if empty.dialect.name == "sqlite" else {"TEXT", "BIGINT", "BYTEA"})


def _columns(connection: Any, table: str) -> list[Any]:
    from sqlalchemy import inspect

    return inspect(connection).get_columns(table)


def test_the_exchange_declares_its_tables_with_ours() -> None:
    assert tables.metadata is migrate.metadata


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make the program one migration newer, with more to run after its table."""

    ours, head = migrate.FOLDER, migrate.head()

    def newer(more: str = "pass") -> None:
        folder = tmp_path / f"migrations{len(more)}"
        shutil.copytree(ours, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "9001_next.py").write_text(NEXT.format(head=head, more=more), "utf-8")
        monkeypatch.setattr(migrate, "FOLDER", folder)

    return newer


def test_a_copy_is_made_before_a_migration(file_desk: Any, program: Callable[..., None]) -> None:
    file_desk.close()
    program()
    open_desk(file_desk.folder, PASSWORD).close()
    copies = list((file_desk.folder / "backups").glob("*.gbk"))
    assert [path.name for path in copies] == ["before-9001.gbk"]
    reopened = open_desk(file_desk.folder, PASSWORD)
    with reopened.store.reading() as connection:
        assert migrate.version(connection) == "9001"
        assert connection.execute(text("SELECT count(*) FROM ninth")).scalar() == 0
    reopened.close()


def test_a_migration_that_fails_changes_nothing(desk: Any, program: Callable[..., None]) -> None:
    desk.close()
    program("raise ValueError")
    with pytest.raises(ValueError):
        open_desk(desk.folder, PASSWORD)
    program('op.execute("SELECT count(*) FROM org")')
    reopened = open_desk(desk.folder, PASSWORD)
    with reopened.store.reading() as connection:
        assert migrate.version(connection) == "9001"
        assert connection.execute(text("SELECT count(*) FROM org")).scalar() == 1
    reopened.close()


def test_a_newer_store_is_refused_unchanged(desk: Any) -> None:
    with desk.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    desk.close()
    with pytest.raises(Trouble) as caught:
        open_desk(desk.folder, PASSWORD)
    assert caught.value.code == "newer_store"


def test_the_newest_number_is_the_chain_s_end() -> None:
    """Numbers rise one by one and each follows the one before."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(migrate.FOLDER))
    numbers = [step.revision for step in script.walk_revisions()][::-1]
    assert numbers == [f"{at + 1:04d}" for at in range(len(numbers))] and numbers[-1] == migrate.head()


def test_generating_with_nothing_new_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "FOLDER", folder)
    made = Path(migrate.generate("nothing")).read_text("utf-8")
    assert "op." not in made.split("def upgrade")[1]
