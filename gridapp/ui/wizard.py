"""The first run, in five steps: names, password, recovery code, data to begin with, backups; or a way back from a backup, or the sample data."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridapp import desk
from gridapp.ui import safe_copies, sample
from gridapp.ui.gate_card import RestorePanel, centred, gate_card
from gridapp.ui.recovery_page import RecoveryPage
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, ground, holding, label, row
from gridapp.ui.wizard_steps import BackupPage, BeginPage, NamePage, PasswordPage

TITLES = ("先认识一下", "设一个密码", "收好恢复码", "从哪里开始", "备份放在哪里")
NAMES, WORD, CODE, BEGIN, BACKUP = range(5)
PAGE_HEIGHT = 330  # room for the tallest step, so that the card does not jump from step to step


class Wizard(QWidget):
    """opened carries the desk. cost: Argon2id's work, for tests."""

    opened = Signal(object)

    def __init__(self, seat: Seat, cost: Any = None) -> None:
        super().__init__()
        ground(self)
        self.seat, self._cost = seat, cost
        self.names, self.word = NamePage(), PasswordPage(self.forward)
        self.code = RecoveryPage(seat, self._matched)
        self.begin, self.backup = BeginPage(seat), BackupPage(seat)
        self.pages = QStackedWidget()
        self.pages.setMinimumHeight(PAGE_HEIGHT)
        for page in (self.names, self.word, self.code, self.begin, self.backup):
            self.pages.addWidget(page)
        self.at, self.title = label("", "sub"), label("", "title")
        self.note = label("", "fault", wrap=True)
        self.back, self.next = button("上一步", then=self.backward), button("下一步", "primary", self.forward)
        restore = button("从备份恢复", "link", lambda: self.stages.setCurrentIndex(1))
        self.others = holding(row(restore, button("先看示例数据", "link", self.show_sample), None, gap=4))
        steps = gate_card(row(self.title, None, self.at), self.pages, self.note, row(self.others, None, self.back, self.next))
        self.stages = QStackedWidget()
        self.stages.addWidget(steps)
        self.stages.addWidget(gate_card(RestorePanel(seat, self.opened.emit, lambda: self.stages.setCurrentIndex(0)), None))
        self.setLayout(centred(self.stages))
        for line in (self.names.grid, self.names.who, self.code.typed):
            line.returnPressed.connect(self.forward)
        self._show(NAMES)

    @property
    def step(self) -> int:
        """Which of the five, from 0."""
        return self.pages.currentIndex()

    def _show(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.title.setText(TITLES[step])
        self.at.setText(f"第 {step + 1} 步，共 {len(TITLES)} 步")
        self._say("")
        # Once the store is made there is no way back to its name and password; settings can change them.
        self.back.setVisible(step in (WORD, BACKUP))
        self.others.setVisible(step == NAMES)
        self.next.setText({WORD: "建立数据", BACKUP: "完成，进入窗口"}.get(step, "下一步"))
        self.next.setEnabled(step != CODE or self.code.matches)
        self.pages.currentWidget().setFocus()

    def _say(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def backward(self) -> None:
        """One step back."""
        self._show(self.step - 1)

    def forward(self) -> None:
        """One step on, when this one is filled in."""
        if not self.next.isEnabled():
            return
        if self.step == NAMES and self.names.ready():
            self._show(WORD)
        elif self.step == WORD and self.word.ready():
            self._make()
        elif self.step == CODE:
            self._show(BEGIN)
        elif self.step == BEGIN:
            self._after_begin()
        elif self.step == BACKUP:
            self._finish()

    def _make(self) -> None:
        grid, who, role, password = self.names.grid.text(), self.names.who.text(), self.names.role, self.word.first.text
        self._busy("正在建立……")
        self.seat.ask(
            lambda: desk.init(self.seat.folder, password, grid_name=grid, who=who, role=role, cost=self._cost), self._made, failed=self._failed
        )

    def _made(self, made: tuple[Any, str]) -> None:
        # The seat has it from here on, so that closing the window in the middle of these steps closes the store as well.
        self.seat.desk, code = made
        self.word.forget()
        self._show(CODE)
        self.code.show_code(code, self.seat.desk.grid_name, self.seat.desk.today().isoformat())

    def _busy(self, text: str) -> None:
        self.next.setEnabled(False)
        self.next.setText(text)
        self._say("")

    def _failed(self, trouble: Any) -> None:
        self._show(self.step)
        self._say(trouble.text)

    def _matched(self, matched: bool) -> None:
        if self.step == CODE:
            self.next.setEnabled(matched)

    def _after_begin(self) -> None:
        if self.begin.take_in.isChecked() and not self.begin.files:
            self.begin.pick()
            if not self.begin.files:
                self._say("还没有选择文件。请选择台账文件，或改选“以后再说”。")
                return
        self._show(BACKUP)

    def _finish(self) -> None:
        self._busy("正在备份……" if self.backup.now.isChecked() else "正在打开……")
        target, now = self.backup.target, self.backup.now.isChecked()
        self.seat.ask(lambda: safe_copies.settle(self.seat.desk, target, now), self._enter, failed=self._failed)

    def _enter(self, _: Any) -> None:
        if self.begin.sample.isChecked():
            self.seat.stand_up(self.show_sample)
            return
        files, opened = self.begin.files if self.begin.take_in.isChecked() else [], self.seat.desk
        seat = self.seat
        self.opened.emit(opened)
        if files:
            seat.go("intake", files=files)

    def show_sample(self) -> None:
        """Open the sample data, made first where there are none."""
        folder, cost = self.seat.folder, self._cost
        self.seat.work(
            lambda step: sample.open_sample(folder, step, cost), self.opened.emit, text="正在准备示例数据……", failed=self._failed, parent=self
        )
