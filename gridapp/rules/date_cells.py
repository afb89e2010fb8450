"""Dates that Excel keeps as numbers: serials, 19650312, 1965.03, and date cells that show no day."""
from __future__ import annotations

import datetime as dt
import re

from gridapp.rules.date_spellings import Frame, doubtful, judge, refuse_shape, resolve, six
from gridapp.rules.reading import Reading

_EPOCH = dt.date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)  # 1927-05-18 .. 2100-01-01
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DECIMALS = re.compile(r"[#,0]*0\.(0+)(?![0#?])")


def from_stamp(stamp: dt.date, number_format: str | None, frame: Frame) -> Reading:
    """A date cell; where its format shows no day (or no month) and it is the first, only what it shows was meant."""
    iso = stamp.isoformat()[:10]
    shown = _QUOTED.sub("", number_format or "").casefold()
    if "y" in shown and "d" not in shown and stamp.day == 1:
        iso = iso[:7] if "m" in shown or stamp.month != 1 else iso[:4]
    return judge(iso, frame)


def from_number(raw: float, number_format: str | None, frame: Frame) -> Reading:
    """A number cell."""
    if raw != raw or not 0 < raw < 10**8:
        return refuse_shape()
    return _whole(int(raw), frame) if raw == int(raw) else _broken(raw, number_format, frame)


def _whole(number: int, frame: Frame) -> Reading:
    digits = str(number)
    if len(digits) == 8:
        return resolve(digits[:4], digits[4:6], digits[6:], frame)
    if len(digits) == 6:
        return six(digits, frame)
    if number in _SERIALS:
        return _serial(number, frame)
    if 1850 <= number <= 2100:
        return judge(digits, frame)
    if number <= 31 and frame.year is not None and frame.month is not None:
        return resolve(str(frame.year), str(frame.month), digits, frame)
    return refuse_shape()


def _serial(number: float, frame: Frame) -> Reading:
    return judge((_EPOCH + dt.timedelta(days=int(number))).isoformat(), frame)


def _broken(raw: float, number_format: str | None, frame: Frame) -> Reading:
    whole, _, part = f"{raw:.6f}".rstrip("0").partition(".")
    decimals = _DECIMALS.match(number_format or "")
    sure = decimals is not None and len(decimals[1]) == 2
    if sure:
        part = part.ljust(2, "0")
    if int(raw) in _SERIALS:
        return _serial(raw, frame)
    if 1850 <= raw < 2101 or (frame.year is None and len(whole) == 2):
        return _year_and_month(whole, part, sure, frame)
    if frame.year is not None and raw < 13:
        return _month_and_day(whole, part, sure, frame)
    return refuse_shape()


def _year_and_month(year: str, part: str, sure: bool, frame: Frame) -> Reading:
    if part == "1" and not sure:
        known = resolve(year, None, None, frame)
        return doubtful(known.value, "1 月还是 10 月分不清：Excel 去掉了末尾的 0。")
    if len(part) == 4:
        return resolve(year, part[:2], part[2:], frame)
    return resolve(year, part, None, frame) if len(part) <= 2 else refuse_shape()


def _month_and_day(month: str, part: str, sure: bool, frame: Frame) -> Reading:
    if part in ("1", "2", "3") and not sure:
        known = resolve(str(frame.year), month, None, frame)
        return doubtful(known.value, f"{part} 日还是 {part}0 日分不清：Excel 去掉了末尾的 0。")
    return resolve(str(frame.year), month, part, frame) if len(part) <= 2 else refuse_shape()
