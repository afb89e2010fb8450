"""The story of a household at one look: who lives there, what help they need, the last visits, the open requests."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Row
from gridapp.desk.outbox import record_state
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import IdNumber, Link, Name, Phone
from gridapp.rules import due, masking
from gridapp.rules.codes import table
from gridapp.rules.dates import month_day
from gridapp.store import Connection
from gridapp.store.merged import stands
from gridapp.store.read import row as read_row

RECENT = 5


@dataclass(frozen=True)
class Secret:
    """A masked value beside which an eye stands: where it is and its label."""

    record: str
    row_id: str
    column: str
    label: str
    masked: str


@dataclass(frozen=True)
class Person:
    """Somebody in the household: a masked name, a line about them, what can be revealed."""

    id: str
    record: str
    name: str
    line: str
    phone: str
    reveal: tuple[Secret, ...]


@dataclass(frozen=True)
class Line:
    """One line of a story: the row it stands for, its text, when, and a tag with its tone."""

    id: str
    text: str
    when: str = ""
    tag: str = ""
    tone: str = "plain"


@dataclass(frozen=True)
class Story:
    """What stands beside the table when a row is chosen. exchange: how far the row is on its way to the centre ("" without one)."""

    household_id: str | None
    title: str
    subtitle: str
    tags: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()
    contacts: tuple[str, ...] = ()
    visits: tuple[Line, ...] = ()
    requests: tuple[Line, ...] = ()
    facts: tuple[tuple[str, str], ...] = field(default=())
    exchange: str = ""


def story(desk: Desk, record: str, row_id: str) -> Story:
    """The story of any row: its household's where it has one, else its own fields."""
    with desk.store.reading() as connection:
        row = stands(connection, record, row_id)
        if row is None:
            return Story(None, BY_NAME[record].title, "这条记录已被删除或移走。")
        return replace(_story(connection, desk, record, row), exchange=record_state(connection, record, row_id))


def _story(connection: Connection, desk: Desk, record: str, row: Row) -> Story:
    homes = facts.households(connection, desk.today())
    home = row["id"] if record == "household" else _home_of(connection, record, row)
    own = () if record == "household" else own_facts(record, row)
    if home not in homes.rows:
        return Story(None, _title(record, row), BY_NAME[record].title, facts=own, people=_self(record, row))
    return _household(connection, desk, homes, str(home), own, _self(record, row) if record == "member" else ())


def _home_of(connection: Connection, record: str, row: Row) -> str | None:
    if "household_id" in row:
        return row["household_id"]
    if row.get("resident_id"):
        return (read_row(connection, "resident", row["resident_id"]) or {}).get("household_id")
    return None


def _title(record: str, row: Row) -> str:
    named = next((each for each in columns(BY_NAME[record]) if isinstance(each.kind, Name) and row.get(each.name)), None)
    if record in ("member", "resident") and named:
        return named.kind.mask(row[named.name])
    return row.get("req_no") or row.get("place") or row.get("building") or row.get("name") or BY_NAME[record].title


def own_facts(record: str, row: Row) -> tuple[tuple[str, str], ...]:
    """A row's filled-in fields as (label, masked text); links are left out."""
    own = [each for each in columns(BY_NAME[record]) if not isinstance(each.kind, Link) and row[each.name] is not None]
    return tuple((each.label, each.kind.mask(row[each.name])) for each in own)


def _secrets(record: str, row: Row) -> tuple[Secret, ...]:
    hidden = [each for each in columns(BY_NAME[record]) if isinstance(each.kind, Phone | IdNumber) and row.get(each.name)]
    return tuple(Secret(record, row["id"], each.name, each.label, each.kind.mask(row[each.name])) for each in hidden)


def _self(record: str, row: Row) -> tuple[Person, ...]:
    if record not in ("member", "resident"):
        return ()
    sex = table("sex").label(row["sex"]) if row.get("sex") else ""
    line = " ".join(part for part in (sex, "党员" if record == "member" else "") if part)
    return (Person(row["id"], record, masking.name(row["name"]), line, masking.phone(row.get("phone")), _secrets(record, row)),)


