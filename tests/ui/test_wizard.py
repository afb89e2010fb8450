"""The first run, step by step, on a real store."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk
from gridapp.desk.sample import ledgers
from gridapp.store import keys
from gridapp.ui import choosing, sample
from gridapp.ui.recovery_page import paper
from gridapp.ui.seat import Seat
from gridapp.ui.window import Window
from gridapp.ui.wizard import BACKUP, BEGIN, CODE, NAMES, WORD, Wizard

Rest = Callable[[Seat], None]
PASSWORD = "lan tian bai yun 8"


@pytest.fixture
def empty_window(tmp_path: Path, qtbot: Any, rest: Rest) -> Iterator[Window]:
    """A window on a folder without a store, standing at the first step; the store's key is cheap."""
    made = Window(tmp_path / "data")
    made.resize(1366, 768)
    made.show()
    made.show_gate(Wizard(made.seat, keys.QUICK))
    rest(made.seat)
    yield made
    made.close()
    made.deleteLater()


def wizard_of(window: Window) -> Wizard:
    found = window.stack.currentWidget()
    assert isinstance(found, Wizard)
    return found


def to_code(wizard: Wizard, rest: Rest) -> str:
    """Through the first two steps; gives the recovery code."""
    wizard.names.grid.setText("幸福社区第三网格")
    wizard.names.who.setText("王建国")
    wizard.forward()
    wizard.word.first.line.setText(PASSWORD)
    wizard.word.second.line.setText(PASSWORD)
    wizard.forward()
    rest(wizard.seat)
    assert wizard.step == CODE
    return wizard.code.code


def past_code(wizard: Wizard) -> None:
    wizard.code.typed.setText(wizard.code.code[-4:].lower())
    wizard.code.typed.textEdited.emit("")
    wizard.forward()
    assert wizard.step == BEGIN


def test_a_name_is_asked_for(empty_window: Window) -> None:
    wizard = wizard_of(empty_window)
    wizard.forward()
    assert wizard.step == NAMES
    assert wizard.names.fault.isVisible()
    assert "网格名称" in wizard.names.fault.text()
    wizard.names.for_office.setChecked(True)
    wizard.forward()
    assert "中心名称" in wizard.names.fault.text()


@pytest.mark.parametrize(("first", "second", "where"), [("short", "short", "first"), (PASSWORD, "other", "second")])
def test_a_poor_password_goes_no_further(empty_window: Window, first: str, second: str, where: str) -> None:
    wizard = wizard_of(empty_window)
    wizard.names.grid.setText("三号网格")
    wizard.forward()
    wizard.word.first.line.setText(first)
    wizard.word.second.line.setText(second)
    wizard.forward()
    assert wizard.step == WORD
    assert getattr(wizard.word, where).fault.isVisible()
    assert not desk.exists(empty_window.seat.folder)


def test_the_code_must_be_typed_back(empty_window: Window, rest: Rest, tmp_path: Path) -> None:
    wizard = wizard_of(empty_window)
    code = to_code(wizard, rest)
    assert not wizard.next.isEnabled()
    wizard.forward()
    assert wizard.step == CODE
    wizard.code.typed.setText("0000")
    wizard.code.typed.textEdited.emit("0000")
    assert "对不上" in wizard.code.said.text()
    wizard.code.write(tmp_path / "code.txt")
    assert code in (tmp_path / "code.txt").read_text("utf-8-sig")
    assert PASSWORD not in wizard.word.first.text
    past_code(wizard)
    assert not wizard.back.isVisible()


def test_the_printed_sheet_has_the_code(empty_window: Window, rest: Rest, tmp_path: Path) -> None:
    from PySide6.QtPrintSupport import QPrinter

    wizard = wizard_of(empty_window)
    code = to_code(wizard, rest)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "code.pdf"))
    wizard.code.print_on(printer)
    assert (tmp_path / "code.pdf").read_bytes().startswith(b"%PDF")
    assert code in paper(code, "三号网格", "2026-11-21")


