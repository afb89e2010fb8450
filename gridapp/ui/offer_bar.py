"""A ledger of a kind the store does not keep: what it is, and the choice to keep the columns that are known."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gridapp import desk
from gridapp.ui import intake_words
from gridapp.ui.widgets import button, card, label, row


class OfferBar(QWidget):
    """Hidden where there is nothing to offer. said({signature: desk.Said}) is called when the user accepts or takes it back."""

    def __init__(self, said: Callable[[dict[str, Any]], object]) -> None:
        super().__init__()
        self._said = said
        self.preview: Any = None
        self.words = label("", wrap=True, selectable=True)
        self.accept = button("只保存认得的栏", "plain", self._accept)
        self.automatic = button("恢复自动识别", "link", self._take_back)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        line = row(self.words, self.automatic, self.accept, gap=14)
        line.setStretch(0, 1)
        box.addWidget(card(line, margins=(16, 10, 16, 10)))

    def show_preview(self, preview: Any) -> None:
        """Show what a preview offers."""
        self.preview = preview
        self.words.setText(intake_words.offered(preview))
        self.accept.setVisible(bool(desk.offers(preview, False)))
        self.automatic.setVisible(bool(desk.offers(preview, True)))
        self.setVisible(bool(self.words.text()))

    def _accept(self) -> None:
        self._said({mark: each.said for mark, each in desk.offers(self.preview, False).items()})

    def _take_back(self) -> None:
        self._said({mark: desk.Said(automatic=True) for mark in desk.offers(self.preview, True)})
