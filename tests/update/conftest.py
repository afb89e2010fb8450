"""A maker, and an installed program beside its data."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.update.making import Maker, new_maker


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """A maker of this test's own."""
    return new_maker(tmp_path / "maker")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of an installed program, version 0.1.0, on a stick with data beside it."""
    made = tmp_path / "网格支部"
    (made / "_internal").mkdir(parents=True)
    (made / "gridapp").write_text("#!/bin/sh\nexit 0\n", "utf-8")
    (made / "gridapp").chmod(0o755)
    (made / "_internal" / "version.txt").write_text("0.1.0", "utf-8")
    (made / "数据").mkdir()
    (made / "数据" / "store.db").write_bytes(b"kept")
    return made


@pytest.fixture
def tree() -> Callable[[Path], dict[str, bytes]]:
    """tree(folder) -> path -> bytes of everything in it."""
    return lambda folder: {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
