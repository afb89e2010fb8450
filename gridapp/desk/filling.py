"""Filling somebody else's table: find what its columns want, say what is lacking, and write the facts there are; every filling is logged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk import facts, headings
from gridapp.desk.cells import Cells, Show, by_door, masked_text, own, whole_text
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.giving import ROWS, Given
from gridapp.ledgers.drafts import written_address
from gridapp.ledgers.reader import uncollected
from gridapp.records import BY_NAME, columns
from gridapp.records.kinds import Name
from gridapp.rules import due, relations
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting

if TYPE_CHECKING:
    from gridapp.ledgers.template import Template

SETTING = "template.answers"
RECORDS = {"resident": "resident", "household": "household", "party": "member", "visit": "visit", "request": "request"}
TITLES = {"resident": "居民", "household": "住户", "party": "党员", "visit": "走访", "request": "服务事项"}


@dataclass(frozen=True)
class Found:
    """One table of a template. fills: (heading, what goes there); lacks: headings nothing is kept for; answers: what was said of those before.

    rows: how many records would be written."""

    key: str
    sheet: str
    kind: str
    fills: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    answers: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Filled(Given):
    """The filled file. open_holes: {{字段}} nothing was told for."""

    open_holes: tuple[str, ...] = ()


def look_at_template(desk: Desk, path: Path) -> list[Found]:
    """What the tables of a template want. Raises Trouble for a file that cannot be filled."""
    with desk.store.reading() as connection:
        _, templates = _read(connection, path)
        said = _answers(connection)
        return [_found(desk, connection, each, said.get(each.signature, {})) for each in templates]


def _read(connection: Connection, path: Path) -> tuple[object, list[Template]]:
    from gridapp.ledgers.template import read_template

    try:
        data = path.read_bytes()
    except OSError as error:
        raise Trouble(f"打不开“{path.name}”。请确认文件还在、没有被别的程序占用，再试一次。", "cannot_read") from error
    package, templates = read_template(data, headings.with_said(connection, {}))
    if not templates:
        raise Trouble(f"“{path.name}”里没有找到可以填的表：看不到“姓名、住址、日期”这样的表头。请检查是不是选对了文件。", "no_table_found")
    return package, templates


def _answers(connection: Connection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(read_setting(connection, SETTING) or "{}")
    return found


def _found(desk: Desk, connection: Connection, template: Template, answers: dict[str, str]) -> Found:
    mapping, wanted = template.mapping, template.wanted()
    known = _fields(template.kind)
    ticked = {column: first for first, options in mapping.ticks.items() for column in options}
    named = {column: mapping.terms.get(ticked.get(column, column)) for column in wanted}
    answered = {column: term for column, term in named.items() if term and term.name in known}
    fills = tuple(dict.fromkeys((_last(template, ticked.get(column), column), term.label) for column, term in answered.items()))
    lacks = tuple(wanted[column] for column, term in named.items() if not term or term.name not in known)
    count = len(_rows(connection, desk, template, masked_text))
    return Found(template.signature, template.sheet, TITLES[template.kind], fills, lacks, answers, count)


def _last(template: Template, group: int | None, column: int) -> str:
    """A heading as people say it: its last level; of columns to tick, the group's."""
    path = template.header.paths[column]
    return path[-2 if group is not None else -1]


def _fields(kind: str) -> set[str]:
    """The names of terms a row of this kind can answer."""
    own_names = {each.ledger for each in columns(BY_NAME[RECORDS[kind]])}
    return own_names | MORE[kind] | {"serial"}


MORE = {
    "resident": {"address", "building", "unit", "room", "household_head", "household_size", "dwelling", "age"},
    "household": {"address", "building", "has_member", "visit_level", "last_visit"},
    "party": {"age", "party_age", "org"},
    "visit": {"address"},
    "request": {"address", "done_date", "status", "satisfaction", "is_late", "grid", "follow_up"},
}


