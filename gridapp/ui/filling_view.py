"""Filling the table somebody else sent: what was found in it, what it asks that is not kept, then the filled file."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFormLayout, QLineEdit, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.giving_parts import Purpose, Written
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, empty, holding, label, row, rule, scroll

WORKBOOK = "Excel 工作簿 (*.xlsx)"


class FillingView(QWidget):
    """look(path) reads a template; the rest follows from what it finds."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat, self.template = seat, Path()
        self.answers: dict[str, QLineEdit] = {}
        self.purpose, self.written = Purpose(), Written(seat)
        self.title = label("", "section", wrap=True)
        self.start = button("填好并保存", "primary", self.ask_where, tip="Ctrl+S")
        self.found = QVBoxLayout()
        self.found.setSpacing(8)
        form = card(self.title, holding(self.found), rule(), self.purpose, row(None, self.start), gap=10)
        self.page = scroll(holding(column(form, self.written, None, gap=14)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.page)

    def look(self, path: Path) -> None:
        """Read a template and show what it wants."""
        self.template = path
        self.written.hide()
        self.title.setText(f"正在看“{path.name}”……")
        self._show([])
        self.seat.ask(lambda: desk.look_at_template(self.seat.desk, path), self._looked, failed=self._refused)

    def _refused(self, error: Any) -> None:
        self.title.setText(f"“{self.template.name}”填不了")
        clear(self.found)
        self.found.addWidget(empty("换一份表试试", error.text))

    def _looked(self, found: list[Any]) -> None:
        self.title.setText(f"{self.template.name}：认出 {len(found)} 张表，要填 {sum(each.rows for each in found):,} 行。")
        self._show(found)

    def _show(self, found: list[Any]) -> None:
        clear(self.found)
        self.answers = {}
        self.start.setEnabled(bool(found))
        for each in found:
            self.found.addLayout(self._table(each))

    def _table(self, each: Any) -> Any:
        fills = "、".join(heading if heading == meaning else f"{heading}（{meaning}）" for heading, meaning in each.fills)
        box = column(label(f"工作表“{each.sheet}”：每行一条{each.kind}", "small"), label(f"会填上：{fills}。", wrap=True), gap=6)
        if each.lacks:
            words = "下面这些栏程序里没有。整列填一样的就写在这里，会记住，下次不用再写；留空就空着。"
            box.addWidget(label(words, "sub", wrap=True))
            asked = QFormLayout()
            for heading in each.lacks:
                self.answers[heading] = line = QLineEdit(each.answers.get(heading, ""))
                line.setMinimumHeight(36)
                line.setAccessibleName(heading)
                asked.addRow(heading, line)
            box.addLayout(asked)
        return box

    def ask_where(self) -> None:
        """Ask for the filled file's place, then write it."""
        if not self.start.isEnabled() or not self.purpose.ready():
            return
        name = f"{self.template.stem}（已填{self.seat.desk.today():%m%d}）.xlsx"
        if path := choosing.save_as(self, self.seat, "填好的表存到", name, WORKBOOK, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Fill and write."""
        template, purpose, masked = self.template, self.purpose.text, self.purpose.is_masked
        answers = {heading: line.text().strip() for heading, line in self.answers.items()}
        self.start.setEnabled(False)
        job = self.seat.work(
            lambda step: desk.fill_in(self.seat.desk, template, path, purpose=purpose, masked=masked, answers=answers, step=step),
            self._filled, text=f"正在填“{template.name}”……",
        )
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _filled(self, filled: Any) -> None:
        holes = f"这些地方没有可填的：{'、'.join(filled.open_holes)}。" if filled.open_holes else ""
        shown = "已隐去部分信息" if self.purpose.is_masked else "全号，请妥善保管"
        self.written.tell(f"{filled.title}，填了 {filled.rows:,} 行，{shown}。{holes}", filled.path)
        self.purpose.masked.setChecked(True)
        self.seat.say(f"“{filled.title}”填好了，共 {filled.rows:,} 行。", "打开", self.written.open)
