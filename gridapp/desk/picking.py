"""Which rows of a record are wanted: one building, one Party group, a period, a category, a state. The same choice serves every paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from gridapp.desk import facts
from gridapp.desk.facts import Households, Row
from gridapp.records import BY_NAME, column
from gridapp.records.kinds import Choice
from gridapp.rules import codes, due, moments, relations
from gridapp.rules.reading import Trouble
from gridapp.store import Connection

Test = Callable[[Row], bool]
DAYS = {
    "visit": "visit_date", "request": "req_date", "request_event": "happened_at", "member": "join_date", "service_need": "from_date",
    "consent": "given_on", "decision": "decided_at",
}
SORTS = {"member": "member_type", "household": "dwelling", "request": "request_type", "visit": "manner", "consent": "consent_purpose"}
STATES = {"resident": "status", "member": "party_status"}
AT_HOME = ("household", "resident", "member", "visit", "request", "request_event", "service_need", "consent")
NEEDY = ("household", "resident", "service_need", "visit", "request")
LABELS = {"grid": "网格", "building": "楼栋", "group": "党小组", "category": "服务类别", "state": "状态", "sort": "类型", "period": "时间"}
ELDER = 60


@dataclass(frozen=True)
class Picked:
    """A choice of rows; what is blank chooses nothing out.

    grid, building, group: as people call them. since, until: ISO days, both inside. category: a code of service_category. state, sort: codes that
    the record knows (see `filters`). ids: these rows alone.
    """

    grid: str = ""
    building: str = ""
    group: str = ""
    since: str = ""
    until: str = ""
    category: str = ""
    state: str = ""
    sort: str = ""
    ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))

    def sentence(self, record: str = "") -> str:
        """The choice in words, for titles and the log; "" where nothing is chosen out."""
        known = dict(sorts(record)) | dict(states(record))
        category = codes.table("service_category").label(self.category) if self.category else ""
        ids = f"选定的 {len(self.ids)} 条" if self.ids else ""
        words = (self.grid, self.building, self.group, category, known.get(self.state, self.state), known.get(self.sort, self.sort), self.period, ids)
        return "，".join(filter(None, words))

    @property
    def period(self) -> str:
        """'2026-01-01 至 2026-03-31', '2026-01-01 起', 'x 及以前' or ''."""
        if self.since and self.until:
            return f"{self.since} 至 {self.until}"
        return f"{self.since} 起" if self.since else f"{self.until} 及以前" if self.until else ""


@dataclass(frozen=True)
class Filter:
    """One way to choose among a record's rows: the field of Picked ('period' for both days), its label, and (value, label) of each option."""

    field: str
    label: str
    options: tuple[tuple[str, str], ...] = ()


def filters(connection: Connection, record: str) -> tuple[Filter, ...]:
    """The choices that mean something for a record and for what is kept now; at a single grid there is no choice of grids."""
    buildings = facts.rows(connection, "building")
    grids = sorted({row["name"] for row in facts.rows(connection, "org", level="grid") if row["name"]})
    named = {
        "grid": _same(grids if len(grids) > 1 else ()),
        "building": _same(sorted({building_name(row) for row in buildings}, key=_by_number)) if record in (*AT_HOME, "building") else (),
        "group": _same(_groups(connection, record, buildings)),
        "category": tuple(codes.table("service_category").items.items()) if record in NEEDY else (),
        "state": states(record),
        "sort": sorts(record),
    }
    found = tuple(Filter(name, LABELS[name], options) for name, options in named.items() if options)
    return (*found, Filter("period", _day_label(record))) if record in DAYS else found


def _same(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in names)


def _groups(connection: Connection, record: str, buildings: list[Row]) -> list[str]:
    rows = facts.rows(connection, "member") if record == "member" else buildings if record in (*AT_HOME, "building") else []
    return sorted({row["party_group"] for row in rows if row["party_group"]})


def _by_number(name: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, name))
    return int(digits) if digits else 1 << 30, name


def _day_label(record: str) -> str:
    return column(BY_NAME[record], DAYS[record]).label


def building_name(row: Row) -> str:
    """'幸福里3号楼'."""
    return f"{row['estate'] or ''}{row['building']}{'号楼' if str(row['building']).isdigit() else ''}"


def states(record: str) -> tuple[tuple[str, str], ...]:
    """The states a record's rows can be in: (code, label)."""
    if record == "request":
        return ("open", "在办"), ("late", "超期"), *codes.table("request_state").items.items()
    return _options(record, STATES)


def sorts(record: str) -> tuple[tuple[str, str], ...]:
    """The sorts a record's rows fall into: (code, label)."""
    if record == "resident":
        return ("head", "户主"), ("elder", f"{ELDER} 岁以上"), ("elder80", "80 岁以上")
    more = (("flow", "流动党员"), ("lost", "失联党员")) if record == "member" else ()
    return (*_options(record, SORTS), *more)


