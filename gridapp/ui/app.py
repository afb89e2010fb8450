"""Starting the window: what must stand before QApplication, the dress, the crash box, the event loop."""
from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gridapp import places
from gridapp.ui import theme
from gridapp.ui.window import Window

QUIET = ("This plugin does not support",)


def run(folder: Path, argv: list[str] | None = None) -> int:
    """Show the window on a data folder and stay until it is closed; gives the exit code."""
    app = application(argv)
    qInstallMessageHandler(qt_says)
    from gridapp.ui import alone

    if alone.called_up(folder):
        return 0
    window = Window(folder)
    sys.excepthook = lambda kind, error, trace: _bug(window, error, trace)
    alone.answer(folder, window)
    window.open()
    return app.exec()


def application(argv: list[str] | None = None) -> QApplication:
    """The one QApplication, made once, speaking Chinese."""
    if isinstance(there := QApplication.instance(), QApplication):
        return there
    theme.before_application()
    app = QApplication(argv or ["gridapp"])
    app.setApplicationName("gridapp")
    app.setApplicationDisplayName("网格支部")
    app.setWindowIcon(QIcon(str(places.resources("icons", "gridapp.svg"))))
    theme.speak_chinese(app)
    return app


def qt_says(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if kind != QtMsgType.QtDebugMsg and not text.startswith(QUIET) and sys.stderr:
        print(text, file=sys.stderr)


def _bug(window: Window, error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        QApplication.quit()
    else:
        window.seat.bug(error.with_traceback(trace))
