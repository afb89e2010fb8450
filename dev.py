"""Everything a developer, a grader or an office's IT person runs: `python dev.py run`, `python dev.py test` ...

Standard library only and the same on Windows; the Makefile's targets are aliases of it. Whatever a command needs (`.venv`
from the hash-pinned lock, Qt's system libraries) it sets up first, and again only when the lock changed.
"""
from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed.sha256"
DEMO = ROOT / "build" / "demo"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

# PySide6 6.8 has no wheels from 3.14 on.
OLDEST, TOO_NEW = (3, 11), (3, 14)

# Found one by one on a minimal Debian 12: soname -> Debian package. The first group is needed even without a screen.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1", "libxcb-shape.so.0": "libxcb-shape0", "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0", "libxcb-randr.so.0": "libxcb-randr0", "libxcb-xkb.so.1": "libxcb-xkb1",
}
# What packs a program on Linux: tool -> Debian package.
PACKING = {"linux": {"objdump": "binutils", "debootstrap": "debootstrap"}, "windows": {"makensis": "nsis", "debootstrap": "debootstrap"}}
APT_INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]

# Names of the checks in the order they run; the cheap ones first.
RUFF = ("ruff", ["-m", "ruff", "check", "."])
MYPY = ("mypy", ["-m", "mypy", "gridapp"])
CONTRACT = ("lint-imports", ["-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))"])


class Trouble(Exception):
    """The set-up cannot go on; the Chinese sentence says what to do."""


def check_python(version: tuple[int, ...]) -> None:
    """Raise Trouble unless the version is one every pinned wheel exists for."""
    if not OLDEST <= version[:2] < TOO_NEW:
        have = ".".join(map(str, version[:2]))
        raise Trouble(f"需要 Python 3.11 至 3.13，这里是 {have}。请安装 Python 3.11，再用它运行：python3.11 dev.py {' '.join(sys.argv[1:])}")


def has_screen() -> bool:
    """Whether a window can be shown to somebody."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def loads(soname: str) -> bool:
    """Whether the system's loader finds this library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def debian_name(package: str) -> str:
    """The package's name on this release: GLib was renamed for the 64-bit time_t (Debian 13, Ubuntu 24.04; glibc 2.39 and later)."""
    name, version = platform.libc_ver()
    renamed = name == "glibc" and tuple(map(int, version.split(".")[:2])) >= (2, 39)
    return f"{package}t64" if package == "libglib2.0-0" and renamed else package


def missing_packages(screen: bool) -> list[str]:
    """Debian packages this machine still lacks: venv's own pip, and the libraries Qt opens (more of them for an X screen)."""
    venv = [] if venv_works() or importlib.util.find_spec("ensurepip") else [f"python3.{sys.version_info.minor}-venv"]
    if not sys.platform.startswith("linux"):
        return venv
    wanted = {**QT_LIBRARIES, **(SCREEN_LIBRARIES if screen and os.environ.get("DISPLAY") else {})}
    return venv + [debian_name(package) for soname, package in wanted.items() if not loads(soname)]


def apt_prefix() -> list[str] | None:
    """How this user may call apt-get without being asked: [] as root, sudo if it needs no password, None if not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    allowed = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n"] if allowed else None


def install_packages(packages: list[str]) -> None:
    """Install Debian packages, or raise Trouble with the line to run."""
    line = "sudo apt-get update && sudo " + " ".join(APT_INSTALL + packages)
    prefix = apt_prefix()
    if prefix is None:
        raise Trouble(f"缺少系统软件包，这里又没有权限安装。请先运行（其他发行版请安装同名的库）：\n    {line}")
    say(f"安装系统软件包：{' '.join(packages)}")
    # A failed update need not matter: the lists at hand may do.
    subprocess.run([*prefix, "apt-get", "update", "-q"], stdout=subprocess.DEVNULL)
    result = subprocess.run([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *APT_INSTALL, *packages], stdout=subprocess.DEVNULL)
    if result.returncode:
        raise Trouble(f"系统软件包没有装上。请检查网络后手工运行：\n    {line}")


def fingerprint() -> str:
    """What was installed and where: the lock and the place (the installed checkout is known by its path)."""
    return hashlib.sha256(LOCK.read_bytes() + str(ROOT).encode()).hexdigest()


def is_set_up() -> bool:
    """Whether `.venv` holds exactly what the lock says."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def set_up(screen: bool = False) -> None:
    """Make this checkout ready, and ready for a screen if asked: system packages, `.venv`, the pinned packages, the checkout itself."""
    packages = missing_packages(screen)
    if packages:
        install_packages(packages)
    if not venv_works():
        make_venv()
    if not is_set_up():
        install_lock()


