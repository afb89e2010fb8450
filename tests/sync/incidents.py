"""What happens to a village's bundles beside edits and trips: decisions, people entered twice, children without parents, and kills."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gridapp.sync import sql
from gridapp.sync.conflicts import conflicts, settle
from tests.sync.images import contents
from tests.sync.nodes import Node
from tests.sync.world import SCOPES, World


class Killed(BaseException):
    """The process ended here."""


@contextmanager
def killed_at(step: int) -> Iterator[None]:
    """Within this block the step-th statement is the last thing the process comes to."""
    steps, real = iter(range(step)), sql._cursor

    def cursor(*more: Any) -> Any:
        if next(steps, None) is None:
            raise Killed
        return real(*more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "_cursor", cursor)
        yield


def crash(node: Node, work: Callable[[], Any], step: int) -> bool:
    """Kill the work at a step, and start the program again; True when it was killed, and then nothing of it stands."""
    before = contents(node)
    try:
        with killed_at(step):
            work()
        return False
    except Killed:
        assert contents(node) == before
        return True
    finally:
        node.reboot()


def killed_taking(world: World, grid: Node, place: str, office: Node, up: bool, step: int) -> None:
    """A merge is killed; taken again, it completes."""
    taker, path = (office, world.make(grid, "office")) if up else (grid, world.make(office, place))
    if crash(taker, lambda: taker.take(path), step):
        taker.take(path)


def killed_making(world: World, grid: Node, place: str, office: Node, up: bool, step: int) -> None:
    """An export is killed. The bundle may lie on the stick all the same, and the sender knows nothing of it."""
    maker, to = (grid, "office") if up else (office, place)
    known = {*world.folder.glob("*.gbx")}
    killed = crash(maker, lambda: maker.make(world.machines[to][0], world.folder), step)
    assert not [*world.folder.glob("*.tmp")]
    if made := {*world.folder.glob("*.gbx")} - known:
        world.pool += [(to, path) for path in made]
        world.went(maker, to)
    if killed:
        world.make(maker, to)


def resolve(world: World, node: Node, which: int, pick: int) -> None:
    """Somebody decides one of the conflicts listed at the node, for one of its values."""
    listed = node.do(conflicts, (), node.schema)
    if not listed:
        return
    conflict = listed[which % len(listed)]
    versions = (conflict.winner, *conflict.losers)
    chosen = versions[pick % len(versions)]
    try:
        node.do(_decide, node, conflict, chosen.value)
    except IntegrityError:  # no such parent here
        return
    if conflict.field:
        world.superseded.update(each.value for each in versions if each is not chosen)
    number = next((each.number for each in node.schema.by_name[conflict.record].fields if each.name == conflict.field), 0)
    scope = node.rows(f"SELECT scope FROM {conflict.record} WHERE id = ?", [conflict.row_id])
    world.decided += [(node, scope, (conflict.row_id, number, loser.dot[:2])) for loser in conflict.losers]


def _decide(connection: Any, node: Node, conflict: Any, value: Any) -> None:
    settle(connection, conflict, node.schema)
    if conflict.field and value != conflict.winner.value:
        sql.run(connection, f"UPDATE {conflict.record} SET {conflict.field} = ? WHERE id = ?", [value, conflict.row_id])


def enter_twice(world: World, grid: Node, place: str, office: Node) -> None:
    """Two laptops enter one person."""
    world.values += 1
    for node in (grid, office):
        pk = node.add("resident", SCOPES[place], name=f"v{world.values}", id_no=f"990101{world.values:012d}")
        world.twins[pk] = place


def child_first(world: World, place: str, office: Node, gone: bool, again: bool) -> None:
    """A child reaches a clone that never got its parent. gone: the parent was deleted meanwhile. again: and is then made once more."""
    world.clone(place, 0)
    grid, behind = world.machines[place][0], world.machines[place][-1]
    parent, room, child = _family(world, grid, place, office)
    behind.take(world.make(office, place))
    if behind is not grid:
        _parked(behind, child)
    if gone and grid.delete("household", parent):
        world.superseded.add(room)
        world.trip(grid, place, office)
        _parked(office, child)
    if gone and again:
        grid.add("household", SCOPES[place], id=parent)
        world.trip(grid, place, office)
        assert office.rows("SELECT id FROM resident WHERE id = ?", [child]), "lost: a child whose parent is back"


def _parked(node: Node, child: str) -> None:
    found = node.rows("SELECT reason FROM sync_parked WHERE pk = ?", [child])
    assert found == [("parent",)], f"differ: a child without its parent is {found}"


def _family(world: World, grid: Node, place: str, office: Node) -> tuple[str, str, str]:
    """A household both know, and a resident only the office knows."""
    world.values += 2
    room = f"v{world.values}"
    parent = grid.add("household", SCOPES[place], room=room)
    for _ in range(2):
        world.trip(grid, place, office)
    child = office.add("resident", SCOPES[place], household_id=parent, phone=f"v{world.values - 1}")
    return parent, room, child
