"""Trust over time: devices withdrawn and taken back by versioned lists, keys that change, offices restored from backups."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from gridapp.rules.reading import Trouble
from gridapp.sync import authority, bundle, devices, quarantine, troubles, trust
from gridapp.sync.sql import run
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, exchange, fill, residents, settle, state
from tests.sync.test_authority import BELOW, LATER, dispute, tree, up_and_down  # noqa: F401 - tree is a fixture

Trio = tuple[Node, Node, Node]
NewNode = Callable[[str], Node]


def lists(node: Node) -> dict[str, Any]:
    """The lists a node holds, by issuer."""
    return {issuer: json.loads(body) for issuer, body in node.rows("SELECT issuer, body FROM sync_withdrawn")}


def backup(node: Node, path: Path) -> Node:
    """An image of a node's disk, to be restored later."""
    return node.copy(path)


def test_the_list_comes_with_the_return_and_goes_back_up(new_node: NewNode, tmp_path: Path) -> None:
    office, one, two = new_node("office"), new_node("one"), new_node("two")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, one, ONE)
    enrol(office, two, TWO)
    old = backup(office, tmp_path / "old.db")
    office.do(trust.revoke, two.device)
    exchange(one, office, tmp_path)
    assert lists(one) == lists(office)
    assert lists(one)[office.device]["revoked"] == {two.device: 3}
    # restored from the backup it knows nothing of it, until the first grid comes
    fill(two, residents(3, TWO))
    old.take(one.make(old, tmp_path))
    assert lists(old) == lists(one)
    assert old.take(two.make(old, tmp_path)).outcome == "held"
    old.do(trust.revoke, one.device)
    assert lists(old)[old.device]["version"] == 2


