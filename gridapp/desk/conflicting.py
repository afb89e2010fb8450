"""Matters from true conflicts: a field two sides wrote without seeing one another, a row one side deleted while another edited it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gridapp.desk.desk import Desk
from gridapp.desk.exchange import shown
from gridapp.desk.facts import Row
from gridapp.desk.keeping import remove_in
from gridapp.desk.matters import HERE, THERE, WAS, Choice, Item, Matter, Version, Words, kind_of, stored
from gridapp.desk.merging import MARK
from gridapp.store import Connection
from gridapp.store.undo import replaced
from gridapp.store.work import Work
from gridapp.sync import conflicts, history
from gridapp.sync.conflicts import Conflict

Steps = dict[tuple[str, str], list[tuple[str, dict[str, Any]]]]
KEEP, GO = "keep", "go"
SLACK = 5_000  # ms: a step is written when its work is kept, a moment after the rows were
UNKNOWN = Version(WAS, "--")


def matters(connection: Connection, desk: Desk, words: Words, decided: Collection[str]) -> list[Matter]:
    """All that no decision covers."""
    found = [each for each in conflicts.conflicts(connection, decided) if each.field != MARK]
    steps = replaced(connection, {each.row_id for each in found if each.field}) if found else {}
    return [_field(connection, desk, words, each, steps) if each.field else _deleted(desk, words, each) for each in found]


def _field(connection: Connection, desk: Desk, words: Words, each: Conflict, steps: Steps) -> Matter:
    row, kind = words.row(each.record, each.row_id), kind_of(each.record, each.field)
    sides = [each.winner, *each.losers]
    said = [words.both(kind, side.value) for side in sides]
    values: dict[str, Any] = {str(at): side.value for at, side in enumerate(sides)}
    was = _base(connection, desk, each, steps)
    base = words.both(kind, was[0]) if was else ("--", "--")
    heading = kind.label if kind else "归属"
    versions = (
        Version(WAS, base[0], masked=base[0] != base[1]) if was else UNKNOWN,
        *(_version(desk, side, pair, str(at), at == 0) for at, (side, pair) in enumerate(zip(sides, said, strict=True))),
    )
    choices = tuple(Choice(key, f"采用“{pair[0]}”", key == "0") for key, pair in zip(values, said, strict=True))

    def carry_out(work: Work, choice: str) -> None:
        conflicts.settle(work.connection, each)
        work.change(each.record, each.row_id, {each.field: values[choice]})

    item = _item(each, words, row, "field", heading, _both_wrote(desk, each, heading, said), _reason(each, kind), versions, choices)
    return Matter(item, carry_out, each.covers, (base[1], *(pair[1] for pair in said)), each.scope)


def _deleted(desk: Desk, words: Words, each: Conflict) -> Matter:
    row = words.row(each.record, each.row_id)
    versions = (
        _version(desk, each.winner, ("保留（有人改过）",) * 2, KEEP, True),
        *(_version(desk, loser, ("删除",) * 2, GO, False) for loser in each.losers),
    )
    who, other = _who(desk, each.losers[0]), _who(desk, each.winner)
    sentence = f"{who}删除了这条记录，{other}在没有看到删除时改过它。请看一看还要不要留着。"
    choices = (Choice(KEEP, "保留", True), Choice(GO, "删除"))

    def carry_out(work: Work, choice: str) -> None:
        conflicts.settle(work.connection, each)
        if choice == GO:
            remove_in(work, each.record, each.row_id)

    item = _item(each, words, row, "deleted", "删除与修改", sentence, "有人修改，所以没有删除。", versions, choices)
    return Matter(item, carry_out, each.covers, tuple(version.value for version in versions), each.scope)


def _item(
    each: Conflict, words: Words, row: Row | None, sort: str, heading: str, sentence: str, reason: str,
    versions: tuple[Version, ...], choices: tuple[Choice, ...],
) -> Item:
    key = "/".join((sort, each.record, each.row_id, each.field)).rstrip("/")
    home = words.home(each.record, row)
    return Item(key, sort, words.title(each.record, row), heading, each.record, each.row_id, home, sentence, reason, each.field, versions, choices)


def _version(desk: Desk, side: conflicts.Version, said: tuple[str, str], choice: str, stands: bool) -> Version:
    mine = side.device in ("", desk.session.device)
    who, where = (side.person or desk.who, HERE) if mine else (side.person or "--", side.label or f"设备 {side.device[:6].upper()}")
    return Version(HERE if mine else THERE, said[0], who, where, shown(side.at), choice, stands, said[0] != said[1])


def _who(desk: Desk, side: conflicts.Version) -> str:
    made = _version(desk, side, ("", ""), "", False)
    return f"{made.who}（{made.where}）"


def _both_wrote(desk: Desk, each: Conflict, heading: str, said: list[tuple[str, str]]) -> str:
    names = list(dict.fromkeys(_who(desk, side) for side in (each.winner, *each.losers)))
    text = f"{'、'.join(names)}都改过“{heading}”，改的时候没有看到对方写的。请选对的那个。"
    return text + ("遮住以后看起来一样，请点“显示”再选。" if len({short for short, _ in said}) < len(said) else "")


def _reason(each: Conflict, kind: Any) -> str:
    latest = max(each.losers, key=lambda side: side.at)
    if each.swept:
        return "现在用的是后来写的，另一个还没有人核对过。"
    if not each.winner.device:
        return "现在用的是本机刚改的，还没有交换出去。"
    if (kind is None or kind.policy == "office_wins") and each.winner.rank > latest.rank:
        return "中心的写法优先。"
    if each.winner.at > latest.at:
        return "时间更晚（两边电脑的时钟可能不一致）。"
    return "时间分不出先后，由程序按固定的次序取了一个。"


def _base(connection: Connection, desk: Desk, each: Conflict, steps: Steps) -> tuple[Any] | None:
    """The value before the two parted, as far as this machine knows: what its own first change since the last exchange replaced."""
    mine = next((side for side in (each.winner, *each.losers) if side.device in ("", desk.session.device)), None)
    made = [(at, was[each.field]) for at, was in steps.get((each.record, each.row_id), []) if each.field in was]
    if mine is None or not made:
        return None
    first, last = stored(history.last_before(connection, mine.at)), stored(mine.at + SLACK)
    return next(((value,) for at, value in made if first < at <= last), None)
