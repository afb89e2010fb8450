"""What every export asks and tells: what it is for, masked or whole; and where the file is."""
from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, classed, column, faulty, label, row

PURPOSES = ("支部内部工作使用", "上报社区党委", "打印存档")
MASKED = "隐去一部分（默认）：姓名、电话只留能认出的部分，身份证号不完整显示。"
FULL = "全部显示（全号）：只在上级明确要求原件时使用；会记入“查看与导出记录”，请妥善保管文件。"


class Purpose(QWidget):
    """The purpose, without which nothing leaves the house, and whether it leaves whole."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setMinimumHeight(40)
        self.line.setMaxLength(100)
        self.line.setPlaceholderText("给谁、做什么用")
        self.line.setAccessibleName("用途")
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.masked, self.full = QRadioButton("隐去一部分"), QRadioButton("全号")
        self.masked.setChecked(True)
        self.shows = QButtonGroup(self)
        for each in (self.masked, self.full):
            self.shows.addButton(each)
        self.effect = label(MASKED, "sub", wrap=True)
        self.full.toggled.connect(self._switched)
        self.line.textChanged.connect(lambda _: self._say(""))
        asked = label("用途（必填）", "small")
        asked.setBuddy(self.line)
        quick = row(*(button(text, "link", partial(self.line.setText, text)) for text in PURPOSES), None, gap=0)
        shown = row(self.masked, self.full, None, gap=24)
        box = column(asked, self.line, self.fault, quick, label("显示方式", "small"), shown, self.effect, gap=8)
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)

    @property
    def text(self) -> str:
        return self.line.text().strip()

    @property
    def is_masked(self) -> bool:
        return self.masked.isChecked()

    def ready(self) -> bool:
        """Whether a purpose is given; says so where it is not."""
        if self.text:
            self._say("")
            return True
        self._say("还没有写用途。请写明给谁、做什么用，再导出。")
        self.line.setFocus()
        return False

    def _switched(self, full: bool) -> None:
        self.effect.setText(FULL if full else MASKED)
        classed(self.effect, "fault" if full else "sub")

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.line, bool(text), text)


class Written(QWidget):
    """Where the file is; hidden until there is one."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat, self.path = seat, Path()
        self.told = label("", wrap=True, selectable=True)
        buttons = row(button("打开", then=self.open), button("打开所在文件夹", then=self._open_folder), None)
        box = column(card(label("写好了", "section"), self.told, buttons, gap=8))
        box.setContentsMargins(0, 0, 0, 0)
        self.setLayout(box)
        self.hide()

    def tell(self, text: str, path: Path) -> None:
        """Show what was written."""
        self.path = path
        self.told.setText(f"{text}\n文件在：{path}")
        self.show()

    def open(self) -> None:
        choosing.show_in_system(self.seat, self.path)

    def _open_folder(self) -> None:
        choosing.show_in_system(self.seat, self.path.parent)
