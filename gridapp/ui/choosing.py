"""Asking for a file or a folder, and opening what was written. The last folder of each purpose is remembered with the window."""
from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from gridapp.ui.seat import Seat

ENDINGS = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt", ".htm", ".html", ".xml")
LEDGERS = f"台账文件 ({' '.join(f'*{ending}' for ending in ENDINGS)});;全部文件 (*)"
BUNDLES = "交换文件 (*.gbx);;全部文件 (*)"
PICTURES = "照片或 PDF (*.jpg *.jpeg *.png *.bmp *.webp *.tif *.tiff *.pdf);;全部文件 (*)"
UPDATES = "升级包 (*.gup);;全部文件 (*)"
BACKUPS = "备份文件 (*.gbk);;全部文件 (*)"


def last_folder(seat: Seat, purpose: str) -> Path:
    """Where the user went last for this purpose, else the documents folder."""
    known = Path(str(seat.settings.value(f"folder/{purpose}", "") or ""))
    if str(known) not in ("", ".") and known.is_dir():
        return known
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or Path.home())


def _remember(seat: Seat, purpose: str, folder: Path) -> None:
    seat.settings.setValue(f"folder/{purpose}", str(folder))


def files(parent: QWidget, seat: Seat, title: str, kinds: str, purpose: str) -> list[Path]:
    """Existing files the user picked; empty when none was."""
    picked, _ = QFileDialog.getOpenFileNames(parent, title, str(last_folder(seat, purpose)), kinds)
    if picked:
        _remember(seat, purpose, Path(picked[0]).parent)
    return [Path(each) for each in picked]


def dropped_ledgers(data: QMimeData) -> list[Path]:
    """The local ledger files among what is being dragged."""
    found = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in found if path.suffix.lower() in ENDINGS]


def file(parent: QWidget, seat: Seat, title: str, kinds: str, purpose: str) -> Path | None:
    """One existing file, or None."""
    picked, _ = QFileDialog.getOpenFileName(parent, title, str(last_folder(seat, purpose)), kinds)
    if not picked:
        return None
    _remember(seat, purpose, Path(picked).parent)
    return Path(picked)


def save_as(parent: QWidget, seat: Seat, title: str, name: str, kinds: str, purpose: str) -> Path | None:
    """Where to write a file called `name`, or None. Qt asks before it names a file that is there."""
    picked, _ = QFileDialog.getSaveFileName(parent, title, str(last_folder(seat, purpose) / name), kinds)
    if not picked:
        return None
    _remember(seat, purpose, Path(picked).parent)
    wanted = Path(name).suffix
    return Path(picked) if Path(picked).suffix else Path(picked + wanted)


def folder(parent: QWidget, seat: Seat, title: str, purpose: str) -> Path | None:
    """An existing folder (a stick, say), or None."""
    picked = QFileDialog.getExistingDirectory(parent, title, str(last_folder(seat, purpose)))
    if not picked:
        return None
    _remember(seat, purpose, Path(picked))
    return Path(picked)


def show_in_system(seat: Seat, path: Path) -> None:
    """Open a file or a folder with whatever the system has for it; say where it is when there is nothing."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        seat.say(f"系统里没有能打开它的程序。请自己打开：{path}")