def _person(person: Row) -> Person:
    parts = (
        table("relation").label(person["relation"]) if person["relation"] else "",
        table("sex").label(person["sex"]) if person["sex"] else "",
        f"{person['birth_year']}年生" if person["birth_year"] else "",
    )
    phone = masking.phone(person["phone"]) if person["phone"] else ""
    return Person(person["id"], "resident", masking.name(person["name"]), " ".join(filter(None, parts)), phone, _secrets("resident", person))


def _household(
    connection: Connection, desk: Desk, homes: Households, home: str, own: tuple[tuple[str, str], ...], first: tuple[Person, ...]
) -> Story:
    row, building = homes.rows[home], homes.buildings.get(homes.rows[home]["building_id"], {})
    people = sorted(homes.people.get(home, []), key=lambda person: (person["relation"] or "99", person["id"]))
    where = f"{building.get('building') or '?'}号楼" + (f" {row['unit']}单元" if row["unit"] else "") + f" {row['room']}"
    subtitle = f"{where} · {table('dwelling').label(row['dwelling'])} · {homes.count(home)} 人"
    return Story(
        home,
        homes.place(home),
        subtitle,
        _tags(homes, home, desk),
        (*first, *(_person(person) for person in people)),
        _contacts(connection, homes, home, people),
        _visits(connection, home),
        _requests(connection, desk, home),
        own,
    )


def _tags(homes: Households, home: str, desk: Desk) -> tuple[tuple[str, str], ...]:
    frequency, following = homes.frequency(home), homes.next_visit(home, desk.today())
    tags = [(name, "warn") for name in homes.categories(home).split("、") if name]
    if frequency:
        tags.append((f"{table('visit_frequency').label(frequency)}探访", "plain"))
    if following and following < desk.today():
        tags.append((f"应访 {month_day(following.isoformat())}，已迟", "late"))
    return tuple(tags)


def _contacts(connection: Connection, homes: Households, home: str, people: list[Row]) -> tuple[str, ...]:
    lines = [
        f"紧急联系人 {masking.name(person['emergency_contact'])} {masking.phone(person['emergency_phone'])}".rstrip()
        for person in people
        if person["emergency_contact"]
    ]
    helpers = {need["member_id"] for need in homes.needs.get(home, []) if need["member_id"]}
    members = facts.by_id(connection, "member", id=helpers)
    return tuple(lines + [f"结对党员 {masking.name(member['name'])}" for member in members.values()])


def _visits(connection: Connection, home: str) -> tuple[Line, ...]:
    found = sorted(facts.rows(connection, "visit", household_id=home), key=lambda row: (row["visit_date"] or "", row["id"]), reverse=True)
    return tuple(Line(row["id"], _said(row), month_day(row["visit_date"])) for row in found[:RECENT])


def _said(visit: Row) -> str:
    return f"{masking.people(visit['visitors'])} {table('visit_manner').label(visit['manner'])}：{visit['content'] or ''}"


def _requests(connection: Connection, desk: Desk, home: str) -> tuple[Line, ...]:
    found = facts.requests(connection, desk.today(), household_id=home)
    found.sort(key=lambda pair: (pair[1].is_open, pair[0]["req_date"] or ""), reverse=True)
    return tuple(
        Line(row["id"], f"{row['req_no']} {row['content']}", month_day(row["req_date"]), *_tone(row, progress)) for row, progress in found[:RECENT]
    )


def _tone(row: Row, progress: facts.Progress) -> tuple[str, str]:
    if progress.is_open and progress.late:
        return f"{progress.label}，超期", "late"
    if progress.state == "closed":
        return f"已办结，{month_day(due.feedback_due(progress.closed_on or ''))} 前回访", "warn"
    return progress.label, "plain" if progress.is_open else "good"
