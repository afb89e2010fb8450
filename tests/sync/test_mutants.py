"""The seven wrong exchanges of sync.md section 5: each passes no longer than one directed history. A mutant that survives is a test bug."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp.sync import archive, bundle, link
from gridapp.sync import stamp as stamps
from gridapp.sync.session import Session
from gridapp.sync.sql import get_meta, run, set_meta
from gridapp.sync.stamp import Dot, State
from tests.sync.nodes import Node
from tests.sync.world import World, make_template

History = Callable[[World], None]
Mutate = Callable[[pytest.MonkeyPatch], None]
PHONE, CONTENT = ("resident", 0, "phone"), ("request", 0, "content")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Images of an office and its grids."""
    return make_template(tmp_path_factory.mktemp("mutants") / "template")


@pytest.fixture
def world(template: Path, tmp_path: Path) -> Iterator[World]:
    """A fresh world."""
    made = World(tmp_path, template)
    yield made
    made.close()


def write(world: World, node: Node, what: tuple[str, int, str], skew: int = 0) -> None:
    """One more value."""
    world.edit(node, "one", what[0], what[1], what[2], skew)


def seats(world: World) -> tuple[Node, Node]:
    """The office and the first grid, both knowing the row."""
    office, grid = world.machines["office"][0], world.machines["one"][0]
    write(world, grid, PHONE)
    write(world, grid, CONTENT)
    for _ in range(2):
        world.trip(grid, "one", office)
    return office, grid


def other_fields(world: World) -> None:
    """Both write the same row, but not the same field."""
    office, grid = seats(world)
    world.edit(grid, "one", "request", 0, "content", 0)
    world.edit(office, "one", "request", 0, "handler", 1000)
    world.trip(grid, "one", office)


def same_field(world: World) -> None:
    """Both write the same field."""
    office, grid = seats(world)
    write(world, grid, PHONE)
    write(world, office, PHONE, 1000)
    world.trip(grid, "one", office)


def lost_bundle(world: World) -> None:
    """Two edits; the bundle with the first never arrives."""
    office, grid = seats(world)
    write(world, grid, PHONE)
    world.make(grid, "office")
    write(world, grid, ("request", 0, "handler"))
    world.make(grid, "office")
    write(world, grid, CONTENT)
    world.trip(grid, "one", office)


def edit_after_conflict(world: World) -> None:
    """An ordinary edit of a field whose loser nobody has looked at."""
    same_field(world)
    write(world, world.machines["one"][0], PHONE, 2000)


def two_clones_edit(world: World) -> None:
    """Two copies of one laptop work on."""
    office, _ = seats(world)
    world.clone("one", 0)
    for grid in world.machines["one"]:
        grid.reboot()
        write(world, grid, PHONE)
        world.trip(grid, "one", office)


def restored_laptop(world: World) -> None:
    """A laptop goes back to its backup and works on; the office has heard more of it than it remembers."""
    office, grid = seats(world)
    world.backup("one", grid)
    for _ in range(4):
        write(world, grid, PHONE)
        world.trip(grid, "one", office)
    world.restore("one", 0, 0)
    grid = world.machines["one"][0]
    grid.take(world.make(office, "one"))
    write(world, grid, CONTENT)


def return_to_the_other_clone(world: World) -> None:
    """What one clone confirmed, the other never got."""
    office, _ = seats(world)
    world.clone("one", 0)
    write(world, office, CONTENT)
    for _ in range(2):
        world.trip(world.machines["one"][0], "one", office)
    world.trip(world.machines["one"][0], "one", office, world.machines["one"][1])


def newest(state: State) -> int:
    """The latest wall clock in a row."""
    return max(dot[2] for dots in state.fields.values() for dot in dots)


def row_by_the_clock(patch: pytest.MonkeyPatch) -> None:
    """The row written last by the wall clock wins whole."""

    def join(mine: State, theirs: State) -> State:
        won = max((mine, theirs), key=newest)
        return State(stamps.both(mine.context, theirs.context), won.fields)

    patch.setattr(stamps, "join", join)
    patch.setattr(stamps, "blend", lambda *_: None)


