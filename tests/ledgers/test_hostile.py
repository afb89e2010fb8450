"""Hostile and damaged files (reliability.md T7, T8): each has its reason or a clean read; nothing is written, time and memory are bounded."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gridapp.ledgers.sniff import SENTENCES
from tests.ledgers.crafted import CASES, ODD_TEXTS, built
from tests.ledgers.damaged import damaged

REPOSITORY = Path(__file__).resolve().parents[2]
SECONDS, MEGABYTES = 10, 500  # of CPU: other work on the machine must not count
# T7 asks for 10,000; the daily run takes a sample.
DAMAGED = 10_000 if settings.get_current_profile_name() == "long" else 150
BATCH = 500


def sealed(folder: Path, scratch: Path) -> dict[str, dict[str, Any]]:
    """What came of every file of a folder, read in children that are held to 1 GB and 20 s of CPU; scratch is all they know of a temp folder."""
    scratch.mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(scratch), "HOME": str(scratch)}
    command = [sys.executable, "-m", "tests.ledgers.sealed_reader", str(folder)]
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return {told["file"]: told for told in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What came of every crafted file, by name; "left" holds what is in the folders beside them afterwards."""
    top = tmp_path_factory.mktemp("hostile")
    folder = top / "files"
    folder.mkdir()
    for name, data, _ in built():
        (folder / name).write_bytes(data)
    found = sealed(folder, top / "scratch")
    extra = {str(path.relative_to(top)) for path in top.rglob("*") if path.parent != folder} - {"files", "scratch"}
    found["left"] = {"extra": sorted(extra), "files": sorted(path.name for path in folder.iterdir())}
    for path in folder.iterdir():
        path.unlink()
    return found


def test_the_corpus_is_as_large_as_it_should_be() -> None:
    assert len({name for name, _, _ in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize(("name", "outcome"), [(name, outcome) for name, _, outcome in CASES])
def test_every_crafted_file_has_its_reason_or_is_read(told: dict[str, dict[str, Any]], name: str, outcome: str | int) -> None:
    found = told[name]
    if isinstance(outcome, str):
        assert (found["code"], found["sentence"], found["rows"]) == (outcome, SENTENCES[outcome], 0)
    else:
        assert found["code"] == ""
        assert found["rows"] == found["drafts"] == outcome or (outcome < 0 <= found["rows"])


@pytest.mark.parametrize("name", [name for name, _, _ in CASES])
def test_no_crafted_file_takes_long_or_much(told: dict[str, dict[str, Any]], name: str) -> None:
    """Hard limits of T8, ten times what any of them takes, not a measure of speed."""
    assert told[name]["seconds"] < SECONDS and told[name]["peak_mb"] < MEGABYTES


def test_nothing_is_written_anywhere(told: dict[str, dict[str, Any]]) -> None:
    assert told["left"] == {"extra": [], "files": sorted(name for name, _, _ in CASES)}


@pytest.mark.parametrize("name", ["macros.xlsm", "links to other files.xlsx", "DDE links.xlsx", "embedded objects.xlsx", "connections.xlsx"])
def test_what_was_left_alone_is_said(told: dict[str, dict[str, Any]], name: str) -> None:
    assert told[name]["notices"] == 1


@pytest.mark.parametrize("title", ["right to left", "zero width", "control"])
def test_no_invisible_character_comes_through(told: dict[str, dict[str, Any]], title: str) -> None:
    assert title in ODD_TEXTS
    assert not any(mark in told[f"{title} names.xlsx"]["values"] for mark in ("\\u202", "\\u200", "\\u2060", "\\ufeff", "\\x0"))


@pytest.mark.faults
def test_damaged_workbooks(tmp_path: Path) -> None:
    """No exception, no crash of the process, no hang; a refused file gives no row."""
    folder, wrong, refused = tmp_path / "files", [], 0
    folder.mkdir()
    for start in range(0, DAMAGED, BATCH):
        files = list(damaged(start, min(BATCH, DAMAGED - start)))
        for at, data in enumerate(files):
            (folder / f"{at:05d}.xlsx").write_bytes(data)
        found = sealed(folder, tmp_path / "scratch")
        refused += sum(bool(each["code"]) for each in found.values())
        wrong += [
            (start, name, each["code"])
            for name, each in found.items()
            if (each["code"] and (each["code"] not in SENTENCES or each["rows"])) or each["seconds"] > SECONDS or each["peak_mb"] > MEGABYTES
        ]
        for path in folder.iterdir():
            path.unlink()
    assert wrong == []
    assert DAMAGED // 4 < refused < DAMAGED, "most are refused, and not for a reason they all share"
