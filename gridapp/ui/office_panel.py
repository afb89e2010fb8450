"""The centre's panel: how far each grid is; enrol one, take in many bundles, dispatch a request, make the return bundles."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from gridapp import office
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.compare_card import CompareCard
from gridapp.ui.exchange_parts import EVERYTHING, SLOW_STICK, Results, size
from gridapp.ui.office_forms import DispatchForm
from gridapp.ui.party_card import PartyCard
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, button, column, empty, holding, row

GRIDS = (
    Heading("名称"), Heading("编号", 80), Heading("情况", 100), Heading("上次收到", 140), Heading("上次发出", 140),
    Heading("未确认（条）", 130, right=True), Heading("记录（条）", 120, right=True),
)
STATE, SPARE = 2, (4, 6)  # the column of 情况; those that give way to what is open at the side
SIDES = (("below", "下属网格和中心", None), ("above", "上级中心", None))
PARTY = 3  # the place of the party's card at the side


class OfficePanel(QWidget):
    """again() lets the page ask how things stand."""

    def __init__(self, seat: Seat, again: Any) -> None:
        super().__init__()
        self.seat, self._again = seat, again
        self.request: Path | None = None
        self.asked_words = ""
        self.grids: list[Any] = []
        self.replaced: Any = None
        self.addressees: list[tuple[str, str]] = []
        self.table = CellsTable("各网格", *GRIDS)
        self.table.setMinimumHeight(180)
        self.results = Results(seat)
        self.take_button = button("收取上报包", "primary", self.pick)
        self.return_button = button("生成回执包", then=self.ask_where)
        self.enrol_button = button("登记", then=self.enrol_new, tip="登记一个网格或下级中心的加入申请")
        self.dispatch_button = button("派发事项", then=self.open_dispatch)
        self.compare = CompareCard(self.enrol, self._close)
        self.party = PartyCard(self._close, self.verified, self.start_over, self.replace)
        self.dispatch = DispatchForm(seat, self._close, self._dispatched)
        self.side = QStackedWidget()
        for made in (QWidget(), self.compare, self.dispatch, self.party):
            self.side.addWidget(made)
        self.side.hide()
        start = empty("还没有登记网格", "请网格的同志在他的“交换”页点“申请加入”，把申请文件拷到 U 盘带来，再点“登记”。")
        self.lists = QStackedWidget()
        self.lists.addWidget(start)
        self.lists.addWidget(self.table)
        body = row(holding(column(self.lists, self.results, gap=12)), self.side, gap=14)
        body.setStretch(0, 3)
        body.setStretch(1, 2)
        buttons = row(self.take_button, self.return_button, self.dispatch_button, self.enrol_button, None)
        inside = column(buttons, body, gap=12)
        inside.setStretch(1, 1)
        self._two_sides(holding(inside))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._chosen())

    def _two_sides(self, below: QWidget) -> None:
        """A centre has grids below and may have a centre above: one side each."""
        from gridapp.ui.exchange_page import GridPanel

        self.above = GridPanel(self.seat, self._again, centre="上级中心")
        self.sides, self.halves = Chips(), QStackedWidget()
        self.halves.addWidget(below)
        self.halves.addWidget(self.above)
        self.sides.chosen.connect(self.turn)
        box = column(self.sides, self.halves, gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.turn("below")

    def turn(self, side: str) -> None:
        """Show what is below, or what is above."""
        self.sides.show_chips(SIDES, side)
        self.halves.setCurrentIndex([key for key, *_ in SIDES].index(side))

    def refresh(self) -> None:
        """Ask how far those below are."""
        self.seat.ask(lambda: (office.status(self.seat.desk), office.addressees(self.seat.desk)), self._show, key="status")

    def show_state(self, state: Any, asked: bool) -> None:
        """How the exchange with the centre above stands."""
        self.above.show_state(state, asked)

    def _show(self, found: tuple[list[Any], list[tuple[str, str]]]) -> None:
        lines, self.addressees = found
        self.grids = lines
        shown = self.party.line.scope if self.party.line and self.side.currentIndex() == PARTY else ""
        self.table.put([_cells(line) for line in lines], {(at, STATE) for at, line in enumerate(lines) if line.facts})
        if line := next((each for each in lines if each.scope == shown), None):
            self.party.show_line(line)
        self.lists.setCurrentIndex(1 if lines else 0)
        for each in (self.return_button, self.dispatch_button):
            each.setEnabled(bool(lines))

    def _open(self, at: int) -> None:
        self.side.setCurrentIndex(at)
        self._show_side(True)

    def _show_side(self, shown: bool) -> None:
        self.side.setVisible(shown)
        for each in SPARE:
            self.table.setColumnHidden(each, shown)

    def _close(self) -> None:
        self.request, self.replaced = None, None
        self._show_side(False)

    def _chosen(self) -> None:
        """One row chosen: its card at the side, unless something else is being done there."""
        chosen = self.table.chosen()
        if len(chosen) == 1 and (self.side.isHidden() or self.side.currentIndex() == PARTY):
            self.party.show_line(self.grids[chosen[0]])
            self._open(PARTY)

    def verified(self, line: Any) -> None:
        """Somebody asked there."""
        self.seat.ask(lambda: office.verified(self.seat.desk, line.scope), lambda _: self._settled("记下了。以后再看到新的迹象，还会提醒。"))

    def start_over(self, line: Any) -> None:
        """Send everything again, both ways."""
        text = f"好了。下一个回执包会带上“{line.name}”的全部记录，它收到后也会再发一次全部；已有的不会重复。请现在生成回执包。"
        self.seat.ask(lambda: office.start_over(self.seat.desk, line.scope), lambda _: self._settled(text))

    def _settled(self, text: str) -> None:
        self.seat.say(text)
        self._again()

    def replace(self, line: Any) -> None:
        """A new computer for this one: ask for its request."""
        self.replaced = line
        self.pick_request()

    def pick(self) -> None:
        """Ask for bundles."""
        if paths := choosing.files(self, self.seat, "选择各网格的上报包（可以多选）", choosing.BUNDLES, "stick"):
            self.take(paths)

    def take(self, paths: list[Path]) -> None:
        """Take them in."""
        self.take_button.setEnabled(False)
        job = self.seat.work(lambda step: office.take(self.seat.desk, paths, step), self._took, text=f"正在收取 {len(paths)} 个包……")
        job.ended.connect(lambda: self.take_button.setEnabled(True))

    def _took(self, outcomes: list[Any]) -> None:
        self.results.put([(each.ok, each.sentence if each.ok else f"{each.path.name}：{each.sentence}") for each in outcomes])
        self.seat.changed.emit(EVERYTHING)
        self._again()
        if locked := [each.path for each in outcomes if each.code == "needs_password"]:
            self.seat.go("loan", path=locked[0])

    def ask_where(self) -> None:
        """Ask for the stick."""
        if folder := choosing.folder(self, self.seat, "回执包存到哪里（例如 U 盘）", "stick"):
            self.return_into(folder)

    def return_into(self, folder: Path) -> None:
        """A return bundle for every grid."""
        self.seat.work(lambda step: office.make_return(self.seat.desk, folder, step), self._returned, text="正在生成回执包……", slow=SLOW_STICK)

    def _returned(self, made: list[Any]) -> None:
        lines = [(True, f"{each.path.name}，{each.rows:,} 条，{size(each.bytes)}，已核对。{each.warning}") for each in made]
        self.results.put(lines, made[0].path.parent if made else None)
        self.seat.say(f"{len(made)} 个回执包写好了，可以拔出 U 盘了。")
        self._again()

    def enrol_new(self) -> None:
        """Somebody new."""
        self.replaced = None
        self.pick_request()

    def pick_request(self) -> None:
        """Ask for a grid's request."""
        if path := choosing.file(self, self.seat, "选择申请文件", choosing.BUNDLES, "stick"):
            self.look_at(path)
        else:
            self.replaced = None

    def look_at(self, path: Path) -> None:
        """Show whose request it is and the six words to compare."""
        self.seat.ask(lambda: office.look_at_request(path), lambda asked: self._compare(path, asked))

    def _compare(self, path: Path, asked: Any) -> None:
        self.request = path
        self.asked_words = asked.words
        self.compare.begin(asked, self.replaced.name if self.replaced else "")
        self._open(1)

    def enrol(self) -> None:
        """The words agree: enrol, and write the answer beside the request."""
        path = self.request
        if path:
            instead = self.replaced.scope if self.replaced else ""
            self.seat.work(lambda step: self._enrol(path, self.asked_words, self.compare.role, instead), self._enrolled, text="正在登记……")

    def _enrol(self, path: Path, words: str, role: str, instead: str) -> Any:
        return office.enrol(self.seat.desk, path, words=words, out_dir=path.parent, role=role, replace=instead)

    def _enrolled(self, done: Any) -> None:
        answer = f"答复文件 {done.answer.name} 写在同一个 U 盘里，" if done.answer else ""
        words = f"请对方收取以后，再对照中心的六个词：{done.office_words}。" if done.office_words else ""
        text = f"“{done.grid_name}”登记好了，编号 {done.scope.rsplit('/', 1)[-1]}。{answer}请交给对方收取。{words}"
        self.results.put([(True, text)], done.answer.parent if done.answer else None)
        self._close()
        self._again()

    def open_dispatch(self) -> None:
        """The form for a request to a grid; the grid chosen in the table is filled in."""
        chosen = self.table.chosen()
        self.dispatch.begin(self.addressees, self.grids[chosen[0]].scope if chosen else "")
        self._open(2)

    def _dispatched(self, kept: Any, name: str) -> None:
        self._close()
        self.seat.kept(kept, {"request", "request_event"}, f"已派给“{name}”，下次生成回执包时带去。")
        self._again()


def _cells(line: Any) -> tuple[str, ...]:
    counts = f"{line.unconfirmed:,}", f"{line.rows:,}"
    return line.name, line.code, "留意" if line.facts else "正常", line.last_taken[5:], line.last_sent[5:], *counts
