"""The centre's panel: how far each grid is; enrol one, take in many bundles, dispatch a request, make the return bundles."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from gridapp import office
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.exchange_parts import EVERYTHING, SLOW_STICK, Results, size, three_and_three, words_line
from gridapp.ui.office_forms import DispatchForm
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, empty, holding, label, row

GRIDS = (
    Heading("网格"), Heading("编号", 80), Heading("上次收到", 180), Heading("上次发出", 180),
    Heading("未确认（条）", 130, right=True), Heading("记录（条）", 120, right=True),
)


class OfficePanel(QWidget):
    """again() lets the page ask how things stand."""

    def __init__(self, seat: Seat, again: Any) -> None:
        super().__init__()
        self.seat, self._again = seat, again
        self.request: Path | None = None
        self.asked_words = ""
        self.grids: list[Any] = []
        self.table = CellsTable("各网格", *GRIDS)
        self.table.setMinimumHeight(180)
        self.results = Results(seat)
        self.take_button = button("收取上报包", "primary", self.pick)
        self.return_button = button("生成回执包", then=self.ask_where)
        self.enrol_button = button("登记网格", then=self.pick_request)
        self.dispatch_button = button("派发事项", then=self.open_dispatch)
        self.words, self.asker = words_line(), label("", wrap=True)
        self.compare = card(
            label("核对六个词", "section"), self.asker, self.words,
            row(button("一样，登记", "primary", self.enrol), button("不一样，放弃", then=self._close), None), None, gap=12,
        )
        self.dispatch = DispatchForm(seat, self._close, self._dispatched)
        self.side = QStackedWidget()
        for made in (QWidget(), self.compare, self.dispatch):
            self.side.addWidget(made)
        self.side.hide()
        start = empty("还没有登记网格", "请网格的同志在他的“交换”页点“申请加入”，把申请文件拷到 U 盘带来，再点“登记网格”。")
        self.lists = QStackedWidget()
        self.lists.addWidget(start)
        self.lists.addWidget(self.table)
        body = row(holding(column(self.lists, self.results, gap=12)), self.side, gap=14)
        body.setStretch(0, 3)
        body.setStretch(1, 2)
        buttons = row(self.take_button, self.return_button, self.dispatch_button, self.enrol_button, None)
        box = column(buttons, body, gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)

    def refresh(self) -> None:
        """Ask how far the grids are."""
        self.seat.ask(lambda: office.status(self.seat.desk), self._show, key="status")

    def show_state(self, state: Any, asked: bool) -> None:
        """The centre shows its grids instead of a state of its own."""

    def _show(self, lines: list[Any]) -> None:
        self.grids = lines
        self.table.put([_cells(line) for line in lines])
        self.lists.setCurrentIndex(1 if lines else 0)
        for each in (self.return_button, self.dispatch_button):
            each.setEnabled(bool(lines))

    def _open(self, at: int) -> None:
        self.side.setCurrentIndex(at)
        self.side.show()

    def _close(self) -> None:
        self.request = None
        self.side.hide()

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

    def pick_request(self) -> None:
        """Ask for a grid's request."""
        if path := choosing.file(self, self.seat, "选择网格的申请文件", choosing.BUNDLES, "stick"):
            self.look_at(path)

    def look_at(self, path: Path) -> None:
        """Show whose request it is and the six words to compare."""
        self.seat.ask(lambda: office.look_at_request(path), lambda asked: self._compare(path, asked))

    def _compare(self, path: Path, asked: Any) -> None:
        self.request = path
        self.asked_words = asked.words
        self.words.setText(three_and_three(asked.words))
        self.asker.setText(f"“{asked.grid_name}”申请加入。请让网格的同志读出他窗口里的六个词，逐个对照；六个都一样才登记。")
        self._open(1)

    def enrol(self) -> None:
        """The words agree: enrol, and write the answer beside the request."""
        path, words = self.request, self.asked_words
        if path:
            self.seat.work(lambda step: office.enrol(self.seat.desk, path, words=words, out_dir=path.parent), self._enrolled, text="正在登记……")

    def _enrolled(self, done: Any) -> None:
        answer = f"答复文件 {done.answer.name} 写在同一个 U 盘里，" if done.answer else ""
        words = f"请网格收取以后，再对照中心的六个词：{done.office_words}。" if done.office_words else ""
        text = f"“{done.grid_name}”登记好了，编号 {done.scope.rsplit('/', 1)[-1]}。{answer}请交给网格收取。{words}"
        self.results.put([(True, text)], done.answer.parent if done.answer else None)
        self._close()
        self._again()

    def open_dispatch(self) -> None:
        """The form for a request to a grid; the grid chosen in the table is filled in."""
        chosen = self.table.chosen()
        self.dispatch.begin(self.grids, self.grids[chosen[0]].scope if chosen else "")
        self._open(2)

    def _dispatched(self, kept: Any, name: str) -> None:
        self._close()
        self.seat.kept(kept, {"request", "request_event"}, f"已派给“{name}”，下次生成回执包时带去。")
        self._again()


def _cells(line: Any) -> tuple[str, ...]:
    return line.name, line.scope.rsplit("/", 1)[-1], line.last_taken, line.last_sent, f"{line.unconfirmed:,}", f"{line.rows:,}"
