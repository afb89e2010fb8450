"""查重: who is found, what a merge does to everything that hung on the row that goes, and that undoing it brings back exactly what was."""
from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridapp import desk as verbs
from gridapp.desk import merging
from gridapp.records import BY_NAME
from gridapp.records.columns import every_column
from gridapp.rules.id_numbers import check_digit
from gridapp.rules.reading import Trouble
from gridapp.store.merged import MERGED, children, mergeable, merged_rows, pointing, signposts
from gridapp.store.read import row as read_row
from gridapp.store.read import rows
from gridapp.sync.stamping import stamp_edits
from tests.conftest import PASSWORD
from tests.desk.test_intake import book
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, kept

Town = tuple[Any, dict[str, str]]
NUMBER = "99010119380312002"
ID_NO = NUMBER + check_digit(NUMBER)


def everything(desk: Any) -> dict[str, list[dict[str, Any]]]:
    """Every business value of every row, merged ones too."""
    with desk.store.reading() as connection:
        found = {}
        for record in BY_NAME:
            names = ("id", "scope", *(each.name for each in every_column(BY_NAME[record])))
            all_rows = rows(connection, record) + (merged_rows(connection, record) if record in mergeable() else [])
            found[record] = sorted(({name: row[name] for name in names} for row in all_rows), key=lambda row: row["id"])
        return found


def twin(desk: Any, ids: dict[str, str], **changes: Any) -> str:
    """李阿婆 once more, at another door, with a consent of her own."""
    raw = {"name": ALONE, "household_id": ids["rented"], "relation": "户主", "sex": "女", "birth_year": "1938", "phone": PHONES[ALONE]}
    made = kept(desk, "resident", **{**raw, **changes})
    kept(desk, "consent", resident_id=made, consent_purpose="帮扶服务", consent_manner="签字", given_on="2026-07-01", notice_version="2")
    return made


