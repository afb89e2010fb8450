"""One Work is one transaction on both engines."""
from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from gridapp.store import tables
from gridapp.store.work import CHUNK, table_of
from tests.store.rows import NAME, content, home


def count(engine: Any, name: str) -> int:
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()


def test_kept_work_stands(desk: Any) -> None:
    with desk.store.work("新建") as work:
        home(work, 3)
        work.keep()
    assert count(desk.store.engine, "household") == 3
    assert work.changed == {"building", "household"}


def test_work_not_kept_is_gone(desk: Any) -> None:
    before = content(desk.store.engine)
    with desk.store.work("新建") as work:
        home(work, 3)
    assert content(desk.store.engine) == before
    assert count(desk.store.engine, "undo_batch") == 0


def test_an_exception_rolls_back_even_what_was_to_be_kept(desk: Any) -> None:
    before, logged = content(desk.store.engine), count(desk.store.engine, "sync_log")
    with pytest.raises(ZeroDivisionError), desk.store.work("新建") as work:
        home(work, 3)
        work.keep()
        raise ZeroDivisionError
    assert content(desk.store.engine) == before
    assert count(desk.store.engine, "sync_log") == logged


def test_tables_made_in_a_work_roll_back_with_it(desk: Any) -> None:
    with desk.store.work() as work:
        work.connection.execute(text("CREATE TABLE passing (n BIGINT)"))
    with pytest.raises(Exception, match="passing"), desk.store.work() as work:
        work.connection.execute(text("SELECT * FROM passing"))


def test_a_dangling_link_fails_the_whole_work(desk: Any) -> None:
    """Links are checked when the transaction ends, so order does not matter but truth does."""
    before = content(desk.store.engine)
    with pytest.raises(Exception, match="(?i)foreign key"), desk.store.work() as work:
        home(work)
        work.insert("resident", [{"name": NAME, "household_id": "f" * 32, "status": "here"}])
        work.keep()
    assert content(desk.store.engine) == before


def test_more_rows_than_a_chunk(desk: Any) -> None:
    with desk.store.work("多") as work:
        _, homes = home(work, CHUNK * 2 + 1)
        work.keep()
    assert count(desk.store.engine, "household") == len(set(homes)) == CHUNK * 2 + 1


def test_changes_write_only_what_differs(desk: Any) -> None:
    with desk.store.work() as work:
        _, (home_id,) = home(work)
        work.keep()
    with desk.store.work() as work:
        assert not work.change("household", home_id, {"unit": "2"})
        assert work.change("household", home_id, {"unit": "2", "room": "202"})
        assert not work.change("household", "0" * 32, {"unit": "2"})
        assert work.get("household", home_id)["room"] == "202"
        work.keep()
    with desk.store.reading() as connection:
        steps = connection.execute(select(tables.step).where(tables.step.c.batch_id == work.batch_id)).mappings().all()
    assert [(step["before"], step["after"]) for step in steps] == [('{"room": "101"}', '{"room": "202"}')]


def test_change_many(desk: Any) -> None:
    with desk.store.work() as work:
        _, homes = home(work, 5)
        rows = [work.get("household", each) for each in homes]
        assert work.change_many("household", [(row, {"contact": NAME} if at % 2 else {"unit": "9", "room": "1"}) for at, row in enumerate(rows)]) == 5
        assert [work.get("household", each)["contact"] for each in homes] == [None, NAME, None, NAME, None]
        assert [work.get("household", each)["unit"] for each in homes] == ["9", "2", "9", "2", "9"]


def test_remove(desk: Any) -> None:
    with desk.store.work() as work:
        building, (home_id,) = home(work)
        assert work.remove("household", home_id) and not work.remove("household", home_id)
        assert work.get("household", home_id) is None
        work.keep()
    assert count(desk.store.engine, "household") == 0


def test_a_reader_sees_one_state(desk: Any) -> None:
    household = table_of("household")
    with desk.store.reading() as connection:
        assert connection.execute(select(household.c.id)).all() == []
        if desk.store.is_file:
            with desk.store.work() as work:
                home(work)
                work.keep()
            assert connection.execute(select(household.c.id)).all() == []


def test_a_reader_leaves_nothing(desk: Any) -> None:
    with desk.store.reading() as connection:
        connection.execute(tables.setting.insert().values(key="passing", value="1"))
    assert count(desk.store.engine, "setting WHERE key = 'passing'") == 0


@pytest.mark.parametrize("value", ["'; DROP TABLE household; --", "\u200b零宽", "😀", "a" * 5000, "%_\\", ""])
def test_any_text_comes_back_as_it_went(desk: Any, value: str) -> None:
    with desk.store.work() as work:
        _, (home_id,) = home(work)
        work.change("household", home_id, {"notes": value})
        work.keep()
    with desk.store.work() as work:
        assert work.get("household", home_id)["notes"] == value
