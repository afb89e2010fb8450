"""What people must look at: fields two sides wrote without seeing one another. Functions of state, so every node lists the same.

Settling one is an ordinary write: it travels like any other.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import archive
from gridapp.sync import schema as schemas
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import LEAST, Kept, load
from gridapp.sync.schema import DELETED, Schema, Shape
from gridapp.sync.session import wall_ms
from gridapp.sync.sql import get_meta, next_tick, one, rows, run
from gridapp.sync.stamp import Dot


@dataclass(frozen=True)
class Version:
    """One writing: its value, who wrote it (person, device), when (wall clock, ms)."""

    value: Any
    person: str
    device: str
    at: int
    dot: Dot


@dataclass(frozen=True)
class Conflict:
    """A true conflict. field: the column's name, '' when a row somebody deleted lives on because another edited it (then the
    losers are the deletions). archived: its key when a later edit swept the loser away; else ''."""

    record: str
    row_id: str
    field: str
    winner: Version
    losers: tuple[Version, ...]
    archived: str = ""


def conflicts(connection: Connection, schema: Schema | None = None) -> list[Conflict]:
    """Open ones (different values side by side) and swept-away ones nobody has looked at; equal values are silent.

    Which grid a row belongs to is an office's to decide, so only an office lists that.
    """
    schema, decides = schema or schemas.current(), get_meta(connection, "role") == "office"
    found = [each for shape in schema.shapes for each in _open(connection, shape)] + _archived(connection, schema)
    return [each for each in found if decides or each.field != "scope"]


def _open(connection: Connection, shape: Shape) -> list[Conflict]:
    keys = [pk for (pk,) in rows(connection, "SELECT DISTINCT pk FROM sync_sibling WHERE tbl = ? ORDER BY pk", [shape.number])]
    if not keys:
        return []
    kept = {pk: row for pk, row in load(connection, shape.number, shape, keys).items() if not row.parked and row.stamp}
    return [each for pk in sorted(kept) for each in _of_row(connection, shape, pk, kept[pk])]


def _of_row(connection: Connection, shape: Shape, pk: str, row: Kept) -> list[Conflict]:
    assert row.stamp
    stamp, made = stamps.read(row.stamp), []
    for number in sorted({number for number, _, _ in row.siblings}):
        lost = [(dot, value) for fld, dot, value in row.siblings if fld == number]
        if number == DELETED:
            edited = max(stamp.later.values(), key=lambda dot: dot[2], default=stamp.base)
            losers = tuple(_version(connection, None, dot) for dot, _ in lost)
            made.append(Conflict(shape.name, pk, "", _version(connection, None, edited), losers))
        elif number in shape.by_number:
            won = row.values[number]
            losers = tuple(_version(connection, value, dot) for dot, value in lost if value != won)
            if losers:
                made.append(Conflict(shape.name, pk, shape.by_number[number].name, _version(connection, won, stamp.dot(number)), losers))
    return made


def _archived(connection: Connection, schema: Schema) -> list[Conflict]:
    names = "id, tbl, pk, fld, sid, seq, t, val, won_sid, won_seq, won_t, won_val"
    made = []
    away = "EXISTS (SELECT 1 FROM sync_parked AS p WHERE p.tbl = c.tbl AND p.pk = c.pk AND p.reason = 'moved')"
    statement = f"SELECT {names} FROM sync_conflict AS c WHERE seen = 0 AND NOT {away} ORDER BY id"
    for key, tbl, pk, fld, sid, seq, t, val, *won in rows(connection, statement):
        shape = schema.by_number.get(tbl)
        if shape and (fld == DELETED or fld in shape.by_number):
            name = shape.by_number[fld].name if fld != DELETED else ""
            loser = _version(connection, json.loads(val) if name else None, (sid, seq, t))
            made.append(Conflict(shape.name, pk, name, _version(connection, json.loads(won[3]), (won[0], won[1], won[2])), (loser,), key))
    return made


def _version(connection: Connection, value: Any, dot: Dot) -> Version:
    found = rows(connection, "SELECT person, device FROM sync_session WHERE sid = ?", [dot[0]])
    person, device = found[0] if found else ("", "")
    label = one(connection, "SELECT label FROM sync_trust WHERE device = ?", [device])
    return Version(value, person, label or device, dot[2], dot)


def settle(connection: Connection, conflict: Conflict, value: Any = None, schema: Schema | None = None) -> None:
    """Decide a conflict: write the value (also when it is the one that stands) and mark the losers as looked at.

    For a row that lives on though it was deleted, any value keeps it; to delete it, delete it. The write is stamped with the next bundle.
    """
    shape = (schema or schemas.current()).by_name[conflict.record]
    if conflict.archived:
        archive.see(connection, conflict.archived, next_tick(connection))
        return
    row = load(connection, shape.number, shape, [conflict.row_id]).get(conflict.row_id)
    if row is None or row.parked:
        return
    number = next((each.number for each in shape.fields if each.name == conflict.field), DELETED)
    lost = [each for each in row.siblings if each[0] == number]
    row.values |= {number: value} if number != DELETED else {}
    # what won gets its dot when this writing is stamped; until then the archive holds one that any real dot outranks
    archive.keep(connection, shape, conflict.row_id, row, lost, (*conflict.winner.dot[:2], LEAST), next_tick(connection), seen=True)
    if number != DELETED:
        run(connection, f"UPDATE {shape.name} SET {conflict.field} = ? WHERE id = ?", [value, conflict.row_id])
    _touch(connection, shape, conflict.row_id, number or schemas.SCOPE)


def touch(connection: Connection, record: str, row_id: str, name: str, schema: Schema | None = None) -> None:
    """Write a field's value again, so that the row stands against a deletion by somebody who has not seen this writing."""
    shape = (schema or schemas.current()).by_name[record]
    _touch(connection, shape, row_id, next(each.number for each in shape.fields if each.name == name))


def _touch(connection: Connection, shape: Shape, row_id: str, number: int) -> None:
    # the same value again changes nothing the trigger would see, yet it must be a writing that has seen what was there
    run(connection, "INSERT INTO sync_log (tbl, pk, mask, t) VALUES (?, ?, ?, ?)", [shape.number, row_id, 1 << number, wall_ms()])
