"""升级 on the settings page: what a package brings, refusals in the card, and the new version in place after a backup."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import versions
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.update_card import UpdateCard
from gridapp.update import install, makers
from tests.update.making import Maker, new_maker

Rest = Callable[[Seat], None]


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maker:
    made = new_maker(tmp_path / "maker")
    (tmp_path / "program").mkdir()
    monkeypatch.setattr(makers, "keys", lambda: [made.key])
    monkeypatch.setattr(install, "home", lambda: tmp_path / "program")
    return made


@pytest.fixture
def card(seat: Seat, qtbot: Any, maker: Maker) -> UpdateCard:
    made = UpdateCard(seat)
    qtbot.addWidget(made)
    made.show()
    return made


def picked(card: UpdateCard, rest: Rest, monkeypatch: pytest.MonkeyPatch, path: Path) -> str:
    """What the card says of a package."""
    monkeypatch.setattr(choosing, "file", lambda *_: path)
    card.pick_one.click()
    rest(card.seat)
    return card.said.text()


def test_a_package_is_shown_and_installed(card: UpdateCard, maker: Maker, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not card.start.isVisible()
    said = picked(card, rest, monkeypatch, maker.pack("9.2.0"))
    assert "9.2.0" in said and "可以升级" in said and "更快了" in card.notes.text() and card.start.isVisible()
    card.start.click()
    assert not card.start.isEnabled()
    rest(card.seat)
    assert "已装好 9.2.0 版" in card.said.text() and "关闭程序再打开" in card.said.text() and not card.start.isVisible()
    assert versions.current(tmp_path / "program") == "9.2.0" and len(list((card.seat.folder / "backups").glob("*.gbk"))) == 1


def test_a_refused_package_is_told_in_the_card(card: UpdateCard, maker: Maker, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picked(card, rest, monkeypatch, maker.pack("9.2.0"))
    assert "不用升级" in picked(card, rest, monkeypatch, maker.pack("0.0.1"))
    assert not card.start.isVisible() and not card.notes.isVisible()
    assert "签名不对" in picked(card, rest, monkeypatch, new_maker(tmp_path / "other").pack("9.2.0"))


def test_a_self_test_that_fails_may_be_tried_again(
    card: UpdateCard, maker: Maker, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picked(card, rest, monkeypatch, maker.pack("9.2.0", code=1))
    card.start.click()
    rest(card.seat)
    assert "自检没有通过" in card.said.text() and "没有变" in card.said.text() and card.start.isEnabled()
    assert versions.current(tmp_path / "program") == ""
