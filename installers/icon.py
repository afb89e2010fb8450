"""The program's icon in the forms systems want, painted from resources/icons/gridapp.svg with Qt: PNG for Linux, .ico for Windows."""
from __future__ import annotations

import os
import struct
from pathlib import Path

SVG = Path(__file__).resolve().parent.parent / "resources" / "icons" / "gridapp.svg"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def png(size: int) -> bytes:
    """The icon as a PNG of size x size pixels."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, QSize
    from PySide6.QtGui import QGuiApplication, QImageReader

    running = QGuiApplication.instance() or QGuiApplication([])
    reader = QImageReader(str(SVG))
    reader.setScaledSize(QSize(size, size))
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    reader.read().save(held, "PNG")
    assert running
    return bytes(held.data().data())


def ico(folder: Path) -> Path:
    """Write gridapp.ico (every size as a PNG inside, Windows Vista and later) into a folder; its path."""
    pictures = [(size, png(size)) for size in SIZES]
    table, data, start = b"", b"", 6 + 16 * len(pictures)
    for size, picture in pictures:
        # A size of 256 is written as 0: the field is one byte.
        table += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), start + len(data))
        data += picture
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gridapp.ico"
    path.write_bytes(struct.pack("<HHH", 0, 1, len(pictures)) + table + data)
    return path
