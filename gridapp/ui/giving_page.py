"""台账: give out any ledger as a workbook, or fill the table somebody else sent; masked by its purpose; every export is logged."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.desk.leaving import NEVER_PUBLIC
from gridapp.ui import choosing
from gridapp.ui.filling_view import FillingView
from gridapp.ui.giving_parts import Purpose, Written
from gridapp.ui.ledger_list import LedgerList
from gridapp.ui.own_ledger_view import OwnLedgerView
from gridapp.ui.picking_row import SOME, PickingRow
from gridapp.ui.print_menu import SHEETS, menu_button
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, flow, ground, holding, label, row, rule, scroll, shortcut

WORKBOOK = "Excel 工作簿 (*.xlsx)"
TEMPLATES = "空表 (*.xlsx *.xls)"
SHARED = "分享的台账 (*.toml)"
NEVER = "这份台账说的是敏感信息，不能公示。请在“给谁看”里改选内部或上报。"
CATEGORY = "按服务类别选出的名单，本身就说出了每个人的类别。请选“全号”并输入密码，或把服务类别改回“全部”。"
GIVING, FILLING, OWN = range(3)


class GivingPage(QWidget):
    """arrive(key=...) chooses a ledger; arrive(template=path) looks at a table to fill."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.own: dict[str, desk.OwnLedger] = {}
        self.offered = ""  # the ledger whose choices of rows are shown
        self.list, self.picking = LedgerList(), PickingRow()
        self.title, self.about = label("", "section", wrap=True), label("", "sub", wrap=True)
        self.purpose, self.written = Purpose(), Written(seat)
        self.fault = label("", "fault", wrap=True)
        self.start = button("导出", "primary", self.ask_where, tip="Ctrl+S")
        self.paper = button("打印…", then=self.print_out, tip="Ctrl+P")
        self.mine = holding(row(
            button("修改", then=self.edit_own), button("分享…", then=self.share), button("删除", then=self.drop), None, gap=8,
        ))
        self.filling = FillingView(seat)
        self.editing = OwnLedgerView(seat, self._kept, self.back)
        self.sides = QStackedWidget()
        self._lay_out()
        self.list.picked.connect(self._chosen)
        self.purpose.changed.connect(self._fits)
        self.picking.changed.connect(self._fits)
        self._listed("", [])
        self.refresh()
        shortcut("Ctrl+S", self, self.save)
        shortcut("Ctrl+P", self, self.print_out)

    def _lay_out(self) -> None:
        form = card(
            self.title, self.about, self.mine, rule(), self.purpose, label(SOME, "small"), self.picking, gap=8
        )
        self.scrolled = scroll(holding(column(self.written, form, None, gap=14)))
        foot = row(self.fault, self.paper, self.start, gap=14)
        foot.setStretch(0, 1)
        giving = column(self.scrolled, foot, gap=10)
        giving.setStretch(0, 1)
        for side in (holding(giving), self.filling, self.editing):
            self.sides.addWidget(side)
        theirs = button("填上级的空表…", then=self.pick, tip="上级另有格式的，把空表选进来，原来的样式、公式、盖章处都不动。")
        mine = flow(button("＋新建自己的", then=self.new_own), button("收下分享的…", "link", self.take), gap=4)
        left = card(self.list, mine, rule(), theirs, gap=10)
        left.setMinimumWidth(250)
        left.setMaximumWidth(420)
        body = row(left, self.sides, gap=14)
        body.setStretch(0, 1)
        body.setStretch(1, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        words = label("平时只记一次，要哪一种表就导出哪一种。", "sub")
        box.addLayout(row(label("台账", "title"), words, None, menu_button(self.seat, lambda: SHEETS, text="打印单据")))
        box.addLayout(body, 1)

    def refresh(self, key: str = "") -> None:
        """Ask again which own ledgers there are, and choose one."""
        self.seat.ask(lambda: desk.own_ledgers(self.seat.desk), partial(self._listed, key))

    def _listed(self, key: str, found: list[desk.OwnLedger]) -> None:
        self.own = {each.key: each for each in found}
        with QSignalBlocker(self.list):
            self.list.put(desk.ledgers(), found)
            self.list.choose(key)
        self._tell()

    def arrive(self, key: str = "", template: Path | None = None, **_: Any) -> None:
        """Choose a ledger: its key, or the record it lists; or look at a template."""
        if template:
            self.sides.setCurrentIndex(FILLING)
            self.filling.look(template)
        elif self.list.choose(key) or self.list.choose(f"all-{key}"):
            self.sides.setCurrentIndex(GIVING)
            self.purpose.line.setFocus()

    @property
    def choice(self) -> desk.LedgerChoice:
        """The ledger chosen."""
        return self.list.choice

    def _chosen(self) -> None:
        self.sides.setCurrentIndex(GIVING)
        self._tell()

    def _tell(self) -> None:
        """What the chosen ledger is, and by what its rows can be chosen."""
        choice = self.choice
        own = self.own.get(choice.key)
        standard = "标准台账，栏目和顺序按规定的样式，可以直接打印。" if choice.official else "这一类记录的全部栏目。"
        self.title.setText(choice.title)
        self.about.setText(f"自己的台账：{'、'.join(own.form.headings)}。" if own else standard)
        self.mine.setVisible(own is not None)
        self.written.hide()
        self._fits()
        picked, self.offered = desk.chosen_of(own) if own else desk.Picked(), ""
        self.seat.ask(lambda: desk.ledger_filters(self.seat.desk, choice.key), lambda found: self._offer(choice.key, found, picked))

    def _offer(self, key: str, found: Any, picked: desk.Picked) -> None:
        if key == self.choice.key:
            self.picking.put(found, picked)
            self.offered = key
            self._fits()

    def _fits(self) -> None:
        """Say at once what may not leave like this, before a place is asked for."""
        never = self.purpose.purpose is desk.Purpose.PUBLIC and self.choice.record in NEVER_PUBLIC
        tells = bool(self.picking.picked().category) and not self.purpose.is_whole
        self.fault.setText(NEVER if never else CATEGORY if tells else "")
        for each in (self.paper, self.start):
            each.setEnabled(not (never or tells))

    def pick(self) -> None:
        """Ask for the table to fill."""
        if path := choosing.file(self, self.seat, "选择上级发来的空表", TEMPLATES, "templates"):
            self.arrive(template=path)

    def new_own(self) -> None:
        """Make an own ledger."""
        self.sides.setCurrentIndex(OWN)
        self.editing.new()

    def edit_own(self) -> None:
        """Change the chosen own ledger."""
        self.sides.setCurrentIndex(OWN)
        self.editing.edit(self.own[self.choice.key])

    def _kept(self, key: str) -> None:
        self.refresh(key)
        self.back()

    def back(self) -> None:
        """From an own ledger's form to the ledgers."""
        self.sides.setCurrentIndex(GIVING)

    def share(self) -> None:
        """Write the chosen own ledger to a file for somebody else."""
        key, title = self.choice.key, self.choice.title
        if path := choosing.save_as(self, self.seat, "分享到", f"{title}.toml", SHARED, "exports"):
            said = f"“{title}”写到了 {path.name}：只有栏目和条件，没有任何人的信息，可以发给别的网格。"
            self.seat.work(lambda step: desk.share_ledger(self.seat.desk, key, path), lambda _: self.seat.say(said), text="正在写……")

    def take(self) -> None:
        """Take an own ledger somebody shared."""
        if path := choosing.file(self, self.seat, "选择别人分享的台账", SHARED, "exports"):
            self.seat.ask(lambda: desk.take_ledger(self.seat.desk, path), self._taken)

    def _taken(self, own: desk.OwnLedger) -> None:
        self.refresh(own.key)
        self.seat.say(f"收下了“{own.form.title}”，在“自己的台账”里。")

    def drop(self) -> None:
        """Delete the chosen own ledger; it can be had back at once."""
        key = self.choice.key
        self.seat.ask(lambda: desk.drop_ledger(self.seat.desk, key), self._dropped)

    def _dropped(self, own: desk.OwnLedger) -> None:
        self.refresh()
        self.seat.say(f"“{own.form.title}”删去了，记录都还在。", "撤销", lambda: self._bring_back(own))

    def _bring_back(self, own: desk.OwnLedger) -> None:
        self.seat.ask(lambda: desk.keep_ledger(self.seat.desk, own), self._kept)

    def save(self) -> None:
        """What Ctrl+S means: write, or keep, what is shown."""
        (self.ask_where, self.filling.ask_where, self.editing.keep)[self.sides.currentIndex()]()

    def print_out(self) -> None:
        """Show the chosen ledger as it will be printed; there one still says for whom and how much it shows."""
        if self.paper.isEnabled() and self.sides.currentIndex() == GIVING and self.picking.ready():
            key, asked = self.choice.key, self.purpose
            picked = self.picking.picked() if self.offered == key else None
            self.seat.go("printing", sheet="ledger", ledger=key, purpose=asked.purpose, aim=asked.text, whole=asked.is_whole, picked=picked)

    def ask_where(self) -> None:
        """Ask for the file's name and place, then write it."""
        if not self.start.isEnabled() or not (self.purpose.ready() and self.picking.ready()):
            return
        name = f"{self.choice.title.removesuffix('（全部栏目）')}{self.seat.desk.today():%Y%m%d}.xlsx"
        if path := choosing.save_as(self, self.seat, "导出到", name, WORKBOOK, "exports"):
            self.write(path)

    def write(self, path: Path) -> None:
        """Write the ledger chosen."""
        key, asked = self.choice.key, self.purpose
        options: dict[str, Any] = {
            "purpose": asked.purpose, "aim": asked.text, "whole": asked.is_whole, "password": asked.password, "file_password": asked.file_password,
            "picked": self.picking.picked() if self.offered == key else None,
        }
        self.start.setEnabled(False)
        self.written.hide()
        job = self.seat.work(
            lambda step: desk.give_out(self.seat.desk, key, path, step=step, **options), partial(self._given, options), text=f"正在写“{path.name}”……",
        )
        job.ended.connect(self._fits)

    def _given(self, options: dict[str, Any], given: Any) -> None:
        shown = "全号，请妥善保管" if options["whole"] else f"按“{options['purpose'].title}”隐去部分信息"
        locked = "打开时要输文件的密码。" if options["file_password"] else ""
        self.written.tell(f"{given.title}，{given.rows:,} 行，{shown}。{locked}", given.path)
        self.purpose.calm()
        self.scrolled.verticalScrollBar().setValue(0)
        self.seat.say(f"{given.title}写好了，共 {given.rows:,} 行。", "打开", self.written.open)
