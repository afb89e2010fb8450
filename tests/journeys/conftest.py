"""Grids and their centre by files alone, the centre on each engine in turn: two who have enrolled, and one with the rows it shares."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from tests.journeys.couple import Couple


@pytest.fixture(params=["sqlite", "postgresql"])
def party(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> dict[str, Any]:
    stick = tmp_path / "stick"
    stick.mkdir()
    made: dict[str, Any] = {"office": new_desk(request.param, "office", grid_name="示范社区", who="周主任", role="office"), "stick": stick}
    for name in ("g1", "g2"):
        made[name] = new_desk("sqlite", name, grid_name=f"示范{name}", who=f"书记{name}")
        answer = office.enrol(made["office"], desk.ask_to_join(made[name], stick), words=desk.state(made[name]).words, out_dir=stick).answer
        desk.take(made[name], answer)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def couple(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Couple:
    stick = tmp_path / "stick"
    stick.mkdir()
    centre = new_desk(request.param, "office", grid_name="示范社区", who="周主任", role="office")
    grid = new_desk("sqlite", "grid")
    desk.take(grid, office.enrol(centre, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick).answer)
    return Couple(centre, grid, stick)
