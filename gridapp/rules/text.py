"""Cleaning a cell or a field: what was typed, without what only got in by accident."""
from __future__ import annotations

import datetime as dt
import re
from typing import Any

# Only digits, Latin letters and the marks that numbers are written with: full stops and commas of Chinese prose stay as they are,
# and so do compatibility ideographs, which people carry in their names (NFKC would change them).
_NARROWED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-./=@#%&*_~'\""
_NARROW = {ord(char) + 0xFEE0: char for char in _NARROWED} | {0x3000: " ", 0xA0: " ", 0x2007: " ", 0x202F: " ", 0x2212: "-"}
_INVISIBLE = dict.fromkeys(
    (0, 0xAD, 0x061C, 0x180E, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)
_CONTROL = dict.fromkeys(code for code in (*range(1, 32), *range(127, 160)) if chr(code) not in "\t\n\r\x85")
_CLEAN = _NARROW | _INVISIBLE | _CONTROL | {0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_PUNCTUATION = str.maketrans("，；：！？（）【】［］｛｝｜＼、〔〕", ",;:!?()[][]{}|\\,()")
_GUARD = re.compile(r'\A=\s*"(.*)"\Z', re.S)
_LINE_END = re.compile(r"_x000[dD]_\n?|\r\n?")
_APOSTROPHES = "'‘’`´"
_BLANKS = frozenset((
    "无", "没有", "不详", "不祥", "不明", "未知", "不清楚", "不知道", "暂无", "暂缺", "空", "空白", "缺", "缺失", "未填", "未填写",
    "未登记", "未提供", "待补", "待补充", "待查", "待定", "待核实", "略", "n/a", "na", "null", "none", "nil", "nan",
))
_STROKES = re.compile(r"[\s\-/\\—–―─‐‑‒－_.．·…。、~～|]*")


def as_text(raw: Any) -> str:
    """A cell's value in letters: whole floats without '.0', dates as ISO, nothing as ''."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, dt.datetime):
        return raw.isoformat(sep=" ")
    return str(raw)


def clean(raw: Any) -> str:
    """What was typed, without NUL, invisible marks, full-width digits and letters, outer spaces, and Excel's text guards.

    Line breaks inside stay, as '\\n'.
    """
    text = _LINE_END.sub("\n", as_text(raw)).translate(_CLEAN).strip()
    guard = _GUARD.match(text)
    if guard:
        text = guard[1].strip()
    return _without_apostrophe(text)


def _without_apostrophe(text: str) -> str:
    if text[:1] and text[0] in _APOSTROPHES and not any(mark in text[1:] for mark in _APOSTROPHES):
        return text[1:].strip()
    return text


def narrow(text: str) -> str:
    """Chinese brackets, commas and colons as ASCII: for parsers, never for prose that is kept."""
    return text.translate(_PUNCTUATION)


def compact(text: Any) -> str:
    """Without any space or line break, for headings."""
    return "".join(clean(text).split())


def is_blank(text: Any) -> bool:
    """Whether a cell says nothing: empty, strokes only, or a word such as 无, 不详, 暂无, N/A."""
    bare = compact(text).strip("。.,，、;；()（）[]【】")
    return _STROKES.fullmatch(bare) is not None or bare.casefold() in _BLANKS
