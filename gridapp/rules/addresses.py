"""楼栋-单元-房号, however an address spells them."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from gridapp.rules import text
from gridapp.rules.reading import BLANK, Fault, Reading

_NO = r"[A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z]|[甲乙丙丁东西南北]"
_FLOOR = r"(?:\d{1,2}[层楼]|-?\d{1,2}[Ff])?"
_ROOM = r"(?P<room>[A-Za-z]?-?\d{1,5}[A-Za-z]?)(?:室|号房|号|房|户)?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<estate>.*?)(?:第)?(?P<building>{_NO})(?:号楼|栋楼|栋|幢|座|#楼|#|号院|楼)[-,]?"
        rf"(?:(?P<unit>{_NO})(?:单元|门|梯|-)[-,]?)?{_FLOOR}(?:{_ROOM})?",
        rf"(?P<estate>\D*?)(?P<building>{_NO})[-/](?P<unit>{_NO})[-/]{_ROOM}",
        rf"(?P<estate>\D*?)(?P<building>{_NO})[-/]{_ROOM}",
        rf"(?P<estate>)(?P<building>)(?:(?P<unit>{_NO})单元){_FLOOR}(?:{_ROOM})?",
        r"(?P<estate>.*?)(?P<building>\d{1,3}[组队社排巷弄])(?P<unit>)(?:(?P<room>\d{1,5})[号户]?)?",
    )
)
_HAN = re.compile(r"[一二三四五六七八九十]+(?=号楼|栋|幢|座|单元|组|队)")
_VILLAGE = "组队社排巷弄"
_LONGEST = 120  # a paragraph is no address, and patterns are slow on one
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Address:
    """Parts as text, '' where not given. building is a number or letter ('7', 'A'), or a village group as written ('1组')."""

    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


def read(raw: Any) -> Reading:
    """An Address; text that names no building or unit gives no value and a flag, so the text itself can still be kept."""
    written = "".join(text.narrow(text.clean(raw)).lstrip("=").split())
    if text.is_blank(written):
        return BLANK
    found = _parts(written) if len(written) <= _LONGEST else None
    if found is not None:
        return Reading(_address(found))
    return Reading(None, (Fault("address_unparsed", "看不出楼栋和房号。", "请写成“7号楼2单元1801室”或 7-2-1801。", fatal=False),))


def _parts(written: str) -> dict[str, str | None] | None:
    plain = _HAN.sub(lambda match: str(_number(match[0])), written.replace("—", "-").replace("–", "-"))
    matches = (form.fullmatch(plain) for form in _FORMS)
    return next((match.groupdict() for match in matches if match), None)


def _address(found: dict[str, str | None]) -> Address:
    parts = {name: (found.get(name) or "").upper() if name != "estate" else found["estate"] or "" for name in Address.__slots__}
    return Address(**{name: _plain_number(value) for name, value in parts.items()})


def _plain_number(value: str) -> str:
    return value.lstrip("0") or value if value.isdigit() else value


def _number(word: str) -> int:
    tens, ten, ones = word.partition("十")
    if not ten:
        return int("".join(str(_DIGITS.index(char)) for char in word))
    return (_DIGITS.index(tens[-1]) if tens else 1) * 10 + (_DIGITS.index(ones[0]) if ones else 0)


def short(building: str | None, unit: str | None, room: str | None) -> str:
    """3-2-501, or 3-501 in a house without units."""
    return "-".join(part for part in (building, unit, room) if part)


def door_order(place: str) -> tuple[tuple[int, str], ...]:
    """Orders 3-2-501 by its numbers; parts that are no numbers come last."""
    return tuple((int(part), "") if part.isdecimal() else (1 << 30, part) for part in place.split("-"))


def show(address: Address | None) -> str:
    """示范小区3号楼2单元501室."""
    if address is None:
        return ""
    building = address.building + _sign(address.building)
    unit = f"{address.unit}单元" if address.unit else ""
    return f"{address.estate}{building}{unit}{address.room}{'室' if address.room else ''}"


def _sign(building: str) -> str:
    if not building or building[-1] in _VILLAGE:
        return ""
    return "座" if building.isalpha() else "号楼"