def venv_works() -> bool:
    """Whether `.venv` is there, whole (with pip) and of the Python that runs this."""
    probe = f"import sys, importlib.util as u; sys.exit(sys.version_info[:2] != {sys.version_info[:2]} or not u.find_spec('pip'))"
    return PYTHON.exists() and python("-c", probe) == 0


def make_venv() -> None:
    """Make `.venv` afresh."""
    say("建立 .venv")
    # Not sys.executable: that may be the very .venv to be cleared.
    base = getattr(sys, "_base_executable", sys.executable)
    if subprocess.run([base, "-m", "venv", "--clear", str(VENV)]).returncode:
        raise Trouble(f"没能建立 .venv。请检查磁盘空间，删除 {VENV} 后再运行一次。")


def install_lock() -> None:
    """Install the pinned packages, checked against their hashes, then this checkout; the stamp comes last."""
    say("按 requirements.lock 安装 Python 软件包（约 20 秒）")
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    steps = [
        [*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(LOCK)],
        [*pip, "--no-index", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    for step in steps:
        if python(*step):
            raise Trouble("Python 软件包没有装上。请检查网络和 pip 的镜像设置，再运行一次。")
    STAMP.write_text(fingerprint())


def python(*arguments: str, **variables: str) -> int:
    """Run `.venv`'s Python in the checkout with extra environment variables; its exit code."""
    environment = {**os.environ, "PYTHONUTF8": "1", **variables}
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=environment).returncode


def setup(more: list[str]) -> int:
    """准备运行环境，不启动程序"""
    set_up(screen=True)
    say("准备好了。运行程序：make run（或 python dev.py run）")
    return 0


def run(more: list[str]) -> int:
    """启动程序；没有屏幕时把一天的工作无界面走一遍"""
    set_up(screen=True)
    if more or has_screen():
        return python("-m", "gridapp", *more)
    say("这里没有屏幕，改为无界面演示：一个中心、两个网格的一天")
    shutil.rmtree(DEMO, ignore_errors=True)
    code = python("-m", "gridapp", "demo", "--out", str(DEMO), QT_QPA_PLATFORM="offscreen")
    if code == 0:
        say_where(DEMO)
    return code


def test(more: list[str]) -> int:
    """跑全部检查：ruff、mypy、依赖方向、pytest"""
    set_up()
    if not shutil.which("makensis") and sys.platform.startswith("linux") and apt_prefix() is not None:
        # For the test that compiles the Windows setup's script; where it may not be installed that test says so.
        install_packages(["nsis"])
    return check(RUFF, MYPY, CONTRACT, ("pytest", ["-m", "pytest", "--numprocesses", "auto", "--maxprocesses", "4", "--dist", "loadfile", *more]))


def lint(more: list[str]) -> int:
    """只跑静态检查：ruff、mypy、依赖方向"""
    set_up()
    return check(RUFF, MYPY, CONTRACT)


def faults(more: list[str]) -> int:
    """长时间的故障测试：损坏、断电、乱序（Hypothesis 跑得更久）"""
    set_up()
    return check(("faults", ["-m", "pytest", "-m", "faults", "--hypothesis-profile=long", "-o", "faulthandler_timeout=7200", *more]))


def bench(more: list[str]) -> int:
    """测速：启动、解锁、导入、导出、合并，与同场的下限对照"""
    set_up()
    return python("-m", "tests.bench", *more, QT_QPA_PLATFORM="offscreen")


def package_deb(more: list[str]) -> int:
    """打 Linux 安装包（.deb 和 U 盘版），在干净的 Debian 上试装（要 root）"""
    return package("linux", more)


def package_windows(more: list[str]) -> int:
    """打 Windows 安装程序，并在 wine 里试装（Linux 上要 root）"""
    return package("windows", more)


def package(system: str, more: list[str]) -> int:
    """Pack for a system (installers/ says how) with the tools it takes."""
    set_up()
    tools = [package for tool, package in PACKING[system].items() if not shutil.which(tool)]
    if tools and sys.platform.startswith("linux"):
        install_packages(tools)
    return python("-m", f"installers.{system}", *more)


def update_key(more: list[str]) -> int:
    """做一对升级包的密钥：公钥随程序发布，私钥放在代码目录之外"""
    set_up()
    return python("-m", "installers.update_package", "key", *more)


def update_package(more: list[str]) -> int:
    """把 dist 里冻结好的程序打成签了名的升级包（.gup）"""
    set_up()
    return python("-m", "installers.update_package", "make", *more)


def supply(more: list[str]) -> int:
    """问一遍软件源：每个锁定的包在每种系统上都有吗，许可、已知漏洞（要联网）"""
    set_up()
    return python("-m", "installers.supply", *more)


def migration(more: list[str]) -> int:
    """改了记录之后生成数据库迁移：dev.py migration "说明" """
    if not "".join(more).strip():
        raise Trouble('请写明这次改了什么，例如：python dev.py migration "resident: add nickname"')
    set_up()
    return python("-m", "gridapp.desk.migration", " ".join(more))


def lock(more: list[str]) -> int:
    """按 pyproject.toml 重新生成 requirements.lock（加 --upgrade 则全部升级）"""
    set_up()
    if python("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"):
        raise Trouble("没能装上 uv。请检查网络，再运行一次。")
    # No index address and no header: the lock must name neither a host nor a path of the machine it was made on.
    nameless = ["--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    exact = ["--universal", "--python-version", "3.11", "--generate-hashes", "--group", "dev"]
    return python("-m", "uv", "pip", "compile", "--quiet", *exact, *nameless, "--output-file", LOCK.name, *more, "pyproject.toml")


def clean(more: list[str]) -> int:
    """删除 .venv、build、dist 和各种缓存"""
    compiled = [path for top in ("gridapp", "tests", "resources") for path in (ROOT / top).rglob("__pycache__")]
    for folder in [VENV, ROOT / "build", ROOT / "dist", ROOT / "__pycache__", ROOT / ".hypothesis", *ROOT.glob(".*_cache"), *compiled]:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


ALL = (setup, run, test, lint, faults, bench, package_deb, package_windows, update_key, update_package, supply, migration, lock, clean)
COMMANDS = {command.__name__.replace("_", "-"): command for command in ALL}


def check(*steps: tuple[str, list[str]]) -> int:
    """Run named checks in turn and stop at the first that fails; its exit code. Windows are always drawn off screen."""
    for name, arguments in steps:
        say(name)
        code = python(*arguments, QT_QPA_PLATFORM="offscreen")
        if code:
            print(f"检查没有通过：{name}（见上面的输出）", file=sys.stderr)
            return code
    return 0


def say(sentence: str) -> None:
    """One line of progress, out before whatever runs next prints its own."""
    print(f"==> {sentence}", flush=True)


def say_where(out: Path) -> None:
    """Say in which folders the demonstration left its ledgers, bundles and screenshots."""
    for title, pattern in (("台账", "*.xlsx"), ("数据包", "*.gbx"), ("截图", "*.png"), ("报告", "report.json")):
        files = list(out.rglob(pattern))
        for folder in sorted({path.parent for path in files}):
            count = sum(path.parent == folder for path in files)
            say(f"{title} {count} 个：{folder.relative_to(ROOT)}")


def arguments() -> argparse.Namespace:
    """The command and what follows it."""
    listing = "\n".join(f"  {name:15} {(command.__doc__ or '').strip()}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(prog="dev.py", description=f"命令：\n{listing}", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS, metavar="命令")
    parser.add_argument("more", nargs=argparse.REMAINDER, metavar="...", help="原样交给该命令所用的工具")
    return parser.parse_args()


def main() -> int:
    """Run one command; its exit code, 1 with a sentence when the set-up cannot go on."""
    for stream in (sys.stdout, sys.stderr):
        # A Chinese Windows console is not UTF-8; an English one cannot even print the sentences.
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        check_python(sys.version_info)
        chosen = arguments()
        return COMMANDS[chosen.command](chosen.more)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
