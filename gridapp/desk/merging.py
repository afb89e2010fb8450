"""Two rows, one person: merging them, saying that they are two, and what follows when others wrote at the same time.

The row that goes stays in its table with a signpost (merged_into) to the one that stands: what another desk still hangs on it finds its way.
merged_mark tells how it looked when it went, so that whoever changed it elsewhere is not overheard.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from gridapp.desk.decisions import keep_decision
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.keeping import Kept, gone, off_columns
from gridapp.records import BY_NAME, column, columns
from gridapp.records.apart import apart_id
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.merged import MERGED, children, end_of, mergeable, merged_rows, signposts
from gridapp.store.undo import KEEP_DAYS
from gridapp.store.work import Work
from gridapp.sync import link, stamp
from gridapp.sync.conflicts import touch

MARK = "merged_mark"
DAY_MS = 86_400_000


def merge(desk: Desk, record: str, keep_id: str, other_id: str, chosen: dict[str, Any] | None = None) -> Kept:
    """Make one person of two: `keep_id` stands with the chosen values (of either row; blanks are filled from the other), everything that
    pointed at `other_id` points at it. One step to undo. Faults save nothing; raises Trouble when the two cannot be merged.
    """
    with desk.store.work(f"合并{BY_NAME[record].title}") as work:
        kept = merge_in(work, record, keep_id, other_id, chosen or {})
        if kept.saved:
            keep_decision(work, desk, "duplicate", record, keep_id, "合并成一条")
            work.keep()
    return kept


def merge_in(work: Work, record: str, keep_id: str, other_id: str, chosen: dict[str, Any]) -> Kept:
    """The same inside an open Work."""
    stays, goes = work.get(record, keep_id), work.get(record, other_id)
    _may_merge(record, stays, goes)
    assert stays and goes
    values = _values(work.connection, record, stays, goes, chosen)
    before, after = BY_NAME[record].check(stays), BY_NAME[record].check({**stays, **values})
    if worse := tuple(fault for fault in after if fault.fatal and fault not in before):
        return Kept(keep_id, worse)
    work.change(record, keep_id, values)
    touch(work.connection, record, keep_id, MARK)  # somebody who deletes the one that stands has not seen what it took in
    for other, name, found in children(work.connection, record, other_id):
        work.change_many(other, [(each, {name: keep_id}) for each in found])
    work.change(record, other_id, {MERGED: keep_id, MARK: mark_of(record, goes)})
    return Kept(keep_id, (), work.batch_id, True)


def _may_merge(record: str, stays: Row | None, goes: Row | None) -> None:
    if stays is None or goes is None or stays[MERGED]:
        raise gone()
    if goes[MERGED] and (goes[MERGED] != stays["id"] or not is_changed(record, goes)):
        raise gone()
    if stays["id"] == goes["id"]:
        raise Trouble("这是同一条记录，不用合并。", "same_row")
    if stays["scope"] != goes["scope"]:
        raise Trouble("两条记录不在同一个网格，不能直接合并。请先把其中一户改到另一个网格，再来合并。", "other_grid")


def _values(connection: Connection, record: str, stays: Row, goes: Row, chosen: dict[str, Any]) -> Row:
    """What is written on the row that stands."""
    off = off_columns(connection, BY_NAME[record])
    names = [each.name for each in columns(BY_NAME[record]) if each.name not in off]
    if any(name not in names or value not in (stays[name], goes[name]) for name, value in chosen.items()):
        raise Trouble("选的值不在这两条记录里。请刷新后再选一次。", "not_offered")
    filled = {name: goes[name] for name in names if stays[name] is None and goes[name] is not None}
    return filled | chosen


def mark_of(record: str, row: Row) -> str:
    """How a row looks: a digest of what people see of it."""
    seen = [row[each.name] for each in columns(BY_NAME[record])]
    return hashlib.blake2b(json.dumps(seen, ensure_ascii=False).encode(), digest_size=8).hexdigest()


def is_changed(record: str, row: Row) -> bool:
    """Whether somebody changed a merged row without knowing that it was merged. Of one that was emptied only the signpost is left."""
    return row[MARK] != mark_of(record, row) and any(row[each.name] is not None for each in columns(BY_NAME[record]))


def changed_since(connection: Connection, record: str) -> list[Row]:
    """All such rows."""
    return [row for row in merged_rows(connection, record) if is_changed(record, row)]


def set_apart(desk: Desk, record: str, one_id: str, other_id: str) -> Kept:
    """These two are two people: they are not shown as one again; one that was merged into the other is back. One step to undo."""
    with desk.store.work("不是同一人") as work:
        set_apart_in(work, desk, record, one_id, other_id)
        keep_decision(work, desk, "duplicate", record, one_id, "不是同一人")
        work.keep()
    return Kept(one_id, (), work.batch_id, True)


def set_apart_in(work: Work, desk: Desk, record: str, one_id: str, other_id: str) -> None:
    """The same inside an open Work."""
    pair = [work.get(record, each) for each in sorted((one_id, other_id))]
    if None in pair:
        raise gone()
    found = [each for each in pair if each]
    for each in found:
        if each[MERGED]:
            work.change(record, each["id"], {MERGED: None, MARK: None})
    said, (one, other) = apart_id(one_id, other_id), found
    scope = one["scope"] if one["scope"] == other["scope"] else desk.scope
    if work.get("apart", said) is None:
        work.insert("apart", [{"id": said, "scope": scope, "one_id": one["id"], "other_id": other["id"]}])


def follow(work: Work) -> int:
    """After a bundle: whatever still points at a merged row goes on to the one that stands, and of rows merged into one another in a circle the
    oldest stands. Ordinary writings, the same on every node. Gives how many rows were led on; they are not a step of the user's to undo.
    """
    led = 0
    for record in mergeable():
        posts = signposts(work.connection, record)
        ends = {row_id: end_of(row_id, posts) for row_id in posts}
        for row_id in (each for each, end in ends.items() if each == end):
            work.change(record, row_id, {MERGED: None, MARK: None})
        for other, name, behind in children(work.connection, record) if posts else ():
            led += work.change_many(other, [(row, {name: ends[row[name]]}) for row in behind])
    work.forget_steps()
    return led


def blank_old(work: Work, scope: str, now: dt.datetime | None = None) -> int:
    """Empty this desk's merged rows of everything but the signpost once the centre has them and nobody can undo the merge any more.

    The signpost stays for ever: a bundle may be years late. Rows somebody changed since wait until that was looked at.
    """
    limit = int((now or dt.datetime.now(dt.UTC)).timestamp() * 1000) - KEEP_DAYS * DAY_MS
    count = 0
    for record in mergeable():
        changed = {row["id"] for row in changed_since(work.connection, record)}
        number = column(BY_NAME[record], MERGED).number
        for row in merged_rows(work.connection, record):
            old = row["sync_stamp"] and stamp.read(row["sync_stamp"]).dot(number)[2] < limit
            if old and row["scope"] == scope and row["id"] not in changed and link.confirmed(work.connection, record, row["id"]):
                count += work.change(record, row["id"], {each.name: None for each in columns(BY_NAME[record])} | {MARK: None})
    work.forget_steps()
    return count
