"""The rows of ledgers: a record's own values and what is worked out from others, first as kept, then in words for a purpose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any

from gridapp.desk import facts
from gridapp.desk.cells import Cells, Show
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Progress, Row
from gridapp.desk.picking import Picked, pick
from gridapp.ledgers.forms import Form
from gridapp.ledgers.sources import sources
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Address, Link, Name
from gridapp.rules import codes, due, moments
from gridapp.rules.addresses import door_order
from gridapp.rules.dates import add_months
from gridapp.store import Connection
from gridapp.store.search import sort_keys

EVERYTHING = Picked()
HONOUR_YEARS = 50
Maker = Callable[[Connection, Desk, Picked], list[Row]]
Rows = Callable[..., list[Cells]]


def in_words(record: str, rows: Iterable[Row], show: Show, wanted: Collection[str] | None = None) -> list[Cells]:
    """Rows as they read; wanted: only these sources."""
    kinds = [(name, kind) for name, kind in sources(record).items() if wanted is None or name in wanted]
    return [{name: show(kind, row.get(name)) for name, kind in kinds} for row in rows]


def chosen(connection: Connection, desk: Desk, record: str, picked: Picked) -> list[Row]:
    """The picked rows of a record."""
    return pick(connection, record, facts.rows(connection, record), picked, desk.today())


def members(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Members by group and by the day they joined."""
    rows, today, homes = chosen(connection, desk, "member", picked), desk.today(), facts.doors(connection)
    names = {row["id"]: row["name"] for row in facts.rows(connection, "org")}
    rows.sort(key=lambda row: (row["party_group"] or "", row["join_date"] or "", row["id"]))
    return [row | _member(row, today) | {"org": names.get(row["org_id"], desk.grid_name), "home": homes.place(row["household_id"])} for row in rows]


def _member(row: Row, today: dt.date) -> Row:
    years = due.party_age(row["regular_date"], row["party_age_months"], today)
    regular = "已转正" if row["regular_date"] else "预备期" if row["member_type"] == "probationary" else ""
    honour = "光荣在党50年" if years is not None and years >= HONOUR_YEARS else ""
    return {
        "birth_month": (row["birth"] or "")[:7], "age": due.age(row["birth"], today), "party_age": years, "regular_state": regular, "honour": honour,
    }


