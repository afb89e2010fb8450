"""What is kept apart: whole bundles of withdrawn devices, and rows a device had no right to write. Listed until somebody releases or discards.

Nothing is lost by waiting here: releasing merges it as if it had been allowed, whenever that is, and merging knows no order.
"""
from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import bundle, capture
from gridapp.sync import schema as schemas
from gridapp.sync.merge import Merge, Tally
from gridapp.sync.rows import load_values
from gridapp.sync.schema import SCOPE, Schema
from gridapp.sync.session import Session
from gridapp.sync.sql import rows, run
from gridapp.sync.stamping import stamp_edits
from gridapp.sync.wire import Chunk


@dataclass(frozen=True)
class Held:
    """One thing kept apart. kind: bundle or row. reason: revoked (a bundle), or why the row was not merged (scope).

    at: when it came, wall clock, ms. bytes: a bundle's size. record, row_id, scope, values (by column name): of a row, else empty.
    """

    key: str
    kind: str
    device: str
    device_label: str
    at: int
    reason: str
    bytes: int = 0
    record: str = ""
    row_id: str = ""
    scope: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def held(connection: Connection, schema: Schema | None = None) -> list[Held]:
    """All that is kept apart, oldest first."""
    known = schema or schemas.current()
    statement = "SELECT bundle, device, label, at, reason, size FROM sync_held"
    bundles = [Held(f"bundle:{bundle_id}", "bundle", *more) for bundle_id, *more in rows(connection, statement)]
    statement = (
        "SELECT q.bundle, q.tbl, q.pk, q.device, coalesce(t.label, q.device), coalesce(a.at, 0), q.reason, q.state FROM sync_quarantine AS q "
        "LEFT JOIN sync_trust AS t ON t.device = q.device LEFT JOIN sync_applied AS a ON a.bundle = q.bundle"
    )
    return sorted([*bundles, *(_row(known, *each) for each in rows(connection, statement))], key=lambda each: (each.at, each.key))


def _row(schema: Schema, bundle_id: str, tbl: int, pk: str, device: str, label: str, at: int, reason: str, state: str) -> Held:
    shape, values = schema.by_number.get(tbl), load_values(json.dumps(json.loads(state)["vals"]))
    named = {each.name: values[each.number] for each in shape.fields if each.number in values} if shape else {}
    scope = str(values.get(SCOPE) or "")
    return Held(f"row:{bundle_id}:{tbl}:{pk}", "row", device, label, at, reason, 0, shape.name if shape else "", pk, scope, named)


def release(connection: Connection, session: Session, key: str) -> Tally:
    """Merge it as if it had been allowed. A second release of the same thing does nothing."""
    kind, _, rest = key.partition(":")
    tally = _release_bundle(connection, session, rest) if kind == "bundle" else _release_row(connection, session, rest)
    discard(connection, key)
    return tally


def _release_bundle(connection: Connection, session: Session, bundle_id: str) -> Tally:
    found = rows(connection, "SELECT file FROM sync_held WHERE bundle = ?", [bundle_id])
    return bundle.take_stream(connection, session, io.BytesIO(found[0][0]), released=True).tally if found else Tally()


def _release_row(connection: Connection, session: Session, rest: str) -> Tally:
    bundle_id, tbl, pk = rest.split(":")
    statement = "SELECT device, state FROM sync_quarantine WHERE bundle = ? AND tbl = ? AND pk = ?"
    found = rows(connection, statement, [bundle_id, int(tbl), pk])
    if not found:
        return Tally()
    stamp_edits(connection, session)
    with capture.paused(connection, session.schema):
        merge = Merge(connection, session, bundle_id, found[0][0], None)
        merge.chunk(_chunk(int(tbl), pk, json.loads(found[0][1])))
        return merge.finish()


def _chunk(tbl: int, pk: str, state: dict[str, Any]) -> Chunk:
    values = load_values(json.dumps(state["vals"]))
    siblings = [(number, tuple(dot), value) for number, dot, value in state["siblings"]]
    columns = [[value] for value in values.values()]
    return Chunk(tbl, list(values), [pk], [state["stamp"]], columns, {}, {0: siblings} if siblings else {})


def discard(connection: Connection, key: str) -> bool:
    """Give it up for good; whether it was there."""
    kind, _, rest = key.partition(":")
    if kind == "bundle":
        return bool(run(connection, "DELETE FROM sync_held WHERE bundle = ?", [rest]))
    bundle_id, tbl, pk = rest.split(":")
    return bool(run(connection, "DELETE FROM sync_quarantine WHERE bundle = ? AND tbl = ? AND pk = ?", [bundle_id, int(tbl), pk]))
