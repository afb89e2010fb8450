"""F1: the manual in a window of its own, so that it can stand beside what one is doing."""
from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from gridapp import places
from gridapp.ui.widgets import button, ground, row, shortcut

FIRST, KEYS = "index.md", "keys.md"
MARGIN = 18  # pixels around a page


class Manual(QWidget):
    """The pages under resources/manual, one at a time. Closing hides it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        ground(self)
        self.setWindowTitle("使用手册 - 网格支部")
        self.resize(min(940, self.screen().availableGeometry().width()), min(720, self.screen().availableGeometry().height()))
        self.text = Pages()
        self.text.anchorClicked.connect(self.turn)
        self.before = button("上一页", then=self.text.backward)
        self.text.backwardAvailable.connect(self.before.setEnabled)
        bar = row(button("目录", then=lambda: self.turn(QUrl(FIRST))), button("快捷键", then=lambda: self.turn(QUrl(KEYS))), None, self.before)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 14, 18, 14)
        box.setSpacing(10)
        box.addLayout(bar)
        box.addWidget(self.text, 1)
        shortcut("Esc", self, self.close, everywhere=True)
        self.turn(QUrl(FIRST))
        self.before.setEnabled(False)

    def turn(self, to: QUrl) -> None:
        """To a page; whatever is not ours opens outside."""
        name = to.fileName()
        if to.scheme() in ("", "file") and places.resources("manual", name).is_file():
            self.text.setSource(QUrl.fromLocalFile(str(places.resources("manual", name))), QTextDocument.ResourceType.MarkdownResource)
            self.text.document().setDocumentMargin(MARGIN)
        else:
            QDesktopServices.openUrl(to)


class Pages(QTextBrowser):
    """The text, with pictures no wider than the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("使用手册")
        self.setOpenLinks(False)
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # so that the room for pictures is known beforehand

    def loadResource(self, sort: int, name: QUrl | str) -> Any:
        found = super().loadResource(sort, name)
        if sort != QTextDocument.ResourceType.ImageResource.value:
            return found
        image, room = QImage.fromData(found), self.viewport().width() - 2 * MARGIN
        return image if image.width() <= room else image.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
