"""Rows with all that is known about them: visible values, stamp, losers, unknown fields, wherever they are kept. For the few that need care."""
from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import stamp as stamps
from gridapp.sync.schema import SCOPE, Homes, Shape
from gridapp.sync.sql import Rows, among, copy_in, is_pg, one, rows, run, run_many
from gridapp.sync.stamp import Rank, Siblings, Stamp, State

PARK = (
    "INSERT INTO sync_parked (tbl, pk, reason, scope, arrival, stamp, vals) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tbl, pk) DO UPDATE SET "
    "reason = excluded.reason, scope = excluded.scope, arrival = excluded.arrival, stamp = excluded.stamp, vals = excluded.vals"
)
SIBLING = "INSERT INTO sync_sibling (tbl, pk, fld, sid, seq, t, val, same) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
EXTRA = "INSERT INTO sync_extra (tbl, pk, vals) VALUES (?, ?, ?) ON CONFLICT (tbl, pk) DO UPDATE SET vals = excluded.vals"
FEW = 50  # below it PostgreSQL's COPY does not pay
TEXT, WHOLE = {str, type(None)}, {int, type(None)}
LEAST, MOST = -(1 << 63), (1 << 63) - 1


@dataclass
class Kept:
    """A row as it is kept here. parked: why it is not in its table ('' when it is). stamp: None while its edits are not stamped."""

    parked: str
    stamp: str | None
    arrival: int
    values: dict[int, Any]
    extra: dict[int, Any] = field(default_factory=dict)
    siblings: Siblings = field(default_factory=list)

    def state(self) -> State:
        """The row as a state that can be joined."""
        assert self.stamp
        return stamps.gather(stamps.read(self.stamp), self.values | self.extra, self.siblings)


@dataclass
class Change:
    """What a row shall become. before: as it is kept now (None: unknown here)."""

    pk: str
    before: Kept | None
    state: State
    arrival: int


def dump(value: Any) -> str:
    """A value, or values by field number, as JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def load_values(text: str) -> dict[int, Any]:
    """Values by field number from their JSON text."""
    return {int(number): value for number, value in json.loads(text).items()}


def any_of(connection: Connection, table: str, number: int) -> bool:
    """Whether a side table holds anything for the record."""
    return one(connection, f"SELECT 1 FROM {table} WHERE tbl = ? LIMIT 1", [number]) is not None


def load(connection: Connection, number: int, shape: Shape | None, keys: Sequence[str]) -> dict[str, Kept]:
    """The rows of these keys, in their table or parked. shape None: a table this version does not know."""
    found: dict[str, Kept] = {}
    if shape:
        condition, value = among(connection, "id", keys)
        names = ", ".join(("id", "sync_stamp", "sync_arrival", *shape.names))
        for pk, stamp, arrival, *values in rows(connection, f"SELECT {names} FROM {shape.name} WHERE {condition}", [value]):
            found[pk] = Kept("", stamp, arrival, dict(zip(shape.numbers, values, strict=True)))
    for pk, reason, stamp, arrival, vals in _side(connection, "sync_parked", "pk, reason, stamp, arrival, vals", number, keys):
        if pk not in found:
            found[pk] = Kept(reason, stamp, arrival, load_values(vals))
    for pk, siblings in load_siblings(connection, number, keys).items():
        if pk in found:
            found[pk].siblings = siblings
    for pk, vals in _side(connection, "sync_extra", "pk, vals", number, keys):
        if pk in found:
            found[pk].extra = load_values(vals)
    return found


def load_siblings(connection: Connection, number: int, keys: Sequence[str]) -> dict[str, Siblings]:
    """What lost in these rows."""
    found: dict[str, Siblings] = {}
    for pk, fld, sid, seq, t, val in _side(connection, "sync_sibling", "pk, fld, sid, seq, t, val", number, keys):
        found.setdefault(pk, []).append((fld, (sid, seq, t), json.loads(val)))
    return found


def load_extra(connection: Connection, number: int, keys: Sequence[str]) -> dict[str, dict[int, Any]]:
    """Fields of these rows that this version does not know."""
    return {pk: load_values(vals) for pk, vals in _side(connection, "sync_extra", "pk, vals", number, keys)}


def load_marks(connection: Connection, number: int, keys: Sequence[str]) -> dict[str, list[Stamp]]:
    """The writings that took these rows out of a grid, as far as is known here: who has not seen them is late."""
    found: dict[str, list[Stamp]] = {}
    if not any_of(connection, "sync_left", number):
        return found
    for pk, text in _side(connection, "sync_left", "pk, stamp", number, keys, " AND arrival > 0"):
        found.setdefault(pk, []).append(stamps.read(text))
    return found


def is_away(connection: Connection, marks: Iterable[Stamp], context: stamps.Context, homes: Homes, values: dict[int, Any]) -> bool:
    """Whether a row left by writings it has not seen. One whose home stands here may stay, unless the writer had seen all that is known here:
    then he knew it under that home, too."""
    late = [each for each in marks if not stamps.covers(context, each.base)]
    return bool(late) and (any(stamps.within(context, each.context) for each in late) or not is_home(connection, homes, values))


def _side(connection: Connection, table: str, names: str, number: int, keys: Sequence[str], more: str = "") -> Rows:
    condition, value = among(connection, "pk", keys)
    return rows(connection, f"SELECT {names} FROM {table} WHERE tbl = ? AND {condition}{more}", [number, value])


def fits(shape: Shape, values: dict[int, Any]) -> bool:
    """Whether both engines can hold the values in the record's columns."""
    texts = [values.get(each.number) for each in shape.fields if each.text]
    numbers = [values.get(each.number) for each in shape.fields if not each.text]
    return fits_column(texts, True) and fits_column(numbers, False) and isinstance(values.get(SCOPE), str)


