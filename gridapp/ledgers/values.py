"""Reading the cells of a column: each sort of value in the form truth.json and the preview use (labels and ISO text, lists for phones and people)."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gridapp.ledgers.vocabulary import Term
from gridapp.rules import codes, dates, id_numbers, names, numbers, phones, text
from gridapp.rules.reading import BLANK, Fault, Reading, refuse

DITTO = {"〃", "″", '"', "”", "“", "''", "同上", "同前", "、、", "々", "ˮ", "〞"}
DATED = {"visit_date", "req_date", "done_date", "next_visit", "due_date"}
SERIAL = re.compile(r"[1-4]\d{4}")  # a day number of Excel pasted as text
AHEAD = {"next_visit", "due_date"}
ISO_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d")
EARLIEST = dt.date(1900, 1, 2)
AT_SIGHT = {"phone": re.compile(r"1[3-9]\d{9}"), "name": re.compile(r"(?![无没不未暂空缺待略])[\u4e00-\u9fff]{2,4}")}
MARKED = {
    "formula_uncached": Fault("formula_uncached", "这一格是公式，文件里没有存下它的结果。", "请用 Excel 打开原表重新保存，再导入。", fatal=False),
    "cell_error": Fault("cell_error", "这一格是公式错误（如 #N/A）。", "请在原表里改好这一格，或留空。", fatal=False),
    "strikethrough": Fault("strikethrough", "这一格在原表里被划掉了。", "请确认这一行还要不要。", fatal=False),
}
UNSURE_SEX = Fault("sex_unknown", "性别看不懂。", "请写“男”或“女”。", fatal=False)
UNDER_WAY = re.compile("未|正在|待|办理中|处理中|跟进|部分")
SEVERAL = refuse("name_multiple", "一个格子里写了几个人。", "请每人一行，再导入。")
BRACKET = re.compile("[（(]")
HAN_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·\s]{2,8}")
PERSONS = re.compile(r"[、,，;；/\n]+")


@dataclass
class Context:
    """What a cell's reading may need from around it: the year and month in the title, the last day a date can be, the cell's number format."""

    year: int | None = None
    month: int | None = None
    today: dt.date | None = None
    formats: Callable[[int, int], str] = lambda row, column: ""


@dataclass
class ColumnReader:
    """Reads the cells of one column; equal cells are read once. Rows are Excel rows, the column is 0-based. seen: text cell -> its reading."""

    term: Term
    column: int
    context: Context
    seen: dict[Any, Reading] = field(default_factory=dict)

    def read(self, raw: Any, row: int) -> Reading:
        """The value in the preview's form and its faults, standing at the term."""
        if raw.__class__ is str:
            found = self.seen.get(raw)
            if found is None:
                found = self.seen[raw] = self._at_sight(raw) or self._placed(self._read(raw, ""))
            return found
        shown = self.context.formats(row, self.column) if self.term.sort == "date" else ""
        key = (raw.__class__, raw, shown)
        if key not in self.seen:
            self.seen[key] = self._placed(self._read(raw, shown))
        return self.seen[key]

    def _at_sight(self, raw: str) -> Reading | None:
        """The commonest spellings need no reading; the rules would say the same (a test holds them to it)."""
        shape = AT_SIGHT.get(self.term.sort)
        if not shape or not shape.fullmatch(raw):
            return None
        return Reading((raw,)) if self.term.sort == "phone" else Reading(raw)

    def _placed(self, found: Reading) -> Reading:
        return Reading(found.value, tuple(fault.on(self.term.name) for fault in found.faults)) if found.faults else found

    def _read(self, raw: Any, number_format: str) -> Reading:
        if self.term.sort == "date":
            return self._date(raw, number_format)
        return READERS[self.term.sort](raw)


    def _date(self, raw: Any, number_format: str) -> Reading:
        """A birth is never helped by the title's year; only what has happened already has a last day."""
        near, about = self.term.name in DATED, self.context
        latest = None if self.term.name in AHEAD else about.today
        if raw.__class__ is str and _is_whole_day(raw, latest):
            return Reading(raw)
        serial = isinstance(raw, str) and SERIAL.fullmatch(raw.strip())
        return dates.read(
            int(raw) if serial else raw,
            number_format=number_format,
            default_year=about.year if near else None,
            default_month=about.month if near else None,
            latest=latest,
        )


def _is_whole_day(written: str, latest: dt.date | None) -> bool:
    """The ISO day most exports write: nothing to find out."""
    if not ISO_DAY.fullmatch(written):
        return False
    try:
        return EARLIEST <= dt.date.fromisoformat(written) <= (latest or EARLIEST)
    except ValueError:
        return False


def _text(raw: Any) -> Reading:
    value = text.clean(raw)
    return BLANK if text.is_blank(value) else Reading(value)


def _plain(raw: Any) -> Reading:
    value = text.compact(raw)
    return BLANK if text.is_blank(value) else Reading(value)


def _address(raw: Any) -> Reading:
    value = text.clean(raw)
    if text.is_blank(value):
        return BLANK
    return Reading(re.sub(r"(?<=[^\x00-\x7f\w])\s+|\s+(?=[^\x00-\x7f])|\s*\n\s*", "", value))


def _name(raw: Any) -> Reading:
    return SEVERAL if is_several(str(raw)) else names.read(raw)


def is_several(written: str) -> bool:
    """Several people in one cell: two remarks in brackets, or two whole Han names with a mark between."""
    pieces = [piece for piece in PERSONS.split(written) if len("".join(piece.split())) >= 2]
    return len(BRACKET.findall(written)) > 1 or (len(pieces) > 1 and all(map(HAN_NAME.fullmatch, pieces)))


def _phone(raw: Any) -> Reading:
    found = phones.read(raw)
    return Reading(phones.split(found.value), found.faults)


def _people(raw: Any) -> Reading:
    found = names.people(raw)
    return Reading(tuple(found.value.split("、")) if found.value else (), found.faults)


def _sex(raw: Any) -> Reading:
    found = codes.table("sex").read(raw)
    return Reading(None, (UNSURE_SEX,)) if found.faults else Reading(codes.table("sex").label(found.value) or None)


def _yes_no(raw: Any) -> Reading:
    found = numbers.yes_no(raw)
    if found.faults:
        return Reading("否") if UNDER_WAY.match(text.compact(raw)) else _text(raw)
    return Reading(None if found.value is None else "是" if found.value else "否")


def _number(raw: Any) -> Reading:
    found = numbers.decimal(raw)
    if found.faults:
        return Reading(None, tuple(Fault(fault.code, fault.text, fault.hint, fatal=False) for fault in found.faults))
    return Reading(None if found.value is None else int(found.value) if "." not in found.value else float(found.value))


def _amount(raw: Any) -> Reading:
    found = _number(raw)
    return Reading(None if found.value is None else float(found.value), found.faults)


def other_document(raw: Any) -> Reading:
    """A passport's or permit's number: letters and digits as written, nothing to check."""
    value = text.compact(raw).upper()
    return BLANK if text.is_blank(value) else Reading(value)


READERS: dict[str, Callable[[Any], Reading]] = {
    "text": _text,
    "plain": _plain,
    "address": _address,
    "name": _name,
    "id": id_numbers.read,
    "phone": _phone,
    "people": _people,
    "sex": _sex,
    "yes_no": _yes_no,
    "number": _number,
    "amount": _amount,
}
