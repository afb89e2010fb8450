"""Lists, stories, finding, today: what a secretary sees, masked, on both engines."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.desk.today import today
from gridapp.records import RECORDS, columns
from tests.desk.town import ALONE, COMRADE, HEAD, PHONES, TENANT, WIFE, kept

Town = tuple[Any, dict[str, str]]
NAMES = (HEAD, WIFE, ALONE, TENANT, COMRADE)


PAGED = [record for record in RECORDS if not record.downward and any(each.kind.listed for each in columns(record))]


@pytest.mark.parametrize("record", [record.__tablename__ for record in PAGED])
def test_every_record_has_a_page(town: Town, record: str) -> None:
    desk, ids = town
    verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": "王书记", "content": "问候"}, {"content": "修灯", "request_type": "求助"})
    kept(desk, "decision", decided_at=desk.now(), by="王书记", sort="field", what="住户 3-2-501", chosen=PHONES[HEAD])
    page = verbs.listing(desk, record)
    assert page.rows and page.columns and page.title
    assert all(len(row.cells) == len(row.sort) == len(page.columns) for row in page.rows)
    assert page.chips[0].count == len(page.rows)
    for chip in page.chips:
        assert len(verbs.listing(desk, record, chip.key).rows) == chip.count
    for at in range(len(page.columns)):
        sorted(row.sort[at] for row in page.rows)


@pytest.mark.parametrize("record", ["household", "resident", "member", "visit", "request", "service_need"])
def test_lists_are_masked(town: Town, record: str) -> None:
    desk, ids = town
    verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": COMRADE, "interviewee": HEAD, "content": "问候"}, {"content": "修灯"})
    shown = " ".join(cell for row in verbs.listing(desk, record).rows for cell in row.cells)
    assert not [word for word in (*NAMES, *PHONES.values()) if word in shown]


def test_the_page_of_households(town: Town) -> None:
    desk, ids = town
    page = verbs.listing(desk, "household")
    assert page.count_text == "3 户 · 4 人"
    assert [row.cells[0] for row in page.rows] == ["3-2-501", "3-2-1001", "5-1-101"]
    assert {chip.key: chip.count for chip in page.chips} == {"all": 3, "service": 1, "unvisited": 1, "member": 1, "rented": 1, "empty": 0}


@pytest.mark.parametrize(("word", "doors"), [("501", 1), ("3-2", 2), (HEAD, 1), ("没有这个人", 0)])
def test_a_page_can_be_narrowed(town: Town, word: str, doors: int) -> None:
    assert len(verbs.listing(town[0], "household", find=word).rows) == doors


def test_what_nobody_sees_is_not_searched(town: Town) -> None:
    """A key is letters and digits: 501 stands in one of fifty."""
    desk, ids = town
    assert verbs.listing(desk, "household", find=ids["home"]).rows == verbs.listing(desk, "household", find=ids["building"][-6:]).rows == []


def test_a_story_of_a_household_and_of_its_people(town: Town) -> None:
    desk, ids = town
    verbs.keep_visit(desk, {"household_id": ids["alone"], "visitors": "王书记", "content": "血压平稳"}, {"content": "装扶手", "request_type": "求助"})
    story = verbs.story(desk, "household", ids["alone"])
    assert (story.household_id, story.title) == (ids["alone"], "3-2-1001")
    assert "1 人" in story.subtitle
    assert [text for text, _ in story.tags][:2] == ["独居", "每月探访"]
    assert [person.name for person in story.people] == [story.people[0].name] and ALONE not in story.people[0].name
    assert story.people[0].reveal[0].column == "phone"
    assert any("结对党员" in line for line in story.contacts)
    assert "血压平稳" in story.visits[0].text and "装扶手" in story.requests[0].text
    assert verbs.story(desk, "resident", ids["old"]).household_id == ids["alone"]
    assert verbs.story(desk, "request", story.requests[0].id).household_id == ids["alone"]


@pytest.mark.parametrize("record", ["building", "member", "org"])
def test_a_story_without_a_household(town: Town, record: str) -> None:
    desk, _ = town
    for row in verbs.listing(desk, record).rows:
        assert verbs.story(desk, record, row.id).title


def test_a_story_of_what_is_gone(town: Town) -> None:
    assert "删除" in verbs.story(town[0], "resident", "0" * 32).subtitle


@pytest.mark.parametrize(
    ("word", "who"),
    [("曾", "head"), ("曾乐天", "head"), ("zlt", "head"), ("ZLT", "head"), ("zeng", "head"), ("lap", "old"), ("0022", "old"), ("sxx", "member")],
)
def test_finding_people(town: Town, word: str, who: str) -> None:
    desk, ids = town
    hits = verbs.find(desk, word)
    assert ids[who] in [hit.id for hit in hits]
    assert not any(name in hit.title + hit.subtitle for hit in hits for name in NAMES)


@pytest.mark.parametrize(("word", "home"), [("3-2-501", "home"), ("3-2-5", "home"), ("501", "home"), ("1001", "alone"), ("5-1-101", "rented")])
def test_finding_doors(town: Town, word: str, home: str) -> None:
    desk, ids = town
    assert verbs.find(desk, word)[0].household_id == ids[home]
    assert ids[home] in [hit.id for hit in verbs.households(desk, word)]


@pytest.mark.parametrize("word", ["", "   ", "%", "_", "'", "不存在的人", "9-9-999"])
def test_finding_nothing(town: Town, word: str) -> None:
    assert verbs.find(town[0], word) == []


def test_finding_a_request_by_its_number(town: Town) -> None:
    desk, ids = town
    verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": "王书记", "content": "问候"}, {"content": "修灯"})
    number = verbs.listing(desk, "request").rows[0].cells[0]
    assert [hit.record for hit in verbs.find(desk, number)] == ["request"]


@pytest.mark.parametrize("target", ["household", "resident", "member", "building", "org"])
def test_choices_for_links(town: Town, target: str) -> None:
    desk, _ = town
    found = verbs.options(desk, target)
    assert len(found) == len(verbs.listing(desk, target).rows)
    assert all(len(row_id) == 32 and label for row_id, label in found)


def at(desk: Any, day: str) -> Any:
    desk.clock = lambda: dt.datetime.fromisoformat(f"{day}T02:00:00+00:00")
    return today(desk)


def test_a_visit_falls_due_and_is_done(town: Town) -> None:
    desk, ids = town
    assert [task.row_id for task in at(desk, "2026-11-21").tasks if task.record == "household"] == [ids["alone"]]
    verbs.keep_visit(desk, {"household_id": ids["alone"], "visitors": "王书记", "content": "问候"})
    assert [task for task in at(desk, "2026-11-22").tasks if task.record == "household"] == []
    later = [task for task in at(desk, "2027-02-01").tasks if task.row_id == ids["alone"] and task.record == "household"]
    assert later and later[0].tone == "late"


def test_a_request_falls_due_then_is_late(town: Town) -> None:
    desk, ids = town
    at(desk, "2026-11-21")
    verbs.keep_visit(desk, {"household_id": ids["home"], "visitors": "王书记", "content": "问候"}, {"content": "修灯", "due_date": "2026-11-25"})
    tone = {day: [task.tone for task in at(desk, day).tasks if task.record == "request"] for day in ("2026-11-22", "2026-11-25", "2026-11-26")}
    assert tone["2026-11-22"] in (["soon"], ["fine"]) and tone["2026-11-25"] == ["soon"] and tone["2026-11-26"] == ["late"]


def test_the_page_of_today(town: Town) -> None:
    desk, _ = town
    page = at(desk, "2026-11-21")
    assert page.date == dt.date(2026, 11, 21) and "11月21日 星期六" in page.headline
    assert len(page.months) == 6 and page.months[-1][0] == "11月"
    assert any("入党 34 年" in line for line in page.political) and any("56 岁" in line for line in page.birthdays)
    assert not [name for name in NAMES if name in str(page)]
    assert at(desk, "2026-12-01").political == []
    assert page.last_backup == "还没有备份"


def test_a_probation_that_ends(town: Town) -> None:
    desk, _ = town
    kept(desk, "member", name="徐新", sex="女", birth="1999-01-01", join_date="2025-12-01", member_type="预备党员")
    assert any("转正" in task.title for task in at(desk, "2026-11-21").tasks)


def test_more_than_fits_is_counted_whole(town: Town) -> None:
    desk, _ = town
    before = at(desk, "2026-11-21").total
    for number in range(1, 26):
        kept(desk, "member", name="徐新", sex="女", birth=f"1999-01-{number:02d}", join_date="2025-11-22", member_type="预备党员")
    page = at(desk, "2026-11-21")
    assert len(page.tasks) == 20 and page.total == before + 25


def test_a_reminder_switched_off_in_the_rule_pack_is_not_shown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from gridapp.rules import packs

    before, rule = verbs.today(town[0]), packs.rule
    assert before.tasks
    monkeypatch.setattr(packs, "rule", lambda key, on, folder=None: replace(rule(key, on, folder), enabled=False))
    after = verbs.today(town[0])
    assert after.tasks == []
    assert after.political == []
