"""Reassigning: a household goes to another grid with everybody who lives there and all that was noted of them, once and with its history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from gridapp.desk.desk import Desk, note
from gridapp.desk.keeping import Kept, gone
from gridapp.rules.reading import Trouble
from gridapp.store.read import rows
from gridapp.store.work import Work
from gridapp.sync import link
from gridapp.sync.following import follow
from gridapp.sync.schema import current

SPACE = uuid.UUID("0d9a6f44-5a8c-5c0e-9a53-6b1f2f7f9c10")


def reassign(desk: Desk, household_ids: Iterable[str], to_scope: str) -> Kept:
    """Give households to a grid: one step, undoable as a whole; `saved` is False when all were there already.

    What belongs to a household goes with it (schema.homes). Its building becomes the grid's own of the same name, else a copy; any other
    link out of a grid's sight (a member's organisation, who helps whom) is cleared. Raises Trouble when no grid has the path or a household
    is gone.
    """
    chosen = list(dict.fromkeys(household_ids))
    with desk.store.work("划转住户") as work:
        label = _grid(work, to_scope)
        moved = [each for each in chosen if _move(work, each, to_scope)]
        while steps := follow(work.connection, current()):
            for record, row_id, name, value in steps:
                work.change(record, row_id, {name: value})
        note(work.connection, desk, "reassign", purpose=f"{label}，{len(moved)} 户")
        if moved:
            work.keep()
    return Kept(moved[0] if moved else "", (), work.batch_id if moved else "", bool(moved))


def _grid(work: Work, scope: str) -> str:
    found = next((each for each in link.links(work.connection) if each.way == "down" and each.scope == scope), None)
    if found is None:
        raise Trouble("没有这个网格。请从已登记的网格里选择。", "no_such_grid")
    return found.label


def _move(work: Work, household_id: str, scope: str) -> bool:
    home = work.get("household", household_id)
    if home is None:
        raise gone()
    return home["scope"] != scope and work.change("household", household_id, {"scope": scope, "building_id": _building(work, home, scope)})


def _building(work: Work, home: dict[str, str], scope: str) -> str | None:
    """The grid's own building of the same name and number, else a copy of this one, the same whoever makes it."""
    old = work.get("building", home["building_id"])
    if old is None:
        return None
    same = rows(work.connection, "building", scope=scope, estate=old["estate"], building=old["building"])
    if same:
        return min(each["id"] for each in same)
    copy = uuid.uuid5(SPACE, f"{old['id']}/{scope}").hex
    work.insert("building", [{**old, "id": copy, "scope": scope, "org_id": None}])
    return copy
