"""Views that take the room there is, and no less than they need: on a low screen the page around them scrolls."""
from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget

LEAST = 400


class Views(QStackedWidget):
    """One view at a time. It asks for no more than LEAST pixels of height, whatever its views would like."""

    def __init__(self) -> None:
        super().__init__()
        self.setMinimumHeight(LEAST)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), LEAST)
