"""What a paper is for decides how much it shows: 内部, 上报 or 公示 (resources/rules/purposes.toml, after domain.md section 6)."""
from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cache

from gridapp import places
from gridapp.rules.reading import Trouble

BIRTH = frozenset({"birth", "birth_year", "age"})
BIRTH_WORDS = ("出生", "年龄", "生日")


class Purpose(Enum):
    """For whom a paper is: the branch and the grid themselves, the offices above, everybody."""

    INSIDE = "inside"
    UPWARD = "upward"
    PUBLIC = "public"

    @property
    def rule(self) -> Showing:
        """How much it shows."""
        return _read()[self.value]

    @property
    def title(self) -> str:
        return self.rule.title


@dataclass(frozen=True, slots=True)
class Showing:
    """How much a purpose shows; the words are explained in the file. says: the same as a sentence for people."""

    title: str
    says: str
    name: str
    number: str
    address: str
    text: str
    least_group: int
    may_be_whole: bool
    sealed: bool


@cache
def _read() -> dict[str, Showing]:
    """The table. Raises Trouble where it is missing or damaged: without it nothing may leave."""
    try:
        told = tomllib.loads(places.resources("rules", "purposes.toml").read_text("utf-8"))
        return {each.value: Showing(**told[each.value]) for each in Purpose}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Trouble("用途档的规则缺失或损坏，暂时不能导出。请重新安装本程序。", "purposes_damaged") from error


def purpose_of(word: str) -> Purpose:
    """A purpose by its code or its title. Raises Trouble that names the three."""
    for each in Purpose:
        if word in (each.value, each.title):
            return each
    raise Trouble(f"没有“{word}”这种用途。请写{'、'.join(each.title for each in Purpose)}。", "no_such_purpose")


def group_size(count: int, purpose: Purpose) -> str:
    """How many a group has, as a figure for this purpose: outside the house a group of one or two is '<3', lest somebody be recognised by it."""
    least = purpose.rule.least_group
    return f"<{least}" if 0 < count < least else str(count)


def tells_birth(names: Collection[str]) -> bool:
    """Whether columns of these names (attributes or headings) tell when somebody was born; a political birthday tells when somebody joined."""
    return any(name in BIRTH or any(word in name.replace("政治生日", "") for word in BIRTH_WORDS) for name in names)
