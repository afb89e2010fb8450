"""Rows that are here but do not stand in their table, for people: why each waits, and what would bring it in."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import schema as schemas
from gridapp.sync.rows import load_values
from gridapp.sync.schema import Schema, Shape
from gridapp.sync.sql import one, rows


@dataclass(frozen=True)
class Beside:
    """One parked row. reason: parent or value. missing: the record it points at that is not here; deleted: somebody deleted that."""

    record: str
    row_id: str
    scope: str
    reason: str
    values: Mapping[str, Any]
    missing: str = ""
    deleted: bool = False


def parked(connection: Connection, schema: Schema | None = None) -> list[Beside]:
    """Rows of known records that wait for a parent, or hold a value no column takes; by record and row."""
    known = schema or schemas.current()
    found = rows(connection, "SELECT tbl, pk, scope, reason, vals FROM sync_parked WHERE reason IN ('parent', 'value') ORDER BY tbl, pk")
    return [_beside(connection, known, known.by_number[tbl], *more) for tbl, *more in found if tbl in known.by_number]


def _beside(connection: Connection, schema: Schema, shape: Shape, pk: str, scope: str, reason: str, vals: str) -> Beside:
    values = load_values(vals)
    named = {each.name: values.get(each.number) for each in shape.fields}
    for column, parent in shape.parents if reason == "parent" else ():
        key = named.get(column)
        if key and not one(connection, f"SELECT 1 FROM {parent} WHERE id = ?", [key]):
            gone = one(connection, "SELECT reason FROM sync_parked WHERE tbl = ? AND pk = ?", [schema.by_name[parent].number, key]) == "deleted"
            return Beside(shape.name, pk, scope, reason, named, parent, gone)
    return Beside(shape.name, pk, scope, reason, named)


def newer(connection: Connection, schema: Schema | None = None) -> dict[str, int]:
    """How many rows hold what only a newer program knows: by the record's name whose fields they are, '' for whole tables."""
    known, counts = schema or schemas.current(), dict[str, int]()
    parts = ("sync_extra GROUP BY tbl", "sync_parked WHERE reason = 'table' GROUP BY tbl")
    statement = " UNION ALL ".join(f"SELECT tbl, count(*) FROM {part}" for part in parts)
    for tbl, count in rows(connection, statement):
        name = known.by_number[tbl].name if tbl in known.by_number else ""
        counts[name] = counts.get(name, 0) + count
    return dict(sorted(counts.items()))
