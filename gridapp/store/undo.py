"""Undoing a batch: rows it added go, rows it changed or removed come back; what somebody changed since is left alone and counted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update

from gridapp.records import BY_NAME
from gridapp.rules import moments
from gridapp.rules.reading import Trouble
from gridapp.store import tables
from gridapp.store.clock import now_text
from gridapp.store.merged import pointing
from gridapp.store.work import Work, table_of

KEEP_DAYS = 30  # reliability.md part 2a: the recycle bin


@dataclass(frozen=True)
class Undone:
    """How many rows went back, and how many were left because they were changed since."""

    title: str
    back: int
    left: int


def undo(work: Work, batch_id: str) -> Undone:
    """Take a batch back inside the given Work. Raises Trouble when it is gone or was undone before."""
    found = work.connection.execute(select(tables.batch).where(tables.batch.c.id == batch_id)).mappings().first()
    if found is None or found["undone_at"]:
        raise Trouble("这一步已经撤销过，或已超出可撤销的范围。", "nothing_to_undo")
    steps = work.connection.execute(select(tables.step).where(tables.step.c.batch_id == batch_id).order_by(tables.step.c.n.desc())).mappings().all()
    back = sum(_take_back(work, step["record"], step["row_id"], _load(step["before"]), _load(step["after"])) for step in steps)
    work.connection.execute(update(tables.batch).where(tables.batch.c.id == batch_id).values(undone_at=now_text()))
    return Undone(found["title"], back, len(steps) - back)


def last(connection: Any) -> dict[str, Any] | None:
    """The newest batch that can still be undone: {id, title, made_at}."""
    statement = (
        select(tables.batch).where(tables.batch.c.undone_at.is_(None)).order_by(tables.batch.c.made_at.desc(), tables.batch.c.id.desc()).limit(1)
    )
    found = connection.execute(statement).mappings().first()
    return dict(found) if found else None


def replaced(connection: Any, row_ids: Collection[str]) -> dict[tuple[str, str], list[tuple[str, dict[str, Any]]]]:
    """What changes that stand replaced, by record and row: (when, values before), oldest first. Only of this machine, and of the last weeks."""
    step, batch = tables.step, tables.batch
    statement = (
        select(step.c.record, step.c.row_id, batch.c.made_at, step.c.before)
        .join(batch, batch.c.id == step.c.batch_id)
        .where(step.c.row_id.in_(row_ids), step.c.before.is_not(None), step.c.after.is_not(None), batch.c.undone_at.is_(None))
        .order_by(step.c.n)
    )
    found: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for record, row_id, made_at, before in connection.execute(statement):
        found.setdefault((record, row_id), []).append((made_at, json.loads(before)))
    return found


def forget_old(connection: Any, now: dt.datetime | None = None) -> int:
    """Drop batches too old to undo, since what was erased lives on in them. Gives how many."""
    limit = moments.store((now or dt.datetime.now(dt.UTC)) - dt.timedelta(KEEP_DAYS))
    old = tables.batch.c.made_at < limit
    connection.execute(delete(tables.step).where(tables.step.c.batch_id.in_(select(tables.batch.c.id).where(old))))
    return connection.execute(delete(tables.batch).where(old)).rowcount


def removed(connection: Any, record: str, column: str) -> set[Any]:
    """The values a column had in rows that were removed, or changed, and can still be brought back."""
    statement = select(tables.step.c.before).where(tables.step.c.record == record, tables.step.c.before.is_not(None))
    return {(_load(text) or {}).get(column) for text in connection.execute(statement).scalars()} - {None}


def linked(connection: Any, record: str, row_id: str) -> bool:
    """Whether any other row points at this one."""
    found = ((table_of(other), name) for other, name in pointing(record))
    return any(connection.execute(select(table.c.id).where(table.c[name] == row_id).limit(1)).first() for table, name in found)


def _load(text: str | None) -> dict[str, Any] | None:
    return json.loads(text) if text else None


def _take_back(work: Work, record: str, row_id: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> bool:
    if record not in BY_NAME:
        return False
    now = work.get(record, row_id)
    if before is None:
        return now is not None and _unchanged(now, after) and not linked(work.connection, record, row_id) and work.remove(record, row_id)
    if after is None:
        return now is None and bool(work.insert(record, [before]))
    stayed = now is not None and now["scope"] == after.get("scope", now["scope"])  # not moved on since
    return now is not None and stayed and _unchanged(now, after) and work.change(record, row_id, before)


def _unchanged(now: dict[str, Any], after: dict[str, Any] | None) -> bool:
    return all(now.get(name) == value for name, value in (after or {}).items() if name != "scope")


def forget_rows(connection: Any, record: str, row_ids: list[str]) -> None:
    """Drop the steps of rows that are no longer here to be changed."""
    for start in range(0, len(row_ids), 500):
        some = row_ids[start : start + 500]
        connection.execute(delete(tables.step).where(tables.step.c.record == record, tables.step.c.row_id.in_(some)))