def test_all_five_steps_end_in_the_window(empty_window: Window, rest: Rest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(choosing, "folder", lambda *_: stick)
    wizard = wizard_of(empty_window)
    code = to_code(wizard, rest)
    past_code(wizard)
    wizard.begin.use([ledgers("grid1")[0]])
    wizard.forward()
    assert wizard.step == BACKUP
    wizard.backup.pick()
    wizard.forward()
    rest(empty_window.seat)
    main = empty_window.main
    assert main is not None
    assert main.current == "intake"
    assert main.page.preview.counts["new"] > 100
    assert len(list(stick.glob("*.gbk"))) == 1
    empty_window.lock()
    rest(empty_window.seat)
    again = desk.open_desk(empty_window.seat.folder, code)
    assert (again.grid_name, again.who, again.role) == ("幸福社区第三网格", "王建国", "grid")
    again.close()


def test_without_a_file_the_import_step_says_so(empty_window: Window, rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "files", lambda *_: [])
    wizard = wizard_of(empty_window)
    to_code(wizard, rest)
    past_code(wizard)
    wizard.forward()
    assert wizard.step == BEGIN
    assert "还没有选择文件" in wizard.note.text()


def test_a_second_store_is_refused_in_words(empty_window: Window, rest: Rest) -> None:
    made, _ = desk.init(empty_window.seat.folder, PASSWORD, grid_name="别的网格", cost=keys.QUICK)
    made.close()
    wizard = wizard_of(empty_window)
    wizard.names.grid.setText("三号网格")
    wizard.forward()
    wizard.word.first.line.setText(PASSWORD)
    wizard.word.second.line.setText(PASSWORD)
    wizard.forward()
    rest(wizard.seat)
    assert wizard.step == WORD
    assert wizard.note.text().endswith("。")
    assert wizard.next.isEnabled()


def test_sample_data_stand_apart_and_go_with_one_click(empty_window: Window, rest: Rest, find_child: Any, qtbot: Any) -> None:
    from gridapp.ui.sample_banner import SampleBanner

    folder = empty_window.seat.folder
    wizard_of(empty_window).show_sample()
    rest(empty_window.seat)
    assert empty_window.main is not None
    assert empty_window.seat.desk.is_sample
    assert empty_window.seat.desk.folder == sample.folder_in(folder)
    assert not desk.exists(folder)
    assert len(desk.listing(empty_window.seat.desk, "household").rows) > 300
    banner = empty_window.main.findChild(SampleBanner)
    assert banner is not None
    banner.remove.click()
    rest(empty_window.seat)
    qtbot.waitUntil(lambda: isinstance(empty_window.stack.currentWidget(), Wizard))
    rest(empty_window.seat)
    assert not sample.folder_in(folder).exists()


def test_a_half_made_sample_does_not_count(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample.open_sample(tmp_path, stop, keys.QUICK)
    assert not sample.there(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_back_from_a_backup(empty_window: Window, rest: Rest, town: Path, tmp_path: Path) -> None:
    from gridapp.ui.gate_card import RestorePanel

    seat = empty_window.seat
    old = desk.open_desk(town, "synthetic-pass-1")
    kept = desk.back_up(old, tmp_path / "old.gbk")
    old.close()
    seat.folder = tmp_path / "fresh"
    panel = empty_window.findChild(RestorePanel)
    assert isinstance(panel, RestorePanel)
    panel.use(kept)
    panel.secret.line.setText("wrong")
    panel.go()
    rest(seat)
    assert "密码不对" in panel.secret.fault.text()
    assert not desk.exists(seat.folder)
    panel.secret.line.setText("synthetic-pass-1")
    panel.go()
    rest(seat)
    assert empty_window.main is not None
    assert seat.desk.grid_name == "3号网格"
