"""借用包: rows of a borrowed laptop, sealed by a password. Nothing of one is taken in by itself: each row is looked at, and the chosen ones are kept.

What is kept is an ordinary edit of this desk, in its own path, and can be undone at one go; ids stay, so links between the rows stay too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gridapp.desk.desk import Desk, note
from gridapp.desk.exchange import shown
from gridapp.records import BY_NAME, Column, columns
from gridapp.records.kinds import Link
from gridapp.rules import masking
from gridapp.store import Connection
from gridapp.store.keys import Cost
from gridapp.store.read import row as read_row
from gridapp.store.search import spell_names
from gridapp.store.work import Work
from gridapp.sync import loan, schema
from gridapp.sync.loan import LEAST_PASSWORD, Loan, Looked

__all__ = ["LEAST_PASSWORD", "Accepted", "Compared", "Review", "accept_review", "make_password_bundle", "reveal_row", "review_bundle", "without"]
NEW, CHANGED, SAME = "new", "changed", "same"
Fields = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Compared:
    """One row of a borrowed laptop beside ours. state: new, changed or same. fields: (label, ours, theirs) of what differs, for people.

    masked: the names of those that say less than there is (see `reveal_row`).
    """

    key: str
    record: str
    title: str
    state: str
    fields: Fields
    masked: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """What a password bundle holds: who made it as it says itself, when, its rows, and how many rows could not be read."""

    made_by: str
    made_at: str
    rows: tuple[Compared, ...]
    unfit: int
    loan: Loan


@dataclass(frozen=True)
class Accepted:
    """What was kept: how many new and changed rows, how many of the chosen could not be (their household is neither here nor in the bundle)."""

    new: int
    changed: int
    left: int
    records: frozenset[str]
    batch_id: str
    sentence: str


def make_password_bundle(desk: Desk, out_dir: Path, password: str, cost: Cost | None = None) -> tuple[Path, int]:
    """Write every row of this desk into a file that the password opens; gives (path, rows). Raises Trouble for a short password or the place."""
    with desk.store.work() as work:
        made = loan.make(work.connection, desk.session, desk.grid_name, out_dir, password, cost)
        note(work.connection, desk, "loan", purpose=f"{made[1]} 条")
        work.keep()
    return made


def review_bundle(desk: Desk, path: Path, password: str) -> Review:
    """Lay a password bundle beside what is kept here; nothing is written. Raises Trouble: wrong password, damaged, another sort of file."""
    with desk.store.reading() as connection:
        found = loan.look(connection, schema.current(), path, password)
        there = {(each.record, each.row_id): each for each in found.rows}
        rows = tuple(_compared(connection, there, each) for each in found.rows if _can(each))
    return Review(found.label, shown(found.made), rows, found.unfit, found)


def reveal_row(desk: Desk, review: Review, key: str) -> Fields:
    """A row's differences in full; the log says who looked at which of its masked fields."""
    there = {(each.record, each.row_id): each for each in review.loan.rows}
    record, row_id = key.split("/")
    with desk.store.work() as work:
        row = _compared(work.connection, there, there[record, row_id], whole=True)
        for name in row.masked:
            note(work.connection, desk, "reveal", record=record, row_id=row_id, field=name)
        work.keep()
    return row.fields


def without(review: Review, keys: Collection[str]) -> Review:
    """The same, but for rows that were dealt with."""
    return replace(review, rows=tuple(each for each in review.rows if each.key not in keys))


def _can(each: Looked) -> bool:
    """Rows that are only added are never changed, so there is nothing to choose."""
    return each.mine is None or not BY_NAME[each.record].only_added


def _compared(connection: Connection, there: dict[tuple[str, str], Looked], each: Looked, whole: bool = False) -> Compared:
    known = {column.name: column for column in columns(BY_NAME[each.record])}
    names = [name for name in each.differing if name in known and (each.mine or each.theirs[name] not in (None, ""))]
    state = NEW if each.mine is None else CHANGED if each.differing else SAME

    def say(name: str, values: dict[str, object] | None) -> str:
        return _said(connection, there, known[name], (values or {}).get(name), whole)

    fields = tuple((known[name].label, say(name, each.mine), say(name, each.theirs)) for name in names)
    masked = tuple(name for name in names if any(_is_masked(known[name], (values or {}).get(name)) for values in (each.mine, each.theirs)))
    title = f"{BY_NAME[each.record].title} {_title(each.record, each.theirs)}"
    return Compared(f"{each.record}/{each.row_id}", each.record, title, state, fields, masked)


