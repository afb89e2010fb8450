"""The fill verb: what it finds, what it writes, what it will not do."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gridapp import desk as verbs
from gridapp import places
from tests.cli.conftest import SAMPLE, Said
from tests.conftest import PASSWORD
from tests.ledgers import shapes

Command = Callable[..., Said]


@pytest.fixture
def kept(command: Command, data: Path) -> Path:
    """A data folder with members and residents."""
    for name in ("住户台账.xlsx", "居民台账.xlsx", "党员花名册.xlsx"):
        command("--data", data, "import", SAMPLE / name)
    return data


def column(path: Path, heading: str, row: int = 3) -> list[object]:
    sheet = load_workbook(path).worksheets[0]
    at = next(cell.column for cell in sheet[row] if cell.value == heading)
    return [value for (value,) in sheet.iter_rows(row + 1, sheet.max_row, at, at, values_only=True)]


def building(data: Path, template: Path) -> str:
    """The first building one can choose."""
    desk = verbs.open_desk(data, PASSWORD)
    (found,) = verbs.look_at_template(desk, template).found
    desk.close()
    return next(each for each in found.filters if each.field == "building").options[0][0]


def test_a_table_is_looked_at_then_filled(command: Command, kept: Path, tmp_path: Path) -> None:
    empty, out = places.resources("examples", "空表样例.xlsx"), tmp_path / "填好.xlsx"
    looked = command("--data", kept, "fill", empty, "--out", out, "--dry-run")
    assert "每行一条居民" in looked.out and "包保单位" in looked.out and not out.exists()
    done = command("--data", kept, "fill", empty, "--out", out, "--building", building(kept, empty), "--answer", "包保单位=示范单位", "--for", "上报")
    assert done.code == 0 and "填了" in done.out
    phones, units = column(out, "联系电话"), column(out, "包保单位")
    rows = len([each for each in units if each == "示范单位"])
    assert 0 < rows < 1121 and all("****" in str(each) for each in phones[:rows] if each)
    assert f"填了 {rows} 行" in done.out


def test_cards_apart(command: Command, kept: Path, tmp_path: Path) -> None:
    done = command("--data", kept, "fill", shapes.person_card(tmp_path / "表.xlsx"), "--out", tmp_path / "卡.xlsx", "--apart")
    made = sorted((tmp_path / "卡").glob("*.xlsx"))
    assert done.code == 0 and len(made) == 44 and "44 个文件" in done.out and made[0].name == "卡-001.xlsx"


def test_an_old_workbook_stays_one(command: Command, kept: Path, tmp_path: Path) -> None:
    empty = shapes.old_roster(tmp_path / "表.xls")
    refused = command("--data", kept, "fill", empty, "--out", tmp_path / "a.xlsx")
    assert refused.code == 1 and ".xls" in refused.sentence()
    done = command("--data", kept, "fill", empty, "--out", tmp_path / "a.xls")
    assert done.code == 0 and "旧格式" in done.out and "1121 行" in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--category", "独居"), "全号"), (("--category", "天上"), "没有“天上”"), (("--answer", "包保单位"), "写得不完整"),
        (("--full", "--for", "公示"), "公示"),
    ],
)  # fmt: skip
def test_what_it_will_not_do(command: Command, kept: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = command("--data", kept, "fill", places.resources("examples", "空表样例.xlsx"), "--out", tmp_path / "a.xlsx", *words)
    assert done.code == 1 and said in done.sentence() and not (tmp_path / "a.xlsx").exists()
