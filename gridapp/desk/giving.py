"""Giving out ledgers: the standard ones and any record's plain one, masked unless a purpose asks for more; every export is logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk import facts
from gridapp.desk.cells import Cells, Show, by_door, masked_text, own, whole_text
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.facts import Row
from gridapp.ledgers import forms
from gridapp.ledgers.reader import uncollected
from gridapp.ledgers.writer import write_ledger
from gridapp.records import BY_NAME, column, columns
from gridapp.records.kinds import Link, Name, Phone
from gridapp.rules import codes, moments
from gridapp.rules.reading import Trouble
from gridapp.store import Connection

PLAIN = ("org", "building", "household", "resident", "member", "visit", "request", "request_event", "decision")


@dataclass(frozen=True)
class LedgerChoice:
    """A ledger one can ask for; official ones have the columns domain.md fixes."""

    key: str
    title: str
    official: bool


@dataclass(frozen=True)
class Given:
    """A ledger that was written: where, how many rows, its title."""

    path: Path
    rows: int
    title: str


def ledgers() -> list[LedgerChoice]:
    """The five standard ledgers, then every record's plain one."""
    official = [LedgerChoice(form.key, form.title, True) for form in forms.forms()]
    return official + [LedgerChoice(f"all-{name}", f"{BY_NAME[name].title}（全部栏目）", False) for name in PLAIN]


def form_of(key: str) -> forms.Form:
    """The form of a ledger key; raises Trouble that names the keys there are."""
    name = key.removeprefix("all-")
    if key.startswith("all-") and name in PLAIN:
        return forms.plain_form(BY_NAME[name])
    return forms.form(key)


def give_out(desk: Desk, key: str, out: Path, *, purpose: str, masked: bool = True, step: Step = no_step) -> Given:
    """Write a ledger. Raises Trouble without a purpose, for an unknown ledger or another ending, and when the place cannot take the file."""
    if not purpose.strip():
        raise Trouble("还没有写明用途。请填写这份台账给谁、做什么用。", "no_purpose")
    if out.suffix.lower() != ".xlsx":
        raise Trouble(f"台账只写成 .xlsx 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 .xlsx 再导出。", "not_xlsx")
    form = form_of(key)
    remark = f"用途：{purpose.strip()}" + ("（已按规定隐去部分信息）" if masked else "")
    with uncollected():
        with desk.store.reading() as connection:
            rows = ROWS.get(form.key, _plain(form.record))(connection, desk, masked_text if masked else whole_text)
        count = write_ledger(form, rows, out, org_name=desk.grid_name, made_on=desk.today(), made_by=desk.who, note=remark, step=step)
    with desk.store.work() as work:
        note(work.connection, desk, "export", record=form.record, field="masked" if masked else "full", purpose=f"{form.title}：{purpose.strip()}")
        work.keep()
    return Given(out, count, form.title)


def _member(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    rows = sorted(facts.rows(connection, "member"), key=lambda row: (row["party_group"] or "", row["join_date"] or "", row["id"]))
    return [own("member", row, show) | {"birth": (row["birth"] or "")[:7], "party_age": facts.party_years(row, desk.today())} for row in rows]


def _household(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    homes = facts.households(connection, desk.today())
    contact, phone = column(BY_NAME["household"], "contact").kind, column(BY_NAME["household"], "phone").kind
    found = []
    for row in by_door(homes):
        head = homes.head(row["id"]) or {}
        cells = own("household", row, show) | {
            "building": homes.buildings.get(row["building_id"], {}).get("building") or "",
            "contact": show(contact, homes.head_name(row["id"])),
            "phone": show(phone, row["phone"] or head.get("phone")),
            "resident_count": str(homes.count(row["id"])),
            "is_party": "是" if row["id"] in homes.member_homes else "否",
            "level": "重点" if row["id"] in homes.needs else "普通",
            "last_visit": homes.last_visit.get(row["id"], ""),
        }
        found.append(cells)
    return found


def _service(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    homes = facts.households(connection, desk.today())
    members = facts.by_id(connection, "member")
    name, phone = Name(0, "", secrecy=1), Phone(0, "", secrecy=2)
    found = []
    for row in by_door(homes):
        people = {person["id"]: person for person in homes.people.get(row["id"], [])}
        following = homes.next_visit(row["id"], desk.today())
        for need in homes.needs.get(row["id"], []):
            person = people[need["resident_id"]]
            cells = own("service_need", need, show) | {
                "name": show(name, person["name"]),
                "home": homes.place(row["id"]),
                "member": show(name, members.get(need["member_id"], {}).get("name")),
                "emergency_contact": show(name, person["emergency_contact"]),
                "phone": show(phone, person["emergency_phone"] or person["phone"]),
                "last_visit": homes.last_visit.get(row["id"], ""),
                "next_visit": following.isoformat() if following else "",
            }
            found.append(cells)
    return found


def _visit(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    homes = facts.households(connection, desk.today())
    numbers: dict[str, list[str]] = {}
    for row in facts.rows(connection, "request"):
        if row["visit_id"]:
            numbers.setdefault(row["visit_id"], []).append(row["req_no"] or "")
    visits = sorted(facts.rows(connection, "visit"), key=lambda row: (row["visit_date"] or "", row["id"]))
    return [
        own("visit", row, show)
        | {
            "home": homes.place(row["household_id"]) or row["place"] or "",
            "request_no": "、".join(numbers.get(row["id"], [])),
            "problem": row["problem"] or row["content"] or "",
        }
        for row in visits
    ]


def _request(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    found = sorted(facts.requests(connection, desk.today()), key=lambda pair: (pair[0]["req_date"] or "", pair[0]["req_no"] or ""))
    return [own("request", row, show) | _ending(progress, row) | {"grid": desk.grid_name} for row, progress in found]


def _ending(progress: facts.Progress, row: Row) -> Cells:
    heard = next((event for event in reversed(progress.events) if event["action"] == "feedback"), {})
    said = heard.get("satisfaction")
    return {
        "result": row["result"] or progress.label,
        "closed_on": moments.local_day(progress.closed_on) if progress.closed_on and len(progress.closed_on) > 10 else progress.closed_on or "",
        "is_late": "是" if progress.late else "否",
        "feedback_manner": codes.table("feedback_manner").label(heard["manner"]) if heard.get("manner") else "",
        "satisfaction": codes.table("satisfaction").label(said) if said else "",
    }


def _plain(record: str) -> Callable[[Connection, Desk, Show], list[Cells]]:
    def rows(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
        from gridapp.desk.finding import label

        homes = facts.households(connection, desk.today())
        links = {each.name: each.kind.target for each in columns(BY_NAME[record]) if isinstance(each.kind, Link)}
        targets = {target: facts.by_id(connection, target) for target in set(links.values())}

        def linked(row: Row) -> Cells:
            return {name: label(homes, target, targets[target][row[name]]) if row[name] in targets[target] else "" for name, target in links.items()}

        return [own(record, row, show) | linked(row) for row in facts.rows(connection, record)]

    return rows


ROWS: dict[str, Callable[[Connection, Desk, Show], list[Cells]]] = {
    "member": _member,
    "household": _household,
    "service": _service,
    "visit": _visit,
    "request": _request,
}