def test_lower_and_forged_lists_are_passed_over(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    office.do(trust.revoke, two.device)
    early = lists(office)[office.device]
    office.do(trust.reinstate, two.device)
    exchange(one, office, tmp_path)
    late = lists(office)[office.device]
    assert (early["version"], late["version"], late["revoked"]) == (1, 2, {})
    keys = one.do(trust.own_keys)
    unsigned = {"version": 9, "issuer": office.device, "revoked": {two.device: 9}}
    for found in (
        [early],
        [late | {"version": 9}],
        [early | {"version": 9, "seal": "00" * 64}],
        [unsigned | {"seal": keys.seal(json.dumps(unsigned).encode()).hex()}],
        [unsigned | {"issuer": one.device, "seal": keys.seal(b"x").hex()}],
        [unsigned | {"issuer": "f" * 32, "seal": ""}],
    ):
        for node in (office, one):
            assert not node.do(trust.honour, found)
            assert lists(node) == {office.device: late}
    for wrong in (None, {}, [1], [{}], [late | {"version": "9"}], [late | {"revoked": [1]}], [late | {"revoked": {"x": 1}}], [late | {"more": 1}]):
        with pytest.raises(troubles.Damaged):
            office.do(trust.honour, wrong)


def test_only_the_office_that_enrolled_it_withdraws_a_device(tree: tuple[Node, ...]) -> None:  # noqa: F811
    street, community, one, _ = tree
    for node, device in ((street, one.device), (one, community.device), (community, street.device), (street, street.device), (street, "f" * 32)):
        with pytest.raises(Trouble, match="不是本中心登记的"):
            node.do(trust.revoke, device)


def test_two_lists_of_a_restored_office_become_one(new_node: NewNode, tmp_path: Path) -> None:
    office, one, two, three = (new_node(name) for name in ("office", "one", "two", "three"))
    office.do(trust.found_office, "测试社区党委", OFFICE)
    for node, scope in ((one, ONE), (two, TWO), (three, OFFICE + "/g003")):
        enrol(office, node, scope)
    old = backup(office, tmp_path / "old.db")
    office.do(trust.revoke, two.device)
    exchange(one, office, tmp_path)
    old.do(trust.revoke, three.device)
    old.take(one.make(old, tmp_path))
    found = lists(old)[old.device]
    assert (found["version"], found["revoked"].keys()) == (2, {two.device, three.device})
    one.take_anyhow(old.make(one, tmp_path))
    assert lists(one) == lists(old)


def test_a_withdrawn_office_ranks_nothing_and_ranks_again(tree: tuple[Node, ...], tmp_path: Path) -> None:  # noqa: F811
    street, community, one, two = tree
    row = one.add("request", BELOW + "/g001", req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    up_and_down(street, community, [one, two], tmp_path)
    community.edit("request", row, handler="社区")
    one.edit("request", row, handler="网格")
    one.do(run, LATER)
    up_and_down(street, community, [one], tmp_path)
    assert [node.value("request", row, "handler") for node in (street, community, one)] == ["社区"] * 3

    street.do(trust.revoke, community.device)
    street.do(bundle.resettle, street.session)
    assert street.value("request", row, "handler") == "网格"
    assert [rank for (rank,) in street.rows("SELECT rank FROM sync_session WHERE device = ?", [community.device])] == [0]
    assert street.take(community.make(street, tmp_path)).outcome == "held"
    # the withdrawn office hears of it, and from then on agrees; so do its grids
    community.take(street.make(community, tmp_path))
    one.take_anyhow(community.make(one, tmp_path))
    assert [node.value("request", row, "handler") for node in (community, one)] == ["网格"] * 2

    street.do(trust.reinstate, community.device)
    street.do(bundle.resettle, street.session)
    (kept,) = street.do(quarantine.held)
    street.do(quarantine.release, street.session, kept.key)
    for _ in range(2):
        up_and_down(street, community, [one], tmp_path)
    assert [node.value("request", row, "handler") for node in (street, community, one)] == ["社区"] * 3
    assert state(street, BELOW + "/g001") == state(one)


def rotations(grid: Node, office: Node) -> tuple[str, str]:
    """The key the grid has, and the one the office's certificate of it names."""
    known = office.do(trust.certificate, grid.device)
    return grid.do(trust.own_keys).sign_public.hex(), known.sign


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_grid_changes_its_keys(trio: Trio, tmp_path: Path, times: int) -> None:
    office, one, two = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    late = one.make(office, tmp_path)
    waiting = office.make(one, tmp_path)
    before = office.do(trust.certificate, one.device).serial
    for _ in range(times):
        one.do(trust.rotate)
    one.edit("resident", row, phone="16100000001")
    up = one.make(office, tmp_path)
    assert office.take(up).tally.new == 1
    assert len(set(rotations(one, office))) == 1
    assert office.do(trust.certificate, one.device).serial > before
    # what was made before the change, either way, is still read
    assert office.take(late).outcome == "merged"
    assert one.take_anyhow(waiting).outcome == "merged"
    lost = office.make(one, tmp_path)
    lost.unlink()
    exchange(one, office, tmp_path)
    mine = one.do(trust.own_certificate)
    assert mine == office.do(trust.certificate, one.device)
    assert mine.sign == one.do(trust.own_keys).sign_public.hex()
    settle(office, [one, two], tmp_path, 2)
    assert state(office, ONE) == state(one)
    sessions = office.rows("SELECT proof FROM sync_session WHERE device = ?", [one.device])
    assert sessions and sessions == office.rows("SELECT proof FROM sync_session WHERE device = ? AND proof IS NOT NULL", [one.device])


def test_keys_change_in_turn_while_returns_are_lost(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    for n in range(3):
        one.do(trust.rotate)
        one.add("resident", ONE, name=f"测试{n}", status="here")
        office.take(one.make(office, tmp_path))
        office.make(one, tmp_path).unlink()
    office.do(trust.rotate)
    one.do(trust.rotate)
    exchange(one, office, tmp_path)
    exchange(one, office, tmp_path)
    assert len(set(rotations(one, office))) == 1
    assert len(set(rotations(office, one))) == 1
    assert state(office, ONE) == state(one)


def test_keys_nobody_handed_over_are_forged(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    one.do(trust.rotate)
    edges = json.loads(one.rows("SELECT value FROM sync_meta WHERE key = 'handovers'")[0][0])
    stolen = [two.do(trust.own_keys).sign_public.hex(), *edges[0][1:]]
    wrong = [[], [[edges[0][0], edges[0][1], "00" * 64]], [[edges[0][1], edges[0][1], edges[0][2]]], [stolen]]
    for found in wrong:
        one.do(run, "UPDATE sync_meta SET value = ? WHERE key = 'handovers'", [json.dumps(found)])
        with pytest.raises(troubles.Forged):
            office.take(one.make(office, tmp_path))
    for found in ([1], [["x", "y", "z"]], [edges[0][:2]], edges * 65):
        one.do(run, "UPDATE sync_meta SET value = ? WHERE key = 'handovers'", [json.dumps(found)])
        with pytest.raises(troubles.Damaged):
            office.take(one.make(office, tmp_path))
    one.do(run, "UPDATE sync_meta SET value = ? WHERE key = 'handovers'", [json.dumps(edges)])
    assert office.take(one.make(office, tmp_path)).outcome == "merged"


def test_a_withdrawn_device_gets_no_new_certificate_by_new_keys(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    office.do(trust.revoke, one.device)
    known = office.do(trust.certificate, one.device)
    one.do(trust.rotate)
    one.add("resident", ONE, name="测试甲", status="here")
    assert office.take(one.make(office, tmp_path)).outcome == "held"
    assert office.do(trust.certificate, one.device) == known
    (kept,) = office.do(quarantine.held)
    assert office.do(quarantine.release, office.session, kept.key).new == 1
    assert office.do(trust.is_revoked, one.device)
    office.do(trust.reinstate, one.device)
    exchange(one, office, tmp_path)
    assert not office.do(trust.is_revoked, one.device)
    assert len(set(rotations(one, office))) == 1


def test_an_office_changes_its_keys(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    row = dispute(office, one, tmp_path)
    waiting = one.make(office, tmp_path)
    office.do(trust.rotate)
    office.take(waiting)
    for grid in (one, two):
        exchange(grid, office, tmp_path)
        assert grid.do(trust.certificate, office.device) == office.do(trust.own_certificate)
        assert grid.do(trust.own_certificate) == office.do(trust.certificate, grid.device)
    assert office.value("request", row, "handler") == one.value("request", row, "handler") == "城管"
    office.do(trust.revoke, two.device)
    exchange(one, office, tmp_path)
    assert lists(one) == lists(office)
    settle(office, [one], tmp_path, 2)
    assert state(office, ONE) == state(one)


def test_the_middle_and_the_top_of_a_tree_change_their_keys(tree: tuple[Node, ...], new_node: NewNode, tmp_path: Path) -> None:  # noqa: F811
    street, community, one, two = tree
    row = one.add("request", BELOW + "/g001", req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    up_and_down(street, community, [one, two], tmp_path)
    community.do(trust.rotate)
    # enrolled while the street has not signed the new keys yet
    three = new_node("three")
    enrol(community, three, BELOW + "/g003")
    street.do(trust.rotate)
    one.take(community.make(one, tmp_path))
    street.edit("request", row, handler="街道")
    community.edit("request", row, handler="社区")
    community.do(run, LATER)
    for node in (community, street):
        node.reboot()
    up_and_down(street, community, [one, two, three], tmp_path)
    for node in (street, community, one, two, three):
        for office in (street, community):
            assert node.do(trust.certificate, office.device) == office.do(trust.own_certificate)
    assert community.do(trust.own_certificate).sign == community.do(trust.own_keys).sign_public.hex()
    assert {node.value("request", row, "handler") for node in (street, community, one)} == {"街道"}
    assert state(street) == state(community)
    assert len({json.dumps(sorted(node.do(authority.ranks).items())) for node in (street, community, one)}) == 1


def test_an_office_restored_from_a_backup_knows_the_grids_it_forgot(new_node: NewNode, tmp_path: Path) -> None:
    office, one, two = new_node("office"), new_node("one"), new_node("two")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, one, ONE)
    old = backup(office, tmp_path / "old.db")
    enrol(office, two, TWO)
    one.do(trust.rotate)
    exchange(one, office, tmp_path)
    for grid, scope in ((one, ONE), (two, TWO)):
        fill(grid, residents(3, scope, int(scope[-1]) * 10))
        exchange(grid, office, tmp_path)
    settle(old, [one, two], tmp_path, 3)
    assert state(old) == state(office)
    assert old.do(trust.certificate, two.device) == office.do(trust.certificate, two.device)
    # a grid of the same path that the restored office enrolled meanwhile is not pushed aside
    other, spare = backup(office, tmp_path / "spare.db"), new_node("other")
    del other
    again = backup(old, tmp_path / "again.db")
    again.do(run, "DELETE FROM sync_trust WHERE device = ?", [two.device])
    again.do(run, "DELETE FROM sync_link WHERE id = ?", [two.device])
    enrol(again, spare, TWO)
    with pytest.raises(troubles.UnknownSender):
        again.take(two.make(old, tmp_path))


def test_a_certificate_shown_by_a_sender_must_be_ours_and_its_own(trio: Trio, new_node: NewNode, tmp_path: Path) -> None:
    office, one, two = trio
    stranger = new_node("stranger")
    stranger.do(trust.found_office, "别的社区", OFFICE)
    for shown in (two.do(trust.own_certificate), replace(one.do(trust.own_certificate), scope=OFFICE + "/g009", serial=99)):
        office.do(trust.remember, {"from": one.device, "certificate": asdict(shown)})
    assert office.do(trust.certificate, one.device).scope == ONE
    for wrong in (1, {}, [], {"device": 1}):
        with pytest.raises(troubles.Damaged):
            office.do(trust.remember, {"from": one.device, "certificate": wrong or {"x": 1}})


def test_a_laptop_restored_from_before_its_new_keys_is_enrolled_anew(new_node: NewNode, tmp_path: Path) -> None:
    office, one = new_node("office"), new_node("one")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, one, ONE)
    fill(one, residents(3, ONE))
    old = backup(one, tmp_path / "old.db")
    one.do(trust.rotate)
    exchange(one, office, tmp_path)
    with pytest.raises(troubles.OtherKeys, match="重新申请加入"):
        old.take(office.make(one, tmp_path))
    enrol(office, old, ONE)
    settle(office, [old], tmp_path, 3)
    assert state(office, ONE) == state(old)
    assert old.do(trust.own_certificate) == office.do(trust.certificate, old.device)


def test_hostile_words_of_trust_are_damaged(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    good = office.do(trust.introduction, one.device)
    for wrong in (1, {}, [], [1], good[:1], [good[1], good[0]], [good[0] | {"former": 1}, good[1]], [good[0] | {"role": "grid"}, good[1]]):
        with pytest.raises(troubles.Damaged):
            one.do(trust.renew, one.do(trust.certificate, office.device), wrong)
    forged = replace(office.do(trust.own_certificate), serial=99, sign=one.do(trust.own_keys).sign_public.hex())
    mine = replace(one.do(trust.own_certificate), role="office", scope=OFFICE + "/x", serial=99)
    keys = one.do(trust.own_keys)
    with pytest.raises(troubles.Damaged):
        one.do(trust.renew, one.do(trust.certificate, office.device), [asdict(forged.sealed(keys)), asdict(mine.sealed(keys))])
    assert one.do(devices.own_certificate).scope == ONE


def test_an_older_return_does_not_take_back_a_newer_certificate(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    fill(one, residents(2, ONE))
    exchange(one, office, tmp_path)
    old = office.make(one, tmp_path)
    one.do(trust.rotate)
    office.do(trust.rotate)
    exchange(one, office, tmp_path)
    mine, theirs = one.do(trust.own_certificate), one.do(trust.certificate, office.device)
    one.take_anyhow(old)
    assert (one.do(trust.own_certificate), one.do(trust.certificate, office.device)) == (mine, theirs)
    settle(office, [one], tmp_path, 3)
    assert state(office, ONE) == state(one)
