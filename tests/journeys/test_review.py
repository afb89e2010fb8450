"""待核对 on real desks: the same list on every node, decided once, taken back, in bulk; nothing shown that lists do not show."""
from __future__ import annotations

from time import sleep
from typing import Any

import pytest

from gridapp import desk
from gridapp.desk.review import Item
from gridapp.records import BY_NAME
from gridapp.rules.reading import Trouble
from gridapp.sync.sql import run
from tests.conftest import PASSWORD
from tests.journeys.test_two_desks import household, round_trip

Party = dict[str, Any]
NODES = ("office", "g1")
MINE, THEIRS, LATER = "16100001111", "16100002222", "16100003333"


def both_write(party: Party) -> str:
    """A household both sides changed without seeing one another; known to both. Gives its id."""
    row_id = household(party["g1"], "501")
    desk.keep(party["g1"], "household", {"phone": "16100000000"}, row_id)
    round_trip(party, "g1")
    desk.keep(party["office"], "household", {"phone": THEIRS}, row_id)
    sleep(0.005)  # so that the clock, not chance, chooses
    desk.keep(party["g1"], "household", {"phone": MINE, "contact": "李秀兰"}, row_id)
    round_trip(party, "g1")
    return row_id


def edit_against_deletion(party: Party) -> str:
    """A household the grid deleted while the centre edited it."""
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    desk.keep(party["office"], "household", {"notes": "甲"}, row_id)
    desk.remove(party["g1"], "household", row_id)
    round_trip(party, "g1")
    return row_id


def lists(party: Party) -> list[list[Item]]:
    return [desk.review.waiting(party[name]) for name in NODES]


def only(party: Party, name: str) -> Item:
    (item,) = desk.review.waiting(party[name])
    return item


def choice_of(at: Any, item: Item, text: str) -> str:
    """The choice whose value is this one."""
    return next(each.choice for n, each in enumerate(item.versions) if each.choice and desk.review.reveal_version(at, item, n) == text)


def value(party: Party, name: str, row_id: str, field: str = "phone") -> Any:
    return desk.values(party[name], "household", row_id)[field]


def test_a_conflict_is_the_same_on_both_sides_and_says_who_when_and_why(party: Party) -> None:
    row_id = both_write(party)
    for name, own, other in (("office", THEIRS, MINE), ("g1", MINE, THEIRS)):
        item = only(party, name)
        assert (item.key, item.sort, item.heading) == (f"field/household/{row_id}/phone", "field", "联系电话")
        assert item.title.startswith("住户 3-2-501")
        shown = {each.label: each for each in item.versions}
        texts = [desk.review.reveal_version(party[name], item, at) for at in range(3)]
        assert [each.label for each in item.versions][0] == "原来"
        assert texts[0] == "16100000000"
        assert dict(zip((each.label for each in item.versions), texts, strict=True)) == {"原来": "16100000000", "本机": own, "对方": other}
        assert {shown["本机"].who, shown["对方"].who} == {"周主任", "书记g1"}
        assert shown["对方"].where == ("示范社区" if name == "g1" else "示范g1")
        assert all(each.when for each in item.versions[1:])
        assert [each.stands for each in item.versions] == [False, True, False]
        assert "时间更晚" in item.reason
        assert item.default == item.versions[1].choice
    assert value(party, "g1", row_id) == value(party, "office", row_id) == MINE


def test_values_are_masked_and_every_look_is_logged(party: Party) -> None:
    row_id = both_write(party)
    item = only(party, "g1")
    assert {each.value for each in item.versions} == {"161****0000", "161****1111", "161****2222"}
    assert all(each.masked for each in item.versions)
    for number in (MINE, THEIRS, "16100000000"):
        assert number not in repr(item)
    before = len(desk.audit(party["g1"]))
    desk.review.reveal_version(party["g1"], item, 1)
    line = desk.audit(party["g1"])[0]
    assert len(desk.audit(party["g1"])) == before + 1
    assert (line["what"], line["record"], line["row_id"], line["field"]) == ("reveal", "household", row_id, "phone")


