"""Who may be one person twice: an ID number says so for certain; a name, a birth and a phone or a door make it likely; a person decides.

Only people who share a block (a number; a name with a phone or a door; a birth with a phone or a door) are looked at, and in a block only
near neighbours by id: the time is linear, and the answer depends neither on the order of the rows nor on the machine.
"""
from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gridapp.rules import addresses, id_numbers, phones, pinyin, text

NEIGHBOURS = 30  # in a block as large as that the shared value says little: an institution's phone, a number typed for everybody
NEAR_ADDRESS, NEAR_NAME = 90, 85  # RapidFuzz ratios; of names only those of four characters and more
BORN = {4: "出生年", 7: "出生年月", 10: "出生日期"}


class Person(NamedTuple):
    """What is known of somebody. birth: ISO text, cut short where less is known. door: one household's door, ''. address: in words, ''."""

    id: str
    name: str
    birth: str = ""
    phones: tuple[str, ...] = ()
    id_no: str = ""
    door: str = ""
    address: str = ""
    sex: str = ""


class Alike(NamedTuple):
    """Two people, the older row first, and why they may be one."""

    left: str
    right: str
    certain: bool
    reason: str


def person(
    row_id: str, name: str | None, birth: object, phone: str | None, id_no: str | None, door: str = "", address: str | None = None, sex: object = ""
) -> Person:
    """A person from stored values, each in the form in which it can be compared."""
    number = _whole_number(id_no) if id_no else ""
    called = name if name and name.isalnum() else _plain_name(name or "")
    return Person(row_id, called, str(birth or ""), phones.split(phone), number, door, address or "", str(sex or ""))


def _whole_number(id_no: str) -> str:
    """Upper X, full-width digits narrow, fifteen digits as eighteen; what is no ID number is none."""
    if len(id_no) == 18 and id_no.isascii():
        return id_no.upper()
    return id_numbers.read(unicodedata.normalize("NFC", id_no)).value or ""


def _plain_name(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFC", text.clean(name)).casefold() if char.isalnum())


def alike(people: Iterable[Person]) -> list[Alike]:
    """All pairs who may be one person, the certain ones first."""
    found = [judged for one, other in candidates(people) if (judged := judge(one, other))]
    return sorted(found, key=lambda each: (not each.certain, each.left, each.right))


def candidates(people: Iterable[Person]) -> Iterator[tuple[Person, Person]]:
    """The pairs worth a look, each once."""
    seen: set[tuple[str, str]] = set()
    for block in _blocks(people):
        block.sort()
        for at, one in enumerate(block):
            for other in block[at + 1 : at + 1 + NEIGHBOURS]:
                if one.id != other.id and (pair := (one.id, other.id)) not in seen:
                    seen.add(pair)
                    yield one, other


def _blocks(people: Iterable[Person]) -> list[list[Person]]:
    blocks: defaultdict[tuple[str, ...], list[Person]] = defaultdict(list)
    for each in people:
        for key in _keys(each):
            blocks[key].append(each)
    return [block for block in blocks.values() if len(block) > 1]


def _keys(each: Person) -> Iterator[tuple[str, ...]]:
    year = each.birth[:4]
    if each.id_no:
        yield "number", each.id_no
    if each.name and (each.address or len(each.birth) == 10):
        yield "born", each.name, year
    for place in (*each.phones, each.door):
        if place and each.name:
            yield "name", each.name, place
        if place and year:
            yield "year", year, place


def judge(one: Person, other: Person) -> Alike | None:
    """Why two people may be one; None when they need not be shown. Two different ID numbers are two people."""
    one, other = sorted((one, other))
    if one.id_no and other.id_no:
        same_name = "" if one.name == other.name else "，姓名不同"
        return Alike(one.id, other.id, True, f"身份证号相同{same_name}") if one.id_no == other.id_no else None
    reason = _same_name(one, other) if one.name == other.name else _near_name(one, other)
    return Alike(one.id, other.id, False, reason) if reason else None


def _born(one: Person, other: Person) -> str | None:
    """What of their births agrees, in words; '' when they differ, None when one is not known."""
    if not one.birth or not other.birth:
        return None
    known = min(len(one.birth), len(other.birth))
    return BORN.get(known, "出生") if one.birth[:known] == other.birth[:known] else ""


def _shared(one: Person, other: Person) -> list[str]:
    phone = bool(one.phones) and not set(one.phones).isdisjoint(other.phones)
    return [word for word, same in (("电话", phone), ("住户", bool(one.door) and one.door == other.door)) if same]


def _same_name(one: Person, other: Person) -> str:
    born, shared = _born(one, other), _shared(one, other)
    if shared and born is not None:
        if born:
            return "、".join(("姓名", born, *shared)) + "都相同"
        return "姓名、电话、住户都相同，出生年不一样" if len(shared) == 2 else ""
    if shared:
        return "、".join(("姓名", *shared)) + "都相同，有一条没有出生日期"
    if born and _near_address(one.address, other.address):
        return f"姓名、{born}都相同，住址相近"
    bare = not all((each.phones or each.door or each.address) for each in (one, other))
    return "姓名、出生日期都相同，有一条没有电话和住址" if born == BORN[10] and bare else ""


def _near_name(one: Person, other: Person) -> str:
    born, shared = _born(one, other), _shared(one, other)
    if not born or not shared or (one.sex and other.sex and one.sex != other.sex):
        return ""
    rest = "、".join((born, *shared)) + "都相同"
    if _sounds_alike(one.name, other.name):
        return f"姓名同音，{rest}"
    if len(one.name) < 4 and len(one.name) == len(other.name):
        # brothers and sisters of one door share a surname, and twins their birth too: of two characters one says nothing there
        enough = len(one.name) == 3 or "电话" in shared
        if enough and one.name[0] == other.name[0] and sum(a != b for a, b in zip(one.name, other.name, strict=True)) == 1:
            return f"姓名差一个字，{rest}（也可能是双胞胎）"
        return ""
    return f"姓名相近，{rest}" if _long_alike(one.name, other.name) else ""


def _sounds_alike(one: str, other: str) -> bool:
    if len(one) != len(other) or one.isascii() or other.isascii():
        return False
    return not set(pinyin.spelling(one).spelled.split()).isdisjoint(pinyin.spelling(other).spelled.split())


def _long_alike(one: str, other: str) -> bool:
    from rapidfuzz import fuzz

    return min(len(one), len(other)) >= 4 and fuzz.ratio(one, other) >= NEAR_NAME


def _near_address(one: str, other: str) -> bool:
    """The same door, however written; addresses nobody can parse: nearly the same words."""
    if not one or not other:
        return False
    first, second = (addresses.read(each).value for each in (one, other))
    if first and second and first.room and second.room:
        same_estate = first.estate == second.estate or not first.estate or not second.estate
        return same_estate and (first.building, first.unit, first.room) == (second.building, second.unit, second.room)
    from rapidfuzz import fuzz

    return fuzz.ratio(text.compact(text.narrow(one)), text.compact(text.narrow(other))) >= NEAR_ADDRESS
