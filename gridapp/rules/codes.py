"""The code tables: resources/rules/codes.toml, read once."""
from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gridapp import places
from gridapp.rules import text
from gridapp.rules.reading import BLANK, Reading, Trouble, refuse


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One closed list: stored codes, what people call them, and every other spelling ledgers use. source ends in 待核 while unverified."""

    name: str
    title: str
    source: str
    items: Mapping[str, str]
    words: Mapping[str, str] = field(repr=False)

    def label(self, code: str | None) -> str:
        """What to show; a code of a newer version shows as itself."""
        return self.items.get(code, code) if code else ""

    def labels(self) -> tuple[str, ...]:
        return tuple(self.items.values())

    def read(self, raw: Any) -> Reading:
        """The code for a code, a label or another spelling, whatever its case and spaces."""
        word = _word(raw)
        code = self.words.get(word) or self._by_number(word)
        if code is not None:
            return Reading(code)
        if text.is_blank(raw):
            return BLANK
        return refuse("code_unknown", f"“{self.title}”里没有这一项。", f"可以填：{self._some()}。")

    def _by_number(self, word: str) -> str | None:
        if not (word.isascii() and word.isdigit()):
            return None
        width = max(map(len, self.items))
        return self.words.get(word.zfill(width))

    def _some(self) -> str:
        shown = self.labels()
        return "、".join(shown[:16]) + (" 等" if len(shown) > 16 else "")


def _word(raw: Any) -> str:
    return text.narrow(text.compact(raw)).casefold()


@cache
def tables() -> Mapping[str, CodeTable]:
    """Every table by name. Raises Trouble where the file is missing or damaged."""
    try:
        kept = tomllib.loads(places.resources("rules", "codes.toml").read_text("utf-8"))
        return {name: _table(name, entry) for name, entry in kept.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble("码表文件缺失或损坏，请重新安装本程序。", "codes_damaged") from error


def table(name: str) -> CodeTable:
    """The table of that name. KeyError is a bug in the caller."""
    return tables()[name]


def _table(name: str, entry: Mapping[str, Any]) -> CodeTable:
    items: dict[str, str] = {}
    words: dict[str, str] = {}
    for code, label, *others in entry["items"]:
        items[code] = label
        for spelling in (code, label, *others):
            if words.setdefault(_word(spelling), code) != code:
                raise ValueError(f"{name}: {spelling} stands for two codes")
    return CodeTable(name, entry["title"], entry["source"], items, words)