def test_names_that_look_alike_when_masked_say_so(party: Party) -> None:
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    desk.keep(party["office"], "household", {"contact": "李秀兰"}, row_id)
    sleep(0.005)
    desk.keep(party["g1"], "household", {"contact": "李秀芳"}, row_id)
    round_trip(party, "g1")
    assert "遮住以后看起来一样" in only(party, "office").sentence


@pytest.mark.parametrize("who", NODES)
@pytest.mark.parametrize("text", [MINE, THEIRS])
def test_a_decision_closes_the_item_everywhere_and_is_kept(party: Party, who: str, text: str) -> None:
    row_id = both_write(party)
    item = only(party, who)
    kept = desk.review.decide(party[who], item, choice_of(party[who], item, text), "电话核实过")
    assert kept.saved
    assert desk.review.waiting(party[who]) == []
    round_trip(party, "g1")
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    for name in NODES:
        assert value(party, name, row_id) == text
        (row,) = desk.listing(party[name], "decision").rows
        assert "***" in row.cells
        assert not {MINE, THEIRS} & set(row.cells)
        kept_row = desk.values(party[name], "decision", row.id)
        assert (kept_row["chosen"], kept_row["passed_over"]) == (text, THEIRS if text == MINE else MINE)
        assert (kept_row["by"], kept_row["note"], kept_row["field"]) == (party[who].who, "电话核实过", "phone")
        with pytest.raises(Trouble, match="只能追加"):
            desk.keep(party[name], "decision", {"note": "改口"}, row.id)
        with pytest.raises(Trouble, match="只能追加"):
            desk.remove(party[name], "decision", row.id)


@pytest.mark.parametrize("text", [MINE, THEIRS])
@pytest.mark.parametrize("travelled", [False, True])
def test_a_decision_taken_back_is_open_again_on_both_sides(party: Party, text: str, travelled: bool) -> None:
    row_id = both_write(party)
    before = value(party, "office", row_id)
    item = only(party, "office")
    kept = desk.review.decide(party["office"], item, choice_of(party["office"], item, text))
    if travelled:
        round_trip(party, "g1")
        assert desk.review.waiting(party["g1"]) == []
    assert desk.undo(party["office"], kept.batch_id).left == 0
    assert only(party, "office").key == item.key
    round_trip(party, "g1")
    round_trip(party, "g1")
    for name in NODES:
        assert value(party, name, row_id) == before
        again = only(party, name)
        texts = {desk.review.reveal_version(party[name], again, at) for at in range(1, 3)}
        assert texts == {MINE, THEIRS}
        assert desk.listing(party[name], "decision").rows == []
    again = only(party, "g1")
    desk.review.decide(party["g1"], again, choice_of(party["g1"], again, THEIRS))
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    assert value(party, "office", row_id) == THEIRS


def test_two_who_decide_differently_at_once_are_asked_once_more(party: Party) -> None:
    row_id = both_write(party)
    for name, text in (("office", THEIRS), ("g1", MINE)):
        item = only(party, name)
        desk.review.decide(party[name], item, choice_of(party[name], item, text))
        assert desk.review.waiting(party[name]) == []
    round_trip(party, "g1")
    items = [only(party, name) for name in NODES]
    assert items[0].key == items[1].key
    assert len(desk.listing(party["office"], "decision").rows) == 2
    desk.review.decide(party["g1"], items[1], choice_of(party["g1"], items[1], THEIRS))
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    assert value(party, "office", row_id) == value(party, "g1", row_id) == THEIRS


def test_two_who_decide_alike_at_once_are_done(party: Party) -> None:
    row_id = both_write(party)
    for name in NODES:
        item = only(party, name)
        desk.review.decide(party[name], item, choice_of(party[name], item, THEIRS))
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    desk.keep(party["g1"], "household", {"phone": LATER}, row_id)
    round_trip(party, "g1")
    assert lists(party) == [[], []]


