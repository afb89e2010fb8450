"""Sheets of households: whom they are for, the card 一户一档, and the route to walk."""

from __future__ import annotations

import datetime as dt

from gridapp.desk import facts
from gridapp.desk.asked import BLANK_DAY, Asked, Choice, Made, Pairs, heads, numbered
from gridapp.desk.cells import by_door
from gridapp.desk.facts import Row
from gridapp.desk.paper import Sheet, sheet
from gridapp.rules import relations
from gridapp.rules.codes import table
from gridapp.rules.dates import month_day

SOON_DAYS, RECENT, BLANK_PEOPLE = 7, 5, 1
DUE, ALL = "due", "all"


def doors(asked: Asked) -> list[Choice]:
    """Whom a household's sheet can be for: those due, one building, all."""
    homes = asked.homes
    found = [Choice(DUE, "七天内应访的", len(_due(asked))), Choice(ALL, "全部住户", len(homes.rows))]
    for building in sorted(homes.buildings.values(), key=lambda row: (len(row["building"] or ""), row["building"] or "")):
        count = sum(row["building_id"] == building["id"] for row in homes.rows.values())
        if count:
            found.append(Choice(f"building:{building['id']}", f"{building['building']}号楼", count))
    return found


def cards(asked: Asked) -> Made:
    """一户一档卡: a card a household."""
    found = chosen(asked)
    members = facts.by_id(asked.connection, "member")
    return Made(tuple(_card(asked, home, members) for home in found), len(found))


def route(asked: Asked) -> Made:
    """走访路线: households as one walks past them, with room to write."""
    found = chosen(asked)
    columns = heads(
        ("序号", 5, "center"), ("楼栋房号", 11, "center"), ("联系人", 9, "center"), ("联系电话", 13, "center"), ("上次走访", 11, "center"),
        ("应访", 8, "center"), ("没有办完的事", 22), ("走访情况", 33), ("在家", 6, "center"),
    )
    rows = numbered([_on_the_way(asked, home) for home in found], 0 if found else 12)
    given = {"title": "走访路线", "grid": asked.desk.grid_name, "right": f"打印日期：{asked.day}", "facts": [], "columns": columns,
             "tall": 15, "below": [f"共 {len(found)} 户", "走访人：", f"走访日期：{BLANK_DAY}"]}
    return Made((sheet("list", given, landscape=True, rows=rows),), len(found))


def chosen(asked: Asked) -> list[Row]:
    """The households an order is for, as one walks past them."""
    homes, order = asked.homes, asked.order
    if order.ids:
        return [row for row in by_door(homes) if row["id"] in order.ids]
    if order.whom.startswith("building:"):
        return [row for row in by_door(homes) if row["building_id"] == order.whom.partition(":")[2]]
    due = {row["id"] for row in _due(asked)}
    return [row for row in by_door(homes) if order.whom == ALL or row["id"] in due]


def contact(asked: Asked, home: Row) -> tuple[str, str]:
    """Name and phone of whom to call for a household, as they stand on this paper."""
    head = asked.homes.head(home["id"]) or {}
    name = asked.one("household", "contact", asked.homes.head_name(home["id"]) or None)
    return name, asked.one("household", "phone", home["phone"] or head.get("phone"))


def short(text: str | None, longest: int) -> str:
    """The beginning of a longer text."""
    text = text or ""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _due(asked: Asked) -> list[Row]:
    limit = asked.desk.today() + dt.timedelta(days=SOON_DAYS)
    following = {home: asked.homes.next_visit(home, asked.desk.today()) for home in asked.homes.needs}
    return [asked.homes.rows[home] for home, day in following.items() if day and day <= limit]


def _on_the_way(asked: Asked, home: Row) -> list[str]:
    name, phone = contact(asked, home)
    following = asked.homes.next_visit(home["id"], asked.desk.today())
    tasks = "\n".join(f"{row['req_no']} {short(row['content'], 24)}" for row, _ in asked.waiting.get(home["id"], []))
    last = asked.homes.last_visit.get(home["id"], "")
    return [asked.homes.place(home["id"]), name, phone, last, month_day(following.isoformat()) if following else "", tasks, "", ""]


