"""What the grid's and the centre's exchange pages share: the six words, sizes, what became of a step, what to say of a slow stick."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gridapp.records import BY_NAME
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, holding, label, row, tag

SLOW_STICK = "U 盘还没有反应，请先不要拔。可以再等一会儿，也可以取消；取消不会丢任何改动。"
EVERYTHING = frozenset(BY_NAME)


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1024:.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"


def words_line(words: str = "") -> QLabel:
    """The six check words, large, one space between."""
    made = label(words, "code", wrap=True, selectable=True)
    made.setAccessibleName(f"六个核对词：{words}")
    return made


def three_and_three(words: str) -> str:
    """Six words on two lines."""
    each = words.split()
    return " ".join(each[:3]) + "\n" + " ".join(each[3:])


class Results(QFrame):
    """What became of the last step: sentences with a tag each, and where the files are."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.lines = QVBoxLayout()
        self.lines.setSpacing(8)
        self.folder: Path | None = None
        self.look = button("打开所在文件夹", then=self._look)
        self.setLayout(column(label("结果", "section"), self.lines, row(self.look, None), gap=10))
        self.layout().setContentsMargins(20, 16, 20, 16)
        self.hide()

    def put(self, lines: list[tuple[bool, str]], folder: Path | None = None) -> None:
        """(went well, sentence) each; folder: where what was written stands."""
        clear(self.lines)
        for ok, text in lines:
            words = label(text, wrap=True, selectable=True)
            made = row(tag("完成" if ok else "没有收进", "good" if ok else "late"), words, gap=12)
            made.setStretch(1, 1)
            self.lines.addWidget(holding(made))
        self.folder = folder
        self.look.setVisible(folder is not None)
        self.show()

    def _look(self) -> None:
        if self.folder:
            choosing.show_in_system(self.seat, self.folder)


def step_card(number: str, title: str, text: str, *parts: Any) -> QFrame:
    """One step in words: its number, what it is, what to do."""
    return card(row(tag(number, "plain"), label(title, "section"), None), label(text, "sub", wrap=True), *parts, gap=8)


def in_columns(*parts: QWidget) -> QWidget:
    """Cards side by side, equally wide, at the top."""
    body = row(*(holding(column(part, None)) for part in parts), gap=14)
    for at in range(len(parts)):
        body.setStretch(at, 1)
    return holding(body)
