"""Matters from people who are probably kept twice. That they are two is said here; making one of them is done on the page 查重."""

from __future__ import annotations

from collections.abc import Collection

from gridapp.desk.desk import Desk
from gridapp.desk.duplicates import Pair, pairs_in
from gridapp.desk.matters import Choice, Item, Matter, Version, Words
from gridapp.desk.merging import set_apart_in
from gridapp.records import BY_NAME
from gridapp.store import Connection
from gridapp.store.work import Work

APART = "apart"
TWO, MERGED_TWO = ("先建立的", "后建立的"), ("合并以后的", "并入的那一条")


def matters(connection: Connection, desk: Desk, words: Words, decided: Collection[str]) -> list[Matter]:
    """Every pair nobody has decided: the pairs themselves know who was told apart."""
    return [_of(desk, words, each) for each in pairs_in(connection)]


def _of(desk: Desk, words: Words, pair: Pair) -> Matter:
    row = words.row(pair.record, pair.left[0])
    versions = tuple(Version(label, title) for label, (_, title) in zip(MERGED_TWO if pair.merged else TWO, (pair.left, pair.right), strict=True))
    item = Item(
        f"duplicate/{pair.key}", "duplicate", f"{BY_NAME[pair.record].title} {pair.left[1]}", "确定" if pair.certain else "可能", pair.record,
        pair.left[0], words.home(pair.record, row), f"{pair.reason}。请到“查重”里放在一起看：是同一人就合并，不是就说一声，以后不再提醒。",
        versions=versions, choices=(Choice(APART, "不是同一人"),), opens=("duplicates", pair.key),
    )

    def carry_out(work: Work, choice: str) -> None:
        set_apart_in(work, desk, pair.record, pair.left[0], pair.right[0])

    return Matter(item, carry_out, (), tuple(each.value for each in versions), row["scope"] if row else "")
