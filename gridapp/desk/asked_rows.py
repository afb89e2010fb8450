"""The rows somebody else's table asks for, by the names of its terms (ledgers/wanted.py): what is kept, where it belongs, and what is counted.

Under "=" and a name a row carries what tells it apart, unmasked: it is compared with rows others have filled, and never written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gridapp.desk import facts
from gridapp.desk.cells import HIDDEN, Cells, Show, by_door, own
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.picking import Picked, pick
from gridapp.ledgers.drafts import written_address
from gridapp.records import BY_NAME, column, columns
from gridapp.records.kinds import Address, IdNumber, Name, Phone
from gridapp.rules import codes, due, moments, relations
from gridapp.rules.addresses import short
from gridapp.rules.dates import first_day
from gridapp.rules.purposes import Purpose
from gridapp.store import Connection

RECORDS = {
    "resident": "resident", "household": "household", "party": "member", "visit": "visit", "request": "request", "service": "service_need",
    "building": "building", "visitor": "visit", "matter": "request",
}  # fmt: skip
NAME, PHONE, ID, DOOR = Name(0, "", secrecy=1), Phone(0, "", secrecy=2), IdNumber(0, "", secrecy=2), Address(0, "", secrecy=1)
MEMBERS = {"full": "中共党员", "probationary": "中共预备党员"}


@dataclass
class Source:
    """Where the rows of one filling come from. year: the one counts are of where no period is chosen."""

    connection: Connection
    desk: Desk
    show: Show
    purpose: Purpose
    picked: Picked
    year: int

    @cached_property
    def homes(self) -> facts.Households:
        return facts.households(self.connection, self.desk.today())

    @cached_property
    def visits(self) -> list[Row]:
        return sorted(facts.rows(self.connection, "visit"), key=lambda row: (row["visit_date"] or "", row["id"]))

    @cached_property
    def requests(self) -> list[tuple[Row, facts.Progress]]:
        found = facts.requests(self.connection, self.desk.today())
        return sorted(found, key=lambda pair: (pair[0]["req_date"] or "", pair[0]["req_no"] or ""))

    @cached_property
    def members(self) -> dict[str, Row]:
        return facts.by_id(self.connection, "member")

    @cached_property
    def visited(self) -> dict[str, list[str]]:
        """Household -> the days it was visited on."""
        return _days((row["household_id"], row["visit_date"]) for row in self.visits)

    @cached_property
    def asked_for(self) -> dict[str, list[str]]:
        """Household -> the days requests came in from it."""
        return _days((row["household_id"], row["req_date"]) for row, _ in self.requests)

    @cached_property
    def needs_of(self) -> dict[str, list[Row]]:
        """Resident -> the service needs that stand."""
        found: dict[str, list[Row]] = defaultdict(list)
        for needs in self.homes.needs.values():
            for need in needs:
                found[need["resident_id"]].append(need)
        return found

    def chosen(self, record: str, rows: list[Row]) -> list[Row]:
        """Those of the rows that are wanted."""
        return pick(self.connection, record, rows, self.picked, self.desk.today()) if self.picked else rows

    def counted(self, name: str, days: Iterable[str]) -> Cells:
        """How many of the days fall into the period or the year, and into each of its months and quarters."""
        since, until = (self.picked.since, self.picked.until) if self.picked.period else (f"{self.year}-01-01", f"{self.year}-12-31")
        days = [day for day in days if day and day >= since[: len(day)] and (not until or day[:10] <= until)]
        months = Counter(int(day[5:7]) for day in days if len(day) >= 7 and int(day[:4]) == self.year)
        now = self.desk.today()
        found = {f"{name}:{month:02d}": str(months[month]) if (self.year, month) <= (now.year, now.month) else "" for month in range(1, 13)}
        begun = [at for at in (1, 2, 3, 4) if (self.year, 3 * at - 2) <= (now.year, now.month)]
        quarters = {f"{name}:q{at}": str(sum(months[month] for month in range(3 * at - 2, 3 * at + 1))) for at in begun}
        return {name: str(len(days))} | found | quarters


def _days(pairs: Iterable[tuple[Any, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, day in pairs:
        if key and day:
            found[key].append(day)
    return found


def rows_of(kind: str, source: Source) -> list[Cells]:
    """The wanted rows of a kind (a key of RECORDS), in the order papers have them."""
    return KINDS[kind](source)


def _own(source: Source, record: str, row: Row) -> Cells:
    """The record's own columns by the names ledgers use, as they are shown and, under "=", as they are."""
    cells = own(record, row, source.show)
    named = {each.ledger: each for each in columns(BY_NAME[record]) if each.name in cells}
    raw = {f"={name}": str(row[each.name]) for name, each in named.items() if row[each.name] is not None}
    return cells | {name: cells[each.name] for name, each in named.items()} | raw


