"""The reports counted once more, the long way, from the same rows; and rows nobody would think of."""
from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

EDGES = [dt.date(2026, month, 1) + dt.timedelta(days) for month in (9, 10, 11) for days in (-1, 0)]  # where months meet
DAY = st.sampled_from(EDGES) | st.sampled_from(EDGES) | st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
DAYS = DAY.map(dt.date.isoformat)
GRIDS = ("c/g1", "c/g2")
MOVES = {  # the table of moves, written down here once more
    "accept": ("accepted", {"accepted", "returned"}),
    "dispatch": ("dispatched", {"accepted", "dispatched", "signed", "handling", "returned", "suspended"}),
    "sign": ("signed", {"accepted", "dispatched"}),
    "handle": ("handling", {"accepted", "dispatched", "signed", "handling", "returned", "suspended", "closed", "heard"}),
    "close": ("closed", {"accepted", "dispatched", "signed", "handling", "returned", "suspended"}),
    "feedback": ("heard", {"closed", "heard"}),
    "archive": ("archived", {"closed", "heard"}),
    "return": ("returned", {"accepted", "dispatched", "signed", "handling"}),
    "suspend": ("suspended", {"accepted", "dispatched", "signed", "handling"}),
}
BREAKS = [dt.date(1949, 9, 30), dt.date(1949, 10, 1), dt.date(1978, 12, 31), dt.date(1979, 1, 1), dt.date(2012, 10, 31), dt.date(2012, 11, 1)]
KNOWN = [*BREAKS, *EDGES, *(day.replace(year=day.year - years) for day in EDGES for years in (1, 31, 61))]
PARTS = st.sampled_from([4, 7, 10])


def dates(first: int, last: int) -> Any:
    """ISO days, some written to the month or the year only."""
    near = st.sampled_from([each for each in KNOWN if first <= each.year <= last])
    far = st.dates(dt.date(first, 1, 1), dt.date(last, 12, 31))
    return st.tuples((near | far).map(dt.date.isoformat), PARTS).map(lambda pair: pair[0][: pair[1]])


MEMBERS = st.lists(
    st.fixed_dictionaries({
        "party_status": st.sampled_from(["normal", "normal", "moved", "left"]), "join_date": dates(1945, 2027) | st.none(),
        "regular_date": dates(1946, 2027) | st.none(), "member_type": st.sampled_from(["full", "probationary"]),
        "birth": dates(1925, 2008) | st.none(),
        "sex": st.sampled_from(["1", "2"]), "nation": st.sampled_from([None, "01", "03", "97"]), "scope": st.sampled_from(GRIDS),
        "education": st.sampled_from([None, "10", "20", "30", "41", "60"]), "party_group": st.sampled_from([None, "第一党小组", "第二党小组", " "]),
        "occupation": st.sampled_from([None, "worker", "retired", "new_code"]),
    }),
    max_size=14,
).map(lambda rows: [{"id": f"m{at}", **row} for at, row in enumerate(rows)])  # fmt: skip
EVENTS = st.lists(
    st.fixed_dictionaries({
        "action": st.sampled_from(["accept", "dispatch", "close", "close", "feedback", "handle", "archive"]),
        "happened_at": DAYS | DAYS.map(lambda day: f"{day}T15:59:59.000Z") | DAYS.map(lambda day: f"{day}T16:00:00.000Z"),
        "satisfaction": st.sampled_from([None, "good", "fair", "poor", "none"]),
    }),
    max_size=5,
)  # fmt: skip
REQUESTS = st.lists(
    st.tuples(
        st.fixed_dictionaries({
            "req_date": DAYS, "due_date": DAYS | st.none(), "category": st.sampled_from([None, "property", "parking", "newer"]),
            "visit_id": st.sampled_from([None, "v0", "v1", "v2"]), "scope": st.sampled_from(GRIDS),
        }),
        EVENTS,
    ),
    max_size=10,
).map(
    lambda pairs: [
        ({"id": f"r{at}", **row}, [{"id": f"e{at}-{number}", "request_id": f"r{at}", **event} for number, event in enumerate(events)])
        for at, (row, events) in enumerate(pairs)
    ]
)  # fmt: skip
HOMES = st.lists(
    st.fixed_dictionaries({"dwelling": st.sampled_from(["owned", "rented", "vacant", "business"]), "scope": st.sampled_from(GRIDS)}),
    min_size=1, max_size=5,
).map(lambda rows: [{"id": f"h{at}", **row} for at, row in enumerate(rows)])
VISITS = st.lists(
    st.fixed_dictionaries({
        "household_id": st.sampled_from([None, "h0", "h1", "h2", "h9"]), "visit_date": DAYS, "problem": st.sampled_from([None, "漏水"]),
        "done": st.sampled_from([None, 0, 1]), "scope": st.sampled_from(GRIDS),
    }),
    max_size=12,
).map(lambda rows: [{"id": f"v{at}", **row} for at, row in enumerate(rows)])  # fmt: skip
RESIDENTS = st.lists(
    st.fixed_dictionaries({"household_id": st.sampled_from(["h0", "h1", "h2"]), "status": st.sampled_from(["here", "here", "left"]),
                           "scope": st.sampled_from(GRIDS)}),
    max_size=6,
).map(lambda rows: [{"id": f"p{at}", **row} for at, row in enumerate(rows)])  # fmt: skip
NEEDS = st.lists(
    st.fixed_dictionaries({
        "resident_id": st.sampled_from(["p0", "p1", "p2", "p9"]), "frequency": st.sampled_from(["week", "month", "quarter", "year"]),
        "from_date": DAYS | st.none(), "to_date": DAYS | st.none(),
    }),
    max_size=6,
).map(lambda rows: [{"id": f"n{at}", **row} for at, row in enumerate(rows)])  # fmt: skip


