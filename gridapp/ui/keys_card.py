"""更换本机密钥, and at a centre 停用设备: who may exchange with whom, and by which keys."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QLineEdit, QMessageBox, QWidget

from gridapp.desk import keys
from gridapp.ui.cells import CellsTable, Heading
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, card, column, holding, label, row

WORDS = "电脑送修、借出以后，可以换一套新密钥。以前收到的包还能打开，也不用重新登记。"
DEVICES = (Heading("网格", 150), Heading("编号", 80), Heading("状态", 100), Heading("六个核对词"))
WITHDRAW = "电脑丢了、被盗，或者人员离岗，就停用它：它再交来的包会原样放在一边，由您在“待核对”里决定放行还是丢弃。停错了可以恢复。"


class KeysCard(QFrame):
    """Asks once more, makes new keys, and says what to do next."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.said = label("", wrap=True, selectable=True)
        self.said.hide()
        self.start = button("更换本机密钥", then=self.ask)
        parts = (label("本机密钥", "section"), label(WORDS, "sub", wrap=True), label(keys.stolen(seat.desk), "sub", wrap=True), self.said)
        box = column(*parts, row(None, self.start), gap=8)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def ask(self) -> None:
        """Once more, since the six words change."""
        text = "更换以后，本机的六个核对词也会变，下一次和对方交换文件时双方自动认得。现在更换吗？"
        buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
        if QMessageBox.question(self, "更换本机密钥", text, buttons) == QMessageBox.StandardButton.Yes:
            self.rotate()

    def rotate(self) -> None:
        """Make new keys."""
        self.start.setEnabled(False)
        job = self.seat.ask(lambda: keys.rotate_keys(self.seat.desk), self._done)
        job.ended.connect(lambda: self.start.setEnabled(True))

    def _done(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()


class DevicesCard(QFrame):
    """The computers this centre enrolled; one is withdrawn with a reason, or taken back."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.devices: list[Any] = []
        self.table = CellsTable("登记过的电脑", *DEVICES)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.why, self.said = QLineEdit(), label("", wrap=True, selectable=True)
        self.why.setPlaceholderText("停用的原因，例如：电脑丢失")
        self.why.setAccessibleName("停用的原因")
        self.why.setMaxLength(100)
        self.said.hide()
        self.withdraw, self.back = button("停用", then=self.revoke), button("恢复", then=self.reinstate)
        actions = row(self.why, self.withdraw, self.back)
        box = column(label("登记过的电脑", "section"), label(WITHDRAW, "sub", wrap=True), self.table, actions, self.said, gap=8)
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)

    def refresh(self) -> None:
        """Ask again."""
        from gridapp.office import withdrawing

        self.seat.ask(lambda: withdrawing.devices(self.seat.desk), self._show, key="devices")

    def _show(self, devices: list[Any]) -> None:
        self.devices = devices
        self.table.put([(each.name, each.scope.rsplit("/", 1)[-1], "已停用" if each.withdrawn else "在用", each.words) for each in devices])
        self._choose()

    @property
    def chosen(self) -> Any:
        """The computer selected, None when none is."""
        at = self.table.chosen()
        return self.devices[at[0]] if at else None

    def _choose(self) -> None:
        chosen = self.chosen
        self.withdraw.setEnabled(bool(chosen) and not chosen.withdrawn)
        self.back.setEnabled(bool(chosen) and chosen.withdrawn)

    def revoke(self) -> None:
        """Withdraw the one chosen."""
        from gridapp.office import withdrawing

        meant, why = self.chosen, self.why.text()
        if meant:
            self.seat.ask(lambda: withdrawing.revoke(self.seat.desk, meant.id, why), self._done, failed=lambda trouble: self._say(trouble.text))

    def reinstate(self) -> None:
        """Take the one chosen back."""
        from gridapp.office import withdrawing

        meant = self.chosen
        if meant:
            self.seat.ask(lambda: withdrawing.reinstate(self.seat.desk, meant.id), self._done, failed=lambda trouble: self._say(trouble.text))

    def _done(self, text: str) -> None:
        self.why.clear()
        self._say(text)
        self.refresh()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.show()


def trust_view(seat: Seat) -> tuple[QWidget, DevicesCard | None]:
    """设备与密钥: this computer's keys, at a centre the others' computers, and the way to 借用包."""
    words = "借来的、没有登记的电脑，用密码带出它的内容；收到这样的文件，也在那里逐条核对。"
    lent = card(label("借用包", "section"), label(words, "sub", wrap=True), row(None, button("打开借用包", then=lambda: seat.go("loan"))), gap=8)
    devices = DevicesCard(seat) if seat.desk and seat.desk.role == "office" else None
    own = holding(column(KeysCard(seat), lent, None, gap=14))
    body = row(own, *([holding(column(devices))] if devices else [None]), gap=14)
    body.setStretch(0, 2)
    body.setStretch(1, 3)
    return holding(body), devices
