"""One window to a data folder, what a double-click on a bundle does, and a folder nothing can be written into."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from gridapp import places
from gridapp.ui import alone, app
from gridapp.ui.window import Window


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The bundles the exchange page was given."""
    from gridapp.ui.exchange_page import GridPanel

    given: list[Any] = []
    monkeypatch.setattr(GridPanel, "take", lambda self, paths: given.extend(paths))
    return given


def test_nobody_answers_where_no_window_stands(qapp: Any, tmp_path: Path) -> None:
    assert not alone.called_up(tmp_path)


def test_a_second_start_brings_the_window_up_and_hands_it_the_bundle(window: Window, qtbot: Any, taken: list[Any]) -> None:
    alone.answer(window.seat.folder, window)
    window.hide()
    assert alone.called_up(window.seat.folder)
    qtbot.waitUntil(window.isVisible)
    assert alone.called_up(window.seat.folder, Path("回执.gbx"))
    qtbot.waitUntil(lambda: bool(taken))
    assert taken == [Path("回执.gbx").absolute()] and window.main and window.main.current == "exchange"


def test_a_bundle_waits_for_the_password(qtbot: Any, town: Path, taken: list[Any], rest: Any) -> None:
    from gridapp import desk

    made = Window(town)
    made.hand(Path("回执.gbx"))
    assert not taken
    made.show()
    opened: list[Any] = []
    made.seat.ask(lambda: desk.open_desk(town, "synthetic-pass-1"), opened.append)
    qtbot.waitUntil(lambda: bool(opened))
    made.sit(opened[0])
    rest(made.seat)
    made.close()
    assert taken == [Path("回执.gbx")]


def test_a_read_only_stick_is_told_and_nothing_opens(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    in_the_way = tmp_path / "数据"
    in_the_way.write_text("a file where the folder should be")
    assert not places.writable(in_the_way) and places.writable(tmp_path / "new")
    assert app.run(in_the_way) == 1
    assert "写保护" in told[0]