def test_an_edit_in_passing_leaves_the_loser_to_look_at(party: Party) -> None:
    row_id = both_write(party)
    desk.keep(party["g1"], "household", {"phone": LATER}, row_id)
    item = only(party, "g1")
    assert item.reason.startswith("现在用的是本机刚改的")
    round_trip(party, "g1")
    for name in NODES:
        item = only(party, name)
        assert "后来写的" in item.reason
        assert desk.review.reveal_version(party[name], item, 1) == LATER
    desk.review.decide(party["office"], item := only(party, "office"), item.default)
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    assert value(party, "g1", row_id) == LATER


def test_the_centres_word_goes_first_where_the_field_says_so(party: Party) -> None:
    home = household(party["g1"], "501")
    asked = desk.new_request(party["g1"], {"content": "修灯", "request_type": "求助", "handler": "物业", "household_id": home})
    assert asked.saved, asked.faults
    round_trip(party, "g1")
    desk.keep(party["office"], "request", {"handler": "城管"}, asked.row_id)
    sleep(0.005)
    desk.keep(party["g1"], "request", {"handler": "水务"}, asked.row_id)
    round_trip(party, "g1")
    for name in NODES:
        item = only(party, name)
        assert item.reason == "中心的写法优先。"
        assert item.versions[1].value == "城管"
        assert not item.versions[1].masked


def test_a_blank_is_not_taken_for_what_nobody_knows(party: Party) -> None:
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    desk.keep(party["office"], "household", {"notes": "甲"}, row_id)
    sleep(0.005)
    desk.keep(party["g1"], "household", {"notes": "乙"}, row_id)
    round_trip(party, "g1")
    assert [only(party, name).versions[0].value for name in NODES] == ["（空）"] * 2
    with party["g1"].store.work() as work:
        run(work.connection, "DELETE FROM undo_step")
        work.keep()
    assert only(party, "g1").versions[0].value == "--"


@pytest.mark.parametrize(("choice", "stays"), [("keep", True), ("go", False)])
def test_a_deletion_against_an_edit_either_way_and_back(party: Party, choice: str, stays: bool) -> None:
    row_id = edit_against_deletion(party)
    for name in NODES:
        item = only(party, name)
        assert (item.sort, item.default, item.reason) == ("deleted", "keep", "有人修改，所以没有删除。")
    kept = desk.review.decide(party["office"], only(party, "office"), choice)
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    for name in NODES:
        assert (row_id in {row.id for row in desk.listing(party[name], "household").rows}) == stays
    desk.undo(party["office"], kept.batch_id)
    round_trip(party, "g1")
    for name in NODES:
        assert only(party, name).key == f"deleted/household/{row_id}"
        assert value(party, name, row_id, "notes") == "甲"


def test_a_row_others_point_at_is_not_deleted_by_a_decision(party: Party) -> None:
    row_id = edit_against_deletion(party)
    desk.keep(party["office"], "resident", {"name": "李秀英", "household_id": row_id, "phone": MINE, "sex": "女", "birth_year": 1950})
    item = only(party, "office")
    with pytest.raises(Trouble, match="属于这条"):
        desk.review.decide(party["office"], item, "go")
    assert desk.review.waiting(party["office"]) == [item]
    assert desk.listing(party["office"], "decision").rows == []


def test_all_defaults_at_once_and_back(party: Party) -> None:
    rows = [household(party["g1"], room) for room in ("501", "601", "701")]
    round_trip(party, "g1")
    for row_id in rows[:2]:
        desk.keep(party["office"], "household", {"notes": "甲"}, row_id)
        sleep(0.005)
        desk.keep(party["g1"], "household", {"notes": "乙"}, row_id)
    desk.keep(party["office"], "household", {"notes": "甲"}, rows[2])
    desk.remove(party["g1"], "household", rows[2])
    round_trip(party, "g1")
    items = desk.review.waiting(party["office"])
    assert {sort: count for sort, _, count in desk.review.counts(items) if count} == {"field": 2, "deleted": 1}
    done = desk.review.accept_all(party["office"], items)
    assert (done.count, done.left, done.saved) == (3, 0, True)
    assert desk.review.accept_all(party["office"], items).count == 0
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    desk.undo(party["office"], done.batch_id)
    round_trip(party, "g1")
    assert [{each.key for each in found} for found in lists(party)] == [{each.key for each in items}] * 2


