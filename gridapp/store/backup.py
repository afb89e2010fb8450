"""Backups: one file that holds the encrypted store and its key file; made by SQLite's backup call, read back before it counts."""

from __future__ import annotations

import os
import shutil
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from gridapp.rules.reading import Trouble
from gridapp.store import engine as engines
from gridapp.store import keys

STORE, KEYS = "store.db", "key.json"


def copy_store(source: Path, key: str, target: Path) -> None:
    """A consistent encrypted copy of a store that may be in use. Raises OSError where the copy cannot be written."""
    from sqlcipher3 import dbapi2

    try:
        with closing(engines.connect(source, key)) as live, closing(engines.connect(target, key)) as copy:
            live.backup(copy)
            bad = _check(copy)
            if bad and _check(live):
                raise _damaged()
    except dbapi2.OperationalError as error:
        raise OSError(str(error)) from error
    except dbapi2.DatabaseError as error:
        raise _damaged() from error
    if bad:
        raise Trouble("备份后核对没有通过，这份备份不能用。请换一个位置再备份。", "bad_backup")


def _check(connection: Any) -> bool:
    """Whether anything is wrong with a file's pages."""
    from sqlcipher3 import dbapi2

    try:
        return connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
    except dbapi2.DatabaseError:
        return True


def _damaged() -> Trouble:
    return Trouble("数据文件有损坏，没有备份，以前的备份都还在。请从最近的备份恢复。", "damaged_store")


def write(folder: Path, key: str, out: Path) -> Path:
    """Write a backup of the store in `folder` to `out`; nothing but a *.tmp is ever half there. Raises Trouble when the place cannot take it."""
    whole, copy = out.with_name(out.name + ".tmp"), out.with_name(out.name + ".copy.tmp")
    try:
        copy.unlink(missing_ok=True)
        copy_store(folder / STORE, key, copy)
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as box:
            box.write(copy, STORE)
            box.write(folder / KEYS, KEYS)
        with open(whole, "rb+") as file:
            os.fsync(file.fileno())
        _verify(whole)
        os.replace(whole, out)
    except OSError as error:
        raise Trouble("备份没有写成：目标位置写不进去或空间不够。请换一个位置再试，原数据没有变化。", "cannot_write") from error
    finally:
        copy.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)
    return out


def _verify(path: Path) -> None:
    with zipfile.ZipFile(path) as box:
        if box.testzip() is not None or set(box.namelist()) != {STORE, KEYS}:
            raise Trouble("备份后核对没有通过，这份备份不能用。请换一个位置再备份。", "bad_backup")


def restore(backup: Path, folder: Path, secret: str) -> Path | None:
    """Put a backup in place after opening it by password or recovery code; what was there is kept aside. Gives where, or None.

    Raises Trouble when the backup is damaged, WrongPassword when the secret does not open it; the folder is then unchanged.
    """
    fresh = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        _unpack(backup, fresh)
        engines.open_sqlite(fresh / STORE, keys.unlock(fresh / KEYS, secret)).dispose()
        aside = _set_aside(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (STORE, KEYS):
            os.replace(fresh / name, folder / name)
        return aside
    except OSError as error:
        raise Trouble("恢复没有做成：磁盘写不进去或空间不够。原来的数据没有动，请腾出空间后再试。", "cannot_write") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _unpack(backup: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(backup) as box:
            if set(box.namelist()) != {STORE, KEYS}:
                raise zipfile.BadZipFile
            for name in (STORE, KEYS):
                (folder / name).write_bytes(box.read(name))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise Trouble("这个文件不是完好的备份。请换一份备份再试，现有数据没有动。", "bad_backup") from error


def _set_aside(folder: Path) -> Path | None:
    if not (folder / STORE).exists() and not (folder / KEYS).exists():
        return None
    number = 1
    while (aside := folder.with_name(f"{folder.name}.before-restore-{number}")).exists():
        number += 1
    aside.mkdir()
    for name in (STORE, STORE + "-wal", STORE + "-shm", KEYS):
        if (folder / name).exists():
            os.replace(folder / name, aside / name)
    return aside