def _card(asked: Asked, home: Row, members: dict[str, Row]) -> Sheet:
    people = sorted(asked.homes.people.get(home["id"], []), key=lambda person: (person["relation"] != relations.HEAD, person["relation"] or "99"))
    given = {
        "grid": asked.desk.grid_name, "day": asked.day, "facts": _card_facts(asked, home),
        "people_columns": heads(("序号", 6, "center"), ("姓名", 12, "center"), ("与户主关系", 12, "center"), ("性别", 7, "center"),
                                ("出生年", 9, "center"), ("联系电话", 17, "center"), ("紧急联系人", 12, "center"), ("紧急联系电话", 17, "center")),
        "people": numbered([_person_line(asked, person) for person in people] or [[""] * 7], BLANK_PEOPLE),
        "needs_columns": heads(("姓名", 10, "center"), ("类别", 13), ("需要的帮助", 25), ("已提供帮助", 22), ("结对党员", 11, "center"),
                               ("走访频次", 11, "center"), ("复核日期", 15, "center")),
        "needs": _needs(asked, home["id"], people, members),
        "visits_columns": heads(("日期", 15, "center"), ("走访人", 15), ("方式", 8, "center"), ("交谈要点", 40), ("处理措施", 26)),
        "visits": _visits(asked, home["id"]),
        "requests_columns": heads(("编号", 17), ("受理日期", 15, "center"), ("内容", 36), ("承办人/单位", 15), ("时限", 15, "center"),
                                  ("状态", 10, "center")),
        "requests": _requests(asked, home["id"]),
    }
    return sheet("household", given)


def _card_facts(asked: Asked, home: Row) -> Pairs:
    cells, homes = asked.own("household", home), asked.homes
    name, phone = contact(asked, home)
    following, frequency = homes.next_visit(home["id"], asked.desk.today()), homes.frequency(home["id"])
    often = table("visit_frequency").label(frequency) if frequency else ""
    return [
        [("楼栋房号", homes.place(home["id"])), ("居住性质", cells["dwelling"])],
        [("主要联系人", name), ("联系电话", phone)],
        [("常住人数", f"{homes.count(home['id'])} 人"), ("党员户", "是" if home["id"] in homes.member_homes else "否")],
        [("上次走访", homes.last_visit.get(home["id"], "")), ("下次应访", f"{following or ''}{f'（{often}）' if often else ''}")],
        [("备注", cells["notes"])],
    ]


def _person_line(asked: Asked, person: Row) -> list[str]:
    cells = asked.own("resident", person)
    return [cells[name] for name in ("name", "relation", "sex", "birth_year", "phone", "emergency_contact", "emergency_phone")]


def _needs(asked: Asked, home: str, people: list[Row], members: dict[str, Row]) -> list[list[str]]:
    names = {person["id"]: person["name"] for person in people}
    found = []
    for need in asked.homes.needs.get(home, []):
        cells = asked.own("service_need", need)
        helper = asked.one("member", "name", members.get(need["member_id"], {}).get("name"))
        name = asked.one("resident", "name", names.get(need["resident_id"]))
        helps = [cells[each] for each in ("service_category", "help_needed", "help_given")]
        found.append([name, *helps, helper, cells["frequency"], cells["review_on"]])
    return found


def _visits(asked: Asked, home: str) -> list[list[str]]:
    found = sorted(facts.rows(asked.connection, "visit", household_id=home), key=lambda row: (row["visit_date"] or "", row["id"]), reverse=True)
    cells = [asked.own("visit", row) for row in found[:RECENT]]
    return [[each[name] for name in ("visit_date", "visitors", "manner", "content", "result")] for each in cells]


def _requests(asked: Asked, home: str) -> list[list[str]]:
    found = asked.waiting.get(home, [])
    cells = [(asked.own("request", row), progress) for row, progress in found]
    return [[*(each[name] for name in ("req_no", "req_date", "content", "handler", "due_date")), progress.label] for each, progress in cells]


