"""Links and receipts: what each party has surely got.

A receipt names random bundle ids, never counters, and only ids this node remembers having sent count. The newest message decides,
never the best of all: a peer restored from a backup says less than before, and is sent the rest again.
A delta names its base; without that base the rows are merged but the bundle is not claimed, so the sender goes back.
Rows that came from a peer are not sent back to it: the bundle then says which of the peer's bundles it presumes, and the same rule
holds: a clone that never sent that bundle does not claim this one.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import moving
from gridapp.sync import schema as schemas
from gridapp.sync.sql import get_meta, insert_or_ignore, one, reach, rows, run, under
from gridapp.sync.troubles import NotEnrolled

RECEIPTS = 32


@dataclass(frozen=True)
class Link:
    """One pair of parties. id: the other's device id. way: up (to our office) or down (to a grid). scope: the grid's path.

    agreed: rows that arrived up to it are on both sides the same, as far as the last equal digest says.
    """

    id: str
    way: str
    label: str
    scope: str
    cursor: int = 0
    base: str | None = None
    heard: str | None = None
    agreed: int = 0

    @property
    def slice(self) -> str:
        """Which rows go there: downward the grid's own, upward all."""
        return self.scope if self.way == "down" else ""


    @property
    def goes(self) -> str:
        """Which parked rows go there, as a condition: what left a grid does not go down to it."""
        return "reason <> 'moved'" if self.way == "down" else "1=1"

    def share(self, shape: schemas.Shape) -> tuple[str, list[Any]]:
        """The condition for a record's rows that go there: of some records also what offices above the grid wrote."""
        return (reach if shape.downward else under)("scope", self.slice)

    def share_beside(self, schema: schemas.Schema) -> tuple[str, list[Any]]:
        """The same for a table that holds rows of any record by its number (tbl)."""
        condition, values = under("scope", self.slice)
        numbers = ", ".join(str(shape.number) for shape in schema.shapes if shape.downward)
        if not numbers or not self.slice:
            return condition, values
        wider, more = reach("scope", self.slice)
        return f"({condition} OR (tbl IN ({numbers}) AND {wider}))", [*values, *more]


NAMES = "id, way, label, scope, cursor, base, heard, agreed"


def links(connection: Connection) -> list[Link]:
    """All links, our office first."""
    return [Link(*row) for row in rows(connection, f"SELECT {NAMES} FROM sync_link ORDER BY way DESC, scope, id")]


def get(connection: Connection, link_id: str) -> Link:
    """One link; NotEnrolled when there is none."""
    found = rows(connection, f"SELECT {NAMES} FROM sync_link WHERE id = ?", [link_id])
    if not found:
        raise NotEnrolled
    return Link(*found[0])


def upward(connection: Connection) -> Link | None:
    """The link to our office, if enrolled."""
    found = rows(connection, f"SELECT {NAMES} FROM sync_link WHERE way = 'up' ORDER BY scope, id")
    return Link(*found[0]) if found else None


def open_link(connection: Connection, link: Link) -> None:
    """Start a link with empty cursors (one that is there keeps them)."""
    run(connection, insert_or_ignore("sync_link", ("id", "way", "label", "scope", "cursor")), [link.id, link.way, link.label, link.scope, 0])
    run(connection, "UPDATE sync_link SET label = ?, scope = ?, way = ? WHERE id = ?", [link.label, link.scope, link.way, link.id])


def held(connection: Connection, link: Link) -> list[int]:
    """Arrival numbers after the cursor whose rows the peer surely holds: they came in its newest message or what that one builds on."""
    ticks = rows(connection, "SELECT n, bundle FROM sync_tick WHERE n > ? ORDER BY n", [link.cursor])
    if not ticks or not link.heard:
        return []
    bases: dict[str, str | None] = dict(rows(connection, "SELECT bundle, base FROM sync_applied WHERE link = ?", [link.id]))
    chain: set[str] = set()
    each: str | None = link.heard
    while each and each in bases and each not in chain:
        chain.add(each)
        each = bases[each]
    return [n for n, bundle in ticks if bundle in chain]


def without(column: str, ticks: Sequence[int]) -> str:
    """A condition that leaves out rows of these arrival numbers."""
    return f"{column} NOT IN ({', '.join(map(str, ticks))})" if ticks else "1=1"


def unconfirmed(connection: Connection, link: Link, schema: schemas.Schema | None = None) -> int:
    """How many rows the peer may not have yet: stamped ones past its receipt, and edits not even stamped."""
    schema, ticks = schema or schemas.current(), held(connection, link)
    count = 0
    for shape in schema.shapes:
        condition, scope = link.share(shape)
        fresh = f"SELECT pk FROM sync_log WHERE tbl = {shape.number} AND mask <> 0"
        arrived = f"(sync_arrival > ? AND sync_arrival > 0 AND {without('sync_arrival', ticks)})"
        count += one(connection, f"SELECT count(*) FROM {shape.name} WHERE ({arrived} OR id IN ({fresh})) AND {condition}", [link.cursor, *scope])
    arrived = f"(arrival > ? AND stamp IS NOT NULL AND {without('arrival', ticks)})"
    # deleted just now, and once sent: the stamp is there but the deletion is only in the log
    condition, scope = link.share_beside(schema)
    deleted = "(stamp IS NOT NULL AND EXISTS (SELECT 1 FROM sync_log AS l WHERE l.tbl = sync_parked.tbl AND l.pk = sync_parked.pk))"
    parked = f"SELECT count(*) FROM sync_parked WHERE ({arrived} OR {deleted}) AND {link.goes} AND {condition}"
    return count + one(connection, parked, [link.cursor, *scope]) + _unmarked(connection, link, schema)


