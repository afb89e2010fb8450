"""Dispatching: a request the centre hands to a grid; it belongs to the grid's path and travels with the next return bundle."""

from __future__ import annotations

from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.keeping import Kept
from gridapp.desk.requests import open_request
from gridapp.rules.reading import Trouble
from gridapp.sync import link


def dispatch(desk: Desk, scope: str, raw: dict[str, Any]) -> Kept:
    """Open a request in a grid's path, already dispatched to it. Raises Trouble when no grid has the path."""
    with desk.store.work("派发服务事项") as work:
        grid = next((each for each in link.links(work.connection) if each.way == "down" and each.scope == scope), None)
        if grid is None:
            raise Trouble("没有这个网格。请从已登记的网格里选择。", "no_such_grid")
        events = [{"action": action, "happened_at": desk.now(), "by": desk.who} for action in ("accept", "dispatch")]
        kept = open_request(desk, work, {"source": "assigned", "handler": grid.label, **raw}, events, scope=scope)
        if kept.saved:
            work.keep()
    return kept


def grids(desk: Desk) -> list[tuple[str, str]]:
    """The enrolled grids as (path, name)."""
    with desk.store.reading() as connection:
        return [(each.scope, each.label) for each in link.links(connection) if each.way == "down"]

