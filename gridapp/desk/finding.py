"""Finding a person, a door or a request by what one remembers: name, initials, pinyin, 3-2-501, the last four digits, its number or a sheet's."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.desk import facts
from gridapp.desk.desk import Desk
from gridapp.desk.facts import Households, Row
from gridapp.desk.sheet_numbers import households_of
from gridapp.records import BY_NAME
from gridapp.rules import masking
from gridapp.rules.addresses import door_order
from gridapp.rules.codes import table
from gridapp.store import Connection
from gridapp.store.read import row as read_row
from gridapp.store.search import containing, people, spell_names


@dataclass(frozen=True)
class Hit:
    """Something found: which row, a title and a line to recognise it by, and its household."""

    record: str
    id: str
    title: str
    subtitle: str
    household_id: str | None = None


def find(desk: Desk, text: str, limit: int = 20) -> list[Hit]:
    """At most `limit` hits, households first when the text looks like a door, people first otherwise."""
    word = text.strip()
    if not word:
        return []
    spell_names(desk.store.engine)
    with desk.store.reading() as connection:
        homes = facts.households(connection, desk.today())
        doors = [_door(homes, home) for home in homes.rows if _at(homes.place(home), word)]
        persons = _people(connection, homes, word)
        sheets = [_door(homes, home) for home in households_of(connection, word) if home in homes.rows]
        requests = [_request(row, homes) for row in _request_rows(connection, word)]
    first, second = (doors, persons) if word[0].isdigit() and "-" in word else (persons, doors)
    return (sheets + first + second + requests)[:limit]


def households(desk: Desk, text: str, limit: int = 20) -> list[Hit]:
    """Households by door or by anybody who lives there."""
    hits = find(desk, text, limit * 3)
    with desk.store.reading() as connection:
        homes = facts.households(connection, desk.today())
    found = dict.fromkeys(hit.household_id for hit in hits if hit.household_id and hit.record != "request")
    return [_door(homes, home) for home in found if home in homes.rows][:limit]


def options(desk: Desk, target: str, text: str = "", limit: int = 50) -> list[tuple[str, str]]:
    """What a link may point at: (id, label), filtered by text."""
    if target in ("household", "resident", "member", "request") and text.strip():
        hits = households(desk, text, limit) if target == "household" else [hit for hit in find(desk, text, limit * 3) if hit.record == target]
        return [(hit.id, f"{hit.title} {hit.subtitle}".strip()) for hit in hits][:limit]
    with desk.store.reading() as connection:
        homes = facts.households(connection, desk.today())
        labelled = [(row["id"], label(homes, target, row)) for row in facts.rows(connection, target)]
    return sorted((pair for pair in labelled if text.strip() in pair[1]), key=lambda pair: _place_in(pair[1]))[:limit]


def name_of(desk: Desk, target: str, row_id: str) -> str:
    """How the row a link points at is called; "" when it is gone."""
    with desk.store.reading() as connection:
        row = read_row(connection, target, row_id)
        return label(facts.households(connection, desk.today()), target, row) if row else ""


def label(homes: Households, record: str, row: Row) -> str:
    """How a row is called in a list of choices."""
    if record == "household":
        return f"{homes.place(row['id'])} {masking.name(homes.head_name(row['id']))}".strip()
    if record in ("resident", "member"):
        return f"{masking.name(row['name'])} {homes.place(row['household_id'])}".strip()
    if record == "building":
        return f"{row['estate'] or ''}{row['building']}号楼"
    if record == "visit":
        return f"{row['visit_date']} {homes.place(row['household_id']) or row['place'] or ''}".strip()
    return row.get("req_no") or row.get("name") or BY_NAME[record].title


def _place_in(text: str) -> tuple[tuple[int, str], ...]:
    return door_order(text.split(" ")[0].replace("号楼", ""))


def _at(place: str, word: str) -> bool:
    return place.startswith(word) or (word.isdigit() and len(word) >= 3 and place.split("-")[-1] == word)


def _door(homes: Households, home: str) -> Hit:
    line = f"{masking.name(homes.head_name(home))} · {table('dwelling').label(homes.rows[home]['dwelling'])} · {homes.count(home)} 人"
    return Hit("household", home, homes.place(home), line.lstrip(" ·"), home)


def _people(connection: Connection, homes: Households, word: str) -> list[Hit]:
    hits = []
    for record in ("resident", "member"):
        for row in people(connection, record, word):
            place = homes.place(row["household_id"])
            what = "党员" if record == "member" else table("relation").label(row["relation"]) if row["relation"] else "居民"
            hits.append(Hit(record, row["id"], masking.name(row["name"]), " · ".join(filter(None, (place, what))), row["household_id"]))
    return hits


def _request_rows(connection: Connection, word: str) -> list[Row]:
    return containing(connection, "request", ("req_no", "content"), word) if len(word) >= 2 or not word.isascii() else []


def _request(row: Row, homes: Households) -> Hit:
    return Hit("request", row["id"], f"{row['req_no']} {row['content'][:30]}", homes.place(row["household_id"]), row["household_id"])