def local(moment: str) -> str:
    """The day in China: 16:00 UTC is the next day's midnight."""
    if len(moment) == 10:
        return moment
    stamp = dt.datetime.fromisoformat(moment[:19]) + dt.timedelta(hours=8)
    return stamp.date().isoformat()


def first(iso: str) -> str:
    return (iso + "-01-01")[:10]


def full_years(since: str, until: str) -> int:
    """Birthdays passed; one of 29 February is passed on the 28th of a year without."""
    year = int(until[:4])
    leapless = since[5:] == "02-29" and (year % 4 != 0 or year % 100 == 0 and year % 400 != 0)
    return year - int(since[:4]) - (("02-28" if leapless else since[5:]) > until[5:])


def members(rows: list[dict[str, Any]], day: str) -> dict[str, set[str]]:
    """Who stands in which column of R1."""
    there = [row for row in rows if row["party_status"] == "normal" and row["join_date"] and first(row["join_date"]) <= day]
    full = {row["id"] for row in there if (first(row["regular_date"]) <= day if row["regular_date"] else row["member_type"] == "full")}
    found: dict[str, set[str]] = {"党员总数": {row["id"] for row in there}, "正式": full, "预备": {row["id"] for row in there} - full}
    for row in there:
        joined = first(row["join_date"])
        when = "建国前" if joined < "1949-10" else "十一届三中全会前" if joined < "1979" else "十八大前" if joined < "2012-11" else "十八大以来"
        found.setdefault(when, set()).add(row["id"])
        if row["birth"]:
            age = full_years(first(row["birth"]), day)
            bands = {30: "≤30", 35: "31–35", 40: "36–40", 45: "41–45", 50: "46–50", 55: "51–55", 60: "56–60"}
            found.setdefault(next((name for most, name in bands.items() if age <= most), "≥61"), set()).add(row["id"])
        for name, true in (("女", row["sex"] == "2"), ("少数民族", row["nation"] in ("03", "97")),
                           ("大专及以上", row["education"] in ("10", "20", "30")),
                           ("工人(工勤技能)", row["occupation"] == "worker"), ("离退休", row["occupation"] == "retired")):  # fmt: skip
            if true:
                found.setdefault(name, set()).add(row["id"])
    return found


def closed(events: list[dict[str, Any]], end: str) -> str:
    """The day it was closed, by the table of moves, of what had happened by then."""
    state, day = "accepted", ""
    for event in sorted(events, key=lambda each: (each["happened_at"], each["id"])):
        if local(event["happened_at"]) <= end and state in MOVES[event["action"]][1]:
            state = MOVES[event["action"]][0]
            if state not in ("closed", "heard", "archived"):
                day = ""
            elif not day:
                day = local(event["happened_at"])
    return day


