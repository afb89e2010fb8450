"""Telephone numbers: every number in a cell, normalised, joined by '、'.

Mobiles are eleven digits; land lines keep their area code with a hyphen (010 and 02x have three digits, all others four).
"""
from __future__ import annotations

import re
from typing import Any

from gridapp.rules import text
from gridapp.rules.reading import BLANK, Fault, Reading

JOINT = "、"
_EXTENSION = r"(?:\s*(?:-|转|ext\.?|\*|#)\s*(?P<{0}>\d{{1,6}}))?(?!\d)"
_NUMBER = re.compile(
    r"(?<![\d*])(?:"
    r"(?:(?:\+|00)?86[\s-]*)?(?P<mobile>1[\s-]?[3-9](?:[\s-]?\d){9})(?:\.0)?(?![\d*])"
    r"|(?P<hot>[48]00[\s-]?\d{3}[\s-]?\d{4})(?![\d*])"
    r"|(?:(?:\+|00)86[\s-]*)?\(?(?P<area>0(?:10|2\d|[3-9]\d\d))\)?[\s-]*(?P<local>[1-9]\d{6,7})"
    + _EXTENSION.format("inner")
    + r"|(?P<bare>[2-9]\d{6,7})" + _EXTENSION.format("bare_inner") + r"(?:\.0(?!\d))?"
    r")",
    re.I | re.A,
)
_LEFT = re.compile(r"[\d*][\d*.+\-eE]*")
_NO_PHONE = re.compile(r"空号|停机|关机|没有|没电话|无\S{0,4}|暂无\S{0,4}|不用手机|不愿提供|已注销|拒绝提供")


def split(value: str | None) -> tuple[str, ...]:
    """The numbers of a kept value."""
    return tuple(number for number in (value or "").split(JOINT) if number)


def read(raw: Any) -> Reading:
    """All numbers in the cell. A number of a wrong length is kept as digits and flagged phone_invalid; a masked or cut one is left out."""
    written = text.narrow(text.clean(raw))
    if text.is_blank(written) or _NO_PHONE.fullmatch(text.compact(written)):
        return BLANK
    good = [_normal(match) for match in _NUMBER.finditer(written)]
    doubtful = _LEFT.findall(_NUMBER.sub(" ", written))
    if good and not doubtful:
        return Reading(JOINT.join(dict.fromkeys(good)))
    kept = [part for part in doubtful if re.fullmatch(r"[0-9]{5,13}", part)]
    value = JOINT.join(dict.fromkeys(good + kept)) or None
    return Reading(value, (_invalid(),))


def _normal(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found["mobile"]:
        return re.sub(r"\D", "", found["mobile"])
    if found["hot"]:
        digits = re.sub(r"\D", "", found["hot"])
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return "-".join(part for part in (found["area"], found["local"] or found["bare"], found["inner"] or found["bare_inner"]) if part)


def _invalid() -> Fault:
    return Fault("phone_invalid", "电话号码位数不对或不完整。", "手机 11 位，固定电话写成“区号-号码”；请核对后补上。", fatal=False)
