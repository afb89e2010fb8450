"""An office's word goes before a grid's, and no grid can speak with it; in a tree of three levels as in one of two."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from gridapp.sync import authority, trust
from gridapp.sync.sql import rows, run
from gridapp.sync.stamping import stamp_edits
from tests.sync.nodes import ONE, Node, enrol, exchange, settle, state

NewNode = Callable[[str], Node]
Trio = tuple[Node, Node, Node]
BELOW = "street/c001"
LATER = "UPDATE sync_log SET t = t + 100000"


def dispute(office: Node, grid: Node, folder: Path) -> str:
    """Both write who handles a request, the grid by a clock that is ahead; gives the row's id."""
    row = grid.add("request", ONE, req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    exchange(grid, office, folder)
    exchange(grid, office, folder)
    office.edit("request", row, handler="城管")
    grid.edit("request", row, handler="物业")
    grid.do(run, LATER)
    return row


def claim(grid: Node, **values: object) -> None:
    """The grid's program is altered: its own session, as it travels from here, says something else."""
    grid.reboot()
    grid.do(stamp_edits, grid.session)
    sets = ", ".join(f"{name} = ?" for name in values)
    assert grid.do(run, f"UPDATE sync_session SET {sets} WHERE sid = ?", [*values.values(), grid.session.sid]) == 1


def signed(grid: Node, **values: object) -> str:
    """A proof over altered values, by the grid's own key."""
    found = grid.rows("SELECT sid, device, person, app, started FROM sync_session WHERE sid = ?", [grid.session.sid])[0]
    altered = dict(zip(authority.NAMES, found, strict=False)) | values
    return authority.prove(grid.do(trust.own_keys), list(altered.values()))


def test_a_grid_that_says_it_is_the_office_is_not_believed(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    row = dispute(office, one, tmp_path)
    claim(one, device=office.device, rank=99)
    one.do(run, "UPDATE sync_session SET proof = ? WHERE sid = ?", [signed(one, device=office.device), one.session.sid])
    office.take(one.make(office, tmp_path))
    assert office.value("request", row, "handler") == "城管"
    assert office.rows("SELECT sid FROM sync_session WHERE sid = ?", [one.session.sid]) == []


def test_a_rank_of_ones_own_choice_does_not_travel(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = dispute(office, one, tmp_path)
    claim(one, rank=99)
    office.take(one.make(office, tmp_path))
    assert office.value("request", row, "handler") == "城管"
    assert office.rows("SELECT device, rank FROM sync_session WHERE sid = ?", [one.session.sid]) == [(one.device, 0)]


def test_a_certificate_a_grid_made_for_itself_is_not_learned(trio: Trio) -> None:
    office, one, two = trio
    mine, keys = one.do(trust.own_certificate), one.do(trust.own_keys)
    for forged in (
        replace(mine, role="office", scope="office", issuer=one.device),
        replace(mine, role="office"),
        replace(mine, device="f" * 32, role="office", issuer=one.device, scope=ONE + "/x"),
        replace(mine, device="e" * 32, role="office", issuer=office.device, scope=ONE),
        replace(mine, device="d" * 32, role="office", issuer="d" * 32, scope="office"),
    ):
        made = replace(forged, seal=keys.seal(forged.plain()).hex())
        office.do(trust.learn, [asdict(made)])
    known = office.rows("SELECT device, role FROM sync_trust ORDER BY role, device")
    assert known == sorted([(one.device, "grid"), (two.device, "grid"), (office.device, "office")], key=lambda pair: (pair[1], pair[0]))


def test_a_name_taken_before_the_office_used_it_is_given_back(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = dispute(office, one, tmp_path)
    one.take(office.make(one, tmp_path))
    stolen = [office.session.sid, one.device, "冒名", "0.1", 1]
    one_keys = one.do(trust.own_keys)
    for values in (stolen, [*stolen[:1], "c" * 32, *stolen[2:]]):
        office.do(run, "DELETE FROM sync_session WHERE sid = ?", [office.session.sid])
        office.do(authority.keep, [[*values, authority.prove(one_keys, values)]])
        assert office.rows("SELECT rank FROM sync_session WHERE sid = ?", [office.session.sid]) == [(0,)]
        office.do(authority.keep, [list(each) for each in one.do(rows, f"SELECT {', '.join(authority.NAMES)} FROM sync_session")])
        assert office.rows("SELECT device FROM sync_session WHERE sid = ?", [office.session.sid]) == [(office.device,)]
    settle(office, [one], tmp_path, 2)
    assert office.value("request", row, "handler") == one.value("request", row, "handler") == "城管"


@pytest.fixture
def tree(new_node: NewNode) -> tuple[Node, Node, Node, Node]:
    """A street, a community under it, two grids under the community."""
    street, community, one, two = (new_node(name) for name in ("street", "community", "one", "two"))
    street.do(trust.found_office, "测试街道", "street")
    asked = trust.read_request(community.do(trust.request, "测试社区"))
    street.do(trust.enrol, asked, BELOW, "office")
    community.do(trust.accept, trust.read_answer(street.do(trust.answer, community.device)))
    enrol(community, one, BELOW + "/g001")
    enrol(community, two, BELOW + "/g002")
    return street, community, one, two


def up_and_down(street: Node, community: Node, grids: list[Node], folder: Path) -> None:
    """Everything everybody has, by files alone."""
    for _ in range(4):
        for grid in grids:
            community.take(grid.make(community, folder))
        exchange(community, street, folder)
        for grid in grids:
            grid.take(community.make(grid, folder))


def test_three_levels_agree_on_whose_word_stands(tree: tuple[Node, Node, Node, Node], tmp_path: Path) -> None:
    street, community, one, two = tree
    row = one.add("request", BELOW + "/g001", req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    up_and_down(street, community, [one, two], tmp_path)
    street.edit("request", row, handler="街道")
    community.edit("request", row, handler="社区")
    one.edit("request", row, handler="网格")
    for node in (one, community):
        node.do(run, LATER)
    up_and_down(street, community, [one, two], tmp_path)
    assert [node.value("request", row, "handler") for node in (street, community, one)] == ["街道"] * 3
    assert two.rows("SELECT id FROM request") == []
    assert state(street) == state(community) == state(one)
    ranks = [dict(node.do(authority.ranks)) for node in (street, community, one)]
    assert ranks[0] == ranks[1] == ranks[2]
    assert sorted(ranks[0].values()) == [63, 64]


def test_a_grid_of_another_community_cannot_speak_for_the_street(tree: tuple[Node, Node, Node, Node], tmp_path: Path) -> None:
    street, community, one, _ = tree
    row = one.add("request", BELOW + "/g001", req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    up_and_down(street, community, [one], tmp_path)
    community.edit("request", row, handler="社区")
    one.edit("request", row, handler="网格")
    one.do(run, LATER)
    claim(one, device=street.device)
    up_and_down(street, community, [one], tmp_path)
    assert street.value("request", row, "handler") == community.value("request", row, "handler") == "社区"
