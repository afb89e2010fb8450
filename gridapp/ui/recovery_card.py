"""恢复码: a new one where the paper was lost or never printed; the old one is void at once."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame

from gridapp import desk
from gridapp.ui.gate_card import SecretLine
from gridapp.ui.recovery_page import RecoveryPage
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, column, label, row

WORDS = "打印的恢复码丢了，或者当初没有抄下来，可以生成新的；旧的从此打不开数据。"


class RecoveryCard(QFrame):
    """Asks for the password, then shows the new code to print or save."""

    def __init__(self, seat: Seat, cost: Any = None) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat, self._cost = seat, cost
        self.secret = SecretLine("现在的密码", self.renew)
        self.start = button("生成新的恢复码", then=self.renew)
        self.page = RecoveryPage(seat, lambda _: None)
        self.page.hide()
        box = column(label("恢复码", "section"), label(WORDS, "sub", wrap=True), self.secret, row(None, self.start), self.page, gap=8)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def renew(self) -> None:
        """Make a new one, or say what is missing."""
        secret = self.secret.text
        self.secret.say("" if secret else "请先输入现在的密码。")
        if not secret or not self.start.isEnabled():
            return
        self.start.setEnabled(False)
        made = self.seat.ask(
            lambda: desk.renew_recovery_code(self.seat.desk, secret, self._cost), self._made, failed=lambda trouble: self.secret.say(trouble.text)
        )
        made.ended.connect(lambda: self.start.setEnabled(True))

    def _made(self, code: str) -> None:
        self.secret.line.clear()
        self.page.show_code(code, self.seat.desk.grid_name, self.seat.desk.today().isoformat())
        self.page.show()
