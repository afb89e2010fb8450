"""Small parts, and what must hold on every page: targets big enough, every input named, nothing below eleven points."""
from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTableView, QWidget

from gridapp import places
from gridapp.__main__ import settled, window_of
from gridapp.records import kinds
from gridapp.ui.editors import editor_for
from gridapp.ui.flow import Flow
from gridapp.ui.pages import PAGES
from gridapp.ui.toast import Toast
from gridapp.ui.widgets import Chips, Line, button

PAGE_KEYS = [page.key for page in PAGES]


def test_a_toast_offers_its_action_and_goes_after_ten_seconds(qtbot):
    parent, done = QWidget(), []
    qtbot.addWidget(parent)
    parent.resize(600, 300)
    toast = Toast(parent)
    parent.show()
    toast.say("走访已保存。", "撤销", lambda: done.append(True))
    assert toast.isVisible() and toast._timer.interval() == 10_000
    next(each for each in toast.findChildren(QPushButton) if each.text() == "撤销").click()
    assert done == [True] and not toast.isVisible()
    toast.say("已撤销。")
    assert not next(each for each in toast.findChildren(QPushButton) if each.text() == "").isVisible()
    toast._timer.timeout.emit()
    assert not toast.isVisible()


def test_a_long_toast_stays_inside_its_window(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(500, 400)
    toast = Toast(parent)
    parent.show()
    toast.say("这一批有几处后来又改过，没有动它们。" * 4, "撤销", lambda: None)
    assert parent.rect().contains(toast.geometry())


def test_chips_wrap_and_tell_their_choice(qtbot):
    chips = Chips()
    qtbot.addWidget(chips)
    chips.resize(220, 400)
    chips.show_chips([("all", "全部", 1412), ("service", "重点对象", 52), ("rented", "租住", None)], "all")
    chips.show()
    assert [each.text() for each in chips._buttons.values()] == ["全部 1,412", "重点对象 52", "租住"]
    assert isinstance(chips.layout(), Flow) and chips.layout().heightForWidth(220) > chips.layout().heightForWidth(900)
    with qtbot.waitSignal(chips.chosen) as heard:
        chips._buttons["service"].click()
    assert heard.args == ["service"] and chips._buttons["service"].isChecked() and not chips._buttons["all"].isChecked()


def test_a_line_is_cut_with_its_whole_text_at_hand(qtbot):
    line = Line("服务事项 WG-2026-001 · 3-1-101 · 3号网格承办", "sub")
    qtbot.addWidget(line)
    line.resize(90, 30)
    line.show()
    assert line.text().endswith("…") and line.toolTip() == line.whole() == line.accessibleName()
    line.resize(900, 30)
    assert line.text() == line.whole() and line.toolTip() == ""


def test_the_calendar_fills_its_line(qtbot):
    editor = editor_for(kinds.Date(1, "走访日期"))
    qtbot.addWidget(editor)
    editor.set_value("2026-03-05")
    editor.show()
    editor._open()
    calendar = editor.findChildren(QCalendarWidget)[0]
    assert calendar.selectedDate() == QDate(2026, 3, 5)
    calendar.clicked.emit(QDate(2026, 3, 9))
    assert editor.value() == "2026-03-09"


def test_a_button_is_named_and_high_enough(qtbot):
    made = button("显示", "link", name="显示李秀*的联系电话")
    qtbot.addWidget(made)
    assert made.accessibleName() == "显示李秀*的联系电话" and made.minimumHeight() >= 36


@pytest.mark.parametrize("page", PAGE_KEYS)
def test_what_can_be_hit_or_filled_is_big_enough_and_named(window, rest, page):
    window.go(page)
    rest(window.seat)
    inside = [each for each in window.findChildren(QWidget) if each.isVisible()]
    small = [each.text() for each in inside if isinstance(each, QPushButton) and each.height() < 36]
    assert not small
    inputs = [each for each in inside if isinstance(each, QLineEdit | QPlainTextEdit | QComboBox) and not isinstance(each.parent(), QComboBox)]
    assert all(each.accessibleName() for each in inputs), [type(each.parent()).__name__ for each in inputs if not each.accessibleName()]
    assert all(each.fontInfo().pointSizeF() >= 10.9 for each in inside if isinstance(each, QLabel) and each.text())


@pytest.mark.parametrize("page", PAGE_KEYS)
def test_no_word_is_cut(window, rest, page):
    window.go(page)
    rest(window.seat)
    cut = []
    for each in window.main.page.findChildren(QLabel):
        if not each.isVisible() or isinstance(each, Line) or not each.text() or not each.pixmap().isNull():
            continue
        wanted = each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height()
        if each.height() + 2 < wanted or (not each.wordWrap() and each.width() + 2 < each.sizeHint().width()):
            cut.append(each.text())
    cut += [each.text() for each in window.main.page.findChildren(QPushButton) if each.isVisible() and each.width() + 2 < each.sizeHint().width()]
    assert not cut


def test_the_detail_stands_beside_the_table_inside_the_window(window, rest):
    window.go("household")
    rest(window.seat)
    table = window.main.page.findChild(QTableView)
    right = window.main.page.side.mapTo(window, QPoint(window.main.page.side.width(), 0)).x()
    assert table.width() > 500 and right <= window.width()


def test_where_there_is_little_room_a_form_takes_all_of_it(window, rest):
    window.resize(911, 560)
    window.go("household")
    rest(window.seat)
    page = window.main.page
    page.edit("household", page.table.chosen)
    rest(window.seat)
    assert not page.table.isVisible() and page.side.width() > 600
    page.form.leave()
    rest(window.seat)
    assert page.table.isVisible() and page.side.width() < 400


def test_which_words_open_the_window(tmp_path):
    assert window_of([]) == (places.data_dir(), None)
    assert window_of(["--data", str(tmp_path)]) == (tmp_path, None)
    assert window_of(["U盘/收.GBX"]) == (places.data_dir(), Path("U盘/收.GBX"))
    assert window_of(["--data", str(tmp_path), "回执.gbx"]) == (tmp_path, Path("回执.gbx"))
    for words in (["--data", str(tmp_path), "today"], ["demo"], ["--help"], ["bundle", "take", "回执.gbx"], ["--data"]):
        assert window_of(words) is None


def test_portable_means_the_folder_beside_the_program():
    assert settled(["--portable", "today"]) == ["--data", str(places.beside("数据")), "today"]
    assert places.data_dir(portable=True) == places.beside("数据") != places.data_dir()
