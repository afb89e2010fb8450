"""What an office does after a move before it tells its grids: a move it lost is done again, and rows written by somebody who did not know of
the move come after it. All of it by ordinary edits, which travel like any other.

A row belongs where its household is (schema.homes). A grid that added a visit while its household went to another grid had no way to know:
the visit follows. Any other link that would point out of a grid's sight is cleared.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import moving
from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.schema import SCOPE, Schema, Shape
from gridapp.sync.session import Session
from gridapp.sync.sql import next_tick, rows, run

Step = tuple[str, str, str, Any]  # record, id, column, the value it shall have


def mend(connection: Connection, session: Session) -> bool:
    """Do all of it; whether anything was written. Captures must be on, and edits stamped."""
    if not moving.any_left(connection):
        return False
    done = redo(connection, session)
    while steps := follow(connection, session.schema):
        done = True
        for record, pk, column, value in steps:
            run(connection, f"UPDATE {record} SET {column} = ? WHERE id = ?", [value, pk])
    moving.archive_follows(connection, session.schema, next_tick(connection))
    return done


def redo(connection: Connection, session: Session) -> bool:
    """Moves that only a grid remembers: its row stands where the grid says it left, and has not seen the writing that took it away."""
    waiting = rows(connection, f"SELECT {', '.join(moving.NAMES)} FROM sync_left WHERE arrival = ?", [moving.TO_DO])
    done = [_again(connection, session, each) for each in waiting]
    return any(done)


def _again(connection: Connection, session: Session, each: moving.Mark) -> bool:
    tbl, pk, scope, sid, seq, target = each
    shape = session.schema.by_number.get(tbl)
    row = kept.load(connection, tbl, shape, [pk]).get(pk)
    if shape is None or row is None or not row.stamp:
        return False
    here = row.values.get(SCOPE)
    seen = stamps.covers(stamps.read(row.stamp).context, (sid, seq, 0))
    if seen and here != scope:
        moving.put(connection, [moving.mark(each, row)], next_tick(connection), session.clock())
    if not seen and row.parked:
        return False
    run(connection, f"DELETE FROM sync_left WHERE arrival = {moving.TO_DO} AND tbl = ? AND pk = ? AND scope = ? AND sid = ?", each[:4])
    return not seen and here == scope and run(connection, f"UPDATE {shape.name} SET scope = ? WHERE id = ?", [target, pk]) > 0


def follow(connection: Connection, schema: Schema) -> list[Step]:
    """One round of what must change because a row and what it points at parted: the row follows its home; another link is cleared."""
    found: dict[tuple[str, str, str], Any] = {}
    for shape in schema.shapes:
        homes = schema.homes.get(shape.name, ())
        for column, parent in [each for each in shape.parents if each[1] in schema.by_name]:
            for pk, scope in _parted(connection, shape, column, schema.by_name[parent], _before(homes, column)):
                is_home = column in homes
                found[shape.name, pk, "scope" if is_home else column] = scope if is_home else None
    return [(*key, value) for key, value in found.items()]


def _before(homes: tuple[str, ...], column: str) -> tuple[str, ...]:
    return homes[: homes.index(column)] if column in homes else ()


def _parted(connection: Connection, child: Shape, column: str, parent: Shape, before: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Children (id, the path of the parent) whose parent left their path, or who left the parent's."""
    first = "".join(f" AND c.{name} IS NULL" for name in before)
    left, known = "SELECT c.id, p.scope FROM sync_left AS l", "l.tbl = ? AND l.arrival >= 0"
    parent_left = f"JOIN {parent.name} AS p ON p.id = l.pk JOIN {child.name} AS c ON c.{column} = p.id AND c.scope = l.scope"
    child_left = f"JOIN {child.name} AS c ON c.id = l.pk JOIN {parent.name} AS p ON p.id = c.{column} AND p.scope = l.scope"
    yield from rows(connection, f"{left} {parent_left} WHERE {known} AND p.scope <> c.scope{first}", [parent.number])
    yield from rows(connection, f"{left} {child_left} WHERE {known} AND p.scope <> c.scope{first}", [child.number])
