"""Undo is exact: whatever was done in a batch, taking it back gives the same content, on both engines."""
from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gridapp import desk as verbs
from gridapp.rules import moments
from gridapp.rules.reading import Trouble
from gridapp.store import undo
from gridapp.store.work import Work
from tests.conftest import PASSWORD
from tests.store.rows import NAME, content, home

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 5)),
        st.tuples(st.just("people"), st.integers(0, 5)),
        st.tuples(st.just("change"), st.integers(0, 9), st.sampled_from(["room", "contact", "notes"]), st.text("甲乙\u200b'x", max_size=3)),
        st.tuples(st.just("change_many"), st.integers(0, 9), st.integers(0, 50)),
        st.tuples(st.just("remove"), st.integers(0, 9)),
        st.tuples(st.just("remove_people"), st.integers(0, 9)),
    ),
    max_size=12,
)


class Town:
    """Rows a random batch works on: two households that stand already, and what it adds."""

    def __init__(self, work: Work, building: str, homes: list[str], people: list[str]) -> None:
        self.work, self.building, self.homes, self.people = work, building, homes, people

    def do(self, step: tuple[Any, ...]) -> None:
        getattr(self, step[0])(*step[1:])

    def add(self, room: int) -> None:
        self.homes += self.work.insert("household", [{"building_id": self.building, "room": str(room), "dwelling": "owned"}])

    def people_of(self, home_id: str) -> list[str]:
        return [each for each in self.people if (self.work.get("resident", each) or {}).get("household_id") == home_id]

    def change(self, at: int, column: str, value: str) -> None:
        if self.homes:
            self.work.change("household", self.homes[at % len(self.homes)], {column: value})

    def change_many(self, at: int, count: int) -> None:
        rows = [row for row in (self.work.get("household", each) for each in self.homes[: at + 1]) if row and row["resident_count"] != count]
        self.work.change_many("household", [(row, {"resident_count": count}) for row in rows])

    def remove(self, at: int) -> None:
        if self.homes and not self.people_of(found := self.homes[at % len(self.homes)]):
            self.homes.remove(found)
            self.work.remove("household", found)

    def remove_people(self, at: int) -> None:
        if self.people:
            self.work.remove("resident", self.people.pop(at % len(self.people)))


def add_people(town: Town, at: int) -> None:
    if town.homes:
        town.people += town.work.insert("resident", [{"name": NAME, "household_id": town.homes[at % len(town.homes)], "status": "here"}])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_batch_taken_back_leaves_what_was_before(desk: Any, steps: list[tuple[Any, ...]]) -> None:
    with desk.store.work() as work:
        building, homes = home(work, 2)
        people = work.insert("resident", [{"name": NAME, "household_id": homes[0], "status": "here"}])
        work.keep()
    before = content(desk.store.engine)
    with desk.store.work("一批") as work:
        town = Town(work, building, list(homes), list(people))
        for step in steps:
            add_people(town, step[1]) if step[0] == "people" else town.do(step)
        work.keep()
    written = work.batch_id if _kept(desk, work.batch_id) else ""
    if written:
        with desk.store.work() as work:
            done = undo.undo(work, written)
            work.forget_steps()
            work.keep()
        assert done.left == 0
    assert content(desk.store.engine) == before


def _kept(desk: Any, batch_id: str) -> bool:
    with desk.store.reading() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM undo_batch WHERE id = :id"), {"id": batch_id}).scalar())


def take_back(desk: Any, batch_id: str) -> undo.Undone:
    with desk.store.work() as work:
        done = undo.undo(work, batch_id)
        work.forget_steps()
        work.keep()
    return done


@pytest.fixture
def added(desk: Any) -> tuple[Any, str, str]:
    """A desk, one household added in a batch, and the batch."""
    with desk.store.work("新建") as work:
        _, (home_id,) = home(work)
        work.keep()
    return desk, home_id, work.batch_id


def test_a_row_changed_since_stays(added: tuple[Any, str, str]) -> None:
    desk, home_id, batch = added
    with desk.store.work() as work:
        work.change("household", home_id, {"contact": NAME})
        work.keep()
    done = take_back(desk, batch)
    assert (done.back, done.left) == (0, 2)
    with desk.store.work() as work:
        assert work.get("household", home_id)["contact"] == NAME


def test_a_row_somebody_points_at_stays(added: tuple[Any, str, str]) -> None:
    desk, home_id, batch = added
    with desk.store.work() as work:
        work.insert("resident", [{"name": NAME, "household_id": home_id, "status": "here"}])
        work.keep()
    assert take_back(desk, batch).left == 2


def test_a_batch_is_taken_back_once(added: tuple[Any, str, str]) -> None:
    desk, _, batch = added
    take_back(desk, batch)
    with pytest.raises(Trouble) as caught:
        take_back(desk, batch)
    assert caught.value.code == "nothing_to_undo"


def test_the_newest_comes_first_and_an_undo_is_no_step(added: tuple[Any, str, str]) -> None:
    desk, home_id, first = added
    with desk.store.work("修改") as work:
        work.change("household", home_id, {"room": "999"})
        work.keep()
    second = work.batch_id
    with desk.store.reading() as connection:
        assert undo.last(connection)["id"] == second
    take_back(desk, second)
    with desk.store.reading() as connection:
        assert undo.last(connection)["id"] == first
    take_back(desk, first)
    with desk.store.reading() as connection:
        assert undo.last(connection) is None


def test_an_undone_insert_is_captured_for_the_centre(added: tuple[Any, str, str]) -> None:
    """Taking back is a change like any other: the log holds the deletion."""
    desk, home_id, batch = added
    take_back(desk, batch)
    with desk.store.reading() as connection:
        masks = connection.execute(text("SELECT mask FROM sync_log WHERE pk = :id ORDER BY mask"), {"id": home_id}).scalars().all()
    assert masks[0] == 1 and len(masks) == 2


def test_a_batch_is_forgotten_after_a_month_with_what_was_erased_in_it(file_desk: Any) -> None:
    kept = verbs.keep(file_desk, "building", {"building": "17"})
    erased = verbs.remove(file_desk, "building", kept.row_id)
    recent = verbs.keep(file_desk, "building", {"building": "18"})
    month_ago = moments.store(dt.datetime.now(dt.UTC) - dt.timedelta(days=31))
    with file_desk.store.work() as work:
        for each in (kept, erased):
            work.connection.execute(text("UPDATE undo_batch SET made_at = :at WHERE id = :id"), {"at": month_ago, "id": each.batch_id})
        work.keep()
    file_desk.close()
    again = verbs.open_desk(file_desk.folder, PASSWORD)
    with again.store.reading() as connection:
        assert [one for (one,) in connection.execute(text("SELECT batch_id FROM undo_step"))] == [recent.batch_id]
    with pytest.raises(Trouble) as caught:
        verbs.undo(again, erased.batch_id)
    assert caught.value.code == "nothing_to_undo" and verbs.undo(again, recent.batch_id).back == 1
    again.close()
