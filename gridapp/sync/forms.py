"""The exact form of what a bundle holds. An enrolled program may be broken or hostile: what has another form is Damaged, never a crash."""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gridapp.sync import stamp as stamps
from gridapp.sync.troubles import Damaged

LEAST, MOST = -(1 << 63), (1 << 63) - 1
SESSION = "ttttwt"  # see authority.NAMES
LOSER = "twtwttwwj"  # see archive.NAMES, without the arrival
MARK = "wtttwtt"  # see moving.NAMES
CERTIFICATE = dict.fromkeys(("device", "label", "role", "scope", "sign", "box", "issuer", "seal"), "t") | {"serial": "w", "former": "e"}
LIST = {"version": "w", "issuer": "t", "revoked": "s", "seal": "t"}
MOST_EDGES = 64
MOST_LISTED = 20_000


def is_whole(value: Any) -> bool:
    """A whole number both engines can hold."""
    return type(value) is int and LEAST <= value <= MOST


def is_text(value: Any) -> bool:
    """A text both engines can hold."""
    return type(value) is str and "\0" not in value


def is_sid(value: Any) -> bool:
    """A session's id: sixteen letters and digits."""
    return type(value) is str and len(value) == 16 and value.isascii() and value.isalnum()


def is_key(value: Any) -> bool:
    """A row's, device's or bundle's id: thirty-two letters and digits."""
    return type(value) is str and len(value) == 32 and value.isascii() and value.isalnum()


def are_keys(values: Sequence[Any]) -> bool:
    """Whether all of them are ids: asked of whole lists at once, since a merge asks it of every row."""
    if set(map(type, values)) != {str} or set(map(len, values)) != {32}:
        return False
    joined = "".join(values)
    return joined.isascii() and joined.isalnum()


def is_json(value: Any) -> bool:
    """A text that holds a value as JSON."""
    if not is_text(value):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def is_hex(value: Any, size: int) -> bool:
    """A text of so many hexadecimal digits."""
    return type(value) is str and len(value) == size and set(value) <= set("0123456789abcdef")


def is_edges(value: Any) -> bool:
    """Handovers: old key, new key, seal."""
    sizes = (64, 64, 128)
    return (
        type(value) in (list, tuple)
        and len(value) <= MOST_EDGES
        and all(type(each) in (list, tuple) and len(each) == 3 and all(map(is_hex, each, sizes)) for each in value)
    )


def is_serials(value: Any) -> bool:
    """Serials by device."""
    return type(value) is dict and len(value) <= MOST_LISTED and all(is_key(each) and is_whole(serial) for each, serial in value.items())


KINDS = {"t": is_text, "w": is_whole, "j": is_json, "e": is_edges, "s": is_serials}


def sessions(found: Any) -> list[list[Any]]:
    """Sessions as they travel, or Damaged."""
    return _rows(found, SESSION, [is_sid])


def losers(found: Any) -> list[list[Any]]:
    """Archived losers as they travel, or Damaged."""
    return _rows(found, LOSER, [is_key, is_whole, is_key])


def marks(found: Any) -> list[list[Any]]:
    """Rows that left a grid as they travel, or Damaged."""
    made = _rows(found, MARK, [is_whole, is_key])
    if not all(_took_away(*each[3:]) for each in made):
        raise Damaged
    return made


def _took_away(sid: str, seq: int, _: str, stamp: str) -> bool:
    try:
        return stamps.read(stamp).base[:2] == (sid, seq)
    except ValueError:
        return False


def certificate(found: Any) -> dict[str, Any]:
    """A certificate's names and values, or Damaged."""
    return _names(found, CERTIFICATE)


def edges(found: Any) -> list[list[str]]:
    """Handovers of keys as they travel, or Damaged."""
    if not is_edges(found):
        raise Damaged
    return found


def withdrawn(found: Any) -> list[dict[str, Any]]:
    """Lists of withdrawn devices as they travel, or Damaged."""
    if type(found) is not list or len(found) > MOST_EDGES:
        raise Damaged
    return [_names(each, LIST) for each in found]


def _names(found: Any, form: dict[str, str]) -> dict[str, Any]:
    if type(found) is not dict or found.keys() != form.keys() or not all(KINDS[kind](found[name]) for name, kind in form.items()):
        raise Damaged
    return found


def _rows(found: Any, form: str, first: list[Any]) -> list[list[Any]]:
    if type(found) is not list:
        raise Damaged
    for row in found:
        if type(row) is not list or len(row) != len(form) or not all(KINDS[kind](value) for kind, value in zip(form, row, strict=True)):
            raise Damaged
        if not all(check(value) for check, value in zip(first, row, strict=False)):
            raise Damaged
    return found
