"""Placing one draft: find what it is about, or make the building, household or row it needs; say what came of it and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gridapp.desk import matching
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.matching import Shelf, by_id_no, known_household
from gridapp.records import BY_NAME, column, columns
from gridapp.records.columns import missing
from gridapp.rules import addresses, due, id_numbers, masking, moments, relations
from gridapp.rules.reading import Fault

if TYPE_CHECKING:
    from gridapp.ledgers.drafts import Draft


@dataclass(frozen=True)
class Outcome:
    """What came of a draft: new, changed, same or cannot; a title and a detail for the preview; its faults."""

    what: str
    title: str
    detail: str = ""
    faults: tuple[Fault, ...] = ()


def place_draft(desk: Desk, shelf: Shelf, draft: Draft) -> Outcome:
    """Put a draft on the shelf; a draft that cannot be kept leaves it untouched."""
    record = BY_NAME[draft.record]
    values = {name: value for name, value in told_by_id(draft).items() if name not in shelf.off[draft.record]}
    faults = [*draft.faults, *PREPARE.get(draft.record, _nothing)(desk, shelf, draft, values)]
    refused = {fault.field for fault in faults if fault.fatal}
    whole = {each.name: each.default for each in columns(record)} | {name: value for name, value in values.items() if value is not None}
    linked = LINKS.get(draft.record, "")
    needed = [each for each in columns(record) if each.required and each.name != linked and whole[each.name] is None and each.ledger not in refused]
    if needed and draft.record == "member" and (found := _known_member(shelf, values)):
        # Of somebody who is kept already a ledger need not say everything again.
        whole, needed = found | {name: value for name, value in whole.items() if values.get(name) is not None}, []
    faults += [missing(each).on(each.ledger) for each in needed]
    for fault in record.check(whole):
        if fault.field != linked:
            faults = _with(faults, fault.on(column(record, fault.field).ledger))
            values.pop(fault.field if fault.fatal and not column(record, fault.field).required else "", None)
    title = _title(draft, values)
    if needed or _blocking(draft, faults):
        return Outcome("cannot", title, "；".join(fault.text for fault in faults if fault.fatal)[:200], tuple(faults))
    is_new, changes = PLACE[draft.record](desk, shelf, draft, values)
    return _kept(is_new, _labels(draft.record, changes), title, tuple(faults))


def told_by_id(draft: Draft) -> Row:
    """The values, with sex and birth filled in from the ID number where the ledger leaves them to it; the number itself may not be kept."""
    id_no = draft.values.get("id_no")
    if not id_no:
        return draft.values
    born, sex = id_numbers.birth(id_no), id_numbers.sex(id_no)
    told: Row = {"birth_year": int(born[:4]), "birth": born, "sex": sex}
    return draft.values | {name: told[name] for name in told if draft.values.get(name) is None and name in _names(draft.record)}


def _names(record: str) -> set[str]:
    return {each.name for each in columns(BY_NAME[record])}


def _with(faults: list[Fault], fault: Fault) -> list[Fault]:
    """The faults and this one, which takes the place of the reader's own finding of the same thing."""
    return [each for each in faults if (each.code, each.field) != (fault.code, fault.field)] + [fault]


def _blocking(draft: Draft, faults: list[Fault]) -> bool:
    """A refused value of a required column, or a fault of the row as a whole, keeps the row out; a refused optional value only stays blank."""
    required = {each.ledger for each in columns(BY_NAME[draft.record]) if each.required} | {"", "address", "room"}
    return any(fault.fatal and fault.field in required for fault in faults)


def _labels(record: str, changes: dict[str, Any]) -> list[str]:
    """What changed, as people call it."""
    named = {each.name: each.label for each in columns(BY_NAME[record])}
    return [named.get(name, name) for name in changes]


def _kept(is_new: bool, changes: list[str], title: str, faults: tuple[Fault, ...]) -> Outcome:
    if is_new:
        return Outcome("new", title, "", faults)
    return Outcome("changed" if changes else "same", title, "、".join(changes), faults)


