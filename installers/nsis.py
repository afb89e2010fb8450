"""The setup program of the Windows package, packed by NSIS (`makensis` is the same program on Linux and on Windows)."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from installers import icon

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = Path(__file__).resolve().with_name("gridapp.nsi")
MISSING = (
    "没有找到 makensis，不能打包 Windows 安装程序，也不能检查它的脚本。"
    "Debian：sudo apt-get install nsis；Windows：从 nsis.sourceforge.io 下载 NSIS 3 装上（不改安装位置），再运行一次。"
)


class Trouble(Exception):
    """The setup cannot be packed; the Chinese sentence says what to do."""


def makensis() -> str:
    """The compiler: on the path, or where its own setup puts it on Windows. Raises Trouble where there is none."""
    places = [Path(os.environ[name], "NSIS", "makensis.exe") for name in ("ProgramFiles(x86)", "ProgramFiles") if name in os.environ]
    found = shutil.which("makensis") or next((str(place) for place in places if place.exists()), None)
    if found is None:
        raise Trouble(MISSING)
    return found


def side(folder: Path) -> Path:
    """The picture on the setup's first and last page (164 x 314, as Modern UI wants it), painted into a folder; its path."""
    from PySide6.QtGui import QImage, QPainter

    picture, drawn = QImage(164, 314, QImage.Format.Format_RGB888), QImage.fromData(icon.png(96))
    # The ground is the icon's own colour: the two become one.
    picture.fill(drawn.pixelColor(48, 4))
    painter = QPainter(picture)
    painter.drawImage(34, 56, drawn)
    painter.end()
    picture.save(str(folder / "side.bmp"), "BMP")
    return folder / "side.bmp"


def pack(dist: Path, version: str, out: Path, quick: bool = False) -> Path:
    """Pack a frozen program (gridapp.exe and _internal) into a setup; quick packs fast instead of small. Any warning of NSIS is an error."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise Trouble(f"Windows 的版本号要是三个数字，pyproject.toml 里写的是 {version}。请改成 1.2.3 的样子。")
    if {path.name for path in dist.iterdir()} != {"gridapp.exe", "_internal"}:
        raise Trouble(f"{dist} 里只应有 gridapp.exe 和 _internal：卸载时只删这两样。请检查 build.spec。")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pictures = {"ICON": icon.ico(Path(place)), "SIDE": side(Path(place))}
        _compile({"VERSION": version, "DIST": dist.resolve(), "LICENCE": ROOT / "LICENSE", "OUT": out.resolve(), **pictures}, quick)
    return out


def _compile(defined: dict[str, str | Path], quick: bool) -> None:
    words = [f"-D{name}={value}" for name, value in defined.items()] + (["-DQUICK"] if quick else [])
    done = subprocess.run([makensis(), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *words, str(SCRIPT)], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise Trouble(f"NSIS 没有编译通过。请按下面的话改 {SCRIPT.name}：\n{done.stdout}{done.stderr}")
