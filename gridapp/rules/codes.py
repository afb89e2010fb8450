"""The code tables: resources/rules/codes.toml, read once, and what the centre sent down to change them."""
from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from gridapp import places
from gridapp.rules import content, text
from gridapp.rules.reading import BLANK, Reading, Trouble, refuse


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One closed list: stored codes, what people call them, and every other spelling ledgers use. source ends in 待核 while unverified.

    fixed: the program goes by these very codes, so that they can be renamed only. retired: codes that show and are read, but are not offered.
    """

    name: str
    title: str
    source: str
    items: Mapping[str, str]
    words: Mapping[str, str] = field(repr=False)
    fixed: bool = False
    retired: frozenset[str] = frozenset()

    def label(self, code: str | None) -> str:
        """What to show; a code of a newer version shows as itself."""
        return self.items.get(code, code) if code else ""

    def labels(self) -> tuple[str, ...]:
        return tuple(self.items.values())

    def offered(self) -> dict[str, str]:
        """The codes one can choose, with what people call them."""
        return {code: label for code, label in self.items.items() if code not in self.retired}

    def read(self, raw: Any) -> Reading:
        """The code for a code, a label or another spelling, whatever its case and spaces."""
        said = word(raw)
        code = self.words.get(said) or self._by_number(said)
        if code is not None:
            return Reading(code)
        if text.is_blank(raw):
            return BLANK
        return refuse("code_unknown", f"“{self.title}”里没有这一项。", f"可以填：{self._some()}。")

    def _by_number(self, said: str) -> str | None:
        if not (said.isascii() and said.isdigit()):
            return None
        width = max((len(code) for code in self.items if code.isdigit()), default=0)
        return self.words.get(said.zfill(width))

    def _some(self) -> str:
        shown = tuple(self.offered().values())
        return "、".join(shown[:16]) + (" 等" if len(shown) > 16 else "")


def word(raw: Any) -> str:
    """A spelling as it is compared: whatever its case, spaces and width."""
    return text.narrow(text.compact(raw)).casefold()


def tables() -> Mapping[str, CodeTable]:
    """Every table by name, as the centre has it. Raises Trouble where the file is missing or damaged."""
    here = content.HERE.now
    return amended(here.codes, here.past)


@lru_cache(8)
def amended(added: tuple[str, ...], past: tuple[str, ...] = ()) -> Mapping[str, CodeTable]:
    """The shipped tables with the changes of texts sent down (see code_changes). Raises Trouble for a text that does not fit."""
    from gridapp.rules.code_changes import amend, remember

    found = shipped()
    for each in past:
        found = remember(found, each)
    for each in added:
        found = amend(found, each)
    return found


@cache
def shipped() -> Mapping[str, CodeTable]:
    """The tables that came with the program."""
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
            if words.setdefault(word(spelling), code) != code:
                raise ValueError(f"{name}: {spelling} stands for two codes")
    return CodeTable(name, entry["title"], entry["source"], items, words, bool(entry.get("fixed")))
