"""Copies of the bundles made: kept until confirmed and ninety days more, written to a stick again, never cleared away too early."""
from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.desk import outbox
from gridapp.rules.reading import Trouble
from gridapp.sync import stick as sticks
from tests.conftest import PASSWORD

Party = dict[str, Any]


@pytest.fixture(params=["sqlite", "postgresql"])
def party(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Party:
    place = tmp_path / "stick"
    place.mkdir()
    centre = new_desk(request.param, "office", grid_name="示范社区", who="周主任", role="office")
    grid = new_desk("sqlite", "g1", grid_name="示范网格", who="王书记")
    answer = office.enrol(centre, desk.ask_to_join(grid, place), out_dir=place).answer
    desk.take(grid, answer)
    building = desk.keep(grid, "building", {"building": "3"}).row_id
    home = desk.keep(grid, "household", {"building_id": building, "room": "501"}).row_id
    return {"office": centre, "grid": grid, "stick": place, "home": home}


def states(at: Any) -> list[str]:
    return [each.state_word for each in desk.kept_bundles(at)]


def later(at: Any, days: int) -> None:
    """The desk's clock, so many days on."""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days)
    at.clock = lambda: now


def confirm(party: Party, path: Path) -> None:
    office.take(party["office"], [path])
    desk.take(party["grid"], office.make_return(party["office"], party["stick"])[0].path)


def test_a_lost_stick_costs_nothing(party: Party, tmp_path: Path) -> None:
    grid = party["grid"]
    made = desk.make_bundle(grid, party["stick"])
    assert made.warning == ""
    made.path.unlink()
    (kept,) = desk.kept_bundles(grid)
    assert (kept.rows, kept.size, kept.label, kept.state_word) == (made.rows, made.bytes, "示范社区", "已导出")
    other = tmp_path / "another stick"
    other.mkdir()
    again = desk.write_again(grid, kept.id, other)
    assert again.path.name == made.path.name
    assert [path.name for path in other.iterdir()] == [made.path.name]
    confirm(party, again.path)
    assert states(grid) == ["已确认"]
    assert desk.state(grid).unconfirmed == 0
    assert [line["what"] for line in desk.audit(grid)].count("again") == 1


def test_copies_stay_until_confirmed_and_ninety_days(party: Party) -> None:
    grid, centre = party["grid"], party["office"]
    first = desk.make_bundle(grid, party["stick"])
    later(grid, 4000)
    assert outbox.clear_old(grid) == 0  # unconfirmed, however old
    later(grid, 0)
    confirm(party, first.path)
    desk.keep(grid, "household", {"room": "502"}, party["home"])
    second = desk.make_bundle(grid, party["stick"])
    later(grid, 89)
    assert outbox.clear_old(grid) == 0
    later(grid, 91)
    assert outbox.clear_old(grid) == 1
    assert [each.id for each in desk.kept_bundles(grid)] == [second.id]
    later(centre, 4000)
    office.make_return(centre, party["stick"])
    assert states(centre) == ["已导出", "已导出"]


def test_the_centre_keeps_its_returns_too(party: Party) -> None:
    grid, centre = party["grid"], party["office"]
    confirm(party, desk.make_bundle(grid, party["stick"]).path)
    assert states(centre) == ["已导出"]
    office.take(centre, [desk.make_bundle(grid, party["stick"]).path])
    assert states(centre) == ["已送达"]
    assert desk.state(centre).bundles[0].way == "in"
    assert [line.state for line in desk.state(centre).bundles if line.copy] == ["已送达"]


def test_what_was_made_before_a_backup_was_put_back_can_still_go(party: Party, tmp_path: Path) -> None:
    grid = party["grid"]
    saved = desk.back_up(grid, tmp_path / "before.gbk")
    desk.keep(grid, "household", {"room": "509"}, party["home"])
    desk.make_bundle(grid, party["stick"]).path.unlink()
    grid.close()
    desk.restore(grid.folder, saved, PASSWORD)
    back = desk.open_desk(grid.folder, PASSWORD)
    try:
        (kept,) = desk.kept_bundles(back)
        assert (kept.rows, kept.state_word) == (None, "已导出")
        (line,) = [each for each in desk.state(back).bundles if each.copy]
        assert "恢复备份以前" in line.text
        later(back, 4000)
        assert outbox.clear_old(back) == 0
        office.take(party["office"], [desk.write_again(back, kept.id, party["stick"]).path])
        assert desk.values(party["office"], "household", party["home"])["room"] == "509"
    finally:
        back.close()


def test_a_full_disk_here_does_not_undo_what_is_on_the_stick(party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = party["grid"]

    def full(source: Path, path: Path, beat: Any = None) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sticks, "copy", full)
    made = desk.make_bundle(grid, party["stick"])
    assert made.warning.endswith("。")
    assert "没有留下" in made.warning
    monkeypatch.undo()
    assert desk.kept_bundles(grid) == []
    confirm(party, made.path)
    assert desk.state(grid).unconfirmed == 0


def test_troubles_of_writing_again(party: Party, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = party["grid"]
    made = desk.make_bundle(grid, party["stick"])
    with pytest.raises(Trouble, match="拔出"):
        desk.write_again(grid, made.id, tmp_path / "gone")
    with pytest.raises(Trouble, match="重新生成"):
        desk.write_again(grid, "0" * 32, party["stick"])
    place = tmp_path / "full"
    place.mkdir()
    calm = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Trouble, match="空间不足"):
        desk.write_again(grid, made.id, place)
    monkeypatch.setattr(os, "fsync", calm)
    assert list(place.iterdir()) == []
    (kept,) = desk.kept_bundles(grid)
    data = bytearray(kept.path.read_bytes())
    data[-1] ^= 1
    kept.path.write_bytes(data)
    with pytest.raises(Trouble, match="损坏"):
        desk.write_again(grid, made.id, place)
    assert list(place.iterdir()) == []


def test_a_records_own_state(party: Party) -> None:
    grid, home = party["grid"], party["home"]
    assert desk.story(grid, "household", home).exchange == "待导出"
    made = desk.make_bundle(grid, party["stick"])
    assert desk.story(grid, "household", home).exchange == "已导出"
    assert dict(desk.state(grid).breakdown) == {"待导出": 0, "已导出": made.rows, "已送达": 0}
    confirm(party, made.path)
    assert desk.story(grid, "household", home).exchange == "已确认"
    assert desk.story(party["office"], "household", home).exchange == ""
