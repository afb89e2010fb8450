"""Dated rule packs: resources/rules/reminders-*.toml, and those the centre sent down. A case is judged by the newest rule in force on its day."""
from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from gridapp import places
from gridapp.rules import content
from gridapp.rules.reading import Trouble


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as of one pack. article and source say where it comes from; verified_by is empty until somebody has checked (待核)."""

    key: str
    params: Mapping[str, Any]
    version: str
    effective_from: dt.date
    article: str = ""
    source: str = ""
    verified_by: str = ""
    enabled: bool = True


@cache
def read_folder(folder: Path, named: str = "reminders") -> tuple[Rule, ...]:
    """All rules of a folder's packs of a name, oldest first. Raises Trouble where there are none or one is damaged."""
    rules = [rule for path in sorted(folder.glob(f"{named}-*.toml")) for rule in _read_pack(path)]
    if not rules:
        raise Trouble("找不到规则包，请重新安装本程序。", "rules_missing")
    return tuple(sorted(rules, key=lambda rule: rule.effective_from))


def _read_pack(path: Path) -> list[Rule]:
    try:
        return rules_of(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(f"规则包“{path.name}”损坏，请换一份完好的再试。", "rules_damaged") from error


def rules_of(pack: dict[str, Any]) -> list[Rule]:
    """The rules of a pack as TOML has it. Raises ValueError, KeyError, TypeError or AttributeError where it is none."""
    head = {"version": pack["version"], "effective_from": _day(pack["effective_from"])}
    return [Rule(**head, **{**entry, "params": dict(entry["params"])}) for entry in pack["rule"]]


@lru_cache(8)
def with_sent(sent: tuple[str, ...]) -> tuple[Rule, ...]:
    """The shipped rules and those of checked texts sent down, oldest first; of the same day the one sent counts, and of those the last."""
    rules = [*read_folder(places.resources("rules")), *(rule for text in sent for rule in rules_of(content.parse(text, "规则包")))]
    return tuple(sorted(rules, key=lambda rule: rule.effective_from))


def counting(key: str, on: dt.date) -> Mapping[str, Any]:
    """How a report counts on a day: the parameters of a rule of resources/rules/reports-*.toml. KeyError is a bug in the caller."""
    return in_force(read_folder(places.resources("rules"), "reports"), on)[key].params


def _day(value: Any) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError("effective_from must be a date")
    return value


def all_rules(on: dt.date, folder: Path | None = None) -> dict[str, Rule]:
    """The rules in force on a day, by key; before the first pack, the first pack's. folder: these packs alone."""
    return in_force(read_folder(folder) if folder else with_sent(content.HERE.now.rules), on)


def in_force(rules: tuple[Rule, ...], on: dt.date) -> dict[str, Rule]:
    """Of rules, oldest first, those in force on a day, by key."""
    found = {rule.key: rule for rule in reversed(rules)}
    found.update((rule.key, rule) for rule in rules if rule.effective_from <= on)
    return found


def rule(key: str, on: dt.date, folder: Path | None = None) -> Rule:
    """One rule as in force on a day. Raises Trouble for a key no pack has."""
    found = all_rules(on, folder).get(key)
    if found is None:
        raise Trouble(f"规则包里没有“{key}”这条规则，请更新规则包。", "rule_unknown")
    return found
