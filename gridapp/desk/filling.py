"""Filling somebody else's table: find what it wants, say what is lacking, and write the facts there are; every filling is logged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk import headings
from gridapp.desk.asked_rows import RECORDS, Source, rows_of
from gridapp.desk.cells import Cells, showing
from gridapp.desk.desk import Desk, Step, no_step
from gridapp.desk.giving import Given
from gridapp.desk.leaving import log_leaving, may_leave
from gridapp.desk.picking import Filter, Picked, filters
from gridapp.ledgers.reader import uncollected
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting

if TYPE_CHECKING:
    from gridapp.ledgers.cards import Card
    from gridapp.ledgers.template import Table, Template

ANSWERS, KINDS = "template.answers", "template.kinds"
MOST_SHEETS = 200  # as many as our own reader takes
NO_CHOICE: Mapping[str, Picked] = {}
Part = "Table | Card[Table]"


@dataclass(frozen=True)
class Found:
    """One table or card of a template. fills: (heading, what goes there); lacks: headings nothing is kept for; answers: what was said before.

    key: what answers and choices go by. kind: what a row is, in Chinese; kinds: what else it could be said to be. rows: how many records would be
    written when none is chosen out. begun: rows others have filled already. filters: how records can be chosen; suggested: what the title says of
    them. fields: what can be put into a column that lacks something, by name.
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


@dataclass(frozen=True)
class Look:
    """What a template holds. ending: of the file it becomes. holes: {{字段}} nothing can be told for. lost: what cannot be kept of it, "" for nothing.
    kinds: (code, Chinese) of what a table's rows can be said to be."""

    found: tuple[Found, ...]
    ending: str
    holes: tuple[str, ...] = ()
    lost: str = ""
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Filled(Given):
    """The filled file, or the folder of the files. open_holes: {{字段}} nothing was told for. matched: rows of others that were completed.

    files: how many there are. lost: what could not be kept of the template."""

    open_holes: tuple[str, ...] = ()
    matched: int = 0
    files: int = 1
    lost: str = ""


@dataclass
class _Job:
    """One filling under way."""

    desk: Desk
    connection: Connection
    purpose: Purpose
    whole: bool
    picked: Mapping[str, Picked]
    answers: Mapping[str, str]
    said: dict[str, dict[str, str]]
    holes: set[str] = field(default_factory=set)
    rows: int = 0
    matched: int = 0

    def source(self, part: Table | Card[Table]) -> Source:
        """Where the rows of a table or card come from."""
        year, _ = _when(part)
        show = showing(self.purpose, self.whole, _names(part))
        return Source(self.connection, self.desk, show, self.purpose, _picked(self.picked, part), year or self.desk.today().year)

    def known(self, part: Table | Card[Table]) -> dict[str, str]:
        """What is answered for a table, now or before; remembered for the next of its kind."""
        asked = {want.heading for want in _wants(part)}
        now = {heading: text for heading, text in self.answers.items() if heading in asked}
        known = _before(self.said, part) | now
        for key in _keys(part):
            self.said[key] = {heading: text for heading, text in known.items() if text}
        return self.said[part.mark]


def look_at_template(desk: Desk, path: Path, kinds: Mapping[str, str] | None = None) -> Look:
    """What a template wants. kinds: what its rows are, by Found.key, where the user says so. Raises Trouble for a file that cannot be filled."""
    from gridapp.ledgers.wanted import ASKED, TITLES

    with desk.store.reading() as connection:
        template = _read(connection, _bytes(path), path.name, kinds)
        said = _stored(connection, ANSWERS)
        found = tuple(_found(desk, connection, part, said) for part in (*template.cards, *template.tables))
        names = tuple((kind, TITLES[kind]) for kind in ASKED)
        return Look(found, template.book.ending, tuple(sorted(_open(desk, template))), template.book.lost, names)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"打不开“{path.name}”。请确认文件还在、没有被别的程序占用，再试一次。", "cannot_read") from error


