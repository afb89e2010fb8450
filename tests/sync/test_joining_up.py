"""An office that already has grids joins a higher one: paths grow at their head, by files alone, in whatever order the sticks travel."""
from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp.rules.reading import Trouble
from gridapp.sync import capture, conflicts, pieces, trust
from tests.sync.nodes import Node, enrol, exchange, fill, residents, settle, state

NewNode = Callable[[str], Node]
OLD, NEW = "office-ab12", "street/c01"


@pytest.fixture(params=["sqlite", "postgresql"])
def nodes(request: Any, new_node: NewNode) -> tuple[Node, Node, Node, Node]:
    """A street; a community (on each engine in turn) with two grids that have exchanged; they do not know of one another yet."""
    community = new_node("community") if request.param == "sqlite" else request.getfixturevalue("pg_node")
    street, one, two = (new_node(name) for name in ("street", "one", "two"))
    street.do(trust.found_office, "测试街道", "street")
    community.do(trust.found_office, "测试社区", OLD)
    for grid, number in ((one, 1), (two, 2)):
        enrol(community, grid, f"{OLD}/g00{number}", f"{number}网格")
    return street, community, one, two


def join(street: Node, community: Node) -> None:
    """By files: asked, enrolled as an office, answered."""
    asked = trust.read_request(community.do(trust.request, "测试社区"))
    street.do(trust.enrol, asked, NEW, "office")
    community.do(trust.accept, trust.read_answer(street.do(trust.answer, community.device)))


def scopes(node: Node) -> set[str]:
    """Every path that stands anywhere in a store."""
    found = {scope for shape in node.schema.shapes for (scope,) in node.rows(f"SELECT DISTINCT scope FROM {shape.name}")}
    found |= {scope for table in ("sync_parked", "sync_conflict", "sync_link") for (scope,) in node.rows(f"SELECT DISTINCT scope FROM {table}")}
    return found


def all_agree(street: Node, community: Node, grids: list[Node]) -> None:
    """Equal above and below, all under the new path, nothing kept apart, every trigger in place."""
    assert state(street) == state(community)
    for number, grid in enumerate(grids, 1):
        assert state(grid) == state(community, f"{NEW}/g00{number}")
        assert grid.do(trust.own_certificate) == community.do(trust.certificate, grid.device)
        assert grid.do(trust.own_scope) == f"{NEW}/g00{number}"
    for node in (street, community, *grids):
        assert all(scope.startswith(NEW) for scope in scopes(node))
        assert node.rows("SELECT pk FROM sync_quarantine") == []
        node.do(capture.check)


def round_trips(street: Node, community: Node, grids: list[Node], folder: Path) -> None:
    """Up to the top and down to the grids, until it is quiet."""
    for _ in range(4):
        for grid in grids:
            community.take(grid.make(community, folder))
        exchange(community, street, folder)
        for grid in grids:
            grid.take(community.make(grid, folder))