def _unmarked(connection: Connection, link: Link, schema: schemas.Schema) -> int:
    """How many rows left a grid's path without its knowing, as far as we know."""
    if link.way != "down":
        return 0
    condition, scope = under("scope", link.slice)
    fresh = one(connection, f"SELECT count(*) FROM sync_left WHERE sid = '' AND {condition}", scope)
    return fresh + len({tuple(each[:2]) for each in moving.downward(connection, schema, link.cursor, link.slice)})


def confirmed(connection: Connection, record: str, row_id: str) -> bool:
    """Whether the office surely holds a row as it is here; true where there is no office."""
    office = upward(connection)
    return office is None or has(connection, office, record, row_id)


def has(connection: Connection, link: Link, record: str, row_id: str) -> bool:
    """Whether the other end of a link surely holds a row as it is here."""
    number = schemas.current().by_name[record].number
    fresh = one(connection, "SELECT 1 FROM sync_log WHERE tbl = ? AND pk = ? AND mask <> 0", [number, row_id])
    arrival = one(connection, f"SELECT sync_arrival FROM {record} WHERE id = ?", [row_id])
    return not fresh and arrival is not None and (0 < arrival <= link.cursor or arrival in held(connection, link))


def receipts(connection: Connection, link: Link) -> list[str]:
    """Ids of the peer's last bundles that were claimed here, newest first."""
    found = rows(connection, f"SELECT bundle FROM sync_applied WHERE link = ? AND claimed = 1 ORDER BY n DESC LIMIT {RECEIPTS}", [link.id])
    return [bundle for (bundle,) in found]


def claimable(connection: Connection, link: Link, base: str | None, presumes: str | None) -> bool:
    """Whether what a bundle builds on is here: its base was claimed, and what it presumes was sent by us."""
    if base and not one(connection, "SELECT 1 FROM sync_applied WHERE bundle = ? AND link = ? AND claimed = 1", [base, link.id]):
        return False
    return not presumes or bool(one(connection, "SELECT 1 FROM sync_sent WHERE bundle = ? AND link = ?", [presumes, link.id]))


def is_current(connection: Connection, link: Link) -> bool:
    """Whether we have all the peer sent up to its newest message: that one is claimed, or none ever came."""
    claimed = one(connection, "SELECT claimed FROM sync_applied WHERE bundle = ?", [link.heard or ""])
    return claimed == 1 or one(connection, "SELECT 1 FROM sync_applied WHERE link = ?", [link.id]) is None


def start_over(connection: Connection, link: Link) -> None:
    """Let both send everything again: claim nothing of what came, forget what the peer confirmed."""
    run(connection, "UPDATE sync_applied SET claimed = 0 WHERE link = ?", [link.id])
    run(connection, "UPDATE sync_link SET cursor = 0, base = NULL, heard = NULL, agreed = 0 WHERE id = ?", [link.id])
    run(connection, "UPDATE sync_sent SET acked = NULL WHERE link = ?", [link.id])
    run(connection, "UPDATE sync_peer SET epoch = epoch + 1, upto = -1 WHERE link = ?", [link.id])


def honour(connection: Connection, link: Link, bundle: str, applied: Sequence[Any], at: int) -> None:
    """Take the newest message's receipt: the cursor becomes the best bundle it names that we remember sending, or nothing. at: now, ms."""
    sent: dict[str, int] = dict(rows(connection, "SELECT bundle, upto FROM sync_sent WHERE link = ?", [link.id]))
    known = [each for each in applied[:RECEIPTS] if each in sent]
    best = max(known, key=lambda each: sent[each], default=None)
    cursor = sent[best] if best else 0
    # a peer that says less than before lost what it had: what was agreed beyond that is agreed no more
    agreed = link.agreed if cursor >= link.cursor else min(link.agreed, cursor)
    run(
        connection, "UPDATE sync_link SET cursor = ?, base = ?, heard = ?, agreed = ? WHERE id = ?", [cursor, best, bundle, agreed, link.id]
    )
    run(connection, "UPDATE sync_sent SET acked = NULL WHERE link = ? AND upto > ?", [link.id, cursor])
    if best:
        run(connection, "UPDATE sync_sent SET acked = ? WHERE link = ? AND upto <= ? AND acked IS NULL", [at, link.id, cursor])


def agree(connection: Connection, link: Link) -> None:
    """Both sides hold the same now: remember up to where."""
    run(connection, "UPDATE sync_link SET agreed = ? WHERE id = ?", [int(get_meta(connection, "tick") or 0), link.id])
