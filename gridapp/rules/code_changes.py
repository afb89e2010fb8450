"""Code tables sent down: items may be added, renamed and retired, never taken away; each text is checked whole before anything of it counts."""
from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from gridapp.rules.codes import CodeTable, word
from gridapp.rules.content import is_word, parse, wrong

WHAT, NAME = "代码表", re.compile(r"[A-Za-z0-9_]{1,40}")
MOST_ITEMS, MOST_SPELLINGS, LONGEST = 500, 20, 40
ENTRIES = {"title", "source", "items", "retired"}
Tables = Mapping[str, CodeTable]


def amend(tables: Tables, text: str) -> Tables:
    """The tables with a text's changes. Raises Trouble that names what is wrong."""
    told = parse(text, WHAT)
    if not told:
        raise wrong(WHAT, "里面一张表也没有", "请写明要改哪一张表")
    return {**tables, **{name: _amended(_known(tables, name), entry) for name, entry in told.items()}}


def remember(tables: Tables, text: str) -> Tables:
    """The tables with a text's additions as retired codes: no longer offered, but rows that hold them still show."""
    found = dict(tables)
    for name, entry in parse(text, WHAT).items():
        table = _known(tables, name)
        new = {code: label for code, label, *_ in _items(table, entry) if code not in table.items}
        words = {**{word(code): code for code in new}, **table.words}
        found[name] = replace(table, items={**table.items, **new}, words=words, retired=table.retired | new.keys())
    return found


def changes(before: Tables, after: Tables) -> list[str]:
    """What is different, a sentence per table."""
    return [f"{table.title}：{'；'.join(said)}。" for name, table in after.items() if (said := _differences(before[name], table))]


def _differences(before: CodeTable, after: CodeTable) -> list[str]:
    added = [label for code, label in after.items.items() if code not in before.items]
    renamed = [f"{label} → {after.items[code]}" for code, label in before.items.items() if after.items[code] != label]
    retired = [after.items[code] for code in after.items if code in after.retired - before.retired]
    offered = [after.items[code] for code in after.items if code in before.retired - after.retired]
    listed = (("新增", added), ("改名", renamed), ("停用", retired), ("恢复", offered))
    return [f"{what} {len(names)} 项（{'、'.join(names[:8])}{' 等' if len(names) > 8 else ''}）" for what, names in listed if names]


def _known(tables: Tables, name: str) -> CodeTable:
    if name not in tables:
        raise wrong(WHAT, f"没有叫“{name[:LONGEST]}”的表", "请核对表名；如果是新版本才有的表，请先升级程序")
    return tables[name]


def _amended(table: CodeTable, entry: Any) -> CodeTable:
    told = _items(table, entry)
    items = {**table.items, **{code: label for code, label, *_ in told}}
    retired = (table.retired - {each[0] for each in told}) | _retired(table, entry, items)
    offered = [label for code, label in items.items() if code not in retired]
    if len(items) > MOST_ITEMS or len(set(offered)) < len(offered) or not offered:
        raise wrong(WHAT, f"“{table.title}”里有两项同名，或超过 {MOST_ITEMS} 项，或全部停用了", "请改正后再试")
    return replace(table, items=items, words=_words(table, told, items, retired), retired=retired)


def _words(table: CodeTable, told: list[list[str]], items: Mapping[str, str], retired: Set[str]) -> dict[str, str]:
    """Every spelling's code; a spelling of a retired item may pass to another, a code never."""
    words, own = dict(table.words), {word(code): code for code in items}
    for code, *spellings in told:
        for spelling in (code, *spellings):
            said = word(spelling)
            owner = own.get(said) or words.get(said, code)
            if owner != code and (said in own or owner not in retired):
                raise wrong(WHAT, f"“{table.title}”里“{spelling}”同时代表两项", "请换一个不重复的写法")
            words[said] = code
    return words


def _items(table: CodeTable, entry: Any) -> list[list[str]]:
    if not isinstance(entry, dict) or not entry.keys() <= ENTRIES:
        raise wrong(WHAT, f"“{table.title}”里有不认识的内容", "每张表只能写 title、source、items 和 retired")
    told = entry.get("items", [])
    if not isinstance(told, list) or not all(map(_is_item, told)):
        raise wrong(WHAT, f"“{table.title}”里有一项写得不对", f"每项写成 [\"代码\", \"名称\"]，代码用字母、数字或下划线，名称不超过 {LONGEST} 个字")
    if any(code.isdigit() and code not in table.items and {len(each) for each in table.items if each.isdigit()} - {len(code)} for code, *_ in told):
        raise wrong(WHAT, f"“{table.title}”里新增的数字代码位数与原有的不一样", "请写成同样的位数")
    if table.fixed and any(item[0] not in table.items for item in told):
        raise wrong(WHAT, f"“{table.title}”由程序使用，只能改名，不能新增", "请去掉新增的项")
    return told


def _is_item(item: Any) -> bool:
    if not isinstance(item, list) or not 2 <= len(item) <= MOST_SPELLINGS or not all(is_word(each, LONGEST) for each in item):
        return False
    return bool(NAME.fullmatch(item[0])) and item[1] == item[1].strip()


def _retired(table: CodeTable, entry: dict[str, Any], items: Mapping[str, str]) -> frozenset[str]:
    told = entry.get("retired", [])
    if not isinstance(told, list) or not all(isinstance(code, str) and code in items for code in told):
        raise wrong(WHAT, f"“{table.title}”要停用的代码里有表里没有的", "请核对 retired 里的代码")
    if told and table.fixed:
        raise wrong(WHAT, f"“{table.title}”由程序使用，不能停用", "请去掉 retired")
    return frozenset(told)
