"""列的对应: what each table of a workbook was taken for and what its columns mean; both can be put right, and the page reads the file again."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.editors import Picker
from gridapp.ui.widgets import Chips, button, clear, column, empty, holding, label, row, scroll

WORDS = "程序认错了就在这里改，改了马上重新算一遍；确认导入以后会记住，下次遇到同样的表头照办。不保存的列都写着原因。"
UNKEPT, UNREAD = "不保存", "不导入这张表"
NAME_WIDTH, PICK_WIDTH, ROW_HEIGHT = 200, 220, 40


class MappingView(QWidget):
    """The tables of a preview. said({signature: desk.Said}) is called when the user puts something right."""

    def __init__(self, said: Callable[[dict[str, Any]], object]) -> None:
        super().__init__()
        self._said = said
        self.tables: list[Any] = []
        self.at = 0
        self.pickers: list[Picker] = []
        self._last: int | None = None
        self.chips = Chips()
        self.chips.chosen.connect(lambda key: self.show_table(int(key)))
        self.kind = Picker(desk.ledger_kinds())
        self.kind.setItemText(0, UNREAD)
        self.kind.setAccessibleName("这张表是什么台账")
        self.kind.setFixedWidth(PICK_WIDTH)
        self.kind.edited.connect(self._kind_said)
        self.automatic = button("恢复自动识别", "link", lambda: self._say(desk.Said(automatic=True)))
        self.state = label("", "sub")
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        line = row(label("这张表是"), self.kind, self.automatic, self.state, None)
        self.setLayout(column(label(WORDS, "sub", wrap=True), self.chips, line, scroll(holding(column(holding(self._rows), None))), gap=8))

    def show_preview(self, preview: Any) -> None:
        """Show what a preview took the tables for; the table looked at stays where it is."""
        named = [(sheet.name, table) for sheet in preview.sheets for table in sheet.tables]
        self.tables = [table for _, table in named]
        self.at = self.at if self.at < len(named) else 0
        self.chips.show_chips([(str(at), _chip(named, at), None) for at in range(len(named))], str(self.at))
        self.chips.setVisible(len(named) > 1)
        self.show_table(self.at)

    def show_table(self, at: int) -> None:
        """One of the tables."""
        clear(self._rows)
        self.pickers, self.at = [], at
        for part in (self.kind, self.automatic, self.state):
            part.setVisible(bool(self.tables))
        if not self.tables:
            self._rows.addWidget(empty("没有找到表头", "请到“原表”里选中表头那一行，再点“这一行是表头”。"))
            return
        table = self.tables[at]
        self.kind.set_value(table.kind or None)
        self.automatic.setVisible(table.said is not None)
        self.state.setText("按您的更正识别。" if table.said is not None else "")
        self._rows.addWidget(self._grid(table))
        if self._last is not None and self._last < len(self.pickers):
            self.pickers[self._last].setFocus()
        self._last = None

    def _grid(self, table: Any) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for at, text in enumerate(("原表的列", "保存为", "说明")):
            grid.addWidget(label(text, "sub"), 0, at)
        fields = desk.ledger_fields(table.kind)
        for place, each in enumerate(table.columns):
            grid.setRowMinimumHeight(place + 1, ROW_HEIGHT)
            name = label(each.heading, wrap=True)
            name.setFixedWidth(NAME_WIDTH)
            grid.addWidget(name, place + 1, 0)
            grid.addWidget(self._picker(table, place, each, fields), place + 1, 1)
            grid.addWidget(label(each.reason, "sub", wrap=True), place + 1, 2)
        return holding(grid)

    def _picker(self, table: Any, place: int, each: Any, fields: list[tuple[str, str]]) -> Picker:
        kept = each.name if each.name and not each.reason else None
        known = {name for name, _ in fields}
        made = Picker(fields if not kept or kept in known else [*fields, (kept, each.label)])
        made.setItemText(0, UNKEPT)
        made.set_value(kept)
        made.setFixedWidth(PICK_WIDTH)
        made.setEnabled(bool(table.kind))
        made.setAccessibleName(f"“{each.heading}”保存为")
        made.edited.connect(lambda: self._column_said(place, made.value() or ""))
        self.pickers.append(made)
        return made

    def _column_said(self, place: int, name: str) -> None:
        table, self._last = self.tables[self.at], place
        self._say((table.said or desk.Said(table.kind)).column(place, name))

    def _kind_said(self) -> None:
        self._say((self.tables[self.at].said or desk.Said()).of_kind(self.kind.value() or ""))

    def _say(self, said: Any) -> None:
        self._said({self.tables[self.at].signature: said})


def _chip(named: list[tuple[str, Any]], at: int) -> str:
    """A sheet's name; the second and later tables of a sheet are numbered."""
    name, before = named[at][0], sum(other == named[at][0] for other, _ in named[:at])
    return f"{name} 第 {before + 1} 张" if before else name
