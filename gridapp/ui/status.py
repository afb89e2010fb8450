"""The line at the foot: which grid, what the centre has not confirmed, the last backup, the manual, the lock."""
from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from gridapp.ui.idle import MINUTES
from gridapp.ui.seat import Seat
from gridapp.ui.widgets import button, ground, label, row


class StatusLine(QWidget):
    """Asks the desk again with refresh()."""

    def __init__(self, seat: Seat) -> None:
        super().__init__()
        ground(self, "status")
        self.seat = seat
        self.grid, self.waiting, self.backup = label(), label(), label()
        self.help = button("帮助", "plain", seat.shell.help, tip="F1：使用手册")
        self.lock = button("锁定", "plain", seat.shell.lock, tip=f"Ctrl+L；{MINUTES} 分钟没有操作会自动锁定")
        box = row(self.grid, None, self.waiting, self.backup, self.help, self.lock, gap=22)
        box.setContentsMargins(24, 0, 14, 0)
        self.setLayout(box)
        self.setFixedHeight(40)

    def refresh(self) -> None:
        """What it says follows the store."""
        self.seat.ask(self._load, self._show, key="status", failed=lambda trouble: None)

    def _load(self) -> tuple[str, bool, int, str]:
        from gridapp import desk

        at = self.seat.desk
        return at.grid_name, at.is_sample, desk.waiting(at), desk.last_backup(at)

    def _show(self, found: Any) -> None:
        name, is_sample, waiting, backup = found
        self.grid.setText(f"{name} · 示例数据" if is_sample else name)
        self.waiting.setText(f"未确认 {waiting:,} 条")
        self.waiting.setToolTip("还没有收到中心回执的改动。到“交换”页生成上报包。")
        self.backup.setText(backup if backup.startswith("还没有") else f"上次备份 {backup}")
