"""The whole exchange on real stores: up, merge, conflict, return, receipt."""
from __future__ import annotations

from pathlib import Path

from gridapp.sync import bundle, capture, conflicts, link, trust
from gridapp.sync.sql import rows
from tests.sync.nodes import ONE, TWO, Node, exchange, fill, residents, settle, state

Trio = tuple[Node, Node, Node]


def test_a_day(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    fill(one, residents(30, ONE))
    fill(two, residents(20, TWO, 1000))
    assert one.unconfirmed(office) == 30
    made = one.make(office, tmp_path)
    assert one.unconfirmed(office) == 30
    taken = office.take(made)
    assert (taken.outcome, taken.tally.new, taken.claimed) == ("merged", 30, True)
    office.edit("resident", residents(1, ONE)[0]["id"], phone="16100009999")
    back = one.take(office.make(one, tmp_path))
    assert (back.tally.updated, back.tally.new, back.tally.unchanged) == (1, 0, 0)
    assert one.unconfirmed(office) == 0
    assert one.value("resident", residents(1, ONE)[0]["id"], "phone") == "16100009999"
    exchange(two, office, tmp_path)
    settle(office, [one, two], tmp_path, 2)
    assert state(office, ONE) == state(one)
    assert state(office, TWO) == state(two)
    assert office.unconfirmed(one) == office.unconfirmed(two) == 0
    assert office.digest(ONE) == one.digest()
    assert one.rows("SELECT count(*) FROM sync_log") == [(0,)]


def test_a_grid_never_gets_another_grids_rows(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    fill(two, residents(5, TWO))
    exchange(two, office, tmp_path)
    exchange(one, office, tmp_path)
    assert one.rows("SELECT count(*) FROM resident") == [(0,)]


def test_concurrent_edits_keep_and_list_the_loser(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", phone="16100000001", status="here")
    exchange(one, office, tmp_path)
    one.edit("resident", row, phone="16100000002", name="测试甲改")
    office.edit("resident", row, phone="16100000003")
    up, _ = exchange(one, office, tmp_path)
    assert up.tally.conflicts == 1
    listed = [node.do(conflicts.conflicts) for node in (office, one)]
    assert len(listed[0]) == 1
    told = [[(each.field, each.winner.dot, each.winner.value, each.winner.person) for each in found] for found in listed]
    assert told[0] == told[1]
    assert {listed[0][0].winner.value, listed[0][0].losers[0].value} == {"16100000002", "16100000003"}
    assert one.value("resident", row, "name") == office.value("resident", row, "name") == "测试甲改"
    office.do(conflicts.settle, listed[0][0])
    assert office.do(conflicts.conflicts, listed[0][0].covers) == []
    settle(office, [one], tmp_path, 2)
    for node in (one, office):
        assert node.rows("SELECT count(*) FROM sync_sibling") == [(0,)]
        assert node.do(conflicts.conflicts, listed[0][0].covers) == []
        assert [each.swept for each in node.do(conflicts.conflicts)] == [True]
    assert state(office) == state(one)


def test_two_sides_who_wrote_the_same_leave_nothing_to_look_at_not_even_after_the_next_edit(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", phone="16100000001", status="here")
    exchange(one, office, tmp_path)
    one.edit("resident", row, phone="16100000002")
    office.edit("resident", row, phone="16100000002")
    settle(office, [one], tmp_path, 2)
    one.edit("resident", row, phone="16100000003")
    settle(office, [one], tmp_path, 2)
    assert one.do(conflicts.conflicts) == office.do(conflicts.conflicts) == []
    assert state(office) == state(one)


def test_an_edit_no_bundle_took_along_stands_under_no_device(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", phone="16100000001", status="here")
    exchange(one, office, tmp_path)
    one.edit("resident", row, phone="16100000002")
    office.edit("resident", row, phone="16100000003")
    settle(office, [one], tmp_path, 1)
    one.edit("resident", row, phone="16100000004")
    (mine,), (theirs,) = one.do(conflicts.conflicts), office.do(conflicts.conflicts)
    assert (mine.winner.value, mine.winner.device, mine.winner.person) == ("16100000004", "", "")
    assert theirs.winner.device in (one.device, office.device)
    assert mine.covers == theirs.covers


def test_an_ordinary_edit_archives_the_loser(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", phone="16100000001", status="here")
    exchange(one, office, tmp_path)
    one.edit("resident", row, phone="16100000002")
    office.edit("resident", row, phone="16100000003")
    exchange(one, office, tmp_path)
    one.edit("resident", row, phone="16100000004")
    settle(office, [one], tmp_path, 2)
    for node in (one, office):
        (found,) = node.do(conflicts.conflicts)
        assert found.swept
        assert found.losers[0].value in ("16100000002", "16100000003")
        assert node.do(conflicts.conflicts, found.covers) == []


def test_office_wins_where_the_field_says_so(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("request", ONE, req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="一网格")
    exchange(one, office, tmp_path)
    office.edit("request", row, handler="城管")
    one.edit("request", row, handler="物业")
    one.do(lambda c: c.exec_driver_sql("UPDATE sync_log SET t = t + 100000"))
    settle(office, [one], tmp_path, 2)
    assert one.value("request", row, "handler") == office.value("request", row, "handler") == "城管"
    assert state(office) == state(one)


def test_delete_travels_and_edit_beats_delete(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    first, second = (one.add("resident", ONE, name=name, status="here") for name in ("测试甲", "测试乙"))
    exchange(one, office, tmp_path)
    one.delete("resident", first)
    one.delete("resident", second)
    assert one.unconfirmed(office) == 2
    office.edit("resident", second, phone="16100000003")
    settle(office, [one], tmp_path, 2)
    assert one.unconfirmed(office) == 0
    for node in (office, one):
        assert node.rows("SELECT id, phone FROM resident") == [(second, "16100000003")]
        assert [(each.field, each.row_id) for each in node.do(conflicts.conflicts)] == [("", second)]
    one.delete("resident", second)
    settle(office, [one], tmp_path, 2)
    assert office.rows("SELECT id FROM resident") == []
    assert state(office) == state(one)


def test_made_again_after_deletion(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    exchange(one, office, tmp_path)
    one.delete("resident", row)
    one.add("resident", ONE, id=row, name="测试甲二", status="here")
    settle(office, [one], tmp_path, 2)
    assert office.value("resident", row, "name") == "测试甲二"
    assert office.do(conflicts.conflicts) == []
    assert state(office) == state(one)


def test_a_child_waits_for_its_parent(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    building = one.add("building", ONE, building="1号楼")
    home = one.add("household", ONE, building_id=building, room="101")
    person = one.add("resident", ONE, household_id=home, name="测试甲", status="here")
    exchange(one, office, tmp_path)
    other = office.add("resident", ONE, household_id=home, name="测试乙", status="here")
    one.delete("resident", person)
    one.delete("household", home)
    settle(office, [one], tmp_path, 2)
    for node in (office, one):
        assert node.rows("SELECT pk, reason FROM sync_parked WHERE reason = 'parent'") == [(other, "parent")]
    assert state(office) == state(one)
    one.add("household", ONE, id=home, building_id=building, room="101")
    settle(office, [one], tmp_path, 3)
    assert office.rows("SELECT id FROM resident") == one.rows("SELECT id FROM resident") == [(other,)]
    assert state(office) == state(one)
    for node in (office, one):
        node.do(capture.check)


def test_rows_outside_the_certificate_are_kept_apart(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    mine = two.add("resident", TWO, name="测试乙", status="here")
    exchange(two, office, tmp_path)
    good = one.add("resident", ONE, name="测试甲", status="here")
    one.add("resident", TWO, name="越界", status="here")
    one.add("resident", ONE, id=mine, name="冒名", status="here")
    taken = office.take(one.make(office, tmp_path))
    assert (taken.tally.new, taken.tally.quarantined) == (1, 2)
    assert office.value("resident", good, "name") == "测试甲"
    assert office.value("resident", mine, "name") == "测试乙"
    assert len(office.rows("SELECT pk FROM sync_quarantine")) == 2


def test_replay_changes_nothing(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    fill(one, residents(10, ONE))
    made = one.make(office, tmp_path)
    office.take(made)
    before = state(office)
    again = office.take(made)
    assert (again.outcome, again.tally.unchanged, again.tally.new) == ("again", 10, 0)
    assert state(office) == before


def test_first_return_bundle_enrols(new_node: object, tmp_path: Path) -> None:
    office, grid = new_node("office"), new_node("grid")  # type: ignore[operator]
    office.do(trust.found_office, "测试社区党委", "office")
    asked = trust.read_request(grid.do(trust.request, "一网格"))
    assert asked.words == grid.do(trust.own_words)
    assert len(asked.words) == 6
    office.do(trust.enrol, asked, ONE)
    office.add("resident", ONE, name="测试甲", status="here")
    taken = grid.take(office.make(grid, tmp_path))
    assert taken.enrolled
    assert taken.words == office.do(trust.own_words)
    assert (grid.do(trust.own_scope), taken.tally.new) == (ONE, 1)
    assert grid.do(link.upward).id == office.device


def test_edits_after_the_bundle_stay_unconfirmed(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    office.take(one.make(office, tmp_path))
    one.edit("resident", row, phone="16100000001")
    one.take(office.make(one, tmp_path))
    assert one.unconfirmed(office) == 1
    exchange(one, office, tmp_path)
    assert one.unconfirmed(office) == 0


def test_bundles_shrink_after_the_receipt(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    fill(one, residents(50, ONE))
    exchange(one, office, tmp_path)
    assert one.do(bundle.make, one.session, office.device, tmp_path).rows == 0
    assert office.do(bundle.make, office.session, one.device, tmp_path).rows == 0
    one.edit("resident", residents(1, ONE)[0]["id"], sex="2")
    assert one.do(bundle.make, one.session, office.device, tmp_path).rows == 1


def test_sessions_travel(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    one.add("resident", ONE, name="测试甲", status="here")
    exchange(one, office, tmp_path)
    assert (one.session.sid, one.device, "测试员", 0) in [tuple(row) for row in office.do(rows, "SELECT sid, device, person, rank FROM sync_session")]