def _read(connection: Connection, data: bytes, name: str, kinds: Mapping[str, str] | None = None) -> Template:
    from gridapp.ledgers.template import read_template

    known: dict[str, str] = json.loads(read_setting(connection, KINDS) or "{}")
    template = read_template(data, headings.with_said(connection, {}), known | dict(kinds or {}))
    if not (template.tables or template.cards or any(template.book.holes(grid.name) for grid in template.book.grids)):
        raise Trouble(
            f"“{name}”里没有找到可以填的表：看不到“姓名、住址、日期”这样的表头，也没有 {{{{字段}}}}。请检查是不是选对了文件。", "no_table_found"
        )
    return template


def _stored(connection: Connection, key: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(read_setting(connection, key) or "{}")
    return found


def _wants(part: Table | Card[Table]) -> list:  # type: ignore[type-arg]
    from gridapp.ledgers.cards import Card

    if isinstance(part, Card):
        return [*part.wants.values(), *part.lacks.values(), *(want for table in part.tables for want in table.wanted().values())]
    return list(part.wanted().values())


def _names(part: Table | Card[Table]) -> list[str]:
    return [name for want in _wants(part) for name in (want.name, want.heading) if name]


def _keys(part: Table | Card[Table]) -> tuple[str, ...]:
    """By headings and title, then by the headings alone."""
    from gridapp.ledgers.template import mark

    return part.mark, mark(((want.heading,) for want in _wants(part)), "")


def _before(said: Mapping[str, dict[str, str]], part: Table | Card[Table]) -> dict[str, str]:
    return next((said[key] for key in _keys(part) if key in said), {})


def _when(part: Table | Card[Table]) -> tuple[int | None, int | None]:
    from gridapp.ledgers.tables import year_and_month

    return year_and_month(f"{part.title}\n{part.sheet}")


def _picked(picked: Mapping[str, Picked], part: Table | Card[Table]) -> Picked:
    return picked.get(part.mark) or picked.get("") or Picked()


def _found(desk: Desk, connection: Connection, part: Table | Card[Table], said: Mapping[str, dict[str, str]]) -> Found:
    from gridapp.ledgers.cards import Card
    from gridapp.ledgers.wanted import TITLES, asked

    record, wants = RECORDS[part.kind], _wants(part)
    fills = tuple(dict.fromkeys((want.last if not want.option else want.heading.removesuffix(want.last), want.label) for want in wants if want.name))
    lacks = tuple(dict.fromkeys(want.heading for want in wants if not want.name))
    source = Source(connection, desk, showing(Purpose.INSIDE), Purpose.INSIDE, Picked(), desk.today().year)
    return Found(
        part.mark, part.sheet, TITLES[part.kind], fills, lacks, _before(said, part), len(rows_of(part.kind, source)), record,
        isinstance(part, Card), 0 if isinstance(part, Card) else len(part.existing), filters(connection, record), _suggested(part, record),
        tuple(term.label for term in asked(part.kind) if term.name != "serial"), part.kind,
    )


def _suggested(part: Table | Card[Table], record: str) -> Picked:
    """The period a title names, for what happens on days."""
    year, month = _when(part)
    if record not in ("visit", "request") or not year:
        return Picked()
    first, last = (month, month) if month else (1, 12)
    days = 29 if last == 2 and year % 4 == 0 else 28 if last == 2 else 30 if last in (4, 6, 9, 11) else 31
    return Picked(since=f"{year}-{first:02d}-01", until=f"{year}-{last:02d}-{days}")


def _open(desk: Desk, template: Template) -> set[str]:
    """The holes nothing can be told for."""
    from gridapp.ledgers.asking import find
    from gridapp.ledgers.mapping import plain

    kinds = {each.sheet: each.kind for each in (*template.cards, *template.tables)}
    known = _words(desk, 0)
    names = {(kinds.get(grid.name, ""), name) for grid in template.book.grids for name in template.book.holes(grid.name)}
    return {name for kind, name in names if name not in known and not (kind and find(kind, (plain(name),)))}


def fill_in(
    desk: Desk, path: Path, out: Path, *, purpose: Purpose, aim: str, whole: bool = False, password: str = "", picked: Mapping[str, Picked] = NO_CHOICE,
    answers: Mapping[str, str] | None = None, kinds: Mapping[str, str] | None = None, apart: bool = False, step: Step = no_step,
) -> Filled:
    """Fill every table and card of a template and write it to out. aim: what for, in the user's words. whole: nothing masked; takes the password.

    picked: which records, by Found.key, or "" for every table. answers: heading -> text (or {{字段}}) for what is lacking, kinds: Found.key -> what its
    rows are; both are remembered. apart: of cards one file each, in a folder called as out; else one workbook with a sheet each.
    Raises Trouble without an aim, for what may not leave, a file that cannot be filled, and when the place cannot take it; WrongPassword.
    """
    data = _bytes(path)
    with uncollected(), desk.store.reading() as connection:
        template = _read(connection, data, path.name, kinds)
        _check(desk, template, out, purpose, aim, whole, password, picked)
        job = _Job(desk, connection, purpose, whole, picked, answers or {}, _stored(connection, ANSWERS))
        made = _apart(job, template, data, path.name, kinds, out, step) if apart and template.cards else _together(job, template, out, step)
    _log(job, template, path, aim, kinds or {})
    return replace(made, rows=job.rows, title=path.stem, open_holes=tuple(sorted(job.holes)), matched=job.matched, lost=template.book.lost)


def _check(
    desk: Desk, template: Template, out: Path, purpose: Purpose, aim: str, whole: bool, password: str, picked: Mapping[str, Picked]
) -> None:
    ending = template.book.ending
    if out.suffix.lower() != ending:
        raise Trouble(f"这份表只能写成 {ending} 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 {ending}。", "not_xlsx")
    for at, part in enumerate((*template.cards, *template.tables)):
        chosen = _picked(picked, part)
        may_leave(desk, purpose, aim, whole=whole and not at, password=password, record=RECORDS[part.kind], picked=None if whole else chosen)
    if not (template.cards or template.tables):
        may_leave(desk, purpose, aim)


def _together(job: _Job, template: Template, out: Path, step: Step) -> Filled:
    from gridapp.ledgers import putting

    _fill_sheets(job, template)
    for card in template.cards:
        rows = rows_of(card.kind, job.source(card))
        _fill_cards(job, template, card, rows, step)
    putting.write(template, out)
    return Filled(out, 0, "")


def _fill_sheets(job: _Job, template: Template) -> None:
    """The sheets that are no cards: their tables, and what is told of them."""
    from gridapp.ledgers import putting

    cards = {card.sheet for card in template.cards}
    for sheet in [grid.name for grid in template.book.grids if grid.name not in cards]:
        tables = [(table, rows_of(table.kind, job.source(table)), job.known(table)) for table in template.tables if table.sheet == sheet]
        words = _words(job.desk, sum(len(rows) for _, rows, _ in tables))
        patterned = {name for table, *_ in tables for text in table.patterns.values() for name in putting.HOLE.findall(text)}
        job.holes |= putting.fill_words(template.book, sheet, lambda name, words=words: words.get(name)) - patterned  # type: ignore[misc]
        for table, *_ in tables:
            putting.fill_labels(template.book, sheet, table.top, words)
        done = putting.fill_tables(template.book, tables)
        job.rows += sum(len(rows) for _, rows, _ in tables)
        job.matched += sum(put.matched for put in done)


def _fill_cards(job: _Job, template: Template, card: Card[Table], rows: Sequence[Cells], step: Step) -> None:
    """One sheet a record; of no record the card stays as it is."""
    from gridapp.ledgers import putting

    if len(rows) > 1 and not template.book.copies:
        raise Trouble("旧格式 .xls 的卡片不能在一个文件里复制成多张。请选“每条一个文件”，或先在 Excel、WPS 里另存为 .xlsx 再填。", "xls_cards")
    if len(rows) > MOST_SHEETS:
        raise Trouble(f"一个工作簿最多放 {MOST_SHEETS} 张卡片，现在有 {len(rows):,} 条。请用条件选出一部分，或选“每条一个文件”。", "too_many_cards")
    names = _sheet_names(template, card, rows, job.whole)
    if len(rows) > 1:
        template.book.copy_sheet(card.sheet, names)
    within, answers = _within(job, card), job.known(card)
    for at, (name, row) in enumerate(zip(names if len(rows) > 1 else [card.sheet] * len(rows), rows, strict=True)):
        step(at, len(rows))
        job.holes |= putting.fill_card(template.book, card, name, row, _of(within, row), answers, _words(job.desk))
    job.rows += len(rows)


def _sheet_names(template: Template, card: Card[Table], rows: Sequence[Cells], whole: bool) -> list[str]:
    """001, 002 ...; with a name only where names may be read anyhow: tabs show even when the sheet does not."""
    others = {grid.name.casefold() for grid in template.book.grids if grid.name != card.sheet}
    names: list[str] = []
    for at, row in enumerate(rows, 1):
        said = row.get("name") or row.get("household_head") or row.get("door") or "" if whole else ""
        plain = "".join(character for character in said if character not in "[]:*?/\\'")[:20]
        name = f"{at:03d}{' ' if plain else ''}{plain}"
        names.append(name if name.casefold() not in others else f"{name}#")
    return names


def _within(job: _Job, card: Card[Table]) -> list[dict[str, list[Cells]]]:
    """For each table of a card its rows by household; those of people nobody keeps the family of are none."""
    found: list[dict[str, list[Cells]]] = []
    for table in card.tables:
        by_home: dict[str, list[Cells]] = {}
        rows = rows_of(table.kind, replace(job.source(table), picked=Picked())) if card.kind != "party" else []
        for row in rows:
            by_home.setdefault(row.get("=home", ""), []).append(row)
        found.append(by_home)
    return found


def _of(within: Sequence[Mapping[str, list[Cells]]], row: Cells) -> dict[int, list[Cells]]:
    home = row.get("=home", "")
    return {at: by_home.get(home, []) if home else [] for at, by_home in enumerate(within)}


def _apart(job: _Job, template: Template, data: bytes, name: str, kinds: Mapping[str, str] | None, out: Path, step: Step) -> Filled:
    """One file a record, numbered: a file's name may tell nothing of anybody."""
    from gridapp.ledgers import putting

    folder, count = out.with_suffix(""), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"建不了文件夹“{folder.name}”。请检查 U 盘是否插好、是否只读，或换一个位置。", "cannot_write") from error
    for at, card in enumerate(template.cards):
        rows = rows_of(card.kind, job.source(card))
        for row in rows:
            step(count, len(rows))
            count += 1
            one = _read(job.connection, data, name, kinds)
            for each in one.cards[at + 1 :] + one.cards[:at]:
                _fill_cards(job, one, each, [], step)
            _fill_sheets(job, one)
            _fill_cards(job, one, one.cards[at], [row], step)
            putting.write(one, folder / f"{out.stem}-{count:03d}{out.suffix}")
    return Filled(folder, 0, "", files=count)