def _options(record: str, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    kind = column(BY_NAME[record], names[record]).kind if record in names else None
    return tuple(kind.codes.items.items()) if isinstance(kind, Choice) else ()


def pick(connection: Connection, record: str, rows: list[Row], picked: Picked, today: dt.date) -> list[Row]:
    """The wanted ones of rows of a record. Raises Trouble for a choice that means nothing for the record: never more rows than asked for."""
    tests = [maker(connection, record, picked, today) for name, maker in MAKERS.items() if _asks(picked, name)]
    return [row for row in rows if all(test(row) for test in tests)]


def _asks(picked: Picked, name: str) -> bool:
    return bool(picked.since or picked.until) if name == "period" else bool(getattr(picked, name))


def _senseless(record: str, name: str) -> Trouble:
    return Trouble(f"“{BY_NAME[record].title}”不能按{LABELS[name]}选。请去掉这个条件再试。", "senseless_filter")


def _in_grid(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    paths = {row["scope"] for row in facts.rows(connection, "org", name=picked.grid)}
    return lambda row: row["scope"] in paths


def _in_building(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if record == "building":
        return lambda row: building_name(row) == picked.building
    homes, home = facts.doors(connection), _home_of(connection, record, "building")
    there = {key for key, row in homes.buildings.items() if building_name(row) == picked.building}
    wanted = {key for key, row in homes.rows.items() if row["building_id"] in there}
    return lambda row: home(row) in wanted


def _in_group(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if record in ("member", "building"):
        return lambda row: row["party_group"] == picked.group
    homes, home = facts.doors(connection), _home_of(connection, record, "group")
    wanted = {key for key, row in homes.rows.items() if homes.buildings.get(row["building_id"], {}).get("party_group") == picked.group}
    return lambda row: home(row) in wanted


def _home_of(connection: Connection, record: str, name: str) -> Callable[[Row], str | None]:
    """Where a row of the record belongs, as a household's id."""
    if record not in AT_HOME:
        raise _senseless(record, name)
    if record == "household":
        return lambda row: row["id"]
    if record in ("service_need", "consent"):
        people = facts.by_id(connection, "resident")
        return lambda row: people.get(row["resident_id"], {}).get("household_id")
    if record == "request_event":
        requests = facts.by_id(connection, "request")
        return lambda row: requests.get(row["request_id"], {}).get("household_id")
    return lambda row: row["household_id"]


def _of_category(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if record not in NEEDY:
        raise _senseless(record, "category")
    if record == "service_need":
        return lambda row: row["service_category"] == picked.category
    homes: Households = facts.households(connection, today)
    needs = [(home, need) for home, found in homes.needs.items() for need in found if need["service_category"] == picked.category]
    if record == "resident":
        people = {need["resident_id"] for _, need in needs}
        return lambda row: row["id"] in people
    wanted, home_of = {home for home, _ in needs}, _home_of(connection, record, "category")
    return lambda row: home_of(row) in wanted


def _in_state(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if picked.state not in dict(states(record)):
        raise _senseless(record, "state")
    if record != "request":
        return lambda row: row[STATES[record]] == picked.state
    found = {row["id"]: progress for row, progress in facts.requests(connection, today)}
    wanted = {
        key for key, each in found.items()
        if each.state == picked.state or (picked.state == "open" and each.is_open) or (picked.state == "late" and each.late)
    }
    return lambda row: row["id"] in wanted


def _of_sort(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if picked.sort not in dict(sorts(record)):
        raise _senseless(record, "sort")
    special: dict[str, Test] = {
        "flow": lambda row: bool(row["is_flow"]),
        "lost": lambda row: bool(row["is_lost"]),
        "head": lambda row: row["relation"] == relations.HEAD,
        "elder": lambda row: _years(row, today) >= ELDER,
        "elder80": lambda row: _years(row, today) >= 80,
    }
    if record in ("member", "resident") and picked.sort in special:
        return special[picked.sort]
    return lambda row: row[SORTS[record]] == picked.sort


def _years(row: Row, today: dt.date) -> int:
    return due.age(str(row["birth_year"] or ""), today) or 0


def _in_period(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    if record not in DAYS:
        raise _senseless(record, "period")
    name = DAYS[record]

    def test(row: Row) -> bool:
        day = moments.local_day(row[name]) if len(row[name] or "") > 10 else row[name] or ""
        return bool(day) and day >= picked.since[: len(day)] and (not picked.until or day <= picked.until)

    return test


def _chosen(connection: Connection, record: str, picked: Picked, today: dt.date) -> Test:
    wanted = frozenset(picked.ids)
    return lambda row: row["id"] in wanted


MAKERS: dict[str, Callable[[Connection, str, Picked, dt.date], Test]] = {
    "grid": _in_grid, "building": _in_building, "group": _in_group, "category": _of_category, "state": _in_state, "sort": _of_sort,
    "period": _in_period, "ids": _chosen,
}
