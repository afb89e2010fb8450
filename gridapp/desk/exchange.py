"""Exchange with the centre: join it by files, make a bundle, take what comes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk import content, links, outbox, peers, witness
from gridapp.desk.attaching import budget
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.merging import follow
from gridapp.desk.moved import forget_steps
from gridapp.rules import moments
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import write_setting
from gridapp.store.search import spell_names
from gridapp.store.work import Work
from gridapp.sync import bundle, history, link, trust
from gridapp.sync.bundle import MadeBundle
from gridapp.sync.outbox import WORDS, sent_bundles
from gridapp.sync.troubles import WrongSort, writing


@dataclass(frozen=True)
class BundleLine:
    """A bundle that went ('out') or came ('in'): when, a sentence, how far it is, and the key of the copy kept of it ("" where there is none)."""

    when: str
    way: str
    text: str
    state: str = ""
    copy: str = ""


@dataclass(frozen=True)
class ExchangeState:
    """How the exchange stands. words: this desk's six check words. breakdown: (待导出 and so on, rows). bundles: newest first.

    facts: sentences about the centre's computer that are worth a look.
    """

    enrolled: bool
    centre: str
    words: str
    unconfirmed: int
    last_sent: str
    last_taken: str
    bundles: list[BundleLine]
    breakdown: tuple[tuple[str, int], ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakenIn:
    """What taking a file did, with a sentence for people. outcome: merged, again, held, or answer; sender: whose it was."""

    kind: str
    sentence: str
    new: int = 0
    changed: int = 0
    conflicts: int = 0
    parked: int = 0
    quarantined: int = 0
    outcome: str = "merged"
    sender: str = ""


def state(desk: Desk) -> ExchangeState:
    """How the exchange with the centre stands."""
    kept = {each.id: each for each in outbox.kept_bundles(desk)}
    with desk.store.reading() as connection:
        office = link.upward(connection)
        sent, taken = (history.last(connection, office.id, way) if office else None for way in ("out", "in"))
        return ExchangeState(
            enrolled=office is not None,
            centre=office.label if office else "",
            words=" ".join(trust.own_words(connection)),
            unconfirmed=links.unconfirmed(connection),
            last_sent=shown(sent),
            last_taken=shown(taken),
            bundles=_lines(connection, kept),
            breakdown=outbox.breakdown(connection),
            facts=peers.about_centre(connection, desk, office) if office else (),
        )


def _lines(connection: Connection, kept: dict[str, outbox.KeptBundle]) -> list[BundleLine]:
    """What went and came, and copies this store knows nothing of (made before a backup was put back)."""
    states = {each.id: WORDS[each.state] for each in sent_bundles(connection)}
    lines = [
        (each.at, BundleLine(shown(each.at), each.way, _line(each), states.get(each.bundle, ""), each.bundle if each.bundle in kept else ""))
        for each in history.passed(connection)
    ]
    strange = [each for each in kept.values() if each.rows is None]
    lines += [(each.at, BundleLine(shown(each.at), "out", "恢复备份以前生成的数据包", each.state_word, each.id)) for each in strange]
    return [line for _, line in sorted(lines, key=lambda pair: pair[0], reverse=True)]


def shown(at: int | None) -> str:
    """A wall-clock moment in ms for people; '' for never."""
    return moments.show(moments.store(dt.datetime.fromtimestamp(at / 1000, dt.UTC))) if at else ""


def _line(each: history.Passed) -> str:
    if each.way == "out":
        return f"发给{each.label}，{each.counts['rows']} 条"
    return f"收自{each.label}，{counted(each.counts)}"


def counted(tally: dict[str, int]) -> str:
    """A merge's tally as a phrase."""
    words = {"new": "新增", "updated": "更新", "deleted": "删除", "moved": "划走", "conflicts": "冲突", "parked": "暂存", "quarantined": "隔离"}
    found = [f"{word} {tally[name]}" for name, word in words.items() if tally.get(name)] or ["没有新内容"]
    return "，".join([*found, *([f"已有 {tally['unchanged']}"] if tally.get("unchanged") else [])])


def ask_to_join(desk: Desk, out_dir: Path) -> Path:
    """Write the file that asks the centre to enrol this desk. Raises Trouble when the place cannot take it."""
    with desk.store.work() as work:
        data = trust.request(work.connection, desk.grid_name)
        note(work.connection, desk, "join")
        work.keep()
    return put(out_dir / f"加入申请-{desk.session.device[:6].upper()}{bundle.SUFFIX}", data)


