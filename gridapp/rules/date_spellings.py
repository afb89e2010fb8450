"""The written forms of a date: 65.03, 1965年3月, 一九六五年三月十二日, 3/12/65, 3月5日 under a title's year."""
from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from gridapp.rules import text
from gridapp.rules.reading import Fault, Reading, refuse

_EARLIEST, _LATEST_YEAR, _PIVOT, _LONGEST = 1900, 2050, 30, 60
_HINT = "请写成 1965-03-12、1965.03 或 1965 的样子。"
_REMARK = re.compile(r"\((?:身份证|户口|档案|公历|阳历|新历|周|星期|礼拜)[^()]*\)\Z")
_BORN = re.compile(r"(?:出生|生)\Z")
_CLOCK = re.compile(
    r"(?:(?<=[\d日号])[T ]?|\s*)(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|早)?\s*"
    r"(?:\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?\s*(?:Z|[+-]\d{2}:?\d{2})?|\d{1,2}[点时](?:\d{1,2}分?|半)?)\Z"
)
_PART_OF_DAY = re.compile(r"(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|全天)\Z")
_WEEKDAY = re.compile(r"\s*(?:星期|周|礼拜)[一二三四五六日天]\Z")
_HAN_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+")
_HAN_DIGITS = {char: digit for digit, chars in enumerate(("〇○零", "一", "二", "三", "四", "五", "六", "七", "八", "九")) for char in chars}
_MONTHS = {name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_SEP = r"[.\-/,、。·\\_ ]"
_YEAR_FIRST = (
    re.compile(rf"(?P<y>\d{{4}})(?P<s>{_SEP})(?P<m>\d{{1,2}})(?:(?P=s)(?P<d>\d{{1,2}}))?{_SEP}?"),
    re.compile(rf"(?P<y>\d{{4}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})"),
    re.compile(rf"(?P<y>\d{{4}}){_SEP}?(?P<m>\d{{2}})(?P<d>\d{{2}})"),
    re.compile(r"(?P<y>\d{4}|\d{2})年(?:(?P<m>\d{1,2})(?:月(?:份|(?P<d>\d{1,2})[日号]?)?)?)?"),
    re.compile(r"(?P<y>\d{4})"),
)
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_THREE = re.compile(rf"(\d{{1,2}})({_SEP})(\d{{1,2}})\2(\d{{4}}|\d{{1,2}})")
_TWO = re.compile(rf"(\d{{1,2}}){_SEP}(\d{{1,2}}){_SEP}?")
_MONTH_DAY = re.compile(r"(?P<m>\d{1,2})月(?:份|(?P<d>\d{1,2})[日号]?)?")
_DAY = re.compile(r"(?P<d>\d{1,2})[日号]")
_ENGLISH = re.compile(r"(?:(\d{1,2})[ -])?([A-Za-z]{3})[a-z]*[ -](\d{4}|\d{2})")
_RANGE = re.compile(r"(.*\d[日号]?)\s*(?:-|~|至|到|—|–|－)+\s*(?:\d{2,4}[年./])?(?:\d{1,2}[月./])?\d{1,2}[日号]?")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sheet says about its dates: the title's year and month, and the day nothing can be later than."""

    year: int | None = None
    month: int | None = None
    latest: dt.date | None = None


def refuse_shape(sentence: str = "这里写的不是一个能读懂的日期。") -> Reading:
    return refuse("date_unparsable", sentence, _HINT)


def doubtful(value: str | None, sentence: str) -> Reading:
    """Read as far as it is sure, and said."""
    return Reading(value, (Fault("date_ambiguous", sentence, "请对照证件或原件改成年-月-日。", fatal=False),))


def from_text(written: str, frame: Frame) -> Reading:
    """A date from words that are not blank."""
    if len(written) > _LONGEST:
        return refuse_shape()
    bare = _bare(written)
    reading = _plain(bare, frame)
    if reading is None and frame.year is not None:
        reading = _first_of_range(bare, frame)
    return reading or refuse_shape()


def _bare(written: str) -> str:
    bare = text.narrow(written).replace("廿", "二十").replace("卅", "三十").replace("—", "-").replace("–", "-")
    bare = re.sub(r"\s*([.\-/年月日号~至到])\s*", r"\1", " ".join(bare.split()))
    for pattern in (_REMARK, _BORN, _CLOCK, _PART_OF_DAY, _WEEKDAY):
        bare = pattern.sub("", bare).strip()
    return _HAN_NUMBER.sub(lambda match: _han_number(match[0]), bare)


def _han_number(word: str) -> str:
    if "十" not in word:
        return "".join(str(_HAN_DIGITS[char]) for char in word)
    tens, _, ones = word.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return word
    return str((_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0))


def _plain(bare: str, frame: Frame) -> Reading | None:
    for pattern in _YEAR_FIRST:
        if match := pattern.fullmatch(bare):
            found = match.groupdict()
            return resolve(found["y"], found.get("m"), found.get("d"), frame)
    if match := _SIX.fullmatch(bare):
        return six(bare, frame)
    return _short(bare, frame)


def six(digits: str, frame: Frame) -> Reading:
    """Six digits: YYYYMM where that can be a year of a living person, else YYMMDD."""
    if 1850 <= int(digits[:4]) <= 2100:
        return resolve(digits[:4], digits[4:], None, frame)
    return resolve(digits[:2], digits[2:4], digits[4:], frame)


def _short(bare: str, frame: Frame) -> Reading | None:
    if match := _THREE.fullmatch(bare):
        return _three(match[1], match[2], match[3], match[4], frame)
    if match := _TWO.fullmatch(bare):
        return _two(match[1], match[2], frame)
    if (match := _MONTH_DAY.fullmatch(bare)) and frame.year is not None:
        return resolve(str(frame.year), match["m"], match["d"], frame)
    if (match := _DAY.fullmatch(bare)) and frame.year is not None and frame.month is not None:
        return resolve(str(frame.year), str(frame.month), match["d"], frame)
    if (match := _ENGLISH.fullmatch(bare)) and match[2].lower() in _MONTHS:
        return resolve(match[3], str(_MONTHS[match[2].lower()]), match[1], frame)
    return None


def _three(first: str, sign: str, second: str, third: str, frame: Frame) -> Reading:
    """Three short numbers: the one over 31 is the year; with slashes and no such number nobody can tell."""
    if len(third) == 4 or int(third) > 31:
        return _year_last(int(first), int(second), third, frame)
    if int(first) > 31 or (sign != "/" and len(first) == 2):
        return resolve(first, second, third, frame)
    return doubtful(None, "分不清哪个是年、哪个是月。")


def _year_last(first: int, second: int, year: str, frame: Frame) -> Reading:
    if first <= 12 and second <= 12 and first != second:
        return doubtful(None, "分不清哪个是月、哪个是日。")
    month, day = (first, second) if first <= 12 else (second, first)
    return resolve(year, str(month), str(day), frame)


def _two(first: str, second: str, frame: Frame) -> Reading | None:
    """month.day under a title's year, else yy.mm."""
    if frame.year is not None and int(first) <= 12:
        return resolve(str(frame.year), first, second, frame)
    return resolve(first, second, None, frame) if len(first) == 2 else None


def _first_of_range(bare: str, frame: Frame) -> Reading | None:
    match = _RANGE.fullmatch(bare)
    first = _plain(match[1], frame) if match else None
    if first is None or first.value is None or len(first.value) < 10:
        return None
    fault = Fault("date_ambiguous", "这里写的是一段时间，只取了第一天。", "需要的话请分成几行。", fatal=False)
    return Reading(first.value, (*first.faults, fault))


def resolve(year: str, month: str | None, day: str | None, frame: Frame) -> Reading:
    """Numbers as written into partial ISO text: checked against the calendar, then for plausibility."""
    full, unsure = _century(int(year), frame) if len(year) < 3 else (int(year), False)
    try:
        dt.date(full, int(month or 1), int(day or 1))
    except ValueError:
        return refuse("date_invalid", "日历上没有这一天。", "请对照证件或原件改正。")
    iso = "-".join(f"{int(part):02d}" for part in (month, day) if part)
    return judge(f"{full:04d}-{iso}".rstrip("-"), frame, unsure)


def _century(short: int, frame: Frame) -> tuple[int, bool]:
    # With a clock the later century wins where it is possible; then the earlier one is possible too, so it is only a guess.
    limit = frame.latest.year if frame.latest else 2000 + _PIVOT
    return (2000 + short, True) if 2000 + short <= limit else (1900 + short, False)


def judge(iso: str, frame: Frame, unsure: bool = False) -> Reading:
    """The value, flagged where the century was guessed or the date can hardly be."""
    if unsure:
        return doubtful(iso, f"年份只写了两位，先按 {iso[:4]} 年读。")
    late = iso > frame.latest.isoformat() if frame.latest else int(iso[:4]) > _LATEST_YEAR
    if late or int(iso[:4]) < _EARLIEST:
        return Reading(iso, (Fault("date_implausible", "这个日期不太可能。", "请对照证件或原件核对年份。", fatal=False),))
    return Reading(iso)
