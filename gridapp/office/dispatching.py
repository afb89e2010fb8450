"""Dispatching: a request the centre hands to a grid; it belongs to the grid's path and travels with the next return bundles, level by level."""

from __future__ import annotations

from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.keeping import Kept
from gridapp.desk.requests import open_request
from gridapp.office.standing import below
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import rows


def dispatch(desk: Desk, scope: str, raw: dict[str, Any]) -> Kept:
    """Open a request in the path of one of the `addressees`, already dispatched to it. Raises Trouble when nobody has the path."""
    with desk.store.work("派发服务事项") as work:
        name = dict(_reached(work.connection)).get(scope)
        if name is None:
            raise Trouble("没有这个网格。请从已登记的网格里选择。", "no_such_grid")
        events = [{"action": action, "happened_at": desk.now(), "by": desk.who} for action in ("accept", "dispatch")]
        handler = name.rsplit(" / ", 1)[-1]
        kept = open_request(desk, work, {"source": "assigned", "handler": handler, **raw}, events, scope=scope)
        if kept.saved:
            work.keep()
    return kept


def grids(desk: Desk) -> list[tuple[str, str]]:
    """Who is enrolled here as (path, name)."""
    with desk.store.reading() as connection:
        return [(each.scope, each.label) for each in below(connection)]


def addressees(desk: Desk) -> list[tuple[str, str]]:
    """Who a request can be handed to as (path, name): those enrolled here, each followed by the ones below it, as they named themselves."""
    with desk.store.reading() as connection:
        return _reached(connection)


def _reached(connection: Connection) -> list[tuple[str, str]]:
    orgs = sorted((str(each["scope"]), str(each["name"])) for each in rows(connection, "org") if each["scope"])
    found: list[tuple[str, str]] = []
    for child in below(connection):
        found.append((child.scope, child.label))
        deeper = {scope: name for scope, name in orgs if scope.startswith(child.scope + "/")}
        found += [(scope, f"{child.label} / {name}") for scope, name in deeper.items()]
    return found
