"""Filling somebody else's table: the facts there are go into it, for a purpose; every filling is logged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp.desk.cells import Cells, showing
from gridapp.desk.desk import Desk, Step, no_step
from gridapp.desk.giving import Given
from gridapp.desk.leaving import check_file_password, log_leaving, may_leave
from gridapp.desk.picking import Picked
from gridapp.desk.template_look import ANSWERS, KINDS, FillLook, Found, before, bytes_of, look_at_template, read, stored, when, words
from gridapp.desk.template_rows import RECORDS, rows_of
from gridapp.desk.template_source import Source
from gridapp.ledgers.reader import uncollected
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting

if TYPE_CHECKING:
    from gridapp.ledgers.cards import Card
    from gridapp.ledgers.template import Part, Table, Template

MOST_SHEETS = 200  # as many as our own reader takes
NO_CHOICE: Mapping[str, Picked] = {}


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
    file_password: str
    said: dict[str, dict[str, str]]
    holes: set[str] = field(default_factory=set)
    rows: int = 0
    matched: int = 0

    def source(self, part: Part) -> Source:
        """Where the rows of a table or card come from."""
        year, _ = when(part)
        names = [name for want in part.asks() for name in (want.name, want.heading) if name]
        show = showing(self.purpose, self.whole, names)
        return Source(self.connection, self.desk, show, self.purpose, _picked(self.picked, part), year or self.desk.today().year)

    def known(self, part: Part) -> dict[str, str]:
        """What is answered for a table, now or before; remembered for the next of its kind."""
        asked = {want.heading for want in part.asks()}
        now = {heading: text for heading, text in self.answers.items() if heading in asked}
        known = before(self.said, part) | now
        for key in part.keys:
            self.said[key] = {heading: text for heading, text in known.items() if text}
        return self.said[part.mark]


def _picked(picked: Mapping[str, Picked], part: Part) -> Picked:
    return picked.get(part.mark) or picked.get("") or Picked()


def fill_in(
    desk: Desk, path: Path, out: Path, *, purpose: Purpose, aim: str, whole: bool = False, password: str = "",
    picked: Mapping[str, Picked] = NO_CHOICE, answers: Mapping[str, str] | None = None, kinds: Mapping[str, str] | None = None, apart: bool = False,
    file_password: str = "", step: Step = no_step,
) -> Filled:
    """Fill every table and card of a template and write it to out. aim: what for, in the user's words. whole: nothing masked; takes the password.

    picked: which records, by Found.key, or "" for every table. answers: heading -> text (or {{字段}}) for what is lacking, kinds: Found.key -> what
    its rows are; both are remembered. apart: of cards one file each, in a folder called as out; else one workbook with a sheet each.
    file_password: one of the file's own, which .xlsx alone can have.
    Raises Trouble without an aim, for what may not leave, a file that cannot be filled, and when the place cannot take it; WrongPassword.
    """
    data = bytes_of(path)
    with uncollected(), desk.store.reading() as connection:
        template = read(connection, data, path.name, kinds)
        _check(desk, template, out, purpose, aim, whole, password, picked)
        _check_locked(template, file_password)
        job = _Job(desk, connection, purpose, whole, picked, answers or {}, file_password, stored(connection, ANSWERS))
        made = _apart(job, template, data, path.name, kinds, out, step) if apart and template.cards else _together(job, template, out, step)
    _log(job, template, path, aim, kinds or {})
    return replace(made, rows=job.rows, title=path.stem, open_holes=tuple(sorted(job.holes)), matched=job.matched, lost=template.book.lost)


def _check(
    desk: Desk, template: Template, out: Path, purpose: Purpose, aim: str, whole: bool, password: str, picked: Mapping[str, Picked]
) -> None:
    ending = template.book.ending
    if out.suffix.lower() != ending:
        raise Trouble(f"这份表只能写成 {ending} 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 {ending}。", "not_xlsx")
    for at, part in enumerate(template.parts):
        chosen = _picked(picked, part)
        may_leave(desk, purpose, aim, whole=whole and not at, password=password, record=RECORDS[part.kind], picked=None if whole else chosen)
    if not template.parts:
        may_leave(desk, purpose, aim)


def _check_locked(template: Template, password: str) -> None:
    check_file_password(password)
    if password and template.book.ending == ".xls":
        raise Trouble("旧格式 .xls 不能加打开密码。请去掉打开密码，或先在 Excel、WPS 里把空表另存为 .xlsx 再填。", "xls_password")


def _together(job: _Job, template: Template, out: Path, step: Step) -> Filled:
    from gridapp.ledgers import putting

    _fill_sheets(job, template)
    for card in template.cards:
        rows = rows_of(card.kind, job.source(card))
        _fill_cards(job, template, card, rows, step)
    putting.write(template, out, job.file_password)
    return Filled(out, 0, "")


def _fill_sheets(job: _Job, template: Template) -> None:
    """The sheets that are no cards: their tables, and what is told of them."""
    from gridapp.ledgers import putting

    cards = {card.sheet for card in template.cards}
    for sheet in [grid.name for grid in template.book.grids if grid.name not in cards]:
        tables = [(table, rows_of(table.kind, job.source(table)), job.known(table)) for table in template.tables if table.sheet == sheet]
        told = words(job.desk, sum(len(rows) for _, rows, _ in tables))
        patterned = {name for table, *_ in tables for text in table.patterns.values() for name in putting.HOLE.findall(text)}
        job.holes |= putting.fill_words(template.book, sheet, told.get) - patterned
        for table, *_ in tables:
            putting.fill_labels(template.book, sheet, table.top, told)
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
        job.holes |= putting.fill_card(template.book, card, name, row, _of(within, row), answers, words(job.desk))
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
            one = read(job.connection, data, name, kinds)
            for each in one.cards[at + 1 :] + one.cards[:at]:
                _fill_cards(job, one, each, [], step)
            _fill_sheets(job, one)
            _fill_cards(job, one, one.cards[at], [row], step)
            putting.write(one, folder / f"{out.stem}-{count:03d}{out.suffix}", job.file_password)
    return Filled(folder, 0, "", files=count)


def _log(job: _Job, template: Template, path: Path, aim: str, kinds: Mapping[str, str]) -> None:
    with job.desk.store.work() as work:
        write_setting(work.connection, ANSWERS, json.dumps(job.said, ensure_ascii=False))
        if kinds:
            known = json.loads(read_setting(work.connection, KINDS) or "{}")
            write_setting(work.connection, KINDS, json.dumps(known | dict(kinds), ensure_ascii=False))
        parts = template.parts
        record = RECORDS[parts[0].kind] if parts else "template"
        chosen = _picked(job.picked, parts[0]) if parts else Picked()
        log_leaving(
            work.connection, job.desk, record=record, title=f"填表“{path.stem}”", purpose=job.purpose, aim=aim, whole=job.whole, picked=chosen,
            locked=bool(job.file_password),
        )
        work.keep()


__all__ = ["FillLook", "Filled", "Found", "fill_in", "look_at_template"]
