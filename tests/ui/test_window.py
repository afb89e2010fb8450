"""The window around the pages: start, unlock, pages, search, status, lock, idle, size of type, crash box."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

from gridapp import crash
from gridapp.ui import theme
from gridapp.ui.pages import BELONGS, BY_KEY, PAGES
from gridapp.ui.search import SearchBox
from gridapp.ui.window import Window

START = """
import json, sys, time
from pathlib import Path
from gridapp.ui.app import application
from gridapp.ui.window import Window
app = application()
window = Window(Path(sys.argv[1]))
window.open()
shown = window.isVisible()
app.processEvents()
at_show = [name for name in ("openpyxl", "sqlmodel", "sqlalchemy", "pypinyin", "xlsxwriter", "rapidfuzz", "python_calamine") if name in sys.modules]
"""


def started(code: str, *args: str) -> str:
    """Run Python in a process of its own, offscreen; what it prints."""
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, encoding="utf-8", timeout=120, env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_window_shows_before_anything_costly_is_imported(tmp_path):
    code = START.replace("app.processEvents()\n", "") + "print(json.dumps([shown, at_show]))\nwindow.close()"
    assert json.loads(started(code, str(tmp_path / "none"))) == [True, []]


def test_no_name_from_qt_or_the_store_is_needed_to_reach_the_command_line(tmp_path):
    code = "import sys, gridapp.__main__\nprint([name for name in ('PySide6', 'sqlmodel', 'typer') if name in sys.modules])"
    assert started(code).strip() == "[]"


def test_a_second_start_on_the_same_folder_calls_the_first_window_up(qtbot, tmp_path):
    from gridapp.ui import alone

    window = Window(tmp_path / "data")
    window.show()
    server = alone.answer(tmp_path / "data", window)
    assert server.isListening()
    window.hide()
    code = "import sys; from pathlib import Path; from gridapp.ui import alone; print(alone.called_up(Path(sys.argv[1])))"
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "data")], stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20000)
    assert process.communicate()[0].strip() == "True"
    qtbot.waitUntil(window.isVisible)
    assert not alone.called_up(tmp_path / "other")
    window.close()


@pytest.mark.parametrize("page", [page.key for page in PAGES])
def test_every_page_opens_is_marked_in_the_rail_and_fits_the_window(qtbot, window, rest, page):
    window.go(page)
    rest(window.seat)
    assert window.main.current == page
    marked = [key for key, each in window.main.rail._buttons.items() if each.isChecked()]
    assert marked == [BELONGS.get(page, page)]
    assert window.main.page.minimumSizeHint().width() <= window.main.stack.width()
    assert window.minimumSizeHint().height() <= 768


def test_what_is_shown_of_people_is_masked(window, rest):
    for page in ("today", "household", "resident", "member", "visit", "request"):
        window.go(page)
        rest(window.seat)
        shown = " ".join(each.text() for each in window.main.page.findChildren(QLabel))
        table = getattr(window.main.page, "table", None)
        shown += " ".join(cell for row in (table.listing_model.rows if table else []) for cell in row.cells)
        assert not any(name in shown for name in ("李秀英", "张国强", "王建平", "陈志远")), page


def test_today_lists_what_is_due_and_leads_there(window, rest, find_child):
    page = window.main.page
    assert any("复核 李秀*" in each.accessibleName() for each in page.findChildren(QLabel))
    go = next(each for each in page.findChildren(QPushButton) if each.accessibleName().startswith("去办：楼道灯"))
    go.click()
    rest(window.seat)
    assert window.main.current == "request" and window.main.page.table.chosen


def test_the_search_box_finds_by_initials_and_enter_opens(qtbot, window, rest):
    box = window.findChild(SearchBox)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    box.setText("lxy")
    box._look()
    rest(window.seat)
    assert box.box.isVisible() and box.hits.item(0).text() == "居民"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    rest(window.seat)
    assert window.main.current == "resident" and not box.box.isVisible()
    box.setText("没有这个人啊")
    box._look()
    rest(window.seat)
    assert "没有找到" in box.hits.item(0).text()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == "" and not box.box.isVisible()


def test_what_is_typed_after_the_visit_button_names_the_household(qtbot, window, rest, find_child):
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.mouseClick(find_child(window, QPushButton, "＋ 记走访"), Qt.MouseButton.LeftButton)
    rest(window.seat)
    assert window.main.current == "visit_entry"
    qtbot.keyClicks(QApplication.focusWidget(), "3-1")
    assert window.main.page.picker.line.text() == "3-1"


def test_the_status_line_names_the_grid_and_the_sample(window):
    status = window.main.status
    assert status.grid.text() == "3号网格 · 示例数据"
    assert status.waiting.text().startswith("未确认") and status.backup.text() == "还没有备份"


def test_locking_closes_the_store_and_leaves_nothing_on_screen(qtbot, window, rest):
    window.go("household")
    rest(window.seat)
    window.say("李秀兰家的走访记好了。", "撤销", lambda: None)
    window.lock()
    qtbot.waitUntil(lambda: not window.seat.store.busy)
    assert window.seat.desk is None and window.main is None
    qtbot.waitUntil(lambda: type(window.stack.currentWidget()).__name__ == "Unlock")
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete
    assert not any("李秀" in each.text() for each in window.findChildren(QLabel))


def test_idle_locks_unless_work_is_under_way(qtbot, window):
    from gridapp.ui.idle import Idle

    said, busy = [], [True]
    idle = Idle(window.windowHandle(), lambda: said.append("warned"), lambda: said.append("locked"), lambda: busy[0], minutes=0.002)
    qtbot.waitUntil(lambda: "warned" in said)
    qtbot.wait(200)
    assert "locked" not in said
    busy[0] = False
    qtbot.waitUntil(lambda: "locked" in said)
    idle.stop()


def test_larger_type_is_remembered_and_still_fits(window, rest):
    window.enlarge(2)
    assert QApplication.font().pointSize() == theme.NORMAL + 2
    assert int(window.seat.settings.value("points")) == theme.NORMAL + 2
    rest(window.seat)


def test_undo_from_the_keyboard_takes_back_the_newest_step(qtbot, window, rest):
    window.main._undo()
    rest(window.seat)
    assert window._toast.text.startswith("已撤销")


def test_a_notice_stays_until_it_is_put_away_and_goes_with_the_page(window, rest, find_child):
    window.warn("磁盘已满。请清理后再试。")
    assert window.notice.isVisible() and window.notice.text == "磁盘已满。请清理后再试。"
    find_child(window.notice, QPushButton, "知道了").click()
    assert not window.notice.isVisible()
    window.warn("磁盘已满。请清理后再试。")
    window.go("member")
    assert not window.notice.isVisible()
    rest(window.seat)


def test_a_bug_shows_one_box_and_leaves_no_personal_data_in_the_log(qtbot, window, town):
    def wrong():
        raise ValueError("李秀英 16100000000")

    del window.seat.bug
    window.seat.ask(wrong)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)))
    box = window.findChildren(QMessageBox)[0]
    assert "没有做完" in box.text()
    log = Path(town, "logs", "crash.log").read_text("utf-8")
    assert "ValueError" in log and "李秀英" not in log and "161" not in log
    next(each for each in box.buttons() if each.text() == "复制说明").click()
    assert crash.report("ValueError")[:8] in QApplication.clipboard().text()
    box.close()


def test_geometry_is_remembered(qtbot, window, town):
    window.resize(790, 690)
    window.close()
    again = Window(town)
    assert again.size().width() == 790
    again.close()


def test_every_page_named_is_there():
    assert set(BELONGS) <= set(BY_KEY) and set(BELONGS.values()) <= {page.key for page in PAGES if page.name}


def test_pictures_of_every_page(qtbot, town, tmp_path):
    from gridapp.ui.shots import screenshots

    made = screenshots(town, "synthetic-pass-1", tmp_path / "out", themes=("light",))
    assert {path.name for path in made} >= {f"{page.key}-light.png" for page in PAGES} | {"wizard-light.png", "unlock-light.png"}
    assert all(path.stat().st_size > 5000 for path in made)
