"""The one box a bug shows: what happened without any value, what to do next."""
from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from gridapp import crash


def show(parent: QWidget | None, what: str, kept: Path | None) -> QMessageBox:
    """Open the box without blocking; `kept` is the log the line went into."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle("程序出了意外")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setText("刚才这一步没有做完，已经保存的内容没有受影响。")
    where = f"详情已记在 {kept}。" if kept else ""
    box.setInformativeText(f"请再试一次；如果还是不行，请点“复制说明”，把它发给维护人员（里面没有居民信息）。{where}")
    copy = box.addButton("复制说明", QMessageBox.ButtonRole.ActionRole)
    box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(crash.report(what)))
    box.open()
    return box
