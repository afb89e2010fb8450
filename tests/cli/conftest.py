"""The command line as a process of its own, and in this one; data folders made quickly."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp import places
from gridapp.cli.main import main
from gridapp.store.keys import QUICK
from tests.conftest import PASSWORD

ROOT = Path(__file__).parents[2]
SAMPLE = places.resources("sample", "grid1")


@dataclass(frozen=True)
class Said:
    """What a command did: exit code, output, complaint."""

    code: int
    out: str
    err: str

    def sentence(self) -> str:
        """The complaint, which must be one Chinese sentence and nothing of Python."""
        assert self.err.count("\n") == 1 and self.err.endswith("。\n"), self.err
        assert "Traceback" not in self.err and "Error" not in self.err
        return self.err.strip()


@pytest.fixture
def process() -> Callable[..., Said]:
    """Run `gridapp` as a process; password: what GRIDAPP_PASSWORD holds (None: unset)."""

    def run(*words: Any, password: str | None = PASSWORD, stdin: str = "") -> Said:
        environment = {name: value for name, value in os.environ.items() if name != "GRIDAPP_PASSWORD"}
        environment |= {} if password is None else {"GRIDAPP_PASSWORD": password}
        done = subprocess.run(
            [sys.executable, "-m", "gridapp", *map(str, words)], cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, timeout=120
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Run `gridapp` in this process."""
    monkeypatch.setenv("GRIDAPP_PASSWORD", PASSWORD)

    def run(*words: Any) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with an empty grid's store in it."""
    desk, _ = verbs.init(tmp_path / "data", PASSWORD, grid_name="示范网格", who="王书记", cost=QUICK)
    desk.close()
    return tmp_path / "data"
