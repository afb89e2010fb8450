"""走访记录单: the visit sheet, blank for a household, quite blank, or as the visit was written down."""

from __future__ import annotations

from typing import Any

from gridapp.desk import facts
from gridapp.desk.asked import BLANK_DAY, OPEN, TICKED, Asked, Choice, Made, Pairs, boxes, yes_no
from gridapp.desk.cells import HIDDEN
from gridapp.desk.facts import Row
from gridapp.desk.paper import Sheet, code_image, sheet
from gridapp.desk.sheet_homes import chosen, contact, doors, short
from gridapp.desk.sheet_numbers import number

NONE, MONTH = "none", "month"
WRITING = 26  # lines to write on, on a sheet that says nothing yet
MOST_OPEN = 3


def doors_or_none(asked: Asked) -> list[Choice]:
    """Households to visit, or nobody: a sheet quite blank."""
    return [*doors(asked), Choice(NONE, "不写住户，整张空白")]


def recent(asked: Asked) -> list[Choice]:
    """The visits of this month."""
    return [Choice(MONTH, "本月的走访", len(_month(asked)))]


def blank_visits(asked: Asked) -> Made:
    """走访记录单 to write on: one a household, or one quite blank."""
    if asked.order.whom == NONE and not asked.order.ids:
        return Made((_visit_sheet(asked, None, None),), 1, named=False)
    found = chosen(asked)
    return Made(tuple(_visit_sheet(asked, home, None) for home in found), len(found))


def visits(asked: Asked) -> Made:
    """走访记录单 as they were written down."""
    found = asked.rows("visit", asked.order.ids) if asked.order.ids else _month(asked)
    return Made(tuple(_visit_sheet(asked, asked.homes.rows.get(row["household_id"]), row) for row in found), len(found))


def _month(asked: Asked) -> list[Row]:
    month = asked.day[:7]
    found = [row for row in facts.rows(asked.connection, "visit") if (row["visit_date"] or "")[:7] == month]
    return sorted(found, key=lambda row: (row["visit_date"], row["id"]))


def _visit_sheet(asked: Asked, home: Row | None, visit: Row | None) -> Sheet:
    cells: dict[str, Any] = asked.own("visit", visit) if visit else {}
    known = visit or home
    name = number(known["id"], asked.desk.today()) if known else ""
    before = _known(asked, home) if home and not visit else ""
    given = {
        "grid": asked.desk.grid_name, "code": code_image(name) if name else "", "facts": _visit_facts(asked, home, visit, cells),
        "known": before, "lines": _lines(before, bool(name), bool(visit)), "ending": _ending(asked, visit),
        **{each: cells.get(each, "") for each in ("content", "problem", "result", "outcome", "notes")},
        "next_visit": cells.get("next_visit") or BLANK_DAY,
    }
    return sheet("visit", given, number=name)


def _lines(before: str, has_code: bool, is_written: bool) -> list[int]:
    """How many lines to leave for what was said, asked and done, so that all stands on one page."""
    free = 12 if is_written else WRITING - (2 if has_code else 0) - (before.count("\n") + 2 if before else 0)
    return [free * 9 // 20, free * 6 // 20, free * 5 // 20]


def _visit_facts(asked: Asked, home: Row | None, visit: Row | None, cells: dict[str, Any]) -> Pairs:
    name, phone = contact(asked, home) if home else ("", "")
    place = asked.homes.place(home["id"]) if home else cells.get("place", "")
    row: Row = visit or {}
    return [
        [("楼栋房号", place), ("户主/联系人", f"{name}　{phone}".strip())],
        [("走访日期", cells.get("visit_date", BLANK_DAY)), ("走访人", cells.get("visitors", ""))],
        [("受访人", cells.get("interviewee", "")), ("在家", yes_no(row.get("at_home")))],
        [("方式", boxes("visit_manner", row.get("manner")))],
        [("类型", boxes("visit_tag", row.get("topic")))],
    ]


def _categories(asked: Asked, home: str) -> str:
    """The service categories in words; on a masked paper nothing, not even that there is something."""
    found = [asked.one("service_need", "service_category", need["service_category"]) for need in asked.homes.needs.get(home, [])]
    return "、".join(dict.fromkeys(each for each in found if each != HIDDEN))


def _known(asked: Asked, home: Row) -> str:
    """What one looks at before the door: which help, what was said last time, what is open."""
    categories = _categories(asked, home["id"])
    last = max(facts.rows(asked.connection, "visit", household_id=home["id"]), key=lambda row: (row["visit_date"] or "", row["id"]), default=None)
    waiting = asked.waiting.get(home["id"], [])
    lines = [
        f"服务类别：{categories}" if categories else "",
        f"上次走访：{last['visit_date']} {short(last['content'], 32)}" if last else "还没有走访过",
        *(f"没有办完：{row['req_no']} {short(row['content'], 20)}（时限 {row['due_date']}）" for row, _ in waiting[:MOST_OPEN]),
    ]
    return "\n".join(filter(None, lines))


def _ending(asked: Asked, visit: Row | None) -> str:
    done = (visit or {}).get("done")
    made = [row["req_no"] or "" for row in facts.rows(asked.connection, "request", visit_id=visit["id"])] if visit else []
    numbers = "、".join(made) or "______________"
    return f"{TICKED if done == 1 else OPEN}当场解决　{TICKED if made else OPEN}转为服务事项，编号：{numbers}　{OPEN}只作记录"