def fill_in(
    desk: Desk, path: Path, out: Path, *, purpose: str, masked: bool = True, answers: Mapping[str, str] | None = None, step: Step = no_step
) -> Filled:
    """Fill every table of a template and write it to out; answers (heading -> text) fill what is lacking and are remembered for the next time.

    Raises Trouble without a purpose, for a file that cannot be filled, and when the place cannot take it.
    """
    from gridapp.ledgers import template as templates

    if not purpose.strip():
        raise Trouble("还没有写明用途。请填写这份表给谁、做什么用。", "no_purpose")
    if out.suffix.lower() != ".xlsx":
        raise Trouble(f"只能写成 .xlsx 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 .xlsx。", "not_xlsx")
    count, holes = 0, set()
    with uncollected(), desk.store.reading() as connection:
        package, found = _read(connection, path)
        said = _answers(connection)
        for at, each in enumerate(found):
            step(at, len(found))
            rows = _rows(connection, desk, each, masked_text if masked else whole_text)
            known = said.get(each.signature, {}) | dict(answers or {})
            said[each.signature] = {heading: text for heading, text in known.items() if heading in each.mapping.headings.values() and text}
            holes |= templates.fill_template(package, each, rows, known, _words(desk, len(rows)))  # type: ignore[arg-type]
            count += len(rows)
        templates.write(package, out)  # type: ignore[arg-type]
    _log(desk, said, path, purpose, masked)
    return Filled(out, count, path.stem, tuple(sorted(holes)))


def _words(desk: Desk, count: int) -> dict[str, str]:
    """What {{字段}} can say besides the table."""
    day = desk.today()
    today = f"{day.year}年{day.month}月{day.day}日"
    units = dict.fromkeys(("填报单位", "单位", "网格", "网格名称", "党支部", "支部", "党组织"), desk.grid_name)
    days = dict.fromkeys(("填报日期", "日期", "制表日期", "填表日期"), today)
    people = dict.fromkeys(("填表人", "制表人", "填报人", "经办人"), desk.who)
    numbers = {"年": day.year, "月": day.month, "日": day.day, "人数": count, "户数": count, "合计": count}
    return units | days | people | {name: str(number) for name, number in numbers.items()}


def _log(desk: Desk, said: dict[str, dict[str, str]], path: Path, purpose: str, masked: bool) -> None:
    with desk.store.work() as work:
        write_setting(work.connection, SETTING, json.dumps(said, ensure_ascii=False))
        note(work.connection, desk, "export", record="template", field="masked" if masked else "full", purpose=f"{path.stem}：{purpose.strip()}")
        work.keep()


def _rows(connection: Connection, desk: Desk, template: Template, show: Show) -> list[Cells]:
    return [_named(RECORDS[template.kind], cells) for cells in SOURCES[template.kind](connection, desk, show)]


def _named(record: str, cells: Cells) -> Cells:
    """By the names ledgers use."""
    return cells | {each.ledger: cells[each.name] for each in columns(BY_NAME[record]) if each.name in cells}


def _residents(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    homes, found = facts.households(connection, desk.today()), []
    name = Name(0, "", secrecy=1)
    for home in by_door(homes):
        place = own("household", home, show) | {"building": homes.buildings.get(home["building_id"], {}).get("building") or ""}
        shared = {
            **{key: place[key] for key in ("building", "unit", "room", "dwelling")},
            "address": written_address(place),
            "household_head": show(name, homes.head_name(home["id"])),
            "household_size": str(homes.count(home["id"])),
        }
        for person in sorted(homes.people.get(home["id"], []), key=_head_first):
            years = due.age(str(person["birth_year"] or ""), desk.today())
            found.append(own("resident", person, show) | shared | {"age": _years(years)})
    return found


def _head_first(person: facts.Row) -> tuple[bool, str, str]:
    return person["relation"] != relations.HEAD, person["relation"] or "", person["id"]


def _years(found: int | None) -> str:
    return "" if found is None else str(found)


def _members(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    rows = sorted(facts.rows(connection, "member"), key=lambda row: (row["party_group"] or "", row["join_date"] or "", row["id"]))
    today = desk.today()
    return [
        own("member", row, show) | {"party_age": facts.party_years(row, today), "age": _years(due.age(row["birth"], today)), "org": desk.grid_name}
        for row in rows
    ]


def _households(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    rows = ROWS["household"](connection, desk, show)
    return [
        cells
        | {
            "address": written_address(cells), "household_head": cells["contact"], "household_size": cells["resident_count"],
            "has_member": cells["is_party"], "visit_level": cells["level"],
        }
        for cells in rows
    ]


def _visits(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    return [cells | {"address": cells["home"]} for cells in ROWS["visit"](connection, desk, show)]


def _requests(connection: Connection, desk: Desk, show: Show) -> list[Cells]:
    more = {"done_date": "closed_on", "status": "result", "follow_up": "feedback_manner"}
    rows = ROWS["request"](connection, desk, show)
    return [cells | {name: cells[of] for name, of in more.items()} for cells in rows]


SOURCES: dict[str, Callable[[Connection, Desk, Show], list[Cells]]] = {
    "resident": _residents, "household": _households, "party": _members, "visit": _visits, "request": _requests,
}