def _is_masked(column: Column, value: object) -> bool:
    return value is not None and not isinstance(column.kind, Link) and column.kind.mask(value) != column.kind.show(value)


def _said(connection: Connection, there: dict[tuple[str, str], Looked], column: Column, value: object, whole: bool) -> str:
    """For people: masked, unless somebody asked for the whole."""
    if value is None:
        return ""
    if not isinstance(column.kind, Link):
        return column.kind.show(value) if whole else column.kind.mask(value)
    target, other = column.kind.target, there.get((column.kind.target, str(value)))
    values = other.theirs if other else read_row(connection, target, str(value))
    return _title(target, values) if values else "（找不到）"


def _title(record: str, values: dict[str, object]) -> str:
    """How a row is called, from its own values alone."""
    if record in ("resident", "member"):
        return masking.name(str(values.get("name") or ""))
    names = {"building": ("estate", "building"), "household": ("unit", "room"), "visit": ("visit_date",), "request": ("req_no", "content")}
    said = [str(values.get(name) or "") for name in names.get(record, ("name", "title"))]
    return "-".join(filter(None, said))[:30]


def accept_review(desk: Desk, review: Review, chosen: Collection[str]) -> Accepted:
    """Keep the chosen rows (Compared.key) as ordinary edits in one step that can be undone; new rows they point at come with them."""
    there = {f"{each.record}/{each.row_id}": each for each in review.loan.rows}
    with desk.store.work("核对借用包") as work:
        wanted = _with_parents(there, [key for key in chosen if key in there])
        fit = _standing(work.connection, wanted)
        new, changed = _write(desk, work, fit)
        left = len(wanted) - len(fit)
        note(work.connection, desk, "loan_taken", purpose=f"{review.made_by}：{new} 新增，{changed} 更新")
        work.keep()
    spell_names(desk.store.engine)
    text = f"从“{review.made_by}”的借用包收下 {new + changed} 条：新增 {new}，更新 {changed}。"
    text += f"有 {left} 条找不到所属的住户或楼栋，没有收。" if left else ""
    return Accepted(new, changed, left, frozenset(work.changed), work.batch_id if new + changed else "", text)


def _links(each: Looked) -> Iterator[str]:
    for name, target in schema.current().by_name[each.record].parents:
        if each.theirs.get(name):
            yield f"{target}/{each.theirs[name]}"


def _with_parents(there: dict[str, Looked], keys: list[str]) -> dict[str, Looked]:
    found: dict[str, Looked] = {}
    while keys:
        key = keys.pop()
        if key not in found:
            found[key] = there[key]
            keys += [parent for parent in _links(there[key]) if parent in there and there[parent].mine is None]
    return found


def _standing(connection: Connection, wanted: dict[str, Looked]) -> dict[str, Looked]:
    """Without those that point at something neither here nor among them (and then without what points at those)."""
    fit = dict(wanted)
    while gone := [key for key, each in fit.items() if not all(parent in fit or _is_here(connection, parent) for parent in _links(each))]:
        for key in gone:
            del fit[key]
    return fit


def _is_here(connection: Connection, key: str) -> bool:
    record, row_id = key.split("/")
    return read_row(connection, record, row_id) is not None


def _write(desk: Desk, work: Work, fit: dict[str, Looked]) -> tuple[int, int]:
    new = changed = 0
    for record in BY_NAME:
        mine = [each for each in fit.values() if each.record == record]
        fresh = [each for each in mine if work.get(record, each.row_id) is None]
        if fresh:
            new += len(work.insert(record, [{"id": each.row_id, "scope": desk.scope, **each.theirs} for each in fresh]))
        for each in mine:
            if each not in fresh and not BY_NAME[record].only_added:
                changed += work.change(record, each.row_id, each.theirs)
    return new, changed