def fits_column(values: Sequence[Any], text: bool) -> bool:
    """Whether both engines can hold these values in a text (else whole-number) column."""
    kinds = set(map(type, values))
    if text:
        return kinds <= TEXT and "\0" not in "".join(filter(None, values))
    return kinds <= WHOLE and all(LEAST <= value <= MOST for value in set(values) - {None})


def save(connection: Connection, number: int, shape: Shape | None, changes: Sequence[Change], rank: Rank, homes: Homes = ()) -> list[str]:
    """Write states where they belong: the table when alive and fit, else parked, losers and unknown fields beside. Gives what left the table."""
    updates: dict[tuple[int, ...], list[tuple[Any, ...]]] = {}
    inserts: list[tuple[Any, ...]] = []
    parks: list[tuple[Any, ...]] = []
    gone: list[str] = []
    lost: list[tuple[Any, ...]] = []
    unknown: list[tuple[Any, ...]] = []
    marks = load_marks(connection, number, [change.pk for change in changes])
    for change in changes:
        stamp, values, siblings = stamps.split(change.state, rank)
        lost += [(number, change.pk, fld, *dot, dump(value), int(fld in values and value == values[fld])) for fld, dot, value in siblings]
        if extra := {each: values.pop(each) for each in list(values) if each not in shape.by_number} if shape else {}:
            unknown.append((number, change.pk, dump(extra)))
        away = change.pk in marks and is_away(connection, marks[change.pk], change.state.context, homes, values)
        if reason := "moved" if away else _reason(shape, change.state, values):
            parks.append((number, change.pk, reason, values.get(SCOPE) or "", change.arrival, stamps.write(stamp), dump(values)))
            gone.append(change.pk)
            continue
        assert shape
        tail = (change.arrival, stamps.write(stamp))
        if change.before and not change.before.parked:
            old = change.before.values
            touched = tuple(each for each in shape.numbers if old.get(each) != values.get(each))
            updates.setdefault(touched, []).append((*(values.get(each) for each in touched), *tail, change.pk))
        else:
            inserts.append((change.pk, *(values.get(each) for each in shape.numbers), *tail))
    if shape:
        _remove(connection, shape, gone)
        write_updates(connection, shape, updates)
        write_inserts(connection, shape, inserts)
        unpark(connection, number, [each[0] for each in inserts])
    run_many(connection, PARK, parks)
    old_losers = [(number, change.pk) for change in changes if change.before and change.before.siblings]
    run_many(connection, "DELETE FROM sync_sibling WHERE tbl = ? AND pk = ?", old_losers)
    run_many(connection, SIBLING, lost)
    run_many(connection, EXTRA, unknown)
    return gone


def is_home(connection: Connection, homes: Homes, values: dict[int, Any]) -> bool:
    """Whether what a row belongs to stands here, under the same path: then the row does, too."""
    for number, _, parent in homes:
        if key := values.get(number):
            return one(connection, f"SELECT scope FROM {parent} WHERE id = ?", [key]) == values.get(SCOPE)
    return False


def _reason(shape: Shape | None, state: State, values: dict[int, Any]) -> str:
    if not stamps.alive(state):
        return "deleted"
    if not shape:
        return "table"
    return "" if fits(shape, values) else "value"


def unpark(connection: Connection, number: int, keys: Iterable[str]) -> None:
    """Forget the parked copies of rows that stand in their table again."""
    run_many(connection, "DELETE FROM sync_parked WHERE tbl = ? AND pk = ?", [(number, pk) for pk in keys])


def _remove(connection: Connection, shape: Shape, keys: Iterable[str]) -> None:
    run_many(connection, f"DELETE FROM {shape.name} WHERE id = ?", [(pk,) for pk in keys])


def write_inserts(connection: Connection, shape: Shape, values: Sequence[tuple[Any, ...]], numbers: Sequence[int] | None = None) -> None:
    """Insert rows given as (id, *fields, arrival, stamp)."""
    fields = [shape.by_number[each].name for each in numbers or shape.numbers]
    names = ("id", *fields, "sync_arrival", "sync_stamp")
    if is_pg(connection) and len(values) >= FEW:
        copy_in(connection, shape.name, names, values)
    else:
        run_many(connection, f"INSERT INTO {shape.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values)


def write_updates(connection: Connection, shape: Shape, groups: dict[tuple[int, ...], list[tuple[Any, ...]]]) -> None:
    """Update rows given as (*touched fields, arrival, stamp, id), by the set of fields touched: other columns' indexes are not rewritten."""
    for touched, values in groups.items():
        names = [*(shape.by_number[each].name for each in touched), "sync_arrival", "sync_stamp"]
        if is_pg(connection) and len(values) >= FEW:
            _update_by_copy(connection, shape, names, values)
        else:
            run_many(connection, f"UPDATE {shape.name} SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?", values)


def _update_by_copy(connection: Connection, shape: Shape, names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """PostgreSQL: many rows at once, by way of a table of this transaction's own."""
    run(connection, f"CREATE TEMP TABLE sync_change ON COMMIT DROP AS SELECT {', '.join(names)}, id FROM {shape.name} LIMIT 0")
    copy_in(connection, "sync_change", (*names, "id"), values)
    # by the key, row for row, whatever the planner thinks: joining by hash reads the whole table for each chunk
    run(connection, "SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
    sets = ", ".join(f"{name} = c.{name}" for name in names)
    run(connection, f"UPDATE {shape.name} AS t SET {sets} FROM sync_change AS c WHERE t.id = c.id")
    run(connection, "SELECT set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true)")
    run(connection, "DROP TABLE sync_change")