def _title(draft: Draft, values: Row) -> str:
    """How the preview calls a row: a masked name or a number, and where."""
    name = masking.name(values.get("name") or values.get("interviewee") or values.get("contact"))
    parts = (values.get("req_no") or values.get("visit_date") or "", name, _place(draft))
    return " ".join(str(part) for part in parts if part)


def _place(draft: Draft) -> str:
    return addresses.short(draft.address.building, draft.address.unit, draft.address.room) if draft.address else ""


def _nothing(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> list[Fault]:
    return []


def _needs_door(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> list[Fault]:
    if draft.address and draft.address.building and draft.address.room:
        return _new_building(shelf, draft)
    if draft.record == "resident" and _known_resident(shelf, values):
        return []
    if draft.address and draft.address.building:
        return [Fault("address_incomplete", "地址只写到楼栋，不知道是哪一户。", "请在住址里补上单元和房号。", field="address")]
    return [Fault("address_missing", "没有能看懂的住址，不知道是哪一户。", "请写成“3号楼2单元501室”的样子。", field="address")]


def _new_building(shelf: Shelf, draft: Draft) -> list[Fault]:
    """A building nobody has heard of, when others are kept already, is made but pointed out: it is often a slip of the pen."""
    assert draft.address
    if draft.record == "household" or not shelf.kept_buildings or matching.known_building(shelf, draft.address):
        return []
    return [
        Fault("household_unknown", f"以前没有{draft.address.building}号楼，已按新楼栋处理。", "请核对楼号有没有写错。", fatal=False, field="address")
    ]


def _known_resident(shelf: Shelf, values: Row) -> Row | None:
    """Somebody already kept whom the ID number, or name with year of birth and phone, names beyond doubt."""
    keys = by_id_no(values)
    if values.get("birth_year") and values.get("phone"):
        keys.append(("born", values["name"], values["birth_year"], values["phone"]))
    return shelf.look("resident", *keys) if keys else None


def _request_defaults(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> list[Fault]:
    values.setdefault("handler", None)
    values["handler"] = values["handler"] or values.get("receiver") or desk.grid_name
    if values.get("req_date") and not values.get("due_date"):
        values["due_date"] = due.request_due(values["req_date"], values.get("urgency") or "normal")
    return []


def _known_door(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> list[Fault]:
    """A visit or request at a door or a building nobody has heard of is kept, and pointed out."""
    address = draft.address
    if not address or not address.building or not shelf.kept_buildings or known_household(shelf, address):
        return []
    if matching.known_building(shelf, address) and not address.room:
        return []
    text = f"没有找到 {_place(draft)} 这一户，先只记下地址。"
    return [Fault("household_unknown", text, "请核对门牌，或先建这一户。", fatal=False, field="address")]


def _prepare_request(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> list[Fault]:
    return _request_defaults(desk, shelf, draft, values) + _known_door(desk, shelf, draft, values)


PREPARE = {"resident": _needs_door, "household": _needs_door, "visit": _known_door, "request": _prepare_request}
LINKS = {"resident": "household_id", "household": "building_id", "visit": "household_id"}


def _upsert(shelf: Shelf, record: str, found: Row | None, values: Row) -> tuple[bool, dict[str, Any]]:
    if found is None:
        shelf.add(record, values)
        return True, {}
    return False, shelf.change(record, found, values)


def _place_household(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> tuple[bool, dict[str, Any]]:
    assert draft.address
    known = len(shelf.new["household"])
    home = matching.household_of(shelf, draft.address, desk.org_id)
    changes = shelf.change("household", home, {name: value for name, value in values.items() if name not in ("unit", "room")})
    return len(shelf.new["household"]) > known, changes


def _place_resident(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> tuple[bool, dict[str, Any]]:
    if draft.address and draft.address.building and draft.address.room:
        home = matching.household_of(shelf, draft.address, desk.org_id)
        found = shelf.look("resident", *by_id_no(values), (home["id"], values["name"]))
        values = values | {"household_id": home["id"]}
        if values.get("relation") == relations.HEAD:
            blank = {name: values.get(own) for name, own in (("contact", "name"), ("phone", "phone")) if not home[name]}
            shelf.change("household", home, blank)
    else:
        found = _known_resident(shelf, values)
    return _upsert(shelf, "resident", found, values)


def _place_member(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> tuple[bool, dict[str, Any]]:
    home = known_household(shelf, draft.address)
    values = {"org_id": desk.org_id} | values | ({"household_id": home["id"]} if home else {})
    return _upsert(shelf, "member", _known_member(shelf, values), values)


def _known_member(shelf: Shelf, values: Row) -> Row | None:
    """A member kept already with this ID number, or with the same name and birth and no other ID number."""
    by_birth = [(values["name"], values["birth"][:7])] if values.get("name") and values.get("birth") else []
    found = shelf.look("member", *by_id_no(values), *by_birth)
    other = found and values.get("id_no") and found["id_no"] and found["id_no"] != values["id_no"]
    return None if other else found


def _home_of_name(shelf: Shelf, draft: Draft, name: str | None) -> Row | None:
    """Where the only resident of that name in the address's building lives."""
    if not name or not draft.address or not draft.address.building:
        return None
    homes = {
        row["household_id"]
        for key, row in shelf.found["resident"].items()
        if key[0] == "id" and row["name"] == name and _building_of(shelf, row) == draft.address.building
    }
    return shelf.by_id("household", homes.pop()) if len(homes) == 1 else None


def _building_of(shelf: Shelf, resident: Row) -> str:
    home = shelf.look("household", ("id", resident["household_id"])) or {}
    return (shelf.look("building", ("id", home.get("building_id"))) or {}).get("building", "")


def _place_visit(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> tuple[bool, dict[str, Any]]:
    home = known_household(shelf, draft.address) or _home_of_name(shelf, draft, values.get("interviewee"))
    place = None if home else values.get("place") or draft.address_text or "本网格"
    values = values | {"household_id": home["id"] if home else None, "place": place}
    found = shelf.look("visit", (values["visit_date"], values["household_id"] or place, values.get("interviewee"), values["content"]))
    return _upsert(shelf, "visit", found, values)


def _place_request(desk: Desk, shelf: Shelf, draft: Draft, values: Row) -> tuple[bool, dict[str, Any]]:
    home = known_household(shelf, draft.address) or _home_of_name(shelf, draft, values.get("name"))
    values = values | ({"household_id": home["id"]} if home else {})
    found = shelf.look("request", (values["req_no"],))
    is_new, changes = _upsert(shelf, "request", found, values)
    row = shelf.look("request", (values["req_no"],)) or {}
    for event in _events(desk, draft, row):
        if shelf.look("request_event", (row["id"], event["action"], event["happened_at"][:10])) is None:
            shelf.add("request_event", {"request_id": row["id"], **event})
            changes = changes | ({} if is_new else {"流转记录": event["action"]})
    return is_new, changes


def _events(desk: Desk, draft: Draft, row: Row) -> list[Row]:
    """The steps a finished ledger line stands for: accepted, then being handled, closed, asked back."""
    status, done, said = draft.extra.get("status") or "", draft.extra.get("done_date"), draft.extra.get("satisfaction")
    events = [_event("accept", row["req_date"], row["receiver"] or desk.who)]
    if done and done >= row["req_date"]:
        events.append(_event("close", done, row["handler"], row["result"]))
        if said:
            events.append(_event("feedback", done, row["receiver"] or desk.who) | {"satisfaction": said})
    elif "办理" in status or "处理" in status:
        events.append(_event("handle", row["req_date"], row["handler"]))
    return events


def _event(action: str, day: str, by: str, note: str | None = None) -> Row:
    """Steps of one day keep their order by the hour, since ledgers keep days only."""
    hour = {"accept": 9, "handle": 10, "close": 16, "feedback": 17}[action]
    return {"action": action, "happened_at": moments.read(f"{day} {hour:02d}:00").value, "by": by, "note": note}


PLACE = {
    "household": _place_household,
    "resident": _place_resident,
    "member": _place_member,
    "visit": _place_visit,
    "request": _place_request,
}