def requests(found: list[tuple[dict[str, Any], list[dict[str, Any]]]], since: str, until: str, today: str) -> dict[str, set[str]]:
    """Which requests stand in which column of R4, and behind its rates."""
    end = min(until, today)
    over = min(until, (dt.date.fromisoformat(today) - dt.timedelta(1)).isoformat())
    columns: dict[str, set[str]] = {}

    def put(name: str, request: str, true: object) -> None:
        if true:
            columns.setdefault(name, set()).add(request)

    for row, events in found:
        if row["req_date"] > end:
            continue
        key, due, ended = row["id"], row["due_date"] or "", closed(events, end)
        till = [each for each in events if local(each["happened_at"]) <= end]
        dispatched = any(each["action"] == "dispatch" for each in till)
        accepted = since <= row["req_date"]
        backs = [each for each in till if each["action"] == "feedback" and local(each["happened_at"]) >= since]
        asked = sorted((each["happened_at"], each["id"], each["satisfaction"]) for each in backs)
        put("受理", key, accepted)
        put("直接办结", key, accepted and ended and not dispatched)
        put("转派", key, accepted and dispatched)
        put("办结", key, ended and since <= ended)
        put("超期", key, not ended and due and due <= over)
        put("在办(未超期)", key, not ended and not (due and due <= over))
        put("应办结", key, due and since <= due <= over)
        put("按期", key, due and since <= due <= over and ended and ended <= due)
        put("受理里办结", key, accepted and ended)
        put("回访数", key, asked)
        if asked:
            put({"good": "满意", "fair": "基本满意", "poor": "不满意"}.get(asked[-1][2] or "", "没有评价"), key, True)
    return columns


def visits(kept: Any, since: str, until: str, today: str) -> dict[str, set[str]]:
    """Which rows stand in which column of R5."""
    end = min(until, today)
    doors = {row["id"]: row for row in kept.homes}
    calls = [row for row in kept.visits if row["household_id"] in doors and since <= row["visit_date"] <= until]
    went = {row["household_id"] for row in calls}
    columns: dict[str, set[str]] = {
        "总户数": set(doors), "本期走访户次": {row["id"] for row in calls}, "去重户数": went,
        "非空置": {key for key, row in doors.items() if row["dwelling"] != "vacant"}, "发现需求": set(), "转办": set(), "已解决": set(),
        "重点对象数": set(), "应访": set(), "已访": set(),
    }  # fmt: skip
    for row in calls:
        sprung = [closed(events, end) for each, events in kept.requests_raw if each["visit_id"] == row["id"] and each["req_date"] <= end]
        if row["problem"] or sprung:
            columns["发现需求"].add(row["id"])
            if sprung:
                columns["转办"].add(row["id"])
            if row["done"] == 1 or (sprung and "" not in sprung):
                columns["已解决"].add(row["id"])
    for person in kept.residents:
        own = [need for need in kept.needs if need["resident_id"] == person["id"]]
        needs = [need for need in own if (need["from_date"] or "") <= end < (need["to_date"] or "9999")]
        if person["status"] != "here" or not needs:
            continue
        columns["重点对象数"].add(person["id"])
        earlier = [row["visit_date"] for row in kept.visits if row["household_id"] == person["household_id"] and row["visit_date"] < since]
        tightest = min((need["frequency"] for need in needs), key=["week", "month", "quarter", "year"].index)
        if not earlier or person["household_id"] not in doors or _next(max(earlier), tightest) <= until:
            columns["应访"].add(person["id"])
            if person["household_id"] in went:
                columns["已访"].add(person["id"])
    return columns


def _next(last: str, frequency: str) -> str:
    day = dt.date.fromisoformat(last)
    if frequency == "week":
        return (day + dt.timedelta(7)).isoformat()
    months = {"month": 1, "quarter": 3, "year": 12}[frequency]
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, min(number, day.day)).isoformat()
        except ValueError:
            continue
    raise AssertionError(last)
