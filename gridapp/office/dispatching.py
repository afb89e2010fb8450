"""Dispatching: a request the centre hands to a grid; it belongs to the grid's path and travels with the next return bundle."""

from __future__ import annotations

from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.keeping import Kept
from gridapp.desk.requests import open_request
from gridapp.office.standing import at, below


def dispatch(desk: Desk, scope: str, raw: dict[str, Any]) -> Kept:
    """Open a request in a grid's path, already dispatched to it. Raises Trouble when no grid has the path."""
    with desk.store.work("派发服务事项") as work:
        grid = at(work.connection, scope)
        events = [{"action": action, "happened_at": desk.now(), "by": desk.who} for action in ("accept", "dispatch")]
        kept = open_request(desk, work, {"source": "assigned", "handler": grid.label, **raw}, events, scope=scope)
        if kept.saved:
            work.keep()
    return kept


def grids(desk: Desk) -> list[tuple[str, str]]:
    """Who is enrolled here as (path, name)."""
    with desk.store.reading() as connection:
        return [(each.scope, each.label) for each in below(connection)]
