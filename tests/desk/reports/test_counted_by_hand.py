"""Reports against samples counted by hand: every column of R1, R4 and R5, the period before, edge days, nothing to divide by."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.desk import reports
from gridapp.rules import packs, periods
from gridapp.rules.reading import Trouble
from tests.desk.town import kept, settle

R1 = (
    "党员总数|正式|预备|女|少数民族|大专及以上|≤30|31–35|36–40|41–45|46–50|51–55|56–60|≥61|建国前|十一届三中全会前|十八大前|十八大以来|"
    "工人(工勤技能)|农牧渔民|专业技术人员|管理人员|党政机关|学生|其他职业|离退休"
)
R4 = "受理|直接办结|转派|办结|在办(未超期)|超期|按期办结率|办结率|回访数|满意|基本满意|不满意|满意率|环比"
R5 = "总户数|本期走访户次|去重户数|覆盖率|重点对象数|应访|已访|月探访率|发现需求|转办|已解决|解决率"


def texts(report: Any, name: str) -> dict[str, str]:
    """A line's figures by their heading."""
    line = next(each for each in report.lines if each.name == name)
    return {measure.title: figure.text for measure, figure in zip(report.measures, line.figures, strict=True)}


def some(report: Any, name: str, headings: str) -> list[str]:
    return [texts(report, name)[heading] for heading in headings.split("|")]


def made(desk: Any, key: str, period: str, scope: str = "") -> Any:
    return reports.report(desk, key, periods.read(period), scope)


@pytest.mark.parametrize(("key", "columns"), [("members", R1), ("requests", R4), ("requests_by_type", R4), ("visits", R5)])
def test_the_columns_are_the_prescribed_ones_and_an_empty_desk_divides_by_nothing(desk: Any, key: str, columns: str) -> None:
    report = made(desk, key, "2026-10")
    assert "|".join(each.title for each in report.measures) == columns
    assert all(figure.text in ("0", "—") for line in report.lines for figure in line.figures)
    total = report.line("total")
    assert total and {each.text for each, figure in zip(total.figures, report.measures, strict=True) if figure.sort != "count"} <= {"—"}
    assert report.charts == () and report.hot == ()


def comrade(desk: Any, **more: Any) -> str:
    plain = {"name": "单雄信", "sex": "男", "birth": "1970-06-15", "join_date": "1992-03", "regular_date": "1993-03", "member_type": "正式党员"}
    return kept(desk, "member", **plain | more)


@pytest.fixture
def branch(file_desk: Any) -> Any:
    comrade(file_desk, name="甲一", birth="1925-01-01", join_date="1949-09-30", regular_date="1949-12", party_group="第一党小组", occupation="退休")
    comrade(file_desk, name="乙二", birth="1930-01-01", join_date="1949-10-01", regular_date="1950-10-01", party_group="第一党小组", nation="回族")
    comrade(file_desk, name="丙三", birth="1950-01-01", join_date="1978-12-31", regular_date="1979-12-31", party_group="第二党小组", sex="女")
    comrade(file_desk, name="丁四", birth="1960-01-01", join_date="1979-01-01", regular_date="1980-01-01", party_group="第二党小组", education="大专")
    comrade(file_desk, name="戊五", birth="1985-12-31", join_date="2012-10-31", regular_date="2013-10-31", education="研究生", nation="汉族")
    comrade(file_desk, name="己六", birth="1986-01-01", join_date="2012-11-01", regular_date="2013-11-01", education="高中", occupation="工人")
    comrade(file_desk, name="庚七", birth="1996-12-31", join_date="2025-12-31", regular_date="", member_type="预备党员", sex="女")
    comrade(file_desk, name="辛八", birth="1996-02-29", join_date="2026-11-01", regular_date="", member_type="预备党员")
    comrade(file_desk, name="走了", party_status="转出")
    comrade(file_desk, name="将来", birth="2001-01-01", join_date="2027-01-01", regular_date="", member_type="预备党员")
    return file_desk


def test_members_by_hand(branch: Any) -> None:
    report = made(branch, "members", "2026")
    total = texts(report, "合计")
    assert total["党员总数"] == "8" and total["正式"] == "6" and total["预备"] == "2" and total["女"] == "2"
    assert (total["少数民族"], total["大专及以上"]) == ("1", "2")
    assert [total[each] for each in ("建国前", "十一届三中全会前", "十八大前", "十八大以来")] == ["1", "2", "2", "3"]
    ages = {title: total[title] for title in R1.split("|")[6:14]}
    assert ages == {"≤30": "2", "31–35": "0", "36–40": "1", "41–45": "1", "46–50": "0", "51–55": "0", "56–60": "0", "≥61": "4"}
    assert (total["工人(工勤技能)"], total["离退休"], total["学生"]) == ("1", "1", "0")
    assert [line.name for line in report.lines] == ["第一党小组", "第二党小组", "没有分组的", "合计", "上年同期", "同比"]
    assert texts(report, "第一党小组")["党员总数"] == "2" and texts(report, "没有分组的")["预备"] == "2"
    assert "职业 6 名" in report.missing[0] and "出生日期" not in report.missing[0]


