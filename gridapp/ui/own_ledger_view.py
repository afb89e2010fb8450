"""自己的台账: choose what each row is, which columns stand in which order, which rows, and see the first of them before it is kept."""
from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.rules.reading import Trouble
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.editors import Picker
from gridapp.ui.giving_parts import Asked
from gridapp.ui.picking_row import SOME, PickingRow
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, Line, button, card, clear, column, flow, holding, label, row, rule, scroll, shortcut, timer

SOURCE = Qt.ItemDataRole.UserRole
FIRST = {"member": ("name", "party_group", "phone"), "household": ("home", "contact", "phone"), "resident": ("name", "home", "phone")}
HOW = "左边点一栏再点“加上”（或双击）；右边可以拖动、上移下移，双击能改表头。"


class OwnLedgerView(QWidget):
    """new() starts one, edit(own) changes one; kept(key) and left() tell the page."""

    def __init__(self, seat: Seat, kept: Callable[[str], object], left: Callable[[], object]) -> None:
        super().__init__()
        self.seat, self._kept, self._left = seat, kept, left
        self.key, self.record, self.choices = "", "", desk.Choices((), ())
        self.title = label("", "title", wrap=True)
        self.name = Asked("名称", "例如：第一党小组联系表")
        self.kinds = Chips()
        self.there, self.taken = self._list("可以选的栏目"), self._list("台账里的栏目")
        self.order, self.back = Picker([]), QCheckBox("从大到小、从新到旧")
        self.picking = PickingRow()
        self.fault = label("", "fault", wrap=True)
        self.fault.hide()
        self.counted = label("", "sub", wrap=True)
        self.peeked = QVBoxLayout()
        self.save = button("保存", "primary", self.keep, tip="Ctrl+S")
        self._wait = timer(self, 250, self._peek)
        self._lay_out()
        self._connect()

    def _list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(name)
        made.setProperty("class", "boxed")
        made.setMinimumHeight(260)
        made.setMinimumWidth(120)
        return made

    def _lay_out(self) -> None:
        moves = column(
            None, button("加上 →", then=self.add), button("← 去掉", then=self.take_off), button("上移", then=lambda: self.shift(-1)),
            button("下移", then=lambda: self.shift(1)), None, gap=8,
        )
        lists = row(column(label("可以选的栏目", "small"), self.there), moves, column(label("台账里的栏目", "small"), self.taken), gap=14)
        lists.setStretch(0, 1)
        lists.setStretch(2, 1)
        sort = flow(label("按哪一栏排列", "small"), self.order, self.back, gap=12)
        self.order.setMinimumWidth(180)
        self.order.setAccessibleName("按哪一栏排列")
        form = card(
            self.title, self.name, label("每行是一条什么", "small"), self.kinds, rule(), label(HOW, "sub", wrap=True), lists, sort, rule(),
            label(SOME, "small"), self.picking, gap=8,
        )
        shown = card(label("写出来是这样", "section"), self.counted, holding(self.peeked), gap=8)
        foot = row(Line("Ctrl+S 保存 · Esc 取消", "sub"), button("取消", then=self.leave, tip="Esc"), self.save)
        foot.setStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(10)
        self.scrolled = scroll(holding(column(form, shown, None, gap=14)))
        box.addWidget(self.scrolled, 1)
        box.addWidget(self.fault)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._choose_kind)
        self.there.itemDoubleClicked.connect(lambda _: self.add())
        self.taken.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.taken.model().rowsMoved.connect(lambda *_: self._changed())
        self.taken.itemChanged.connect(lambda _: self._changed())
        self.order.edited.connect(self._changed)
        self.back.toggled.connect(lambda _: self._changed())
        self.picking.changed.connect(self._changed)
        shortcut("Esc", self, self.leave)

    def new(self) -> None:
        """Start one."""
        self.key = ""
        self.title.setText("新建自己的台账")
        self.name.line.clear()
        self._choose_kind(desk.kinds_of_ledgers()[0][0])
        self.name.line.setFocus()

    def edit(self, own: desk.OwnLedger) -> None:
        """Change one."""
        self.key = own.key
        self.title.setText(f"修改“{own.form.title}”")
        self.name.line.setText(own.form.title)
        self._choose_kind(own.form.record, own)

    def _choose_kind(self, record: str, own: desk.OwnLedger | None = None) -> None:
        self.record = record
        self.scrolled.verticalScrollBar().setValue(0)
        kinds = [pair for pair in desk.kinds_of_ledgers() if not self.key or pair[0] == record]
        self.kinds.show_chips([(key, title, None) for key, title in kinds], record)
        self._say("")
        self.seat.ask(lambda: desk.choices(self.seat.desk, record), lambda found: self._offer(record, found, own))

    def _offer(self, record: str, found: desk.Choices, own: desk.OwnLedger | None) -> None:
        if record != self.record:
            return
        self.choices = found
        labels = dict(found.columns)
        first = [(name, labels[name]) for name in FIRST.get(record, tuple(labels)[:3])]
        chosen = [(each.source, each.heading) for each in own.form.columns if each.source != "serial"] if own else first
        self.taken.clear()
        for source, heading in chosen:
            self._put(source, heading)
        self.order.clear()
        for source, text in (("", "程序的顺序"), *found.columns[:-1]):
            self.order.addItem(text, source)
        self.order.set_value(own.order.removeprefix("-") if own else "")
        self.back.setChecked(bool(own and own.order.startswith("-")))
        self.picking.put(found.filters, desk.chosen_of(own) if own else desk.Picked())
        self._changed()

    def _put(self, source: str, heading: str) -> None:
        item = QListWidgetItem(heading)
        item.setData(SOURCE, source)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setToolTip("双击改表头")
        self.taken.addItem(item)

    def _columns(self) -> list[tuple[str, str]]:
        items = [self.taken.item(at) for at in range(self.taken.count())]
        return [(item.data(SOURCE), item.text().strip()) for item in items]

    def add(self) -> None:
        """The column chosen at the left, at the end of the right."""
        if item := self.there.currentItem():
            self._put(item.data(SOURCE), item.text())
            self.taken.setCurrentRow(self.taken.count() - 1)
            self._changed()

    def take_off(self) -> None:
        """The column chosen at the right goes back."""
        if self.taken.currentRow() >= 0:
            self.taken.takeItem(self.taken.currentRow())
            self._changed()

    def shift(self, by: int) -> None:
        """The column chosen at the right, a place up or down."""
        at = self.taken.currentRow()
        if at >= 0 and 0 <= at + by < self.taken.count():
            self.taken.insertItem(at + by, self.taken.takeItem(at))
            self.taken.setCurrentRow(at + by)
            self._changed()

    def _changed(self) -> None:
        taken, at = {source for source, _ in self._columns() if source != "blank"}, self.there.currentRow()
        self.there.clear()
        for source, text in self.choices.columns:
            if source not in taken:
                item = QListWidgetItem(text)
                item.setData(SOURCE, source)
                self.there.addItem(item)
        self.there.setCurrentRow(min(max(at, 0), self.there.count() - 1))
        self._wait.start()

    def draft(self, title: str) -> desk.OwnLedger:
        """What stands here, as an own ledger of that title. Raises Trouble that says what to mend."""
        by = self.order.value() or ""
        order = f"-{by}" if by and self.back.isChecked() else by
        return desk.draft_ledger(self.record, title, self._columns(), picked=self.picking.picked(), order=order, key=self.key)

    def _peek(self) -> None:
        if not self._columns():
            self._show(desk.Peek((), (), 0))
            return
        try:
            own = self.draft(self.name.text or "台账")
        except Trouble as trouble:
            self._say(trouble.text)
            return
        self._say("")
        self.seat.ask(lambda: desk.peek_ledger(self.seat.desk, own), self._show)

    def _show(self, peek: desk.Peek) -> None:
        clear(self.peeked)
        words = f"共 {peek.count:,} 行；这里是开头几行，按“内部”隐去一部分。" if peek.count else "还没有一行。请换一个条件，或先记下内容。"
        self.counted.setText(words if peek.headings else "还没有选栏目。请从左边选几栏加到右边。")
        if peek.count:
            table = CellsTable("写出来是这样", *map(_heading, peek.headings, zip(*peek.rows, strict=True)))
            table.put(peek.rows)
            table.setFixedHeight(table.sizeHint().height() + 18)
            self.peeked.addWidget(table)

    def keep(self) -> None:
        """Keep it, when it can be."""
        if not self.name.text:
            self.name.say("请起一个名称，例如“第一党小组联系表”。")
            return
        if not self.picking.ready():
            return
        try:
            own = self.draft(self.name.text)
        except Trouble as trouble:
            self._say(trouble.text)
            return
        self.seat.ask(lambda: desk.keep_ledger(self.seat.desk, own), self._done, failed=lambda error: self._say(error.text))

    def _done(self, key: str) -> None:
        self.seat.say(f"“{self.name.text}”存好了，以后在“自己的台账”里选它导出。")
        self._kept(key)

    def leave(self) -> None:
        """Back to the ledgers; what stands here is forgotten."""
        self._left()

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.setVisible(bool(text))


def _heading(text: str, cells: tuple[str, ...]) -> Heading:
    """As wide as what stands in it, within reason."""
    longest = max(sum(2 if ord(each) > 127 else 1 for each in words) for words in (text, *cells))
    return Heading(text, max(72, min(11 * longest + 36, 340)))
