"""What goes into a bundle: whole rows that arrived after the cursor, the sessions that wrote them, and archived losers."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import archive, devices, moving, pieces
from gridapp.sync import stamp as stamps
from gridapp.sync.authority import NAMES
from gridapp.sync.digest import digest
from gridapp.sync.link import Link, is_current, without
from gridapp.sync.rows import any_of, load_extra, load_siblings, load_values
from gridapp.sync.schema import Schema, Shape
from gridapp.sync.sql import among, rows, stream
from gridapp.sync.wire import ROWS, Chunk, Message

FEW, LARGE = 4, 64 * 1024  # rows that may each hold a whole file: a message is bounded (wire.MOST_MESSAGE)


@dataclass
class Outgoing:
    """The rows one link has not surely got, and pieces of attachments within the budget (bytes).

    counts (rows sent by table number) and carried (pieces) are filled while the messages are drawn.
    """

    connection: Connection
    schema: Schema
    link: Link
    ticks: list[int]
    budget: int = pieces.BUDGET
    counts: dict[int, int] = field(default_factory=dict)
    carried: list[pieces.Key] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)

    def messages(self) -> Iterator[Message]:
        """Manifest, pieces wanted, chunks (each after the sessions it needs), archive, what left the grid, pieces, end."""
        yield "manifest", {"schema": self.schema.mark, "fields": self.schema.listed(), "scope": self.link.scope}
        if wanted := pieces.wants(self.connection, self.link):
            yield "wants", wanted
        for chunk in self._chunks():
            yield from self._sessions(stamps.sessions(chunk.stamps))
            self.counts[chunk.table] = self.counts.get(chunk.table, 0) + len(chunk.ids)
            yield chunk.message()
        lost = archive.since(self.connection, self.link.cursor, without("arrival", self.ticks), self.link.share_beside(self.schema))
        yield from self._sessions(row[5] for row in lost)
        if lost:
            yield "archive", lost
        yield from self._left()
        for piece in pieces.outgoing(self.connection, self.link, self.budget, self.carried):
            yield "piece", piece
        yield "end", {"counts": self.counts, **self._digest()}

    def _left(self) -> Iterator[Message]:
        """Downward: what left the grid's path. Upward: what is kept here only because it left."""
        peer = self.link
        down = peer.way == "down"
        found = moving.downward(self.connection, self.schema, peer.cursor, peer.slice) if down else moving.upward(self.connection, peer.cursor)
        yield from self._sessions(each[3] for each in found)
        for start in range(0, len(found), ROWS):
            yield "left", found[start : start + ROWS]
        if down and (settled := moving.answered(self.connection, peer.slice)):
            yield "answered", settled

    def _digest(self) -> dict[str, str]:
        """Downward only: one node of each pair need compare, and an office with many grids is not the one to do it. Not while we are behind."""
        if self.link.way == "up" or not is_current(self.connection, self.link):
            return {}
        return {"digest": digest(self.connection, self.link.scope, self.schema)}

    def _sessions(self, sids: Iterable[str]) -> Iterator[Message]:
        new = {*sids} - self._told
        if new:
            self._told |= new
            condition, keys = among(self.connection, "sid", sorted(new))
            found = rows(self.connection, f"SELECT {', '.join(NAMES)} FROM sync_session WHERE {condition}", [keys])
            offices = [each for each in devices.offices(self.connection, {row[1] for row in found}) if each["device"] not in self._told]
            if offices:
                self._told.update(each["device"] for each in offices)
                yield "certificates", offices
            yield "sessions", found

    def _chunks(self) -> Iterator[Chunk]:
        for shape in self.schema.shapes:
            yield from self._standing(shape)
        yield from self._parked()

    def _standing(self, shape: Shape) -> Iterator[Chunk]:
        condition, scope = self.link.share(shape)
        arrived = f"sync_arrival > ? AND sync_arrival > 0 AND {without('sync_arrival', self.ticks)}"
        statement = f"SELECT id, sync_stamp, {', '.join(shape.names)} FROM {shape.name} WHERE {arrived} AND {condition}"
        siblings, extra = (any_of(self.connection, table, shape.number) for table in ("sync_sibling", "sync_extra"))
        for found in stream(self.connection, statement, [self.link.cursor, *scope], FEW if shape.downward else ROWS):
            ids, texts, *columns = map(list, zip(*found, strict=True))
            chunk = Chunk(shape.number, list(shape.numbers), ids, texts, columns)
            self._beside(chunk, siblings, extra)
            yield chunk

    def _beside(self, chunk: Chunk, siblings: bool, extra: bool) -> None:
        place = {pk: row for row, pk in enumerate(chunk.ids)}
        if siblings:
            chunk.siblings = {place[pk]: found for pk, found in load_siblings(self.connection, chunk.table, chunk.ids).items()}
        if extra:
            chunk.extra = {place[pk]: found for pk, found in load_extra(self.connection, chunk.table, chunk.ids).items()}

    def _parked(self) -> Iterator[Chunk]:
        """Rows held outside their table travel like the others; grouped by the fields they have, so that none is claimed."""
        condition, scope = self.link.share_beside(self.schema)
        statement = (
            f"SELECT tbl, pk, stamp, vals FROM sync_parked WHERE arrival > ? AND stamp IS NOT NULL AND {self.link.goes} "
            f"AND {without('arrival', self.ticks)} AND {condition} ORDER BY tbl, pk"
        )
        for found in stream(self.connection, statement, [self.link.cursor, *scope], ROWS):
            groups: dict[tuple[int, tuple[int, ...], str], list[tuple[str, str, dict[int, Any]]]] = {}
            for tbl, pk, stamp, vals in found:
                values = load_values(vals)
                groups.setdefault((tbl, tuple(values), pk if len(vals) > LARGE else ""), []).append((pk, stamp, values))
            for (tbl, numbers, _), members in groups.items():
                columns = [[values[number] for _, _, values in members] for number in numbers]
                chunk = Chunk(tbl, list(numbers), [pk for pk, _, _ in members], [stamp for _, stamp, _ in members], columns)
                self._beside(chunk, True, True)
                yield chunk
