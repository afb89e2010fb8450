"""Matters from what the exchange did not let in: rows a device had no right to write, bundles of withdrawn devices. An office's officer decides."""

from __future__ import annotations

from collections.abc import Collection

from gridapp.desk.desk import Desk
from gridapp.desk.exchange import shown
from gridapp.desk.held import discard_in, release_in
from gridapp.desk.matters import Choice, Item, Matter, Version, Words, blank
from gridapp.records import BY_NAME
from gridapp.store import Connection
from gridapp.store.work import Work
from gridapp.sync import quarantine
from gridapp.sync.quarantine import Held

LET_IN, GIVE_UP = "release", "discard"
CHOICES = (Choice(LET_IN, "放行"), Choice(GIVE_UP, "丢弃（留记录）"))


def matters(connection: Connection, desk: Desk, words: Words, decided: Collection[str]) -> list[Matter]:
    """All that is kept apart; only an office may decide about it."""
    return [_of(desk, words, each) for each in quarantine.held(connection)]


def _of(desk: Desk, words: Words, each: Held) -> Matter:
    who = each.device_label or f"设备 {each.device[:6].upper()}"
    heading, sentence = _why(each, who)
    choices = CHOICES if desk.role == "office" else ()
    row = blank(each.record, **{**each.values, "id": each.row_id}) if each.record in BY_NAME else None
    title = words.title(each.record, row) if row else f"{who}的数据包" if each.kind == "bundle" else "新的记录类别"
    sentence += "放行以后就和平常收进来的一样；丢弃就不再收，只留下这次决定的记录。两样都不能撤销。" if choices else "请联系中心处理。"
    version = Version("谁交来的", who, "", "", shown(each.at))
    item = Item(
        f"apart/{each.key}", "apart", title, heading, each.record, each.row_id, words.home(each.record, row), sentence,
        versions=(version,), choices=choices,
    )

    def carry_out(work: Work, choice: str) -> None:
        (release_in if choice == LET_IN else discard_in)(work, desk, each.key)

    return Matter(item, carry_out, (), (who,), lasting=True)


def _why(each: Held, who: str) -> tuple[str, str]:
    if each.kind == "bundle":
        return "停用设备的包", f"“{who}”已经停用，它交来的这个数据包（{max(each.bytes >> 10, 1):,} KB）放在一边，没有收进。请核实是谁做的、为什么。"
    return "越界的记录", f"“{who}”交来的这一条不归它管，没有收进，其余的都收好了。请核实它为什么会写这一条。"
