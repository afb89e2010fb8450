"""The demonstration plays through, and every count in its report is explained by what the sample ledgers are known to hold."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gridapp import places
from gridapp.demo.day import GRIDS, run
from gridapp.desk import ledgers
from gridapp.rules.reading import Trouble

EXPECTED = json.loads(places.resources("sample", "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("demo")
    run(out, say=lambda text: None, shots=False)
    return json.loads((out / "report.json").read_text("utf-8")) | {"out": out}


@pytest.mark.parametrize("grid", GRIDS)
def test_every_row_of_every_ledger_is_accounted_for(report: dict[str, Any], grid: str) -> None:
    for line in report[grid]["intake"]:
        known = EXPECTED[grid]["files"][line["file"]]
        assert line["rows"] == known["rows"] == sum(line["counts"].values())
        left_out = [row for row in line["explained"] if row["outcome"] in ("cannot", "same")]
        assert len(left_out) == line["counts"]["cannot"] + line["counts"]["same"]
        assert all(row["why"] for row in left_out)


@pytest.mark.parametrize("grid", GRIDS)
def test_every_planted_fault_is_told_at_its_row(report: dict[str, Any], grid: str) -> None:
    for line in report[grid]["intake"]:
        told = {(row["sheet"], row["row"]) for row in line["explained"]}
        sheets = {sheet for sheet, _ in told}
        for fault in EXPECTED[grid]["files"][line["file"]]["faults"]:
            if fault["code"] == "household_unknown" and line["file"].startswith(("入户", "服务")):
                continue  # the same unheard-of building was pointed out, and made, when the residents came in
            sheet = next(iter(sheets)) if fault["sheet"] == "*" else fault["sheet"]
            assert (sheet, fault["row"]) in told, (line["file"], fault)


def test_every_standard_ledger_is_written(report: dict[str, Any]) -> None:
    standard = [each.title for each in ledgers() if each.official]
    for grid in GRIDS:
        assert [*report[grid]["ledgers"]] == standard
        assert all(rows > 0 for title, rows in report[grid]["ledgers"].items() if title != "满意度回访台账")
        assert len(list((report["out"] / "ledgers" / grid).glob("*.xlsx"))) == len(standard)


def test_one_true_conflict_is_listed_and_resolved_and_nothing_stays_unconfirmed(report: dict[str, Any]) -> None:
    told = report["exchange"]
    assert all(each["ok"] for each in told["taken"])
    assert [each["new"] for each in told["taken"]] == [told["up"][grid]["rows"] for grid in GRIDS]
    assert told["conflict"]["resolved"] == len(told["conflict"]["listed"]) == 1
    assert told["unconfirmed_after"] == {"grid1": 0, "grid2": 0}
    assert told["conflicts_after"] == {"office": 0, "grid1": 0, "grid2": 0}


def test_it_does_not_touch_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", "utf-8")
    with pytest.raises(Trouble):
        run(tmp_path, say=lambda text: None, shots=False)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
