"""Starting the window: what must stand before QApplication, the dress, the crash box, the event loop."""
from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from gridapp import places
from gridapp.ui import theme
from gridapp.ui.window import Window

QUIET = ("This plugin does not support",)
READ_ONLY = "如果程序在 U 盘上，请把写保护开关拨到可以写的一边，或者把整个文件夹复制到电脑里再运行；如果在电脑里，请检查磁盘是否已满、有没有权限。"


def run(folder: Path, bundle: Path | None = None, argv: list[str] | None = None) -> int:
    """Show the window on a data folder and stay until it is closed; gives the exit code. bundle: what was double-clicked, taken in once inside."""
    app = application(argv)
    qInstallMessageHandler(qt_says)
    from gridapp.ui import alone

    if alone.called_up(folder, bundle):
        return 0
    if not places.writable(folder):
        return _refuse(folder)
    window = Window(folder)
    sys.excepthook = lambda kind, error, trace: _bug(window, error, trace)
    alone.answer(folder, window)
    if bundle:
        window.hand(bundle)
    window.open()
    return app.exec()


def _refuse(folder: Path) -> int:
    theme.apply(application())
    box = QMessageBox()
    box.setWindowTitle("网格支部")
    box.setText(f"“{folder}”里写不进东西，数据没有地方保存，所以没有打开。{READ_ONLY}")
    box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return 1


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
