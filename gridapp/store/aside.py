"""Rows of ledgers that could not be kept yet: put aside in words, in the same encrypted file, until somebody mends or dismisses them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from gridapp.store import tables
from gridapp.store.work import insert_many

aside = tables.aside
SAME = ("file", "sheet", "row", "kind", "when_said", "cells")


def put(connection: Connection, rows: Sequence[dict[str, Any]], batch_id: str) -> int:
    """Put rows aside (file, sheet, row, kind, when_said, cells as a dict); none twice. Gives how many are new."""
    waiting = {tuple(each[name] for name in SAME) for each in connection.execute(select(aside).where(aside.c.kept_in.is_(None))).mappings()}
    full = [{**row, "cells": json.dumps(row["cells"], ensure_ascii=False)} for row in rows]
    new = [{**row, "batch_id": batch_id} for row in full if tuple(row[name] for name in SAME) not in waiting]
    insert_many(connection, aside, new)
    return len(new)


def waiting(connection: Connection, numbers: Collection[int] | None = None) -> list[dict[str, Any]]:
    """The rows that wait, oldest first; only those with these numbers when given."""
    statement = select(aside).where(aside.c.kept_in.is_(None)).order_by(aside.c.n)
    if numbers is not None:
        statement = statement.where(aside.c.n.in_(numbers))
    return [{**each, "cells": json.loads(each["cells"])} for each in connection.execute(statement).mappings()]


def count(connection: Connection) -> int:
    """How many rows wait."""
    return connection.execute(select(func.count()).select_from(aside).where(aside.c.kept_in.is_(None))).scalar() or 0


def reword(connection: Connection, number: int, cells: dict[str, str]) -> None:
    """Other words for a row that waits."""
    connection.execute(aside.update().where(aside.c.n == number).values(cells=json.dumps(cells, ensure_ascii=False)))


def keep(connection: Connection, numbers: Collection[int], batch_id: str) -> None:
    """These rows were kept in a batch; what earlier batches kept is now forgotten for good."""
    connection.execute(aside.delete().where(aside.c.kept_in.is_not(None)))
    connection.execute(aside.update().where(aside.c.n.in_(numbers)).values(kept_in=batch_id))


def drop(connection: Connection, numbers: Collection[int]) -> int:
    """Dismiss rows that wait; gives how many there were."""
    return connection.execute(aside.delete().where(aside.c.n.in_(numbers))).rowcount


def take_back(connection: Connection, batch_id: str) -> None:
    """A batch was undone: the rows it kept wait again, the rows it put aside go."""
    connection.execute(aside.delete().where(aside.c.batch_id == batch_id))
    connection.execute(aside.update().where(aside.c.kept_in == batch_id).values(kept_in=None))
