"""Merging: incoming rows join the ones kept here. Never makes dots, never logs, never fails for one row.

Whole chunks at once: one look at the stamps, then plain inserts, updates by the set of changed fields, and care only for rows that
are concurrent, deleted, parked, or carry losers or unknown fields.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from gridapp.sync import apart, archive, authority, devices, forms, guard, moving, parking, sealing
from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.meeting import Meeting
from gridapp.sync.rows import Change, Kept, any_of, fits_column
from gridapp.sync.schema import DELETED, SCOPE, Shape
from gridapp.sync.session import Session
from gridapp.sync.sql import among, next_tick, rows, run
from gridapp.sync.stamp import APART, NEWER, State
from gridapp.sync.troubles import Damaged
from gridapp.sync.wire import Chunk

Here = dict[str, tuple[str, str]]
NOWHERE = ("", "")


@dataclass
class Tally:
    """What a bundle did. conflicts: rows with a new true conflict. moved: rows that left for another grid.

    unknown: rows kept of tables or fields this version does not know.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    conflicts: int = 0
    deleted: int = 0
    parked: int = 0
    moved: int = 0
    quarantined: int = 0
    unknown: int = 0


@dataclass
class Merge:
    """One bundle's merge. allowed: the path its sender may write under (None: anywhere); former: what that path was called before.

    Local edits must be stamped already.
    """

    connection: Connection
    session: Session
    bundle: str
    device: str
    allowed: str | None
    former: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        # rows that end as the sender has them need not go back to it; rows that end otherwise must
        self.theirs = next_tick(self.connection)
        self.ours = next_tick(self.connection)
        self.wrote = False
        self.meetings: dict[frozenset[int], Meeting] = {}
        self.gone: dict[str, list[str]] = {}
        self.ranks = authority.ranks(self.connection)
        parking.defer(self.connection)

    def sessions(self, found: Any) -> None:
        """Who wrote what follows."""
        authority.keep(self.connection, forms.sessions(found))
        self.ranks = authority.ranks(self.connection)

    def certificates(self, found: Any) -> None:
        """Offices whose sessions follow."""
        devices.learn(self.connection, found)
        self.ranks = authority.ranks(self.connection)

    def archive(self, found: Any) -> None:
        """Losers another node archived."""
        fresh = [row for row in forms.losers(found) if self._may_write(row[4])]
        self.wrote = self.wrote or bool(fresh)
        archive.put(self.connection, [(*row, self.theirs) for row in fresh])

    def left(self, found: Any) -> None:
        """Rows that left a path: told by our office, or by a grid that still keeps them."""
        marks, schema, at = forms.marks(found), self.session.schema, self.session.clock()
        if self.allowed is not None:
            own = devices.own_scope(self.connection)
            marks = [each for each in marks if self._may_write(each[2]) and self.ranks.get(each[3])]
            moving.hear(self.connection, schema, [each for each in marks if guard.within(each[5], own)], self.ours, at)
            marks = [each for each in marks if not guard.within(each[5], own)]
        for number, keys in moving.receive(self.connection, schema, marks, self.ours, at).items():
            self.tally.moved += len(keys)
            if keys and number in schema.by_number:
                self.gone.setdefault(schema.by_number[number].name, []).extend(keys)

    def answered(self, found: Any) -> None:
        """Our office never saw what took these rows away, and says where they stand."""
        if self.allowed is not None:
            return
        schema, rank = self.session.schema, partial(parking.rank_of, ranks=self.ranks)
        moving.forget(self.connection, schema, forms.marks(found), self.ours, rank)

    def chunk(self, chunk: Chunk) -> None:
        """Merge one chunk; a row the engine refuses is parked, the rest stands."""
        shape = self.session.schema.by_number.get(chunk.table)
        here = self._here(chunk, shape)
        left = [row for row, (pk, text) in enumerate(zip(chunk.ids, chunk.stamps, strict=True)) if here.get(pk, NOWHERE)[0] != text]
        self.tally.unchanged += len(chunk.ids) - len(left)
        if left:
            self.wrote = True
            self._check_stamps(chunk)
            there = {pk: scope for pk, (_, scope) in here.items()} | self._parked_scopes(chunk)
            left = self._guard(chunk, shape, left, there)
            self._safely(chunk, shape, left, here)
            self._met(chunk, left, there)

    def _met(self, chunk: Chunk, left: Sequence[int], there: dict[str, str]) -> None:
        """Rows that were elsewhere here than in the bundle."""
        if SCOPE not in chunk.fields:
            return
        paths = chunk.columns[chunk.fields.index(SCOPE)]
        told = {chunk.ids[row]: (str(paths[row]), chunk.stamps[row]) for row in left if there.get(chunk.ids[row], paths[row]) != paths[row]}
        if told:
            moving.met(self.connection, self.session.schema, chunk.table, told, there, self.ours, self.session.clock())

    def _safely(self, chunk: Chunk, shape: Shape | None, left: Sequence[int], here: Here) -> None:
        before = replace(self.tally)
        try:
            with self.connection.begin_nested():
                self._rows(chunk, shape, left, here)
        except (IntegrityError, DataError):
            self.tally = before
            for row in left:
                self._one_by_one(chunk, shape, row)

    def finish(self) -> Tally:
        """Bring back and park; the tally."""
        if self.wrote:
            run(self.connection, "INSERT INTO sync_tick (n, bundle) VALUES (?, ?)", [self.theirs, self.bundle])
        self.tally.parked += max(0, parking.settle(self.connection, self.session.schema, [self.theirs, self.ours], self.gone))
        return self.tally

    def _check_stamps(self, chunk: Chunk) -> None:
        try:
            for text in {*chunk.stamps}:
                if not stamps.FIRST.fullmatch(text):
                    stamps.read(text)
        except ValueError as error:
            raise Damaged from error

    def _may_write(self, scope: str) -> bool:
        return self.allowed is None or any(guard.within(scope, each) for each in (self.allowed, *self.former))

    def _guard(self, chunk: Chunk, shape: Shape | None, left: list[int], there: dict[str, str]) -> list[int]:
        """The rows the sender may write; others are quarantined."""
        if self.allowed is None:
            return left
        foreign = guard.foreign(self.connection, self._may_write, self.allowed, self.ranks, chunk, shape, left, there)
        foreign -= {row for row in foreign if self._is_word(chunk, row, there)}
        for row in sorted(foreign):
            apart.put_row(self.connection, self.bundle, self.device, "scope", chunk, row)
        self.tally.quarantined += len(foreign)
        return [row for row in left if row not in foreign] if foreign else left

    def _is_word(self, chunk: Chunk, row: int, there: dict[str, str]) -> bool:
        """Whether it is an office's own signed word that comes back to where it was forgotten."""
        shape = self.session.schema.by_number.get(chunk.table)
        return bool(shape and shape.downward) and chunk.ids[row] not in there and sealing.is_word(self.connection, shape, chunk, row)

    def _parked_scopes(self, chunk: Chunk) -> dict[str, str]:
        if not any_of(self.connection, "sync_parked", chunk.table):
            return {}
        condition, value = among(self.connection, "pk", chunk.ids)
        return dict(rows(self.connection, f"SELECT pk, scope FROM sync_parked WHERE tbl = ? AND {condition}", [chunk.table, value]))

    def _rows(self, chunk: Chunk, shape: Shape | None, left: Sequence[int], here: Here) -> None:
        if shape is None or not set(chunk.fields) <= shape.by_number.keys() or not self._fit(chunk, shape):
            self._carefully(chunk, shape, left)
            return
        careful, meet = self._need_care(chunk), self._meeting(chunk)
        inserts, care = [], []
        updates: dict[tuple[int, ...], list[tuple[int, int, str]]] = {}
        for row in left:
            pk = chunk.ids[row]
            if row in careful:
                care.append(row)
                continue
            if pk not in here:
                inserts.append(row)
                continue
            order, joined, touched = meet(here[pk][0], chunk.stamps[row])
            if order not in (NEWER, APART):
                self.tally.unchanged += 1
            elif touched is None:
                care.append(row)
            else:
                updates.setdefault(touched, []).append((row, self.theirs if order == NEWER else self.ours, joined))
        self._insert(chunk, shape, inserts)
        self._update(chunk, shape, updates)
        if care:
            self._carefully(chunk, shape, care)

    def _meeting(self, chunk: Chunk) -> Meeting:
        """One for all chunks of the same fields."""
        numbers = frozenset(chunk.fields)
        if numbers not in self.meetings:
            self.meetings[numbers] = Meeting(numbers)
        return self.meetings[numbers]

    def _here(self, chunk: Chunk, shape: Shape | None) -> Here:
        if shape is None:
            return {}
        condition, value = among(self.connection, "id", chunk.ids)
        found = rows(self.connection, f"SELECT id, sync_stamp, scope FROM {shape.name} WHERE {condition}", [value])
        return {pk: (stamp, scope) for pk, stamp, scope in found}

    def _fit(self, chunk: Chunk, shape: Shape) -> bool:
        columns = zip(chunk.fields, chunk.columns, strict=True)
        return SCOPE in chunk.fields and all(fits_column(column, shape.by_number[number].text) for number, column in columns)

    def _need_care(self, chunk: Chunk) -> set[int]:
        """Rows that come with losers or unknown fields, or that are parked here, have such here, or left a grid."""
        found: set[str] = set()
        for table in ("sync_parked", "sync_sibling", "sync_extra", "sync_left"):
            if any_of(self.connection, table, chunk.table):
                condition, value = among(self.connection, "pk", chunk.ids)
                found.update(pk for (pk,) in rows(self.connection, f"SELECT pk FROM {table} WHERE tbl = ? AND {condition}", [chunk.table, value]))
        beside = {*chunk.siblings, *chunk.extra}
        return beside | {row for row, pk in enumerate(chunk.ids) if pk in found} if found else beside

    def _insert(self, chunk: Chunk, shape: Shape, picked: Sequence[int]) -> None:
        if not picked:
            return
        columns = [chunk.ids, *chunk.columns, [self.theirs] * len(chunk.ids), chunk.stamps]
        values = list(zip(*columns, strict=True))
        kept.write_inserts(self.connection, shape, [values[row] for row in picked] if len(picked) < len(values) else values, chunk.fields)
        self.tally.new += len(picked)

    def _update(self, chunk: Chunk, shape: Shape, groups: dict[tuple[int, ...], list[tuple[int, int, str]]]) -> None:
        for touched, picked in groups.items():
            places, ticks, texts = zip(*picked, strict=True)
            columns = [chunk.columns[chunk.fields.index(number)] for number in touched]
            values = zip(*([column[row] for row in places] for column in columns), ticks, texts, [chunk.ids[row] for row in places], strict=True)
            kept.write_updates(self.connection, shape, {touched: list(values)})
            self.tally.updated += len(picked)

    def _one_by_one(self, chunk: Chunk, shape: Shape | None, row: int) -> None:
        try:
            with self.connection.begin_nested():
                self._carefully(chunk, shape, [row])
        except (IntegrityError, DataError):
            state = stamps.gather(stamps.read(chunk.stamps[row]), chunk.values(row), chunk.siblings.get(row, []))
            before = kept.load(self.connection, chunk.table, None, [chunk.ids[row]]).get(chunk.ids[row])
            state = stamps.join(before.state(), state) if before else state
            kept.save(self.connection, chunk.table, None, [Change(chunk.ids[row], before, state, self.theirs)], stamps.no_rank)
            unfit = "UPDATE sync_parked SET reason = 'value' WHERE tbl = ? AND pk = ? AND reason = 'table'"
            run(self.connection, unfit, [chunk.table, chunk.ids[row]])
            self.tally.parked += 1

    def _carefully(self, chunk: Chunk, shape: Shape | None, picked: Sequence[int]) -> None:
        """Join states in full."""
        before = kept.load(self.connection, chunk.table, shape, [chunk.ids[row] for row in picked])
        known = shape.by_number.keys() if shape else set()
        changes = []
        for row in picked:
            stamp, mine = stamps.read(chunk.stamps[row]), before.get(chunk.ids[row])
            theirs = stamps.gather(stamp, chunk.values(row), chunk.siblings.get(row, []))
            self.tally.unknown += not theirs.fields.keys() - {DELETED} <= known
            if mine and stamps.compare(stamps.read(mine.stamp or "").context, theirs.context) not in (NEWER, APART):
                self.tally.unchanged += 1
                continue
            joined = stamps.join(mine.state(), theirs) if mine else theirs
            same = joined.context == theirs.context
            self._count(mine, joined)
            changes.append(Change(chunk.ids[row], mine, joined, self.theirs if same else self.ours))
        homes = self.session.schema.homes.get(shape.name, ()) if shape else ()
        gone = kept.save(self.connection, chunk.table, shape, changes, parking.rank_of(shape, self.ranks), homes)
        if shape and gone:
            self.gone.setdefault(shape.name, []).extend(gone)

    def _count(self, mine: Kept | None, joined: State) -> None:
        alive = stamps.alive(joined)
        if not alive:
            self.tally.deleted += 1
        elif mine is None or mine.parked:
            self.tally.new += 1
        else:
            self.tally.updated += 1
        if alive and stamps.contested(joined) and not (mine and mine.stamp and stamps.contested(mine.state())):
            self.tally.conflicts += 1
