"""附件 of one row: a blurred tile each, what may be done with it, and adding one."""
from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from gridapp import desk
from gridapp.rules.reading import Trouble
from gridapp.ui import choosing, pictures
from gridapp.ui.exchange_parts import size
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import Line, button, clear, column, flow, holding, label, row

ADVICE = "只拍事情本身，不拍证件，尽量不拍人；照片里的拍摄地点会自动去掉。"
CHANGED = frozenset({"attachment"})


class AttachmentCard(QWidget):
    """Asks the desk itself. Stands nowhere while there is none and none may be added."""

    shown = Signal()

    def __init__(self, seat: Seat, record: str, row_id: str) -> None:
        super().__init__()
        self.seat, self.record, self.row_id = seat, record, row_id
        self.lines: list[Any] = []
        self.line: QLineEdit | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.hide()
        self.ask()

    def ask(self) -> None:
        """Fetch and show what there is."""
        self.seat.ask(self._load, self.show_lines)

    def _load(self) -> tuple[bool, list[Any], dict[str, QImage]]:
        may, lines = desk.attachments(self.seat.desk, self.record, self.row_id)
        tiles = {line.id: _tile(desk.glimpse(self.seat.desk, line.id)) for line in lines if line.picture and line.here}
        return may, lines, {key: tile for key, tile in tiles.items() if tile}

    def show_lines(self, found: tuple[bool, list[Any], dict[str, QImage]]) -> None:
        """Whether more may be added, the lines, and the tile of each."""
        may, self.lines, tiles = found
        clear(self._box)
        self.line = None
        self.setVisible(may or bool(self.lines))
        head = row(label("附件", "section"), None, *([button("＋ 添加", "link", self.pick, name="添加附件")] if may else []))
        head.setContentsMargins(0, 6, 0, 0)
        self._box.addLayout(head)
        for each in self.lines:
            self._box.addWidget(self._one(each, tiles.get(each.id)))
        if not self.lines:
            self._box.addWidget(label("没有附件。", "sub"))
        self.shown.emit()

    def _one(self, each: Any, tile: QImage | None) -> QWidget:
        picture = QLabel(each.kind)
        picture.setProperty("class", "sub")
        if tile:
            picture.setPixmap(QPixmap.fromImage(tile))
            picture.setAccessibleName(f"{each.kind}，已模糊")
        picture.setFixedWidth(pictures.TILE.width())
        about = f"{each.added_on} · {size(each.size)}" if each.here else f"{each.added_on} · 内容还没有收到"
        called = each.caption or each.kind
        acts: list[QWidget] = []
        if each.here and each.picture:
            acts.append(button("看", "link", partial(self.look, each), name=f"看 {called}"))
        if each.here:
            acts.append(button("另存", "link", partial(self.ask_purpose, each), name=f"另存 {called}"))
        acts.append(button("删除", "link", partial(self.remove, each), name=f"删除 {called}"))
        text = column(Line(called), label(about, "sub"), flow(*acts, gap=14), gap=0)
        made = row(picture, text, gap=12)
        made.setStretch(1, 1)
        return holding(made)

    def pick(self) -> None:
        """Ask for a file."""
        if path := choosing.file(self, self.seat, "选择照片或 PDF", choosing.PICTURES, "attachments"):
            self.take(path)

    def take(self, path: Path) -> None:
        """Make a file ready off the window's thread, then ask what it is."""
        self.seat.work(lambda step: pictures.ready(path), self.ask_caption, text="正在处理照片……", lane=self.seat.files)

    def ask_caption(self, data: bytes) -> None:
        """Ask what a file made ready is."""
        add = button("添加", "primary", lambda: self.add(data))
        self._ask_line("说明（不写姓名、电话，可以不填）", f"{ADVICE}现在 {size(len(data))}。", add, 40)

    def _ask_line(self, title: str, advice: str, go: Any, longest: int) -> None:
        clear(self._box)
        self.line = QLineEdit()
        self.line.setMaxLength(longest)
        self.line.setAccessibleName(title)
        self.line.returnPressed.connect(go.click)
        self._box.addWidget(label("附件", "section"))
        self._box.addWidget(label(title, "small", wrap=True))
        self._box.addWidget(self.line)
        self._box.addWidget(label(advice, "sub", wrap=True))
        self._box.addLayout(row(None, button("取消", "plain", self.ask), go))
        self.line.setFocus()

    @property
    def said(self) -> str:
        """What stands in the line."""
        return self.line.text().strip() if self.line else ""

    def add(self, data: bytes) -> None:
        """Keep it."""
        caption = self.said
        self.seat.ask(lambda: desk.attach(self.seat.desk, self.record, self.row_id, data, caption), self._added)

    def _added(self, kept: Any) -> None:
        if kept.saved:
            self.seat.kept(kept, CHANGED, "附件已添加。")
            self.ask()
        else:
            self.seat.shell.warn("\n".join(f"{fault.text}{fault.hint}" for fault in kept.faults))

    def look(self, each: Any) -> None:
        """Show it in full, which is logged."""
        self.seat.ask(lambda: desk.look(self.seat.desk, each.id), lambda data: self._look(each, data))

    def _look(self, each: Any, data: bytes) -> None:
        self.box = pictures.PictureBox(data, each.caption, self)
        self.box.open()

    def ask_purpose(self, each: Any) -> None:
        """Saving outside the store takes a purpose."""
        go = button("选择位置", "primary", lambda: self._where(each))
        self._ask_line("用途（会记下来）", "另存出去的文件没有加密，用完请删除。", go, 60)

    def _where(self, each: Any) -> None:
        if not self.said:
            self.seat.shell.warn("还没有填写用途。请写明另存这个附件做什么用。")
        elif path := choosing.save_as(self, self.seat, "附件存到哪里", f"附件{each.ending}", choosing.PICTURES, "attachments"):
            self.save_to(each, path)

    def save_to(self, each: Any, path: Path) -> None:
        """Save it there."""
        purpose = self.said
        self.seat.ask(lambda: desk.save_out(self.seat.desk, each.id, path, purpose), self._saved)

    def _saved(self, path: Path) -> None:
        self.seat.say(f"附件已存为 {path.name}。", "打开所在文件夹", lambda: choosing.show_in_system(self.seat, path.parent))
        self.ask()

    def remove(self, each: Any) -> None:
        """Delete it at once; the toast takes it back."""
        self.seat.ask(lambda: desk.remove(self.seat.desk, "attachment", each.id), self._removed)

    def _removed(self, kept: Any) -> None:
        if kept.saved:
            self.seat.kept(kept, CHANGED, "附件已删除，30 天内可以撤销。")
            self.ask()


def _tile(data: bytes | None) -> QImage | None:
    try:
        return pictures.masked(data) if data else None
    except Trouble:  # what came is no picture; its row says so by its kind alone
        return None
