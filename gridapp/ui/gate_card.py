"""What the pages before the window share: a narrow card in the middle of the ground, a password line, and getting a store back from a backup."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Part, button, card, column, faulty, label, row

WIDTH = 620


def centred(inside: QWidget) -> QVBoxLayout:
    """inside, at most WIDTH wide, in the middle; the program's name above it."""
    brand = label("网格支部", "title")
    inside.setFixedWidth(WIDTH)
    box = column(None, gap=14)
    box.setContentsMargins(24, 16, 24, 16)
    box.addWidget(brand, 0, Qt.AlignmentFlag.AlignHCenter)
    box.addWidget(inside, 0, Qt.AlignmentFlag.AlignHCenter)
    box.addStretch()
    box.addStretch()
    return box


def gate_card(*parts: Part) -> QFrame:
    """Paper with wide margins."""
    return card(*parts, gap=10, margins=(36, 28, 36, 28))


class SecretLine(QWidget):
    """A line for a password, with 显示 beside it."""

    def __init__(self, name: str, entered: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setMinimumHeight(42)
        self.line.setMaxLength(200)
        self.line.setAccessibleName(name)
        hint = Qt.InputMethodHint
        self.line.setInputMethodHints(hint.ImhSensitiveData | hint.ImhNoPredictiveText | hint.ImhNoAutoUppercase)
        self.show_it = button("显示", "link", self._turn, name=f"显示{name}")
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.setLayout(column(row(self.line, self.show_it, gap=6), self.fault, gap=4))
        self.setFocusProxy(self.line)
        if entered:
            self.line.returnPressed.connect(entered)

    @property
    def text(self) -> str:
        return self.line.text()

    def say(self, text: str) -> None:
        """What is wrong, under the line."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.line, bool(text), text)

    def reveal(self, shown: bool) -> None:
        """Show or hide what is typed."""
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self.show_it.setText("隐藏" if shown else "显示")

    def _turn(self) -> None:
        self.reveal(self.line.echoMode() == QLineEdit.EchoMode.Password)


class RestorePanel(QWidget):
    """从备份恢复: a backup file and its password or recovery code; opened(desk) when it is in place and open."""

    def __init__(self, seat: Seat, opened: Callable[[Any], object], back: Callable[[], object]) -> None:
        super().__init__()
        self.seat, self._opened = seat, opened
        self.file: Path | None = None
        self.name = label("还没有选择备份文件。", "sub", wrap=True)
        self.secret = SecretLine("备份的密码或恢复码", self.go)
        self.start = button("恢复", "primary", self.go)
        self.start.setEnabled(False)
        words = "选一个备份文件（名字以 .gbk 结尾，可以在 U 盘上），再输入备份时的密码；忘了密码就输入打印的恢复码。"
        caution = "这台电脑上如果已有数据，会原样移到旁边的文件夹里留着，不会删掉。"
        self.setLayout(
            column(
                label("从备份恢复", "title"), label(words, "sub", wrap=True),
                row(button("选择备份文件", "plain", self.pick), self.name, None),
                label("密码或恢复码", "small"), self.secret, label(caution, "sub", wrap=True), None,
                row(button("返回", "plain", back), None, self.start), gap=12,
            )
        )

    def pick(self) -> None:
        """Ask for the file."""
        if path := choosing.file(self, self.seat, "选择备份文件", choosing.BACKUPS, "backups"):
            self.use(path)

    def use(self, path: Path) -> None:
        """Restore from this file when asked to."""
        self.file = path
        self.name.setText(path.name)
        self.start.setEnabled(True)
        self.secret.setFocus()

    def go(self) -> None:
        """Restore, then open."""
        if self.file is None or not self.start.isEnabled():
            return
        if not self.secret.text:
            self.secret.say("还没有输入密码。请输入备份时的密码，或打印的恢复码。")
            return
        folder, file, secret = self.seat.folder, self.file, self.secret.text
        self.start.setEnabled(False)
        self.secret.say("")
        job = self.seat.work(lambda step: restored(folder, file, secret), self._opened, text="正在恢复备份……", failed=self._failed, parent=self)
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _failed(self, trouble: Any) -> None:
        self.secret.say(trouble.text)


def restored(folder: Path, file: Path, secret: str) -> Any:
    """The desk of a backup put in place. Raises Trouble, and the folder is then as it was."""
    desk.restore(folder, file, secret)
    return desk.open_desk(folder, secret)
