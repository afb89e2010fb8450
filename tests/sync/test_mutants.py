"""The seven wrong exchanges of sync.md section 5, and more: each passes no longer than one directed history. A mutant that survives is a
test bug."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp.sync import archive, bundle, link, rows
from gridapp.sync import stamp as stamps
from gridapp.sync.outgoing import Outgoing
from gridapp.sync.session import Session
from gridapp.sync.sql import get_meta, run, set_meta
from gridapp.sync.stamp import Dot, State
from tests.sync import incidents
from tests.sync.incidents import Killed, child_first, enter_twice, resolve
from tests.sync.nodes import Node
from tests.sync.world import OLD, SCHEMA, World, make_template, row_ids

History = Callable[[World], None]
Mutate = Callable[[pytest.MonkeyPatch], None]
PHONE, CONTENT, NOTES = ("resident", 0, "phone"), ("request", 0, "content"), ("resident", 0, "notes")


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


def through_an_old_office(world: World) -> None:
    """A new field goes from one clone to the other by way of an office whose program does not know it."""
    office, grid = seats(world)
    world.clone("one", 0)
    write(world, grid, NOTES)
    for _ in range(2):
        world.trip(grid, "one", office)
        world.trip(world.machines["one"][1], "one", office)


def through_an_old_office_from_the_start(world: World) -> None:
    """The same, and the office's program is old from its first day."""
    world.machines["office"][0].open(OLD)
    through_an_old_office(world)


def made_at_old_and_new(world: World) -> None:
    """An old program makes the row a new one also made, and is brought up to date before they meet."""
    office, grid = world.machines["office"][0], world.machines["one"][0]
    office.open(OLD)
    world.edit(grid, "one", "resident", 1, "notes", 0)  # one that no image knows
    world.edit(office, "one", "resident", 1, "phone", 1000)
    office.open(SCHEMA)
    world.trip(grid, "one", office)
    assert {node.value("resident", row_ids("one")["resident"][1], "notes") for node in (office, grid)} == {"v1"}, "lost: hidden by an emptiness"


def decided(world: World) -> None:
    """The office decides a conflict for the value that stands, and tells."""
    same_field(world)
    office, grid = world.machines["office"][0], world.machines["one"][0]
    world.trip(grid, "one", office)
    resolve(world, office, 0, 0)
    world.trip(grid, "one", office)


def orphans(world: World) -> None:
    """A child arrives before its parent; another's parent is gone."""
    child_first(world, "one", world.machines["office"][0], gone=True, again=False)


def entered_twice(world: World) -> None:
    """One ID number, two rows."""
    office, grid = seats(world)
    enter_twice(world, grid, "one", office)
    world.trip(grid, "one", office)


def killed_at_the_rows(world: World) -> None:
    """The office is killed in a merge, before the first row; what it sends next tells what it got."""
    office, grid = seats(world)
    write(world, grid, PHONE)
    path = world.make(grid, "office")

    def kill(*_: Any) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(bundle, "_merge", kill)
        office.take(path)
    grid.take(world.make(office, "one"))


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

    def honour(connection: Any, peer: link.Link, heard: str, applied: Any, at: int) -> None:
        run(connection, "UPDATE sync_link SET cursor = ?, heard = ? WHERE id = ?", [max(peer.cursor, int(applied[0])), heard, peer.id])

    patch.setattr(bundle, "_note", counted)
    patch.setattr(link, "receipts", lambda connection, peer: [get_meta(connection, f"heard {peer.id}") or "0"])
    patch.setattr(link, "claimable", lambda *_: True)
    patch.setattr(link, "honour", honour)


def deltas_without_a_base(patch: pytest.MonkeyPatch) -> None:
    """Whoever gets a delta confirms it, whatever it builds on."""
    patch.setattr(link, "claimable", lambda *_: True)


def unknown_fields_stay(patch: pytest.MonkeyPatch) -> None:
    """What a program does not know it keeps, and does not send on."""
    right = Outgoing._beside
    patch.setattr(Outgoing, "_beside", lambda self, chunk, siblings, extra: right(self, chunk, siblings, False))


def emptiness_claims(patch: pytest.MonkeyPatch) -> None:
    """An empty field is somebody's word even if nobody wrote it."""

    def gather(stamp: stamps.Stamp, values: Any, siblings: Any) -> State:
        fields = {number: {stamp.dot(number): value} for number, value in values.items()}
        for number, dot, value in siblings:
            fields.setdefault(number, {})[dot] = value
        return State(dict(stamp.context), fields)

    patch.setattr(stamps, "gather", gather)


def decisions_of_one_disk(patch: pytest.MonkeyPatch) -> None:
    """Deciding for the value that stands is no writing."""

    patch.setattr(incidents, "settle", lambda *_: None)


def parked_rows_stay(patch: pytest.MonkeyPatch) -> None:
    """Rows that cannot stand are not sent on."""
    patch.setattr(Outgoing, "_parked", lambda self: iter(()))


def one_row_for_one_number(patch: pytest.MonkeyPatch) -> None:
    """A unique index on the ID number, and the later row gives way to it."""
    right = rows.write_inserts

    def write_inserts(connection: Any, shape: Any, values: Any, numbers: Any = None) -> None:
        right(connection, shape, values, numbers)
        if shape.name == "resident":
            run(connection, "DELETE FROM resident WHERE id_no IN (SELECT id_no FROM resident GROUP BY id_no HAVING count(*) > 1)")

    patch.setattr(rows, "write_inserts", write_inserts)


def receipts_apart_from_the_rows(patch: pytest.MonkeyPatch) -> None:
    """The receipt is kept in a transaction of its own, before the rows."""
    note = bundle._note

    def kept(connection: Any, *more: Any) -> None:
        note(connection, *more)
        for word in ("COMMIT", "BEGIN IMMEDIATE"):
            run(connection, word)

    patch.setattr(bundle, "_note", kept)


MUTANTS: list[tuple[Mutate, History]] = [
    (row_by_the_clock, other_fields),
    (field_by_the_clock, same_field),
    (fields_alone_with_the_rows_context, lost_bundle),
    (no_archive, edit_after_conflict),
    (name_from_the_disk, two_clones_edit),
    (receipts_by_counter, restored_laptop),
    (deltas_without_a_base, return_to_the_other_clone),
    (unknown_fields_stay, through_an_old_office_from_the_start),
    (emptiness_claims, made_at_old_and_new),
    (decisions_of_one_disk, decided),
    (parked_rows_stay, orphans),
    (one_row_for_one_number, entered_twice),
    (receipts_apart_from_the_rows, killed_at_the_rows),
]


@pytest.mark.parametrize("history", [each for _, each in MUTANTS])
def test_the_real_exchange_stands(world: World, history: History) -> None:
    history(world)
    world.check(0)


@pytest.mark.parametrize(("mutate", "history"), MUTANTS)
def test_a_mutant_falls(world: World, monkeypatch: pytest.MonkeyPatch, mutate: Mutate, history: History) -> None:
    monkeypatch.setattr(bundle, "_same", lambda *_: None)  # the promises must see it, not the digest
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
