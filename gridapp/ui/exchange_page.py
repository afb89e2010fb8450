"""交换: the grid's side of the stick (join, hand up, take back, check); the centre sees its own panel instead."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import choosing
from gridapp.ui.exchange_parts import EVERYTHING, SLOW_STICK, Results, in_columns, size, step_card, three_and_three, words_line
from gridapp.ui.history_view import HistoryView
from gridapp.ui.reassign_view import MovedHomes
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, button, card, classed, column, ground, holding, label, row, scroll

VIEWS = ("stick", "history")
ASKED = "asked_to_join"


class ExchangePage(QWidget):
    """arrive(view=...) opens stick or history; arrive(path=...) takes a bundle."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.is_office = seat.desk.role == "office"
        self.subtitle = label("", "sub")
        self.views, self.stack = Chips(), QStackedWidget()
        self.stick = self._panel()
        self.history = HistoryView(seat)
        for made in (self.stick, self.history):
            self.stack.addWidget(made)
        self.views.chosen.connect(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("交换", "title"), self.subtitle, None, button("借用包", "link", lambda: seat.go("loan"))))
        box.addWidget(self.views)
        box.addWidget(self.stack, 1)
        self.view("stick")

    def _panel(self) -> Any:
        if self.is_office:
            from gridapp.ui.office_panel import OfficePanel

            return OfficePanel(self.seat, self.refresh)
        return GridPanel(self.seat, self.refresh)

    def refresh(self) -> None:
        """Ask how the exchange stands."""
        self.seat.ask(lambda: (desk.state(self.seat.desk), desk.setting(self.seat.desk, ASKED, "")), self._show, key="state")
        if self.is_office:
            self.stick.refresh()

    def arrive(self, view: str = "", path: Path | None = None, **_: Any) -> None:
        """Open a view, or take a bundle."""
        if view in VIEWS:
            self.view(view)
        if path:
            self.view("stick")
            self.stick.take([path])

    def view(self, key: str) -> None:
        """Show one of the two."""
        names = ("收发", "往来记录")
        self.views.show_chips([(each, name, None) for each, name in zip(VIEWS, names, strict=True)], key)
        self.stack.setCurrentIndex(VIEWS.index(key))

    def _show(self, found: tuple[Any, str]) -> None:
        state, asked = found
        self.history.put(state.bundles)
        if self.is_office:
            self.subtitle.setText(f"已加入“{state.centre}”" if state.enrolled else "收各网格的上报包，生成回执包，派发事项。")
        else:
            self.subtitle.setText(f"已加入“{state.centre}”" if state.enrolled else "还没有加入中心")
        self.stick.show_state(state, bool(asked))


