"""How far each row is on its way over a link, told by its arrival number alone: nothing is kept per row, so nothing can go out of step.

waiting (待导出): edited, in no bundle yet. sent (已导出): in a bundle that was written and verified. delivered (已送达): the peer's
receipt names a bundle that had it. agreed (已确认): since then both digests were equal, or it came from the peer and was not altered.
A peer that lost what it had says less than before, and rows go back to sent: waiting and sent together are always the unconfirmed ones.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import link as links
from gridapp.sync import schema as schemas
from gridapp.sync.link import Link, without
from gridapp.sync.schema import Schema, Shape
from gridapp.sync.sql import among, one, rows

WORDS = {"waiting": "待导出", "sent": "已导出", "delivered": "已送达", "agreed": "已确认"}


@dataclass(frozen=True)
class Marks:
    """Where the states part on one link, as arrival numbers. sent: what the newest bundle went up to. theirs: rows that came from the peer."""

    sent: int
    cursor: int
    agreed: int
    held: frozenset[int]
    theirs: frozenset[int]

    def state(self, arrival: int, edited: bool) -> str:
        """One row's state."""
        if edited or not arrival:
            return "waiting"
        if arrival > self.cursor and arrival not in self.held:
            return "sent" if arrival <= self.sent else "waiting"
        return "agreed" if arrival <= self.agreed or arrival in self.theirs else "delivered"


@dataclass(frozen=True)
class SentBundle:
    """A bundle that was written: for whom (label), when (ms), rows, its file's name and size, its state, when a receipt covered it (ms)."""

    id: str
    label: str
    at: int
    rows: int
    name: str
    size: int
    state: str
    acked: int | None


def marks(connection: Connection, link: Link) -> Marks:
    """The marks of a link as it stands."""
    sent = one(connection, "SELECT max(upto) FROM sync_sent WHERE link = ?", [link.id]) or 0
    theirs = rows(connection, "SELECT t.n FROM sync_tick AS t JOIN sync_applied AS a ON a.bundle = t.bundle WHERE a.link = ?", [link.id])
    return Marks(sent, link.cursor, link.agreed, frozenset(links.held(connection, link)), frozenset(n for (n,) in theirs))


def states(connection: Connection, link: Link, shape: Shape, ids: Sequence[str]) -> dict[str, str]:
    """The state of each of these rows that stands in its table."""
    where, (condition, keys) = marks(connection, link), among(connection, "id", ids)
    found = rows(connection, f"SELECT id, sync_arrival FROM {shape.name} WHERE {condition}", [keys])
    condition, keys = among(connection, "pk", ids)
    log = rows(connection, f"SELECT DISTINCT pk FROM sync_log WHERE tbl = ? AND mask <> 0 AND {condition}", [shape.number, keys])
    edited = {pk for (pk,) in log}
    return {pk: where.state(arrival, pk in edited) for pk, arrival in found}


def counts(connection: Connection, link: Link, schema: Schema | None = None) -> dict[str, int]:
    """How many rows (deleted ones too) are waiting, sent and delivered. waiting + sent is what link.unconfirmed counts."""
    schema, where = schema or schemas.current(), marks(connection, link)
    sent = _between(connection, link, schema, where.cursor, where.sent, where.held)
    delivered = _between(connection, link, schema, where.agreed, where.cursor, where.theirs)
    return {"waiting": links.unconfirmed(connection, link, schema) - sent, "sent": sent, "delivered": delivered}


def _between(connection: Connection, link: Link, schema: Schema, low: int, high: int, left_out: frozenset[int]) -> int:
    """Rows that arrived after low and up to high, but for some arrivals and for what was edited since."""
    ticks = sorted(n for n in left_out if low < n <= high)

    def count(table: str, key: str, arrival: str, number: str, share: tuple[str, list[Any]]) -> int:
        condition, scope = share
        rest = f"{without(arrival, ticks)} AND {key} NOT IN (SELECT pk FROM sync_log WHERE mask <> 0 AND tbl = {number}) AND {condition}"
        statement = f"SELECT count(*) FROM {table} WHERE {arrival} > ? AND {arrival} > 0 AND {arrival} <= ? AND {rest}"
        return one(connection, statement, [low, high, *scope])

    standing = sum(count(shape.name, "id", "sync_arrival", str(shape.number), link.share(shape)) for shape in schema.shapes)
    condition, scope = link.share_beside(schema)
    return standing + count("sync_parked", "pk", "arrival", "sync_parked.tbl", (f"stamp IS NOT NULL AND {condition}", scope))


def sent_bundles(connection: Connection) -> list[SentBundle]:
    """Every bundle written, newest first. What a later receipt covers has arrived too, whichever bundle brought it."""
    where = {each.id: (each.cursor, each.agreed) for each in links.links(connection)}
    label = "(SELECT label FROM sync_link WHERE sync_link.id = s.link)"
    found = rows(connection, f"SELECT bundle, link, {label}, at, rows, name, size, upto, acked FROM sync_sent AS s ORDER BY at DESC, bundle")
    return [
        SentBundle(bundle, to or "", at, count, name, size, _bundle_state(upto, *where.get(link, (0, 0))), acked)
        for bundle, link, to, at, count, name, size, upto, acked in found
    ]


def _bundle_state(upto: int, cursor: int, agreed: int) -> str:
    if upto > cursor:
        return "sent"
    return "agreed" if upto <= agreed else "delivered"
