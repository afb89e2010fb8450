"""Where the rows of one filling come from: what is kept, read once, and what of it is shown; where somebody lives, what is counted there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gridapp.desk import facts
from gridapp.desk.cells import HIDDEN, Cells, Show, own
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Row
from gridapp.desk.picking import Picked, pick
from gridapp.ledgers.drafts import written_address
from gridapp.records import BY_NAME, column, columns
from gridapp.records.kinds import Address, Name, Phone
from gridapp.rules import codes, due, moments
from gridapp.rules.addresses import short
from gridapp.rules.purposes import Purpose
from gridapp.store import Connection

NAME, PHONE, DOOR = Name(0, "", secrecy=1), Phone(0, "", secrecy=2), Address(0, "", secrecy=1)


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


def own_cells(source: Source, record: str, row: Row) -> Cells:
    """The record's own columns by the names ledgers use, as they are shown and, under "=", as they are."""
    cells = own(record, row, source.show)
    named = {each.ledger: each for each in columns(BY_NAME[record]) if each.name in cells}
    raw = {f"={name}": str(row[each.name]) for name, each in named.items() if row[each.name] is not None}
    return cells | {name: cells[each.name] for name, each in named.items()} | raw


def place_of(source: Source, home_id: str | None) -> Cells:
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


def household_facts(source: Source, home_id: str | None) -> Cells:
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


def categories_of(source: Source, needs: list[Row]) -> Cells:
    """Which services somebody is entitled to: in words, and each to be ticked. What is hidden is not ticked either."""
    kind = column(BY_NAME["service_need"], "service_category").kind
    shown = {need["service_category"]: source.show(kind, need["service_category"]) for need in needs}
    ticks = {f"need:{code}": "是" for code, text in shown.items() if text not in ("", HIDDEN)}
    return {"service_category": "、".join(dict.fromkeys(filter(None, shown.values()))), **ticks}


def years_of(born: Any, source: Source) -> str:
    """Whole years since a birth, in digits."""
    found = due.age(str(born or "") or None, source.desk.today())
    return "" if found is None else str(found)


def day_of(moment: str | None) -> str:
    """The day of a moment, or a day as it is."""
    return moments.local_day(moment) if moment and len(moment) > 10 else moment or ""
