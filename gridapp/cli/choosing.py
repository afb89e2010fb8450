"""Naming a grid or a household on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk


def grid_of(desk: Desk, word: str) -> tuple[str, str]:
    """The (path, name) of the one grid called so, or with this path. Raises Trouble."""
    from gridapp import office

    found = [pair for pair in office.grids(desk) if word in pair]
    if len(found) != 1:
        raise Trouble(f"没有找到唯一的网格“{word}”。请用 office status 查看名称和范围，写范围最准确。", "no_such_grid")
    return found[0]


def home_of(desk: Desk, word: str) -> str:
    """The id of the one household at this door, or of this name. Raises Trouble."""
    from gridapp import desk as verbs

    hits = verbs.households(desk, word)
    exact = [hit for hit in hits if hit.title == word] or hits
    if len(exact) != 1:
        raise Trouble(f"“{word}”对应 {len(exact)} 户，没有划转。请写成“3-2-501”这样的完整门牌。", "no_such_household")
    return exact[0].id


def day_of(word: str) -> str:
    """A day as it was typed, ISO; "" for none. Raises Trouble."""
    from gridapp.rules import dates

    found = dates.read_whole(word)
    if found.refused:
        raise Trouble(f"没有看懂日期“{word}”。请写成 2026-01-31 的样子。", "no_such_day")
    return found.value or ""
