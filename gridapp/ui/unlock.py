"""The unlock page: password or recovery code; five wrong tries in a row cost a wait; a way back from a backup."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gridapp import desk
from gridapp.ui.gate_card import RestorePanel, SecretLine, centred, gate_card
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, ground, label, row

TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 15, 240  # tries, seconds, seconds
WORDS = {False: "密码", True: "恢复码"}


def wait_after(wrong: int) -> int:
    """Seconds to wait after so many wrong tries: none before the fifth, then 15, 30, 60 ... at most 240."""
    return 0 if wrong < TRIES else min(FIRST_WAIT << (wrong - TRIES), LONGEST_WAIT)


class Unlock(QWidget):
    """opened carries the desk."""

    opened = Signal(object)

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self)
        self.seat = seat
        self.wrong, self.wait = 0, 0
        self.by_code = False
        self.title = label("请输入密码", "title")
        self.hint = label("", "sub", wrap=True)
        self.secret = SecretLine("密码", self.open)
        self.start = button("打开", "primary", self.open)
        self.other = button("忘了密码？用恢复码", "link", self._turn)
        self.restore = button("从备份恢复", "link", self.from_backup)
        self.stages = QStackedWidget()
        self.stages.addWidget(gate_card(self.title, self.hint, self.secret, row(None, self.start), row(self.other, None, self.restore)))
        self.setLayout(centred(self.stages))
        self._second = QTimer(self, interval=1000)  # type: ignore[call-arg]
        self._second.timeout.connect(self._count_down)
        self._word()
        self.secret.setFocus()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.secret.setFocus()

    def from_backup(self) -> None:
        """Show the way back from a backup; made when first asked for, so that the card is no taller than its password line."""
        if self.stages.count() == 1:
            self.stages.addWidget(gate_card(RestorePanel(self.seat, self.opened.emit, lambda: self.stages.setCurrentIndex(0))))
        self.stages.setCurrentIndex(1)

    def _turn(self) -> None:
        self.by_code = not self.by_code
        self.secret.line.clear()
        self.secret.say("")
        self._word()
        self.secret.setFocus()

    def _word(self) -> None:
        self.title.setText(f"请输入{WORDS[self.by_code]}")
        self.secret.line.setAccessibleName(WORDS[self.by_code])
        self.secret.reveal(self.by_code)
        self.secret.line.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX" if self.by_code else "")
        self.other.setText("改用密码" if self.by_code else "忘了密码？用恢复码")
        code = "恢复码是首次设置时打印的六组字母和数字；大小写、横线都不要紧。打开以后请到“设置与体检”换一个新密码。"
        self.hint.setText(code if self.by_code else "数据在这台电脑上是加密的，输入密码才能打开。")

    def open(self) -> None:
        """Try what is typed."""
        if not self.start.isEnabled():
            return
        secret = self.secret.text.strip() if self.by_code else self.secret.text
        if not secret:
            self.secret.say(f"还没有输入{WORDS[self.by_code]}。请输入后再点“打开”。")
            return
        self.secret.say("")
        self._busy(True)
        self.seat.ask(lambda: desk.open_desk(self.seat.folder, secret), self.opened.emit, failed=self._failed)

    def _busy(self, busy: bool) -> None:
        self.start.setEnabled(not busy)
        self.start.setText("正在打开……" if busy else "打开")

    def _failed(self, trouble: Any) -> None:
        self._busy(False)
        self.secret.line.selectAll()
        self.secret.setFocus()
        if trouble.code != "wrong_password":
            self.secret.say(trouble.text)
            return
        self.wrong += 1
        self.wait = wait_after(self.wrong)
        if self.wait:
            self._second.start()
            self._count_down()
        else:
            self.secret.say(trouble.text)

    def _count_down(self) -> None:
        if self.wait <= 0:
            self._second.stop()
            self.start.setEnabled(True)
            self.secret.say("可以再试了。")
            return
        self.start.setEnabled(False)
        self.secret.say(f"已经输错 {self.wrong} 次。请等 {self.wait} 秒再试；想不起来可以用恢复码。")
        self.wait -= 1
