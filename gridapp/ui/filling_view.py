"""Filling the table somebody else sent: what was found in it, what it asks that is not kept, then the filled file."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.filling_table import FillingTable
from gridapp.ui.giving_parts import Purpose, Written
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, clear, column, empty, holding, label, row, rule, scroll

WORKBOOKS = {".xlsx": "Excel 工作簿 (*.xlsx)", ".xlsm": "带宏的 Excel 工作簿 (*.xlsm)", ".xls": "Excel 97-2003 工作簿 (*.xls)"}


class FillingView(QWidget):
    """look(path) reads a template; the rest follows from what it finds."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat, self.template, self.ending = seat, Path(), ".xlsx"
        self.tables: list[FillingTable] = []
        self.kinds: dict[str, str] = {}
        self.purpose, self.written = Purpose(), Written(seat)
        self.title, self.remarks = label("", "section", wrap=True), label("", "sub", wrap=True)
        self.start = button("填好并保存", "primary", self.ask_where, tip="Ctrl+S")
        self.found = QVBoxLayout()
        self.found.setSpacing(14)
        self.together, self.apart = QRadioButton("放在一个工作簿里，每条一张"), QRadioButton("每条一个文件，放进一个文件夹")
        self.cards = self._card_choice()
        form = card(self.title, self.remarks, holding(self.found), self.cards, rule(), self.purpose, row(None, self.start), gap=10)
        self.page = scroll(holding(column(form, self.written, None, gap=14)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.page)

    def _card_choice(self) -> QWidget:
        group = QButtonGroup(self)
        for each in (self.together, self.apart):
            each.setMinimumHeight(36)
            group.addButton(each)
        self.together.setChecked(True)
        made = holding(column(label("卡片怎样放", "small"), row(self.together, self.apart, None, gap=28)))
        made.hide()
        return made

    @property
    def answers(self) -> dict[str, Any]:
        """The editors of what is lacking, by heading."""
        return {heading: made for table in self.tables for heading, made in table.answers.items()}

    def look(self, path: Path) -> None:
        """Read a template and show what it wants."""
        self.template, self.kinds = path, {}
        self.written.hide()
        self.title.setText(f"正在看“{path.name}”……")
        self._clear()
        self._ask()

    def _ask(self) -> None:
        path, kinds = self.template, dict(self.kinds)
        self.seat.ask(lambda: desk.look_at_template(self.seat.desk, path, kinds), self._looked, failed=self._refused, key="look")

    def _refused(self, error: Any) -> None:
        self.title.setText(f"“{self.template.name}”填不了")
        self._clear()
        self.found.addWidget(empty("换一份表试试", error.text))

    def _clear(self) -> None:
        clear(self.found)
        self.tables = []
        self.remarks.hide()
        self.cards.hide()
        self.start.setEnabled(False)

    def _looked(self, look: Any) -> None:
        self._clear()
        self.ending = look.ending
        rows = sum(each.rows for each in look.found)
        self.title.setText(f"{self.template.name}：认出 {len(look.found)} 张表，要填 {rows:,} 条。")
        self._remark(look)
        for each in look.found:
            made = FillingTable(each, look.kinds)
            made.said.connect(partial(self._say_kind, each.key))
            self.tables.append(made)
            self.found.addWidget(made)
        cards = [each for each in look.found if each.card]
        self.cards.setVisible(bool(cards))
        many = look.ending == ".xls" or any(each.rows > desk.MOST_SHEETS for each in cards)
        (self.apart if many else self.together).setChecked(True)
        self.start.setEnabled(True)

    def _remark(self, look: Any) -> None:
        holes = f"这些地方没有可填的，会原样留着：{'、'.join(look.holes)}。" if look.holes else ""
        self.remarks.setText("\n".join(filter(None, (look.lost, holes))))
        self.remarks.setVisible(bool(self.remarks.text()))

    def _say_kind(self, key: str, kind: str) -> None:
        self.kinds[key] = kind
        self._ask()

    def ask_where(self) -> None:
        """Ask for the filled file's place, then write it."""
        if not self.start.isEnabled() or not all(table.picking.ready() for table in self.tables) or not self.purpose.ready():
            return
        name = f"{self.template.stem}（已填{self.seat.desk.today():%m%d}）{self.ending}"
        if path := choosing.save_as(self, self.seat, "填好的表存到", name, WORKBOOKS[self.ending], "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Fill and write."""
        template, asked = self.template, self.purpose
        options: dict[str, Any] = {
            "purpose": asked.purpose, "aim": asked.text, "whole": asked.is_whole, "password": asked.password, "file_password": asked.file_password,
            "picked": {table.found.key: table.picking.picked() for table in self.tables}, "kinds": dict(self.kinds),
            "answers": {heading: text for table in self.tables for heading, text in table.answered().items()},
            "apart": self.apart.isChecked() and not self.cards.isHidden(),
        }
        self.start.setEnabled(False)
        self.written.hide()
        job = self.seat.work(
            lambda step: desk.fill_in(self.seat.desk, template, path, step=step, **options), partial(self._filled, options),
            text=f"正在填“{template.name}”……",
        )
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _filled(self, options: dict[str, Any], filled: Any) -> None:
        holes = f"这些地方没有可填的：{'、'.join(filled.open_holes)}。" if filled.open_holes else ""
        shown = "全号，请妥善保管" if options["whole"] else f"按“{options['purpose'].title}”隐去部分信息"
        count = f"填了 {filled.rows:,} 行" if filled.files == 1 else f"填了 {filled.files:,} 个文件"
        matched = f"，其中 {filled.matched:,} 行是补全别人已填的" if filled.matched else ""
        self.written.tell(f"{filled.title}，{count}{matched}，{shown}。{holes}{filled.lost}", filled.path)
        self.purpose.calm()
        self.seat.say(f"“{filled.title}”填好了，共 {filled.rows:,} 行。", "打开", self.written.open)
