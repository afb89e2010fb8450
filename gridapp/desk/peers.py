"""What the exchange knows of the other side's computer, in sentences: how long silent, its program, its clock, whether it looks restored.

Facts about a computer and its files, for whoever keeps them going; never about the people who work there.
"""

from __future__ import annotations

from gridapp.desk.desk import Desk, note
from gridapp.rules import packs
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.sync import history, link, watch

DAY, HOUR, MINUTE = 86_400_000, 3_600_000, 60_000
LOOKS_RESTORED = "“{name}”的电脑看起来是从备份恢复的（或有两台）：两台都可以继续用，不会丢数据，请核实。"


def facts(connection: Connection, desk: Desk, peer: link.Link) -> tuple[str, ...]:
    """Sentences about one party, the most pressing first; empty when all is as usual."""
    known = watch.peer(connection, peer.id)
    found = (_restored(peer, known), _silent(connection, desk, peer), _clock(desk, known), _version(desk, known))
    return tuple(sentence for sentence in found if sentence)


def about_centre(connection: Connection, desk: Desk, office: link.Link) -> tuple[str, ...]:
    """The same of our centre, which owes us no bundle on any day."""
    known = watch.peer(connection, office.id)
    return tuple(sentence for sentence in (_restored(office, known), _clock(desk, known), _version(desk, known)) if sentence)


def _restored(peer: link.Link, known: watch.Peer) -> str:
    return LOOKS_RESTORED.format(name=peer.label) if known.doubts else ""


def _silent(connection: Connection, desk: Desk, peer: link.Link) -> str:
    last = history.last(connection, peer.id, "in")
    if last is None:
        return "还没有收到过它的包。"
    days = (desk.session.clock() - last) // DAY
    return f"已有 {days} 天没有收到它的包。" if days >= packs.rule("exchange.silent", desk.today()).params["days"] else ""


def _clock(desk: Desk, known: watch.Peer) -> str:
    if abs(known.skew) < packs.rule("exchange.clock", desk.today()).params["minutes"] * MINUTE:
        return ""
    return f"它的电脑时间{'快' if known.skew > 0 else '慢'}了约 {_length(abs(known.skew))}，请核对日期和时间。"


def _length(ms: int) -> str:
    days, hours, minutes = ms // DAY, ms // HOUR, ms // MINUTE
    return f"{days} 天" if days else f"{hours} 小时" if hours else f"{minutes} 分钟"


def _version(desk: Desk, known: watch.Peer) -> str:
    there, here = _numbers(known.app), _numbers(desk.session.app)
    if not there or there == here:
        return ""
    if there < here:
        return f"它的程序是 {known.app}，比本机的 {desk.session.app} 旧，请给它升级。"
    return f"它的程序是 {known.app}，比本机的 {desk.session.app} 新，请升级本机。"


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("+")[0].split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() and len(part) < 9 for part in parts) else ()


def verified(desk: Desk, link_id: str) -> None:
    """Somebody asked there about a computer that looked restored: the sentence goes until there is new evidence."""
    with desk.store.work() as work:
        watch.verified(work.connection, link_id)
        note(work.connection, desk, "verified", purpose=link.get(work.connection, link_id).label)
        work.keep()


def start_over(desk: Desk, link_id: str = "") -> str:
    """Let both sides send everything again, with this party (our centre when none is named); gives its name. Raises Trouble without one.

    Harmless: rows that are there already are recognised, and nothing is written twice.
    """
    with desk.store.work() as work:
        peer = link.get(work.connection, link_id) if link_id else link.upward(work.connection)
        if peer is None:
            raise Trouble("还没有加入中心，没有可以重新发送的对方。请先在“交换”里申请加入。", "not_enrolled")
        link.start_over(work.connection, peer)
        note(work.connection, desk, "start over", purpose=peer.label)
        work.keep()
    return peer.label
