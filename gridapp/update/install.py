"""An update put beside the program: unpacked, made to prove itself, and only then named as the one to run.

Until that last step nothing that runs today is touched; what was begun and not ended is swept up by the next update.
"""
from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gridapp import places, versions
from gridapp.rules.reading import Trouble
from gridapp.update.package import Offer, Step, unpack

PATIENCE = 900  # seconds for the whole self-test of the new version; it takes about ten
SPARE = 64 << 20  # bytes to leave free
DPKG = Path("/var/lib/dpkg/info/gridapp.list")
UNCHANGED = "现在的程序和数据都没有变。"


def home() -> Path:
    """The folder of the installed program, where updates go. Raises Trouble where it is none, or not ours to change."""
    if not places.frozen():
        raise Trouble("现在是从源代码运行的，不用升级包。请更新源代码（git pull）后再运行。", "from_source")
    folder = places.beside()
    if DPKG.is_file() and str(folder / versions.PROGRAM) in DPKG.read_text("utf-8", "replace").splitlines():
        text = "这里的程序是用 .deb 安装包装的，升级要管理员来做。请用新版的 .deb：双击安装，或运行 sudo apt install ./文件名.deb；数据不受影响。"
        raise Trouble(text, "deb_installed")
    if not places.writable(folder):
        text = "程序所在的文件夹不允许写入，不能在这里升级。请由管理员运行新版的安装程序（setup.exe），装在原来的位置；数据不受影响。"
        raise Trouble(text, "not_writable")
    return folder


def install(offer: Offer, folder: Path, own: str, step: Step) -> Path:
    """Put the version of a package into the program's folder and name it; gives its executable. own: the version that runs now.

    Raises Trouble (no room, a file that is not as signed, a self-test that failed) or whatever step raises; what ran before then still does.
    """
    place = folder / versions.FOLDER / offer.version
    try:
        _clear(folder, place, own)
        _check_room(folder, offer.manifest.size)
        unpack(offer, place, step)
        program = place.joinpath(*offer.manifest.program.split("/"))
        prove(program)
        versions.choose(folder, offer.version)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        text = f"新版程序没有写成：磁盘空间不够、写不进去，或升级包读不出来。{UNCHANGED}请清理出空间、插好 U 盘后再试。"
        raise Trouble(text, "cannot_write") from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    return program


def _clear(folder: Path, place: Path, own: str) -> None:
    """Away with what an interrupted update left, and with versions before the one that runs."""
    kept = {own, versions.CURRENT, versions.current(folder)} - {place.name}
    for each in (folder / versions.FOLDER).glob("*"):
        if each.name not in kept:
            shutil.rmtree(each, ignore_errors=each != place) if each.is_dir() else each.unlink(missing_ok=True)


def _check_room(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        needed, left = (size + SPARE) >> 20, free >> 20
        raise Trouble(f"磁盘空间不够：新版程序要 {needed:,} MB，只剩 {left:,} MB。{UNCHANGED}请清理出空间后再试。", "disk_full")


def prove(program: Path) -> None:
    """Let a version test itself on this machine. Raises Trouble where it does not come through."""
    with tempfile.TemporaryDirectory(prefix="gridapp-", ignore_cleanup_errors=True) as scratch:
        out = Path(scratch, "self-test.json")
        try:
            # Windows' Qt knows no fonts without a screen; there is always one.
            words = [str(program), "--self-test", "--out", str(out), *([] if sys.platform == "win32" else ["--offscreen"])]
            done = subprocess.run(words, env=versions.surroundings(), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)
            report = json.loads(out.read_bytes())
            failed = [name for name, line in report.items() if line["ok"] is not True]
        except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Trouble(f"新版程序在这台电脑上启动不了，已经退回。{UNCHANGED}请把情况告诉给您升级包的人。", "self_test") from error
    if done.returncode or failed or not report:
        told = f"（{'、'.join(failed)}）" if failed else ""
        raise Trouble(f"新版程序在这台电脑上自检没有通过{told}，已经退回。{UNCHANGED}请把情况告诉给您升级包的人。", "self_test")
