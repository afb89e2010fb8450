"""A centre and its grids, enrolled by files."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    made = tmp_path / "stick"
    made.mkdir()
    return made


def join(grid: Any, centre: Any, stick: Path, **how: Any) -> office.Enrolled:
    """By files: the request, six words, the answer."""
    enrolled = office.enrol(centre, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick, **how)
    desk.take(grid, enrolled.answer or stick)
    return enrolled


def household(at: Any, room: str, scope: str = "") -> str:
    """A door with somebody behind it."""
    building = desk.keep(at, "building", {"building": "3"})
    return desk.keep(at, "household", {"building_id": building.row_id, "unit": "2", "room": room, "contact": "李秀英"}).row_id


def doors(at: Any) -> set[str]:
    """The rooms a desk holds."""
    return {desk.values(at, "household", row.id)["room"] for row in desk.listing(at, "household").rows}


@pytest.fixture
def centre(request: Any, new_desk: Callable[..., Any]) -> Any:
    """A centre, on SQLite unless the test says otherwise."""
    return new_desk(getattr(request, "param", "sqlite"), "centre", grid_name="示范社区", who="周主任", role="office")


@pytest.fixture
def grids(new_desk: Callable[..., Any], centre: Any, stick: Path) -> list[Any]:
    """Three grids that joined it."""
    made = [new_desk("sqlite", f"g{number}", grid_name=f"{number}号网格", who="书记") for number in (1, 2, 3)]
    for each in made:
        join(each, centre, stick)
    return made