def birthdays(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Members whose political birthday falls in the period, by its day; without a period, in this month."""
    first, last = _month_of(desk.today()) if not (picked.since or picked.until) else (picked.since, picked.until or "9999-12-31")
    asked = replace(picked, since="", until="")
    years = {first[:4] or last[:4], last[:4] if last[:4] != "9999" else desk.today().isoformat()[:4]}
    found = []
    for row in members(connection, desk, asked):
        days = (due.political_birthday(row["join_date"], int(year)) for year in sorted(years))
        if day := next((day for day in days if day and first <= day.isoformat() <= last), None):
            found.append(row | {"birthday_on": day.isoformat(), "anniversary": day.year - int(row["join_date"][:4])})
    return sorted(found, key=lambda row: row["birthday_on"])


def _month_of(day: dt.date) -> tuple[str, str]:
    first = day.replace(day=1)
    return first.isoformat(), (add_months(first, 1) - dt.timedelta(1)).isoformat()


def households(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Households as one walks past them."""
    homes = facts.households(connection, desk.today())
    wanted = pick(connection, "household", list(homes.rows.values()), picked, desk.today())
    return [_household(homes, row, desk.today()) for row in sorted(wanted, key=lambda row: door_order(homes.place(row["id"])))]


def _household(homes: Households, row: Row, today: dt.date) -> Row:
    following = homes.next_visit(row["id"], today)
    return row | {
        "building": homes.buildings.get(row["building_id"], {}).get("building"),
        "home": homes.place(row["id"]),
        "contact": homes.head_name(row["id"]),
        "phone": row["phone"] or (homes.head(row["id"]) or {}).get("phone"),
        "resident_count": homes.count(row["id"]),
        "is_party": int(row["id"] in homes.member_homes),
        "level": "重点" if row["id"] in homes.needs else "普通",
        "category": homes.categories(row["id"]),
        "last_visit": homes.last_visit.get(row["id"]),
        "next_visit": following.isoformat() if following else None,
    }


def residents(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Residents as they are kept, with where they live."""
    homes, today = facts.households(connection, desk.today()), desk.today()
    needs: dict[str, list[str]] = {}
    for found in homes.needs.values():
        for need in found:
            needs.setdefault(need["resident_id"], []).append(need["service_category"])
    return [row | _resident(homes, row, needs, today) for row in chosen(connection, desk, "resident", picked)]


def _resident(homes: Households, row: Row, needs: dict[str, list[str]], today: dt.date) -> Row:
    home, table = row["household_id"], codes.table("service_category")
    return {
        "home": homes.place(home),
        "building": homes.buildings.get(homes.rows.get(home or "", {}).get("building_id") or "", {}).get("building"),
        "age": due.age(str(row["birth_year"] or ""), today),
        "category": "、".join(map(table.label, needs.get(row["id"], []))),
        "last_visit": homes.last_visit.get(home),
    }


def services(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """One row a person with a standing need, by door."""
    homes = facts.households(connection, desk.today())
    paired, found = facts.by_id(connection, "member"), []
    standing = pick(connection, "service_need", [need for needs in homes.needs.values() for need in needs], picked, desk.today())
    wanted = {need["id"] for need in standing}
    for home in sorted(homes.needs, key=lambda home: door_order(homes.place(home))):
        people = {person["id"]: person for person in homes.people.get(home, [])}
        needs = [need for need in homes.needs[home] if need["id"] in wanted]
        found += [need | _service(homes, home, people[need["resident_id"]], paired.get(need["member_id"], {}), desk.today()) for need in needs]
    return found


def _service(homes: Households, home: str, person: Row, member: Row, today: dt.date) -> Row:
    following = homes.next_visit(home, today)
    return {
        "name": person["name"],
        "sex": person["sex"],
        "age": due.age(str(person["birth_year"] or ""), today),
        "home": homes.place(home),
        "member": member.get("name"),
        "emergency_contact": person["emergency_contact"],
        "phone": person["emergency_phone"] or person["phone"],
        "last_visit": homes.last_visit.get(home),
        "next_visit": following.isoformat() if following else None,
    }


def visits(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Visits by day."""
    homes = facts.doors(connection)
    numbers: dict[str, list[str]] = {}
    for row in facts.rows(connection, "request"):
        if row["visit_id"]:
            numbers.setdefault(row["visit_id"], []).append(row["req_no"] or "")
    rows = sorted(chosen(connection, desk, "visit", picked), key=lambda row: (row["visit_date"] or "", row["id"]))
    return [
        row
        | {
            "home": homes.place(row["household_id"]) or row["place"],
            "request_no": "、".join(numbers.get(row["id"], [])),
            "problem": row["problem"] or row["content"],
        }
        for row in rows
    ]


def requests(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Requests by the day they came, with how they ended."""
    homes, progress = facts.doors(connection), {row["id"]: each for row, each in facts.requests(connection, desk.today())}
    rows = sorted(chosen(connection, desk, "request", picked), key=lambda row: (row["req_date"] or "", row["req_no"] or ""))
    more = ({"grid": desk.grid_name, "home": homes.place(row["household_id"])} for row in rows)
    return [row | _ending(progress[row["id"]], row) | each for row, each in zip(rows, more, strict=True)]


def _ending(progress: Progress, row: Row) -> Row:
    heard: Row = next((event for event in reversed(progress.events) if event["action"] == "feedback"), {})
    return {
        "state": progress.label,
        "result": row["result"] or progress.label,
        "closed_on": _day(progress.closed_on),
        "is_late": int(progress.late),
        "feedback_manner": heard.get("manner"),
        "satisfaction": heard.get("satisfaction"),
    }


def _day(moment: str | None) -> str | None:
    return moments.local_day(moment) if moment and len(moment) > 10 else moment


def feedback(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """What people said when they were asked afterwards, by day."""
    wanted = {row["id"] for row in chosen(connection, desk, "request_event", picked)}
    found = []
    for request, progress in facts.requests(connection, desk.today()):
        for at, event in enumerate(progress.events):
            if event["action"] == "feedback" and event["id"] in wanted:
                redone = any(later["action"] == "handle" for later in progress.events[at + 1 :])
                found.append(event | _of_request(request) | {"happened_on": _day(event["happened_at"]), "redone": int(redone)})
    return sorted(found, key=lambda row: (row["happened_at"] or "", row["id"]))


def _of_request(request: Row) -> Row:
    return {"req_no": request.get("req_no"), "content": request.get("content")}


def events(connection: Connection, desk: Desk, picked: Picked) -> list[Row]:
    """Every step of every request."""
    asked = facts.by_id(connection, "request")
    rows = chosen(connection, desk, "request_event", picked)
    return [row | _of_request(asked.get(row["request_id"], {})) | {"happened_on": _day(row["happened_at"])} for row in rows]


def rows_of(connection: Connection, desk: Desk, form: Form, show: Show, picked: Picked = EVERYTHING, order: str = "") -> list[Cells]:
    """The rows of a form, in words; of a plain one just as they are kept. order: a source to sort by, '-' before it for the last first."""
    record = form.record
    worked_out = None if form.is_plain else MAKERS.get(form.rows or record)
    rows = worked_out(connection, desk, picked) if worked_out else chosen(connection, desk, record, picked)
    links = {each.name: each.kind.target for each in columns(BY_NAME[record]) if isinstance(each.kind, Link) and each.name in form.sources}
    if links:
        rows = _linked(connection, desk, rows, links)
    if order:
        rows = _ordered(connection, rows, record, order)
    return in_words(record, rows, show, form.sources)


def _ordered(connection: Connection, rows: list[Row], record: str, order: str) -> list[Row]:
    """By one source: names by their sound, doors as one walks past them, blanks last."""
    source = order.removeprefix("-")
    kind = sources(record)[source]
    told = [row for row in rows if row.get(source) not in (None, "")]
    sounds = sort_keys(connection, {row[source] for row in told}) if isinstance(kind, Name) else {}
    is_door = isinstance(kind, Address) or source in ("unit", "room", "building")

    def key(row: Row) -> Any:
        value = row[source]
        return door_order(value) if is_door else (sounds.get(value, ""), value)

    return sorted(told, key=key, reverse=order.startswith("-")) + [row for row in rows if row.get(source) in (None, "")]


def _linked(connection: Connection, desk: Desk, rows: list[Row], links: dict[str, str]) -> list[Row]:
    """Rows with what their links point at called by its name."""
    from gridapp.desk.finding import label

    homes = facts.households(connection, desk.today())
    targets = {target: facts.by_id(connection, target) for target in set(links.values())}

    def words(row: Row) -> Row:
        return {name: label(homes, target, targets[target][row[name]]) if row[name] in targets[target] else "" for name, target in links.items()}

    return [row | words(row) for row in rows]


MAKERS: dict[str, Maker] = {
    "member": members, "household": households, "resident": residents, "service_need": services, "visit": visits, "request": requests,
    "request_event": events, "birthday": birthdays, "feedback": feedback,
}


def _all(record: str) -> Rows:
    def rows(connection: Connection, desk: Desk, show: Show, picked: Picked = EVERYTHING) -> list[Cells]:
        return in_words(record, MAKERS[record](connection, desk, picked), show)

    return rows


ROWS: dict[str, Rows] = {
    "member": _all("member"), "household": _all("household"), "service": _all("service_need"), "visit": _all("visit"), "request": _all("request"),
}