def test_what_has_changed_since_is_not_decided_blindly(party: Party) -> None:
    row_id = both_write(party)
    item = only(party, "office")
    desk.keep(party["office"], "household", {"phone": LATER}, row_id)
    with pytest.raises(Trouble, match="刚刚变了"):
        desk.review.decide(party["office"], item, item.default)
    with pytest.raises(Trouble, match="没有这种选法"):
        desk.review.decide(party["office"], only(party, "office"), "7")
    assert value(party, "office", row_id) == LATER


def test_an_older_return_after_a_newer_asks_nobody_again(party: Party) -> None:
    from gridapp import office

    both_write(party)
    older = office.make_return(party["office"], party["stick"])[0].path
    item = only(party, "office")
    desk.review.decide(party["office"], item, choice_of(party["office"], item, THEIRS))
    newer = office.make_return(party["office"], party["stick"])[0].path
    desk.take(party["g1"], newer)
    assert desk.review.waiting(party["g1"]) == []
    taken = desk.take(party["g1"], older)
    assert (desk.review.waiting(party["g1"]), taken.conflicts) == ([], 0)
    assert "待核对" not in taken.sentence


def test_a_child_without_its_parent_waits_and_says_for_what(party: Party) -> None:
    row_id = household(party["g1"], "501")
    round_trip(party, "g1")
    person = {"name": "李秀英", "household_id": row_id, "phone": MINE, "sex": "女", "birth_year": 1950}
    desk.keep(party["office"], "resident", person)
    kept = desk.remove(party["g1"], "household", row_id)
    round_trip(party, "g1")
    for name in NODES:
        item = only(party, name)
        assert (item.sort, item.heading, item.choices) == ("parked", "缺住户", ())
        assert "已经被删除" in item.sentence
        assert "李秀英" not in repr(item)
        assert desk.review.accept_all(party[name], [item]).count == 0
    desk.undo(party["g1"], kept.batch_id)
    round_trip(party, "g1")
    round_trip(party, "g1")
    assert lists(party) == [[], []]


def twins(party: Party) -> tuple[str, str]:
    """One person whom both sides entered; known to both."""
    home = household(party["g1"], "501")
    round_trip(party, "g1")
    person = {"name": "李秀英", "household_id": home, "phone": MINE, "sex": "女", "birth_year": 1950}
    ids = [desk.keep(party[name], "resident", person).row_id for name in NODES]
    round_trip(party, "g1")
    return ids[0], ids[1]


def test_two_rows_of_one_person_lead_to_the_comparison_and_can_be_told_apart(party: Party) -> None:
    twins(party)
    items = [only(party, name) for name in NODES]
    assert items[0].key == items[1].key
    assert (items[0].sort, items[0].opens[0], items[0].default) == ("duplicate", "duplicates", "")
    assert items[0].opens[1] == desk.pairs(party["office"])[0].key
    assert "李秀英" not in repr(items) and MINE not in repr(items)
    assert desk.review.accept_all(party["g1"], items[1:]).count == 0
    kept = desk.review.decide(party["g1"], items[1], "apart", "一个是姑姑，一个是侄女")
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    (row,) = desk.listing(party["office"], "decision").rows
    assert desk.values(party["office"], "decision", row.id)["chosen"] == "不是同一人"
    desk.undo(party["g1"], kept.batch_id)
    round_trip(party, "g1")
    assert [only(party, name).key for name in NODES] == [items[0].key] * 2


def test_merging_two_rows_is_a_decision_too(party: Party) -> None:
    first, second = twins(party)
    kept = desk.merge(party["office"], "resident", first, second)
    round_trip(party, "g1")
    round_trip(party, "g1")
    assert lists(party) == [[], []]
    for name in NODES:
        (row,) = desk.listing(party[name], "decision").rows
        assert desk.values(party[name], "decision", row.id)["chosen"] == "合并成一条"
    desk.undo(party["office"], kept.batch_id)
    assert desk.listing(party["office"], "decision").rows == []
    assert only(party, "office").sort == "duplicate"


