"""What the centre sent down on top of what ships with the program: code tables, rule packs and ledger forms, as TOML that was checked.

One program has one desk, so there is one place for it, like the one folder of resources. The desk fills it when it opens and when something new
came, and empties it when it closes (desk/content.py); the readers of code tables, rule packs and forms look here each time.
"""
from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from gridapp.rules.reading import Trouble

LONGEST = 200_000  # characters of one TOML


@dataclass(frozen=True, slots=True)
class Content:
    """Texts in the order in which they count. past: code tables no longer in force; rows may hold their codes, so that they still show."""

    codes: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


class Place:
    """Where this program's content stands, and of which day it is (ISO)."""

    now: Content = Content()
    day: str = ""


HERE = Place()


def parse(text: str, what: str) -> dict[str, Any]:
    """A TOML text's tables. Raises Trouble with its line when it is damaged or too long. what: how people call it."""
    if len(text) > LONGEST:
        raise Trouble(f"{what}太长，最多 {LONGEST // 10_000} 万个字。请只保留需要的部分。", "content_too_long")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        said = f"（第 {line[1]} 行）" if line else ""
        raise Trouble(f"{what}损坏，读不出来{said}。请换一份完好的文件。", "content_damaged") from error


def wrong(what: str, said: str, do: str) -> Trouble:
    """The Trouble of a text that reads, but says what the program cannot go by."""
    return Trouble(f"{what}：{said}。{do}。", "content_refused")


def is_word(value: Any, longest: int) -> bool:
    """Whether a value is a short printable text."""
    return isinstance(value, str) and 0 < len(value.strip()) <= longest and value.isprintable()
