"""The recovery code: shown large, printed or saved, and its last group typed back before one goes on."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, faulty, label, row

ADVICE = "忘记密码时，只有这个恢复码能打开数据。请打印出来，和电脑分开放在安全的地方；程序里不保存它，以后也不会再显示。"


def paper(code: str, grid_name: str, date: str) -> str:
    """The text of the sheet to keep."""
    return f"网格支部 恢复码\n\n网格：{grid_name}\n日期：{date}\n\n{code}\n\n{ADVICE}\n收存人签字：____________\n"


class RecoveryPage(QWidget):
    """matched(bool) tells whether the last group has been typed back."""

    def __init__(self, seat: Seat, matched: Callable[[bool], object]) -> None:
        super().__init__()
        self.seat, self._matched = seat, matched
        self.code, self.grid_name, self.date = "", "", ""
        self.shown = [label("", "code", selectable=True) for _ in range(2)]
        for each in self.shown:
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.said = label("", "hint", wrap=True)
        self.typed = QLineEdit()
        self.typed.setMinimumHeight(42)
        self.typed.setMaximumWidth(200)
        self.typed.setMaxLength(8)
        self.typed.setAccessibleName("恢复码最后四位")
        self.typed.textEdited.connect(lambda _: self._compare())
        ask = label("请照着抄下来的恢复码，输入最后四位：")
        ask.setBuddy(self.typed)
        box = card(*self.shown, gap=8, margins=(16, 18, 16, 18))
        self.setLayout(
            column(
                label(ADVICE, "sub", wrap=True), box, row(button("打印", then=self.print_it), button("保存为文件", then=self.save), self.said, None),
                row(ask, self.typed, None), None, gap=12,
            )
        )

    def show_code(self, code: str, grid_name: str, date: str) -> None:
        """The code just made."""
        self.code, self.grid_name, self.date = code, grid_name, date
        groups = code.split("-")
        half = (len(groups) + 1) // 2
        for each, part in zip(self.shown, (groups[:half], groups[half:]), strict=True):
            each.setText("-".join(part))
            each.setAccessibleName(f"恢复码：{each.text()}")
        self.said.clear()
        self.typed.clear()
        self._compare()
        self.typed.setFocus()

    @property
    def matches(self) -> bool:
        """Whether the last group was typed."""
        return bool(self.code) and self.typed.text().strip().upper() == self.code.rsplit("-", 1)[-1]

    def _compare(self) -> None:
        typed = self.typed.text().strip()
        wrong = len(typed) >= 4 and not self.matches
        if wrong:
            self.said.setText("和最后四位对不上，请再核对一次。")
        elif self.matches:
            self.said.setText("对上了。")
        faulty(self.typed, wrong, self.said.text() if wrong else "")
        self._matched(self.matches)

    def save(self) -> None:
        """Into a text file the user names."""
        path = choosing.save_as(self, self.seat, "保存恢复码", "恢复码.txt", "文本文件 (*.txt)", "recovery")
        if path:
            self.write(path)

    def write(self, path: Path) -> None:
        """The sheet as text."""
        try:
            path.write_text(paper(self.code, self.grid_name, self.date), encoding="utf-8-sig")
        except OSError:
            self.said.setText("没有写成：那里写不进去。请换一个位置，或者打印。")
            return
        self.said.setText(f"已保存为 {path.name}。请移到 U 盘上，不要和数据放在一起。")

    def print_it(self) -> None:
        """Through the system's print dialog."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印恢复码")
        if dialog.exec():
            self.print_on(printer)
            self.said.setText("已送去打印。请确认纸上的字清楚。")

    def print_on(self, printer: object) -> None:
        """Draw the sheet on a printer (or a PDF)."""
        from PySide6.QtGui import QFont, QTextDocument

        document = QTextDocument()
        document.setDefaultFont(QFont(self.font().family(), 16))
        document.setPlainText(paper(self.code, self.grid_name, self.date))
        document.print_(printer)  # type: ignore[arg-type]
