"""A grid and its centre, the centre on each engine in turn."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk, office
from tests.journeys.couple import Couple


@pytest.fixture(params=["sqlite", "postgresql"])
def couple(request: Any, new_desk: Callable[..., Any], tmp_path: Path) -> Couple:
    stick = tmp_path / "stick"
    stick.mkdir()
    centre = new_desk(request.param, "office", grid_name="示范社区", who="周主任", role="office")
    grid = new_desk("sqlite", "grid")
    desk.take(grid, office.enrol(centre, desk.ask_to_join(grid, stick), words=desk.state(grid).words, out_dir=stick).answer)
    return Couple(centre, grid, stick)
