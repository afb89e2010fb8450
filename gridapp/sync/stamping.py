"""The stamp step: what the log says was edited becomes dots in the rows' stamps. Once per export or import, in that transaction."""
from __future__ import annotations

from functools import partial

from sqlalchemy import Connection

from gridapp.sync import archive, moving
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import SIBLING, Kept, dump, load, load_values, unpark, write_updates
from gridapp.sync.schema import DELETED, Shape
from gridapp.sync.session import Session, register
from gridapp.sync.sql import Rows, among, is_pg, next_tick, one, rows, run, run_many

SLICE = 20_000


def stamp_edits(connection: Connection, session: Session) -> int:
    """Stamp every edit in the log and empty it; gives the number of rows stamped."""
    lock_writers(connection, session)
    last = one(connection, "SELECT max(n) FROM sync_log")
    if last is None:
        return 0
    register(connection, session)
    step = Step(connection, session)
    shapes = [session.schema.by_number[number] for (number,) in rows(connection, "SELECT DISTINCT tbl FROM sync_log ORDER BY tbl")]
    count = sum(step.fresh(shape) + step.rest(shape, last) for shape in shapes)
    moving.stamp_left(connection, session.schema, step.tick, session.clock())
    run(connection, "DELETE FROM sync_log WHERE n <= ?", [last])
    return count


