"""Spellings of names: made once a name turns up, gone when nobody bears it."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select

from gridapp import desk as verbs
from gridapp.store import tables
from gridapp.store.search import forget_names, spell_names
from tests.conftest import PASSWORD
from tests.store.rows import home

PEOPLE = ("曾乐", "单雄信", "欧阳娜")


def people(desk: Any, names: tuple[str, ...] = PEOPLE) -> list[str]:
    with desk.store.work() as work:
        _, (home_id,) = home(work)
        ids = work.insert("resident", [{"name": name, "household_id": home_id, "status": "here"} for name in names])
        work.keep()
    return ids


def spellings(desk: Any) -> dict[str, tuple[str, str]]:
    with desk.store.reading() as connection:
        found = connection.execute(select(tables.spelling.c.name, tables.spelling.c.initials, tables.spelling.c.spelled)).all()
    return {name: (initials, spelled) for name, initials, spelled in found}


def test_every_new_name_is_spelled_once(desk: Any) -> None:
    people(desk)
    assert spell_names(desk.store.engine) == 3
    assert spell_names(desk.store.engine) == 0
    assert set(spellings(desk)) == set(PEOPLE)


def test_surnames_are_read_as_surnames(desk: Any) -> None:
    people(desk)
    spell_names(desk.store.engine)
    found = spellings(desk)
    assert "zl" in found["曾乐"][0] and "zeng" in found["曾乐"][1]
    assert "sxx" in found["单雄信"][0] and "shan" in found["单雄信"][1]
    assert "oyn" in found["欧阳娜"][0]


def test_names_nobody_bears_are_forgotten(desk: Any) -> None:
    ids = people(desk)
    spell_names(desk.store.engine)
    with desk.store.work() as work:
        work.remove("resident", ids[0])
        assert forget_names(work.connection) == 1
        work.keep()
    assert set(spellings(desk)) == set(PEOPLE[1:])


def test_many_names_at_once(desk: Any) -> None:
    many = tuple(f"赵{chr(0x4E00 + at)}{chr(0x5000 + at % 97)}" for at in range(2500))
    people(desk, many)
    assert spell_names(desk.store.engine) == len(set(many))


def test_names_of_the_removed_are_gone_once_the_store_is_opened_again(file_desk: Any) -> None:
    ids = people(file_desk)
    spell_names(file_desk.store.engine)
    with file_desk.store.work() as work:
        work.remove("resident", ids[0])
        work.keep()
    file_desk.close()
    again = verbs.open_desk(file_desk.folder, PASSWORD)
    assert set(spellings(again)) == set(PEOPLE[1:])
    again.close()
