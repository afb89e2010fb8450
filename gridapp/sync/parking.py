"""Rows that cannot stand: a child without its parent is parked and comes back with it; so is what only a newer program can read."""
from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.authority import RERANKED, ranks
from gridapp.sync.rows import Change, dump, load_values, write_inserts
from gridapp.sync.schema import Homes, Schema, Shape
from gridapp.sync.sql import among, get_meta, is_pg, one, rows, run, run_many, set_meta


def defer(connection: Connection) -> None:
    """Let children come before their parents within this transaction."""
    run(connection, "SET CONSTRAINTS ALL DEFERRED" if is_pg(connection) else "PRAGMA defer_foreign_keys = ON")


def settle(connection: Connection, schema: Schema, ticks: Sequence[int], gone: dict[str, list[str]]) -> int:
    """Bring back what can stand again, then park what has no parent among the rows of these ticks and the children of rows gone."""
    back = _bring_back(connection, schema)
    parked, orphans = 0, _orphans(connection, schema, ticks, gone)
    while any(orphans.values()):
        for shape in schema.shapes:
            _park(connection, shape, orphans.get(shape.name, []))
        parked += sum(map(len, orphans.values()))
        orphans = _orphans(connection, schema, [], orphans)
    return parked - back


def _orphans(connection: Connection, schema: Schema, ticks: Sequence[int], gone: dict[str, list[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for shape in schema.shapes:
        keys: set[str] = set()
        for column, parent in shape.parents:
            lost = f"c.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE p.id = c.{column})"
            for tick in ticks:
                statement = f"SELECT c.id FROM {shape.name} AS c WHERE c.sync_arrival = ? AND c.sync_arrival > 0 AND {lost}"
                keys.update(pk for (pk,) in rows(connection, statement, [tick]))
            if gone.get(parent):
                condition, value = among(connection, f"c.{column}", gone[parent])
                keys.update(pk for (pk,) in rows(connection, f"SELECT c.id FROM {shape.name} AS c WHERE {condition} AND {lost}", [value]))
        if keys:
            found[shape.name] = sorted(keys)
    return found


def _park(connection: Connection, shape: Shape, keys: Sequence[str]) -> None:
    if not keys:
        return
    condition, value = among(connection, "id", keys)
    names = ", ".join(("id", "scope", "sync_arrival", "sync_stamp", *shape.names))
    made = []
    for pk, scope, arrival, stamp, *values in rows(connection, f"SELECT {names} FROM {shape.name} WHERE {condition}", [value]):
        made.append((shape.number, pk, "parent", scope, arrival, stamp, dump(dict(zip(shape.numbers, values, strict=True)))))
    run_many(connection, kept.PARK, made)
    run(connection, f"DELETE FROM {shape.name} WHERE {condition}", [value])


def _bring_back(connection: Connection, schema: Schema) -> int:
    """Until nothing moves: a parent that comes back brings its children."""
    count, moved = 0, -1
    while moved:
        moved = sum(_bring_back_shape(connection, shape, schema.homes.get(shape.name, ())) for shape in schema.shapes if shape.parents)
        count += moved
    return count


def _bring_back_shape(connection: Connection, shape: Shape, homes: Homes) -> int:
    statement = (
        "SELECT pk, reason, arrival, stamp, vals FROM sync_parked AS p WHERE tbl = ? AND (reason = 'parent' OR (reason = 'moved' "
        "AND NOT EXISTS (SELECT 1 FROM sync_sibling AS s WHERE s.tbl = p.tbl AND s.pk = p.pk AND s.fld = 0)))"
    )
    back, parked = [], rows(connection, statement, [shape.number])
    marks = kept.load_marks(connection, shape.number, [pk for pk, reason, *_ in parked if reason == "moved"])
    for pk, reason, arrival, stamp, vals in parked:
        values = load_values(vals)
        known = stamps.read(stamp).context
        if reason == "moved" and (kept.is_away(connection, marks.get(pk, ()), known, homes, values) or not kept.fits(shape, values)):
            continue
        links = [(parent, values.get(each.number)) for column, parent in shape.parents for each in shape.fields if each.name == column]
        if all(key is None or one(connection, f"SELECT 1 FROM {parent} WHERE id = ?", [key]) for parent, key in links):
            back.append((pk, *(values.get(each) for each in shape.numbers), arrival, stamp))
    write_inserts(connection, shape, back)
    kept.unpark(connection, shape.number, [row[0] for row in back])
    return len(back)


def absorb(connection: Connection, schema: Schema) -> None:
    """After an update of the program: fields and tables it now knows leave the side tables. Captures must be paused or absent."""
    for tbl, pk, vals in rows(connection, "SELECT tbl, pk, vals FROM sync_extra"):
        shape = schema.by_number.get(tbl)
        values = load_values(vals)
        known = {number: value for number, value in values.items() if shape and _fits(shape, number, value)}
        if shape and known:
            _absorb_fields(connection, shape, pk, known, {number: value for number, value in values.items() if number not in known})
    defer(connection)
    rank = ranks(connection)
    for number, shape in schema.by_number.items():
        statement = "SELECT pk FROM sync_parked WHERE tbl = ? AND reason IN ('table', 'value')"
        keys = [pk for (pk,) in rows(connection, statement, [number])]
        found = kept.load(connection, number, shape, keys) if keys else {}
        changes = [Change(pk, row, row.state(), row.arrival) for pk, row in found.items() if row.parked]
        kept.save(connection, number, shape, changes, rank_of(shape, rank))
    ticks = [tick for (tick,) in rows(connection, "SELECT DISTINCT arrival FROM sync_parked")]
    settle(connection, schema, ticks, {})


def _fits(shape: Shape, number: int, value: object) -> bool:
    """What the column cannot hold stays beside its row, as it came."""
    return number in shape.by_number and kept.fits_column([value], shape.by_number[number].text)


def _absorb_fields(connection: Connection, shape: Shape, pk: str, known: dict[int, object], left: dict[int, object]) -> None:
    sets = ", ".join(f"{shape.by_number[number].name} = ?" for number in known)
    if not run(connection, f"UPDATE {shape.name} SET {sets} WHERE id = ?", [*known.values(), pk]):
        text = one(connection, "SELECT vals FROM sync_parked WHERE tbl = ? AND pk = ?", [shape.number, pk])
        if text:
            vals = dump(json.loads(text) | {str(number): value for number, value in known.items()})
            run(connection, "UPDATE sync_parked SET vals = ? WHERE tbl = ? AND pk = ?", [vals, shape.number, pk])
    if left:
        run(connection, kept.EXTRA, [shape.number, pk, dump(left)])
    else:
        run(connection, "DELETE FROM sync_extra WHERE tbl = ? AND pk = ?", [shape.number, pk])


def rank_of(shape: Shape | None, ranks: dict[str, int]) -> kept.Rank:
    """How writers of a field rank in a true conflict: by their session's rank where the field's policy is office_wins."""
    ruled = {each.number for each in shape.fields if each.policy == "office_wins"} if shape else set()
    return lambda number, dot: ranks.get(dot[0], 0) if number in ruled else 0


def resettle(connection: Connection, schema: Schema) -> None:
    """Choose the visible values anew after somebody's rank changed (withdrawn, or moved in the tree): they are functions of state and ranks.

    Captures must be paused, and local edits stamped.
    """
    if not get_meta(connection, RERANKED):
        return
    set_meta(connection, RERANKED, "")
    rank = ranks(connection)
    for shape in schema.shapes:
        ruled = [each.number for each in shape.fields if each.policy == "office_wins"]
        condition, value = among(connection, "fld", ruled)
        keys = [pk for (pk,) in rows(connection, f"SELECT DISTINCT pk FROM sync_sibling WHERE tbl = ? AND {condition}", [shape.number, value])]
        found = kept.load(connection, shape.number, shape, keys) if keys else {}
        changes = [Change(pk, row, row.state(), row.arrival) for pk, row in found.items() if row.stamp and not row.parked]
        kept.save(connection, shape.number, shape, changes, rank_of(shape, rank))
