"""What each record's page shows beyond its listed columns: the one place where a page differs from the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Row
from gridapp.rules import masking, relations
from gridapp.rules.addresses import door_order
from gridapp.rules.dates import month_day
from gridapp.store import Connection
from gridapp.store.search import sort_keys


@dataclass
class Derived:
    """A column that is worked out: heading, text of a row, and whether it is late."""

    heading: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    late: Callable[[Row], bool] = lambda row: False
    right: bool = False
    width: int = 120


@dataclass
class Page:
    """What a record's page shows beyond its own listed columns: derived ones before and after, columns it leaves out, views."""

    lead: list[Derived] = field(default_factory=list)
    tail: list[Derived] = field(default_factory=list)
    hide: frozenset[str] = frozenset()
    views: list[tuple[str, str, Callable[[Row], bool]]] = field(default_factory=list)
    extra_count: str = ""
    unit: str = "条"
    newest_first: str = ""


Pages = tuple[Page, list[Row]]


def page_of(connection: Connection, desk: Desk, record: str) -> Pages:
    """The page of a record and its rows."""
    today = desk.today()
    homes = facts.households(connection, today)
    maker = MAKERS.get(record)
    return maker(connection, homes, today) if maker else (Page(), facts.rows(connection, record))


def _place(homes: Households, key: str = "household_id") -> Derived:
    return Derived(
        "楼栋房号", lambda row: homes.place(row[key]) or row.get("place") or "", lambda row: door_order(homes.place(row[key])), width=130
    )


def _head(connection: Connection, homes: Households) -> Derived:
    """Who heads the household: masked, but sorted and found by the name itself."""
    names = {home: homes.head_name(home) for home in homes.rows}
    keys = sort_keys(connection, filter(None, names.values()))
    return Derived("户主", lambda row: masking.name(names[row["id"]]), lambda row: f"{keys.get(names[row['id']], '')} {names[row['id']]}", width=110)


def _household(connection: Connection, homes: Households, today: dt.date) -> Pages:
    rows = list(homes.rows.values())
    month = today.isoformat()[:7]

    def upcoming(row: Row) -> str:
        found = homes.next_visit(row["id"], today)
        return "" if found is None else month_day(found.isoformat()) + (" 迟" if found < today else "")

    page = Page(
        lead=[
            _place(homes, "id"),
            _head(connection, homes),
            Derived("人口", lambda row: str(homes.count(row["id"])), lambda row: homes.count(row["id"]), right=True, width=80),
        ],
        tail=[
            Derived("服务类别", lambda row: homes.categories(row["id"]), width=130),
            Derived("上次走访", lambda row: month_day(homes.last_visit.get(row["id"])), lambda row: homes.last_visit.get(row["id"], ""), width=110),
            Derived(
                "下次应访", upcoming, lambda row: homes.next_visit(row["id"], today) or dt.date.max, lambda row: "迟" in upcoming(row), width=120
            ),
        ],
        hide=frozenset({"unit", "room", "resident_count", "contact", "phone"}),
        views=[
            ("service", "重点对象", lambda row: row["id"] in homes.needs),
            ("unvisited", "本月未访", lambda row: row["id"] in homes.needs and homes.last_visit.get(row["id"], "")[:7] != month),
            ("member", "党员户", lambda row: row["id"] in homes.member_homes),
            ("rented", "租住", lambda row: row["dwelling"] == "rented"),
            ("empty", "空置", lambda row: row["dwelling"] == "vacant"),
        ],
        extra_count=f"{sum(map(len, homes.people.values())):,} 人",
        unit="户",
    )
    return page, rows


def _resident(connection: Connection, homes: Households, today: dt.date) -> Pages:
    served = {need["resident_id"] for needs in homes.needs.values() for need in needs}
    page = Page(
        lead=[],
        tail=[_place(homes)],
        views=[
            ("service", "重点对象", lambda row: row["id"] in served),
            ("elder", "80 岁以上", lambda row: bool(row["birth_year"]) and today.year - row["birth_year"] >= 80),
            ("head", "户主", lambda row: row["relation"] == relations.HEAD),
            ("gone", "迁出或去世", lambda row: row["status"] != "here"),
        ],
        unit="人",
    )
    return page, facts.rows(connection, "resident")


