"""Bad luck: killed in a merge, a full or pulled stick, other versions of the program."""
from __future__ import annotations

import dataclasses
import os
import random
import resource
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp.rules.reading import Cancelled, Trouble
from gridapp.store.engine import open_sqlite
from gridapp.sync import bundle, capture, stick, trust
from gridapp.sync.schema import Field, Schema, current
from gridapp.sync.sql import run
from tests.sync.nodes import OFFICE, ONE, Node, enrol, exchange, fill, residents, settle, sqlite_engine, state

NewNode = Callable[[str], Node]
KEY = "ab" * 48


@pytest.fixture
def pair(new_node: NewNode) -> tuple[Node, Node]:
    office, grid = new_node("office"), new_node("grid")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    return office, grid


def test_killed_in_a_merge_it_is_all_or_nothing(tmp_path: Path) -> None:
    rows, kills, draw = 3000, 25, random.Random(3)
    office, grid = Node(open_sqlite(tmp_path / "office.db", KEY)), Node(open_sqlite(tmp_path / "grid.db", KEY))
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    fill(grid, residents(rows, ONE))
    path = grid.make(office, tmp_path)
    office.engine.dispose()
    started = time.perf_counter()
    _in_child(tmp_path / "office.db", path, None)
    needed = time.perf_counter() - started
    for _ in range(kills):
        _undo(tmp_path / "office.db")
        _in_child(tmp_path / "office.db", path, draw.uniform(0, needed * 1.1))
        node = Node(open_sqlite(tmp_path / "office.db", KEY))
        (count,) = node.rows("SELECT count(*) FROM resident")[0]
        assert count in (0, rows)
        assert node.rows("SELECT count(*) FROM sync_applied WHERE claimed = 1") == [(count // rows,)]
        assert node.rows("SELECT count(*) FROM sync_log") == [(0,)]
        assert node.rows("PRAGMA integrity_check") == [("ok",)]
        node.do(capture.check)
        node.engine.dispose()
    node = Node(open_sqlite(tmp_path / "office.db", KEY))
    node.take(path)
    assert node.rows("SELECT count(*) FROM resident") == [(rows,)]


def _undo(path: Path) -> None:
    node = Node(open_sqlite(path, KEY))
    for name in ("resident", "sync_applied", "sync_parked", "sync_log"):
        node.do(run, f"DELETE FROM {name}")
    node.do(run, "UPDATE sync_link SET cursor = 0, base = NULL, heard = NULL")
    node.engine.dispose()


def _in_child(store: Path, path: Path, seconds: float | None) -> None:
    """Take the bundle in a process of its own; kill it after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            Node(open_sqlite(store, KEY)).take(path)
        finally:
            os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_full_stick_leaves_nothing(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    fill(grid, residents(500, ONE))
    stick = tmp_path / "stick"
    stick.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with grid.engine.connect() as connection, connection.begin() as transaction:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, before[1]))
        try:
            with pytest.raises(Trouble, match="空间不足"):
                bundle.make(connection, grid.session, office.device, stick)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        transaction.rollback()
    assert list(stick.iterdir()) == []
    assert grid.unconfirmed(office) == 500
    assert office.take(grid.make(office, stick)).tally.new == 500


def test_a_pulled_stick_has_its_sentence(pair: tuple[Node, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, grid = pair
    with pytest.raises(Trouble, match="拔出"):
        grid.make(office, tmp_path / "gone")
    stick = tmp_path / "stick"
    stick.mkdir()
    calm = os.replace

    def pulled(*_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", pulled)
    with pytest.raises(Trouble, match="拔出"):
        grid.make(office, stick)
    monkeypatch.setattr(os, "replace", calm)
    assert list(stick.iterdir()) == []


class Impatient:
    """Whoever waits: told the same progress a few times, it gives up."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        if len(self.told) > 3 and self.told[-1] == self.told[-2] == self.told[-3]:
            raise Cancelled


def test_a_stick_that_hangs_while_writing_can_be_left(pair: tuple[Node, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, grid = pair
    fill(grid, residents(50, ONE))
    place, answers, calm = tmp_path / "stick", threading.Event(), os.fsync
    place.mkdir()

    def hangs(handle: int) -> None:
        answers.wait()
        calm(handle)

    monkeypatch.setattr(os, "fsync", hangs)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        grid.do(bundle.make, grid.session, office.device, place, Impatient())
    assert time.monotonic() - started < 5
    assert [path.suffix for path in place.iterdir()] == [".tmp"]
    assert grid.unconfirmed(office) == 50
    answers.set()  # the stick comes to itself: what was begun there is tidied away
    while list(place.iterdir()):
        time.sleep(0.01)
    monkeypatch.setattr(os, "fsync", calm)
    assert office.take(grid.make(office, place)).tally.new == 50


def test_a_file_that_hangs_while_being_read_can_be_left(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    fill(grid, residents(50, ONE))
    silent = tmp_path / "silent.gbx"
    os.mkfifo(silent)  # opening it waits for ever: nobody writes
    with pytest.raises(Cancelled):
        office.do(bundle.take, office.session, silent, Impatient())
    assert state(office) == {"archive": []}
    assert office.take(grid.make(office, tmp_path)).tally.new == 50


def test_a_stick_silent_for_minutes_has_its_sentence(pair: tuple[Node, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, grid = pair
    monkeypatch.setattr(stick, "PATIENCE", 0.3)
    monkeypatch.setattr(stick, "GRACE", 0.1)
    silent = tmp_path / "silent.gbx"
    os.mkfifo(silent)
    with pytest.raises(Trouble, match="好几分钟没有反应"):
        office.take(silent)
    answers, calm = threading.Event(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: answers.wait())
    with pytest.raises(Trouble, match="好几分钟没有反应"):
        grid.make(office, tmp_path)
    answers.set()
    monkeypatch.setattr(os, "fsync", calm)


def test_stopped_by_the_user_nothing_changes(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    fill(grid, residents(4500, ONE))
    path = grid.make(office, tmp_path)
    seen: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        office.do(bundle.take, office.session, path, stop)
    assert state(office) == {"archive": []}
    office.do(capture.check)
    seen.clear()
    (tmp_path / "x").mkdir()
    with pytest.raises(Cancelled):
        grid.do(bundle.make, grid.session, office.device, tmp_path / "x", stop)
    assert list((tmp_path / "x").iterdir()) == []


def test_a_wrong_clock_is_told(pair: tuple[Node, Node], tmp_path: Path) -> None:
    office, grid = pair
    grid.session.clock = lambda: 1
    assert office.take(grid.make(office, tmp_path)).clock_off


def older() -> Schema:
    """A program that knows no phone of a resident, and no visits at all."""
    shapes = []
    for shape in current().shapes:
        if shape.name == "resident":
            shape = dataclasses.replace(shape, fields=tuple(each for each in shape.fields if each.name != "phone"))
        if shape.name != "visit":
            shapes.append(shape)
    return Schema(tuple(shapes))


def test_an_older_office_keeps_and_passes_on_what_it_does_not_know(new_node: NewNode, tmp_path: Path) -> None:
    office = Node(sqlite_engine(tmp_path / "old.db"), tmp_path / "old.db", older())
    grid, laptop = new_node("grid"), new_node("laptop")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    for node in (grid, laptop):
        enrol(office, node, ONE)
    row = grid.add("resident", ONE, name="测试甲", phone="16100000001", status="here")
    visit = grid.add("visit", ONE, content="探望")
    taken = office.take(grid.make(office, tmp_path))
    assert taken.tally.unknown == 2
    assert office.rows("SELECT phone FROM resident") == [(None,)]
    office.edit("resident", row, name="测试乙")
    grid.take(office.make(grid, tmp_path))
    assert (grid.value("resident", row, "phone"), grid.value("resident", row, "name")) == ("16100000001", "测试乙")
    laptop.take(office.make(laptop, tmp_path))
    assert laptop.value("resident", row, "phone") == "16100000001"
    assert laptop.value("visit", visit, "content") == "探望"
    # the office is updated: what it kept comes to light
    office = Node(office.engine, office.path)
    assert office.value("resident", row, "phone") == "16100000001"
    assert office.value("visit", visit, "content") == "探望"
    settle(office, [grid, laptop], tmp_path, 2)
    assert state(office) == state(grid) == state(laptop)


def test_an_older_grids_own_rows_do_not_erase_newer_fields(new_node: NewNode, tmp_path: Path) -> None:
    office = new_node("office")
    grid = Node(sqlite_engine(tmp_path / "old.db"), tmp_path / "old.db", older())
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    row = grid.add("resident", ONE, name="测试甲", status="here")
    office.take(grid.make(office, tmp_path))
    office.edit("resident", row, phone="16100000001")
    grid.edit("resident", row, name="测试乙")
    exchange(grid, office, tmp_path)
    grid.edit("resident", row, sex="2")
    exchange(grid, office, tmp_path)
    assert (office.value("resident", row, "phone"), office.value("resident", row, "name")) == ("16100000001", "测试乙")


def test_a_field_beyond_the_known_ones_is_a_fault_of_ours() -> None:
    shape = current().shapes[0]
    assert len({field.number for field in shape.fields}) == len(shape.fields)
    assert Schema((dataclasses.replace(shape, fields=(*shape.fields, Field(60, "extra"))),)).mark != Schema((shape,)).mark