class GridPanel(QWidget):
    """收发: joining in three steps, then handing up and taking back."""

    def __init__(self, seat: Seat, again: Any, centre: str = "中心") -> None:
        super().__init__()
        self.seat, self._again, self.centre = seat, again, centre
        self.facts = label("", "hint", wrap=True, selectable=True)
        self.locked: Path | None = None
        self.words, self.own_words = words_line(), label("", "sub", wrap=True, selectable=True)
        self.results = Results(seat)
        self.waiting, self.sent, self.taken = label("", "figure"), label("", "sub"), label("", "sub", wrap=True)
        self.breakdown = label("", "sub", wrap=True)
        self.make = button("生成上报包", "primary", self.ask_where)
        self.stages = QStackedWidget()
        self.stages.addWidget(self._joining())
        self.stages.addWidget(self._joined())
        self.moved = MovedHomes(seat)
        self.setLayout(column(scroll(holding(column(self.stages, self.results, self.moved, None, gap=14)))))

    def _joining(self) -> QWidget:
        first = step_card("第一步", "生成申请文件", f"存到 U 盘，送到{self.centre}。", row(button("申请加入", "primary", self.join), None))
        second = step_card("第二步", "核对六个词", f"{self.centre}的同志会读出六个词，和下面的一样才可以登记：", self.words)
        third = step_card("第三步", "收取答复", f"把{self.centre}给的答复文件收进来，就加入好了。", row(button("收取文件", then=self.pick), None))
        return in_columns(first, second, third)

    def _joined(self) -> QWidget:
        up = card(
            label("上报", "section"), self.waiting, label("条改动未确认", "sub"), self.breakdown, self.sent, row(self.make, None),
            label("插上 U 盘，生成到 U 盘里；看到“可以拔出”再拔。没有确认的改动，下次会自动再带上，不会漏也不会重。", "sub", wrap=True), gap=8,
        )
        down = card(
            label("收取", "section"), label(f"{self.centre}给的回执包、答复文件都从这里收。", "sub", wrap=True), self.taken,
            row(button("收取文件", then=self.pick), None),
            label("收取前会核对是不是您的中心发的、有没有损坏；不对就一点也不写入。", "sub", wrap=True), self.own_words, self.facts,
            label("数据和中心对不上，或者中心换过电脑、从备份恢复过，可以重新全部发送；已有的不会重复。", "sub", wrap=True),
            row(button("重新全部发送", "link", self.start_over), None), gap=8,
        )
        return in_columns(up, down)

    def start_over(self) -> None:
        """Send everything again, both ways."""
        self.seat.ask(lambda: desk.start_over(self.seat.desk), self._over)

    def _over(self, name: str) -> None:
        text = f"好了。下一个上报包会带上全部记录，“{name}”收到后也会再发一次全部；已有的不会重复。请现在生成上报包。"
        self.results.put([(True, text)])
        self._again()

    def show_state(self, state: Any, asked: bool) -> None:
        """An ExchangeState; asked: the request was written, so that the words are this desk's for good."""
        self.moved.refresh()
        self.stages.setCurrentIndex(1 if state.enrolled else 0)
        self.words.setText(three_and_three(state.words) if asked else "生成申请文件以后显示")
        classed(self.words, "code" if asked else "sub")
        self.own_words.setText(f"本机的六个核对词：{state.words}")
        self.waiting.setText(f"{state.unconfirmed:,}")
        self.facts.setText("".join(state.facts))
        self.facts.setVisible(bool(state.facts))
        self.breakdown.setText(" · ".join(f"{word} {count:,}" for word, count in state.breakdown))
        self.breakdown.setToolTip("待导出：还没有写进上报包。已导出：写进了上报包，还没有收到回执。已送达：回执说中心收到了，还没有核对。")
        self.sent.setText(f"上次上报：{state.last_sent}" if state.last_sent else "还没有上报过。")
        self.taken.setText(f"上次收取：{state.last_taken}" if state.last_taken else "还没有收过。")

    def join(self) -> None:
        """Ask where the request goes."""
        if folder := choosing.folder(self, self.seat, "申请文件存到哪里（例如 U 盘）", "stick"):
            self.join_into(folder)

    def join_into(self, folder: Path) -> None:
        """Write the request there."""
        self.seat.work(lambda step: asked_to_join(self.seat.desk, folder), self._asked, text="正在写申请文件……")

    def _asked(self, path: Path) -> None:
        self.results.put([(True, f"申请文件已写到 {path.name}，可以拔出 U 盘了。请送到中心，并当面核对六个词。")], path.parent)
        self._again()

    def ask_where(self) -> None:
        """Ask for the stick."""
        if folder := choosing.folder(self, self.seat, "上报包存到哪里（例如 U 盘）", "stick"):
            self.make_into(folder)

    def make_into(self, folder: Path) -> None:
        """Write a bundle there."""
        self.make.setEnabled(False)
        job = self.seat.work(lambda step: desk.make_bundle(self.seat.desk, folder, step), self._made, text="正在生成上报包……", slow=SLOW_STICK)
        job.ended.connect(lambda: self.make.setEnabled(True))

    def _made(self, made: Any) -> None:
        what = f"{made.path.name}，{made.rows:,} 条，{size(made.bytes)}"
        self.results.put([(True, f"上报包写好并核对过了：{what}。可以拔出 U 盘了，请送到中心。{made.warning}")], made.path.parent)
        self._again()

    def pick(self) -> None:
        """Ask for files."""
        if paths := choosing.files(self, self.seat, "选择收到的文件", choosing.BUNDLES, "stick"):
            self.take(paths)

    def take(self, paths: list[Path]) -> None:
        """Take these in, one after the other; what fails does not hold up the rest."""
        self.seat.work(lambda step: [self._take(path, step) for path in paths], self._took, text="正在核对并收取……", slow=SLOW_STICK)

    def _take(self, path: Path, step: Any) -> tuple[bool, str]:
        from gridapp.rules.reading import Trouble

        try:
            return True, desk.take(self.seat.desk, path, step).sentence
        except Trouble as trouble:
            self.locked = path if trouble.code == "needs_password" else self.locked
            return False, f"{path.name}：{trouble.text}"

    def _took(self, lines: list[tuple[bool, str]]) -> None:
        self.results.put(lines)
        self.seat.changed.emit(EVERYTHING)
        self._again()
        if self.locked:
            self.seat.go("loan", path=self.locked)
            self.locked = None


def asked_to_join(at: Any, folder: Path) -> Path:
    """Write the request, and remember that it was."""
    path = desk.ask_to_join(at, folder)
    desk.put_setting(at, ASKED, "1")
    return path
