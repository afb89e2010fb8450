"""Exchange with the centre: join it by files, make a bundle, take what comes back, decide what conflicted."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridapp.desk import facts, links, outbox, peers, witness
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.finding import label
from gridapp.desk.keeping import Kept, remove_in
from gridapp.desk.merging import MARK, follow
from gridapp.records import BY_NAME, column
from gridapp.records.kinds import Kind, Link
from gridapp.rules import moments
from gridapp.rules.reading import Fault, Trouble
from gridapp.store import Connection
from gridapp.store.notes import write_setting
from gridapp.store.read import row as read_row
from gridapp.store.search import spell_names
from gridapp.store.work import Work
from gridapp.sync import bundle, history, link, trust
from gridapp.sync import conflicts as clashing
from gridapp.sync.bundle import MadeBundle
from gridapp.sync.outbox import WORDS, sent_bundles
from gridapp.sync.troubles import WrongSort, writing

STAYS, GONE = "保留（有人删除的同时，又有人改过）", "删除"


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


@dataclass(frozen=True)
class Clash:
    """A true conflict to decide: the value that stands and the ones that lost, each as (shown value, who, when)."""

    key: str
    record: str
    row_id: str
    title: str
    field_label: str
    kept: tuple[str, str, str]
    lost: tuple[tuple[str, str, str], ...]
    values: tuple[Any, ...] = ()
    conflict: Any = None


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
    words = (("new", "新增"), ("updated", "更新"), ("deleted", "删除"), ("conflicts", "冲突"), ("parked", "暂存"), ("quarantined", "隔离"))
    return "，".join(f"{word} {tally[name]}" for name, word in words if tally.get(name)) or "没有新内容"


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
        made = bundle.make(work.connection, desk.session, office.id, out_dir, step)
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
    """What need be done but once however many files were taken: the witness, and how new names are spelled."""
    witness.mark(desk)
    spell_names(desk.store.engine)


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


def conflicts(desk: Desk) -> list[Clash]:
    """What two sides wrote at once and nobody has decided."""
    with desk.store.reading() as connection:
        homes = facts.households(connection, desk.today())
        return [_clash(connection, homes, each) for each in clashing.conflicts(connection) if each.field != MARK]


def _clash(connection: Connection, homes: facts.Households, each: clashing.Conflict) -> Clash:
    row = read_row(connection, each.record, each.row_id)
    title = f"{BY_NAME[each.record].title} {label(homes, each.record, row) if row else ''}".strip()
    kind = column(BY_NAME[each.record], each.field).kind if each.field and each.field != "scope" else None

    def say(version: clashing.Version) -> tuple[str, str, str]:
        deletion = "" if each.field else STAYS if version is each.winner else GONE
        value = deletion or (_shown(connection, homes, kind, version.value) if kind else str(version.value))
        return value, f"{version.person or '?'}（{version.device}）" if version.device else version.person, shown(version.at)

    every = tuple(one.value for one in (each.winner, *each.losers)) if each.field else (STAYS, *(GONE for _ in each.losers))
    heading = kind.label if kind else "删除与修改" if not each.field else "归属"
    key = f"{each.record}/{each.row_id}/{each.field}/{each.archived}"
    return Clash(
        key, each.record, each.row_id, title, heading, say(each.winner), tuple(map(say, each.losers)), every, each
    )


def _shown(connection: Connection, homes: facts.Households, kind: Kind, value: Any) -> str:
    row = read_row(connection, kind.target, value) if isinstance(kind, Link) and value else None
    return label(homes, kind.target, row) if row and isinstance(kind, Link) else kind.show(value)


def resolve(desk: Desk, clash: Clash, value: Any) -> Kept:
    """Decide a conflict by an ordinary write of the value (one of clash.values), which travels like any other.

    Raises Trouble when a row that is to go after all has others pointing at it.
    """
    if value not in clash.values:
        return Kept(clash.row_id, (Fault("not_offered", "这个值不在两边写的内容里。", "请从两个值里选一个。"),))
    with desk.store.work(f"核对{BY_NAME[clash.record].title}") as work:
        if clash.conflict.field:
            work.change(clash.record, clash.row_id, {clash.conflict.field: value})
        clashing.settle(work.connection, clash.conflict, value)
        if not clash.conflict.field and value == GONE:
            remove_in(work, clash.record, clash.row_id)
        note(work.connection, desk, "resolve", record=clash.record, row_id=clash.row_id, field=clash.conflict.field)
        work.keep()
    return Kept(clash.row_id, (), work.batch_id, True)
