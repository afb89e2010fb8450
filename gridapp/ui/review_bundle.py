"""借用包: a borrowed laptop's rows under a password. Make one here, or open one: each row beside ours, and only the chosen ones are kept."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gridapp.desk import loan
from gridapp.rules.reading import Trouble
from gridapp.ui import choosing
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.exchange_parts import Results, in_columns
from gridapp.ui.gate_card import SecretLine
from gridapp.ui.seat import Seat
from gridapp.ui.secret import SECONDS
from gridapp.ui.widgets import Chips, button, card, column, ground, holding, label, row, timer

ROWS = (Heading("情况", 90), Heading("记录", 220), Heading("不同之处"))
FIELDS = (Heading("内容", 130), Heading("本机"), Heading("借用包"))
STATES = {"new": "新增", "changed": "不同", "same": "相同"}
MAKE = "在借来的、没有登记过的电脑上记的内容，可以用密码封成一个文件带回来。密码请当面或打电话告诉对方，不要写在 U 盘上。"
OPEN = "收到借用包，输入密码打开，逐条和本机对照；选中的才收下，没有选的不会写入。收下以后还可以撤销。"
WORDS = "借用包没有经过登记，程序不能证明它是谁做的，请逐条看过再收。"


class ReviewBundlePage(QWidget):
    """arrive(path=...) asks for that file's password. cost: Argon2id's work, for tests."""

    def __init__(self, seat: Seat, cost: Any = None) -> None:
        super().__init__()
        ground(self)
        self.seat, self._cost = seat, cost
        self.path: Path | None = None
        self.review: Any = None
        self.shown: list[Any] = []
        self.make_word, self.open_word = SecretLine("借用包的密码（至少 8 位）", self.ask_where), SecretLine("借用包的密码", self.open)
        self.make_button, self.open_button = button("生成借用包", then=self.ask_where), button("打开核对", "primary", self.open)
        self.file, self.results = label("还没有选文件。", "sub", wrap=True), Results(seat)
        self.about, self.chips = label("", "sub", wrap=True), Chips()
        self.table, self.fields = CellsTable("借用包里的记录", *ROWS), CellsTable("逐项对照", *FIELDS)
        self.take_button = button("收下选中的", "primary", self.take)
        self.eye = button("显示", "link", self.turn, name="显示遮住的内容")
        self._timer = timer(self, SECONDS * 1000, self._choose)
        self.chips.chosen.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.stages = QStackedWidget()
        self.stages.addWidget(self._start())
        self.stages.addWidget(self._compare())
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 18, 24, 14)
        box.setSpacing(12)
        box.addLayout(row(label("借用包", "title"), None, button("返回交换", then=lambda: self.seat.go("exchange"))))
        box.addWidget(self.stages, 1)

    def _start(self) -> QWidget:
        word = label("密码（至少 8 位）", "small")
        make = card(label("做一个", "section"), label(MAKE, "sub", wrap=True), word, self.make_word, row(self.make_button, None), gap=10)
        pick = button("选文件", then=self.pick)
        there = row(pick, self.file, None)
        word = label("对方告诉您的密码", "small")
        here = card(label("收一个", "section"), label(OPEN, "sub", wrap=True), there, word, self.open_word, row(self.open_button, None), gap=10)
        return holding(column(in_columns(here, make), self.results, None, gap=14))

    def _compare(self) -> QWidget:
        side = card(row(label("逐项对照", "section"), None, self.eye), self.fields, row(None, self.take_button), gap=10)
        body = row(self.table, side, gap=14)
        body.setStretch(0, 55)
        body.setStretch(1, 45)
        whole = button("全选", "link", self.table.selectAll)
        box = column(self.about, row(self.chips, None, whole, button("不收了", then=self.leave_review)), body, gap=10)
        box.setStretch(2, 1)
        return holding(box)

    def arrive(self, path: Path | None = None, **_: Any) -> None:
        """Begin with a file."""
        if path:
            self.choose(path)

    def pick(self) -> None:
        """Ask for a file."""
        if path := choosing.file(self, self.seat, "选择借用包", choosing.BUNDLES, "stick"):
            self.choose(path)

    def choose(self, path: Path) -> None:
        """This file; its password is asked next."""
        self.path = path
        self.stages.setCurrentIndex(0)
        self.file.setText(path.name)
        self.open_word.say("")
        self.open_word.setFocus()

    def ask_where(self) -> None:
        """Ask for the stick."""
        if len(self.make_word.text) < loan.LEAST_PASSWORD:
            self.make_word.say(f"密码至少要 {loan.LEAST_PASSWORD} 位。")
            return
        if folder := choosing.folder(self, self.seat, "借用包存到哪里（例如 U 盘）", "stick"):
            self.make_into(folder)

    def make_into(self, folder: Path) -> None:
        """Write one there."""
        word = self.make_word.text
        self.make_word.say("")
        self.make_button.setEnabled(False)
        job = self.seat.work(
            lambda step: loan.make_password_bundle(self.seat.desk, folder, word, self._cost), self._made, text="正在生成借用包……",
            failed=lambda trouble: self.make_word.say(trouble.text),
        )
        job.ended.connect(lambda: self.make_button.setEnabled(True))

    def _made(self, made: tuple[Path, int]) -> None:
        path, count = made
        self.make_word.line.clear()
        self.results.put([(True, f"借用包 {path.name} 写好并核对过了，{count:,} 条。可以拔出 U 盘了；密码请另外告诉对方。")], path.parent)

    def open(self) -> None:
        """Open the file by the password and lay it beside ours."""
        path, word = self.path, self.open_word.text
        if path is None or not word or not self.open_button.isEnabled():
            self.open_word.say("请先选文件。" if path is None else "请输入密码。")
            return
        self.open_word.say("")
        self.open_button.setEnabled(False)
        job = self.seat.work(lambda step: loan.review_bundle(self.seat.desk, path, word), self._show, text="正在打开借用包……", failed=self._failed)
        job.ended.connect(lambda: self.open_button.setEnabled(True))

    def _failed(self, trouble: Trouble) -> None:
        self.open_word.say(trouble.text)

    def _show(self, review: Any) -> None:
        self.review = review
        self.open_word.line.clear()
        unfit = f"有 {review.unfit} 条本机读不了，没有列出。" if review.unfit else ""
        self.about.setText(f"“{review.made_by}”于 {review.made_at} 做的，共 {len(review.rows):,} 条。{unfit}{WORDS}")
        self.stages.setCurrentIndex(1)
        self._filter("new" if self._of("new") else "changed" if self._of("changed") else "same")

    def _of(self, state: str) -> list[Any]:
        return [each for each in self.review.rows if each.state == state]

    def _filter(self, state: str) -> None:
        self.chips.show_chips([(key, text, len(self._of(key))) for key, text in STATES.items()], state)
        self.shown = self._of(state)
        self.table.put([(STATES[each.state], each.title, "、".join(name for name, _, _ in each.fields)) for each in self.shown])
        if self.shown:
            self.table.selectRow(0)
        self._choose()

    def _choose(self) -> None:
        chosen = [self.shown[at] for at in self.table.chosen() if at < len(self.shown)]
        self._timer.stop()
        self.eye.setText("显示")
        self.eye.setVisible(bool(chosen and chosen[0].masked))
        self.fields.put(chosen[0].fields if chosen else [])
        wanted = [each for each in chosen if each.state != "same"]
        self.take_button.setText(f"收下选中的 {len(wanted)} 条" if wanted else "收下选中的")
        self.take_button.setEnabled(bool(wanted))

    def turn(self) -> None:
        """The first chosen row's values in full for thirty seconds, or masked again."""
        if self._timer.isActive():
            self._choose()
        elif self.table.chosen():
            review, key = self.review, self.shown[self.table.chosen()[0]].key
            self.seat.ask(lambda: loan.reveal_row(self.seat.desk, review, key), self._reveal)

    def _reveal(self, fields: loan.Fields) -> None:
        self.fields.put(fields)
        self.eye.setText("隐藏")
        self._timer.start()

    def take(self) -> None:
        """Keep the chosen rows."""
        review, keys = self.review, [self.shown[at].key for at in self.table.chosen() if self.shown[at].state != "same"]
        if keys and self.take_button.isEnabled():
            self.take_button.setEnabled(False)
            self.seat.ask(lambda: loan.accept_review(self.seat.desk, review, keys), lambda done: self._took(done, set(keys)))

    def _took(self, done: Any, keys: set[str]) -> None:
        self.seat.kept(done, done.records, done.sentence)
        self.review = loan.without(self.review, keys)
        if any(each.state != "same" for each in self.review.rows):
            self._filter(self.chips.current if self._of(self.chips.current) else "new" if self._of("new") else "changed")
        else:
            self.leave_review()

    def leave_review(self) -> None:
        """Back to the beginning; what was not chosen is not kept."""
        self.review, self.path = None, None
        self.file.setText("还没有选文件。")
        self.stages.setCurrentIndex(0)
