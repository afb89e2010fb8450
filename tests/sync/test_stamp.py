"""Stamps as pure values: whatever histories Hypothesis invents, joins commute, associate, repeat, and lose nothing unseen."""
from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.sync import stamp as stamps
from gridapp.sync.meeting import Meeting
from gridapp.sync.stamp import APART, NEWER, OLDER, SAME, Stamp, State

FIELDS = (1, 2, 3)
OLD_FIELDS = (1, 2)  # what an older program knows
REPLICAS = 4


class History:
    """Replicas of one row, edited and joined at random; remembers every writing and who had seen it."""

    def __init__(self, start: int) -> None:
        self.rows: list[State | None] = [None] * REPLICAS
        self.seq, self.written = [0] * REPLICAS, {}
        self.write(start, FIELDS, 0, "first")

    def dot(self, replica: int, t: int) -> stamps.Dot:
        self.seq[replica] += 1
        return (f"{replica:016x}", self.seq[replica], t)

    def write(self, replica: int, numbers: tuple[int, ...], t: int, value: str | None) -> None:
        row, dot = self.rows[replica], self.dot(replica, t)
        if row is None:
            row, numbers = State({}, {}), FIELDS
        row = copy.deepcopy(row)
        row.context[dot[0]] = dot[1]
        for number in numbers:
            row.fields[number] = {dot: value}
            self.written[number, dot] = value
        row.fields.pop(stamps.DELETED, None)
        self.rows[replica] = row

    def delete(self, replica: int, t: int) -> None:
        row, dot = self.rows[replica], self.dot(replica, t)
        if row is None:
            return
        row = copy.deepcopy(row)
        row.context[dot[0]] = dot[1]
        row.fields[stamps.DELETED] = {dot: dict(row.context)}
        self.rows[replica] = row

    def join(self, here: int, there: int) -> None:
        mine, theirs = self.rows[here], self.rows[there]
        self.rows[here] = copy.deepcopy(theirs) if mine is None else mine if theirs is None else stamps.join(mine, theirs)


WHO, WHEN = st.integers(0, REPLICAS - 1), st.integers(-9, 9)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), WHO, st.sets(st.sampled_from(FIELDS), min_size=1), WHEN, st.sampled_from(["a", "b", "c", None])),
        st.tuples(st.just("delete"), WHO, WHEN),
        st.tuples(st.just("join"), WHO, WHO),
    ),
    max_size=25,
)


def played(events: list[Any]) -> History:
    history = History(0)
    for kind, *rest in events:
        if kind == "write":
            history.write(rest[0], tuple(sorted(rest[1])), rest[2], rest[3])
        elif kind == "delete":
            history.delete(*rest)
        else:
            history.join(*rest)
    return history


@given(EVENTS)
def test_join_commutes_associates_and_repeats(events: list[Any]) -> None:
    a, b, c, _ = (row or State({}, {}) for row in played(events).rows)
    assert stamps.join(a, b) == stamps.join(b, a)
    assert stamps.join(stamps.join(a, b), c) == stamps.join(a, stamps.join(b, c))
    assert stamps.join(a, a) == a
    assert stamps.join(stamps.join(a, b), b) == stamps.join(a, b)


@given(EVENTS)
def test_nothing_is_lost_unseen(events: list[Any]) -> None:
    history = played(events)
    rows = [row for row in history.rows if row]
    whole = rows[0]
    for row in rows[1:]:
        whole = stamps.join(whole, row)
    for (number, dot), value in history.written.items():
        held = whole.fields.get(number, {})
        if dot in held:
            assert held[dot] == value
        else:  # then some writing of this field in some session came after having seen it
            assert any(stamps.covers(row.context, dot) and row.fields.get(number) and dot not in row.fields[number] for row in rows)


@given(EVENTS)
def test_context_decides_the_fast_paths(events: list[Any]) -> None:
    for a in played(events).rows:
        for b in played(events).rows:
            if a is None or b is None:
                continue
            order, joined = stamps.compare(a.context, b.context), stamps.join(a, b)
            assert order != SAME or a == b
            assert order != OLDER or joined == a
            assert order != NEWER or joined == b
            assert order != APART or joined.context not in (a.context, b.context)


@given(EVENTS)
def test_a_blend_is_the_join(events: list[Any]) -> None:
    rows = [row for row in played(events).rows if row]
    for a in rows:
        for b in rows:
            if stamps.compare(a.context, b.context) == APART and not any(len(dots) > 1 for row in (a, b) for dots in row.fields.values()):
                (mine, values, left), (theirs, others, right) = stamps.split(a), stamps.split(b)
                if blended := None if left or right else stamps.blend(mine, theirs, set(FIELDS)):
                    taken = values | {number: others[number] for number in blended[1]}
                    assert stamps.gather(blended[0], taken, []) == stamps.join(a, b)


@given(EVENTS, st.lists(WHEN, min_size=1, max_size=3))
def test_memory_answers_as_looking_does(events: list[Any], clocks: list[int]) -> None:
    """Rows that differ in their base's clock only share what is remembered; every answer is the one a fresh look gives."""
    whole = [stamps.split(row)[0] for row in played(events).rows if row]
    rows = [Stamp((*each.base[:2], t), each.context, each.later) for each in whole for t in clocks]
    texts = [stamps.write(each) for each in rows]
    meeting = Meeting(set(FIELDS))
    for one in texts:
        for other in texts:
            assert meeting(one, other) == Meeting(set(FIELDS))._look(one, other)


