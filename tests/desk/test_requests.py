"""Visits and the requests that come out of them: one go, all the stages, numbers that never repeat."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.rules.reading import Trouble
from gridapp.store.read import rows
from tests.desk.town import HEAD

Town = tuple[Any, dict[str, str]]


def asked(town: Town, **raw: Any) -> str:
    """A visit and the request that came out of it; gives the request's id."""
    desk, ids = town
    done = verbs.keep_visit(
        desk, {"household_id": ids["home"], "visitors": "王书记", "interviewee": HEAD, "content": "问候"}, {"content": "楼道灯不亮", **raw}
    )
    assert done.saved, done.faults
    return verbs.listing(desk, "request").rows[0].id


def test_a_visit_and_its_request_in_one_go(town: Town) -> None:
    desk, ids = town
    row = verbs.values(desk, "request", asked(town))
    visit = verbs.values(desk, "visit", row["visit_id"])
    assert (row["household_id"], row["name"], row["source"], row["req_date"]) == (ids["home"], HEAD, "visit", "2026-11-21")
    assert row["req_no"].endswith("-2026-001") and row["due_date"] > row["req_date"] and row["handler"] == "示范网格"
    assert (visit["visit_date"], visit["household_id"]) == ("2026-11-21", ids["home"])
    assert verbs.progress(desk, row["id"]).state == "accepted"
    verbs.undo(desk, verbs.last_undo(desk)["id"])
    assert not verbs.listing(desk, "request").rows and not verbs.listing(desk, "visit").rows


def test_a_step_is_never_changed_or_removed(town: Town) -> None:
    desk, _ = town
    asked(town)
    with desk.store.reading() as connection:
        before = rows(connection, "request_event")
    key = before[0]["id"]
    for verb in (lambda: verbs.keep(desk, "request_event", {"note": "改"}, key), lambda: verbs.remove(desk, "request_event", key)):
        with pytest.raises(Trouble) as caught:
            verb()
        assert caught.value.code == "only_added"
    with desk.store.reading() as connection:
        assert rows(connection, "request_event") == before and len(before) == 1


def test_a_visit_alone(town: Town) -> None:
    desk, ids = town
    assert verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": "王书记、李干事", "content": "问候"}, None).saved
    assert verbs.last_visitors(desk) == "王书记、李干事" and not verbs.listing(desk, "request").rows


@pytest.mark.parametrize(
    ("visit", "request_raw", "field"),
    [
        ({"visitors": ""}, {"content": "修灯"}, "visitors"),
        ({}, {"content": "", "urgency": "普通"}, "request.content"),
        ({}, {"content": "灯", "due_date": "2020-01-01"}, "request.due_date"),
    ],
)
def test_neither_is_kept_when_one_has_a_fault(town: Town, visit: dict[str, Any], request_raw: dict[str, Any], field: str) -> None:
    desk, ids = town
    done = verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": "王书记", "content": "问候"} | visit, request_raw)
    assert not done.saved and field in {fault.field for fault in done.faults}
    assert not verbs.listing(desk, "visit").rows and not verbs.listing(desk, "request").rows


def test_numbers_follow_one_another_and_start_anew_each_year(town: Town) -> None:
    desk, _ = town
    asked(town)
    asked(town)
    desk.clock = lambda: dt.datetime(2027, 1, 1, 2, tzinfo=dt.UTC)
    asked(town)
    numbers = sorted(verbs.values(desk, "request", row.id)["req_no"] for row in verbs.listing(desk, "request").rows)
    assert [number[-9:] for number in numbers] == ["-2026-001", "-2026-002", "-2027-001"]


def test_through_all_the_stages(town: Town) -> None:
    desk, _ = town
    request = asked(town)
    for action, state in (("dispatch", "dispatched"), ("sign", "signed"), ("handle", "handling"), ("close", "closed")):
        done = verbs.act(desk, request, action, by="物业", note="已转")
        assert done.saved and verbs.progress(desk, request).state == state
        _later(desk)
    assert verbs.act(desk, request, "feedback", by="王书记", satisfaction="满意", manner="电话").saved
    _later(desk)
    assert verbs.act(desk, request, "archive", by="王书记").saved
    found = verbs.progress(desk, request)
    assert found.state == "archived" and len(found.events) == 7 and "满意" in found.events[5]


def _later(desk: Any) -> None:
    now = desk.clock() + dt.timedelta(minutes=1)
    desk.clock = lambda: now


@pytest.mark.parametrize("action", ["feedback", "archive"])
def test_a_step_the_state_does_not_allow(town: Town, action: str) -> None:
    desk, _ = town
    request = asked(town)
    done = verbs.act(desk, request, action, by="王书记")
    assert not done.saved and done.faults[0].code == "not_allowed" and "可以" in done.faults[0].hint
    assert verbs.progress(desk, request).state == "accepted" and len(verbs.progress(desk, request).events) == 1


def test_late_is_judged_by_the_day_it_was_closed(town: Town) -> None:
    desk, _ = town
    request = asked(town, due_date="2026-11-23")
    desk.clock = lambda: dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
    assert not verbs.progress(desk, request).late
    verbs.act(desk, request, "close", by="物业")
    desk.clock = lambda: dt.datetime(2026, 12, 23, 2, tzinfo=dt.UTC)
    assert not verbs.progress(desk, request).late


def test_a_request_that_is_gone(town: Town) -> None:
    desk, _ = town
    for verb in (lambda: verbs.progress(desk, "0" * 32), lambda: verbs.act(desk, "0" * 32, "close", by="王")):
        with pytest.raises(Trouble) as caught:
            verb()
        assert caught.value.code == "gone"
