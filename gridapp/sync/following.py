"""What an office does after a move before it tells its grids: a move it lost is done again, and rows written by somebody who did not know of
the move come after it. All of it by ordinary edits, which travel like any other.

A row belongs where its household is (schema.homes). A grid that added a visit while its household went to another grid had no way to know:
the visit follows. So does a decision about a row. Any other link that would point out of a grid's sight is cleared.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import authority, moving
from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.link import Link, is_current
from gridapp.sync.parking import rank_of
from gridapp.sync.schema import SCOPE, Schema, Shape
from gridapp.sync.session import Session
from gridapp.sync.sql import Rows, next_tick, rows, run, under
from gridapp.sync.stamp import Stamp

THIS = "tbl = ? AND pk = ? AND scope = ? AND sid = ?"
Step = tuple[str, str, str, Any]  # record, id, column, the value it shall have


def mend(connection: Connection, session: Session, peer: Link) -> bool:
    """Do all of it for a grid, before a bundle is made for it; whether anything was written. Captures must be on, and edits stamped.

    Not while we are behind with the grid: what it has told us since may undo what we would do.
    """
    if not moving.any_left(connection):
        return False
    done = False
    if is_current(connection, peer):
        done = redo(connection, session, peer.scope)
        done = carry(connection, session.schema, peer.scope) or done
    moving.archive_follows(connection, session.schema, next_tick(connection))
    return done


def carry(connection: Connection, schema: Schema, scope: str = "") -> bool:
    """Let everything under a path follow what it belongs to; whether anything did."""
    done = False
    while steps := follow(connection, schema, scope):
        done = True
        for record, pk, column, value in steps:
            run(connection, f"UPDATE {record} SET {column} = ? WHERE id = ?", [value, pk])
    return done


def redo(connection: Connection, session: Session, scope: str) -> bool:
    """Answer what the grid of this path remembers of moves that we have not seen: a row that stands here all the same is moved once more,
    unless it belongs to another, which it follows."""
    condition, values = under("scope", scope)
    names = ", ".join((*moving.NAMES, "arrival"))
    open_marks = rows(connection, f"SELECT {names} FROM sync_left WHERE arrival < 0 AND {condition}", values)
    ranks = authority.ranks(connection)
    done = [_answer(connection, session, each, ranks) for each in open_marks]
    return any(done)


def _answer(connection: Connection, session: Session, each: Sequence[Any], ranks: dict[str, int]) -> bool:
    tbl, pk, scope, sid, seq, target, stamp, state = each
    shape = session.schema.by_number.get(tbl)
    row = kept.load(connection, tbl, shape, [pk]).get(pk)
    if row is None or not row.stamp:
        return False
    here = row.values.get(SCOPE)
    if stamps.covers(stamps.read(row.stamp).context, (sid, seq, 0)):
        run(connection, f"DELETE FROM sync_left WHERE {THIS}", each[:4])
        if here != scope:
            moving.put(connection, [moving.mark(each, row)], next_tick(connection), session.clock())
        return False
    if shape is None or row.parked or here != scope or state == moving.ANSWERED:
        return False
    run(connection, f"UPDATE sync_left SET arrival = {moving.ANSWERED} WHERE {THIS}", each[:4])
    theirs = stamps.read(stamp)
    again = state == moving.TO_DO and not has_home(session.schema, shape.name, row.values)
    if not again or not _wins(theirs, stamps.read(row.stamp), rank_of(shape, ranks)):
        return False
    run(connection, f"UPDATE {shape.name} SET scope = ? WHERE id = ?", [target, pk])
    run(connection, "UPDATE sync_log SET t = ? WHERE n = (SELECT max(n) FROM sync_log)", [theirs.base[2]])
    return True


def _wins(theirs: Stamp, mine: Stamp, rank: stamps.Rank) -> bool:
    """Whether a move we have not seen would stand if we had: then, and only then, it is done again (by its own time), so that two copies of
    an office never undo each other's."""
    dot = mine.dot(SCOPE)
    return stamps.covers(theirs.context, dot) or stamps.winner(SCOPE, (theirs.base, dot), rank) == theirs.base


def has_home(schema: Schema, record: str, values: dict[int, Any]) -> bool:
    """Whether a row belongs to another."""
    return any(values.get(number) for number, _, _ in schema.homes.get(record, ()))


def follow(connection: Connection, schema: Schema, scope: str = "") -> list[Step]:
    """One round of what must change to or from a path because a row and what it points at parted: it follows its home; another link is cleared."""
    found: dict[tuple[str, str, str], Any] = {}
    for shape in schema.shapes:
        homes = tuple(column for _, column, _ in schema.homes.get(shape.name, ()))
        for column, parent in [each for each in shape.parents if each[1] in schema.by_name]:
            for pk, path in _parted(connection, shape, column, schema.by_name[parent], _before(homes, column), scope):
                is_home = column in homes
                found[shape.name, pk, "scope" if is_home else column] = path if is_home else None
        for about in schema.shapes if shape.speaks_of_another else ():
            found.update(((shape.name, pk, "scope"), path) for pk, path in _said_of(connection, shape, about, scope))
    return [(*key, value) for key, value in found.items()]


def _said_of(connection: Connection, shape: Shape, about: Shape, scope: str) -> Rows:
    """Rows (id, the path of what they speak of) that speak of one that left their path: what was decided stays decided where it went."""
    (told_there, values), (stands_there, more) = under("c.scope", scope), under("p.scope", scope)
    spoken_of = f"JOIN {about.name} AS p ON p.id = l.pk JOIN {shape.name} AS c ON c.record = ? AND c.row_id = p.id AND c.scope = l.scope"
    where = f"WHERE l.tbl = ? AND l.arrival >= 0 AND p.scope <> c.scope AND ({told_there} OR {stands_there})"
    return rows(connection, f"SELECT c.id, p.scope FROM sync_left AS l {spoken_of} {where}", [about.name, about.number, *values, *more])


def _before(homes: tuple[str, ...], column: str) -> tuple[str, ...]:
    return homes[: homes.index(column)] if column in homes else ()


def _parted(
    connection: Connection, child: Shape, column: str, parent: Shape, before: tuple[str, ...], scope: str
) -> Iterator[tuple[str, str]]:
    """Children (id, the path of the parent) whose parent left their path, or who left the parent's."""
    (child_there, values), (parent_there, more) = under("c.scope", scope), under("p.scope", scope)
    first = "".join(f" AND c.{name} IS NULL" for name in before)
    where = f"WHERE l.tbl = ? AND l.arrival >= 0 AND p.scope <> c.scope AND ({child_there} OR {parent_there}){first}"
    parent_left = f"JOIN {parent.name} AS p ON p.id = l.pk JOIN {child.name} AS c ON c.{column} = p.id AND c.scope = l.scope"
    child_left = f"JOIN {child.name} AS c ON c.id = l.pk JOIN {parent.name} AS p ON p.id = c.{column} AND p.scope = l.scope"
    for number, joined in ((parent.number, parent_left), (child.number, child_left)):
        yield from rows(connection, f"SELECT c.id, p.scope FROM sync_left AS l {joined} {where}", [number, *values, *more])
