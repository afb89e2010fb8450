"""What people must look at: fields two sides wrote without seeing one another. Functions of state, so every node lists the same.

A loser is named by its archive key. Whoever decided says which keys the decision covers (see desk.review); the rest is open.
"""
from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import archive
from gridapp.sync import schema as schemas
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import Kept, load
from gridapp.sync.schema import DELETED, SCOPE, Schema, Shape
from gridapp.sync.session import wall_ms
from gridapp.sync.sql import among, get_meta, next_tick, rows, run
from gridapp.sync.stamp import Dot, Siblings

Lost = dict[str, Siblings]


@dataclass(frozen=True)
class Version:
    """One writing: its value, who wrote it where (person, device's id and label, the device's rank), when (wall clock, ms).

    Device '': an edit of this machine that is not stamped yet.
    """

    value: Any
    person: str
    device: str
    label: str
    rank: int
    at: int
    dot: Dot


@dataclass(frozen=True)
class Conflict:
    """A true conflict. field: the column's name, '' when a row somebody deleted lives on because another edited it (then the
    losers are the deletions). covers: the losers' archive keys. swept: somebody has written over them since."""

    record: str
    row_id: str
    scope: str
    field: str
    winner: Version
    losers: tuple[Version, ...]
    covers: tuple[str, ...]
    swept: bool = False


def conflicts(connection: Connection, decided: Collection[str] = (), schema: Schema | None = None) -> list[Conflict]:
    """Those whose losers no decision covers, by record and row. Equal values are silent; so is a row that is gone.

    Which grid a row belongs to is an office's to decide, so only an office lists that.
    """
    schema, done = schema or schemas.current(), frozenset(decided)
    decides = get_meta(connection, "role") == "office"
    found = [each for shape in schema.shapes for each in _of_shape(connection, shape, done)]
    return [each for each in found if decides or each.field != "scope"]


def _of_shape(connection: Connection, shape: Shape, decided: frozenset[str]) -> list[Conflict]:
    names = "pk, fld, sid, seq, t, val"
    beside = rows(connection, f"SELECT {names} FROM sync_sibling WHERE tbl = ?", [shape.number])
    archived = rows(connection, f"SELECT {names} FROM sync_conflict WHERE tbl = ?", [shape.number])
    lost: Lost = {}
    for pk, fld, sid, seq, t, val in sorted({*map(tuple, beside), *map(tuple, archived)}):
        if (fld == DELETED or fld in shape.by_number) and archive.key_of(shape.number, pk, fld, sid, seq) not in decided:
            lost.setdefault(pk, []).append((fld, (sid, seq, t), json.loads(val)))
    if not lost:
        return []
    kept = {pk: row for pk, row in load(connection, shape.number, shape, list(lost)).items() if not row.parked and row.stamp}
    fresh = _unstamped(connection, shape, list(kept))
    return [each for pk in sorted(kept) for each in _of_row(connection, shape, pk, kept[pk], lost[pk], fresh.get(pk, {}))]


def _unstamped(connection: Connection, shape: Shape, keys: list[str]) -> dict[str, dict[int, int]]:
    """When each field was last edited here, of edits no bundle has taken along yet: {row: {field: ms}}."""
    condition, value = among(connection, "pk", keys)
    found: dict[str, dict[int, int]] = {}
    for pk, mask, t in rows(connection, f"SELECT pk, mask, t FROM sync_log WHERE tbl = ? AND {condition} ORDER BY n", [shape.number, value]):
        found.setdefault(pk, {}).update({number: t for number in shape.numbers if mask >> number & 1})
    return found


def _of_row(connection: Connection, shape: Shape, pk: str, row: Kept, lost: Siblings, fresh: dict[int, int]) -> list[Conflict]:
    assert row.stamp
    stamp, made, beside = stamps.read(row.stamp), [], {(fld, dot[:2]) for fld, dot, _ in row.siblings}
    for number in sorted({fld for fld, _, _ in lost}):
        won = row.values[number] if number else None
        apart = [each for each in lost if each[0] == number and (number == DELETED or each[2] != won)]
        if not apart:
            continue
        edited = stamp.dot(number) if number else max(stamp.later.values(), key=lambda dot: dot[2], default=stamp.base)
        newest = fresh.get(number) if number else max(fresh.values(), default=None)
        made.append(Conflict(
            shape.name, pk, row.values.get(SCOPE) or "", shape.by_number[number].name if number else "",
            _version(connection, won, edited if newest is None else ("", 0, newest)),
            tuple(_version(connection, value if number else None, dot) for _, dot, value in apart),
            tuple(archive.key_of(shape.number, pk, number, dot[0], dot[1]) for _, dot, _ in apart),
            not any((number, dot[:2]) in beside for _, dot, _ in apart),
        ))
    return made


def _version(connection: Connection, value: Any, dot: Dot) -> Version:
    found = rows(
        connection,
        "SELECT s.person, s.device, coalesce(t.label, ''), s.rank FROM sync_session s LEFT JOIN sync_trust t ON t.device = s.device WHERE s.sid = ?",
        [dot[0]],
    )
    person, device, label, rank = found[0] if found else ("", "", "", 0)
    return Version(value, person, device, label, rank, dot[2], dot)


def settle(connection: Connection, conflict: Conflict, schema: Schema | None = None) -> None:
    """Take a conflict as looked at: its losers go to the archive, and what stands becomes a writing that has seen them.

    Whoever wants another value, or the row deleted, writes so afterwards. The writing is stamped with the next bundle.
    """
    shape = (schema or schemas.current()).by_name[conflict.record]
    row = load(connection, shape.number, shape, [conflict.row_id]).get(conflict.row_id)
    number = next((each.number for each in shape.fields if each.name == conflict.field), DELETED)
    lost = [each for each in row.siblings if each[0] == number] if row and not row.parked else []
    if row and lost:
        archive.keep(connection, shape, conflict.row_id, row, lost, next_tick(connection))
        _touch(connection, shape, conflict.row_id, number or _own_field(shape, row))


def _own_field(shape: Shape, row: Kept) -> int:
    """A field by which somebody says that a row shall stay: not its path, which an office gave, and whose word on that must stand."""
    return next((each for each in shape.numbers if each != SCOPE and row.values.get(each) is not None), shape.numbers[0])


def touch(connection: Connection, record: str, row_id: str, name: str, schema: Schema | None = None) -> None:
    """Write a field's value again, so that the row stands against a deletion by somebody who has not seen this writing."""
    shape = (schema or schemas.current()).by_name[record]
    _touch(connection, shape, row_id, next(each.number for each in shape.fields if each.name == name))


def _touch(connection: Connection, shape: Shape, row_id: str, number: int) -> None:
    # the same value again changes nothing the trigger would see, yet it must be a writing that has seen what was there
    run(connection, "INSERT INTO sync_log (tbl, pk, mask, t) VALUES (?, ?, ?, ?)", [shape.number, row_id, 1 << number, wall_ms()])
