"""原表: a sheet as it stands, what its rows were taken for, and 这一行是表头 where the program took the wrong row or none."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gridapp import desk
from gridapp.ui import intake_words
from gridapp.ui.editors import Picker
from gridapp.ui.raw_grid import RawTable
from gridapp.ui.widgets import Chips, button, column, flow, label, shortcut

LEGEND = "有底色的行是表头，灰字的行（标题、合计、说明、签字）会跳过；只显示前 30 行。"
ASK = "表头认错了？选中表头那一行（最多连着三行），再说它是："
MOST = 3


class GridView(QWidget):
    """The sheets of a preview. said({signature: desk.Said}) is called when the user points a header out, or takes it back."""

    def __init__(self, said: Callable[[dict[str, Any]], object]) -> None:
        super().__init__()
        self._said = said
        self.preview: Any = None
        self.at = 0
        self._pointed: Any = None
        self.legend = label("", "sub", wrap=True)
        self.sheets = Chips()
        self.sheets.chosen.connect(lambda at: self.show_sheet(int(at)))
        self.kind = Picker(desk.ledger_kinds())
        self.kind.setAccessibleName("选中的表头是什么台账")
        self.kind.setFixedWidth(150)
        self.kind.edited.connect(self._count)
        self.head = button("这一行是表头", "plain", self.point, tip="在表里选好行以后，也可以按回车")
        self.automatic = button("恢复自动识别", "link", self._take_back)
        ask = label(ASK, "sub")
        ask.setMinimumHeight(self.head.minimumHeight())
        self.asking = flow(ask, self.kind, self.head, self.automatic)
        self.table = RawTable()
        self.raw = self.table.raw
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        for key in ("Return", "Enter"):
            shortcut(key, self.table, self.point)
        self.setLayout(column(self.legend, self.sheets, self.asking, self.table, gap=8))

    def show_preview(self, preview: Any) -> None:
        """Show a preview's sheets: the one looked at, or the first in which a table was found."""
        same = self.preview is not None and self.preview.file == preview.file and self.at < len(preview.sheets)
        self.preview = preview
        self.at = self.at if same else intake_words.first_table(preview.sheets)
        self.sheets.show_chips([(str(at), sheet.name, None) for at, sheet in enumerate(preview.sheets)], str(self.at))
        self.sheets.setVisible(len(preview.sheets) > 1)
        if preview.sheets:
            self.show_sheet(self.at)

    def show_sheet(self, at: int) -> None:
        """One of the sheets."""
        self.at = at
        sheet = self.preview.sheets[at]
        self.legend.setText(f"这张表没有导入：{sheet.no_table}" if sheet.no_table else LEGEND)
        self.table.show_sheet(sheet)
        self.asking.setVisible(sheet.top is not None)
        self.automatic.setVisible(bool(self._by_hand()))
        self._choose()

    def _by_hand(self) -> list[Any]:
        """The tables of the sheet whose header was pointed out."""
        return [table for table in self.preview.sheets[self.at].tables if table.said is not None and table.said.header]

    def _choose(self) -> None:
        """Other rows were chosen: what they would be as a header."""
        rows = self.table.chosen()
        joined = bool(rows) and len(rows) <= MOST and rows[-1] - rows[0] == len(rows) - 1
        top = self.preview.sheets[self.at].top if joined else None
        self._pointed = desk.point_out(top, rows[0] + 1, len(rows)) if top is not None else None
        if self._pointed is not None and self._pointed.kind:
            self.kind.set_value(self._pointed.kind)
        self._count()

    def _count(self) -> None:
        rows = self._pointed.rows if self._pointed is not None else 1
        self.head.setText("这一行是表头" if rows == 1 else f"这 {rows} 行是表头")
        self.head.setAccessibleName(self.head.text())
        self.head.setEnabled(self._pointed is not None and bool(self.kind.value()))

    def point(self) -> None:
        """The chosen rows are the header of a table; one pointed out right beside them was a slip."""
        if not self.head.isEnabled() or not self.isEnabled():
            return
        rows = self.table.chosen()
        near = range(rows[0] + 1 - MOST, rows[-1] + 2 + MOST)
        slips = {table.signature: desk.Said(automatic=True) for table in self._by_hand() if any(row in near for row in table.header_rows)}
        self._said({**slips, self._pointed.signature: desk.Said(self.kind.value(), header=self._pointed.rows)})

    def _take_back(self) -> None:
        self._said({table.signature: desk.Said(automatic=True) for table in self._by_hand()})
