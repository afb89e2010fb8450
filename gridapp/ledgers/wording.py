"""How a column of somebody else's table wants its values written: dates as its samples, format or heading show, choices as its list has them,
numbers as numbers, the rest as text."""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from gridapp.ledgers.asking import Want, table_of
from gridapp.rules import codes

Value = str | int | float | None
TICK = "√"
DATE_FORMAT = re.compile(r"[ymd年月日]", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
EXAMPLE = re.compile(r"(?<!\d)(?:19|20)\d\d(?P<first>[.\-/年]?)(?P<month>\d{1,2})(?:(?P<second>[.\-/月]?)(?P<day>\d{1,2})日?(?!\d)|月)?(?!\d)")
LETTERS = re.compile(
    r"(?:[Yy]{4}|[Xx×]{4})(?P<first>[.\-/年]?)(?P<month>[Mm]{1,2}|[Xx×]{1,2})(?:(?P<second>[.\-/月]?)(?P<day>[Dd]{1,2}|[Xx×]{1,2})日?|月)?"
)
DIGITS = re.compile(r"([68])\s*位")
EPOCH = dt.date(1899, 12, 30)
NUMBERS = {"number", "amount"}
TICKED = re.compile("√|打勾|打钩|划√")
PAIRS = re.compile(r"([0-9A-Z])\s*[.、:：=\-－代表为]*\s*([一-鿿]{1,8})")
AFFIRMED = {"是": ("是", "有", "Y", "y", "√", "1"), "否": ("否", "无", "N", "n", "×", "0", "没有")}
SEPARATORS = {"年": "月"}
Write = Callable[[str], Value]


@dataclass(frozen=True)
class Look:
    """How one column wants to be written. number_format: of its first cell; samples: what stands in example and instruction rows, and in rows
    filled already; options: what its validation list allows."""

    number_format: str = ""
    samples: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def writer(kind: str, want: Want, look: Look) -> Write:
    """What writes a value, as it reads here, the way a column wants it; None for nothing."""
    if want.option:
        return _ticker(kind, want)
    if want.part:
        return lambda value: _part(value, want.part)
    if want.sort == "date":
        return _dater(want.heading, look)
    if want.sort == "tick" or (want.sort == "yes_no" and TICKED.search(" ".join((want.heading, *look.samples)))):
        return lambda value: TICK if value == "是" else None
    if want.sort == "yes_no":
        return _affirmer(look)
    if want.sort in NUMBERS or want.name == "serial":
        return _number
    return _chooser(table_of(kind, want.name), want.heading, look)


def _number(value: str) -> Value:
    return int(value) if re.fullmatch(r"0|-?[1-9]\d{0,14}", value) else value or None


def _ticker(kind: str, want: Want) -> Write:
    table = table_of(kind, want.name)

    def ticked(value: str) -> Value:
        code = table.read(value).value if table else {"是": "1", "否": "0"}.get(value)
        return TICK if value and code == want.option else None

    return ticked


def _part(value: str, part: str) -> Value:
    parts = dict(zip(("year", "month", "day"), value.split("-"), strict=False))
    return int(parts[part]) if parts.get(part, "").isdecimal() else None


def _affirmer(look: Look) -> Write:
    """是 and 否 as the column's list or samples say them: 有 and 无, Y and N."""
    allowed = look.options or look.samples
    said = {ours: next((each for each in allowed if each in words), ours) for ours, words in AFFIRMED.items()} if look.options else {}
    return lambda value: said.get(value, value) or None


def _chooser(table: codes.CodeTable | None, heading: str, look: Look) -> Write:
    """A choice as the column's list has it, or by the numbers its heading explains (1男 2女); other texts as they are."""
    if table is None:
        return lambda value: value or None
    numbers = _numbered(table, " ".join((heading, *look.samples)))
    words = numbers or {code: each for each in reversed(look.options) if (code := table.read(each).value)}
    return lambda value: words.get(table.read(value).value or "", value) or None if value else None


def _numbered(table: codes.CodeTable, text: str) -> dict[str, str]:
    pairs = {code: number for number, word in PAIRS.findall(text) if (code := table.read(word).value)}
    return pairs if len(pairs) > 1 else {}


@dataclass(frozen=True)
class Pattern:
    """first, second: what stands before month and day. short: months without a leading zero. day: whether days are written at all."""

    first: str
    second: str
    short: bool
    day: bool
    month: bool = True

    def write(self, value: str) -> str:
        """An ISO day, month or year."""
        parts = value.split("-")
        made, ends = parts[0], "年" if self.first == "年" else ""
        if len(parts) > 1 and self.month:
            made += self.first + self._digits(parts[1])
            ends = "月" if ends else ""
        if len(parts) > 2 and self.day and self.month:
            made += ("月" if ends else self.second) + self._digits(parts[2])
            ends = "日" if ends else ""
        return made + ends

    def _digits(self, text: str) -> str:
        return text.lstrip("0") if self.short else text


ISO = Pattern("-", "-", False, True)
MONTHLY = Pattern(".", ".", False, False)


def _dater(heading: str, look: Look) -> Write:
    """A true date where the cell is formatted as one and as much is known as it shows; else text as the samples or the heading have it."""
    pattern = next((found for text in (*look.samples, heading) if (found := pattern_of(text))), None) or _by_heading(heading)
    serial = _serial_of(look.number_format)
    return lambda value: (serial(value) or pattern.write(value)) if value else None


def _by_heading(heading: str) -> Pattern:
    if re.search("年份|年度$|年$", heading):
        return Pattern("", "", False, False, month=False)
    return MONTHLY if "年月" in heading and "年月日" not in heading else ISO


def pattern_of(text: str) -> Pattern | None:
    """How a text writes its dates, in digits or in letters: 1965.03, 1965年3月, YYYY-MM-DD, 8位数字; None where it shows none."""
    if found := EXAMPLE.search(text) or LETTERS.search(text):
        short = len(found["month"]) == 1
        return Pattern(found["first"], found["second"] or SEPARATORS.get(found["first"], found["first"]), short, bool(found["day"]))
    if found := DIGITS.search(text):
        return Pattern("", "", False, found[1] == "8")
    return None


def _serial_of(number_format: str) -> Callable[[str], int | None]:
    if not is_date_format(number_format):
        return lambda value: None
    shows_day = bool(re.search("[d日]", QUOTED.sub("", number_format), re.IGNORECASE))

    def serial(value: str) -> int | None:
        parts = value.split("-")
        if len(parts) < (3 if shows_day else 2):
            return None
        try:
            return (dt.date.fromisoformat(value if len(parts) == 3 else f"{value}-01") - EPOCH).days
        except ValueError:
            return None

    return serial


def is_date_format(number_format: str) -> bool:
    """Whether a number format shows a date: yyyy/m/d, m"月"d"日" ... but not General or 0.00."""
    return bool(DATE_FORMAT.search(QUOTED.sub("", number_format))) and number_format.lower() not in ("general", "@")
