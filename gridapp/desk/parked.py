"""Matters that wait by themselves: rows whose parent has not come, or that only a newer program understands. Nothing to choose, only to know."""

from __future__ import annotations

from collections.abc import Collection

from gridapp.desk.desk import Desk
from gridapp.desk.matters import Item, Matter, Words, blank
from gridapp.records import BY_NAME
from gridapp.store import Connection
from gridapp.store.work import Work
from gridapp.sync import beside
from gridapp.sync.beside import Beside

UPGRADE = "内容原样保留着，也照样转交，不会丢。请升级程序，升级后会自动归位。"


def matters(connection: Connection, desk: Desk, words: Words, decided: Collection[str]) -> list[Matter]:
    """All of them; no decision puts one out of the list, what it waits for does."""
    return [
        *(_row(words, each) for each in beside.parked(connection)),
        *(_newer(name, count) for name, count in beside.newer(connection).items()),
    ]


def _row(words: Words, each: Beside) -> Matter:
    row = blank(each.record, **{**each.values, "id": each.row_id})
    heading, sentence = _why(each)
    home = words.home(each.record, row)
    title = words.title(each.record, row)
    item = Item(f"parked/{each.record}/{each.row_id}", "parked", title, heading, each.record, each.row_id, home, sentence)
    return Matter(item, nothing, ())


def _why(each: Beside) -> tuple[str, str]:
    if each.reason != "parent":
        return "放不下的值", f"里面有本程序放不下的值。{UPGRADE}仍不行，请联系中心。"
    parent = BY_NAME[each.missing].title if each.missing in BY_NAME else "上一级记录"
    if each.deleted:
        return f"缺{parent}", f"它所属的{parent}已经被删除，所以先放在一边，没有丢。要留着它，请恢复那条{parent}；不要了，不用管它。"
    return f"缺{parent}", f"它所属的{parent}还没有收到，收到后会自动归位，现在不用做什么。"


def _newer(name: str, count: int) -> Matter:
    what = f"{BY_NAME[name].title}的新栏目" if name in BY_NAME else "新的记录类别"
    sentence = f"有 {count:,} 条记录里有更新的程序写的{what}，本程序还不认识。{UPGRADE}"
    return Matter(Item(f"parked/newer/{name}", "parked", f"{what}（{count:,} 条）", "需要升级程序", name, "", None, sentence), nothing, ())


def nothing(work: Work, choice: str) -> None:
    """There is nothing to carry out."""