def test_a_community_with_grids_joins(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, one, two = nodes
    fill(one, residents(30, f"{OLD}/g001"))
    home = one.add("household", f"{OLD}/g001", room="101")
    person = one.add("resident", f"{OLD}/g001", name="测试甲", household_id=home, status="here")
    gone = one.add("resident", f"{OLD}/g001", name="走了", status="here")
    fill(two, residents(5, f"{OLD}/g002", 100))
    own = community.add("org", OLD, name="测试社区党委", level="community", term_years=5)
    settle(community, [one, two], tmp_path, 2)
    one.delete("resident", gone)
    exchange(one, community, tmp_path)
    # a conflict, swept into the archive, lies under the old path too
    community.edit("resident", person, phone="16100000001")
    one.edit("resident", person, phone="16100000002")
    exchange(one, community, tmp_path)
    one.edit("resident", person, phone="16100000003")
    late = one.make(community, tmp_path)

    join(street, community)
    assert community.do(trust.own_scope) == NEW
    assert community.value("org", own, "scope") == NEW
    # what the grids do meanwhile comes under the former path, and is taken
    fresh = one.add("resident", f"{OLD}/g001", name="测试乙", household_id=home, status="here")
    two.edit("resident", residents(1, "", 100)[0]["id"], phone="16100000009")
    two.delete("resident", residents(1, "", 101)[0]["id"])
    for path in (one.make(community, tmp_path), late, two.make(community, tmp_path)):
        assert community.take(path).tally.quarantined == 0
    assert community.value("resident", fresh, "scope") == f"{NEW}/g001"
    # and what they add after that bundle, before the return comes
    later = one.add("resident", f"{OLD}/g001", name="测试丙", status="here")
    one.take(community.make(one, tmp_path))
    assert one.value("resident", later, "scope") == f"{NEW}/g001"
    round_trips(street, community, [one, two], tmp_path)
    all_agree(street, community, [one, two])
    assert street.value("resident", person, "phone") == "16100000003"
    # deleted while it was renamed: it lives on and is listed, like any row that was edited meanwhile
    assert len(street.rows("SELECT id FROM resident WHERE scope = ?", [f"{NEW}/g002"])) == 5
    assert [each.row_id for each in street.do(conflicts.conflicts) if not each.field] == [residents(1, "", 101)[0]["id"]]
    # slicing down: a correction of the street reaches the one grid it is for
    street.edit("resident", fresh, phone="16100000007")
    round_trips(street, community, [one, two], tmp_path)
    assert one.value("resident", fresh, "phone") == "16100000007"
    assert two.rows("SELECT id FROM resident WHERE id = ?", [fresh]) == []
    all_agree(street, community, [one, two])


def test_the_first_return_brings_the_community_in(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, one, two = nodes
    fill(one, residents(5, f"{OLD}/g001"))
    settle(community, [one, two], tmp_path, 1)
    street.do(trust.enrol, trust.read_request(community.do(trust.request, "测试社区")), NEW, "office")
    assert community.take(street.make(community, tmp_path)).enrolled
    round_trips(street, community, [one, two], tmp_path)
    all_agree(street, community, [one, two])
    assert len(street.rows("SELECT id FROM resident")) == 5


def test_the_street_first_comes_to_the_same(new_node: NewNode, tmp_path: Path) -> None:
    street, community, one = (new_node(name) for name in ("street", "community", "one"))
    street.do(trust.found_office, "测试街道", "street")
    street.do(trust.enrol, trust.read_request(community.do(trust.request, "测试社区")), NEW, "office")
    community.do(trust.accept, trust.read_answer(street.do(trust.answer, community.device)))
    enrol(community, one, f"{NEW}/g001")
    fill(one, residents(5, f"{NEW}/g001"))
    round_trips(street, community, [one], tmp_path)
    all_agree(street, community, [one])
    assert len(street.rows("SELECT id FROM resident")) == 5


def test_new_keys_and_a_new_path_at_once(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, one, two = nodes
    fill(one, residents(5, f"{OLD}/g001"))
    settle(community, [one, two], tmp_path, 1)
    community.do(trust.rotate)
    one.do(trust.rotate)
    join(street, community)
    community.do(trust.rotate)
    street.do(trust.rotate)
    round_trips(street, community, [one, two], tmp_path)
    all_agree(street, community, [one, two])


def test_a_withdrawn_grid_gets_its_new_path_when_it_comes_back(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, one, two = nodes
    fill(two, residents(5, f"{OLD}/g002"))
    settle(community, [one, two], tmp_path, 1)
    community.do(trust.revoke, two.device)
    join(street, community)
    two.add("resident", f"{OLD}/g002", name="测试甲", status="here")
    assert community.take(two.make(community, tmp_path)).outcome == "held"
    community.do(trust.reinstate, two.device)
    round_trips(street, community, [one, two], tmp_path)
    all_agree(street, community, [one, two])
    assert len(street.rows("SELECT id FROM resident")) == 6


def test_a_community_enrolled_as_a_grid_says_so(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, _, _ = nodes
    street.do(trust.enrol, trust.read_request(community.do(trust.request, "测试社区")), NEW)
    with pytest.raises(Trouble, match="重新登记"):
        community.do(trust.accept, trust.read_answer(street.do(trust.answer, community.device)))
    join(street, community)
    assert community.do(trust.own_scope) == NEW


def test_a_whole_tree_joins_and_every_level_below_follows(nodes: tuple[Node, ...], new_node: NewNode, tmp_path: Path) -> None:
    street, community, one, _ = nodes
    fill(one, residents(5, f"{OLD}/g001"))
    settle(community, [one], tmp_path, 1)
    join(street, community)
    district = new_node("district")
    district.do(trust.found_office, "测试区", "district")
    district.do(trust.enrol, trust.read_request(street.do(trust.request, "测试街道")), "district/s01", "office")
    street.do(trust.accept, trust.read_answer(district.do(trust.answer, street.device)))
    for _ in range(4):
        community.take_anyhow(one.make(community, tmp_path))
        street.take_anyhow(community.make(street, tmp_path))
        exchange(street, district, tmp_path)
        community.take_anyhow(street.make(community, tmp_path))
        one.take_anyhow(community.make(one, tmp_path))
    assert one.do(trust.own_scope) == "district/s01/c01/g001"
    assert scopes(one) == {"district/s01/c01/g001"}
    assert state(district) == state(street) == state(community) == state(one)
    assert len(district.rows("SELECT id FROM resident")) == 5


def test_attachments_climb_to_the_top_and_come_down_through_every_level(nodes: tuple[Node, ...], tmp_path: Path) -> None:
    street, community, one, two = nodes
    before, after, down = (bytes([n]) * (pieces.PIECE + 9) for n in (1, 2, 3))

    def attach(node: Node, scope: str, data: bytes) -> None:
        key = node.do(pieces.put, data)
        node.add("attachment", scope, sha256=key, media="image/jpeg", size=len(data), added_on="2026-11-22")

    attach(one, f"{OLD}/g001", before)
    exchange(one, community, tmp_path)
    join(street, community)
    attach(one, f"{OLD}/g001", after)  # the grid has not heard of the longer path yet
    attach(street, f"{NEW}/g002", down)
    round_trips(street, community, [one, two], tmp_path)
    all_agree(street, community, [one, two])
    for data, holders in ((before, (one, community, street)), (after, (one, community, street)), (down, (two, community, street))):
        key = hashlib.sha256(data).hexdigest()
        for node in nodes:
            assert (node.do(pieces.content, key) == data) is (node in holders)
            assert node.rows("SELECT count(*) FROM blob_piece WHERE sha256 = ?", [key]) == [(2 * (node in holders),)]
