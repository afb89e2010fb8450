"""待处理: the rows an import could not keep. Mend a row's cells here, the same fault in other rows at one go, and keep it; or put it away."""
from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, card, clear, column, empty, flow, holding, label, row, scroll, shortcut

ROWS = (Heading("内容", 190), Heading("从哪里来", 150), Heading("问题"))
WORDS = "这些行导入时没有保存。改好就能导入，原文件不用再动；不要的可以去掉。它们只存在本机加密的数据里。"
SIDE, NARROW, LEAST = 430, 320, 340


class AsideView(QWidget):
    """The rows that wait, and the cells of the one chosen."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.seat = seat
        self.asides: list[Any] = []
        self.boxes: dict[str, QLineEdit] = {}
        self._wanted = 0
        self.table = CellsTable("待处理的行", *ROWS)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.same = QCheckBox()
        self.keep = button("改好了，导入", "primary", self.mend, tip="Ctrl+S")
        self.drop = button("不要选中的行", "plain", self.dismiss)
        shortcut("Ctrl+S", self, self.mend)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(10)
        self.side = self._side()
        nothing = empty("没有待处理的行", "导入时没有保存的行会放在这里，改好就能接着导入。")
        self.nothing = card(nothing)
        beside = holding(_beside(self.table, self.side))
        beside.setMinimumHeight(LEAST)
        self.whole = scroll(holding(column(label(WORDS, "sub", wrap=True), beside, gap=10)))
        self.setLayout(column(self.whole, self.nothing, gap=0))

    def _side(self) -> QFrame:
        made = card(scroll(holding(column(holding(self._body), None))), self.same, flow(self.drop, self.keep), gap=10)
        made.setFixedWidth(SIDE)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(min(SIDE, max(NARROW, self.width() // 2)))
        for at, width in enumerate((110, 90) if self.width() < 2 * SIDE else (ROWS[0].width, ROWS[1].width)):
            self.table.setColumnWidth(at, width)

    def refresh(self) -> None:
        """Ask for the rows again."""
        self.seat.ask(lambda: desk.asides(self.seat.desk), self._show, key="asides")

    def _show(self, asides: list[Any]) -> None:
        self.asides = asides
        self.whole.setVisible(bool(asides))
        self.nothing.setVisible(not asides)
        self.table.put([(each.title or "（没有姓名）", each.place, _first_fault(each)) for each in asides], {(at, 2) for at in range(len(asides))})
        if asides:
            self.table.selectRow(min(self._wanted, len(asides) - 1))

    @property
    def chosen(self) -> Any:
        """The row whose cells are shown, None when none is."""
        at = self.table.chosen()
        return self.asides[at[0]] if at and at[0] < len(self.asides) else None

    def _choose(self) -> None:
        clear(self._body)
        self.boxes = {}
        self.same.hide()
        aside = self.chosen
        if aside is None:
            return
        self._body.addWidget(Line(aside.place, "sub"))
        at_cells = {fault for cell in aside.cells for fault in cell.faults}
        for fault in dict.fromkeys(each for each in aside.faults if each not in at_cells):
            self._body.addWidget(label(f"{fault.text}{fault.hint}", "fault", wrap=True))
        for cell in sorted(aside.cells, key=lambda cell: not cell.faults):
            self._body.addLayout(self._cell(cell))

    def _cell(self, cell: Any) -> Any:
        box = self.boxes[cell.name] = QLineEdit(cell.text)
        box.setCursorPosition(0)
        box.setAccessibleName(cell.label)
        box.setProperty("faulty", "true" if any(fault.fatal for fault in cell.faults) else "false")
        box.textEdited.connect(lambda _: self._count_same())
        box.returnPressed.connect(self.mend)
        return column(label(cell.label, "sub"), box, *(label(f"{fault.text}{fault.hint}", "fault", wrap=True) for fault in cell.faults), gap=4)

    def changes(self) -> dict[str, str]:
        """What was changed in the row shown: field -> its text."""
        aside = self.chosen
        return {cell.name: self.boxes[cell.name].text() for cell in aside.cells if self.boxes[cell.name].text() != cell.text} if aside else {}

    def alike(self) -> list[Any]:
        """Other rows in which every changed cell said the same before: what 同样的全部改 mends with it."""
        aside, changes = self.chosen, self.changes()
        before = {cell.name: cell.text for cell in aside.cells} if aside else {}
        return [each for each in self.asides if changes and each is not aside and each.kind == aside.kind and _says(each, before, changes)]

    def _count_same(self) -> None:
        alike = self.alike()
        self.same.setText(f"另有 {len(alike)} 行也是这样写的，同样的全部改")
        self.same.setVisible(bool(alike))

    def mend(self) -> None:
        """Put the changes in and keep what can be kept."""
        aside, changes = self.chosen, self.changes()
        if aside is None or not self.keep.isEnabled():
            return
        rows = [aside, *(self.alike() if self.same.isVisible() and self.same.isChecked() else [])]
        self._wanted = self.asides.index(aside)
        self.keep.setEnabled(False)
        job = self.seat.ask(lambda: desk.mend(self.seat.desk, {each.n: changes for each in rows}), self._mended)
        job.ended.connect(lambda: self.keep.setEnabled(True))

    def _mended(self, done: Any) -> None:
        self.same.setChecked(False)
        left = f"还有 {done.left} 行要再改。" if done.left else ""
        if done.kept:
            self.seat.kept(done, frozenset(done.records), f"导入了 {done.kept} 行。{left}")
        else:
            self.seat.say("这一行还不能导入，请看红字的说明。")
        self.refresh()

    def dismiss(self) -> None:
        """The chosen rows are not wanted."""
        numbers = [self.asides[at].n for at in self.table.chosen()]
        if numbers:
            self._wanted = self.table.chosen()[0]
            self.seat.ask(lambda: desk.dismiss(self.seat.desk, numbers), self._dismissed)

    def _dismissed(self, gone: int) -> None:
        self.seat.say(f"去掉了 {gone} 行。原文件里还有它们，需要时可以再导入。")
        self.refresh()


def _beside(left: QWidget, right: QWidget) -> Any:
    made = row(left, right, gap=14)
    made.setStretch(0, 1)
    return made


def _says(aside: Any, before: dict[str, str], changes: dict[str, str]) -> bool:
    said = {cell.name: cell.text for cell in aside.cells}
    return all(said.get(name) == before[name] for name in changes)


def _first_fault(aside: Any) -> str:
    return next((fault.text for fault in aside.faults if fault.fatal), "现在可以导入了。")