def _place(source: Source, home_id: str | None) -> Cells:
    """Where a household is; for everybody to read only the building."""
    row = source.homes.rows.get(home_id or "")
    if row is None:
        return {}
    building = source.homes.buildings.get(row["building_id"], {})
    house, estate = building.get("building") or "", building.get("estate") or ""
    parts = {"estate": estate, "building": house, "unit": row["unit"] or "", "room": row["room"] or ""}
    known = {f"={name}": part for name, part in parts.items()} | {"=home": row["id"]}
    if source.purpose is Purpose.PUBLIC:
        parts |= {"unit": "", "room": ""}
    address = source.show(DOOR, written_address(parts))
    numbers = {"door": short(house, parts["unit"], parts["room"]), "unit_room": "-".join(filter(None, (parts["unit"], parts["room"])))}
    return parts | numbers | {"address": address, "grid": source.desk.grid_name, "building_head": source.show(NAME, building.get("head"))} | known


def _household_facts(source: Source, home_id: str | None) -> Cells:
    """Who heads a household, how many it has, how often it was visited and when it is due."""
    row = source.homes.rows.get(home_id or "")
    if row is None:
        return {}
    homes, show = source.homes, source.show
    head, frequency, following = homes.head(row["id"]) or {}, homes.frequency(row["id"]), homes.next_visit(row["id"], source.desk.today())
    return {
        "household_head": show(NAME, homes.head_name(row["id"])),
        "=household_head": homes.head_name(row["id"]),
        "head_phone": show(PHONE, row["phone"] or head.get("phone")),
        "household_size": str(homes.count(row["id"])),
        "dwelling": show(column(BY_NAME["household"], "dwelling").kind, row["dwelling"]),
        "last_visit": homes.last_visit.get(row["id"], ""),
        "next_visit": following.isoformat() if following else "",
        "frequency": codes.table("visit_frequency").label(frequency),
        **source.counted("visits", source.visited.get(row["id"], ())),
        **source.counted("requests", source.asked_for.get(row["id"], ())),
    }


def _categories(source: Source, needs: list[Row]) -> Cells:
    """Which services somebody is entitled to: in words, and each to be ticked. What is hidden is not ticked either."""
    kind = column(BY_NAME["service_need"], "service_category").kind
    shown = {need["service_category"]: source.show(kind, need["service_category"]) for need in needs}
    ticks = {f"need:{code}": "是" for code, text in shown.items() if text not in ("", HIDDEN)}
    return {"service_category": "、".join(dict.fromkeys(filter(None, shown.values()))), **ticks}


def _years(born: Any, source: Source) -> str:
    found = due.age(str(born or "") or None, source.desk.today())
    return "" if found is None else str(found)


def _residents(source: Source) -> list[Cells]:
    everybody = facts.rows(source.connection, "resident") if source.picked.state else facts.rows(source.connection, "resident", status="here")
    people: dict[str, list[Row]] = defaultdict(list)
    for person in source.chosen("resident", everybody):
        people[person["household_id"]].append(person)
    return [_resident(source, person) for home in by_door(source.homes) for person in sorted(people[home["id"]], key=_head_first)]


def _head_first(person: Row) -> tuple[bool, str, str]:
    return person["relation"] != relations.HEAD, person["relation"] or "", person["id"]


def _resident(source: Source, person: Row) -> Cells:
    home = person["household_id"]
    return (
        _place(source, home) | _household_facts(source, home) | _own(source, "resident", person)
        | _categories(source, source.needs_of.get(person["id"], []))
        | {"age": _years(person["birth_year"], source), "is_head": "是" if person["relation"] == relations.HEAD else "否", "=resident": person["id"]}
    )


def _households(source: Source) -> list[Cells]:
    wanted = {row["id"] for row in source.chosen("household", list(source.homes.rows.values()))}
    return [_household(source, row) for row in by_door(source.homes) if row["id"] in wanted]


