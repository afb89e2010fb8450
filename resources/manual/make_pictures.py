"""The pictures of 头五分钟 (start.md): the way from the first start to the first visit, walked in the real window and photographed.

    python resources/manual/make_pictures.py     # writes start-1.png ... beside this file

Drawn off screen and small, in 256 colours: they ship with the program.
"""
from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt  # noqa: E402 - the platform must be named first
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from gridapp import places  # noqa: E402
from gridapp.ui.app import application  # noqa: E402
from gridapp.ui.shots import settle  # noqa: E402
from gridapp.ui.window import Window  # noqa: E402
from gridapp.ui.wizard import Wizard  # noqa: E402

HERE = Path(__file__).resolve().parent
SIZE, WIDTH = (1280, 760), 860  # pixels: the window, and the widest picture
TYPING = 600  # milliseconds until what was typed is looked up
PLAIN = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
PASSWORD = "lan tian bai yun 8"


def walk(window: Window, cost: Any = None) -> Iterator[QWidget]:
    """Go from the first step to the first visit kept; stops at each sight worth a picture with the widget that shows it."""
    window.show_gate(Wizard(window.seat, cost))
    wizard = window.stack.currentWidget()
    assert isinstance(wizard, Wizard)
    wizard.names.grid.setText("幸福社区第三网格")
    wizard.names.who.setText("王建国")
    yield _card(wizard)
    wizard.forward()
    for line in (wizard.word.first, wizard.word.second):
        line.line.setText(PASSWORD)
    wizard.forward()
    yield _card(wizard)
    wizard.code.typed.setText(wizard.code.code[-4:])
    wizard.code.typed.textEdited.emit("")
    wizard.forward()
    wizard.begin.use([places.resources("sample", "grid1", "住户台账.xlsx")])
    yield _card(wizard)
    wizard.forward()
    wizard.forward()
    yield window
    assert window.main
    intake: Any = window.main.page
    intake.take_in()
    settle(window)
    window.go("visit_entry")
    entry: Any = window.main.page
    entry.picker.line.setText("3-2-501")
    entry.picker.line.textEdited.emit("3-2-501")
    QTest.qWait(TYPING)
    settle(window)
    entry.picker.take_current()
    entry.visit["content"].editor.setPlainText("身体尚好，天冷了提醒关好门窗、注意用火安全。")
    yield window
    entry.keep()
    settle(window)
    window.go("visit")
    yield window


def _card(wizard: Wizard) -> QWidget:
    return wizard.stages.currentWidget()


def photograph(shown: QWidget) -> QImage:
    """What a widget shows, at most WIDTH pixels wide, in 256 colours."""
    image = shown.grab().toImage()
    if image.width() > WIDTH:
        image = image.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return image.convertToFormat(QImage.Format.Format_Indexed8, _commonest(image), PLAIN)


def _commonest(image: QImage) -> list[int]:
    """Its 256 commonest colours: a window has few, and shades of them at the edges of letters."""
    seen = Counter(memoryview(image.constBits()).cast("I"))
    return [colour for colour, _ in seen.most_common(256)]


def make(folder: Path, cost: Any = None, look: Callable[[QWidget], object] = bool) -> list[Path]:
    """Write the pictures; their paths. look: is shown each sight as well."""
    application()
    made = []
    with tempfile.TemporaryDirectory() as place:
        window = Window(Path(place, "data"), settings=Path(place, "window.ini"))
        window.seat.settings.setValue("theme", "light")
        window.redress()
        window.resize(*SIZE)
        window.show()
        for number, shown in enumerate(walk(window, cost), 1):
            settle(window)
            look(shown)
            made.append(folder / f"start-{number}.png")
            photograph(shown).save(str(made[-1]), "PNG", 0)
        window.close()
        QApplication.processEvents()
    return made


if __name__ == "__main__":
    for path in make(HERE):
        print(f"{path.name}：{path.stat().st_size / 1024:.0f} KB")