def test_likely_ones_are_listed_masked_with_their_reason(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    (pair,) = verbs.pairs(desk)
    assert (pair.record, pair.certain, pair.reason) == ("resident", False, "姓名、出生年、电话都相同")
    assert (pair.left, pair.right) == ((ids["old"], "李阿* 3-2-1001"), (other, "李阿* 5-1-101"))


def test_members_are_found_by_their_number_and_a_resident_who_is_a_member_is_no_pair(town: Town) -> None:
    desk, ids = town
    verbs.put_setting(desk, "fields_on", "resident.id_no")
    raw = {"name": COMRADE, "sex": "男", "birth": "1970-11-05", "join_date": "1992-11-30", "member_type": "正式党员"}
    kept(desk, "resident", name=COMRADE, household_id=ids["home"], birth_year="1970", phone=PHONES[COMRADE], id_no=ID_NO)
    assert verbs.pairs(desk) == []
    first, second = kept(desk, "member", **raw | {"name": "秦琼", "id_no": ID_NO}), kept(desk, "member", **raw | {"name": "秦叔宝", "id_no": ID_NO})
    (pair,) = [each for each in verbs.pairs(desk) if each.certain]
    assert (pair.record, pair.left[0], pair.right[0]) == ("member", first, second)


def test_merging_moves_everything_that_hung_on_the_other_and_undo_is_exact(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    before = everything(desk)
    done = verbs.merge(desk, "resident", other, ids["old"], {"household_id": ids["alone"]})
    assert done.saved and done.row_id == other
    assert verbs.values(desk, "resident", other)["household_id"] == ids["alone"]
    with desk.store.reading() as connection:
        assert {each["resident_id"] for record in ("consent", "service_need") for each in rows(connection, record)} == {other}
        assert signposts(connection, "resident") == {ids["old"]: other}
    assert verbs.pairs(desk) == []
    undone = verbs.undo(desk, done.batch_id)
    assert undone.left == 0
    assert everything(desk) == before


def test_a_merged_row_is_in_no_list_count_search_story_or_form(town: Town, tmp_path: Path) -> None:
    desk, ids = town
    other = twin(desk, ids)
    counts = {home: row.cells for home, row in ((row.id, row) for row in verbs.listing(desk, "household").rows)}
    verbs.merge(desk, "resident", ids["old"], other)
    assert other not in {row.id for row in verbs.listing(desk, "resident").rows}
    assert {hit.id for hit in verbs.find(desk, ALONE) if hit.record == "resident"} == {ids["old"]}
    assert {hit.id for hit in verbs.find(desk, PHONES[ALONE][-4:]) if hit.record == "resident"} == {ids["old"]}
    assert {hit.id for hit in verbs.find(desk, "lap") if hit.record == "resident"} == {ids["old"]}
    assert other not in dict(verbs.options(desk, "resident"))
    assert verbs.story(desk, "resident", other) == verbs.story(desk, "resident", ids["old"])
    assert counts != {row.id: row.cells for row in verbs.listing(desk, "household").rows}
    given = verbs.give_out(desk, "all-resident", tmp_path / "all.xlsx", purpose=verbs.Purpose.INSIDE, aim="测试", whole=True, password=PASSWORD)
    assert given.rows == len(verbs.listing(desk, "resident").rows)
    with pytest.raises(Trouble, match="刷新"):
        verbs.keep(desk, "resident", {"notes": "迟到"}, other)
    late = verbs.keep(desk, "consent", {
        "resident_id": other, "consent_purpose": "帮扶服务", "consent_manner": "签字", "given_on": "2026-07-01", "notice_version": "1"})
    assert not late.saved and late.faults[0].code == "link_unknown"


def test_blanks_are_filled_and_only_offered_values_are_taken(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids, notes="耳背", phone="16100000077")
    with pytest.raises(Trouble, match="再选一次"):
        verbs.merge(desk, "resident", ids["old"], other, {"phone": "16199999999"})
    verbs.merge(desk, "resident", ids["old"], other, {"phone": "16100000077"})
    stands = verbs.values(desk, "resident", ids["old"])
    assert (stands["notes"], stands["phone"], stands["household_id"]) == ("耳背", "16100000077", ids["alone"])


def test_values_that_do_not_go_together_save_nothing(town: Town) -> None:
    desk, ids = town
    raw = {"name": COMRADE, "sex": "男", "birth": "1970-11-05", "member_type": "正式党员", "phone": PHONES[COMRADE]}
    other = kept(desk, "member", **raw, join_date="1985-07-01", regular_date="1986-07-01")
    before = everything(desk)
    done = verbs.merge(desk, "member", ids["member"], other, {"regular_date": "1986-07-01"})
    assert not done.saved and done.faults[0].field == "regular_date"
    assert everything(desk) == before


@pytest.mark.parametrize("wrong", ["same", "gone", "grid"])
def test_what_cannot_be_merged_says_why(town: Town, wrong: str) -> None:
    desk, ids = town
    other = twin(desk, ids)
    if wrong == "grid":
        with desk.store.work() as work:
            work.change("resident", other, {"scope": "office/g002"})
            work.keep()
        (pair,) = verbs.pairs(desk)
        assert "网格" in verbs.compare(desk, pair).why_not
    target = {"same": ids["old"], "gone": "f" * 32, "grid": other}[wrong]
    with pytest.raises(Trouble) as told:
        verbs.merge(desk, "resident", ids["old"], target)
    assert told.value.text.endswith("。")


def test_two_people_are_said_to_be_two_once_and_it_can_be_taken_back(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    said = verbs.set_apart(desk, "resident", other, ids["old"])
    assert verbs.pairs(desk) == []
    verbs.set_apart(desk, "resident", ids["old"], other)
    assert len(everything(desk)["apart"]) == 1
    verbs.undo(desk, said.batch_id)
    assert len(verbs.pairs(desk)) == 1
    verbs.set_apart(desk, "resident", ids["old"], other)
    assert verbs.pairs(desk) == []


def test_side_by_side_shows_masks_what_differs_and_the_fuller_value(town: Town) -> None:
    desk, ids = town
    twin(desk, ids, phone=f"{PHONES[ALONE]}、16100000088", emergency_contact="李女儿", sex=None)
    (pair,) = verbs.pairs(desk)
    seen = verbs.compare(desk, pair)
    fields = {each.name: each for each in seen.fields}
    assert fields["name"].texts == ("李阿*", "李阿*") and not fields["name"].differs and fields["name"].hidden == (True, True)
    assert fields["phone"].differs and fields["phone"].better == 1 and PHONES[ALONE] not in "".join(fields["phone"].texts)
    assert fields["sex"].better == 0 and fields["emergency_contact"].better == 1
    assert fields["household_id"].texts[0].startswith("3-2-1001")
    assert "notes" not in fields and "id_no" not in fields
    assert "服务类别 1 条" in seen.heads[0] and "同意 1 条" in seen.heads[1]


def test_what_pointed_at_a_merged_row_when_it_came_is_led_on(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    verbs.merge(desk, "resident", ids["old"], other)
    with desk.store.work() as work:
        late = work.insert("consent", [{"scope": desk.scope, "resident_id": other, "consent_purpose": "help", "given_on": "2026-07-02"}])[0]
        assert merging.follow(work) == 1
        assert merging.follow(work) == 0
        work.keep()
    assert verbs.values(desk, "consent", late)["resident_id"] == ids["old"]
    assert verbs.last_undo(desk)["title"] == "合并居民"


def test_rows_merged_in_a_circle_leave_the_oldest_standing(town: Town) -> None:
    desk, ids = town
    others = [twin(desk, ids), twin(desk, ids)]
    ring = sorted([ids["old"], *others])
    with desk.store.work() as work:
        for at, row_id in enumerate(ring):
            work.change("resident", row_id, {MERGED: ring[(at + 1) % 3]})
        merging.follow(work)
        work.keep()
    with desk.store.reading() as connection:
        assert {row["id"] for row in rows(connection, "resident", name=ALONE)} == {ring[0]}
        assert signposts(connection, "resident") == dict.fromkeys(ring[1:], ring[0])
        assert {row["resident_id"] for row in rows(connection, "consent")} == {ring[0]}


def test_a_change_to_the_row_that_went_is_shown_and_settled_either_way(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    verbs.merge(desk, "resident", ids["old"], other)
    with desk.store.work() as work:
        work.change("resident", other, {"phone": "16100000066"})
        work.keep()
    (pair,) = verbs.pairs(desk)
    assert pair.merged and pair.certain and (pair.left[0], pair.right[0]) == (ids["old"], other)
    again = verbs.merge(desk, "resident", ids["old"], other, {"phone": "16100000066"})
    assert verbs.values(desk, "resident", ids["old"])["phone"] == "16100000066" and verbs.pairs(desk) == []
    verbs.undo(desk, again.batch_id)
    verbs.set_apart(desk, "resident", ids["old"], other)
    assert verbs.pairs(desk) == []
    assert {ids["old"], other} <= {row.id for row in verbs.listing(desk, "resident").rows}


def test_a_merged_row_holds_up_nobody_who_is_deleted(town: Town) -> None:
    desk, ids = town
    first, second = twin(desk, ids), twin(desk, ids, household_id=ids["home"])
    for each in (second, first):
        verbs.merge(desk, "resident", ids["tenant"], each, {"birth_year": 1938})
    with desk.store.work() as work:
        for name in ("consent", "service_need"):
            for each in [row["id"] for row in rows(work.connection, name, resident_id=ids["tenant"])]:
                work.remove(name, each)
        work.keep()
    before = everything(desk)
    gone = verbs.remove(desk, "resident", ids["tenant"])
    assert not {first, second} & {row["id"] for row in everything(desk)["resident"]}
    verbs.undo(desk, gone.batch_id)
    assert everything(desk) == before


def test_the_same_ledger_again_after_a_merge_changes_nothing(desk: Any, tmp_path: Path) -> None:
    head = ["楼栋", "单元", "房号", "姓名", "与户主关系", "性别", "出生年", "联系电话"]
    one = ["3号楼", "2单元", "501", HEAD, "户主", "男", "1958", "16100000011"]
    path = book(tmp_path / "居民.xlsx", [head, one, ["3号楼", "2单元", "601", *one[3:6], "1958", "16100000011、16100000012"]])
    verbs.take_in(desk, path)
    (pair,) = verbs.pairs(desk)
    verbs.merge(desk, "resident", pair.left[0], pair.right[0])
    again = verbs.take_in(desk, path)
    assert again.counts == {"new": 0, "changed": 0, "same": 2, "cannot": 0}


def test_old_merged_rows_keep_only_their_signpost(town: Town) -> None:
    desk, ids = town
    other = twin(desk, ids)
    verbs.merge(desk, "resident", ids["old"], other)
    now = dt.datetime.now(dt.UTC)
    with desk.store.work() as work:
        assert merging.blank_old(work, desk.scope, now + dt.timedelta(31)) == 0  # not even stamped
        stamp_edits(work.connection, desk.session)
        assert merging.blank_old(work, desk.scope, now + dt.timedelta(29)) == 0
        assert merging.blank_old(work, "office/g002", now + dt.timedelta(31)) == 0
        assert merging.blank_old(work, desk.scope, now + dt.timedelta(31)) == 1
        work.keep()
    with desk.store.reading() as connection:
        left = read_row(connection, "resident", other)
        assert left and {name for name, value in left.items() if value} == {"id", MERGED, "sync_stamp", "sync_arrival"}
    assert verbs.pairs(desk) == []
    assert verbs.story(desk, "resident", other).household_id == ids["alone"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=8))
def test_any_merges_and_undos_leave_nobody_dangling(town: Town, moves: list[tuple[int, int, bool]]) -> None:
    desk, ids = town
    with desk.store.reading() as connection:
        people = [row["id"] for row in rows(connection, "resident", name=ALONE)]
    people += [twin(desk, ids) for _ in range(6 - len(people))] if len(people) < 6 else []
    start, batches = everything(desk), []
    for stays, goes, back in moves:
        if back and batches:
            verbs.undo(desk, batches.pop())
            continue
        try:
            batches.append(verbs.merge(desk, "resident", people[stays], people[goes]).batch_id)
        except Trouble as told:
            assert told.code in ("same_row", "gone")
        _nobody_dangles(desk)
    for batch in reversed(batches):
        assert verbs.undo(desk, batch).left == 0
    assert everything(desk) == start


def _nobody_dangles(desk: Any) -> None:
    with desk.store.reading() as connection:
        standing = {row["id"] for row in rows(connection, "resident")}
        assert standing
        for record, name in pointing("resident"):
            pointed = [row[name] for row in (*rows(connection, record), *(merged_rows(connection, record) if record in mergeable() else ()))]
            assert {each for each in pointed if each} <= standing
        assert not list(children(connection, "resident"))
