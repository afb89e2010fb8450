"""What is given to one person: the notice before anything is kept, and everything kept of them (个人信息保护法 第 17、44—47 条)."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from gridapp import places
from gridapp.desk import facts
from gridapp.desk.asked import Asked, Choice, Made, Pairs, heads
from gridapp.desk.facts import Row
from gridapp.desk.paper import Sheet, sheet
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Link
from gridapp.rules.reading import Trouble

TOLD = ("resident", "service_need")  # the records whose purposes the notice names


@cache
def notice_text() -> dict[str, Any]:
    """The notice's version, date, source and parts. Raises Trouble where the file is missing or damaged."""
    try:
        return tomllib.loads(places.resources("rules", "notice.toml").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble("告知书的正文缺失或损坏，请重新安装本程序。", "notice_damaged") from error


def notice_version() -> str:
    """The version of the notice that is printed now; a consent names the one that was read."""
    return str(notice_text()["version"])


def nobody(asked: Asked) -> list[Choice]:
    """A blank notice, unless people were chosen."""
    return [Choice("nobody", "不写姓名，空白一份")]


def only_chosen(asked: Asked) -> list[Choice]:
    """Nobody but those who were chosen."""
    return []


def notices(asked: Asked) -> Made:
    """个人信息告知书: one a person, or a blank one."""
    people = asked.rows("resident", asked.order.ids)
    made = [_notice(asked, person) for person in people] or [_notice(asked, None)]
    return Made(tuple(made), len(made), named=bool(people))


def _notice(asked: Asked, person: Row | None) -> Sheet:
    said = notice_text()
    parts = [{"heading": part["heading"], "text": part["text"].format(grid=asked.desk.grid_name, who=asked.desk.who)} for part in said["parts"]]
    given = {"name": person["name"] if person else "", "home": asked.homes.place(person["household_id"]) if person else "", "parts": parts,
             "version": said["version"], "dated": said["dated"], "columns": heads(("项目", 30), ("做什么用", 70)), "purposes": _purposes()}
    return sheet("notice", given)


def _purposes() -> list[list[str]]:
    """What is kept beyond the ordinary, and why: as each field declares it. What a grid keeps only on request says so itself."""
    asked = [each for record in TOLD for each in columns(BY_NAME[record]) if each.kind.purpose and not each.kind.off]
    return [[each.label, each.kind.purpose] for each in asked]


def overviews(asked: Asked) -> Made:
    """本人信息一览: one a person (a resident or a member)."""
    people = [(record, row) for record in ("resident", "member") for row in asked.rows(record, asked.order.ids)]
    return Made(tuple(_overview(asked, record, row) for record, row in people), len(people))


def _overview(asked: Asked, record: str, row: Row) -> Sheet:
    parts: list[dict[str, Any]] = []
    for each, one in ((record, row), *_elsewhere(asked, record, row)):
        parts.append({"title": f"基本信息（{BY_NAME[each].title}登记）", "pairs": _own_pairs(asked, each, one)})
        if each == "resident":
            parts += [_needs(asked, one), _consents(asked, one)]
    parts += [_visits(asked, row), _requests(asked, row)]
    return sheet("person", {"grid": asked.desk.grid_name, "day": asked.day, "parts": parts})


def _elsewhere(asked: Asked, record: str, row: Row) -> list[tuple[str, Row]]:
    """The same person among the members, or the residents: the same ID number, or the same name behind the same door."""
    other = "member" if record == "resident" else "resident"
    named = facts.rows(asked.connection, other, name=row["name"])
    return [(other, each) for each in named
            if (row["id_no"] and each["id_no"] == row["id_no"]) or (row["household_id"] and each["household_id"] == row["household_id"])]


def _own_pairs(asked: Asked, record: str, row: Row) -> Pairs:
    own = [(each.label, each.kind.show(row[each.name])) for each in columns(BY_NAME[record])
           if not isinstance(each.kind, Link) and row[each.name] is not None]
    pairs = [*own, ("住在", asked.homes.place(row["household_id"]))]
    return [pairs[at : at + 2] for at in range(0, len(pairs), 2)]


def _needs(asked: Asked, row: Row) -> dict[str, Any]:
    found = [asked.own("service_need", need) for need in facts.rows(asked.connection, "service_need", resident_id=row["id"])]
    names = ("service_category", "basis", "help_needed", "help_given", "frequency", "from_date", "to_date", "review_on")
    titles = heads(("类别", 11), ("依据", 10), ("需要的帮助", 16), ("已提供帮助", 15), ("频次", 8), ("开始", 13), ("结束", 13), ("复核", 13))
    return {"title": "服务类别和帮扶", "pairs": [], "columns": titles, "rows": [[cells[name] for name in names] for cells in found]}


def _consents(asked: Asked, row: Row) -> dict[str, Any]:
    found = [asked.own("consent", each) for each in facts.rows(asked.connection, "consent", resident_id=row["id"])]
    names = ("consent_purpose", "range_text", "consent_manner", "given_on", "notice_version", "withdrawn_on")
    titles = heads(("目的", 16), ("范围", 28), ("方式", 12), ("同意日期", 14), ("告知书版本", 14), ("撤回日期", 14))
    return {"title": "您的同意", "pairs": [], "columns": titles, "rows": [[cells[name] for name in names] for cells in found]}


def _visits(asked: Asked, row: Row) -> dict[str, Any]:
    """The visits that spoke with this person; what was said with others of the household is theirs."""
    found = facts.rows(asked.connection, "visit", household_id=row["household_id"], interviewee=row["name"]) if row["household_id"] else []
    cells = [asked.own("visit", each) for each in sorted(found, key=lambda each: (each["visit_date"] or "", each["id"]))]
    names = ("visit_date", "visitors", "manner", "content", "problem", "result")
    titles = heads(("日期", 14), ("走访人", 12), ("方式", 8), ("交谈要点", 30), ("反映问题及意见", 20), ("处理措施", 18))
    return {"title": "与您的走访交谈", "pairs": [], "columns": titles, "rows": [[each[name] for name in names] for each in cells]}


def _requests(asked: Asked, row: Row) -> dict[str, Any]:
    found = facts.requests(asked.connection, asked.desk.today(), household_id=row["household_id"], name=row["name"]) if row["household_id"] else []
    cells = [(asked.own("request", each), progress) for each, progress in sorted(found, key=lambda pair: (pair[0]["req_date"] or "", pair[0]["id"]))]
    names = ("req_no", "req_date", "phone", "content", "handler", "result")
    titles = heads(("编号", 16), ("受理日期", 14), ("电话", 18), ("内容", 21), ("承办", 12), ("办理情况", 18), ("状态", 9))
    rows = [[*(each[name] for name in names), progress.label] for each, progress in cells]
    return {"title": "您提出的服务事项", "pairs": [], "columns": titles, "rows": rows}