def field_by_the_clock(patch: pytest.MonkeyPatch) -> None:
    """The value written last by the wall clock wins, and the other goes."""

    def join_field(ours: dict[Dot, Any], mine: Any, others: dict[Dot, Any], theirs: Any) -> dict[Dot, Any]:
        both = ours | others
        return {dot: both[dot] for dot in sorted(both, key=lambda dot: (dot[2], dot))[-1:]}

    patch.setattr(stamps, "_join_field", join_field)


def fields_alone_with_the_rows_context(patch: pytest.MonkeyPatch) -> None:
    """Only the fields edited last travel, yet the row's whole context is claimed."""
    right = stamps.changed

    def changed(mine: stamps.Stamp, theirs: stamps.Stamp, numbers: Any) -> tuple[int, ...]:
        last = max(theirs.later.values(), default=theirs.base, key=lambda dot: dot[1])
        return tuple(number for number in right(mine, theirs, numbers) if theirs.dot(number) == last)

    patch.setattr(stamps, "changed", changed)


def no_archive(patch: pytest.MonkeyPatch) -> None:
    """An ordinary edit sweeps losers away for good."""
    patch.setattr(archive, "keep", lambda *_, **__: None)


def name_from_the_disk(patch: pytest.MonkeyPatch) -> None:
    """A replica is called the same after every start, and counts on from where the disk says."""

    def reboot(node: Node) -> None:
        counted = int(node.do(get_meta, "tick") or 0)
        node.session = Session(node.device, "测试员", "0.1", schema=node.schema, _sid=node.device[:16], _seq=counted)

    patch.setattr(Node, "reboot", reboot)


def receipts_by_counter(patch: pytest.MonkeyPatch) -> None:
    """A receipt is the highest number heard of, and the sender takes it at its word."""
    note = bundle._note

    def counted(connection: Any, session: Any, peer: link.Link, header: Any, claimed: bool) -> None:
        note(connection, session, peer, header, claimed)
        set_meta(connection, f"heard {peer.id}", str(max(int(get_meta(connection, f"heard {peer.id}") or 0), header["upto"])))

    def honour(connection: Any, peer: link.Link, heard: str, applied: Any) -> None:
        run(connection, "UPDATE sync_link SET cursor = ?, heard = ? WHERE id = ?", [max(peer.cursor, int(applied[0])), heard, peer.id])

    patch.setattr(bundle, "_note", counted)
    patch.setattr(link, "receipts", lambda connection, peer: [get_meta(connection, f"heard {peer.id}") or "0"])
    patch.setattr(link, "claimable", lambda *_: True)
    patch.setattr(link, "honour", honour)


def deltas_without_a_base(patch: pytest.MonkeyPatch) -> None:
    """Whoever gets a delta confirms it, whatever it builds on."""
    patch.setattr(link, "claimable", lambda *_: True)


MUTANTS: list[tuple[Mutate, History]] = [
    (row_by_the_clock, other_fields),
    (field_by_the_clock, same_field),
    (fields_alone_with_the_rows_context, lost_bundle),
    (no_archive, edit_after_conflict),
    (name_from_the_disk, two_clones_edit),
    (receipts_by_counter, restored_laptop),
    (deltas_without_a_base, return_to_the_other_clone),
]


@pytest.mark.parametrize("history", [each for _, each in MUTANTS])
def test_the_real_exchange_stands(world: World, history: History) -> None:
    history(world)
    world.check(0)


@pytest.mark.parametrize(("mutate", "history"), MUTANTS)
def test_a_mutant_falls(world: World, monkeypatch: pytest.MonkeyPatch, mutate: Mutate, history: History) -> None:
    monkeypatch.setattr(bundle, "_differs", lambda *_: False)  # the promises must see it, not the digest
    mutate(monkeypatch)
    for node in world.disks:
        node.reboot()
    with pytest.raises(AssertionError, match="differ|lost"):
        history(world)
        world.check(0)


@pytest.mark.parametrize("mutate", [each for each, _ in MUTANTS])
def test_a_mutant_is_not_just_broken(world: World, monkeypatch: pytest.MonkeyPatch, mutate: Mutate) -> None:
    """On a quiet day none shows."""
    mutate(monkeypatch)
    for node in world.disks:
        node.reboot()
    seats(world)
    world.check(0)
