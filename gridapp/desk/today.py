"""今日: what is due, worked out from the rows and the rule packs; nothing is stored and nobody is blamed for being late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from gridapp.desk import facts
from gridapp.desk.content import apply_on_a_new_day
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Row
from gridapp.desk.links import unconfirmed
from gridapp.desk.news import unread
from gridapp.desk.safekeeping import last_backup_in
from gridapp.rules import dates, due, masking, packs
from gridapp.rules.codes import table
from gridapp.store import Connection
from gridapp.store.read import per_month

SOON_DAYS, STALE_DAYS, MOST_TASKS, MONTHS = 7, 14, 20, 6
TONES = ("late", "soon", "fine")
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, how pressing (late, soon or fine), and the row it opens."""

    title: str
    where: str
    when: str
    tone: str
    record: str
    row_id: str
    due: str = ""


@dataclass(frozen=True)
class Today:
    """The first page as data. tasks: the most pressing ones of `total`. news: how many things from above are new."""

    date: dt.date
    headline: str
    tasks: list[Task]
    total: int
    tiles: list[tuple[str, str]]
    months: list[tuple[str, int]]
    political: list[str]
    birthdays: list[str]
    unconfirmed: int
    last_backup: str
    news: int = 0


def today(desk: Desk) -> Today:
    """Everything the first page shows, for the desk's day."""
    day = desk.today()
    apply_on_a_new_day(desk)
    with desk.store.reading() as connection:
        homes = facts.households(connection, day)
        requests = facts.requests(connection, day)
        members = facts.rows(connection, "member", party_status="normal")
        groups = {
            "request.due": _request_tasks(requests, homes, day),
            "request.feedback": _feedback_tasks(requests, homes, day),
            "visit.frequency": [*_visit_tasks(homes, day), *_review_tasks(homes, day)],
            "member.probation": _probation_tasks(members, day),
        }
        asked = [task for key, tasks in groups.items() if _is_on(key, day) for task in tasks]
        tasks = sorted(asked, key=lambda task: (TONES.index(task.tone), task.due))
        waiting = unconfirmed(connection)
        tiles = _tiles(homes, requests, day, waiting)
        months = _months(connection, day)
        backup = last_backup_in(connection, day)
        political = _political(members, day) if _is_on("member.political_birthday", day) else []
    pressing = sum(task.tone == "late" or task.when == "今天" for task in tasks)
    first = f"先办 {pressing} 件到期的" if pressing else "没有到期的事"
    headline = f"{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]} · {first}"
    return Today(day, headline, tasks[:MOST_TASKS], len(tasks), tiles, months, political, _birthdays(members, day), waiting, backup, unread(desk))


def when(due_day: str, day: dt.date) -> tuple[str, str]:
    """('超期 2 天', 'late') and the like for a last day, ISO."""
    left = (dates.first_day(due_day) - day).days
    if left < 0:
        return f"超期 {-left} 天", "late"
    return ("今天", "soon") if left == 0 else (f"还有 {left} 天", "soon" if left <= 5 else "fine")


def _is_on(key: str, day: dt.date) -> bool:
    """Whether the rule pack in force asks for this reminder."""
    return packs.rule(key, day).enabled


def _request_tasks(requests: list[tuple[Row, facts.Progress]], homes: Households, day: dt.date) -> list[Task]:
    limit = (day + dt.timedelta(SOON_DAYS)).isoformat()
    tasks = []
    for row, progress in requests:
        if progress.is_open and row["due_date"] and row["due_date"] <= limit:
            place = homes.place(row["household_id"])
            where = " · ".join(filter(None, (f"服务事项 {row['req_no']}", place, f"{row['handler'] or ''}承办")))
            tasks.append(Task(row["content"], where, *when(row["due_date"], day), "request", row["id"], row["due_date"]))
    return tasks


def _feedback_tasks(requests: list[tuple[Row, facts.Progress]], homes: Households, day: dt.date) -> list[Task]:
    """Call-backs after a request was closed; never called late, and old ones no longer crowd the page."""
    tasks = []
    for row, progress in requests:
        last = due.feedback_due(progress.closed_on[:10]) if progress.state == "closed" and progress.closed_on else ""
        if last and (day - dates.first_day(last)).days <= STALE_DAYS:
            text, tone = when(last, day)
            where = f"服务事项 {row['req_no']} · {homes.place(row['household_id']) or '已办结'}"
            tasks.append(Task(f"回访：{row['content']}", where, text, "soon" if tone == "late" else tone, "request", row["id"], last))
    return tasks


