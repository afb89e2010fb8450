"""Pictures on their way in and out: re-encoded small, without anything a camera wrote beside the picture; blurred to a mask; shown in full."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QLabel

from gridapp.rules import contents
from gridapp.rules.reading import Trouble
from gridapp.ui.widgets import button, column, label, row

LONGEST, QUALITY = 1600, 85  # pixels; JPEG
LARGEST_PDF, LARGEST_FILE = 5 << 20, 200 << 20
MASK, TILE = QSize(6, 5), QSize(60, 50)


def ready(path: Path) -> bytes:
    """What is kept of a file: a picture as a fresh JPEG, a PDF as it is. Raises Trouble."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _too_large()
        data = path.read_bytes()
    except OSError as error:
        raise Trouble("读不出这个文件。请确认 U 盘或手机还连着，再试一次。", "cannot_read") from error
    if contents.media_of(data) != contents.PDF:
        return jpeg(_read(data))
    if len(data) > LARGEST_PDF:
        raise _too_large()
    return data


def _too_large() -> Trouble:
    return Trouble(f"文件太大，没有添加。PDF 最大 {LARGEST_PDF >> 20} MB，请压缩或拆成几个再试。", "too_large")


def _read(data: bytes, box: QSize | None = None) -> QImage:
    held = QByteArray(data)
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    if (size := reader.size()).isValid() and box:
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise Trouble("这个文件不是能打开的照片或 PDF。请换一个文件。", "not_a_picture")
    return image


def jpeg(image: QImage) -> bytes:
    """The picture alone, longest side at most 1600 pixels: drawn anew, so that no text, place or camera comes along."""
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    fresh = QImage(image.size(), QImage.Format.Format_RGB32)
    fresh.fill(Qt.GlobalColor.white)
    painter = QPainter(fresh)
    painter.drawImage(0, 0, image)
    painter.end()
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"JPEG"))
    writer.setQuality(QUALITY)
    writer.write(fresh)
    return bytes(held.data())


def masked(data: bytes) -> QImage:
    """A picture as thirty fields of colour: enough to tell it from its neighbour, not enough to see anything."""
    small = _read(data, QSize(240, 240)).scaled(MASK, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small.scaled(TILE, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation)


class PictureBox(QDialog):
    """One picture, as large as the window allows; gone when it is closed."""

    def __init__(self, data: bytes, caption: str, parent: Any) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("附件")
        room = parent.window().size() if parent else QSize(1024, 700)
        image = _read(data)
        most = QSize(max(room.width() - 160, 320), max(room.height() - 200, 240))
        if image.width() > most.width() or image.height() > most.height():
            image = image.scaled(most, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self.picture = QLabel()
        self.picture.setPixmap(QPixmap.fromImage(image))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(caption or "照片")
        box = column(self.picture, row(label(caption, "sub", wrap=True), None, button("关闭", "primary", self.close)), gap=10)
        box.setContentsMargins(16, 16, 16, 14)
        self.setLayout(box)
