"""台账: give out any ledger as a workbook, masked unless a purpose asks for full numbers; every export is logged."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QListWidget, QListWidgetItem, QRadioButton, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, classed, column, faulty, ground, holding, label, row, rule, scroll, shortcut

PURPOSES = ("支部内部工作使用", "上报社区党委", "打印存档")
WORKBOOK = "Excel 工作簿 (*.xlsx)"
MASKED = "隐去一部分（默认）：姓名、电话只留能认出的部分，身份证号不完整显示。"
FULL = "全部显示（全号）：只在上级明确要求原件时使用；会记入“查看与导出记录”，请妥善保管文件。"


class GivingPage(QWidget):
    """arrive(key=...) chooses a ledger."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.given: Any = None
        self.choices = desk.ledgers()
        self.list = QListWidget()
        self.list.setAccessibleName("台账")
        self.list.setWordWrap(True)
        self.title = label("", "section", wrap=True)
        self.purpose = QLineEdit()
        self.purpose.setMinimumHeight(40)
        self.purpose.setMaxLength(100)
        self.purpose.setPlaceholderText("这份台账给谁、做什么用")
        self.purpose.setAccessibleName("用途")
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.masked, self.full = QRadioButton("隐去一部分"), QRadioButton("全号")
        self.masked.setChecked(True)
        self.shows = QButtonGroup(self)
        for each in (self.masked, self.full):
            self.shows.addButton(each)
        self.effect = label(MASKED, "sub", wrap=True)
        self.full.toggled.connect(self._switched)
        self.purpose.textChanged.connect(lambda _: self._say(""))
        self.start = button("导出", "primary", self.ask_where, tip="Ctrl+S")
        self.done_text = label("", wrap=True, selectable=True)
        self.done = card(
            label("写好了", "section"), self.done_text,
            row(button("打开", then=self._open), button("打开所在文件夹", then=self._open_folder), None), gap=8,
        )
        self.done.hide()
        self._fill()
        self._lay_out()
        shortcut("Ctrl+S", self, self.ask_where)

    def _fill(self) -> None:
        for choice in self.choices:
            item = QListWidgetItem(choice.title)
            item.setData(Qt.ItemDataRole.UserRole, choice.key)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._chosen)
        self.list.setCurrentRow(0)

    def _lay_out(self) -> None:
        asked = label("用途（必填）", "small")
        asked.setBuddy(self.purpose)
        quick = row(*(button(text, "link", partial(self.purpose.setText, text)) for text in PURPOSES), None, gap=0)
        form = card(
            self.title, rule(), asked, self.purpose, self.fault, quick, label("显示方式", "small"),
            row(self.masked, self.full, None, gap=24), self.effect, row(None, self.start), gap=8,
        )
        left = card(label("标准台账和全部栏目", "section"), self.list, gap=10)
        left.setMinimumWidth(340)
        left.setMaximumWidth(420)
        body = row(left, scroll(holding(column(form, self.done, None, gap=14))), gap=14)
        body.setStretch(0, 1)
        body.setStretch(1, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        words = label("平时只记一次，要哪一种表就导出哪一种。", "sub")
        box.addLayout(row(label("台账", "title"), words, None))
        box.addLayout(body, 1)

    def arrive(self, key: str = "", **_: Any) -> None:
        """Choose a ledger: its key, or the record it lists."""
        keys = [choice.key for choice in self.choices]
        for wanted in (key, f"all-{key}"):
            if wanted in keys:
                self.list.setCurrentRow(keys.index(wanted))
                self.purpose.setFocus()
                return

    @property
    def choice(self) -> Any:
        """The ledger chosen."""
        return self.choices[max(self.list.currentRow(), 0)]

    def _chosen(self, _: int) -> None:
        kind = "标准台账，栏目和顺序按规定的样式，可以直接打印。" if self.choice.official else "这一类记录的全部栏目。"
        self.title.setText(f"{self.choice.title}：{kind}")
        self.done.hide()

    def _switched(self, full: bool) -> None:
        self.effect.setText(FULL if full else MASKED)
        classed(self.effect, "fault" if full else "sub")

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))
        faulty(self.purpose, bool(text), text)

    def ready(self) -> bool:
        """Whether a purpose is given; says so where it is not."""
        if self.purpose.text().strip():
            self._say("")
            return True
        self._say("还没有写用途。请写明这份台账给谁、做什么用，再导出。")
        self.purpose.setFocus()
        return False

    def ask_where(self) -> None:
        """Ask for the file's name and place, then write it."""
        if not self.start.isEnabled() or not self.ready():
            return
        name = f"{self.choice.title.removesuffix('（全部栏目）')}{self.seat.desk.today():%Y%m%d}.xlsx"
        if path := choosing.save_as(self, self.seat, "导出到", name, WORKBOOK, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the ledger chosen."""
        key, purpose, masked = self.choice.key, self.purpose.text().strip(), self.masked.isChecked()
        self.start.setEnabled(False)
        self.done.hide()
        job = self.seat.work(
            lambda step: desk.give_out(self.seat.desk, key, path, purpose=purpose, masked=masked, step=step),
            self._given, text=f"正在写“{path.name}”……",
        )
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _given(self, given: Any) -> None:
        self.given = given
        shown = "已隐去部分信息" if self.masked.isChecked() else "全号，请妥善保管"
        self.done_text.setText(f"{given.title}，{given.rows:,} 行，{shown}。\n文件在：{given.path}")
        self.done.show()
        self.masked.setChecked(True)
        self.seat.say(f"{given.title}写好了，共 {given.rows:,} 行。", "打开", self._open)

    def _open(self) -> None:
        choosing.show_in_system(self.seat, self.given.path)

    def _open_folder(self) -> None:
        choosing.show_in_system(self.seat, self.given.path.parent)