def _member(connection: Connection, homes: Households, today: dt.date) -> Pages:
    def years(row: Row) -> str:
        return facts.party_years(row, today)

    page = Page(
        tail=[Derived("党龄(年)", years, lambda row: int(years(row) or -1), right=True, width=90)],
        hide=frozenset({"nation", "birth", "regular_date", "phone"}),
        views=[
            ("probation", "预备党员", lambda row: row["member_type"] == "probationary"),
            ("flow", "流动党员", lambda row: bool(row["is_flow"])),
            ("month", "本月政治生日", lambda row: (row["join_date"] or "")[5:7] == f"{today.month:02d}"),
            ("fifty", "党龄 50 年以上", lambda row: int(years(row) or 0) >= 50),
        ],
        unit="名",
    )
    return page, facts.rows(connection, "member")


def _visit(connection: Connection, homes: Households, today: dt.date) -> Pages:
    month = today.isoformat()[:7]
    page = Page(
        lead=[Derived("走访日期", lambda row: row["visit_date"] or "", lambda row: row["visit_date"] or "", width=120), _place(homes)],
        tail=[Derived("交谈要点", lambda row: (row["content"] or "").replace("\n", " "), width=320)],
        hide=frozenset({"visit_date"}),
        views=[
            ("month", "本月", lambda row: (row["visit_date"] or "")[:7] == month),
            ("problem", "有反映问题", lambda row: bool(row["problem"])),
            ("back", "待回访", lambda row: bool(row["next_visit"]) and row["next_visit"] >= today.isoformat()),
        ],
        newest_first="visit_date",
        unit="次",
    )
    return page, facts.rows(connection, "visit")


def _request(connection: Connection, homes: Households, today: dt.date) -> Pages:
    found = facts.requests(connection, today)
    states = {row["id"]: progress for row, progress in found}

    def is_late(row: Row) -> bool:
        return states[row["id"]].late and states[row["id"]].is_open

    page = Page(
        lead=[
            Derived("编号", lambda row: row["req_no"] or "", width=135),
            Derived("内容", lambda row: (row["content"] or "").replace("\n", " "), width=260),
            _place(homes),
            Derived("状态", lambda row: states[row["id"]].label + (" 超期" if is_late(row) else ""), late=is_late, width=110),
            Derived("办理时限", lambda row: month_day(row["due_date"]), lambda row: row["due_date"] or "", width=90),
        ],
        hide=frozenset({"req_no", "content", "name", "request_type", "req_date", "due_date", "handler"}),
        views=[
            ("open", "在办", lambda row: states[row["id"]].is_open),
            ("late", "超期", is_late),
            (
                "soon",
                "三天内到期",
                lambda row: states[row["id"]].is_open and today.isoformat() <= (row["due_date"] or "") <= (today + dt.timedelta(3)).isoformat(),
            ),
            ("callback", "待回访", lambda row: states[row["id"]].state == "closed"),
        ],
        newest_first="req_date",
        unit="件",
    )
    return page, [row for row, _ in found]


def _building(connection: Connection, homes: Households, today: dt.date) -> Pages:
    count: dict[str, int] = {}
    for row in homes.rows.values():
        count[row["building_id"]] = count.get(row["building_id"], 0) + 1
    page = Page(
        tail=[Derived("户数", lambda row: str(count.get(row["id"], 0)), lambda row: count.get(row["id"], 0), right=True, width=90)], unit="栋"
    )
    return page, facts.rows(connection, "building")


def _need(connection: Connection, homes: Households, today: dt.date) -> Pages:
    people = {person["id"]: person for members in homes.people.values() for person in members}
    page = Page(
        lead=[Derived("姓名", lambda row: masking.name(people.get(row["resident_id"], {}).get("name")), width=100)],
        tail=[Derived("楼栋房号", lambda row: homes.place(people.get(row["resident_id"], {}).get("household_id")), width=130)],
        views=[("review", "复核到期", lambda row: (row["review_on"] or "9") <= today.isoformat())],
        unit="项",
    )
    return page, facts.rows(connection, "service_need")


def _decision(connection: Connection, homes: Households, today: dt.date) -> Pages:
    month = today.isoformat()[:7]
    page = Page(views=[("month", "本月", lambda row: (row["decided_at"] or "")[:7] == month)], newest_first="decided_at")
    return page, facts.rows(connection, "decision")


MAKERS: dict[str, Callable[[Connection, Households, dt.date], Pages]] = {
    "household": _household,
    "resident": _resident,
    "member": _member,
    "visit": _visit,
    "request": _request,
    "building": _building,
    "service_need": _need,
    "decision": _decision,
}
