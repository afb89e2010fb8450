"""台账: give out any ledger as a workbook, or fill the table somebody else sent; masked unless a purpose asks for more; every export is logged."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.filling_view import FillingView
from gridapp.ui.giving_parts import Purpose, Written
from gridapp.ui.print_menu import SHEETS, menu_button
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, ground, holding, label, row, rule, scroll, shortcut

WORKBOOK = "Excel 工作簿 (*.xlsx)"
TEMPLATES = "空表 (*.xlsx *.xls)"


class GivingPage(QWidget):
    """arrive(key=...) chooses a ledger; arrive(template=path) looks at a table to fill."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.choices = desk.ledgers()
        self.list = QListWidget()
        self.list.setAccessibleName("台账")
        self.list.setWordWrap(True)
        self.title = label("", "section", wrap=True)
        self.purpose, self.written = Purpose(), Written(seat)
        self.start = button("导出", "primary", self.ask_where, tip="Ctrl+S")
        self.filling = FillingView(seat)
        self.sides = QStackedWidget()
        self._fill()
        self._lay_out()
        shortcut("Ctrl+S", self, self.save)

    def _fill(self) -> None:
        for choice in self.choices:
            item = QListWidgetItem(choice.title)
            item.setData(Qt.ItemDataRole.UserRole, choice.key)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._chosen)
        self.list.itemClicked.connect(lambda _: self.sides.setCurrentIndex(0))
        self.list.setCurrentRow(0)

    def _lay_out(self) -> None:
        form = card(self.title, rule(), self.purpose, row(None, self.start), gap=8)
        self.sides.addWidget(scroll(holding(column(form, self.written, None, gap=14))))
        self.sides.addWidget(self.filling)
        theirs = label("上级另有格式的，把空表选进来，原来的样式、公式、盖章处都不动。", "sub", wrap=True)
        left = card(
            label("标准台账和全部栏目", "section"), self.list, rule(), label("填上级的表", "section"), theirs,
            row(button("选择空表…", then=self.pick), None), gap=10,
        )
        left.setMinimumWidth(340)
        left.setMaximumWidth(420)
        body = row(left, self.sides, gap=14)
        body.setStretch(0, 1)
        body.setStretch(1, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        words = label("平时只记一次，要哪一种表就导出哪一种。", "sub")
        box.addLayout(row(label("台账", "title"), words, None, menu_button(self.seat, SHEETS, text="打印单据")))
        box.addLayout(body, 1)

    def arrive(self, key: str = "", template: Path | None = None, **_: Any) -> None:
        """Choose a ledger: its key, or the record it lists; or look at a template."""
        if template:
            self.sides.setCurrentIndex(1)
            self.filling.look(template)
            return
        keys = [choice.key for choice in self.choices]
        for wanted in (key, f"all-{key}"):
            if wanted in keys:
                self.list.setCurrentRow(keys.index(wanted))
                self.sides.setCurrentIndex(0)
                self.purpose.line.setFocus()
                return

    @property
    def choice(self) -> Any:
        """The ledger chosen."""
        return self.choices[max(self.list.currentRow(), 0)]

    def _chosen(self, _: int) -> None:
        kind = "标准台账，栏目和顺序按规定的样式，可以直接打印。" if self.choice.official else "这一类记录的全部栏目。"
        self.title.setText(f"{self.choice.title}：{kind}")
        self.written.hide()
        self.sides.setCurrentIndex(0)

    def pick(self) -> None:
        """Ask for the table to fill."""
        if path := choosing.file(self, self.seat, "选择上级发来的空表", TEMPLATES, "templates"):
            self.arrive(template=path)

    def save(self) -> None:
        """What Ctrl+S means: write what is shown."""
        if self.sides.currentIndex():
            self.filling.ask_where()
        else:
            self.ask_where()

    def ask_where(self) -> None:
        """Ask for the file's name and place, then write it."""
        if not self.start.isEnabled() or not self.purpose.ready():
            return
        name = f"{self.choice.title.removesuffix('（全部栏目）')}{self.seat.desk.today():%Y%m%d}.xlsx"
        if path := choosing.save_as(self, self.seat, "导出到", name, WORKBOOK, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the ledger chosen."""
        key, asked = self.choice.key, self.purpose
        options: dict[str, Any] = {
            "purpose": asked.purpose, "aim": asked.text, "whole": asked.is_whole, "password": asked.password, "file_password": asked.file_password,
        }
        self.start.setEnabled(False)
        self.written.hide()
        job = self.seat.work(
            lambda step: desk.give_out(self.seat.desk, key, path, step=step, **options), partial(self._given, options), text=f"正在写“{path.name}”……",
        )
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _given(self, options: dict[str, Any], given: Any) -> None:
        shown = "全号，请妥善保管" if options["whole"] else f"按“{options['purpose'].title}”隐去部分信息"
        locked = "打开时要输文件的密码。" if options["file_password"] else ""
        self.written.tell(f"{given.title}，{given.rows:,} 行，{shown}。{locked}", given.path)
        self.purpose.calm()
        self.seat.say(f"{given.title}写好了，共 {given.rows:,} 行。", "打开", self.written.open)