def _words(desk: Desk, count: int | None = None) -> dict[str, str]:
    """What {{字段}} can say besides the record. count: how many rows the sheet has; None on a card, where 人数 is the household's."""
    day = desk.today()
    today = f"{day.year}年{day.month}月{day.day}日"
    units = dict.fromkeys(("填报单位", "单位", "网格", "网格名称", "党支部", "支部", "党组织", "单位名称", "党支部名称", "支部名称"), desk.grid_name)
    days = dict.fromkeys(("填报日期", "日期", "制表日期", "填表日期", "填报时间", "填表时间", "今天"), today)
    people = dict.fromkeys(("填表人", "制表人", "填报人", "经办人"), desk.who)
    numbers = {"年": day.year, "年度": day.year, "月": day.month, "日": day.day}
    numbers |= {} if count is None else dict.fromkeys(("人数", "户数", "合计", "总数", "条数"), count)
    return units | days | people | {name: str(number) for name, number in numbers.items()}


def _log(job: _Job, template: Template, path: Path, aim: str, kinds: Mapping[str, str]) -> None:
    with job.desk.store.work() as work:
        write_setting(work.connection, ANSWERS, json.dumps(job.said, ensure_ascii=False))
        if kinds:
            known = json.loads(read_setting(work.connection, KINDS) or "{}")
            write_setting(work.connection, KINDS, json.dumps(known | dict(kinds), ensure_ascii=False))
        parts = [*template.cards, *template.tables]
        record = RECORDS[parts[0].kind] if parts else "template"
        chosen = _picked(job.picked, parts[0]) if parts else Picked()
        log_leaving(
            work.connection, job.desk, record=record, title=f"填表“{path.stem}”", purpose=job.purpose, aim=aim, whole=job.whole, picked=chosen
        )
        work.keep()