def _visit_tasks(homes: Households, day: dt.date) -> list[Task]:
    tasks = []
    for home in homes.needs:
        following = homes.next_visit(home, day)
        if following is None or (following - day).days > SOON_DAYS:
            continue
        last = homes.last_visit.get(home)
        where = " · ".join(
            filter(None, (homes.place(home), table("visit_frequency").label(homes.frequency(home)), f"上次 {last[5:]}" if last else "还没有走访过"))
        )
        name = f"探访 {masking.name(homes.head_name(home))}（{homes.categories(home)}）"
        tasks.append(Task(name, where, *when(following.isoformat(), day), "household", home, following.isoformat()))
    return tasks


def _review_tasks(homes: Households, day: dt.date) -> list[Task]:
    people = {person["id"]: person for members in homes.people.values() for person in members}
    limit = (day + dt.timedelta(30)).isoformat()
    return [
        Task(
            f"复核 {masking.name(people[need['resident_id']]['name'])} 的服务类别",
            f"{homes.place(home)} · {table('service_category').label(need['service_category'])}",
            *when(need["review_on"], day),
            "household",
            home,
            need["review_on"],
        )
        for home, needs in homes.needs.items()
        for need in needs
        if need["review_on"] and need["review_on"] <= limit
    ]


def _probation_tasks(members: list[Row], day: dt.date) -> list[Task]:
    tasks = []
    for row in members:
        end = due.probation_end(row["join_date"]) if row["member_type"] == "probationary" and row["join_date"] else None
        if end and (dates.first_day(end) - day).days <= 30:
            tasks.append(
                Task(f"{masking.name(row['name'])} 预备期满，讨论转正", f"发展党员 · {end} 满一年", *when(end, day), "member", row["id"], end)
            )
    return tasks


def _tiles(homes: Households, requests: list[tuple[Row, facts.Progress]], day: dt.date, waiting: int) -> list[tuple[str, str]]:
    month = day.isoformat()[:7]
    visited = sum(homes.last_visit.get(home, "")[:7] == month for home in homes.needs)
    quarter = f"{day.year}-{(day.month - 1) // 3 * 3 + 1:02d}"
    judged = [progress for row, progress in requests if progress.closed_on and progress.closed_on[:7] >= quarter]
    in_time = f"{100 * sum(not progress.late for progress in judged) // len(judged)}%" if judged else "--"
    return [
        (f"{visited} / {len(homes.needs)}", "重点对象本月已探访"),
        (str(sum(progress.is_open for _, progress in requests)), "在办服务事项"),
        (str(waiting), "未确认"),
        (in_time, "本季按期办结"),
    ]


def _months(connection: Connection, day: dt.date) -> list[tuple[str, int]]:
    counts = per_month(connection, "visit", "visit_date")
    firsts = [dates.add_months(day.replace(day=1), back) for back in range(1 - MONTHS, 1)]
    return [(f"{first.month}月", counts.get(first.isoformat()[:7], 0)) for first in firsts]


def _political(members: list[Row], day: dt.date) -> list[str]:
    found = [(due.political_birthday(row["join_date"], day.year), row) for row in members if (row["join_date"] or "")[5:7] == f"{day.month:02d}"]
    marked = sorted(((when_, row) for when_, row in found if when_), key=lambda pair: pair[0])
    return [f"{masking.name(row['name'])} 入党 {when_.year - int(row['join_date'][:4])} 年 · {_month_day(row['join_date'])}" for when_, row in marked]


def _birthdays(members: list[Row], day: dt.date) -> list[str]:
    born = [(row["birth"], row) for row in members if (row["birth"] or "")[5:7] == f"{day.month:02d}"]
    return [
        f"{masking.name(row['name'])} {day.year - int(birth[:4])} 岁 · {_month_day(birth)}"
        for birth, row in sorted(born, key=lambda pair: pair[0][5:])
    ]


def _month_day(iso: str) -> str:
    return f"{int(iso[5:7])}月" + (f"{int(iso[8:10])}日" if len(iso) == 10 else "")
