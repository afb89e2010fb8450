"""Counts, amounts and yes-or-no as ledgers spell them."""
from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from gridapp.rules import text
from gridapp.rules.reading import BLANK, Reading, refuse

_UNIT = re.compile(r"(?<=\d)\s*(?:人|口人|口|户|元|块|次|个|件|项|层|栋|小时|月|年|周|天)\Z")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?:\D|\Z))")
_YES = frozenset(("是", "有", "对", "已", "好", "y", "yes", "t", "true", "1", "√", "✓", "✔", "☑", "●", "在", "已办结", "已完成", "完成"))
_NO = frozenset((
    "否", "不是", "不", "无", "没有", "未", "n", "no", "f", "false", "0", "×", "✕", "✗", "✘", "x", "☐", "□",
    "不在", "未办结", "未完成", "办理中", "处理中", "进行中",
))


def _decimal(raw: Any) -> Decimal | None:
    written = _UNIT.sub("", text.narrow(text.clean(raw)).lstrip("¥￥"))
    try:
        number = Decimal(_GROUPED.sub("", written))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def whole(raw: Any) -> Reading:
    """A whole number as int; '3人', '1,234' and 3.0 are fine."""
    if text.is_blank(raw):
        return BLANK
    number = _decimal(raw)
    if number is None or number != number.to_integral_value():
        return refuse("number_invalid", "这里应当是整数。", "请只写数字，例如 3。")
    return Reading(int(number))


def decimal(raw: Any) -> Reading:
    """A number as plain decimal text without trailing zeros ('1837.5')."""
    if text.is_blank(raw):
        return BLANK
    number = _decimal(raw)
    if number is None:
        return refuse("number_invalid", "这里应当是数字。", "请只写数字，例如 12.5。")
    return Reading(f"{number.normalize() + 0:f}")


def yes_no(raw: Any) -> Reading:
    """True or False for 是/有/1/Y/√ and 否/无/0/N/×; an empty cell is blank, 无 is False."""
    if isinstance(raw, bool):
        return Reading(raw)
    word = text.compact(raw).strip("。.()（）").casefold()
    if word in _YES or word in _NO:
        return Reading(word in _YES)
    if text.is_blank(word):
        return BLANK
    return refuse("yes_no_unknown", "这里应当是“是”或“否”。", "请写“是”或“否”，不清楚就留空。")
