"""Masks: what a value looks like on screen and in lists before somebody asks for it (domain.md section 6, look.md)."""
from __future__ import annotations

import re
from collections.abc import Callable

from gridapp.rules import addresses, phones
from gridapp.rules.names import DOT, JOINT

_DIGITS = re.compile(r"\d{3}")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_DAY = re.compile(r"(?:19|20)\d\d-\d{1,2}-\d{1,2}")
# What may be a number of a person: long ones in any groups (an account, a split mobile), land lines, local numbers that are no day (20261121).
_OTHER = re.compile(r"(?<!\d)(?:\d(?:[ -]?\d){10,}(?:[ -]?[Xx])?|0\d{2,3}[ -]?\d{7,8}|(?<!-)(?!20\d{6}(?!\d))[2-9]\d{6,7})(?!\d)")


def name(value: str | None) -> str:
    """All but the last character; of a name in parts, all but what follows the first part."""
    if not value:
        return ""
    for joint in (DOT, " "):
        if joint in value:
            return f"{value.split(joint)[0]}{joint}*"
    return f"{value[:-1]}*"


def public_name(value: str | None) -> str:
    """张* or 张*明, for what is put up for everybody: first and last character, and nothing of how many there are between."""
    if not value or len(value) == 1:
        return "*" if value else ""
    return f"{value[0]}*{value[-1] if len(value) > 2 else ''}"


def people(value: str | None, one: Callable[[str], str] = name) -> str:
    """Each of several names, 、 between."""
    return JOINT.join(map(one, filter(None, (value or "").split(JOINT))))


def phone(value: str | None) -> str:
    """First three and last four of each mobile, the last four hidden of anything else."""
    return phones.JOINT.join(_one_phone(number) for number in phones.split(value))


def _one_phone(number: str) -> str:
    if re.fullmatch(r"\d{11}", number):
        return f"{number[:3]}****{number[-4:]}"
    return f"{number[:-4]}****" if len(number) > 4 else "****"


def id_number(value: str | None, with_birth: bool = True) -> str:
    """First and last character only where any column tells the birth; else the first six and the last four."""
    if not value:
        return ""
    if with_birth or len(value) < 18:
        return f"{value[0]}****************{value[-1]}"
    return f"{value[:6]}********{value[-4:]}"


def address(value: str | None) -> str:
    """Up to the building; an address nobody can parse is hidden whole."""
    if not value:
        return ""
    place = addresses.read(value).value
    if place is None or not place.building:
        return "***"
    return addresses.show(addresses.Address(place.estate, place.building, "", "")) + ("***" if place.room or place.unit else "")


def scrubbed(value: str | None) -> str:
    """Free text as it is, but for ID numbers and phone numbers somebody wrote into it."""
    if not value:
        return ""
    if len(value) < 7 or not _DIGITS.search(value):
        return value
    masked = _ID.sub(lambda found: id_number(found[0]), _MOBILE.sub(lambda found: phone(found[0]), value))
    return _OTHER.sub(_hidden_number, masked)


def _hidden_number(found: re.Match[str]) -> str:
    left = re.sub(r"\D", "", _DAY.sub("", found[0]))
    return found[0] if len(left) < 7 else f"{found[0][0]}****{found[0][-1]}"


def text(value: str | None) -> str:
    """Hidden whole, its length too."""
    return "***" if value else ""
