"""A path that becomes another: an office with grids joins a higher one, and all of its tree gets longer paths.

Standing rows move by ordinary edits, so they travel and meet others like any writing. What is not standing (deleted, parked, archived)
has no writing of its own and is renamed in place, on every node alike. Bundles made under the former path keep coming for a while: what
they bring is renamed after the merge.
"""
from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from gridapp.sync.rows import dump, load_values
from gridapp.sync.schema import SCOPE, Schema
from gridapp.sync.sql import get_meta, rows, run, set_meta, under


def changed(connection: Connection, old: str, new: str) -> None:
    """Remember that this node's path was another."""
    if old and old != new:
        set_meta(connection, "paths", json.dumps([*_changes(connection), [old, new]]))


def _changes(connection: Connection) -> list[list[str]]:
    return json.loads(get_meta(connection, "paths") or "[]")


def renamed(scope: str, old: str, new: str) -> str:
    """A path below (or at) the old one as it is now; others as they are."""
    return new + scope[len(old) :] if scope == old or scope.startswith(old + "/") else scope


def former(connection: Connection, scope: str) -> tuple[str, ...]:
    """What a path was called before, newest first."""
    found: list[str] = []
    for old, new in reversed(_changes(connection)):
        found += [was for each in (scope, *found) if (was := renamed(each, new, old)) != each]
    return tuple(dict.fromkeys(found))


def follow(connection: Connection, schema: Schema, ticks: Sequence[int] | None = None) -> None:
    """Rename what still stands under a former path (of all, or of what arrived with these numbers). Captures must be on: rows are edited."""
    for old, new in _changes(connection):
        inside, values = _left(old, new)
        for table, arrival in [("sync_conflict", "arrival"), *((shape.name, "sync_arrival") for shape in schema.shapes)]:
            condition = f"{inside} AND {_arrived(arrival, ticks)}"
            run(connection, f"UPDATE {table} SET scope = ? || substr(scope, {len(old) + 1}) WHERE {condition}", [new, *values])
        _parked(connection, old, new, f"{inside} AND {_arrived('arrival', ticks)}", values)


def _arrived(column: str, ticks: Sequence[int] | None) -> str:
    return "1=1" if ticks is None else f"{column} IN ({', '.join(map(str, ticks))})"


def _left(old: str, new: str) -> tuple[str, list[str]]:
    """At or below the old path, and not at the new one where that lies below the old."""
    (inside, values), (done, more) = under("scope", old), under("scope", new)
    return f"{inside} AND NOT {done}", [*values, *more]


def _parked(connection: Connection, old: str, new: str, condition: str, values: list[str]) -> None:
    for tbl, pk, scope, vals in rows(connection, f"SELECT tbl, pk, scope, vals FROM sync_parked WHERE {condition}", values):
        known = load_values(vals)
        path = renamed(scope, old, new)
        text = dump(known | ({SCOPE: path} if SCOPE in known else {}))
        run(connection, "UPDATE sync_parked SET scope = ?, vals = ? WHERE tbl = ? AND pk = ?", [path, text, tbl, pk])
