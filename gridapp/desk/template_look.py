"""Looking at somebody else's table: what it wants, what is lacking, how its records can be chosen; and what its {{字段}} can say."""

from __future__ import annotations

import calendar
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk import headings
from gridapp.desk.cells import showing
from gridapp.desk.desk import Desk
from gridapp.desk.picking import Filter, Picked, filters
from gridapp.desk.template_rows import RECORDS, rows_of
from gridapp.desk.template_source import Source
from gridapp.rules import codes
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting

if TYPE_CHECKING:
    from gridapp.ledgers.template import Part, Template

ANSWERS, KINDS = "template.answers", "template.kinds"


@dataclass(frozen=True)
class Found:
    """One table or card of a template. fills: (heading, what goes there); lacks: headings nothing is kept for; answers: what was said before.

    key: what answers and choices go by. kind: what a row is, in Chinese; kinds: what else it could be said to be. rows: how many records would be
    written when none is chosen out. begun: rows others have filled already. filters: how records can be chosen; suggested: what the title says of
    them. fields: what can be put into a column that lacks something, by name. known: (heading, field) of columns that take one field.
    """

    key: str
    sheet: str
    kind: str
    fills: tuple[tuple[str, str], ...]
    lacks: tuple[str, ...]
    answers: dict[str, str]
    rows: int
    record: str = ""
    card: bool = False
    begun: int = 0
    filters: tuple[Filter, ...] = ()
    suggested: Picked = Picked()
    fields: tuple[str, ...] = ()
    code: str = ""
    known: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FillLook:
    """What a template holds. ending: of the file it becomes. holes: {{字段}} nothing can be told for. lost: what cannot be kept of it.

    kinds: (code, Chinese) of what a table's rows can be said to be."""

    found: tuple[Found, ...]
    ending: str
    holes: tuple[str, ...] = ()
    lost: str = ""
    kinds: tuple[tuple[str, str], ...] = ()


def look_at_template(desk: Desk, path: Path, kinds: Mapping[str, str] | None = None) -> FillLook:
    """What a template wants. kinds: what its rows are, by Found.key, where the user says so. Raises Trouble for a file that cannot be filled."""
    from gridapp.ledgers.wanted import ASKED, TITLES

    with desk.store.reading() as connection:
        template = read(connection, bytes_of(path), path.name, kinds)
        said = stored(connection, ANSWERS)
        found = tuple(_found(desk, connection, part, said) for part in template.parts)
        names = tuple((kind, TITLES[kind]) for kind in ASKED)
        return FillLook(found, template.book.ending, tuple(sorted(_open(desk, template))), template.book.lost, names)


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"打不开“{path.name}”。请确认文件还在、没有被别的程序占用，再试一次。", "cannot_read") from error


def read(connection: Connection, data: bytes, name: str, kinds: Mapping[str, str] | None = None) -> Template:
    from gridapp.ledgers.template import read_template

    known: dict[str, str] = json.loads(read_setting(connection, KINDS) or "{}")
    template = read_template(data, headings.with_said(connection, {}), known | dict(kinds or {}))
    if not (template.tables or template.cards or any(template.book.holes(grid.name) for grid in template.book.grids)):
        raise Trouble(
            f"“{name}”里没有找到可以填的表：看不到“姓名、住址、日期”这样的表头，也没有 {{{{字段}}}}。请检查是不是选对了文件。", "no_table_found"
        )
    return template


def stored(connection: Connection, key: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(read_setting(connection, key) or "{}")
    return found


def before(said: Mapping[str, dict[str, str]], part: Part) -> dict[str, str]:
    return next((said[key] for key in part.keys if key in said), {})


def when(part: Part) -> tuple[int | None, int | None]:
    from gridapp.ledgers.tables import year_and_month

    return year_and_month(f"{part.title}\n{part.sheet}")


def _found(desk: Desk, connection: Connection, part: Part, said: Mapping[str, dict[str, str]]) -> Found:
    from gridapp.ledgers.wanted import TITLES, asked

    record, wants = RECORDS[part.kind], part.asks()
    fills = tuple(dict.fromkeys((want.last if not want.option else want.heading.removesuffix(want.last), want.label) for want in wants if want.name))
    lacks = tuple(dict.fromkeys(want.heading for want in wants if not want.name))
    choices = filters(connection, record)
    source = Source(connection, desk, showing(Purpose.INSIDE), Purpose.INSIDE, Picked(), desk.today().year)
    return Found(
        part.mark, part.sheet, TITLES[part.kind], fills, lacks, before(said, part), len(rows_of(part.kind, source)), record,
        part.is_card, part.begun, choices, _suggested(part, record, choices),
        tuple(term.label for term in asked(part.kind) if term.name != "serial"), part.kind,
        tuple((want.heading, want.label) for want in wants if want.name not in ("", "serial") and not (want.option or want.part or ":" in want.name)),
    )


def _suggested(part: Part, record: str, choices: tuple[Filter, ...]) -> Picked:
    """The building, the service category or the period a title or the sheet's name tells of."""
    building = _building_in(part, choices)
    if record == "service_need":
        return Picked(building=building, category=_category_in(part.title))
    year, month = when(part)
    if record not in ("visit", "request") or not year:
        return Picked(building=building)
    first, last = (month, month) if month else (1, 12)
    return Picked(building=building, since=f"{year}-{first:02d}-01", until=f"{year}-{last:02d}-{calendar.monthrange(year, last)[1]}")


def _building_in(part: Part, choices: tuple[Filter, ...]) -> str:
    """The one building we keep that the sheet's name or the title tells of; "" for none."""
    from gridapp.ledgers.tables import building_in

    said = building_in(part.sheet) or building_in(part.title)
    named = {text for each in choices if each.field == "building" for _, text in each.options}
    found = [text for text in named if said and (text == said or text.endswith(said) and not text[: -len(said)][-1:].isdigit())]
    return found[0] if len(found) == 1 else ""


def _category_in(title: str) -> str:
    """The one service category a title names, as its code; "" for none or several."""
    found = {code for code, label in codes.table("service_category").items.items() if code != "other" and label in title}
    return found.pop() if len(found) == 1 else ""


def _open(desk: Desk, template: Template) -> set[str]:
    """The holes nothing can be told for."""
    from gridapp.ledgers.asking import find
    from gridapp.ledgers.mapping import plain

    kinds = {each.sheet: each.kind for each in template.parts}
    known = words(desk, 0)
    names = {(kinds.get(grid.name, ""), name) for grid in template.book.grids for name in template.book.holes(grid.name)}
    return {name for kind, name in names if name not in known and not (kind and find(kind, (plain(name),)))}


def words(desk: Desk, count: int | None = None) -> dict[str, str]:
    """What {{字段}} can say besides the record. count: how many rows the sheet has; None on a card, where 人数 is the household's."""
    from gridapp.ledgers import cards

    day = desk.today()
    units, people = dict.fromkeys(cards.UNITS, desk.grid_name), dict.fromkeys(cards.WRITERS, desk.who)
    days = dict.fromkeys(cards.DATES, f"{day.year}年{day.month}月{day.day}日")
    numbers = {"年": day.year, "年度": day.year, "月": day.month, "日": day.day}
    numbers |= {} if count is None else dict.fromkeys(cards.NUMBERS, count)
    return units | days | people | {name: str(number) for name, number in numbers.items()}
