"""What went out and what came in, newest first, for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync.sql import one, rows


@dataclass(frozen=True)
class Passed:
    """One bundle: its id, when (wall clock, ms), out or in, the other's label, and what it held (rows, or the merge's tally)."""

    at: int
    way: str
    label: str
    counts: dict[str, Any]
    bundle: str


def passed(connection: Connection, link_id: str = "", limit: int = 50) -> list[Passed]:
    """The last bundles of one link, or of all."""
    where, values = ("WHERE p.link = ?", [link_id]) if link_id else ("", [])
    label = "coalesce(l.label, '')"
    sent = rows(
        connection,
        f"SELECT p.at, {label}, p.rows, p.bundle FROM sync_sent p LEFT JOIN sync_link l ON l.id = p.link {where} ORDER BY p.at DESC LIMIT {limit}",
        values,
    )
    taken = rows(
        connection,
        f"SELECT p.at, {label}, p.counts, p.bundle FROM sync_applied p LEFT JOIN sync_link l ON l.id = p.link {where} "
        f"ORDER BY p.at DESC LIMIT {limit}",
        values,
    )
    found = [Passed(at, "out", who, {"rows": count}, bundle) for at, who, count, bundle in sent]
    found += [Passed(at, "in", who, json.loads(counts), bundle) for at, who, counts, bundle in taken]
    return sorted(found, key=lambda each: each.at, reverse=True)[:limit]


def last(connection: Connection, link_id: str, way: str) -> int | None:
    """When the last bundle went ('out') or came ('in'), ms; None for never."""
    table = "sync_sent" if way == "out" else "sync_applied"
    return one(connection, f"SELECT max(at) FROM {table} WHERE link = ?", [link_id])


def last_before(connection: Connection, at: int) -> int:
    """When anything last went out or came in before a moment, ms; 0 for never."""
    found = (one(connection, f"SELECT max(at) FROM {table} WHERE at < ?", [at]) for table in ("sync_sent", "sync_applied"))
    return max(each or 0 for each in found)
