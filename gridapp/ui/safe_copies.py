"""Where backups go and making one there, as settings and first run ask for it. No Qt."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from gridapp import desk
from gridapp.rules.reading import Trouble

FOLDER = "backup_folder"


def settle(at: Any, target: Path | None, now: bool) -> Path | None:
    """Keep where backups go (None: beside the data) and make one when asked; gives the file."""
    desk.put_setting(at, FOLDER, str(target) if target else "")
    return back_up(at) if now else None


def folder_of(at: Any) -> Path:
    """The folder backups go to."""
    chosen = desk.setting(at, FOLDER, "")
    return Path(chosen) if chosen else at.folder / "backups"


def back_up(at: Any) -> Path:
    """A backup into the chosen folder. Raises Trouble when that folder (a stick, say) is not there."""
    chosen = desk.setting(at, FOLDER, "")
    if not chosen:
        return desk.back_up(at)
    if not Path(chosen).is_dir():
        raise Trouble("放备份的文件夹现在找不到。请插上 U 盘或移动硬盘再试，或到“设置与体检”里换一个位置。", "no_folder")
    return desk.back_up(at, free_name(Path(chosen), at.clock().astimezone().strftime("%Y%m%d-%H%M%S")))


def free_name(folder: Path, stem: str) -> Path:
    """A name of a backup nobody has used in the folder."""
    path, number = folder / f"{stem}.gbk", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.gbk", number + 1
    return path
