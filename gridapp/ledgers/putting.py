"""Filling a template: rows into its tables, a record into its cards, words into its {{holes}} and behind 填报单位："""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gridapp.ledgers.asking import Want, find, renamed
from gridapp.ledgers.cards import Card
from gridapp.ledgers.holes import HOLE, Tell, filled
from gridapp.ledgers.mapping import plain
from gridapp.ledgers.matched import match
from gridapp.ledgers.template import Book, Table, Template
from gridapp.ledgers.wording import Look, Value, Write, writer

UNIT = re.compile(r"((?:填报|制表|报送|上报|填表)?(?:单位|网格|党组织|党支部|支部)(?:名称)?(?:[（(](?:盖章|公章|章)[）)])?\s*[:：])[\s_＿]*$")
DAY = re.compile(r"((?:填报|制表|报送|上报|填表|统计)?(?:日期|时间)\s*[:：])[\s_＿]*(?:年[\s_＿]*月[\s_＿]*日)?[\s_＿]*$")
BOX = re.compile(r"[□☐](?=\s*([^□☐☑\s]{1,12}))")
LEAVE = "{{留空}}"
Row = Mapping[str, str]
Values = dict[int, Value]


@dataclass(frozen=True)
class Put:
    """What became of the rows of one table: filled into rows others had begun, and rows of their own."""

    matched: int
    added: int


def fill_table(book: Book, table: Table, rows: Sequence[Row], answers: Mapping[str, str], room: int | None = None) -> Put:
    """Write rows (values by the names of terms, as they read) into a table. answers: by heading, for columns we keep nothing for.

    room: for how many rows room was made already, where tables stand side by side.
    """
    table = answered(table, answers)
    pairs, rest = match(table, rows)
    write = _row_writer(table, answers)
    begun = {existing.row: _only(write(_serial(table, existing.row), row), existing.blank) for existing, row in pairs}
    start = len(table.existing) + 1
    added = {table.first + at: write(str(start + at), row) for at, row in enumerate(rest)}
    if room is None:
        book.make_room(table.sheet, table.first, table.ready, len(rest))
    if table.patterns and not rest:
        added = {table.first: dict.fromkeys(table.patterns, "")}
    book.put_rows(table.sheet, begun | added)
    if len(pairs) + len(rest) != len(rows):
        raise AssertionError("rows out are not the rows selected")
    return Put(len(pairs), len(rest))


def _only(values: Values, blank: frozenset[int]) -> Values:
    return {column: value for column, value in values.items() if column in blank}


def _serial(table: Table, row: int) -> str:
    return str(next(at for at, each in enumerate(table.existing, 1) if each.row == row))


def answered(table: Table, answers: Mapping[str, str]) -> Table:
    """The table with columns that the user said mean one of our own fields ({{联系电话}}), or shall stay blank."""
    said: dict[int, str] = {}
    for column, want in table.wish.wants.items():
        answer = answers.get(want.heading, "")
        hole = HOLE.fullmatch(answer)
        if answer == LEAVE:
            said[column] = ""
        elif hole and (term := find(table.kind, (plain(hole[1]),))):
            said[column] = term.name
    return replace(table, wish=renamed(table.wish, said)) if said else table


def _row_writer(table: Table, answers: Mapping[str, str]) -> Callable[[str, Row], Values]:
    """What turns a row into the values of its columns."""
    writes: dict[int, Callable[[str, Row], Value]] = {}
    for column, want in table.wanted().items():
        answer = answers.get(want.heading, "")
        if column in table.patterns and not HOLE.fullmatch(table.patterns[column]):
            writes[column] = _of_pattern(table.kind, table.patterns[column])
        elif want.name or (answer and answer != LEAVE):
            writes[column] = _of_want(table.kind, want, table.looks.get(column, Look()), "" if answer == LEAVE else answer)
    return lambda serial, row: {column: write(serial, row) for column, write in writes.items()}


def _of_want(kind: str, want: Want, look: Look, answer: str) -> Callable[[str, Row], Value]:
    write: Write = writer(kind, want, look)
    if want.name == "serial":
        return lambda serial, row: write(serial)
    fixed = answer if answer and not HOLE.fullmatch(answer) else ""
    if not fixed:
        return lambda serial, row: write(row.get(want.name, ""))
    return lambda serial, row: filled(fixed, teller(kind, row))


def _of_pattern(kind: str, pattern: str) -> Callable[[str, Row], Value]:
    return lambda serial, row: filled(pattern, teller(kind, row))


