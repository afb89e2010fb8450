"""How a file lands at its name: whole or not at all, and what to tell the user when the place will not take it."""
from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridapp.rules.reading import Trouble

PREFIX, SUFFIX = ".gridapp-", ".tmp"
DAY_S = 86_400
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def scratch_beside(out: Path) -> Iterator[Path]:
    """A hidden *.tmp folder on the target's own disk, gone afterwards; any OSError inside becomes Trouble.

    On the same disk, because personal data belongs nowhere the user did not choose, and only there is the last rename one step.
    """
    if not out.parent.is_dir():
        raise Trouble("要保存到的文件夹不存在（U 盘可能已经拔出），请另选一个文件夹再导出。", "no_folder")
    try:
        sweep(out.parent)
        with tempfile.TemporaryDirectory(prefix=PREFIX, suffix=SUFFIX, dir=out.parent, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise refused(out, error) from error


def sweep(folder: Path) -> None:
    """Remove scratch folders of a program that was killed, a day old or more: they may hold personal data, and a younger one may be in use."""
    for left in folder.glob(f"{PREFIX}*{SUFFIX}"):
        if time.time() - left.stat().st_mtime > DAY_S:
            shutil.rmtree(left, ignore_errors=True)


def land(data: bytes, scratch: Path, out: Path) -> None:
    """Write data in scratch, then settle it at its name."""
    whole = scratch / "whole"
    with open(whole, "wb") as file:
        file.write(data)
    settle(whole, out)


def settle(whole: Path, out: Path) -> None:
    """Make sure that a file finished in the scratch folder is on the disk, then put it at its name in one step."""
    with open(whole, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(whole, out)


def refused(out: Path, error: OSError) -> Trouble:
    """Why the place would not take the file, and what to do."""
    if error.errno in FULL:
        return Trouble("磁盘空间不够，文件没有写出。请清理出空间，或换一个位置再导出。", "disk_full")
    if isinstance(error, PermissionError):
        why = "它可能正在 Excel 或 WPS 里打开，或者这个文件夹不允许写入"
        return Trouble(f"写不进“{out.name}”：{why}。请先关闭它，或换一个位置再导出。", "cannot_write")
    return Trouble("文件没有写出：目标位置写不进去（磁盘或 U 盘可能有问题）。请换一个位置再导出。", "cannot_write")