@pytest.mark.parametrize(("choice", "there"), [("release", True), ("discard", False)])
def test_a_row_out_of_bounds_waits_for_an_officer(party: Party, choice: str, there: bool) -> None:
    household(party["g1"], "501")
    round_trip(party, "g1")
    with party["g1"].store.work() as work:
        (row_id,) = work.insert("resident", [{"scope": party["g2"].scope, "name": "李秀英", "phone": MINE, "status": "here"}])
        work.keep()
    round_trip(party, "g1")
    item = only(party, "office")
    assert (item.sort, item.heading, item.default) == ("apart", "越界的记录", "")
    assert "示范g1" in item.sentence
    assert "李秀英" not in repr(item) and MINE not in repr(item)
    kept = desk.review.decide(party["office"], item, choice)
    assert kept.saved and not kept.batch_id
    assert desk.review.waiting(party["office"]) == []
    assert (row_id in {row.id for row in desk.listing(party["office"], "resident").rows}) == there
    assert {line["what"] for line in desk.audit(party["office"], 3)} >= {choice, "resolve"}
    assert len(desk.listing(party["office"], "decision").rows) == 1


def test_a_grid_only_sees_what_is_kept_apart(party: Party) -> None:
    party["g1"].role, real = "office", party["g1"].role
    with party["g1"].store.work() as work:
        state = '{"stamp": "", "vals": {"1": "李秀英"}, "siblings": []}'
        values = ["b" * 32, 4, "a" * 32, "d" * 32, "scope", state]
        run(work.connection, "INSERT INTO sync_quarantine (bundle, tbl, pk, device, reason, state) VALUES (?, ?, ?, ?, ?, ?)", values)
        work.keep()
    assert [each.key for each in only(party, "g1").choices] == ["release", "discard"]
    party["g1"].role = real
    item = only(party, "g1")
    assert item.choices == ()
    assert "请联系中心" in item.sentence
    with pytest.raises(Trouble, match="没有这种选法"):
        desk.review.decide(party["g1"], item, "release")


def test_what_a_newer_program_wrote_is_one_line_a_record(party: Party) -> None:
    row_id = household(party["g1"], "501")
    with party["g1"].store.work() as work:
        run(work.connection, "INSERT INTO sync_extra (tbl, pk, vals) VALUES (?, ?, ?)", [BY_NAME["household"].number, row_id, '{"59": "新"}'])
        parked = [99, "a" * 32, "table", party["g1"].scope, 1, None, "{}"]
        run(work.connection, "INSERT INTO sync_parked (tbl, pk, reason, scope, arrival, stamp, vals) VALUES (?, ?, ?, ?, ?, ?, ?)", parked)
        work.keep()
    items = {item.key: item for item in desk.review.waiting(party["g1"])}
    assert set(items) == {"parked/newer/", "parked/newer/household"}
    assert all("升级程序" in item.sentence and not item.choices for item in items.values())
    assert items["parked/newer/household"].title == "住户的新栏目（1 条）"


def test_decisions_are_a_ledger(party: Party, tmp_path: Any) -> None:
    from openpyxl import load_workbook

    both_write(party)
    desk.review.decide(party["office"], item := only(party, "office"), item.default)
    for masked, shown in ((True, "***"), (False, MINE)):
        asked: dict[str, Any] = {"purpose": desk.Purpose.INSIDE, "aim": "查阅", "whole": not masked, "password": PASSWORD}
        given = desk.give_out(party["office"], "all-decision", tmp_path / f"{masked}.xlsx", **asked)
        assert given.rows == 1
        cells = [cell.value for line in load_workbook(given.path).active.iter_rows() for cell in line]
        assert shown in cells
        assert (MINE in cells) != masked


def test_what_the_centre_decided_is_told_once_on_the_page_of_decisions(party: Party) -> None:
    row_id = both_write(party)
    item = only(party, "office")
    desk.review.decide(party["office"], item, item.default)
    round_trip(party, "g1")
    told = {each.record for each in desk.news(party["g1"]).items}
    assert "decision" not in told and value(party, "g1", row_id) == MINE
    assert desk.review.waiting(party["g1"]) == []
