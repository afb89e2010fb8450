"""升级: pick a package, read what is new, back up and install; the new version runs from the next start on."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame

import gridapp
from gridapp import desk
from gridapp.rules.reading import Trouble
from gridapp.ui import choosing
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, classed, column, label, row

if TYPE_CHECKING:
    from gridapp.update.package import Offer

WORDS = "把新版的升级包（.gup）用 U 盘拷来，在这里选它。会先核对签名、备份数据，新版自检通过才换上；不通过就还用现在的版本。"


class UpdateCard(QFrame):
    """One package at a time; what is said of it stands in the card until another is picked."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        self.setProperty("class", "card")
        self.seat = seat
        self.file: Path | None = None
        self.said, self.notes = label("", "plain", wrap=True), label("", "sub", wrap=True, selectable=True)
        self.pick_one, self.start = button("选升级包", then=self.pick), button("备份并升级", "primary", self.upgrade)
        box = column(
            label(f"升级（现在是 {gridapp.__version__} 版）", "section"), label(WORDS, "sub", wrap=True), self.said,
            row(self.pick_one, self.start, None), self.notes, gap=8,
        )
        box.setContentsMargins(20, 16, 20, 16)
        self.setLayout(box)
        self._say("", "")

    def pick(self) -> None:
        """Ask which file."""
        if file := choosing.file(self, self.seat, "选择升级包", choosing.UPDATES, "updates"):
            self.look(file)

    def look(self, file: Path) -> None:
        """Check a package and show what it brings."""
        self.file = None
        self._say("正在核对升级包……", "")
        self.seat.ask(lambda: desk.look_at_update(file), self.show_offer, failed=self._refused, key="update")

    def show_offer(self, offer: Offer) -> None:
        """What a good package brings."""
        self.file = offer.path
        self._say(f"{offer.version} 版，占用 {offer.manifest.size >> 20} MB。签名核对过，可以升级。", offer.notes)

    def _refused(self, trouble: Trouble) -> None:
        self._say(trouble.text, "", "late")

    def _say(self, text: str, notes: str, tone: str = "plain") -> None:
        self.said.setText(text)
        classed(self.said, tone)
        self.notes.setText(notes)
        self.said.setVisible(bool(text))
        self.notes.setVisible(bool(notes))
        self.start.setVisible(self.file is not None)

    def upgrade(self) -> None:
        """Back up, install, test."""
        file = self.file
        if file is None:
            return
        for each in (self.pick_one, self.start):
            each.setEnabled(False)
        call, slow = lambda step: desk.upgrade(self.seat.desk, file, step), "新版正在这台电脑上自检，请稍等。"
        job = self.seat.work(call, self._done, text="正在备份并装新版……", slow=slow, failed=self._refused)
        job.ended.connect(self._ended)

    def _ended(self) -> None:
        for each in (self.pick_one, self.start):
            each.setEnabled(True)

    def _done(self, done: Any) -> None:
        self.file = None
        backup = f"升级前的备份是 {done.backup.name}。" if done.backup else "数据库在服务器上，请由管理员备份。"
        self._say(f"已装好 {done.version} 版。{backup}请关闭程序再打开，就是新版；数据都在原处。", "")
