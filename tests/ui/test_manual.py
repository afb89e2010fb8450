"""F1: the manual opens beside the window, its pages hang together, and what it shows is what a new user sees."""
from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import places
from gridapp.store.keys import QUICK
from gridapp.ui.manual import Manual
from gridapp.ui.window import Window

FOLDER = places.resources("manual")
PAGES = sorted(FOLDER.glob("*.md"))


def test_f1_opens_it_beside_the_window_and_esc_puts_it_away(window: Window, qtbot: Any) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    manual = window.manual
    assert isinstance(manual, Manual) and manual.isVisible() and manual.isWindow()
    assert "网格支部 使用手册" in manual.text.toPlainText()
    qtbot.waitUntil(manual.isActiveWindow)
    qtbot.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()
    window.main.status.help.click()
    assert window.manual is manual and manual.isVisible()


def test_it_closes_with_the_window(town: Path, qtbot: Any) -> None:
    made = Window(town)
    made.help()
    assert made.manual and made.manual.isVisible()
    made.close()
    assert not made.manual.isVisible()


@pytest.fixture
def manual(dressed: Any, qtbot: Any) -> Iterator[Manual]:
    """The manual alone."""
    parent = QLabel()
    qtbot.addWidget(parent)
    yield Manual(parent)


def test_one_turns_pages_and_comes_back(manual: Manual) -> None:
    assert not manual.before.isEnabled()
    next(each for each in manual.findChildren(QPushButton) if each.text() == "快捷键").click()
    assert "Ctrl+K" in manual.text.toPlainText() and manual.before.isEnabled()
    manual.turn(QUrl("safe.md"))
    manual.before.click()
    assert "Ctrl+K" in manual.text.toPlainText()


def test_pictures_are_no_wider_than_the_window(manual: Manual, qtbot: Any) -> None:
    manual.resize(700, 600)
    manual.show()
    manual.turn(QUrl("start.md"))
    qtbot.waitUntil(lambda: manual.text.verticalScrollBar().maximum() > 2000)
    assert manual.text.horizontalScrollBar().maximum() == 0


def test_what_is_not_ours_opens_outside(manual: Manual, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", asked.append)
    manual.turn(QUrl("https://example.invalid/index.md"))
    assert asked == [QUrl("https://example.invalid/index.md")] and "使用手册" in manual.text.toPlainText()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_link_and_picture_is_there(page: Path) -> None:
    wanted = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    assert all((FOLDER / name).is_file() for name in wanted)


def test_no_page_is_lost_and_no_picture_too_large() -> None:
    told = {name for page in PAGES for name in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))}
    assert {path.name for path in FOLDER.iterdir() if path.suffix in (".md", ".png")} == told
    for picture in FOLDER.glob("*.png"):
        image = QImage(str(picture))
        assert 0 < image.width() <= 900 and picture.stat().st_size < 80_000


def test_every_key_of_the_sheet_is_one_of_the_programs() -> None:
    source = "".join(path.read_text("utf-8") for path in (places.beside("gridapp", "ui")).glob("*.py"))
    keys = re.findall(r"\*\*([^*]+)\*\*", (FOLDER / "keys.md").read_text("utf-8"))
    spelled = {"Alt+←": "Alt+Left", "Ctrl+Enter": "Ctrl+Return", "Ctrl+C": "StandardKey.Copy", "Ctrl+1": "Ctrl+{number}", "Ctrl+2": "Ctrl+{number}"}
    handled = {"Enter": "Key_Return", "F2": "Key_F2", "Delete": "Key_Delete"}
    assert len(keys) > 15
    assert [key for key in keys if (spelled | handled).get(key, f'"{key}"') not in source] == []


def test_the_first_five_minutes_lead_to_a_visit(tmp_path: Path, dressed: Any, qtbot: Any) -> None:
    """The way start.md tells, walked as its pictures are made."""
    found = importlib.util.spec_from_file_location("make_pictures", FOLDER / "make_pictures.py")
    assert found and found.loader
    pictures: Any = importlib.util.module_from_spec(found)
    found.loader.exec_module(pictures)
    seen: list[str] = []
    made = pictures.make(tmp_path, QUICK, lambda shown: seen.append(" ".join(each.text() for each in shown.findChildren(QLabel) if each.isVisible())))
    assert {path.name for path in made} == {path.name for path in FOLDER.glob("*.png")}
    assert ["先认识一下" in seen[0], "收好恢复码" in seen[1], "从哪里开始" in seen[2]] == [True] * 3
    assert "将新增 406 行" in seen[3] and "记走访" in seen[4] and "走访记好了" in seen[5]
