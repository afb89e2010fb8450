"""What bundles tell of the other side: copies and restored machines are noticed, ordinary bad luck is not; clocks and versions are seen."""
from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from gridapp.sync import link, watch
from tests.sync.nodes import OFFICE, ONE, Node, enrol, exchange, residents, settle

HOUR = 3_600_000
Make = Callable[[str], Node]
Trio = tuple[Node, Node, Node]


@pytest.fixture
def pair(new_node: Make) -> tuple[Node, Node]:
    from gridapp.sync import trust

    office, grid = new_node("office"), new_node("one")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    return office, grid


def seen(office: Node, grid: Node) -> watch.Peer:
    return office.do(watch.peer, grid.device)


def add(node: Node, number: int) -> None:
    row = residents(1, ONE, number)[0]
    node.add("resident", ONE, **{name: value for name, value in row.items() if name != "scope"})


@pytest.mark.parametrize("seed", range(12))
def test_lost_late_and_repeated_bundles_make_nobody_look_restored(pair: tuple[Node, Node], tmp_path: Path, seed: int) -> None:
    office, grid = pair
    chance = random.Random(seed)
    pool: list[tuple[Node, Path]] = []
    for number in range(40):
        maker, other = chance.choice([(grid, office), (office, grid)])
        if chance.random() < 0.5:
            add(maker, number + (1000 if maker is office else 0))
        pool.append((other, maker.make(other, tmp_path)))
        if chance.random() < 0.2:
            maker.reboot()
        for _ in range(chance.randrange(3)):
            to, path = chance.choice(pool)
            to.take(path)
    for to, path in chance.sample(pool, len(pool)):
        to.take(path)
    assert seen(office, grid).doubts == seen(grid, office).doubts == ()


def test_sending_everything_again_makes_nobody_look_restored(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    for number in range(3):
        add(grid, number)
        exchange(grid, office, tmp_path)
    grid.do(lambda connection: link.start_over(connection, link.get(connection, office.device)))
    settle(office, [grid], tmp_path)
    assert seen(office, grid).doubts == seen(grid, office).doubts == ()


def test_a_clone_is_noticed_and_harmless(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    exchange(grid, office, tmp_path)
    twin = grid.copy(tmp_path / "twin.db")
    add(grid, 1)
    exchange(grid, office, tmp_path)
    assert seen(office, grid).doubts == ()
    add(twin, 2)
    exchange(twin, office, tmp_path)
    assert seen(office, grid).doubts == ("forked",)
    settle(office, [grid, twin], tmp_path)
    assert grid.digest() == twin.digest() == office.digest(ONE)
    office.do(watch.verified, grid.device)
    assert seen(office, grid).doubts == ()


@pytest.mark.parametrize("lost", [False, True], ids=["all arrive", "the first after the backup got lost"])
def test_a_restored_grid_is_noticed(pair: tuple[Node, Node], tmp_path: Path, lost: bool) -> None:
    office, grid = pair
    exchange(grid, office, tmp_path)
    image = grid.copy(tmp_path / "image.db")
    if lost:
        add(grid, 1)
        grid.make(office, tmp_path)
    for number in (2, 3):
        add(grid, number)
        exchange(grid, office, tmp_path)
    for number in range(10, 20):
        add(image, number)
        office.take(image.make(office, tmp_path))
        if seen(office, grid).doubts:
            break
    assert seen(office, grid).doubts == (("forgot",) if lost else ("forked",))
    settle(office, [image], tmp_path)
    assert image.digest() == office.digest(ONE)


def test_a_restored_office_is_noticed_by_its_grid(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    exchange(grid, office, tmp_path)
    image = office.copy(tmp_path / "image.db")
    add(grid, 1)
    exchange(grid, office, tmp_path)
    settle(image, [grid], tmp_path)
    assert "forked" in seen(grid, office).doubts
    assert grid.digest() == image.digest(ONE)


def test_what_a_witness_saw_is_told_once(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    grid.do(watch.restored, "backup")
    exchange(grid, office, tmp_path)
    assert seen(office, grid).doubts == ("told",)
    office.do(watch.verified, grid.device)
    exchange(grid, office, tmp_path)
    assert seen(office, grid).doubts == ()


def test_clocks_are_judged_by_what_must_have_come_first(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    exchange(grid, office, tmp_path)
    late = grid.make(office, tmp_path)
    now = office.session.clock()
    office.session.clock = lambda: now + 30 * 24 * HOUR
    office.take(late)
    assert seen(office, grid).skew == 0, "a bundle may lie on a stick for a month"
    grid.take(office.make(grid, tmp_path))
    grid.session.clock = lambda: now + 40 * 24 * HOUR
    office.take(grid.make(office, tmp_path))
    assert seen(office, grid).skew == 10 * 24 * HOUR
    grid.session.clock = lambda: now
    office.take(grid.make(office, tmp_path))
    assert seen(office, grid).skew == -30 * 24 * HOUR
    assert seen(office, grid).app == "0.1"


@pytest.mark.parametrize(
    "odd",
    [
        {"prev": 7}, {"prev": "x"}, {"epoch": "1"}, {"restored": "all of it"}, {"restored": ["0" * 16, "else"]}, {"restored": [1, 2]},
        {"app": 5}, {"app": "a\0"}, {"app": "9" * 9999},
    ],
    ids=str,
)
def test_odd_headers_raise_no_doubt(pair: tuple[Node, Node], odd: dict[str, object]) -> None:
    office, grid = pair
    header = {"id": "b" * 32, "made": 1, "applied": [], "upto": 1, "prev": "", "epoch": 0, "app": "1.0"} | odd
    office.do(watch.heard, grid.device, header, 2)
    assert seen(office, grid).doubts == ()
    assert len(seen(office, grid).app) <= watch.APP


def test_a_return_is_due_when_something_happened_and_not_for_ever(trio: Trio, tmp_path: Path) -> None:
    office, grid, other = trio

    def due() -> tuple[bool, ...]:
        return tuple(office.do(_due, each.device) for each in (grid, other))

    assert due() == (True, True), "nothing was ever sent"
    for each in (grid, other):
        office.make(each, tmp_path)
    assert due() == (False, False)
    add(grid, 1)
    office.take(grid.make(office, tmp_path))
    assert due() == (True, False), "its receipt"
    office.make(grid, tmp_path)
    assert due() == (False, False), "though it has not confirmed"
    add(office, 2)
    assert due() == (True, False), "a row of its path"
    office.make(grid, tmp_path)
    office.do(lambda connection: link.start_over(connection, link.get(connection, grid.device)))
    assert due() == (True, False), "everything again"


def _due(connection: Connection, device: str) -> bool:
    return watch.due(connection, link.get(connection, device))
