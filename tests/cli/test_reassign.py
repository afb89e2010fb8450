"""`gridapp office reassign`: a door and a grid named on the command line."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridapp import desk as verbs
from gridapp import office
from gridapp.store.keys import QUICK
from tests.conftest import PASSWORD

Command = Callable[..., Any]


def test_a_door_is_given_to_a_grid_by_name(command: Command, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    centre, _ = verbs.init(tmp_path / "centre", PASSWORD, grid_name="示范社区", who="周主任", role="office", cost=QUICK)
    grids = [verbs.init(tmp_path / name, PASSWORD, grid_name=name, who="王书记", cost=QUICK)[0] for name in ("一网格", "二网格")]
    building = verbs.keep(grids[0], "building", {"building": "3"}).row_id
    verbs.keep(grids[0], "household", {"building_id": building, "unit": "2", "room": "501", "dwelling": "自住"})
    for grid in grids:
        verbs.take(grid, office.enrol(centre, verbs.ask_to_join(grid, stick), out_dir=stick).answer)
    office.take(centre, [verbs.make_bundle(grids[0], stick).path])
    centre.close()
    for grid in grids:
        grid.close()
    give = ("--data", tmp_path / "centre", "office", "reassign")
    assert "没有划转" in command(*give, "9-9-999", "--to", "二网格").sentence()
    assert "没有找到唯一的网格" in command(*give, "3-2-501", "--to", "三网格").sentence()
    assert "已划转到“二网格”" in command(*give, "3-2-501", "--to", "二网格").out
    assert "没有改动" in command(*give, "3-2-501", "--to", "二网格").out
