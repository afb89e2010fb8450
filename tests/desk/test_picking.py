"""Choosing rows: by building, group, period, category, state and sort; a choice that means nothing is refused."""
from __future__ import annotations

from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.desk import facts
from gridapp.desk.picking import Picked, filters, pick
from gridapp.rules.reading import Trouble

Town = tuple[Any, dict[str, str]]


def found(desk: Any, record: str, picked: Picked) -> set[str]:
    with desk.store.reading() as connection:
        return {row["id"] for row in pick(connection, record, facts.rows(connection, record), picked, desk.today())}


def test_nothing_chosen_is_everything(town: Town) -> None:
    desk, _ = town
    assert not Picked() and len(found(desk, "household", Picked())) == 3 and Picked().sentence("household") == ""


def test_by_building(town: Town) -> None:
    desk, ids = town
    five = Picked(building="5号楼")
    assert found(desk, "household", five) == {ids["rented"]} and found(desk, "resident", five) == {ids["tenant"]}
    three = Picked(building="3号楼")
    assert found(desk, "member", three) == {ids["member"]} and found(desk, "service_need", three) == {ids["need"]}
    assert found(desk, "building", three) == {ids["building"]} and not found(desk, "member", Picked(building="9号楼"))


def test_by_group(town: Town) -> None:
    desk, ids = town
    verbs.keep(desk, "building", {"party_group": "一组"}, ids["building"])
    verbs.keep(desk, "member", {"party_group": "二组"}, ids["member"])
    assert found(desk, "household", Picked(group="一组")) == {ids["home"], ids["alone"]}
    assert found(desk, "member", Picked(group="二组")) == {ids["member"]} and not found(desk, "member", Picked(group="一组"))


@pytest.mark.parametrize(("since", "until", "count"), [
    ("2026-11-21", "2026-11-21", 1), ("2026-11-22", "", 0), ("", "2026-11-20", 0), ("2026-01-01", "", 1), ("", "2026-11-21", 1),
])
def test_by_period_both_days_inside(town: Town, since: str, until: str, count: int) -> None:
    desk, ids = town
    verbs.keep_visit(desk, {"household_id": ids["alone"], "visitors": "王书记", "content": "看望"}, {"content": "装扶手"})
    for record in ("visit", "request", "request_event"):
        assert len(found(desk, record, Picked(since=since, until=until))) == count, record


def test_a_day_known_by_its_month_alone(town: Town) -> None:
    desk, ids = town
    verbs.keep(desk, "member", {"join_date": "1992-11"}, ids["member"])
    assert found(desk, "member", Picked(since="1992-11-10", until="1992-12-01")) == {ids["member"]}
    assert not found(desk, "member", Picked(since="1992-12-01"))


def test_by_category(town: Town) -> None:
    desk, ids = town
    alone = Picked(category="alone")
    assert found(desk, "household", alone) == {ids["alone"]} and found(desk, "resident", alone) == {ids["old"]}
    assert found(desk, "service_need", alone) == {ids["need"]} and not found(desk, "household", Picked(category="veteran"))


def test_by_state(town: Town) -> None:
    desk, ids = town
    row = verbs.new_request(desk, {"content": "路灯", "req_date": "2026-10-01"}).row_id
    assert found(desk, "request", Picked(state="open")) == found(desk, "request", Picked(state="late")) == {row}
    verbs.act(desk, row, "close", by="物业", note="好了")
    assert not found(desk, "request", Picked(state="open")) and found(desk, "request", Picked(state="closed")) == {row}
    assert len(found(desk, "resident", Picked(state="here"))) == 4


def test_by_sort(town: Town) -> None:
    desk, ids = town
    assert found(desk, "household", Picked(sort="rented")) == {ids["rented"]}
    assert found(desk, "resident", Picked(sort="elder80")) == {ids["old"]}
    assert found(desk, "resident", Picked(sort="head")) == {ids["head"], ids["old"], ids["tenant"]}
    assert found(desk, "member", Picked(sort="full")) == {ids["member"]} and not found(desk, "member", Picked(sort="flow"))


def test_by_hand(town: Town) -> None:
    desk, ids = town
    picked = Picked(ids=(ids["home"], ids["alone"]))
    assert found(desk, "household", picked) == set(picked.ids) and picked.sentence("household") == "选定的 2 条"


@pytest.mark.parametrize(("record", "picked"), [
    ("household", Picked(since="2026-01-01")), ("org", Picked(building="3号楼")), ("org", Picked(group="一组")), ("member", Picked(category="alone")),
    ("visit", Picked(state="open")), ("resident", Picked(sort="rented")), ("decision", Picked(sort="full")),
])
def test_a_choice_that_means_nothing_is_refused(file_desk: Any, record: str, picked: Picked) -> None:
    with pytest.raises(Trouble) as caught:
        found(file_desk, record, picked)
    assert caught.value.code == "senseless_filter"


def test_what_is_offered_can_be_picked(town: Town) -> None:
    desk, _ = town
    for record in ("org", "building", "household", "resident", "member", "visit", "request", "request_event", "service_need", "consent", "decision"):
        with desk.store.reading() as connection:
            offered = filters(connection, record)
        for each in offered:
            for value, label in each.options:
                picked = Picked(**{each.field: value})
                found(desk, record, picked)
                assert label in picked.sentence(record)
            if each.field == "period":
                found(desk, record, Picked(since="2026-01-01", until="2026-12-31"))


def test_in_words() -> None:
    picked = Picked(building="3号楼", group="一组", since="2026-01-01", until="2026-03-31", category="alone", state="late")
    assert picked.sentence("request") == "3号楼，一组，独居，超期，2026-01-01 至 2026-03-31"
    assert Picked(since="2026-01-01").period == "2026-01-01 起" and Picked(until="2026-01-01").period == "2026-01-01 及以前"
