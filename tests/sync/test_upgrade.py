"""A program that is older than its peers, and the day it is brought up to date."""
from __future__ import annotations

import json
from pathlib import Path

from gridapp.sync.schema import current
from gridapp.sync.sql import run
from tests.sync.nodes import ONE, Node, exchange, settle, state
from tests.sync.world import OLD

Trio = tuple[Node, Node, Node]
NOTES = next(field.number for field in current().by_name["resident"].fields if field.name == "notes")


def known_to_both(trio: Trio, folder: Path) -> tuple[Node, Node, str]:
    """An old office and a grid; a resident both know, with a note only the grid's program can show."""
    office, one, _ = trio
    office.open(OLD)
    pk = one.add("resident", ONE, name="张三", notes="门铃坏了")
    exchange(one, office, folder)
    return office, one, pk


def test_new_fields_and_tables_wait_and_appear(trio: Trio, tmp_path: Path) -> None:
    office, one, pk = known_to_both(trio, tmp_path)
    request = one.add("request", ONE, content="修灯")
    exchange(one, office, tmp_path)
    assert office.rows("SELECT notes FROM resident") == [(None,)]
    assert office.rows("SELECT reason FROM sync_parked WHERE pk = ?", [request]) == [("table",)]
    office.open(current())
    assert office.value("resident", pk, "notes") == "门铃坏了"
    assert office.value("request", request, "content") == "修灯"
    settle(office, [one], tmp_path, 2)
    assert state(office, ONE) == state(one)


def test_a_new_field_outlives_an_old_programs_delete_and_undo(trio: Trio, tmp_path: Path) -> None:
    office, one, pk = known_to_both(trio, tmp_path)
    office.delete("resident", pk)
    office.add("resident", ONE, id=pk, name="张三")
    office.make(one, tmp_path)
    one.edit("resident", pk, notes="门铃修好了")
    office.open(current())
    settle(office, [one], tmp_path, 3)
    assert {office.value("resident", pk, "notes"), one.value("resident", pk, "notes")} == {"门铃修好了"}


def test_a_value_that_does_not_fit_is_kept_aside(trio: Trio, tmp_path: Path) -> None:
    """A newer program's number where this one's column holds text: the program starts, and nothing is turned into something else."""
    office, one, pk = known_to_both(trio, tmp_path)
    office.do(run, "UPDATE sync_extra SET vals = ? WHERE pk = ?", [json.dumps({NOTES: 5}), pk])
    office.open(current())
    assert office.value("resident", pk, "notes") is None
    assert office.rows("SELECT vals FROM sync_extra") == [(json.dumps({str(NOTES): 5}),)]
    assert office.rows("SELECT name FROM resident WHERE id = ?", [pk]) == [("张三",)]
