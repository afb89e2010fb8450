"""Stamps: who wrote what, and what they had seen. Pure: no database, no clock.

A dot (sid, seq, t) names one writing of one session; t (wall clock, ms) only breaks ties between truly concurrent writings.
A row's stamp is one base dot, later dots of fields edited since, and a context: the highest seq seen of each session. The base stands for
all other fields that hold something: an empty one without a dot of its own is nobody's word, for an older program that did not know the
field may have written the row.
States of one row form a join semilattice (see `join`), so bundles may come in any order, any number of times.
"""
from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from gridapp.sync.schema import DELETED

Dot = tuple[str, int, int]
Context = Mapping[str, int]
Siblings = list[tuple[int, Dot, Any]]
Rank = Callable[[int, Dot], int]

FIRST = re.compile(r'\["([0-9a-z]{16})",([1-9][0-9]{0,14}),(-?[0-9]{1,17})\]')
SEEN = re.compile(r'"([0-9a-z]{16})":')
SAME, OLDER, NEWER, APART = "same", "older", "newer", "apart"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A row's stamp. later repeats the base only for a field somebody emptied."""

    base: Dot
    context: Context
    later: Mapping[int, Dot] = field(default_factory=dict)

    def dot(self, number: int) -> Dot:
        """The dot of a field's visible value."""
        return self.later.get(number, self.base)


@dataclass
class State:
    """A whole row: for each field the values nobody has overwritten, by dot. Field 0's values are the contexts deleters saw."""

    context: dict[str, int]
    fields: dict[int, dict[Dot, Any]]


def fresh(dot: Dot) -> str:
    """The text of a row's first stamp (its context is just itself)."""
    return f'["{dot[0]}",{dot[1]},{dot[2]}]'


def write(stamp: Stamp) -> str:
    """Stamp to text: [sid,seq,t] | [sid,seq,t,{context}] | [sid,seq,t,{context},{field:[sid,seq,t]}], keys sorted."""
    sid, seq, t = stamp.base
    if not stamp.later and stamp.context == {sid: seq}:
        return f'["{sid}",{seq},{t}]'
    context = write_context(stamp.context)
    if not stamp.later:
        return f'["{sid}",{seq},{t},{{{context}}}]'
    return f'["{sid}",{seq},{t},{{{context}}},{{{write_later(stamp.later)}}}]'


@lru_cache(maxsize=8192)
def read(text: str) -> Stamp:
    """Text to stamp; ValueError when it is not one."""
    cut = text.find(",{")
    found = FIRST.fullmatch(text if cut < 0 else text[:cut] + "]")
    if not found:
        raise ValueError("not a stamp")
    base = (found[1], int(found[2]), int(found[3]))
    if cut < 0:
        return Stamp(base, {base[0]: base[1]})
    context, later = _rest(text[cut + 1 :])
    if not covers(context, base):
        raise ValueError("dot outside its context")
    return Stamp(base, context, later)


