"""Lists people sign: 签到表 and 慰问签领表. They carry names, which nobody could sign without, and nothing else of a person."""

from __future__ import annotations

from typing import Any

from gridapp.desk import facts
from gridapp.desk.asked import BLANK_DAY, Asked, Choice, Made, Pairs, heads, numbered
from gridapp.desk.facts import Row
from gridapp.desk.paper import sheet
from gridapp.rules.addresses import door_order

MEMBERS, NEEDS, NOBODY, GROUP = "members", "needs", "nobody", "group:"
MORE, ALONE = 6, 20  # blank rows after the names, and where there are none


def groups(asked: Asked) -> list[Choice]:
    """Who may be on the list: the members, one of their groups, those who are looked after, nobody."""
    members = _members(asked)
    named = sorted({row["party_group"] for row in members if row["party_group"]})
    found = [Choice(MEMBERS, "全体党员", len(members))]
    found += [Choice(GROUP + name, name, sum(row["party_group"] == name for row in members)) for name in named]
    return [*found, Choice(NEEDS, "重点对象", len(_needing(asked))), Choice(NOBODY, "不写姓名，整张空白")]


def sign_in(asked: Asked) -> Made:
    """签到表: two people to a line, to save paper."""
    names = [name for name, _ in _people(asked)]
    lines = _side_by_side(names + [""] * (MORE + len(names) % 2 if names else 2 * ALONE))
    columns = heads(("序号", 7, "center"), ("姓名", 14, "center"), ("签到", 19), ("备注", 10)) * 2
    about: Pairs = [[("名称", asked.said("event")), ("主持人", asked.said("host"))],
                    [("时间", asked.said("time")), ("地点", asked.said("place"))]]
    below = [f"应到 {len(names)} 人" if names else "应到　　　人", "实到　　　人", "请假　　　人"]
    return _list(asked, "签到表", about, columns, lines, 9, below, len(names))


def care(asked: Asked) -> Made:
    """慰问签领表: domain.md section 8, ledger 4."""
    people = _people(asked)
    given = [asked.said(key) for key in ("amount", "goods", "time", "giver")]
    rows = numbered([[name, sort, *given, "", ""] for name, sort in people] or [["", "", *given, "", ""]], 2 if people else ALONE - 8)
    columns = heads(("序号", 6, "center"), ("姓名", 11, "center"), ("类别", 12, "center"), ("金额（元）", 10, "right"), ("物品", 14),
                    ("日期", 12, "center"), ("慰问人", 11, "center"), ("领取人签字", 15), ("备注", 9))
    total = _total(asked.said("amount"), len(people))
    below = [f"合计：{len(people) or '　　'} 人　{total} 元", "经办人：", "负责人（签字）："]
    return _list(asked, "慰问签领表", [[("慰问事由", asked.said("event"))]], columns, rows, 11, below, len(people), landscape=True)


def _list(
    asked: Asked, title: str, about: Pairs, columns: list[dict[str, Any]], rows: list[list[str]], tall: int, below: list[str], count: int,
    landscape: bool = False,
) -> Made:
    given = {"title": title, "grid": asked.desk.grid_name, "right": f"日期：{asked.said('time') or BLANK_DAY}" if landscape else "", "facts": about,
             "columns": columns, "tall": tall, "below": below}
    return Made((sheet("list", given, landscape=landscape, rows=rows),), count, named=bool(count))


def _people(asked: Asked) -> list[tuple[str, str]]:
    """Names, whole, with the sort of person: nothing of a service category, which is nobody else's business."""
    whom = asked.order.whom
    if whom == NOBODY:
        return []
    if whom == NEEDS:
        return [(row["name"], "服务对象") for row in _needing(asked)]
    members = [row for row in _members(asked) if not whom.startswith(GROUP) or row["party_group"] == whom.removeprefix(GROUP)]
    return [(row["name"], "党员") for row in members]


def _members(asked: Asked) -> list[Row]:
    found = facts.rows(asked.connection, "member", party_status="normal")
    return sorted(found, key=lambda row: (row["party_group"] or "", row["join_date"] or "", row["id"]))


def _needing(asked: Asked) -> list[Row]:
    homes = asked.homes
    wanted = {need["resident_id"] for needs in homes.needs.values() for need in needs}
    found = [person for people in homes.people.values() for person in people if person["id"] in wanted]
    return sorted(found, key=lambda row: (door_order(homes.place(row["household_id"])), row["id"]))


def _side_by_side(names: list[str]) -> list[list[str]]:
    """Two names a line, numbered across, so that each page stands for itself; the names are an even number."""
    cells = [[str(at), name, "", ""] for at, name in enumerate(names, 1)]
    return [left + right for left, right in zip(cells[::2], cells[1::2], strict=True)]


def _total(amount: str, people: int) -> str:
    return f"{int(amount) * people:,}" if amount.isascii() and amount.isdigit() and people else "　　　　"
