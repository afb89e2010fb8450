"""划转到…: the centre's window asks which grid and gives the household away; the old grid's exchange page lists what went."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from gridapp.store import keys
from gridapp.ui.reassign_view import MovedHomes, Reassign
from gridapp.ui.seat import Seat
from tests.ui.conftest import PASSWORD, Recorder, settled

Rest = Callable[[Seat], None]


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A centre with two grids; the first has a household the centre knows."""
    made: dict[str, Any] = {"stick": tmp_path / "stick"}
    made["stick"].mkdir()
    for name, role in (("office", "office"), ("g1", "grid"), ("g2", "grid")):
        made[name], _ = desk.init(tmp_path / name, PASSWORD, grid_name=f"示范{name}", who="王建平", role=role, cost=keys.QUICK)
    building = settled(desk.keep(made["g1"], "building", {"building": "3"}))
    made["home"] = settled(desk.keep(made["g1"], "household", {"building_id": building, "unit": "2", "room": "501", "dwelling": "自住"}))
    for name in ("g1", "g2"):
        answer = office.enrol(made["office"], desk.ask_to_join(made[name], made["stick"]), out_dir=made["stick"]).answer
        desk.take(made[name], answer)
    office.take(made["office"], [desk.make_bundle(made["g1"], made["stick"]).path])
    yield made
    for name in ("g1", "g2", "office"):
        made[name].close()


def seated(at: Any) -> Seat:
    made = Seat(at.folder, Recorder())  # type: ignore[arg-type]
    made.desk = at
    return made


def test_the_window_gives_a_household_away_and_the_old_grid_sees_where_it_went(centre: dict[str, Any], qtbot: Any, rest: Rest) -> None:
    seat = seated(centre["office"])
    view = Reassign(seat, centre["home"])
    qtbot.addWidget(view)
    view.show()
    view.begin()
    rest(seat)
    assert [view.grid.itemText(at) for at in range(view.grid.count())] == ["示范g2"] and view.ask.isVisible()
    view.confirm.click()
    rest(seat)
    shell: Any = seat.shell
    assert "已划转到“示范g2”" in shell.said[-1] and view.open.isVisible()
    seat.close()
    for made in office.make_return(centre["office"], centre["stick"]):
        if "g001" in made.path.name:
            desk.take(centre["g1"], made.path)
    old = seated(centre["g1"])
    moved = MovedHomes(old)
    qtbot.addWidget(moved)
    moved.refresh()
    rest(old)
    assert not moved.isHidden()
    assert moved.table.cells.rows[0][0].startswith("3-2-501")
    old.close()


def test_without_another_grid_it_says_what_to_do(centre: dict[str, Any], qtbot: Any, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = seated(centre["office"])
    view = Reassign(seat, centre["home"])
    qtbot.addWidget(view)
    view.show()
    monkeypatch.setattr(office, "grids", lambda at: [(centre["g1"].scope, "示范g1")])
    view.begin()
    rest(seat)
    shell: Any = seat.shell
    assert "请先在“交换”里登记" in shell.said[-1] and not view.ask.isVisible()
    seat.close()