def lock_writers(connection: Connection, session: Session) -> None:
    """PostgreSQL: let running edits end and hold new ones back, else an edit committed meanwhile would be wiped from the log unstamped."""
    if is_pg(connection):
        names = ", ".join((*(shape.name for shape in session.schema.shapes), "sync_log"))
        run(connection, f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


class Step:
    """One run: one seq for everything in it, and one arrival number."""

    def __init__(self, connection: Connection, session: Session) -> None:
        self.connection, self.sid, self.seq = connection, session.sid, session.next_seq()
        self.tick, self.prefix = next_tick(connection), f'["{self.sid}",{self.seq},'

    def fresh(self, shape: Shape) -> int:
        """Rows never stamped and never known before: one statement."""
        return run(
            self.connection,
            f"UPDATE {shape.name} SET sync_stamp = ? || l.t || ']', sync_arrival = ? FROM sync_log AS l "
            f"WHERE l.tbl = ? AND l.mask = ? AND {shape.name}.id = l.pk AND {shape.name}.sync_stamp IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM sync_parked AS p WHERE p.tbl = l.tbl AND p.pk = l.pk)",
            [self.prefix, self.tick, shape.number, shape.inserted],
        )

    def rest(self, shape: Shape, last: int) -> int:
        """Everything else, a slice of the log at a time: rows edited, deleted, or made again."""
        count, start = 0, -1
        while start < last:
            # a fresh row's own entry needs no second look; a parked row's does
            entries = rows(
                self.connection,
                "SELECT n, pk, mask, t FROM sync_log AS l WHERE tbl = ? AND n > ? AND n <= ? AND mask <> 0 AND (mask <> ? OR EXISTS "
                f"(SELECT 1 FROM sync_parked AS p WHERE p.tbl = l.tbl AND p.pk = l.pk)) ORDER BY n LIMIT {SLICE}",
                [shape.number, start, last, shape.inserted],
            )
            if not entries:
                break
            start = entries[-1][0]
            count += self._slice(shape, _together(entries))
        return count

    def _slice(self, shape: Shape, edits: dict[str, tuple[int, int]]) -> int:
        condition, keys = among(self.connection, "id", list(edits))
        statement = f"SELECT id, sync_stamp FROM {shape.name} WHERE sync_stamp IS NOT NULL AND {condition}"
        found: dict[str, str] = dict(rows(self.connection, statement, [keys]))
        careful = self._careful(shape, edits) | (edits.keys() - found.keys())
        touched = partial(self._touched, shape, {}, {})
        plain = [(self.tick, touched(text, *edits[pk]), pk) for pk, text in found.items() if pk not in careful]
        write_updates(self.connection, shape, {(): plain})
        if careful:
            self._carefully(shape, {pk: edits[pk] for pk in careful})
        return len(plain) + len(careful)

    def _touched(self, shape: Shape, contexts: dict[str, str], laters: dict[tuple[int, int], str], text: str, mask: int, t: int) -> str:
        """The stamp after the edit; contexts and laters remember what many rows of a slice share."""
        if text.endswith("}]") or text.startswith(self.prefix):
            return stamps.write(stamps.touch(stamps.read(text), (self.sid, self.seq, t), _numbers(mask, shape)))
        base = text[: text.rindex(",")]
        if base not in contexts:
            contexts[base] = stamps.write_context({**stamps.read(text).context, self.sid: self.seq})
        if (mask, t) not in laters:
            laters[mask, t] = stamps.write_later(dict.fromkeys(_numbers(mask, shape), (self.sid, self.seq, t)))
        return stamps.touch_fresh(text, contexts[base], laters[mask, t])

    def _careful(self, shape: Shape, edits: dict[str, tuple[int, int]]) -> set[str]:
        condition, keys = among(self.connection, "pk", list(edits))
        return {pk for (pk,) in rows(self.connection, f"SELECT DISTINCT pk FROM sync_sibling WHERE tbl = ? AND {condition}", [shape.number, keys])}

    def _carefully(self, shape: Shape, edits: dict[str, tuple[int, int]]) -> None:
        kept = load(self.connection, shape.number, shape, list(edits))
        for pk, (mask, t) in edits.items():
            row, dot = kept.get(pk), (self.sid, self.seq, t)
            if row is None:
                continue
            if row.parked:
                self._deleted(shape, pk, row, mask, dot)
            elif row.stamp is None:
                self._again(shape, pk, row, mask, dot)
            else:
                self._edited(shape, pk, row, mask, dot)

    def _edited(self, shape: Shape, pk: str, row: Kept, mask: int, dot: stamps.Dot) -> None:
        """An ordinary edit of a row with losers: those of the fields it wrote, and a deletion it overrules, are archived first."""
        assert row.stamp
        numbers = _numbers(mask, shape)
        self._sweep(shape, pk, row, {*numbers, DELETED})
        self._write(shape, pk, stamps.touch(stamps.read(row.stamp), dot, numbers))

    def _again(self, shape: Shape, pk: str, row: Kept, mask: int, dot: stamps.Dot) -> None:
        """A row inserted where one was deleted (or parked): it has seen all of the old one. Only fields unknown to the program that inserted it
        keep their dots: this one may be newer."""
        numbers = _numbers(mask, shape)
        old = rows(self.connection, "SELECT reason, stamp, vals FROM sync_parked WHERE tbl = ? AND pk = ?", [shape.number, pk])
        stamp = stamps.Stamp(dot, {dot[0]: dot[1]})
        emptied = {each: dot for each in numbers if row.values[each] is None}
        if old and old[0][1]:
            before, unknown = stamps.read(old[0][1]), {*shape.numbers, *row.extra} - {*numbers}
            if old[0][0] == "deleted":
                self._forget(shape, pk, [each for each in row.siblings if each[0] == DELETED])
                row.siblings = [each for each in row.siblings if each[0] != DELETED]
            else:
                row.siblings += [(each, before.dot(each), value) for each, value in load_values(old[0][2]).items()]
            stamp = stamps.Stamp(dot, {**before.context, dot[0]: dot[1]}, emptied | {each: before.dot(each) for each in unknown})
        self._sweep(shape, pk, row, {*numbers, DELETED})
        unpark(self.connection, shape.number, [pk])
        self._write(shape, pk, stamp)

    def _deleted(self, shape: Shape, pk: str, row: Kept, mask: int, dot: stamps.Dot) -> None:
        """A deletion: field 0 is written, holding what the deleter had seen. A row nobody ever heard of just goes."""
        if row.stamp is None:
            unpark(self.connection, shape.number, [pk])
            return
        numbers = _numbers(mask, shape)  # edited before it was deleted: that writing saw its losers too
        self._sweep(shape, pk, row, set(numbers))
        stamp = stamps.touch(stamps.read(row.stamp), dot, numbers)
        self._forget(shape, pk, [each for each in row.siblings if each[0] == DELETED])
        run(self.connection, SIBLING, [shape.number, pk, DELETED, *dot, dump(dict(stamp.context)), 0])
        values = [stamps.write(stamp), self.tick, shape.number, pk]
        run(self.connection, "UPDATE sync_parked SET stamp = ?, arrival = ? WHERE tbl = ? AND pk = ?", values)

    def _sweep(self, shape: Shape, pk: str, row: Kept, numbers: set[int]) -> None:
        lost = [each for each in row.siblings if each[0] in numbers]
        equal = {*rows(self.connection, "SELECT fld, sid, seq FROM sync_sibling WHERE tbl = ? AND pk = ? AND same = 1", [shape.number, pk])}
        archive.keep(self.connection, shape, pk, row, [each for each in lost if (each[0], *each[1][:2]) not in equal], self.tick)
        self._forget(shape, pk, lost)

    def _forget(self, shape: Shape, pk: str, lost: stamps.Siblings) -> None:
        keys = [(shape.number, pk, fld, sid, seq) for fld, (sid, seq, _), _ in lost]
        run_many(self.connection, "DELETE FROM sync_sibling WHERE tbl = ? AND pk = ? AND fld = ? AND sid = ? AND seq = ?", keys)

    def _write(self, shape: Shape, pk: str, stamp: stamps.Stamp) -> None:
        run(self.connection, f"UPDATE {shape.name} SET sync_stamp = ?, sync_arrival = ? WHERE id = ?", [stamps.write(stamp), self.tick, pk])


def _together(entries: Rows) -> dict[str, tuple[int, int]]:
    edits: dict[str, tuple[int, int]] = {}
    for _, pk, mask, t in entries:
        before = edits.get(pk, (0, t))
        edits[pk] = (before[0] | mask, max(before[1], t))
    return edits


def _numbers(mask: int, shape: Shape) -> tuple[int, ...]:
    return tuple(each for each in shape.numbers if mask >> each & 1)
