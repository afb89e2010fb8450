"""gridapp report: shown, written, and complained about in sentences."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Command = Callable[..., Any]


def test_shown_and_written(command: Command, data: Path, tmp_path: Path) -> None:
    shown = command("report", "requests", "--period", "2026-10", "--data", data)
    assert shown.code == 0 and "诉求办理月报" in shown.out and "按期办结率" in shown.out and "—" in shown.out
    out = tmp_path / "r1.xlsx"
    written = command("report", "党员队伍情况表", "--period", "2026", "--out", out, "--purpose", "报社区", "--for", "上报", "--data", data)
    assert written.code == 0 and str(out) in written.out
    assert openpyxl.load_workbook(out).sheetnames == ["报表", "说明"], "nothing to draw, no sheet for it"


def test_without_a_period_it_is_the_present_one(command: Command, data: Path) -> None:
    assert command("report", "visits", "--data", data).code == 0


def test_what_is_wrong_is_said(command: Command, data: Path, tmp_path: Path) -> None:
    for words, part in (
        (("r9",), "可以写：requests"), (("visits", "--period", "去年"), "2026-Q3"), (("visits", "--grid", "九网格"), "没有“九网格”"),
        (("visits", "--out", tmp_path / "a.pdf"), ".xlsx"), (("visits", "--out", tmp_path / "a.xlsx", "--purpose", " "), "用途"),
    ):  # fmt: skip
        said = command("report", *words, "--data", data)
        assert said.code == 1 and part in said.sentence(), words
