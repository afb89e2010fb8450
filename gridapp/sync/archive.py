"""Losers that an ordinary edit sweeps away are put here first: rows that travel and never go, so nothing is lost unseen."""
from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from gridapp.sync.rows import Kept, dump
from gridapp.sync.schema import DELETED, SCOPE, Shape
from gridapp.sync.sql import Rows, rows, run, run_many
from gridapp.sync.stamp import Dot, Siblings

SPACE = uuid.UUID("5f0c1d7e-2a64-5b57-9a33-0f6f4d1b7c21")
NAMES = ("id", "tbl", "pk", "fld", "scope", "sid", "seq", "t", "val", "won_sid", "won_seq", "won_t", "won_val", "seen", "arrival")


def key_of(tbl: int, pk: str, fld: int, sid: str, seq: int) -> str:
    """The same id on every node for the same loser."""
    return uuid.uuid5(SPACE, f"{tbl}/{pk}/{fld}/{sid}/{seq}").hex


def keep(connection: Connection, shape: Shape, pk: str, row: Kept, lost: Siblings, won: Dot, tick: int, seen: bool = False) -> None:
    """Archive losers whose value is not the one that now stands (a deletion overruled always, and what somebody looked at: elsewhere a later
    edit may sweep it away unseen)."""
    made = []
    for fld, (sid, seq, t), value in lost:
        stands = row.values.get(fld)
        if seen or fld == DELETED or value != stands:
            key = key_of(shape.number, pk, fld, sid, seq)
            scope = row.values.get(SCOPE) or ""
            made.append((key, shape.number, pk, fld, scope, sid, seq, t, dump(value), *won, dump(stands), int(seen), tick))
    put(connection, made, tick)


def put(connection: Connection, made: Sequence[Sequence[Any]], again: int) -> None:
    """Write archive rows (in the order of NAMES). Two nodes may archive one loser under different winners: the later winner stands,
    and what was seen stays seen. `again`: the arrival number of a row changed that way, which must travel once more."""
    won = "(won_t, won_sid, won_seq)"
    mine, theirs = won.replace("won_", "sync_conflict.won_"), won.replace("won_", "excluded.won_")
    names = ("won_t", "won_sid", "won_seq", "won_val")
    later = ", ".join(f"{name} = CASE WHEN {mine} < {theirs} THEN excluded.{name} ELSE sync_conflict.{name} END" for name in names)
    run_many(
        connection,
        f"INSERT INTO sync_conflict ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))}) ON CONFLICT (id) DO UPDATE SET {later}, "
        "seen = CASE WHEN sync_conflict.seen < excluded.seen THEN excluded.seen ELSE sync_conflict.seen END, arrival = ? "
        f"WHERE sync_conflict.seen < excluded.seen OR {mine} < {theirs}",
        [(*row, again) for row in made],
    )


def since(connection: Connection, cursor: int, ticks: str, share: tuple[str, list[Any]]) -> Rows:
    """Archive rows that arrived after the cursor, without those of the named ticks; share: the condition for those that go there."""
    condition, values = share
    return rows(connection, f"SELECT {', '.join(NAMES[:-1])} FROM sync_conflict WHERE arrival > ? AND {ticks} AND {condition}", [cursor, *values])


def see(connection: Connection, key: str, tick: int) -> None:
    """Mark one as reviewed."""
    run(connection, "UPDATE sync_conflict SET seen = 1, arrival = ? WHERE id = ? AND seen = 0", [tick, key])
