"""One window to a data folder: a second start shows the first one's window and ends."""
from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from gridapp.ui.window import Window

WAIT = 300  # milliseconds


def name_of(folder: Path) -> str:
    """The same for every start on the same folder."""
    return "gridapp-" + hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:16]


def called_up(folder: Path, bundle: Path | None = None) -> bool:
    """Whether a window stands on this folder already; it is asked to show itself, and handed the bundle."""
    socket = QLocalSocket()
    socket.connectToServer(name_of(folder))
    there = socket.waitForConnected(WAIT)
    if there:
        socket.write(f"{bundle.absolute() if bundle else ''}\n".encode())
        socket.waitForBytesWritten(WAIT)
        socket.disconnectFromServer()
    return there


def answer(folder: Path, window: Window) -> QObject:
    """Answer later starts as long as the window lives."""
    server = QLocalServer(window)
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    QLocalServer.removeServer(name_of(folder))
    server.newConnection.connect(lambda: _come_up(server, window))
    server.listen(name_of(folder))
    return server


def _come_up(server: QLocalServer, window: Window) -> None:
    while socket := server.nextPendingConnection():
        if (socket.canReadLine() or socket.waitForReadyRead(WAIT)) and (said := bytes(socket.readLine().data()).decode().strip()):
            window.hand(Path(said))
        socket.deleteLater()
    window.showNormal() if window.isMinimized() else window.show()
    window.raise_()
    window.activateWindow()
