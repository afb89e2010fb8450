"""The unit and the task that run the server: they parse, and the commands in them are ours."""
from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer

from gridapp import places
from gridapp.cli.main import app
from gridapp.cli.usage import hoisted

FOLDER = places.resources("packaging")
UNIT, TASK, TOLD = FOLDER / "gridapp-serve.service", FOLDER / "gridapp-serve.xml", FOLDER / "自动收包.txt"


def understood(words: list[str]) -> None:
    """The command line takes these words (nothing is run)."""
    command = typer.main.get_command(app)
    context = command.make_context("gridapp", hoisted(words), resilient_parsing=False)
    group = command.get_command(context, "office")  # type: ignore[attr-defined]
    rest = [*context._protected_args, *context.args]  # the framework keeps the verb apart
    assert rest[0] == "office"
    group.get_command(context, rest[1]).make_context(rest[1], rest[2:], parent=context)


def test_the_unit_runs_a_command_of_ours() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(UNIT.read_text("utf-8"))
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    words = shlex.split(unit["Service"]["ExecStart"])
    assert words[:2] == ["/usr/bin/env", "gridapp"]
    understood(words[2:])
    assert unit["Service"]["RestartPreventExitStatus"].split() == ["2", "10", "12"]
    written = unit["Service"]["ReadWritePaths"].split()
    assert all(any(word.startswith(place) for place in written) for word in words if word.startswith(("/var", "/srv")))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here; the test above reads the unit")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(shutil.copy(UNIT, tmp_path))], capture_output=True, text=True)
    assert "gridapp-serve.service:" not in done.stderr, done.stderr


def test_the_task_runs_a_command_of_ours() -> None:
    task = ElementTree.fromstring(TASK.read_bytes())
    name = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    assert task.tag == f"{name}Task"
    run = task.find(f"{name}Actions/{name}Exec")
    assert run is not None
    assert "gridapp.exe" in run.findtext(f"{name}Command", "")
    understood(run.findtext(f"{name}Arguments", "").replace("\\", "/").split())
    assert task.findtext(f"{name}Settings/{name}MultipleInstancesPolicy") == "IgnoreNew"


def test_what_is_told_fits_the_files() -> None:
    text = TOLD.read_text("utf-8")
    assert UNIT.name in text
    assert TASK.name in text
    for folder in re.findall(r"ReadWritePaths=(.*)", UNIT.read_text("utf-8"))[0].split():
        assert folder in text
