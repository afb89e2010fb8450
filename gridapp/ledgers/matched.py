"""Rows others have filled already beside the rows we have: the same person's are completed, all other rows of ours are added below."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from gridapp.rules import addresses, codes

if TYPE_CHECKING:
    from gridapp.ledgers.rooms import Existing
    from gridapp.ledgers.template import Table

Row = Mapping[str, str]
Key = tuple[str, ...]
T = TypeVar("T")
SIGNS = re.compile("(?:号楼|栋|幢|单元|室|号)$")


def match(table: Table, rows: Sequence[Row]) -> tuple[list[tuple[Existing, Row]], list[Row]]:
    """(rows begun by others with ours that complete them, the rest of ours). What tells rows apart is tried from the surest on; a name only
    where it stands once on both sides. Rows of ours carry it unmasked under "=" and the name."""
    pairs: list[tuple[Existing, Row]] = []
    left, rest = list(table.existing), list(rows)
    for key in KEYS[table.kind] if left else ():
        theirs, ours = _once([(key(each.values, ""), each) for each in left]), _once([(key(row, "="), row) for row in rest])
        found = [(theirs[each], ours[each]) for each in theirs if each in ours]
        pairs += found
        left = [each for each in left if not any(each is one for one, _ in found)]
        taken = {id(row) for _, row in found}
        rest = [row for row in rest if id(row) not in taken]
    return pairs, rest


def _once(items: Sequence[tuple[Key, T]]) -> dict[Key, T]:
    """What is told apart by its key; a key with a blank in it tells nothing."""
    counts = Counter(key for key, _ in items)
    return {key: item for key, item in items if all(key) and counts[key] == 1}


def _of(*names: str) -> Callable[[Row, str], Key]:
    return lambda row, mark: tuple("".join(row.get(f"{mark}{name}", "").split()).upper() for name in names)


def _door(row: Row, mark: str) -> Key:
    """Building, unit and room, however they stand: in columns of their own or in one."""
    if row.get(f"{mark}room"):
        place = addresses.Address("", *(SIGNS.sub("", "".join(row.get(f"{mark}{name}", "").split())) for name in ("building", "unit", "room")))
    else:
        found = addresses.read(row.get(f"{mark}address") or row.get(f"{mark}door") or "").value
        place = found if isinstance(found, addresses.Address) else addresses.Address()
    return (addresses.short(place.building, place.unit, place.room) if place.room else "",)


def _building(row: Row, mark: str) -> Key:
    text = row.get(f"{mark}building", "")
    found = addresses.read(f"{text}号楼" if text.isalnum() and text.isascii() else text).value
    return (found.building if isinstance(found, addresses.Address) else text,)


def _category(row: Row, mark: str) -> Key:
    text = row.get(f"{mark}category", "")
    return (str(codes.table("request_field").read(text).value or text),)


PERSON = (_of("id_no"), _of("name", "phone"), _of("name"))
KEYS: dict[str, tuple[Callable[[Row, str], Key], ...]] = {
    "resident": PERSON,
    "party": PERSON,
    "service": PERSON,
    "household": (_door, _of("household_head")),
    "visit": (_of("visit_date", "name", "visitors"),),
    "request": (_of("req_no"), _of("req_date", "name", "content")),
    "building": (_building,),
    "visitor": (_of("name"),),
    "matter": (_category,),
}
