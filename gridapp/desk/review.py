"""待核对: everything people must look at in one list, decided by ordinary writes, each decision kept as a row that travels like any other."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from gridapp.desk import conflicting, doubles, kept_apart, parked
from gridapp.desk.decisions import keep_decision
from gridapp.desk.desk import Desk, note
from gridapp.desk.keeping import Kept
from gridapp.desk.matters import Choice, Item, Matter, Version, Words, kind_of
from gridapp.rules.codes import table
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import rows
from gridapp.store.search import spell_names
from gridapp.store.work import Work

SENSITIVE = "（敏感信息，这里不抄）"
LONGEST = 100  # characters of a value that a decision copies
SOURCES = (
    (("field", "deleted"), conflicting.matters), (("duplicate",), doubles.matters), (("parked",), parked.matters), (("apart",), kept_apart.matters),
)


@dataclass(frozen=True)
class Accepted:
    """What 都采用默认 did: how many were decided, how many were left because they have no default or had just changed."""

    count: int
    left: int
    batch_id: str = ""

    @property
    def saved(self) -> bool:
        return self.count > 0


def waiting(desk: Desk) -> list[Item]:
    """All that waits for somebody to look at it: a function of the store alone, so every node that holds the same lists the same."""
    with desk.store.reading() as connection:
        return [each.item for each in _matters(connection, desk)]


def counts(items: Sequence[Item]) -> list[tuple[str, str, int]]:
    """(sort, its label, how many) of every sort."""
    return [(code, table("review_sort").label(code), sum(item.sort == code for item in items)) for code in table("review_sort").items]


def how_many(desk: Desk) -> int:
    """How many items wait."""
    return len(waiting(desk))


def _matters(connection: Connection, desk: Desk, sorts: Collection[str] = ()) -> list[Matter]:
    """Of some sorts, or of all."""
    decided = {key for row in rows(connection, "decision") for key in (row["covers"] or "").split()}
    words = Words(connection, desk.today())
    return [each for of, source in SOURCES if not sorts or {*of} & {*sorts} for each in source(connection, desk, words, decided)]


def reveal_version(desk: Desk, item: Item, at: int) -> str:
    """The version's value in full; the log says who looked. Raises Trouble when the matter has changed since."""
    with desk.store.work() as work:
        matter = _same(_matters(work.connection, desk, [item.sort]), item)
        note(work.connection, desk, "reveal", record=item.record, row_id=item.row_id, field=item.field)
        work.keep()
    return matter.texts[at]


def decide(desk: Desk, item: Item, choice: str, remark: str = "") -> Kept:
    """Carry out a choice and keep the decision, in one step that 撤销 takes back.

    Raises Trouble when the matter has changed since it was listed, or a row that is to go after all has others pointing at it.
    """
    with desk.store.work(f"核对{item.title}") as work:
        matter = _same(_matters(work.connection, desk, [item.sort]), item)
        _carry_out(work, desk, matter, choice, remark)
        if matter.lasting:
            work.forget_steps()
        work.keep()
    if matter.lasting:
        spell_names(desk.store.engine)
    return Kept(item.row_id, (), "" if matter.lasting else work.batch_id, True)


def accept_all(desk: Desk, items: Sequence[Item]) -> Accepted:
    """Take every item's default in one step."""
    with desk.store.work(f"核对 {len(items)} 条") as work:
        found = {each.item.key: each for each in _matters(work.connection, desk, {item.sort for item in items if item.default})} if items else {}
        fit = [found[item.key] for item in items if item.default and item.key in found and found[item.key].item == item]
        for matter in fit:
            _carry_out(work, desk, matter, matter.item.default, "成批采用默认")
        work.keep()
    return Accepted(len(fit), len(items) - len(fit), work.batch_id if fit else "")


def _same(found: list[Matter], item: Item) -> Matter:
    for matter in found:
        if matter.item == item:
            return matter
    raise Trouble("这一条刚刚变了，或者已经核对过。请看一眼新的内容再选。", "changed_since")


def _carry_out(work: Work, desk: Desk, matter: Matter, choice: str, remark: str) -> None:
    item = matter.item
    if choice not in {each.key for each in item.choices}:
        raise Trouble("没有这种选法。请从列出的里面选一个。", "no_such_choice")
    chosen, passed_over = _said(matter, choice)
    matter.carry_out(work, choice)
    keep_decision(
        work, desk, item.sort, item.record, item.row_id, chosen, what=item.title, scope=matter.scope, heading=item.heading, passed_over=passed_over,
        reason=item.reason or None, note=remark.strip() or None, field=item.field or None, covers=" ".join(matter.covers),
    )


def _said(matter: Matter, choice: str) -> tuple[str, str]:
    """What was taken and what was not, in words: no more of a value than recognises it, nothing of a sensitive one."""
    item = matter.item
    kind = kind_of(item.record, item.field) if item.field else None
    if kind and kind.secrecy >= 3:
        return SENSITIVE, SENSITIVE
    chosen = [text for version, text in zip(item.versions, matter.texts, strict=True) if version.choice == choice]
    others = [text for version, text in zip(item.versions, matter.texts, strict=True) if version.choice not in ("", choice)]
    taken = chosen[0] if chosen else next(each.text for each in item.choices if each.key == choice)
    return _cut(taken), "；".join(map(_cut, dict.fromkeys(others)))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


__all__ = ["Accepted", "Choice", "Item", "Version", "accept_all", "counts", "decide", "how_many", "reveal_version", "waiting"]