def put(path: Path, data: bytes) -> Path:
    """Write a small file whole or not at all. Raises Trouble."""
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise writing(error) from error
    return path


def make_bundle(desk: Desk, out_dir: Path, step: Step = no_step) -> MadeBundle:
    """Write what the centre has not surely got. Raises NotEnrolled, or Trouble for the stick; nothing but a *.tmp is then there."""
    with desk.store.work() as work:
        office = link.upward(work.connection)
        if office is None:
            raise Trouble("还没有加入中心，不能生成上报包。请先在“交换”里申请加入。", "not_enrolled")
        made = bundle.make(work.connection, desk.session, office.id, out_dir, step, budget(work.connection))
        note(work.connection, desk, "bundle", purpose=f"{made.rows} 条")
        work.keep()
    witness.mark(desk)
    outbox.clear_old(desk)
    return outbox.keep_copy(desk, made, step)


def take(desk: Desk, path: Path, step: Step = no_step) -> TakenIn:
    """Take the centre's answer or a bundle. Raises Trouble with its own sentence; nothing is then changed."""
    taken = take_one(desk, path, step)
    afterwards(desk)
    return taken


def take_one(desk: Desk, path: Path, step: Step) -> TakenIn:
    """The same, one of many; call `afterwards` after the last."""
    try:
        return _take_bundle(desk, path, step)
    except WrongSort:
        return _take_answer(desk, path)


def afterwards(desk: Desk) -> None:
    """What need be done but once however many files were taken: the witness, how new names are spelled, what the centre sent down."""
    witness.mark(desk)
    spell_names(desk.store.engine)
    content.apply(desk)


def _take_answer(desk: Desk, path: Path) -> TakenIn:
    with desk.store.work() as work:
        office = trust.read_answer(path)
        trust.accept(work.connection, office)
        _settle_in(desk, work)
        note(work.connection, desk, "joined", purpose=office[0].label)
        work.keep()
    text = f"已加入“{office[0].label}”。请与中心核对六个词：{' '.join(office[0].words)}。然后就可以生成上报包了。"
    return TakenIn("answer", text, outcome="answer", sender=office[0].label)


def _take_bundle(desk: Desk, path: Path, step: Step) -> TakenIn:
    with desk.store.work() as work:
        taken = bundle.take(work.connection, desk.session, path, step)
        if trust.own_scope(work.connection) != desk.scope:
            _settle_in(desk, work)
        follow(work)
        tally = taken.tally
        forget_steps(work.connection)
        note(work.connection, desk, "take", purpose=taken.sender)
        work.keep()
    counts = (tally.new, tally.updated, tally.conflicts, tally.parked, tally.quarantined)
    return TakenIn("bundle", sentence_of(taken), *counts, taken.outcome, taken.sender)


def sentence_of(taken: bundle.Taken) -> str:
    """What a bundle did, for people."""
    if taken.outcome == "again":
        return f"“{taken.sender}”的这个数据包以前已经收过，没有重复计入。"
    if taken.outcome == "held":
        return f"设备“{taken.sender}”已停用，它的数据包原样放在一边，没有并入。请到“待核对”里决定放行还是丢弃。"
    text = f"收到“{taken.sender}”的数据包：{counted(vars(taken.tally))}。"
    if taken.enrolled:
        text += f"本机已加入，请与中心核对六个词：{' '.join(taken.words)}。"
    if taken.tally.conflicts:
        text += "请到“待核对”里看一下冲突。"
    if taken.differs:
        text += "核对发现本机与中心的数据不一致，请尽快再生成一次上报包交给中心；双方会重新发送全部数据，不会丢失。"
    if taken.clock_off:
        text += "两边电脑的时间相差超过一天，请核对日期和时间。"
    return text


def _settle_in(desk: Desk, work: Work) -> None:
    """Rows made before the desk had a path get the one the centre gave; where it had another, the exchange renamed them."""
    scope = trust.own_scope(work.connection)
    work.move_scope(desk.scope, scope)
    write_setting(work.connection, "scope", scope)
    write_setting(work.connection, "number_prefix", scope.rsplit("/", 1)[-1].upper())
    desk.scope = scope
