"""Keys, withdrawn computers and borrowed laptops by the command line."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridapp.store.keys import QUICK
from gridapp.sync import locked
from tests.cli.conftest import SAMPLE, Said

Command = Callable[..., Said]


def test_new_keys_and_withdrawn_computers(command: Command, data: Path, tmp_path: Path) -> None:
    centre = tmp_path / "centre"
    assert command("office", "init", "--name", "示范社区", "--data", centre).code == 0
    assert "还没有登记" in command("--data", centre, "trust", "devices").out
    assert "新的六个词" in command("--data", data, "trust", "rotate").out
    command("--data", data, "bundle", "join", "--out", tmp_path / "usb")
    (request,) = (tmp_path / "usb").glob("*.gbx")
    assert command("--data", centre, "office", "enrol", request).code == 0
    assert command("--data", centre, "trust", "revoke", "g001").code == 2
    assert command("--data", centre, "trust", "revoke", "g001", "--why", "丢失").code == 0
    assert "已停用" in command("--data", centre, "trust", "devices").out
    assert command("--data", centre, "trust", "revoke", "g001", "--why", "丢失").code == 1
    assert command("--data", centre, "trust", "reinstate", "g001").code == 0
    assert "在用" in command("--data", centre, "trust", "devices").out


def test_a_borrowed_laptop(command: Command, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locked, "DEAR", QUICK)
    monkeypatch.setattr("gridapp.sync.loan.DEAR", QUICK)
    mine, word = tmp_path / "mine", tmp_path / "word.txt"
    word.write_text("借用密码2026\n", "utf-8")
    command("--data", data, "import", SAMPLE / "党员花名册.xlsx")
    assert command("--data", data, "trust", "lend", "--out", tmp_path).code == 2
    assert command("--data", data, "trust", "lend", "--out", tmp_path, "--word-file", word).code == 0
    (path,) = tmp_path.glob("*.gbx")
    assert command("--data", mine, "init").code == 0
    assert "借用包" in command("--data", mine, "bundle", "take", path).sentence()
    shown = command("--data", mine, "trust", "review", path, "--word-file", word)
    assert shown.code == 0 and "新增" in shown.out and "收下" not in shown.out
    taken = command("--data", mine, "trust", "review", path, "--word-file", word, "--take", "new")
    assert taken.code == 0 and "收下" in taken.out
    assert "完全相同" in command("--data", mine, "trust", "review", path, "--word-file", word).out
    monkeypatch.setenv("GRIDAPP_BUNDLE_PASSWORD", "别的密码2026")
    assert "密码不对" in command("--data", mine, "trust", "review", path).sentence()
