"""The file on disk: encrypted, set up as reliability.md asks, refused when it is not whole, not ours, or not for this program."""
from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from gridapp.desk import open_desk
from gridapp.rules.reading import Trouble
from gridapp.store import backup, keys
from gridapp.store import engine as engines
from tests.conftest import PASSWORD
from tests.store.rows import NAME, home


def planted(desk: Any) -> Path:
    """A desk's folder after a name was written and everything is in the file."""
    with desk.store.work() as work:
        building, homes = home(work)
        work.insert("resident", [{"name": NAME, "household_id": homes[0], "status": "here"} for _ in range(50)])
        work.keep()
    desk.close()
    return desk.folder


def test_a_planted_name_stands_nowhere_in_the_folder(file_desk: Any) -> None:
    folder = planted(file_desk)
    spellings = [NAME.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gbk")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder / backup.STORE in files
    assert not [path for path in files for spelled in spellings if spelled in path.read_bytes()]


def test_the_same_search_finds_the_name_in_a_plain_file(tmp_path: Path) -> None:
    """The control: an unencrypted file would have been caught."""
    plain = sqlite3.connect(tmp_path / "plain.db")
    with plain:
        plain.execute("CREATE TABLE t (name TEXT)")
        plain.execute("INSERT INTO t VALUES (?)", [NAME])
    plain.close()
    assert NAME.encode() in (tmp_path / "plain.db").read_bytes()


def test_an_open_store_shows_its_key_to_nobody(file_desk: Any) -> None:
    assert len(file_desk.store.key) == 96
    assert file_desk.store.key not in f"{file_desk!r} {file_desk.store!r}"


def test_plain_sqlite_cannot_open_it(file_desk: Any) -> None:
    folder = planted(file_desk)
    plain = sqlite3.connect(folder / backup.STORE)
    with pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT count(*) FROM sqlite_master")
    plain.close()


def test_a_wrong_key_opens_nothing(file_desk: Any) -> None:
    folder = planted(file_desk)
    with pytest.raises(Trouble) as caught:
        engines.open_sqlite(folder / backup.STORE, "0" * 96)
    assert caught.value.code == "damaged_store"


def test_keys_of_another_store_open_nothing(file_desk: Any, new_desk: Any) -> None:
    folder = planted(file_desk)
    other = planted(new_desk(name="other"))
    (folder / backup.KEYS).write_bytes((other / backup.KEYS).read_bytes())
    with pytest.raises(Trouble) as caught:
        open_desk(folder, PASSWORD)
    assert caught.value.code == "damaged_store"


def test_every_damaged_page_is_noticed(file_desk: Any) -> None:
    """Bit rot anywhere: reading the store or its check fails, it never yields other data."""
    folder = planted(file_desk)
    path = folder / backup.STORE
    whole, key, chance = path.read_bytes(), keys.unlock(folder / backup.KEYS, PASSWORD), random.Random(3)
    for _ in range(60):
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        assert unwell(path, key), at
    path.write_bytes(whole)
    assert not unwell(path, key)


def unwell(path: Path, key: str) -> bool:
    """Whether opening the store, or SQLCipher's check of every page, finds fault."""
    try:
        opened = engines.open_sqlite(path, key)
    except Trouble:
        return True
    try:
        with opened.connect() as connection:
            return bool(connection.exec_driver_sql("PRAGMA cipher_integrity_check").all())
    finally:
        opened.dispose()


@pytest.mark.parametrize("size", [0, 100, 4096, 20_000])
def test_a_truncated_file_is_refused(file_desk: Any, size: int) -> None:
    folder = planted(file_desk)
    path = folder / backup.STORE
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(Trouble) as caught:
        open_desk(folder, PASSWORD)
    assert "备份" in caught.value.text


def test_foreign_bytes_are_refused(file_desk: Any) -> None:
    folder = planted(file_desk)
    (folder / backup.STORE).write_bytes(random.Random(1).randbytes(50_000))
    with pytest.raises(Trouble) as caught:
        open_desk(folder, PASSWORD)
    assert caught.value.code == "damaged_store"


@pytest.mark.parametrize("missing", [backup.STORE, backup.KEYS])
def test_half_a_store_is_not_a_store(file_desk: Any, missing: str) -> None:
    folder = planted(file_desk)
    (folder / missing).unlink()
    with pytest.raises(Trouble) as caught:
        open_desk(folder, PASSWORD)
    assert "备份" in caught.value.text and caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("temp_store", 2),
        ("busy_timeout", 10000),
    ],
)
def test_settings(file_desk: Any, pragma: str, expected: Any) -> None:
    with file_desk.store.reading() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == expected


def test_an_old_sqlite_is_refused(file_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlcipher3.dbapi2

    file_desk.close()
    monkeypatch.setattr(sqlcipher3.dbapi2, "sqlite_version_info", (3, 51, 2))
    with pytest.raises(Trouble) as caught:
        open_desk(file_desk.folder, PASSWORD)
    assert caught.value.code == "old_sqlite"


def test_this_sqlite_is_new_enough() -> None:
    from sqlcipher3 import dbapi2

    assert tuple(dbapi2.sqlite_version_info) >= engines.SQLITE_LEAST


def test_errors_name_no_values(store_engine: Any) -> None:
    """hide_parameters: an ID number must not reach a log by way of an exception."""
    with store_engine.connect() as connection, pytest.raises(DatabaseError) as caught:
        connection.execute(text("INSERT INTO resident (id, name, no_such) VALUES ('1', :name, 2)"), {"name": NAME})
    assert NAME not in str(caught.value) and NAME not in repr(caught.value)


def test_columns_are_strict(store_engine: Any) -> None:
    """A text never slips into a number's column, on either engine."""
    with store_engine.connect() as connection, pytest.raises(DatabaseError):
        connection.execute(text("INSERT INTO household (id, scope, resident_count) VALUES ('1', '', 'four')"))


def test_no_connection_is_a_sentence() -> None:
    with pytest.raises(Trouble) as caught:
        engines.open_url("postgresql://nobody@127.0.0.1:9/none")
    assert caught.value.code == "no_database"
