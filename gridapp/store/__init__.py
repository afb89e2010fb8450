"""The file on disk: an encrypted store (or an office's PostgreSQL), opened by password, changed one Work at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from gridapp.rules.reading import Trouble
from gridapp.store import backup, keys
from gridapp.store import engine as engines
from gridapp.store.work import Work, reading, work

__all__ = ["Connection", "InUse", "Store", "Work", "create", "open_store"]

URL_FILE = "database.url"


class InUse(Trouble):
    """Another program has the store open."""

    exit_code = 11


@dataclass
class Store:
    """An open store: its folder (keys, lock, backups), its engine, and the raw key while unlocked."""

    folder: Path
    engine: Engine
    key: str = field(repr=False)
    lock: Any = field(default=None, repr=False)

    @property
    def is_file(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def work(self, title: str = "") -> Iterator[Work]:
        """One transaction; see store.work. A full disk or a locked file becomes Trouble, with nothing half written."""
        with sentences(), work(self.engine, title) as current:
            yield current

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads."""
        with sentences(), reading(self.engine) as connection:
            yield connection

    def back_up(self, out: Path) -> Path:
        """Write a backup file (encrypted store and key file)."""
        if not self.is_file:
            raise Trouble("中心数据库请用数据库自带的备份工具备份。", "not_a_file")
        return backup.write(self.folder, self.key, out)

    def close(self) -> None:
        """Let go of the file and forget the key."""
        self.engine.dispose()
        self.key = ""
        if self.lock:
            self.lock.release()


@contextmanager
def sentences() -> Iterator[None]:
    """What the world does to the database inside comes out as Trouble; our own bugs as they are."""
    try:
        yield
    except DatabaseError as error:
        if trouble := trouble_of(error):
            raise trouble from error
        raise


def trouble_of(error: DatabaseError) -> Trouble | None:
    """The sentence for what the world did to the database; None when it is a bug of ours."""
    said = str(error.orig).lower() if error.orig else ""
    if "full" in said:
        return Trouble("磁盘已满，这一步没有保存，原有数据完好。请腾出空间后再试。", "disk_full")
    if "readonly" in said or "read-only" in said:
        return Trouble("数据所在的磁盘是只读的，没有保存。请检查磁盘后再试。", "read_only")
    if "locked" in said or "busy" in said:
        return Trouble("数据正被另一个程序使用。请先关闭另一个程序再试。", "busy")
    if "malformed" in said or "not a database" in said or "disk i/o" in said:
        return Trouble("读写数据文件出错，这一步没有保存。请关闭程序再打开一次；仍不行，请从最近的备份恢复。", "damaged_store")
    if isinstance(error, OperationalError) and "connection" in said:
        return Trouble("与中心数据库的连接断了，这一步没有保存。请检查后再试。", "no_database")
    return None


def take_lock(folder: Path) -> Any:
    """Hold the folder for this process; raises InUse when another one has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / "store.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InUse("数据已被另一个窗口或程序打开。请先关闭它再试。", "in_use") from error
    return lock


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else has the folder's store open meanwhile; raises InUse. A folder that is not there is nobody's."""
    lock = take_lock(folder) if folder.exists() else None
    try:
        yield
    finally:
        if lock:
            lock.release()


def exists(folder: Path) -> bool:
    """Whether a store was ever made in the folder."""
    return (folder / backup.KEYS).exists() or (folder / backup.STORE).exists()


def create(folder: Path, password: str, cost: keys.Cost | None = None, url: str = "") -> str:
    """Make the keys of a new store (SQLite, or PostgreSQL at `url`) and give the recovery code to print. Raises Trouble when one is there."""
    if exists(folder):
        raise Trouble("这里已经有数据了，没有覆盖。请换一个文件夹，或直接打开。", "store_exists")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if url:
            (folder / URL_FILE).touch(0o600)  # the address may hold the database's password
            # It names the database's password: nobody else on this machine is to read it.
            (folder / URL_FILE).touch(0o600)
            (folder / URL_FILE).write_text(url, "utf-8")
        key, code = keys.create(folder / backup.KEYS, password, cost)
        if not url:
            engines.open_sqlite(folder / backup.STORE, key).dispose()
    except OSError as error:
        raise Trouble("这里写不进去，数据没有建立。请检查文件夹的权限和磁盘空间，或换一个文件夹。", "cannot_write") from error
    return code


def discard(folder: Path) -> None:
    """Take away a store whose making failed, so that it can be made anew."""
    for name in (backup.KEYS, backup.STORE, f"{backup.STORE}-wal", f"{backup.STORE}-shm", URL_FILE):
        (folder / name).unlink(missing_ok=True)


def _holds_something(path: Path) -> bool:
    """SQLite takes an emptied file for a new database."""
    return path.exists() and path.stat().st_size > 0


def open_store(folder: Path, secret: str) -> Store:
    """Open by password or recovery code. Raises NoStore, WrongPassword, InUse, or Trouble for a damaged or newer store."""
    if not (folder / backup.KEYS).exists() and (folder / backup.STORE).exists():
        raise Trouble("密钥文件不见了，打不开数据。请从备份恢复。", "damaged_key")
    keys.load(folder / backup.KEYS)
    url = folder / URL_FILE
    if not url.exists() and not _holds_something(folder / backup.STORE):
        raise Trouble("数据文件不见了，只剩下密钥文件。请从备份恢复。", "missing_store")
    lock = take_lock(folder)
    try:
        key = keys.unlock(folder / backup.KEYS, secret)
        engine = engines.open_url(url.read_text("utf-8").strip()) if url.exists() else engines.open_sqlite(folder / backup.STORE, key)
        return Store(folder, engine, key, lock)
    except BaseException:
        lock.release()
        raise
