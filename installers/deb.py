"""What is made of a frozen program for Linux: a .deb (dpkg-deb, xz) and a tar.xz that keeps its data beside itself."""
from __future__ import annotations

import gzip
import io
import os
import platform
import shutil
import subprocess
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from installers import icon, shipped

SHARE = Path(__file__).resolve().parent / "share"
ICONS = (32, 48, 64, 128, 256)
# What the bundle does not carry itself (build.spec, BROUGHT); libglib2.0-0 is called otherwise from Debian 13 on.
DEPENDS = (
    "libc6 (>= {glibc})", "libgl1", "libegl1", "libfontconfig1", "libfreetype6", "libdbus-1-3", "libglib2.0-0 | libglib2.0-0t64", "libx11-6",
    "libx11-xcb1", "libxcb1", "libxcb-glx0", "libstdc++6", "libgcc-s1", "libuuid1",
)  # fmt: skip
CONTROL = """Package: gridapp
Version: {version}
Architecture: {architecture}
Maintainer: gridapp <gridapp@example.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Suggests: cups, fonts-noto-cjk
Section: office
Priority: optional
Description: ledgers of a community grid, kept once (网格支部)
 A desktop program for the Party-branch secretary of a community grid: households,
 residents, members, visits and requests are kept once, in an encrypted store, and
 given out as any ledger.
 .
 住户、居民、党员、走访、服务事项各记一次，存在加密的本机数据库里；以前的 Excel
 台账直接读进来，上级要的标准台账直接写出去。
"""


def architecture() -> str:
    """Debian's name of this machine's processor."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def pack(frozen: Path, out: Path, work: Path, glibc: str) -> list[Path]:
    """Write both packages into `out`; frozen: dist/gridapp. Raises CalledProcessError."""
    version = shipped.project()["version"]
    tree = lay_out(frozen, work, glibc, version)
    # Side by side: what takes the time is xz, and each has a processor of its own.
    with ThreadPoolExecutor() as lanes:
        both = lanes.submit(deb, tree, out, version), lanes.submit(portable, frozen, out, glibc, version)
        return [each.result() for each in both]


def lay_out(frozen: Path, work: Path, glibc: str, version: str) -> Path:
    """The .deb's files in their places, in a folder."""
    tree = work / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    _fill(frozen, tree)
    _control(tree, glibc, version)
    return tree


def deb(tree: Path, out: Path, version: str) -> Path:
    """The .deb; its files go."""
    path = out / f"gridapp_{version}_{architecture()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(tree), str(path)], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return path


def _fill(frozen: Path, tree: Path) -> None:
    shutil.copytree(frozen, tree / "opt" / "gridapp")
    command = _made(tree / "usr/bin/gridapp")
    command.symlink_to("/opt/gridapp/gridapp")
    shutil.copyfile(SHARE / "gridapp.desktop", _made(tree / "usr/share/applications/gridapp.desktop"))
    shutil.copyfile(SHARE / "gridapp.xml", _made(tree / "usr/share/mime/packages/gridapp.xml"))
    shutil.copyfile(icon.SVG, _made(tree / "usr/share/icons/hicolor/scalable/apps/gridapp.svg"))
    for size in ICONS:
        _made(tree / f"usr/share/icons/hicolor/{size}x{size}/apps/gridapp.png").write_bytes(icon.png(size))
    shutil.copyfile(shipped.ROOT / "LICENSE", _made(tree / "usr/share/doc/gridapp/copyright"))
    changes = (shipped.ROOT / "CHANGELOG.md").read_bytes()
    _made(tree / "usr/share/doc/gridapp/changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _control(tree: Path, glibc: str, version: str) -> None:
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    depends = ", ".join(DEPENDS).format(glibc=glibc)
    kilobytes = sum(path.stat().st_size for path in files) // 1024
    text = CONTROL.format(version=version, architecture=architecture(), kilobytes=kilobytes, depends=depends)
    _made(tree / "DEBIAN/control").write_text(text, "utf-8")
    for name in ("postinst", "postrm"):
        shutil.copyfile(SHARE / "after.sh", tree / "DEBIAN" / name)
        (tree / "DEBIAN" / name).chmod(0o755)
    # Whoever built it may keep new files to himself; the user of the package is somebody else.
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def portable(frozen: Path, out: Path, glibc: str, version: str) -> Path:
    """The tar.xz for a stick: the same program, the mark that keeps data beside it, and how to use it."""
    machine = platform.machine()
    name = f"gridapp-{version}-linux-{machine}-portable"
    told = (SHARE / "使用说明.txt").read_text("utf-8").format(version=version, machine=machine, glibc=glibc)
    path = out / f"{name}.tar.xz"
    with tarfile.open(path, "w:xz", preset=6) as archive:
        archive.add(frozen, name, filter=_nobody)
        for file, text in (("portable.txt", "有这个文件时，数据存在旁边的“数据”文件夹里。\n"), ("使用说明.txt", told)):
            _add(archive, f"{name}/{file}", text.encode())
    return path


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(data), int(time.time()), 0o644
    archive.addfile(_nobody(entry), io.BytesIO(data))


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the name of who packed it."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry
