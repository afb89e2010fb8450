"""Rule packs sent down: checked whole against resources/rules/limits.toml before they count, and put into words."""
from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from gridapp import places
from gridapp.rules.codes import CodeTable
from gridapp.rules.content import is_word, parse, wrong
from gridapp.rules.packs import Rule, in_force, rules_of

WHAT = "规则包"
Tables = Mapping[str, CodeTable]
MOST_RULES, LONGEST, EARLIEST, LATEST = 100, 300, dt.date(1921, 7, 1), dt.date(2200, 1, 1)
HEAD, ENTRY = {"version", "effective_from", "rule"}, {"key", "article", "source", "verified_by", "params", "enabled"}


@cache
def limits() -> Mapping[str, Mapping[str, Any]]:
    """What each rule may say, by its key."""
    return tomllib.loads(places.resources("rules", "limits.toml").read_text("utf-8"))


def check_pack(text: str, tables: Tables) -> tuple[Rule, ...]:
    """The rules of a pack the program can go by. tables: the code tables in force. Raises Trouble that names what is wrong."""
    pack = parse(text, WHAT)
    if not pack.keys() <= HEAD or not is_word(pack.get("version"), 40):
        raise wrong(WHAT, "开头应写明 version（版本）、effective_from（生效日期）和 rule（规则），不写别的", "请补全后再试")
    if type(pack.get("effective_from")) is not dt.date or not EARLIEST <= pack["effective_from"] <= LATEST:
        raise wrong(WHAT, "没有写明生效日期 effective_from，或日期不对", "请写成 effective_from = 2026-12-01 的样子")
    entries = pack.get("rule")
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_RULES:
        raise wrong(WHAT, f"里面应有 1 到 {MOST_RULES} 条规则", "每条写在 [[rule]] 下面")
    for entry in entries:
        _check(entry, tables)
    if len({entry["key"] for entry in entries}) < len(entries):
        raise wrong(WHAT, "同一条规则写了两次", "请去掉重复的")
    return tuple(rules_of(pack))


def _check(entry: Any, tables: Tables) -> None:
    if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
        raise wrong(WHAT, "有一条规则没有写 key", "请写明改的是哪一条规则")
    limit = limits().get(entry["key"])
    if limit is None:
        raise wrong(WHAT, f"本程序不认识“{entry['key'][:40]}”这条规则", "请核对规则名；如果是新版本才有的规则，请先升级程序")
    title = limit["title"]
    if not entry.keys() <= ENTRY or type(entry.get("enabled", True)) is not bool or not isinstance(entry.get("verified_by", ""), str):
        raise wrong(WHAT, f"“{title}”里有不认识的内容", "每条规则只能写 key、article、source、verified_by、params 和 enabled")
    if not all(is_word(entry.get(name), LONGEST) for name in ("article", "source")):
        raise wrong(WHAT, f"“{title}”没有写明条款 article 和出处 source", "请写明规则从哪份文件的哪一条来")
    params, names = entry.get("params"), names_of(limit, tables)
    if not isinstance(params, dict) or not params.keys() <= names.keys() or not params.keys() >= set(limit["needs"]):
        raise wrong(WHAT, f"“{title}”的参数不对", f"应写 {'、'.join(limit['needs'])}，可以写的有 {'、'.join(list(names)[:16])}")
    for name, value in params.items():
        if not _fits(limit, name, value, tables):
            raise wrong(WHAT, f"“{title}”的“{names[name]}”不能是“{str(value)[:40]}”", f"请改成{_allowed(limit, tables)}")


def names_of(limit: Mapping[str, Any], tables: Tables) -> dict[str, str]:
    """A rule's parameters with their names for people."""
    names = limit["names"]
    found = dict(tables[names].items) if isinstance(names, str) else dict(names)
    return {**found, **limit.get("more", {})}


def _words(limit: Mapping[str, Any], tables: Tables) -> Mapping[str, str]:
    return tables[limit["values"]].items if "values" in limit else limit.get("words", {})


def _fits(limit: Mapping[str, Any], name: str, value: Any, tables: Tables) -> bool:
    if words := _words(limit, tables):
        return isinstance(value, str) and value in words
    many = name in limit.get("lists", ())
    values = value if many and isinstance(value, list) and 1 <= len(value) <= 10 else [value]
    return isinstance(value, list) == many and all(type(each) is int and limit["least"] <= each <= limit["most"] for each in values)


def _allowed(limit: Mapping[str, Any], tables: Tables) -> str:
    words = _words(limit, tables)
    return "、".join(words) if words else f"{limit['least']} 到 {limit['most']} 之间的整数"


def changes(before: tuple[Rule, ...], pack: tuple[Rule, ...], tables: Tables) -> list[str]:
    """What a pack changes, a sentence per rule: its values against those in force on the day it starts."""
    old = in_force(before, pack[0].effective_from) if before else {}
    return [_difference(old.get(rule.key), rule, tables) for rule in pack]


def _difference(old: Rule | None, new: Rule, tables: Tables) -> str:
    limit = limits()[new.key]
    names, differ = names_of(limit, tables), [name for name, value in new.params.items() if not old or old.params.get(name) != value]
    said = [f"{names[name]} {_change(limit, name, old, new, tables)}" for name in differ]
    if not new.enabled:
        said = ["停用这条提醒"]
    elif old and not old.enabled:
        said.insert(0, "重新启用")
    return f"{limit['title']}：{'；'.join(said) or '内容不变，只更新条款和出处'}。"


def _change(limit: Mapping[str, Any], name: str, old: Rule | None, new: Rule, tables: Tables) -> str:
    value = _say(limit, name, new.params[name], tables)
    return f"{_say(limit, name, old.params[name], tables)} → {value}" if old and name in old.params else value


def _say(limit: Mapping[str, Any], name: str, value: Any, tables: Tables) -> str:
    if isinstance(value, list):
        return "、".join(_say(limit, name, each, tables) for each in value)
    if isinstance(value, str):
        return _words(limit, tables).get(value, value)
    return f"{value} {limit.get('units', {}).get(name) or limit['unit']}"
