"""People's names: Han names without inner spaces, one middle dot (U+00B7), and cells that name several people."""
from __future__ import annotations

import re
from typing import Any

from gridapp.rules import text
from gridapp.rules.reading import BLANK, Reading

DOT, JOINT = "·", "、"
_DOTS = re.compile(r"\s*[·•‧∙⋅・･●▪᛫．]\s*")
_HAN_STOP = re.compile(r"(?<=[^\x00-\x7f])\s*[.。]\s*(?=[^\x00-\x7f])")
_BREAKS = re.compile(r"[、,，;；/／|\n\t]+")
_GROUP = re.compile(r"等(?:\d*人)?\Z")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ .'\-]+")


def read(raw: Any) -> Reading:
    """One name as it should be kept."""
    written = text.clean(raw)
    tidy = _tidy(written)
    return BLANK if text.is_blank(written) or text.is_blank(tidy) else Reading(tidy)


def _tidy(written: str) -> str:
    if _LATIN.fullmatch(" ".join(written.split())):
        return " ".join(written.split())
    dotted = _HAN_STOP.sub(DOT, _DOTS.sub(DOT, written))
    return "".join(dotted.split()).strip(DOT)


def people(raw: Any) -> Reading:
    """Several names joined by '、', in the order written, each once."""
    written = text.clean(raw)
    if text.is_blank(written):
        return BLANK
    parts = (_GROUP.sub("", name) for part in _BREAKS.split(written) for name in _by_space(part))
    names = dict.fromkeys(_tidy(name) for name in parts if not text.is_blank(name))
    return Reading(JOINT.join(names)) if names else BLANK


def _by_space(part: str) -> list[str]:
    # '李 娜' is one name spread out, '赵网格 孙楼长' are two people.
    pieces = part.split()
    if _LATIN.fullmatch(part) or all(len(piece) == 1 for piece in pieces):
        return ["".join(pieces)] if not _LATIN.fullmatch(part) else [part]
    return pieces