@given(EVENTS)
def test_states_survive_storage(events: list[Any]) -> None:
    for row in played(events).rows:
        if row and row.fields.keys() - {stamps.DELETED}:
            stamp, values, siblings = stamps.split(row)
            assert stamps.read(stamps.write(stamp)) == stamp
            assert stamps.gather(stamp, values, siblings) == row
            assert values.keys() == row.fields.keys() - {stamps.DELETED}


@given(EVENTS)
def test_a_stamp_names_all_its_sessions(events: list[Any]) -> None:
    found = [stamps.split(row)[0] for row in played(events).rows if row]
    named = {sid for each in found for sid in (each.base[0], *each.context, *(dot[0] for dot in each.later.values()))}
    assert stamps.sessions(map(stamps.write, found)) == named


@given(EVENTS, st.integers(0, REPLICAS - 1))
def test_an_edit_unseen_by_the_deleter_lives(events: list[Any], deleter: int) -> None:
    history = played(events)
    history.join(deleter, 0)
    other = (deleter + 1) % REPLICAS
    history.join(other, deleter)
    history.write(other, (1,), -5, "kept")
    history.delete(deleter, 9)
    joined = stamps.join(history.rows[deleter], history.rows[other])  # type: ignore[arg-type]
    assert stamps.alive(joined)
    assert not stamps.alive(history.rows[deleter])  # type: ignore[arg-type]
    history.rows[deleter] = joined
    history.delete(deleter, -9)
    assert not stamps.alive(stamps.join(history.rows[deleter], history.rows[other]))  # type: ignore[arg-type]


@given(EVENTS)
def test_an_older_writer_claims_nothing_it_does_not_know(events: list[Any]) -> None:
    history = played(events)
    for row in history.rows:
        if row is None:
            continue
        blind = State(dict(row.context), {number: dots for number, dots in row.fields.items() if number != 3})
        for other in history.rows:
            if other and 3 in other.fields:
                assert stamps.join(other, blind).fields[3] == other.fields[3]


@given(st.lists(st.tuples(st.sampled_from("0123456789abcdef"), st.integers(1, 9), WHEN), min_size=1, max_size=6, unique=True), st.randoms())
def test_the_winner_is_the_same_for_all(found: list[Any], random: Any) -> None:
    dots = [(sid * 16, seq, t) for sid, seq, t in found]
    mixed = list(dots)
    random.shuffle(mixed)
    assert stamps.winner(1, dots) == stamps.winner(1, mixed)
    low = min(dots, key=lambda dot: dot[2])
    assert stamps.winner(1, mixed, lambda _, dot: int(dot == low)) == low


def test_an_empty_field_is_nobodys_word_until_somebody_empties_it() -> None:
    """Two programs make one row, the older does not know field 3; its column is empty once that program is brought up to date."""
    old, new = Stamp(("a" * 16, 1, 9), {"a" * 16: 1}), Stamp(("b" * 16, 1, 5), {"b" * 16: 1})
    mine, theirs = stamps.gather(old, {1: "x", 3: None}, []), stamps.gather(new, {1: "x", 3: "kept"}, [])
    assert stamps.split(stamps.join(mine, theirs))[1] == {1: "x", 3: "kept"}
    emptied = stamps.gather(stamps.touch(new, ("c" * 16, 1, 6), (3,)), {1: "x", 3: None}, [])
    assert stamps.split(stamps.join(emptied, theirs))[1] == {1: "x", 3: None}


def test_a_row_that_says_nothing_is_a_row_all_the_same() -> None:
    stamp = Stamp(("a" * 16, 1, 9), {"a" * 16: 1})
    assert stamps.split(stamps.gather(stamp, {1: None}, []))[0].context == stamp.context


def test_changed_names_only_other_writings() -> None:
    base, later = ("a" * 16, 1, 5), ("b" * 16, 1, 6)
    mine = Stamp(base, {"a" * 16: 1})
    theirs = stamps.touch(mine, later, (2,))
    assert stamps.changed(mine, theirs, set(FIELDS)) == (2,)
    assert stamps.changed(mine, Stamp(later, {"a" * 16: 1, "b" * 16: 1}, {3: base}), set(FIELDS)) == (1, 2)
    assert stamps.write(mine) == stamps.fresh(base)


BAD = ["", "null", "[]", "{}", '["a",1,1]', '["aaaaaaaaaaaaaaaa",0,1]', '["aaaaaaaaaaaaaaaa",1.5,1]', '["aaaaaaaaaaaaaaaa",true,1]', "[" * 5000]


UNSEEN = ['["aaaaaaaaaaaaaaaa",2,1,{"aaaaaaaaaaaaaaaa":1}]', '["aaaaaaaaaaaaaaaa",1,1,{"aaaaaaaaaaaaaaaa":1},{"5":["b",1,1]}]']


@pytest.mark.parametrize("text", [*BAD, *UNSEEN])
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        stamps.read(text)
