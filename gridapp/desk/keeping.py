"""Keeping, changing, removing and taking back single records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gridapp.desk.desk import Desk
from gridapp.records import BY_NAME, Column, columns, read_values
from gridapp.records.kinds import Link
from gridapp.rules.reading import Fault, Trouble
from gridapp.store import Connection, aside
from gridapp.store import undo as undoing
from gridapp.store.merged import MERGED, children
from gridapp.store.notes import read_setting
from gridapp.store.read import row, standing
from gridapp.store.undo import Undone, linked
from gridapp.store.work import Work


@dataclass(frozen=True)
class Kept:
    """What became of a draft: the row, the faults to show, the batch to undo, and whether it was saved at all."""

    row_id: str = ""
    faults: tuple[Fault, ...] = ()
    batch_id: str = ""
    saved: bool = False


def gone() -> Trouble:
    """The row is not there any more."""
    return Trouble("这条记录已被删除或移走。请刷新后再试。", "gone")


def keep(desk: Desk, record: str, raw: dict[str, Any], row_id: str | None = None, title: str = "") -> Kept:
    """Keep a draft as a new row, or as changes to `row_id`; raw holds what editors or cells hold. A fatal fault saves nothing."""
    with desk.store.work(title or f"{'修改' if row_id else '新建'}{BY_NAME[record].title}") as work:
        kept = keep_in(desk, work, record, raw, row_id)
        if kept.saved:
            work.keep()
    return kept


def keep_in(desk: Desk, work: Work, record: str, raw: dict[str, Any], row_id: str | None = None, scope: str = "") -> Kept:
    """The same inside an open Work, so that several records stand or fall together."""
    _is_ours(record)
    before = work.get(record, row_id) if row_id else None
    if row_id and (before is None or before.get(MERGED)):
        raise gone()
    if before:
        _may_change(record)
    values, faults = draft(desk, work, record, raw, before)
    if any(fault.fatal for fault in faults):
        return Kept(row_id or "", tuple(faults))
    if before:
        work.change(record, before["id"], values)
        return Kept(before["id"], tuple(faults), work.batch_id, True)
    belongs = scope or _scope_of(work, record, values) or desk.scope
    return Kept(work.insert(record, [{"scope": belongs, **values}])[0], tuple(faults), work.batch_id, True)


def _is_ours(record: str) -> None:
    if BY_NAME[record].downward:
        raise Trouble(f"{BY_NAME[record].title}只能由中心在“下发”里发出或撤回，不能在这里改。", "downward")


def _may_change(record: str) -> None:
    if BY_NAME[record].only_added:
        raise Trouble(f"{BY_NAME[record].title}只能追加，不能改也不能删。写错了请再记一步，把情况说明白。", "only_added")


def _scope_of(work: Work, record: str, values: dict[str, Any]) -> str:
    """A row belongs where what it points at belongs: an office's note on a grid's request is the grid's."""
    links = [each for each in columns(BY_NAME[record]) if isinstance(each.kind, Link) and values.get(each.name)]
    parents = (row(work.connection, each.kind.target, values[each.name]) for each in links if isinstance(each.kind, Link))
    return next((parent["scope"] for parent in parents if parent), "")


def draft(desk: Desk, work: Work, record: str, raw: dict[str, Any], before: dict[str, Any] | None) -> tuple[dict[str, Any], list[Fault]]:
    """Read raw values over the row as it stands (or over the defaults) and check the whole."""
    kind = BY_NAME[record]
    switched_off = off_columns(work.connection, kind)
    start = {each.name: before[each.name] if before else each.default for each in columns(kind)}
    asked = {name: value for name, value in raw.items() if name not in switched_off}
    values, faults = read_values(kind, {**start, **asked})
    faults += [fault for each in columns(kind) for fault in _link_faults(work, each, values)]
    if record == "service_need":
        faults += _consent_faults(desk, work, values)
    return values, faults


def off_columns(connection: Connection, record: type) -> set[str]:
    """Columns that domain.md leaves off and this grid has not switched on."""
    on = set(read_setting(connection, "fields_on").split())
    return {each.name for each in columns(record) if each.kind.off and f"{record.__tablename__}.{each.name}" not in on}  # type: ignore[attr-defined]


def _link_faults(work: Work, each: Column, values: dict[str, Any]) -> list[Fault]:
    target = values.get(each.name)
    if not isinstance(each.kind, Link) or not target:
        return []
    found = row(work.connection, each.kind.target, target)
    if found and not found.get(MERGED):
        return []
    return [Fault("link_unknown", f"没有找到对应的{each.label}。", f"请从列表里重新选择{each.label}。", field=each.name)]


def _consent_faults(desk: Desk, work: Work, values: dict[str, Any]) -> list[Fault]:
    if standing(work.connection, "consent", "withdrawn_on", desk.today().isoformat(), resident_id=values.get("resident_id")):
        return []
    return [Fault("no_consent", "服务类别属于敏感信息，还没有这位居民的同意记录。", "请先记录本人或监护人的同意。", field="resident_id")]


def remove(desk: Desk, record: str, row_id: str) -> Kept:
    """Delete a row that nothing points at; it can be undone. Raises Trouble when others still point at it, and for steps of a request."""
    with desk.store.work(f"删除{BY_NAME[record].title}") as work:
        removed = remove_in(work, record, row_id)
        work.keep()
    return Kept(row_id, (), work.batch_id, removed)


def remove_in(work: Work, record: str, row_id: str) -> bool:
    """The same inside an open Work; False when the row was gone."""
    _is_ours(record)
    _may_change(record)
    _take_along(work, record, row_id)
    if linked(work.connection, record, row_id):
        raise Trouble(f"还有其他记录属于这条{BY_NAME[record].title}，没有删除。请先处理那些记录。", "linked")
    return work.remove(record, row_id)


def _take_along(work: Work, record: str, row_id: str) -> None:
    """Rows merged into others are seen by nobody, so they hold up nobody: those that point here go too."""
    for other, _, found in children(work.connection, record, row_id):
        for each in found:
            if each.get(MERGED):
                remove_in(work, other, each["id"])


def undo(desk: Desk, batch_id: str) -> Undone:
    """Take a batch back; rows somebody changed since are left and counted."""
    with desk.store.work("撤销") as work:
        done = undoing.undo(work, batch_id)
        aside.take_back(work.connection, batch_id)
        work.forget_steps()
        work.keep()
    return done


def last_undo(desk: Desk) -> dict[str, Any] | None:
    """The newest step that can be undone: {id, title, made_at}."""
    with desk.store.reading() as connection:
        return undoing.last(connection)


def values(desk: Desk, record: str, row_id: str) -> dict[str, Any]:
    """A row's stored values; raises Trouble when it is gone."""
    with desk.store.reading() as connection:
        found = row(connection, record, row_id)
    if found is None:
        raise gone()
    return found
