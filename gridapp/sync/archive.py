"""Losers that an ordinary edit sweeps away are put here first: rows that travel and never change or go, so nothing is lost unseen."""
from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from gridapp.sync.rows import Kept, dump
from gridapp.sync.schema import DELETED, SCOPE, Shape
from gridapp.sync.sql import Rows, insert_or_ignore, rows, run_many
from gridapp.sync.stamp import Siblings

SPACE = uuid.UUID("5f0c1d7e-2a64-5b57-9a33-0f6f4d1b7c21")
NAMES = ("id", "tbl", "pk", "fld", "scope", "sid", "seq", "t", "val", "arrival")


def key_of(tbl: int, pk: str, fld: int, sid: str, seq: int) -> str:
    """The same id on every node for the same loser."""
    return uuid.uuid5(SPACE, f"{tbl}/{pk}/{fld}/{sid}/{seq}").hex


def keep(connection: Connection, shape: Shape, pk: str, row: Kept, lost: Siblings, tick: int) -> None:
    """Archive losers whose value is not the one that now stands (a deletion overruled always)."""
    made = []
    for fld, (sid, seq, t), value in lost:
        if fld == DELETED or value != row.values.get(fld):
            key = key_of(shape.number, pk, fld, sid, seq)
            made.append((key, shape.number, pk, fld, row.values.get(SCOPE) or "", sid, seq, t, dump(value), tick))
    put(connection, made)


def put(connection: Connection, made: Sequence[Sequence[Any]]) -> None:
    """Write archive rows (in the order of NAMES); what two nodes archive is the same row."""
    run_many(connection, insert_or_ignore("sync_conflict", NAMES), [tuple(row) for row in made])


def since(connection: Connection, cursor: int, ticks: str, share: tuple[str, list[Any]]) -> Rows:
    """Archive rows that arrived after the cursor, without those of the named ticks; share: the condition for those that go there."""
    condition, values = share
    return rows(connection, f"SELECT {', '.join(NAMES[:-1])} FROM sync_conflict WHERE arrival > ? AND {ticks} AND {condition}", [cursor, *values])
