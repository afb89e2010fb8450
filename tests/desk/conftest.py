"""A settled town on each engine, and a folder with the sample grid taken in."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp import places
from gridapp.store.keys import QUICK
from tests.conftest import PASSWORD, TODAY
from tests.desk.town import settle

SAMPLE = places.resources("sample", "grid1")
FILES = ("住户台账.xlsx", "居民台账.xlsx", "党员花名册.xlsx", "入户走访台账.xls", "服务事项台账.csv")


@pytest.fixture
def town(desk: Any) -> tuple[Any, dict[str, str]]:
    """(desk, ids by name), on each engine in turn."""
    return desk, settle(desk)


@pytest.fixture(scope="session")
def sample_made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A folder with the whole sample grid taken in once, and what each import said."""
    folder = tmp_path_factory.mktemp("sample") / "desk"
    desk, _ = verbs.init(folder, PASSWORD, grid_name="示范网格", who="王书记", cost=QUICK)
    desk.clock = lambda: TODAY
    said = {name: verbs.take_in(desk, SAMPLE / name) for name in FILES}
    desk.close()
    return folder, said


@pytest.fixture
def sample(sample_made: tuple[Path, dict[str, Any]], tmp_path: Path) -> Iterator[Any]:
    """A desk of this test's own with the sample grid in it."""
    shutil.copytree(sample_made[0], tmp_path / "sample")
    desk = verbs.open_desk(tmp_path / "sample", PASSWORD)
    desk.clock = lambda: TODAY
    yield desk
    desk.close()