def teller(kind: str, row: Row, words: Mapping[str, str] | None = None) -> Tell:
    """What {{字段}} says: one of the words, else a field of the record."""

    def tell(name: str) -> str | None:
        if words and name in words:
            return words[name]
        term = find(kind, (plain(name),))
        return row.get(term.name, "") if term else None

    return tell


def fill_words(book: Book, sheet: str, tell: Tell) -> set[str]:
    """Fill the holes of a sheet; gives the names nothing was told of."""
    return book.fill_holes(sheet, tell)


def fill_labels(book: Book, sheet: str, top: int, words: Mapping[str, str]) -> None:
    """填报单位： and 日期： above a table, where nothing stands behind them yet. What stands below it is for people to sign. top: 0-based."""
    grid = next(each for each in book.grids if each.name == sheet)
    found: dict[int, Values] = {}
    for row in range(max(0, top - 6), min(top, len(grid.rows))):
        for column, cell in enumerate(grid.rows[row]):
            for shape, word in ((UNIT, words.get("填报单位", "")), (DAY, words.get("填报日期", ""))):
                if isinstance(cell, str) and word and (label := shape.fullmatch(cell.strip())):
                    found.setdefault(row + 1, {})[column] = label[1] + word
    if found:
        book.put_rows(sheet, found)


def fill_tables(book: Book, tables: Sequence[tuple[Table, Sequence[Row], Mapping[str, str]]]) -> list[Put]:
    """Fill the tables of one sheet, the lowest first, so that none is moved before it is filled; tables side by side share their rows."""
    done: dict[int, Put] = {}
    order = sorted(range(len(tables)), key=lambda at: -tables[at][0].first)
    for at in order:
        table, rows, answers = tables[at]
        beside = [each for each in order if tables[each][0].first == table.first]
        if len(beside) > 1 and at == beside[0]:
            needed = max(len(match(*tables[each][:2])[1]) for each in beside)
            book.make_room(table.sheet, table.first, min(tables[each][0].ready for each in beside), needed)
        done[at] = fill_table(book, table, rows, answers, 0 if len(beside) > 1 else None)
    return [done[at] for at in range(len(tables))]


def fill_card(
    book: Book, card: Card[Table], sheet: str, row: Row, within: Mapping[int, Sequence[Row]], answers: Mapping[str, str], words: Mapping[str, str]
) -> set[str]:
    """One record into a card that now stands on `sheet`. within: the rows of its tables, by place among them. Gives the holes left open."""
    unknown = book.fill_holes(sheet, teller(card.kind, row, words))
    values: dict[int, Values] = {}
    for place, want in {**card.lacks, **card.wants}.items():
        value = _of_card(card, place, want, row, answers)
        if value is not None:
            values.setdefault(place[0], {})[place[1]] = value
    book.put_rows(sheet, values)
    fill_tables(book, [(replace(table, sheet=sheet), within.get(at, ()), answers) for at, table in enumerate(card.tables)])
    return unknown


def _of_card(card: Card[Table], place: tuple[int, int], want: Want, row: Row, answers: Mapping[str, str]) -> Value:
    look, answer = card.looks.get(place, Look()), answers.get(want.heading, "")
    if answer == LEAVE:
        return None
    sample = look.samples[0] if look.samples else ""
    if BOX.search(sample):
        return _boxed(card.kind, want, sample, row)
    value = writer(card.kind, want, look)(row.get(want.name, "")) if want.name else None
    if value is None and answer:
        value = filled(answer, teller(card.kind, row))
    if place in card.inside and value is not None:
        return re.sub(r"[\s_＿]*$", "", card.inside[place]) + str(value)
    return value


def _boxed(kind: str, want: Want, sample: str, row: Row) -> Value:
    """□自住 □租住: the box before the value is ticked."""
    value = row.get(want.name, "")
    if not value:
        return None

    def tick(found: re.Match[str]) -> str:
        option = replace(want, option=_option(kind, want.name, found[1]))
        return "☑" if option.option and writer(kind, option, Look())(value) else found[0]

    return BOX.sub(tick, sample)


def _option(kind: str, name: str, text: str) -> str:
    from gridapp.ledgers.wording import table_of

    table = table_of(kind, name)
    return str(table.read(text).value or "") if table else {"是": "1", "有": "1", "否": "0", "无": "0"}.get(text, "")


def write(template: Template, out: Path, password: str = "") -> None:
    """Write the filled template; nothing half written is left, and a file that stood there before still does when the place fails.

    password: the file's own, which .xlsx alone can have.
    """
    from gridapp.ledgers import landing, locking

    with landing.scratch_beside(out) as scratch:
        data = template.book.data()
        landing.land(locking.lock(data, password) if password else data, scratch, out)
