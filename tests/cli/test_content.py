"""下发 by the command line: publish, see how far it came, read it at the grid, withdraw."""
from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from gridapp import desk as verbs
from gridapp.store.keys import QUICK
from tests.cli.conftest import SAMPLE, Said
from tests.conftest import PASSWORD

Command = Callable[..., Said]
CODES = '[dwelling]\nitems = [["shared", "合住"]]\n'


def test_from_the_centre_to_the_grid_and_back(command: Command, data: Path, tmp_path: Path) -> None:
    centre, stick, book = tmp_path / "centre", tmp_path / "stick", SAMPLE / "住户台账.xlsx"
    verbs.init(centre, PASSWORD, grid_name="示范社区", who="周主任", role="office", cost=QUICK)[0].close()
    (tmp_path / "代码.toml").write_text(CODES, "utf-8")
    assert command("--data", data, "bundle", "join", "--out", stick).code == 0
    assert command("--data", centre, "office", "enrol", next(stick.glob("*.gbx")), "--out", tmp_path / "answers").code == 0
    assert command("--data", data, "bundle", "take", next((tmp_path / "answers").glob("*.gbx"))).code == 0
    assert "还没有" in command("--data", data, "news").out

    tried = command("--data", centre, "office", "publish", tmp_path / "代码.toml", "--dry-run")
    assert "新增 1 项（合住）" in tried.out and "还没有下发" in tried.out
    assert "还没有下发过" in command("--data", centre, "office", "published").out
    sent = command("--data", centre, "office", "publish", tmp_path / "代码.toml", "--title", "居住性质")
    number = re.search(r"编号 (\w{32})", sent.out)
    assert number
    command("--data", centre, "office", "publish", "--notice", "周五开会。\n带上台账。", "--title", "开会")
    command("--data", centre, "office", "publish", book, "--title", "统计表")
    assert command("--data", centre, "office", "published").out.count("0/1") == 3

    down = tmp_path / "down"
    assert command("--data", centre, "office", "return", "--out", down).code == 0
    assert command("--data", data, "bundle", "take", next(down.glob("*.gbx"))).code == 0
    said = command("--data", data, "news", "--save", tmp_path / "saved", "--seen").out
    assert "新增 1 项（合住）" in said and "带上台账" in said and "示范社区 周主任" in said and "共 3 条，3 条新的" in said
    assert (tmp_path / "saved" / "住户台账.xlsx").read_bytes() == book.read_bytes()
    again = command("--data", data, "news", "--save", tmp_path / "saved").out
    assert "0 条新的" in again and (tmp_path / "saved" / "2-住户台账.xlsx").exists()

    assert command("--data", centre, "office", "withdraw", number[1]).code == 0
    assert "已撤回" in command("--data", centre, "office", "published").out
    assert command("--data", centre, "office", "withdraw", "x").code == 1


def test_what_cannot_be_sent_is_one_sentence(command: Command, data: Path, tmp_path: Path) -> None:
    assert "不是中心" in command("--data", data, "office", "publish", "--notice", "x", "--title", "y").sentence()
    assert "二者选一" in command("--data", data, "office", "publish").sentence()
