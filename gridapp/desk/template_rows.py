"""The rows somebody else's table asks for, by the names of its terms (ledgers/wanted.py): what is kept, where it belongs, and what is counted.

Under "=" and a name a row carries what tells it apart, unmasked: it is compared with rows others have filled, and never written.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from gridapp.desk import facts
from gridapp.desk.cells import Cells, by_door
from gridapp.desk.facts import Row
from gridapp.desk.template_source import NAME, PHONE, Source, categories_of, day_of, household_facts, own_cells, place_of, years_of
from gridapp.records import BY_NAME, column
from gridapp.rules import codes, due, relations
from gridapp.rules.dates import first_day

RECORDS = {
    "resident": "resident", "household": "household", "party": "member", "visit": "visit", "request": "request", "service": "service_need",
    "building": "building", "visitor": "visit", "matter": "request",
}  # fmt: skip
MEMBERS = {"full": "中共党员", "probationary": "中共预备党员"}


def rows_of(kind: str, source: Source) -> list[Cells]:
    """The wanted rows of a kind (a key of RECORDS), in the order papers have them."""
    return KINDS[kind](source)


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
        place_of(source, home)
        | household_facts(source, home)
        | own_cells(source, "resident", person)
        | categories_of(source, source.needs_of.get(person["id"], []))
        | {"age": years_of(person["birth_year"], source), "is_head": "是" if person["relation"] == relations.HEAD else "否"}
    )


def _households(source: Source) -> list[Cells]:
    wanted = {row["id"] for row in source.chosen("household", list(source.homes.rows.values()))}
    return [_household(source, row) for row in by_door(source.homes) if row["id"] in wanted]


def _household(source: Source, row: Row) -> Cells:
    homes, head = source.homes, source.homes.head(row["id"]) or {}
    people = sorted(homes.people.get(row["id"], []), key=_head_first)
    party = [member for member in source.members.values() if member["household_id"] == row["id"]]
    found = place_of(source, row["id"]) | own_cells(source, "household", row) | household_facts(source, row["id"])
    owned, rented = row["dwelling"] == "owned", row["dwelling"] == "rented"  # who rents is no owner
    return found | categories_of(source, homes.needs.get(row["id"], [])) | {
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
    place, kept = place_of(source, row["household_id"]), own_cells(source, "member", row)
    birthday = (row["join_date"] or "")[5:]
    return place | kept | {
        "address": kept["address"] or place.get("address", ""),
        "age": years_of(row["birth"], source),
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
    place, home = place_of(source, row["household_id"]), source.homes.rows.get(row["household_id"] or "", {})
    kept = own_cells(source, "visit", row)
    head = household_facts(source, row["household_id"])
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
    closed = day_of(progress.closed_on)
    return place_of(source, row["household_id"]) | own_cells(source, "request", row) | {
        "done_date": closed,
        "dispatched_on": day_of(next((event["happened_at"] for event in progress.events if event["action"] == "dispatch"), None)),
        "status": progress.label,
        "is_late": "是" if progress.late else "否",
        "is_done": "否" if progress.is_open else "是",
        "follow_up": codes.table("feedback_manner").label(heard.get("manner")),
        "follow_up_on": day_of(heard.get("happened_at")),
        "satisfaction": codes.table("satisfaction").label(heard.get("satisfaction")),
        "days": str((first_day(closed) - first_day(row["req_date"])).days) if closed and row["req_date"] else "",
        "grid": source.desk.grid_name,
    }


def _services(source: Source) -> list[Cells]:
    standing = [need for row in by_door(source.homes) for need in source.homes.needs.get(row["id"], [])]
    wanted = {row["id"] for row in source.chosen("service_need", standing)}
    people = {person["id"]: person for persons in source.homes.people.values() for person in persons}
    return [_service(source, need, people[need["resident_id"]]) for need in standing if need["id"] in wanted]


def _service(source: Source, need: Row, person: Row) -> Cells:
    kept = own_cells(source, "service_need", need)
    return _resident(source, person) | kept | categories_of(source, [need]) | {
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
    return own_cells(source, "building", row) | {
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
