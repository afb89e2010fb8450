"""Masks: what a value looks like on screen and in lists before somebody asks for it (domain.md section 6, look.md)."""
from __future__ import annotations

import re

from gridapp.rules import addresses, phones
from gridapp.rules.names import DOT, JOINT


def name(value: str | None) -> str:
    """All but the last character; of a name in parts, all but what follows the first part."""
    if not value:
        return ""
    for joint in (DOT, " "):
        if joint in value:
            return f"{value.split(joint)[0]}{joint}*"
    return f"{value[:-1]}*"


def people(value: str | None) -> str:
    """Each of several names, 、 between."""
    return JOINT.join(map(name, filter(None, (value or "").split(JOINT))))


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


def text(value: str | None) -> str:
    """Hidden whole, its length too."""
    return "***" if value else ""
