"""From a start to the first page, the way a person goes: first run, unlock, lock, unlock again; and the program as a process of its own."""
from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton

from gridapp.ui.window import Window

RUN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gridapp.ui import app
made = app.application()
def look():
    window = next((each for each in made.topLevelWidgets() if type(each).__name__ == "Window"), None)
    name = type(window.stack.currentWidget()).__name__ if window else ""
    if name in ("Wizard", "Unlock"):
        timer.stop()
        print(name, made.windowIcon().isNull(), made.applicationDisplayName())
        window.close()
timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
sys.exit(app.run(Path(sys.argv[1])))
"""


def current(window):
    return type(window.stack.currentWidget()).__name__


@pytest.fixture
def fresh(qtbot):
    """Make a window on a folder; closed at the end."""
    made = []

    def make(folder):
        made.append(Window(folder))
        made[-1].resize(1366, 768)
        made[-1].open()
        return made[-1]

    yield make
    for window in made:
        window.close()


def test_an_empty_folder_leads_to_the_first_run(qtbot, fresh, tmp_path):
    window = fresh(tmp_path / "none")
    assert window.isVisible()
    qtbot.waitUntil(lambda: current(window) == "Wizard", timeout=15000)


def test_a_store_leads_through_its_password_to_today_and_locks_again(qtbot, fresh, town, rest):
    window = fresh(town)
    qtbot.waitUntil(lambda: current(window) == "Unlock", timeout=15000)
    for _ in range(2):
        gate = window.stack.currentWidget()
        password = next(each for each in gate.findChildren(QLineEdit) if each.isVisible())
        password.setText("synthetic-pass-1")
        next(each for each in gate.findChildren(QPushButton) if each.text() == "打开" and each.isVisible()).click()
        qtbot.waitUntil(lambda: window.main is not None and window.main.current == "today", timeout=15000)
        rest(window.seat)
        assert window.windowTitle().startswith("3号网格")
        window.lock()
        qtbot.waitUntil(lambda: current(window) == "Unlock", timeout=15000)
        assert "3号网格" not in window.windowTitle()


@pytest.mark.parametrize("there", [False, True], ids=["first run", "unlock"])
def test_the_program_starts_shows_the_right_page_and_ends(town, tmp_path, there):
    folder = town if there else tmp_path / "none"
    done = subprocess.run([sys.executable, "-c", RUN, str(folder)], capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["Unlock" if there else "Wizard", "False", "网格支部"] and not done.stderr
