"""Other ways to carry the same rows: SQLite's sessions (apsw) and geodiff. Both know no writers, keep no losers, seal nothing, and their
files lie open; parity is not the aim (sync.md section 4).
"""
from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from tests.bench.figures import timed
from tests.sync import bulk

Row = tuple[Any, ...]


def missing() -> list[str]:
    """Which of the two this machine has no package of."""
    return [name for name in ("apsw", "pygeodiff") if importlib.util.find_spec(name) is None]


def measure(folder: Path, rows: list[Row], edits: list[Row]) -> dict[str, float]:
    """Seconds (and bytes a row, packed like ours) of a changeset of `rows` and of one of `edits` upon them, made and applied."""
    folder.mkdir()
    found = _session(folder, rows, edits)
    return found | (_geodiff(folder) if "pygeodiff" not in missing() else {})


def _empty(path: Path) -> Any:
    import apsw

    connection = apsw.Connection(str(path))
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for made in (CreateTable(bulk.Person), *map(CreateIndex, sorted(bulk.Person.indexes, key=lambda each: str(each.name)))):
        text = str(made.compile(dialect=sqlite.dialect()))  # type: ignore[no-untyped-call]
        connection.execute(text.replace("STRICT", ""))  # geodiff's own SQLite does not know the word
    return connection


def _session(folder: Path, rows: list[Row], edits: list[Row]) -> dict[str, float]:
    """One file is written under a session, another takes its changesets. Copies before and after are geodiff's."""
    import apsw

    here, there = _empty(folder / "here.db"), _empty(folder / "there.db")
    _copy(folder, here, "empty.db")
    found: dict[str, float] = {}
    for kind, statement, values in (("new", bulk.INSERT, rows), ("updates", bulk.UPDATE, edits)):
        session = apsw.Session(here, "main")
        session.attach("person")
        with here:
            here.executemany(statement, values)
        made: list[bytes] = []
        found[f"session export {kind}"] = timed(lambda made=made, session=session: made.append(session.changeset()))
        found[f"session bytes {kind}"] = len(zstandard.compress(made[0], 3)) / len(values)
        found[f"session merge {kind}"] = timed(lambda made=made: apsw.Changeset.apply(made[0], there))
        session.close()
        _copy(folder, here, f"{kind}.db")
    here.close()
    there.close()
    return found


def _copy(folder: Path, connection: Any, name: str) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copyfile(folder / "here.db", folder / name)


def _geodiff(folder: Path) -> dict[str, float]:
    """Differences of the files before and after."""
    import pygeodiff

    geodiff, found = pygeodiff.GeoDiff(), {}
    target = shutil.copyfile(folder / "empty.db", folder / "taker.db")
    for before, kind in (("empty", "new"), ("new", "updates")):
        changes = folder / f"{kind}.diff"
        names = [str(folder / f"{name}.db") for name in (before, kind)]
        found[f"geodiff export {kind}"] = timed(lambda names=names, changes=changes: geodiff.create_changeset(*names, str(changes)))
        found[f"geodiff merge {kind}"] = timed(lambda changes=changes: geodiff.apply_changeset(str(target), str(changes)))
    return found