def _household(source: Source, row: Row) -> Cells:
    homes, head = source.homes, source.homes.head(row["id"]) or {}
    people = sorted(homes.people.get(row["id"], []), key=_head_first)
    party = [member for member in source.members.values() if member["household_id"] == row["id"]]
    found = _place(source, row["id"]) | _own(source, "household", row) | _household_facts(source, row["id"])
    owned, rented = row["dwelling"] == "owned", row["dwelling"] == "rented"  # who rents is no owner
    return found | _categories(source, homes.needs.get(row["id"], [])) | {
        "phone": source.show(PHONE, row["phone"] or head.get("phone")),
        "has_member": "是" if row["id"] in homes.member_homes else "否",
        "party_count": str(len(party)),
        "visit_level": "重点" if row["id"] in homes.needs else "普通",
        "owner": found["household_head"] if owned else "",
        "owner_phone": found["head_phone"] if owned else "",
        "tenant": found["household_head"] if rented else "",
        "tenant_phone": found["head_phone"] if rented else "",
        "members": "、".join(source.show(NAME, person["name"]) for person in people),
    }


def _members(source: Source) -> list[Cells]:
    rows = source.chosen("member", facts.rows(source.connection, "member"))
    ordered = sorted(rows, key=lambda row: (row["party_group"] or "", row["join_date"] or "", row["id"]))
    return [_member(source, row) for row in ordered]


def _member(source: Source, row: Row) -> Cells:
    place, kept = _place(source, row["household_id"]), _own(source, "member", row)
    birthday = (row["join_date"] or "")[5:]
    return place | kept | {
        "address": kept["address"] or place.get("address", ""),
        "age": _years(row["birth"], source),
        "party_age": facts.party_years(row, source.desk.today()),
        "org": source.desk.grid_name,
        "grid": source.desk.grid_name,
        "is_probationary": "是" if row["member_type"] == "probationary" else "否",
        "is_full": "是" if row["member_type"] == "full" else "否",
        "regular_state": "已转正" if row["regular_date"] else "预备期" if row["member_type"] == "probationary" else "",
        "political": MEMBERS.get(row["member_type"], ""),
        "probation_end": due.probation_end(row["join_date"]) or "" if row["member_type"] == "probationary" else "",
        "political_birthday": f"{int(birthday[:2])}月{int(birthday[3:])}日" if len(birthday) == 5 else "",
    }


def _visits(source: Source) -> list[Cells]:
    numbers: dict[str, list[str]] = defaultdict(list)
    for row, _ in source.requests:
        if row["visit_id"]:
            numbers[row["visit_id"]].append(row["req_no"] or "")
    return [_visit(source, row, numbers.get(row["id"], [])) for row in source.chosen("visit", source.visits)]


def _visit(source: Source, row: Row, numbers: list[str]) -> Cells:
    place, home = _place(source, row["household_id"]), source.homes.rows.get(row["household_id"] or "", {})
    kept = _own(source, "visit", row)
    head = _household_facts(source, row["household_id"])
    return {name: head[name] for name in ("household_head", "head_phone", "household_size", "dwelling") if name in head} | place | kept | {
        "address": place.get("address", "") or kept["place"],
        "door": place.get("door", "") or kept["place"],
        "phone": source.show(PHONE, home.get("phone")),
        "request_no": "、".join(filter(None, numbers)),
        "problem": kept["problem"],
        "grid": source.desk.grid_name,
    }


def _requests(source: Source) -> list[Cells]:
    wanted = {row["id"] for row in source.chosen("request", [row for row, _ in source.requests])}
    return [_request(source, row, progress) for row, progress in source.requests if row["id"] in wanted]


def _request(source: Source, row: Row, progress: facts.Progress) -> Cells:
    heard = next((event for event in reversed(progress.events) if event["action"] == "feedback"), {})
    closed = _day(progress.closed_on)
    return _place(source, row["household_id"]) | _own(source, "request", row) | {
        "done_date": closed,
        "dispatched_on": _day(next((event["happened_at"] for event in progress.events if event["action"] == "dispatch"), None)),
        "status": progress.label,
        "is_late": "是" if progress.late else "否",
        "is_done": "否" if progress.is_open else "是",
        "follow_up": codes.table("feedback_manner").label(heard.get("manner")),
        "follow_up_on": _day(heard.get("happened_at")),
        "satisfaction": codes.table("satisfaction").label(heard.get("satisfaction")),
        "days": str((first_day(closed) - first_day(row["req_date"])).days) if closed and row["req_date"] else "",
        "grid": source.desk.grid_name,
    }


