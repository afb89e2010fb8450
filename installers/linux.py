"""`dev.py package-deb`: freeze in Debian 11 (or here, where no such root can be made), pack a .deb and a tar.xz, try them, print what came of it."""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from installers import deb, papers, root, shipped

BUILD = shipped.ROOT / "build" / "linux"
SYSTEM = BUILD / "debian11"
DIST = shipped.ROOT / "dist"
SOURCE = "/src"
LOG = BUILD / "log.txt"


def main() -> int:
    """Build and try; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="dev.py package-deb")
    parser.add_argument("--here", action="store_true", help="在本机上冻结，不用 Debian 11（UOS、麒麟、arm64 上用）")
    parser.add_argument("--no-trial", action="store_true", help="不在干净的 Debian 11、12 上试装")
    chosen = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    DIST.mkdir(exist_ok=True)
    start = time.monotonic()
    frozen = freeze_here() if chosen.here or not root.possible() else freeze_there()
    tell(f"冻结用了 {time.monotonic() - start:.0f} 秒：{size_of(frozen):.0f} MB，要 glibc {glibc_of(frozen)} 以上")
    packages = deb.pack(frozen, DIST, BUILD, glibc_of(frozen))
    for path in packages:
        tell(f"{path.name}：{path.stat().st_size / 1e6:.1f} MB")
    papers.write(frozen, DIST, tell)
    tell(f"一共 {time.monotonic() - start:.0f} 秒")
    if chosen.no_trial or not SYSTEM.exists():
        return 0
    from installers import trial

    return trial.run(packages, BUILD, SYSTEM)


def tell(sentence: str) -> None:
    """One line of progress."""
    print(f"==> {sentence}", flush=True)


def freeze_here() -> Path:
    """Freeze with the Python that runs this; the result starts only on systems as new as this one."""
    tell("在本机上冻结：没有用 Debian 11（要 root、debootstrap 和 Debian 的软件源），装好的程序只能在不比本机旧的系统上运行")
    command = [sys.executable, "-m", "PyInstaller", "build.spec", "--noconfirm", "--distpath", str(BUILD / "dist"), "--workpath", str(BUILD / "work")]
    # The same checkout makes the same files: the freezer's order must not depend on chance.
    subprocess.run(command, cwd=shipped.ROOT, check=True, stderr=LOG.open("w"), env={**os.environ, "PYTHONHASHSEED": "0"})
    prove([str(BUILD / "dist" / "gridapp" / "gridapp")], BUILD / "self-test.json")
    return BUILD / "dist" / "gridapp"


def prove(program: list[str], out: Path) -> None:
    """Run the self-test without a screen; raises CalledProcessError when anything in it is not true."""
    subprocess.run([*program, "--self-test", "--offscreen", "--out", str(out)], check=True)
    tell(f"自检 {len(json.loads(out.read_text('utf-8')))} 项都好")


def freeze_there() -> Path:
    """Freeze in the Debian 11 root from the wheels the lock names."""
    tell("准备 Debian 11（第一次几分钟，以后留在 build/ 里）")
    root.make(SYSTEM)
    part = shipped.locked_part((shipped.ROOT / "requirements.lock").read_text("utf-8"))
    install(part)
    binds = {shipped.ROOT: SOURCE}
    inside = f"{SOURCE}/{BUILD.relative_to(shipped.ROOT)}"
    line = f"cd {SOURCE} && {root.PYTHON} -m PyInstaller build.spec --noconfirm --distpath {inside}/dist --workpath {inside}/work 2>{inside}/log.txt"
    tell("冻结")
    root.run(SYSTEM, "bash", "-c", line, binds=binds)
    root.run(SYSTEM, f"{inside}/dist/gridapp/gridapp", "--self-test", "--offscreen", "--out", f"{inside}/self-test.json", binds=binds)
    return BUILD / "dist" / "gridapp"


def install(part: str) -> None:
    """Into the root's Python: exactly what the lock says; again only when that changed."""
    mark = hashlib.sha256(part.encode()).hexdigest()
    stamp, wheels, wanted = SYSTEM / "installed", BUILD / "wheels", BUILD / "requirements.txt"
    if stamp.exists() and stamp.read_text() == mark:
        return
    wanted.write_text(part)
    shutil.rmtree(wheels, ignore_errors=True)
    tell("下载 Linux 上要的软件包")
    exact = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    subprocess.run([sys.executable, "-m", "pip", "download", *exact, *fits(), "-r", wanted, "-d", wheels], check=True)
    own, listed = (f"{SOURCE}/{path.relative_to(shipped.ROOT)}" for path in (wheels, wanted))
    pip = [root.PYTHON, "-m", "pip", "install", *exact, "--root-user-action=ignore", "--no-index", "--find-links", own, "-r", listed]
    root.run(SYSTEM, *pip, binds={shipped.ROOT: SOURCE})
    stamp.write_text(mark)


def fits() -> list[str]:
    """pip's words for wheels that CPython 3.11 on glibc 2.31 takes, on this machine's kind of processor."""
    machine = "aarch64" if deb.architecture() == "arm64" else "x86_64"
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(31, 4, -1)] + [f"manylinux2014_{machine}", f"manylinux2010_{machine}", "any"]
    words = ["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.11"]
    return words + [word for platform in platforms for word in ("--platform", platform)]


def size_of(folder: Path) -> float:
    """Megabytes in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def glibc_of(folder: Path) -> str:
    """The newest GLIBC symbol version anything in the folder asks for."""
    found = [(2, 0)]
    for path in folder.rglob("*"):
        if path.is_file() and _magic(path) == b"\x7fELF":
            told = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True).stdout
            found += [(int(major), int(minor)) for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", told)]
    return ".".join(map(str, max(found)))


def _magic(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


if __name__ == "__main__":
    sys.exit(main())
