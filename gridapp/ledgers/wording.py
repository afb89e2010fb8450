"""How a column of somebody else's table wants its values written: dates as its format or heading shows, numbers as numbers, the rest as text."""
from __future__ import annotations

import datetime as dt
import re

Value = str | int | float | None
DATE_FORMAT = re.compile(r"[ymd年月日]", re.IGNORECASE)
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
EXAMPLE = re.compile(r"(?:19|20)\d\d(?P<first>[.\-/年]?)(?P<month>\d{1,2})(?:(?P<second>[.\-/月]?)(?P<day>\d{1,2})日?|月)?")
EPOCH = dt.date(1899, 12, 30)
NUMBERS = {"number", "amount"}
TICKED = re.compile("√|打勾|打钩|划√")


def worded(value: str, sort: str, heading: str, number_format: str) -> Value:
    """A value as it reads here -> as the column wants it; None for nothing. sort: see vocabulary.Term. number_format: of the cell."""
    if not value:
        return None
    if sort == "date":
        return _day(value, heading, number_format)
    if sort == "yes_no" and TICKED.search(heading):
        return "√" if value == "是" else None
    if sort in NUMBERS and re.fullmatch(r"0|[1-9]\d{0,14}", value):
        return int(value)
    return value


def _day(value: str, heading: str, number_format: str) -> Value:
    """An ISO day, month or year. A true date only where the cell is formatted as one and the day is whole."""
    parts = value.split("-")
    if len(parts) == 3 and is_date_format(number_format):
        try:
            return (dt.date.fromisoformat(value) - EPOCH).days
        except ValueError:
            return value
    if example := EXAMPLE.search(heading):
        return _like(parts, example)
    if "年月" in heading and "年月日" not in heading:
        return ".".join(parts[:2])
    return value


def is_date_format(number_format: str) -> bool:
    """Whether a number format shows a date: yyyy/m/d, m"月"d"日" ... but not General or 0.00."""
    return bool(DATE_FORMAT.search(QUOTED.sub("", number_format))) and number_format.lower() != "general"


def _like(parts: list[str], example: re.Match[str]) -> str:
    """Written as the heading's own example is: (如1965.03), (1965年3月), (19650312)."""
    short = len(example["month"]) == 1
    made = parts[0]
    if len(parts) > 1:
        made += example["first"] + (parts[1].lstrip("0") if short else parts[1])
        made += "月" if example["first"] == "年" else ""
    if len(parts) > 2 and example["day"]:
        made += ("" if example["second"] == "月" else example["second"]) + (parts[2].lstrip("0") if short else parts[2])
        made += "日" if example["first"] == "年" else ""
    return made + ("年" if len(parts) == 1 and example["first"] == "年" else "")
