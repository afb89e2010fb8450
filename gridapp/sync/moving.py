"""Rows that leave a grid. Who holds such a row is told by a mark: "it does not stand under this path any more; this writing took it there".

A node whose row has not seen the writing parks it as 'moved', with all it knows (unless what the row belongs to stands here, and the writer
had not seen all of it); there it cannot be edited, is not counted, and still travels up, so that nothing pending is lost. A state that has
seen the writing brings it back. Marks only ever grow (so does what each says its writer had seen), so they may come in any order.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import Change, Kept, dump
from gridapp.sync.schema import SCOPE, Homes, Schema, Shape
from gridapp.sync.sql import Rows, among, one, rows, run, run_many, under
from gridapp.sync.stamp import Stamp

NAMES = ("tbl", "pk", "scope", "sid", "seq", "target", "stamp")
PUT = f"INSERT INTO sync_left ({', '.join(NAMES)}, arrival, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tbl, pk, scope, sid) DO UPDATE SET "
PUT += "seq = excluded.seq, target = excluded.target, stamp = excluded.stamp, arrival = excluded.arrival, at = excluded.at WHERE "
LATEST = "excluded.seq >= sync_left.seq"
SAYS_MORE = "(excluded.seq = sync_left.seq AND excluded.stamp <> sync_left.stamp)"
NEWER = f"(excluded.seq > sync_left.seq OR (sync_left.arrival <= 0 AND excluded.arrival > 0) OR {SAYS_MORE})"
# arrivals of what a grid told and we have not seen: it stands here, so the move is done again; it does not; it is answered, and counts no more
TO_DO, ELSEWHERE, ANSWERED = -1, -2, -3
DAY_MS = 24 * 3600 * 1000
KEEP_DAYS = 90
Mark = Sequence[Any]


def stamp_left(connection: Connection, schema: Schema, tick: int, at: int) -> None:
    """Rows that were given another path since the last stamping: by which writing, and whither."""
    fresh = rows(connection, "SELECT tbl, pk, scope FROM sync_left WHERE sid = ''")
    for tbl, keys in _by_table(fresh).items():
        found = kept.load(connection, tbl, schema.by_number.get(tbl), keys)
        here = [(each, found[each[1]]) for each in fresh if each[0] == tbl and each[1] in found]
        _write(connection, LATEST, [mark(each, row) for each, row in here if row.stamp and _scope(row) != each[2]], tick, at)
    if fresh:
        run(connection, "DELETE FROM sync_left WHERE sid = ''")


def put(connection: Connection, marks: Sequence[Mark], tick: int, at: int) -> None:
    """Write marks, unless a later one of the same session is known, or as much of the same."""
    _write(connection, NEWER, marks, tick, at)


def _write(connection: Connection, condition: str, marks: Sequence[Mark], tick: int, at: int) -> None:
    run_many(connection, PUT + condition, [(*_joined(connection, each), tick, at) for each in marks])


def _joined(connection: Connection, each: Mark) -> Mark:
    """A mark with all that either knows to have been seen where its writing stands: nothing of that goes before it."""
    held = one(connection, "SELECT stamp FROM sync_left WHERE tbl = ? AND pk = ? AND scope = ? AND sid = ? AND seq = ?", each[:5])
    if not held:
        return each
    told, known = stamps.read(each[6]), stamps.read(held)
    return (*each[:6], stamps.write(Stamp(told.base, stamps.both(told.context, known.context))))


def mark(place: Sequence[Any], row: Kept) -> Mark:
    """The mark of a row that no longer stands at (table, key, path). Its stamp: the writing that took it away, and all that was seen there."""
    stamp = stamps.read(row.stamp or "")
    dot = stamp.dot(SCOPE)
    return (*place[:3], *dot[:2], _scope(row), stamps.write(Stamp(dot, stamp.context)))


def _scope(row: Kept) -> str:
    return row.values.get(SCOPE) or ""


def _by_table(marks: Iterable[Sequence[Any]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for tbl, pk, *_ in marks:
        found.setdefault(tbl, []).append(pk)
    return found


def met(connection: Connection, schema: Schema, tbl: int, told: Mapping[str, tuple[str, str]], before: Mapping[str, str], tick: int, at: int) -> None:
    """After a merge of rows whose path was another here than in the bundle: whoever thinks them elsewhere is to be told.

    told: by key, the path and the stamp in the bundle. before: by key, the path here before the merge.
    """
    made = []
    for pk, row in kept.load(connection, tbl, schema.by_number.get(tbl), list(told)).items():
        (path, stamp), now = told[pk], _scope(row)
        if now != before[pk]:
            made.append(mark((tbl, pk, before[pk]), row))
        if now != path and not stamps.covers(stamps.read(stamp).context, stamps.read(row.stamp or "").dot(SCOPE)):
            made.append(mark((tbl, pk, path), row))
    _write(connection, LATEST, made, tick, at)


def receive(connection: Connection, schema: Schema, marks: Sequence[Mark], tick: int, at: int) -> dict[int, list[str]]:
    """Marks our office told: rows that have not seen them are parked, and those below are told in turn. Gives what was parked, by table."""
    parked: dict[int, list[str]] = {}
    for tbl, keys in _by_table(marks).items():
        shape = schema.by_number.get(tbl)
        found = kept.load(connection, tbl, shape, keys)
        unseen = [each for each in marks if each[0] == tbl and not _seen(found.get(each[1]), each)]
        put(connection, unseen, tick, at)
        homes = schema.homes.get(shape.name, ()) if shape else ()
        away = {each[1]: row for each in unseen if (row := found.get(each[1])) and row.parked != "moved" and _goes(connection, row, each, homes)}
        elsewhere = [each for each in unseen if each[1] in away and _scope(away[each[1]]) not in ("", each[2])]
        put(connection, [(tbl, each[1], _scope(away[each[1]]), *each[3:]) for each in elsewhere], tick, at)
        run_many(connection, kept.PARK, [(tbl, pk, "moved", _scope(row), tick, row.stamp, dump(row.values)) for pk, row in away.items()])
        if shape:
            run_many(connection, f"DELETE FROM {shape.name} WHERE id = ?", [(pk,) for pk in away])
        parked[tbl] = list(away)
    return parked


def _goes(connection: Connection, row: Kept, each: Mark, homes: Homes) -> bool:
    context = stamps.read(row.stamp).context if row.stamp else {}
    return bool(row.parked) or kept.is_away(connection, [stamps.read(each[6])], context, homes, row.values)


def _seen(row: Kept | None, each: Mark) -> bool:
    return bool(row and row.stamp and stamps.covers(stamps.read(row.stamp).context, (each[3], each[4], 0)))


def hear(connection: Connection, schema: Schema, marks: Sequence[Mark], tick: int, at: int) -> None:
    """Marks a grid holds. What we have seen is only noted; what we have not (we were restored) waits to be answered (see sync.following)."""
    for tbl, keys in _by_table(marks).items():
        found = kept.load(connection, tbl, schema.by_number.get(tbl), keys)
        mine = [each for each in marks if each[0] == tbl]
        known = [(each, row) for each in mine if (row := found.get(each[1])) and _seen(row, each) and _scope(row) != each[2]]
        put(connection, [mark(each, row) for each, row in known], tick, at)
        for each in [each for each in mine if not _seen(found.get(each[1]), each)]:
            stands = each[1] in found and _scope(found[each[1]]) == each[2]
            put(connection, [each], TO_DO if stands else ELSEWHERE, at)


def answered(connection: Connection, scope: str) -> Rows:
    """Marks a grid holds that count no more."""
    condition, values = under("scope", scope)
    return rows(connection, f"SELECT {', '.join(NAMES)} FROM sync_left WHERE arrival = {ANSWERED} AND {condition} ORDER BY tbl, pk", values)


def forget(connection: Connection, schema: Schema, marks: Sequence[Mark], tick: int, rank: Callable[[Shape | None], kept.Rank]) -> None:
    """Our office answered these marks: they count no more, and what was parked for them alone stands again."""
    match = "tbl = ? AND pk = ? AND scope = ? AND sid = ?"
    run_many(connection, f"UPDATE sync_left SET arrival = {ANSWERED} WHERE {match} AND seq <= ? AND arrival > 0", [each[:5] for each in marks])
    for tbl, keys in _by_table(marks).items():
        shape = schema.by_number.get(tbl)
        found = kept.load(connection, tbl, shape, keys)
        changes = [Change(pk, row, row.state(), tick) for pk, row in found.items() if row.parked == "moved"]
        kept.save(connection, tbl, shape, changes, rank(shape), schema.homes.get(shape.name, ()) if shape else ())


def downward(connection: Connection, schema: Schema, cursor: int, scope: str) -> list[Mark]:
    """Marks to tell a grid: of rows that left its path and do not stand there now."""
    condition, values = under("scope", scope)
    statement = f"SELECT {', '.join(NAMES)} FROM sync_left WHERE arrival > ? AND sid <> '' AND {condition} ORDER BY tbl, pk"
    found = rows(connection, statement, [cursor, *values])
    there = {tbl: _standing(connection, schema, tbl, keys, scope) for tbl, keys in _by_table(found).items()}
    return [each for each in found if each[1] not in there[each[0]]]


def _standing(connection: Connection, schema: Schema, tbl: int, keys: list[str], scope: str) -> set[str]:
    condition, values = under("scope", scope)
    chosen, listed = among(connection, "pk", keys)
    parked = f"SELECT pk FROM sync_parked WHERE tbl = ? AND reason <> 'moved' AND {chosen} AND {condition}"
    found = {pk for (pk,) in rows(connection, parked, [tbl, listed, *values])}
    if shape := schema.by_number.get(tbl):
        chosen, listed = among(connection, "id", keys)
        found |= {pk for (pk,) in rows(connection, f"SELECT id FROM {shape.name} WHERE {chosen} AND {condition}", [listed, *values])}
    return found


def upward(connection: Connection, cursor: int) -> Rows:
    """Marks of rows parked here for their sake."""
    parked = "SELECT 1 FROM sync_parked AS p WHERE p.tbl = l.tbl AND p.pk = l.pk AND p.reason = 'moved' AND (l.arrival > ? OR p.arrival > ?)"
    statement = f"SELECT {', '.join(NAMES)} FROM sync_left AS l WHERE arrival > 0 AND EXISTS ({parked}) ORDER BY tbl, pk"
    return rows(connection, statement, [cursor, cursor])


def formerly(connection: Connection, tbl: int, keys: Sequence[str], scope: str) -> set[str]:
    """Which of these rows once stood under the path."""
    condition, values = under("scope", scope)
    chosen, listed = among(connection, "pk", keys)
    statement = f"SELECT pk FROM sync_left WHERE tbl = ? AND arrival >= 0 AND {chosen} AND {condition}"
    return {pk for (pk,) in rows(connection, statement, [tbl, listed, *values])}


def purge(connection: Connection, cursor: int, now: int) -> int:
    """Take away what left this grid, once the centre confirmed it and 90 days have passed; the marks stay. Gives how many rows went."""
    young = "SELECT 1 FROM sync_left AS l WHERE l.tbl = p.tbl AND l.pk = p.pk AND l.at > ?"
    statement = f"SELECT tbl, pk FROM sync_parked AS p WHERE reason = 'moved' AND arrival <= ? AND NOT EXISTS ({young})"
    old = rows(connection, statement, [cursor, now - KEEP_DAYS * DAY_MS])
    for table in ("sync_parked", "sync_sibling", "sync_extra", "sync_conflict"):
        run_many(connection, f"DELETE FROM {table} WHERE tbl = ? AND pk = ?", old)
    return len(old)


@dataclass(frozen=True)
class Gone:
    """A row that left this grid: its values by column name, whither, when that was heard (wall clock, ms), and its arrival number here."""

    record: str
    row_id: str
    values: dict[str, Any]
    target: str
    at: int
    arrival: int


def gone(connection: Connection, schema: Schema) -> list[Gone]:
    """All rows kept here only because they left, latest first."""
    found = rows(
        connection,
        "SELECT p.tbl, p.pk, p.vals, l.target, l.at, p.arrival FROM sync_parked AS p JOIN sync_left AS l ON l.tbl = p.tbl AND l.pk = p.pk "
        "WHERE p.reason = 'moved' AND l.arrival > 0 ORDER BY l.at, p.tbl, p.pk",
    )
    last = {(tbl, pk): (vals, *more) for tbl, pk, vals, *more in found if tbl in schema.by_number}
    made = [Gone(schema.by_number[tbl].name, pk, _named(schema, tbl, vals), *more) for (tbl, pk), (vals, *more) in last.items()]
    return made[::-1]


def _named(schema: Schema, tbl: int, vals: str) -> dict[str, Any]:
    values = kept.load_values(vals)
    return {each.name: values.get(each.number) for each in schema.by_number[tbl].fields}


def archive_follows(connection: Connection, schema: Schema, tick: int) -> None:
    """Archived losers belong where their row stands."""
    differ = "SELECT r.scope, c.id FROM sync_conflict AS c JOIN {} AS r ON {} AND r.scope <> c.scope"
    found = list(rows(connection, differ.format("sync_parked", "r.tbl = c.tbl AND r.pk = c.pk AND r.reason <> 'moved'")))
    for shape in schema.shapes:
        found += rows(connection, differ.format(shape.name, "c.tbl = ? AND r.id = c.pk"), [shape.number])
    run_many(connection, "UPDATE sync_conflict SET scope = ?, arrival = ? WHERE id = ?", [(scope, tick, key) for scope, key in found])


def any_left(connection: Connection) -> bool:
    """Whether anything ever left a grid, as far as is known here."""
    return one(connection, "SELECT 1 FROM sync_left LIMIT 1") is not None
