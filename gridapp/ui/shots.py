"""Pictures of every page, for the demonstration, the manual and the eye."""
from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import qInstallMessageHandler  # noqa: E402 - the platform must be named first
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402 - the platform must be named first

from gridapp.rules.reading import Trouble  # noqa: E402
from gridapp.ui.app import application, qt_says  # noqa: E402
from gridapp.ui.pages import PAGES  # noqa: E402
from gridapp.ui.poses import POSES, tidy  # noqa: E402
from gridapp.ui.window import Window  # noqa: E402

SIZE, PATIENCE, REST = (1366, 768), 60.0, 0.08  # pixels; seconds for the lanes to fall idle, and to settle after
TURNS = 8  # of the event loop, at least, after the lanes fell idle


def screenshots(desk_folder: Path, password: str, out_dir: Path, themes: Iterable[str] = ("light", "dark")) -> list[Path]:
    """Grab every page of a desk, the forms, the wizard and the unlock page, in each theme. Raises what opening the desk raises."""
    out_dir.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    application()
    before = qInstallMessageHandler(qt_says)
    try:
        for name in themes:
            made += _desk_pages(desk_folder, password, out_dir, name)
            made += _gates(desk_folder, out_dir, name)
    finally:
        qInstallMessageHandler(before)
    return made


def _desk_pages(folder: Path, password: str, out: Path, theme: str) -> list[Path]:
    from gridapp import desk

    with _Sitting(folder, theme) as window:
        opened: list[Any] = []
        troubles: list[Trouble] = []
        window.seat.ask(lambda: desk.open_desk(folder, password), opened.append, failed=troubles.append)
        settle(window)
        if troubles:
            raise troubles[0]
        window.sit(opened[0])
        made = []
        for page in PAGES:
            window.go(page.key)
            made.append(_grab(window, out / f"{page.key}-{theme}.png"))
            if page.module == "record_page" and page.key in ("household", "member"):
                made.append(_form(window, page.key, out / f"{page.key}-form-{theme}.png"))
        for name, pose in POSES if theme == "light" else ():
            pose(window)
            made.append(_grab(window, out / f"{name}-{theme}.png"))
        tidy(window)
        return made


def _form(window: Window, record: str, path: Path) -> Path:
    page: Any = window.main.page if window.main else None
    if page.table.chosen:
        page.edit(record, page.table.chosen)
    else:
        page.new()
    _grab(window, path)
    page.form.leave()
    return path


def _gates(folder: Path, out: Path, theme: str) -> list[Path]:
    from gridapp.ui.unlock import Unlock
    from gridapp.ui.wizard import Wizard

    with tempfile.TemporaryDirectory() as empty:
        return [_gate(Path(empty), Wizard, out / f"wizard-{theme}.png", theme), _gate(folder, Unlock, out / f"unlock-{theme}.png", theme)]


def _gate(folder: Path, gate: Callable[[Any], QWidget], path: Path, theme: str) -> Path:
    with _Sitting(folder, theme) as window:
        window.show_gate(gate(window.seat))
        return _grab(window, path)


class _Sitting:
    """A window for the pictures: its choices of theme and size are not kept."""

    def __init__(self, folder: Path, theme: str) -> None:
        self._place = tempfile.TemporaryDirectory()
        self.window = Window(folder, settings=Path(self._place.name, "window.ini"))
        self.window.seat.settings.setValue("theme", theme)
        self.window.redress()
        self.window.resize(*SIZE)

    def __enter__(self) -> Window:
        self.window.show()
        return self.window

    def __exit__(self, *_: object) -> None:
        self.window.close()
        self.window.deleteLater()
        self.window.seat.settings.sync()
        QApplication.processEvents()
        self._place.cleanup()


def _grab(window: Window, path: Path) -> Path:
    settle(window)
    window.grab().save(str(path))
    return path


def settle(window: Window) -> None:
    """Turn the event loop until both lanes are idle and the page is drawn. Raises Trouble when that takes too long."""
    end, idle_since, turns = time.monotonic() + PATIENCE, time.monotonic(), 0
    # A working lane, or a page being filled, can hold this loop up for longer than REST: being idle is asked for again at every turn, and a filled
    # page needs some more to lay itself out.
    while (busy := window.seat.store.busy or window.seat.files.busy) or time.monotonic() - idle_since < REST or turns < TURNS:
        QApplication.processEvents()
        now, turns = time.monotonic(), turns + 1
        if busy:
            idle_since, turns = now, 0
        if now > end:
            raise Trouble("页面一直没有画完，截图没有做成。请关闭其他程序后再试。", "slow")
        time.sleep(0.005)
