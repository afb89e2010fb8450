"""查重: people who are probably kept twice, the two side by side, and what the user says of them."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.records import BY_NAME
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.comparison_view import ComparisonView, certainty
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Chips, button, card, clear, empty, ground, holding, label, row, scroll, shortcut

ROWS = (Heading("把握", 96), Heading("谁"))
VIEWS = {"all": "要看的", "certain": "确定", "likely": "可能", "later": "以后再说"}
RULES = "身份证号相同的是“确定”；姓名、出生年月和电话（或住户、住址）都对得上的是“可能”。只是名字像的不算。"
WORDS = "程序只提醒，不会自己合并。请看一眼是不是同一个人：合并以后，两条名下的同意、服务类别等都归到一条，随时可以撤销。"


class DuplicatesPage(QWidget):
    """The page. arrive(key=...) opens one pair."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.pairs: list[Any] = []
        self.shown: list[Any] = []
        self.later: set[str] = set()
        self._wanted, self._keep_at = "", 0
        self.count = label("", "sub")
        self.chips, self.table, self.view = Chips(), CellsTable("可能重复的人", *ROWS), ComparisonView(seat)
        self.chips.chosen.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.merge_button = button("合并成一条", "primary", self.merge, tip="Ctrl+S")
        self.apart_button = button("不是同一人", "plain", self.set_apart)
        self.later_button = button("以后再说", "plain", self.put_off)
        shortcut("Ctrl+S", self, self.merge)
        self._lay_out()

    def _lay_out(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 18, 24, 14)
        page.setSpacing(12)
        page.addLayout(row(label("查重", "title"), self.count, None, button("返回居民", then=lambda: self.seat.go("resident"))))
        self.words = label(WORDS, "sub", wrap=True)
        page.addWidget(self.words)
        page.addWidget(self.chips)
        self.buttons = holding(row(self.later_button, None, self.apart_button, self.merge_button))
        self.side = card(scroll(self.view), self.buttons, gap=10)
        body = row(self.table, self.side, gap=14)
        body.setStretch(0, 38)
        body.setStretch(1, 62)
        self.nothing = QVBoxLayout()
        self.stages = QStackedWidget()
        self.stages.addWidget(holding(body))
        self.stages.addWidget(holding(self.nothing))
        page.addWidget(self.stages, 1)

    def arrive(self, key: str = "", **_: Any) -> None:
        """Open a pair."""
        self._wanted = key

    def refresh(self) -> None:
        """Search again."""
        self.seat.ask(lambda: (desk.pairs(self.seat.desk), desk.looked_at(self.seat.desk)), self._show, key="pairs")

    def _show(self, found: tuple[list[Any], dict[str, int]]) -> None:
        self.pairs, looked = found
        self.count.setText("查过" + "、".join(f"{BY_NAME[record].title} {count:,} 人" for record, count in looked.items()))
        self._filter(self.chips.current if self.chips.current and not self._wanted else "all")

    def _fits(self, pair: Any, view: str) -> bool:
        put_off = pair.key in self.later
        return put_off if view == "later" else not put_off and (view == "all" or (view == "certain") == pair.certain)

    def _filter(self, view: str) -> None:
        counts = [(key, text, sum(self._fits(pair, key) for pair in self.pairs)) for key, text in VIEWS.items()]
        self.chips.show_chips(counts, view)
        self.shown = [pair for pair in self.pairs if self._fits(pair, view)]
        self.table.put([(certainty(pair)[0], _who(pair)) for pair in self.shown], {(at, 0) for at, pair in enumerate(self.shown) if pair.certain})
        self._nothing(view)
        if self.shown:
            at = next((at for at, pair in enumerate(self.shown) if pair.key == self._wanted), min(self._keep_at, len(self.shown) - 1))
            self._wanted = ""
            self.table.selectRow(at)

    def _nothing(self, view: str) -> None:
        self.stages.setCurrentIndex(0 if self.shown else 1)
        self.chips.setVisible(bool(self.pairs))
        self.words.setVisible(bool(self.pairs))
        if self.shown:
            return
        clear(self.nothing)
        self.nothing.addWidget(card(self._none_here(view) if self.pairs else self._none_at_all()))

    def _none_at_all(self) -> QWidget:
        done = f"{self.count.text()}，没有可能重复的人。{RULES}以后导入台账或收到数据包，有了新的会再提醒。"
        return empty("没有可能重复的人", done, button("导入台账", "plain", lambda: self.seat.go("intake")))

    def _none_here(self, view: str) -> QWidget:
        left = sum(self._fits(pair, "later") for pair in self.pairs)
        said = f"还有 {left} 对放在“以后再说”里。" if left else "换一个筛选看看。"
        return empty("这里没有要看的", said, button("看全部", "plain", lambda: self._filter("later" if left else "all")))

    @property
    def pair(self) -> Any:
        """The pair that is chosen, None when none is."""
        at = self.table.chosen()
        return self.shown[at[0]] if at and at[0] < len(self.shown) else None

    def _choose(self) -> None:
        pair = self.pair
        self.buttons.setEnabled(False)
        if pair is not None:
            self.seat.ask(lambda: desk.compare(self.seat.desk, pair), self._compared, key="compare")

    def _compared(self, comparison: Any) -> None:
        self.view.show_comparison(comparison)
        self.merge_button.setEnabled(not comparison.why_not)
        self.buttons.setEnabled(True)

    def merge(self) -> None:
        """Make one of the two, with the values chosen."""
        comparison = self.view.comparison
        if comparison is None or not self.merge_button.isEnabled() or not self.buttons.isEnabled():
            return
        pair, chosen = comparison.pair, self.view.chosen()
        text = f"{pair.left[1].split()[0]} 的两条记录已合并。"
        self._say(lambda: desk.merge(self.seat.desk, pair.record, pair.left[0], pair.right[0], chosen), text)

    def set_apart(self) -> None:
        """They are two people."""
        if pair := self.pair:
            text = "记住了：这是两个人，以后不再提醒。"
            self._say(lambda: desk.set_apart(self.seat.desk, pair.record, pair.left[0], pair.right[0]), text)

    def put_off(self) -> None:
        """Not now: out of the way until this page is asked for it."""
        if pair := self.pair:
            self._keep_at = self.table.chosen()[0]
            self.later ^= {pair.key}
            self._filter(self.chips.current)

    def _say(self, verb: Any, text: str) -> None:
        self._keep_at = (self.table.chosen() or [0])[0]
        self.buttons.setEnabled(False)
        self.seat.ask(verb, lambda kept: self._said(kept, text), failed=self._failed)

    def _said(self, kept: Any, text: str) -> None:
        if kept.saved:
            self.seat.kept(kept, frozenset(BY_NAME), text)
        else:
            self.seat.say("没有合并：" + "".join(fault.text + fault.hint for fault in kept.faults))
        self.refresh()

    def _failed(self, trouble: Any) -> None:
        self.seat.trouble(trouble)
        self.refresh()


def _who(pair: Any) -> str:
    """Both titles; the name once where it is the same."""
    (_, left), (_, right) = pair.left, pair.right
    name, _, place = right.partition(" ")
    return f"{left} / {place or right}" if left.startswith(f"{name} ") else f"{left} / {right}"