@lru_cache(maxsize=2048)  # rows written together share it
def _rest(text: str) -> tuple[Context, Mapping[int, Dot]]:
    try:
        context, *more = json.loads("[" + text)
        later = {int(number): _dot(*dot) for number, dot in more[0].items()} if more else {}
        if len(more) > 1 or not all(_sid(each) and type(n) is int and n > 0 for each, n in context.items()):
            raise ValueError("context")
        if not all(covers(context, dot) for dot in later.values()):
            raise ValueError("dot outside its context")
    except (TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not a stamp") from error
    return context, later


def _sid(sid: Any) -> bool:
    return type(sid) is str and len(sid) == 16 and sid.isalnum() and sid.isascii()


def _dot(sid: Any, seq: Any, t: Any) -> Dot:
    if not _sid(sid) or type(seq) is not int or type(t) is not int or not 0 < seq < 1 << 62 or abs(t) >= 1 << 62:
        raise ValueError("not a dot")
    return sid, seq, t


def covers(context: Context, dot: Dot) -> bool:
    """Whether the context has seen the dot."""
    return context.get(dot[0], 0) >= dot[1]


def within(inner: Context, outer: Context) -> bool:
    """Whether everything seen in inner is seen in outer."""
    for sid, seq in inner.items():  # noqa: SIM110 - a loop costs half of all(); this runs once or twice per row of a bundle
        if outer.get(sid, 0) < seq:
            return False
    return True


def compare(mine: Context, theirs: Context) -> str:
    """How theirs stands to mine: SAME, OLDER (I have seen all of it), NEWER (it has seen all of mine), APART (concurrent)."""
    if mine == theirs:
        return SAME
    if within(theirs, mine):
        return OLDER
    return NEWER if within(mine, theirs) else APART


def both(one: Context, other: Context) -> dict[str, int]:
    """What either has seen."""
    return {sid: max(one.get(sid, 0), other.get(sid, 0)) for sid in one.keys() | other.keys()}


def changed(mine: Stamp, theirs: Stamp, numbers: Set[int]) -> tuple[int, ...]:
    """The fields whose visible value is another writing; same dot, same value."""
    among = numbers if mine.base != theirs.base else (mine.later.keys() | theirs.later.keys()) & numbers
    old, new = mine.later.get, theirs.later.get
    return tuple(sorted([number for number in among if old(number, mine.base) != new(number, theirs.base)]))


def blend(mine: Stamp, theirs: Stamp, numbers: Set[int]) -> tuple[Stamp, tuple[int, ...]] | None:
    """The join of two concurrent rows without losers, by their stamps alone: (stamp, fields to take from theirs).

    None where a field was truly written on both sides (or the rows have no common base): then states must be joined in full.
    """
    if mine.base != theirs.base:
        return None
    later, taken = dict(mine.later), []
    old, new, base = mine.later.get, theirs.later.get, mine.base
    for number in mine.later.keys() | theirs.later.keys():
        ours, other = old(number, base), new(number, base)
        if ours == other:
            continue
        seen = covers(theirs.context, ours)
        if seen == covers(mine.context, other) or number not in numbers:
            return None
        if seen:
            later[number] = other
            taken.append(number)
    return Stamp(mine.base, both(mine.context, theirs.context), later), tuple(sorted(taken))


def touch_fresh(text: str, context: str, later: str) -> str:
    """The text of a row's first stamp after one more writing, from the text of the context and of the later dots."""
    return f"{text[:-1]},{{{context}}},{{{later}}}]"


def write_context(context: Context) -> str:
    """A context as it stands in a stamp's text."""
    return ",".join(f'"{each}":{context[each]}' for each in sorted(context))


def context_of(text: str) -> str:
    """The context as it stands in a stamp's text: equal texts, equal contexts."""
    cut = text.find(",{")
    if cut >= 0:
        return text[cut + 2 : text.index("}", cut)]
    sid, seq, _ = text[1:].split(",")
    return f"{sid}:{seq}"


def sessions(texts: Iterable[str]) -> set[str]:
    """The sessions that stamps name. A row's context has them all, and rows written together share it: each is looked at once."""
    found, contexts = set(), set()
    for text in {*texts}:
        cut = text.find(",{")
        if cut < 0:
            found.add(text[2:18])
        else:
            contexts.add(text[cut : text.index("}", cut)])
    return found.union(*map(SEEN.findall, contexts))


def write_later(later: Mapping[int, Dot]) -> str:
    """Later dots as they stand in a stamp's text."""
    return ",".join(f'"{number}":["{a}",{b},{c}]' for number, (a, b, c) in sorted(later.items()))


def touch(stamp: Stamp, dot: Dot, numbers: Iterable[int]) -> Stamp:
    """The stamp after this session wrote the fields, having seen the row as it stood."""
    return Stamp(stamp.base, {**stamp.context, dot[0]: dot[1]}, {**stamp.later, **dict.fromkeys(numbers, dot)})


def join(mine: State, theirs: State) -> State:
    """Both states in one: a value stays unless the other side has seen it and no longer holds it.

    A field one side lacks altogether is a field its program does not know: nothing is claimed about it (field 0 excepted).
    """
    fields = {}
    for number in mine.fields.keys() | theirs.fields.keys():
        ours, others = mine.fields.get(number), theirs.fields.get(number)
        if ours == others or (number != DELETED and (ours is None or others is None)):
            kept = dict(ours or others or {})
        else:
            kept = _join_field(ours or {}, mine.context, others or {}, theirs.context)
        if kept:
            fields[number] = kept
    return State(both(mine.context, theirs.context), fields)


def _join_field(ours: dict[Dot, Any], mine: Context, others: dict[Dot, Any], theirs: Context) -> dict[Dot, Any]:
    kept = {dot: value for dot, value in ours.items() if dot in others or not covers(theirs, dot)}
    return kept | {dot: value for dot, value in others.items() if dot in ours or not covers(mine, dot)}


def alive(state: State) -> bool:
    """Whether the row exists: no deletion, or some writing no deleter had seen (edit beats delete)."""
    if not state.fields.get(DELETED):
        return True
    seen: Context = {}
    for context in state.fields[DELETED].values():
        seen = both(seen, context)
    return any(not covers(seen, dot) for number, dots in state.fields.items() if number != DELETED for dot in dots)


def contested(state: State) -> bool:
    """Whether values differ that nobody has chosen between, or the row lives though somebody deleted it."""
    if state.fields.get(DELETED):
        return alive(state)
    return any(len(dots) > 1 and len(set(map(repr, dots.values()))) > 1 for dots in state.fields.values())


def no_rank(number: int, dot: Dot) -> int:
    """Every writer ranks the same."""
    return 0


def winner(number: int, dots: Iterable[Dot], rank: Rank = no_rank) -> Dot:
    """The visible one of concurrent writings: a total order on content (rank, t, sid, seq), never on who asks."""
    return max(dots, key=lambda dot: (rank(number, dot), dot[2], dot[0], dot[1]))


def gather(stamp: Stamp, values: Mapping[int, Any], siblings: Siblings) -> State:
    """A stored row as a state; what is empty and was never written is not in it."""
    said = {number: value for number, value in values.items() if value is not None or number in stamp.later}
    fields: dict[int, dict[Dot, Any]] = {number: {stamp.dot(number): value} for number, value in said.items()}
    for number, dot, value in siblings:
        fields.setdefault(number, {})[dot] = value
    return State(dict(stamp.context), fields)


def split(state: State, rank: Rank = no_rank) -> tuple[Stamp, dict[int, Any], Siblings]:
    """A state as it is stored: stamp, visible values, and what lost (with all deletions)."""
    won = {number: winner(number, dots, rank) for number, dots in state.fields.items() if number != DELETED}
    values = {number: state.fields[number][dot] for number, dot in won.items()}
    counts = Counter(dot for number, dot in won.items() if values[number] is not None)
    base = max(counts, key=lambda dot: (counts[dot], dot), default=(*max(state.context.items()), 0))
    stamp = Stamp(base, state.context, {number: dot for number, dot in won.items() if dot != base or values[number] is None})
    lost = [(number, dot, value) for number, dots in state.fields.items() for dot, value in dots.items() if won.get(number) != dot]
    return stamp, values, sorted(lost, key=lambda each: each[:2])
