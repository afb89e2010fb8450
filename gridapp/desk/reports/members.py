"""R1 党员队伍情况: who the branch's members are on a day, by Party group; the same people counted back to a year before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridapp.desk.facts import Row
from gridapp.desk.reports.places import Places, by_place
from gridapp.desk.reports.shape import Chart, Line, Measure, Report, Sum, bars, compared, figures, telling
from gridapp.rules import dates, due, packs
from gridapp.rules.periods import Period

TITLE = "党员队伍情况表"
NO_GROUP = "没有分组的"
NUMERALS = {char: at for at, char in enumerate("零一二三四五六七八九十", 0)}


@dataclass(frozen=True, slots=True)
class Comrade:
    """A member on the day of the report."""

    id: str
    scope: str
    group: str
    is_full: bool
    sex: str
    nation: str
    education: str
    age: int | None
    joined: str
    occupation: str


def measures(rule: Mapping[str, Any]) -> tuple[Measure, ...]:
    """The columns of R1, in domain.md's order; bands and breakpoints are the rule pack's."""
    plain = (
        _measure("all", "党员总数", "党籍正常、入党日期不晚于统计日的党员；正式组织关系在哪就由哪统计，转出、去世、出党的不计。"),
        _measure("full", "正式", "到统计日已经转正的。", lambda each: each.is_full),
        _measure("probationary", "预备", "到统计日还在预备期的。", lambda each: not each.is_full),
        _measure("women", "女", "", lambda each: each.sex == "2"),
        _measure("minority", "少数民族", "填了民族、又不是汉族的。", lambda each: bool(each.nation) and each.nation not in rule["han"], past=False),
        _measure("college", "大专及以上", "现在登记的学历为大专、本科、研究生的。", lambda each: each.education in rule["college"], past=False),
    )
    return (*plain, *_ages(rule["ages"]), *_joined(rule["joined"]), *_occupations(rule["occupations"]))


def _measure(key: str, title: str, says: str, test: Any = lambda each: True, past: bool = True) -> Measure:
    return Measure(key, title, says, "member", test, past=past)


def _ages(limits: list[int]) -> Iterable[Measure]:
    for least, most in zip([0, *(each + 1 for each in limits)], [*limits, 200], strict=True):
        title = f"≤{most}" if not least else f"≥{least}" if most == 200 else f"{least}–{most}"
        yield _measure(
            f"age{least}", title, "统计日的周岁。" if not least else "",
            lambda each, least=least, most=most: each.age is not None and least <= each.age <= most,
        )  # fmt: skip


def _joined(bands: list[dict[str, str]]) -> Iterable[Measure]:
    first = ""
    for band in bands:
        last = band.get("until", "9999")
        ends = (f"在 {first} 之后" if first else "", f"到 {last} 为止" if last != "9999" else "")
        says = f"入党时间{'、'.join(filter(None, ends))}。"
        yield _measure(band["key"], band["heading"], says, lambda each, first=first, last=last: first < each.joined <= last)
        first = last


def _occupations(named: list[dict[str, str]]) -> Iterable[Measure]:
    for each in named:
        code = each["code"]
        yield _measure(f"job_{code}", each["heading"], "", lambda item, code=code: item.occupation == code, past=False)


def comrades(rows: Iterable[Row], day: dt.date, rule: Mapping[str, Any]) -> list[Comrade]:
    """The members as of a day, from the rows kept today."""
    counted = [row for row in rows if row["party_status"] in rule["statuses"] and row["join_date"] and dates.first_day(row["join_date"]) <= day]
    return [_comrade(row, day) for row in counted]


def _comrade(row: Row, day: dt.date) -> Comrade:
    regular = dates.first_day(row["regular_date"]) if row["regular_date"] else None
    is_full = regular <= day if regular else row["member_type"] == "full"
    joined = dates.first_day(row["join_date"]).isoformat()[:7]
    age = due.age(row["birth"], day)
    return Comrade(
        row["id"], row["scope"], (row["party_group"] or "").strip(), is_full, row["sex"] or "", row["nation"] or "", row["education"] or "", age,
        joined, row["occupation"] or "",
    )  # fmt: skip


def report(rows: list[Row], period: Period, places: Places) -> Report:
    """R1 on the last day of a period."""
    day = period.until
    rule = packs.counting("report.members", day)
    declared = measures(rule)
    now, then = comrades(rows, day, rule), comrades(rows, dates.add_months(day, -12), rule)
    total = Line("合计", figures(declared, {"member": now}), "total")
    before = compared(declared, total, {"member": then}, ("上年同期", "同比"))
    lines = (*_parts(declared, now, places), total, *before)
    corner = "网格" if places.many else "党小组"
    return Report(
        "members", TITLE, period, "上年同期", places.title, corner, declared, lines, _charts(declared, total, rule), (), _notes(period),
        _missing(now), _sums(declared, rule),
    )  # fmt: skip


def _parts(declared: tuple[Measure, ...], now: list[Comrade], places: Places) -> list[Line]:
    if places.many:
        return [Line(name, figures(declared, {"member": found})) for name, (found,) in by_place(places, now)]
    groups = sorted({each.group for each in now}, key=_in_order)
    if groups in ([], [""]):
        return []
    return [Line(group or NO_GROUP, figures(declared, {"member": [each for each in now if each.group == group]})) for group in groups]


def _in_order(group: str) -> tuple[bool, list[tuple[int, str]]]:
    """第一, 第二, 第三 as one counts; those without a group last."""
    return not group, [(NUMERALS.get(char, ord(char)), char) for char in group]


def _sums(declared: tuple[Measure, ...], rule: Mapping[str, Any]) -> tuple[Sum, ...]:
    keys = [each.key for each in declared]
    families = [tuple(key for key in keys if key.startswith(start)) for start in ("age", "job_")]
    joined = tuple(band["key"] for band in rule["joined"])
    return tuple(Sum("all", parts) for parts in (("full", "probationary"), joined, *families))


def _notes(period: Period) -> tuple[str, ...]:
    day = period.until
    return (
        f"统计日：{day.year}年{day.month}月{day.day}日。年龄为统计日周岁；出生、入党只写到年或月的，按最早的一天算。",
        "入党时间的分段和学历、职业的口径见规则包“report.members”。",
        "上年同期按现在在册的党员倒推：那时已经入党的人数。转入、转出和去世没有留下日期，倒推不出；民族、学历、职业只有现在的登记，所以写“—”。",
    )


def _missing(now: list[Comrade]) -> tuple[str, ...]:
    blank = {
        "出生日期": sum(each.age is None for each in now), "民族": sum(not each.nation for each in now),
        "学历": sum(not each.education for each in now), "职业": sum(not each.occupation for each in now),
    }  # fmt: skip
    said = "、".join(f"{name} {count} 名" for name, count in blank.items() if count)
    return (f"还没有填写、因此不在相应各栏里的：{said}。请在“党员”页补填。",) if said else ()


def _charts(declared: tuple[Measure, ...], total: Line, rule: Mapping[str, Any]) -> tuple[Chart, ...]:
    labelled = {each.key: (each.title, figure) for each, figure in zip(declared, total.figures, strict=True)}
    ages, jobs = ([pair for key, pair in labelled.items() if key.startswith(start)] for start in ("age", "job_"))
    joined = [labelled[band["key"]] for band in rule["joined"]]
    return telling(bars("年龄（岁）", "名", ages), bars("入党时间", "名", joined), bars("职业", "名", jobs))