def test_members_a_year_before_are_those_who_had_joined(branch: Any) -> None:
    report = made(branch, "members", "2026")
    before = texts(report, "上年同期")
    assert (before["党员总数"], before["正式"], before["预备"], before["十八大以来"], before["≤30"]) == ("7", "6", "1", "2", "1")
    assert before["少数民族"] == before["大专及以上"] == before["离退休"] == "—"
    assert (texts(report, "同比")["党员总数"], texts(report, "同比")["正式"], texts(report, "同比")["预备"]) == ("+14.3%", "持平", "+100.0%")
    assert texts(report, "同比")["31–35"] == "—"


def test_members_on_a_day_before_somebody_joined_or_became_a_full_member(branch: Any) -> None:
    assert texts(made(branch, "members", "2025-12-30..2025-12-30"), "合计")["党员总数"] == "6"
    assert texts(made(branch, "members", "2025-12-31..2025-12-31"), "合计")["党员总数"] == "7"
    assert some(made(branch, "members", "2013-10-31..2013-10-31"), "合计", "正式|预备") == ["5", "1"]
    assert some(made(branch, "members", "2013-10-30..2013-10-30"), "合计", "正式|预备") == ["4", "2"]


def test_the_breakpoints_are_the_rule_packs(branch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = dict(packs.counting("report.members", dt.date(2026, 1, 1)))
    rule["joined"] = [{"key": "old", "heading": "早", "until": "1978-12"}, {"key": "new", "heading": "晚"}]
    monkeypatch.setattr(packs, "counting", lambda key, on: rule)
    assert some(made(branch, "members", "2026"), "合计", "早|晚") == ["3", "5"]


def at(day: str, hour: int = 2) -> Any:
    return lambda: dt.datetime.fromisoformat(day).replace(hour=hour, tzinfo=dt.UTC)


@pytest.fixture
def affairs(file_desk: Any) -> tuple[Any, dict[str, str]]:
    """Requests around October 2026, looked at on 21 November."""
    desk, ids = file_desk, {}

    def new(name: str, day: str, due: str, **more: Any) -> None:
        desk.clock = at(day)
        found = verbs.new_request(desk, {"content": name, "req_date": day, "due_date": due, "category": "物业", **more})
        assert found.saved, found.faults
        ids[name] = found.row_id

    def step(name: str, day: str, action: str, **more: Any) -> None:
        desk.clock = at(day, more.pop("hour", 2))
        assert verbs.act(desk, ids[name], action, by="物业", **more).saved

    new("九月的", "2026-09-30", "2026-10-07")
    step("九月的", "2026-10-01", "close")
    step("九月的", "2026-10-02", "feedback", satisfaction="不满意", manner="电话")
    step("九月的", "2026-10-03", "feedback", satisfaction="满意", manner="电话")
    new("直接", "2026-10-01", "2026-10-08")
    step("直接", "2026-10-08", "close", hour=15)  # 23:00 in China: still its last day
    step("直接", "2026-10-20", "feedback", satisfaction="基本满意", manner="当面")
    new("派过", "2026-10-02", "2026-10-09", category="停车")
    step("派过", "2026-10-03", "dispatch")
    step("派过", "2026-10-08", "close", hour=17)  # 01:00 of the 9th
    step("派过", "2026-10-31", "feedback", satisfaction="未评价", manner="电话")
    new("晚了", "2026-10-10", "2026-10-17", category="停车")
    step("晚了", "2026-10-18", "close")
    new("拖着", "2026-10-20", "2026-10-27", category="")
    new("在办", "2026-10-31", "2026-11-21")
    step("在办", "2026-11-02", "close")
    new("重办", "2026-10-05", "2026-10-12")
    step("重办", "2026-10-06", "close")
    step("重办", "2026-11-01", "handle")
    desk.clock = at("2026-11-21")
    return desk, ids


def test_requests_by_hand(affairs: tuple[Any, dict[str, str]]) -> None:
    desk, _ = affairs
    report = made(desk, "requests", "2026-10")
    assert some(report, "合计", R4) == [
        "6", "3", "1", "5", "1", "1", "66.7%", "66.7%", "3", "1", "1", "0", "100.0%", "+500.0%"
    ]  # fmt: skip
    assert some(report, "停车", "受理|直接办结|转派|办结|按期办结率|环比") == ["2", "1", "1", "2", "50.0%", "—"]
    assert some(report, "没有填领域的", "受理|超期|办结率") == ["1", "1", "0.0%"]
    assert some(report, "上期", "受理|办结|在办(未超期)|办结率|回访数|满意率|环比") == ["1", "0", "1", "0.0%", "0", "—", "—"]
    assert report.hot == ("物业 3 件", "停车 2 件"), "categories, those without one left out"
    assert texts(report, "环比")["办结率"] == "+66.7点"


def test_what_was_closed_after_the_period_was_open_in_it(affairs: tuple[Any, dict[str, str]]) -> None:
    desk, ids = affairs
    report = made(desk, "requests", "2026-10")
    total = report.line("total")
    assert report.at(total, "open").keys == (ids["在办"],) and report.at(total, "late").keys == (ids["拖着"],)
    november = made(desk, "requests", "2026-11")
    assert november.at(november.line("total"), "closed").keys == (ids["在办"],)
    assert set(november.at(november.line("total"), "late").keys) == {ids["拖着"], ids["重办"]}, "closed in October, taken up again in November"


def test_a_deadline_is_missed_when_its_day_is_over(affairs: tuple[Any, dict[str, str]]) -> None:
    desk, ids = affairs
    desk.clock = at("2026-10-27")
    assert ids["拖着"] in made(desk, "requests", "2026-10").line("total").figures[4].keys
    desk.clock = at("2026-10-28")
    assert ids["拖着"] in made(desk, "requests", "2026-10").line("total").figures[5].keys
    assert "算到 2026-10-28" in made(desk, "requests", "2026-10").notes[0]


def test_by_type_the_lines_are_types(affairs: tuple[Any, dict[str, str]]) -> None:
    report = made(affairs[0], "requests_by_type", "2026-Q4")
    assert [line.name for line in report.lines] == ["求助", "合计", "上期", "环比"]
    assert report.title == "诉求办理季报" and texts(report, "求助")["受理"] == "6"


def test_visits_by_hand(file_desk: Any) -> None:
    desk = file_desk
    ids = settle(desk)
    empty = kept(desk, "household", building_id=ids["building"], unit="1", room="202", dwelling="空置")

    def visit(day: str, home: str, request: Any = None, **more: Any) -> str:
        desk.clock = at(day)
        found = verbs.keep_visit(desk, {"visit_date": day, "visitors": "王书记", "household_id": home, "content": "看看", **more}, request)
        assert found.saved, found.faults
        return found.row_id

    visit("2026-09-10", ids["alone"])
    visit("2026-10-09", ids["alone"], problem="灯坏了", done=True)
    visit("2026-10-31", ids["home"], {"content": "修门", "due_date": "2026-11-07"})
    visit("2026-10-31", ids["home"], problem="漏水")
    visit("2026-10-01", empty)
    visit("2026-11-01", ids["rented"])
    kept(desk, "visit", visit_date="2026-10-05", visitors="王书记", place="广场", content="宣传", problem="不算")
    desk.clock = at("2026-11-21")
    report = made(desk, "visits", "2026-10")
    assert some(report, "示范网格", R5) == ["4", "4", "3", "66.7%", "1", "1", "1", "100.0%", "3", "1", "1", "33.3%"]
    assert some(report, "上期", R5) == ["—", "1", "1", "33.3%", "1", "1", "1", "100.0%", "0", "0", "0", "—"]
    november = made(desk, "visits", "2026-11")
    assert some(november, "示范网格", "应访|已访|月探访率") == ["1", "0", "0.0%"]
    may = made(desk, "visits", "2026-05")
    assert some(may, "示范网格", "重点对象数|应访|月探访率") == ["0", "0", "—"], "served from June on"


@pytest.mark.parametrize(("frequency", "last", "month", "expected"), [
    ("每月", "2026-01-31", "2026-02", "1"), ("每月", "2024-01-31", "2024-02", "1"), ("每季度", "2026-09-30", "2026-12", "1"),
    ("每季度", "2026-10-01", "2026-12", "0"), ("每季度", "2026-10-01", "2027-01", "1"), ("每季度", "", "2026-12", "1"),
    ("每季度", "2026-12-01", "2026-12", "1"),
])  # fmt: skip
def test_who_is_to_be_visited(file_desk: Any, frequency: str, last: str, month: str, expected: str) -> None:
    ids = settle(file_desk)
    need = {"frequency": frequency, "from_date": "2023-12-01", "review_on": "2024-11-30"}
    assert verbs.keep(file_desk, "service_need", need, row_id=ids["need"]).saved
    if last:
        kept(file_desk, "visit", visit_date=last, visitors="王书记", household_id=ids["alone"], content="看看")
    file_desk.clock = at("2027-06-01")
    assert some(made(file_desk, "visits", month), "示范网格", "应访") == [expected]


def test_an_unknown_report_names_the_ones_there_are(file_desk: Any) -> None:
    with pytest.raises(Trouble, match="requests（诉求办理）"):
        made(file_desk, "r9", "2026-10")


def test_the_usual_period(file_desk: Any) -> None:
    assert [reports.usual_period(file_desk, each.key).key for each in reports.reports()] == ["2026-11", "2026-11", "2026-11", "2026"]