def _day(moment: str | None) -> str:
    return moments.local_day(moment) if moment and len(moment) > 10 else moment or ""


def _services(source: Source) -> list[Cells]:
    standing = [need for row in by_door(source.homes) for need in source.homes.needs.get(row["id"], [])]
    wanted = {row["id"] for row in source.chosen("service_need", standing)}
    people = {person["id"]: person for persons in source.homes.people.values() for person in persons}
    return [_service(source, need, people[need["resident_id"]]) for need in standing if need["id"] in wanted]


def _service(source: Source, need: Row, person: Row) -> Cells:
    kept = _own(source, "service_need", need)
    return _resident(source, person) | kept | _categories(source, [need]) | {
        "phone": source.show(PHONE, person["phone"] or person["emergency_phone"]),
        "member": source.show(NAME, source.members.get(need["member_id"] or "", {}).get("name")),
        "notes": source.show(column(BY_NAME["resident"], "notes").kind, person["notes"]),
    }


def _buildings(source: Source) -> list[Cells]:
    rows = source.chosen("building", list(source.homes.buildings.values()))
    return [_building(source, row) for row in sorted(rows, key=lambda row: (len(row["building"] or ""), row["building"] or ""))]


def _building(source: Source, row: Row) -> Cells:
    homes = [home for home in source.homes.rows.values() if home["building_id"] == row["id"]]
    dwellings = Counter(home["dwelling"] for home in homes)
    ids = {home["id"] for home in homes}
    return _own(source, "building", row) | {
        "grid": source.desk.grid_name,
        "homes": str(len(homes)),
        "people": str(sum(source.homes.count(home["id"]) for home in homes)),
        "party_count": str(sum(member["household_id"] in ids for member in source.members.values())),
        "needs": str(sum(len(source.homes.needs.get(home, ())) for home in ids)),
        **{name: str(dwellings[name]) for name in ("owned", "rented", "vacant")},
        "lived_in": str(dwellings["owned"] + dwellings["rented"]),
        "last_visit": max((source.homes.last_visit.get(home, "") for home in ids), default=""),
        **source.counted("visits", (day for home in ids for day in source.visited.get(home, ()))),
        **source.counted("requests", (day for home in ids for day in source.asked_for.get(home, ()))),
    }


def _visitors(source: Source) -> list[Cells]:
    paid: dict[str, list[Row]] = defaultdict(list)
    for row in source.chosen("visit", source.visits):
        for name in filter(None, (row["visitors"] or "").split("、")):
            paid[name].append(row)
    return [_visitor(source, name, rows) for name, rows in sorted(paid.items())]


def _visitor(source: Source, name: str, rows: list[Row]) -> Cells:
    return {
        "name": source.show(NAME, name), "=name": name, "grid": source.desk.grid_name,
        "homes": str(len({row["household_id"] for row in rows if row["household_id"]})),
        "problems": str(sum(bool(row["problem"]) for row in rows)),
        **source.counted("visits", (row["visit_date"] for row in rows)),
    }


def _matters(source: Source) -> list[Cells]:
    wanted = {row["id"] for row in source.chosen("request", [row for row, _ in source.requests])}
    found: dict[str, list[tuple[Row, facts.Progress]]] = defaultdict(list)
    for row, progress in source.requests:
        if row["id"] in wanted:
            found[row["category"] or ""].append((row, progress))
    order = [*codes.table("request_field").items, ""]
    return [_matter(source, code, found[code]) for code in sorted(found, key=lambda code: order.index(code) if code in order else 0)]


def _matter(source: Source, code: str, found: list[tuple[Row, facts.Progress]]) -> Cells:
    states = [progress for _, progress in found]
    return {
        "category": codes.table("request_field").label(code) or "未分领域", "=category": codes.table("request_field").label(code),
        "grid": source.desk.grid_name,
        "closed": str(sum(not each.is_open for each in states)),
        "open": str(sum(each.is_open for each in states)),
        "late": str(sum(each.late for each in states)),
        **source.counted("requests", (row["req_date"] for row, _ in found)),
    }


KINDS: dict[str, Callable[[Source], list[Cells]]] = {
    "resident": _residents, "household": _households, "party": _members, "visit": _visits, "request": _requests, "service": _services,
    "building": _buildings, "visitor": _visitors, "matter": _matters,
}
