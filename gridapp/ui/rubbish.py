"""Cycles are collected on the window's thread only: a Qt object that dies on a worker's takes the program with it."""
from __future__ import annotations

import gc

from PySide6.QtCore import QCoreApplication, QObject, QTimer

OFTEN = 100  # milliseconds between two looks


class Collector(QTimer):
    """Does on this thread, by Python's own thresholds, what the interpreter would do on whichever thread happens to allocate."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self.timeout.connect(self.look)
        self.start(OFTEN)

    def look(self) -> None:
        """Collect the oldest generation that is due, if any."""
        due = [age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if limit and count > limit]
        if due:
            gc.collect(due[-1])


def collect_here() -> None:
    """See to it, once for the application, that nothing is collected on another thread than this."""
    app = QCoreApplication.instance()
    if app and not app.findChild(Collector):
        Collector(app)
