"""What offices wrote that somebody here has not looked at yet: whole rows by their stamps, so that it is exact whatever the order of bundles."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from gridapp.sync import schema as schemas
from gridapp.sync import stamp as stamps
from gridapp.sync.authority import ranks
from gridapp.sync.devices import own_scope
from gridapp.sync.schema import Shape
from gridapp.sync.sql import among, get_meta, rows
from gridapp.sync.stamp import Dot

Writers = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Written:
    """One row offices wrote. fields: column names. sort: new, changed or gone. at: wall clock of the last writing, ms. dots: their names."""

    record: str
    row_id: str
    fields: tuple[str, ...]
    sort: str
    person: str
    office: str
    at: int
    dots: tuple[tuple[str, int], ...]


def by_offices(connection: Connection, after: int, seen: Mapping[str, int]) -> list[Written]:
    """Rows that arrived after the tick and hold writings of offices numbered above the one seen of their session, the newest first."""
    writers = _writers(connection)
    if not writers:
        return []
    shapes = [shape for shape in schemas.current().shapes if not shape.downward]
    found = [each for shape in shapes for each in _standing(connection, shape, after, seen, writers)]
    found += _gone(connection, shapes, after, seen, writers)
    return sorted(found, key=lambda each: each.at, reverse=True)


def newest(connection: Connection) -> int:
    """The tick up to which everything has arrived."""
    return int(get_meta(connection, "tick") or 0)


def _writers(connection: Connection) -> dict[str, tuple[str, str]]:
    """Sessions of offices above this node: (who worked, the office's name)."""
    condition, keys = among(connection, "s.sid", sorted(ranks(connection)))
    found = rows(
        connection,
        f"SELECT s.sid, s.person, t.label, t.scope FROM sync_session s JOIN sync_trust t ON t.device = s.device WHERE {condition}",
        [keys],
    )
    own = own_scope(connection)
    return {sid: (person, office) for sid, person, office, scope in found if own.startswith(scope + "/")}


def _standing(connection: Connection, shape: Shape, after: int, seen: Mapping[str, int], writers: Writers) -> Iterator[Written]:
    for pk, text in rows(connection, f"SELECT id, sync_stamp FROM {shape.name} WHERE sync_arrival > ? AND sync_arrival > 0", [after]):
        if not any(sid in text for sid in writers):
            continue
        stamp = stamps.read(text)
        new = {number: stamp.dot(number) for number in shape.numbers if _is_new(stamp.dot(number), writers, seen)}
        if new:
            last = max(new.values(), key=lambda dot: dot[2])
            names = tuple(each.name for each in shape.fields if each.number in new)
            sort = "new" if stamp.base in new.values() else "changed"
            yield Written(shape.name, pk, names, sort, *writers[last[0]], last[2], tuple(sorted({dot[:2] for dot in new.values()})))


def _gone(connection: Connection, shapes: Sequence[Shape], after: int, seen: Mapping[str, int], writers: Writers) -> Iterator[Written]:
    names = {shape.number: shape.name for shape in shapes}
    statement = (
        "SELECT p.tbl, p.pk, s.sid, s.seq, s.t FROM sync_parked p JOIN sync_sibling s ON s.tbl = p.tbl AND s.pk = p.pk AND s.fld = 0 "
        "WHERE p.reason = 'deleted' AND p.arrival > ?"
    )
    for number, pk, *dot in rows(connection, statement, [after]):
        sid, seq, at = dot
        if number in names and _is_new((sid, seq, at), writers, seen):
            yield Written(names[number], pk, (), "gone", *writers[sid], at, ((sid, seq),))


def _is_new(dot: Dot, writers: Writers, seen: Mapping[str, int]) -> bool:
    return dot[0] in writers and dot[1] > seen.get(dot[0], 0)
