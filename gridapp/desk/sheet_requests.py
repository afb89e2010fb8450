"""服务事项办理单: a request on one sheet: what was asked, every step it took, room for the next ones, and where to sign."""

from __future__ import annotations

from gridapp.desk import facts
from gridapp.desk.asked import Asked, Choice, Made, Pairs, boxes, heads
from gridapp.desk.facts import Row
from gridapp.desk.paper import Sheet, code_image, sheet
from gridapp.rules import moments
from gridapp.rules.codes import table

OPEN_ONES, LATE, LEAST_ROWS = "open", "late", 6
Found = list[tuple[Row, facts.Progress]]


def whom(asked: Asked) -> list[Choice]:
    """The open ones, and those that are late."""
    found = _all(asked)
    return [Choice(OPEN_ONES, "没有办完的", sum(progress.is_open for _, progress in found)),
            Choice(LATE, "已经超期的", sum(progress.is_open and progress.late for _, progress in found))]


def slips(asked: Asked) -> Made:
    """A slip a request."""
    ids, only_late = asked.order.ids, asked.order.whom == LATE
    found = [(row, progress) for row, progress in _all(asked)
             if (row["id"] in ids if ids else progress.is_open and (progress.late or not only_late))]
    return Made(tuple(_slip(asked, row, progress) for row, progress in found), len(found))


def _all(asked: Asked) -> Found:
    found = facts.requests(asked.connection, asked.desk.today())
    return sorted(found, key=lambda pair: (pair[0]["req_date"] or "", pair[0]["req_no"] or ""))


def _slip(asked: Asked, row: Row, progress: facts.Progress) -> Sheet:
    cells, name = asked.own("request", row), row["req_no"] or ""
    steps = [_step(asked, event) for event in progress.events]
    heard = next((event for event in reversed(progress.events) if event["action"] == "feedback"), None)
    given = {
        "grid": asked.desk.grid_name, "day": asked.day, "code": code_image(name) if name else "", "facts": _facts(asked, row, cells, progress),
        "content": cells["content"], "result": cells["result"],
        "columns": heads(("时间", 20, "center"), ("动作", 12, "center"), ("办理人", 16, "center"), ("说明", 52)),
        "steps": steps + [[""] * 4] * max(LEAST_ROWS - len(steps), 2),
        "feedback": [[("回访方式", boxes("feedback_manner", (heard or {}).get("manner")))],
                     [("是否满意", boxes("satisfaction", (heard or {}).get("satisfaction")))]],
    }
    return sheet("request", given, number=name)


def _facts(asked: Asked, row: Row, cells: dict[str, str], progress: facts.Progress) -> Pairs:
    state = progress.label + ("（已超期）" if progress.late else "")
    return [
        [("受理日期", cells["req_date"]), ("办理时限", cells["due_date"])],
        [("来源", cells["source"]), ("类型", " · ".join(filter(None, (cells["request_type"], cells["category"]))))],
        [("提出人", cells["name"]), ("联系电话", cells["phone"])],
        [("住户", asked.homes.place(row["household_id"])), ("缓急", cells["urgency"])],
        [("承办人/单位", cells["handler"]), ("受理人", cells["receiver"])],
        [("目前状态", state), ("办结日期", _day(progress.closed_on))],
    ]


def _day(moment: str | None) -> str:
    return moments.local_day(moment) if moment and len(moment) > 10 else moment or ""


def _step(asked: Asked, event: Row) -> list[str]:
    said = table("satisfaction").label(event["satisfaction"]) if event["satisfaction"] else ""
    by = asked.one("request_event", "by", event["by"])
    return [moments.show(event["happened_at"]), table("request_action").label(event["action"]), by, " ".join(filter(None, (event["note"], said)))]
