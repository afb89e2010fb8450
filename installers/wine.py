"""Windows programs on Linux: wine in a Debian root of its own (wine.sh), every call a session that ends with all it started."""
from __future__ import annotations

import subprocess
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

from installers.nsis import Trouble
from installers.root import mirror, possible

HERE = Path(__file__).resolve().parent
SCRIPT = HERE / "wine.sh"
# Where our files lie inside the root; Windows programs see it as Z:\work.
WORK = "work"
# Process ids and mounts of its own: wine's servers end with the session, and nothing stays mounted. `wineserver -w` waits until all programs
# have ended and the registry is on disk. A wine that finds no screen cannot show a window, so there is always one.
SESSION = """
mount -t proc proc /proc
mkdir -p /tmp/.X11-unix /tmp/runtime && chmod 700 /tmp/runtime
cd "/work/$1"
shift
xvfb-run -a -s "-screen 0 1366x768x24" sh -c "$1; code=\\$?; wineserver -w; exit \\$code"
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "XDG_RUNTIME_DIR": "/tmp/runtime",
    "WINEPREFIX": f"/{WORK}/prefix",
    "WINEDEBUG": "-all",
    # No .NET, no browser: wine would ask to fetch them. No Linux menu entries beside the shortcuts.
    "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
    # The same input gives the same bytecode.
    "PYTHONHASHSEED": "0",
}


def ready(root: Path) -> Path:
    """Make the root unless it is there and whole; its work folder."""
    if not possible():
        raise Trouble("在 Linux 上打 Windows 安装包要用 root、能挂载，软件源是 Debian 的，要有 debootstrap：sudo apt-get install debootstrap nsis")
    if not (root / "whole").exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        log = root.with_suffix(".log")
        with log.open("wb") as out:
            code = subprocess.run([str(SCRIPT), str(root), mirror()], stdout=out, stderr=STDOUT).returncode
        if code:
            raise Trouble(f"没能建好 wine 的环境。请看 {log} 的最后几行，检查网络和磁盘（要 3 GB）以后再运行一次。")
    (root / WORK).mkdir(exist_ok=True)
    return root / WORK


def session(root: Path, script: str, folder: str = "", seconds: int = 900) -> subprocess.CompletedProcess[str]:
    """Run a shell script in the root (`wine a.exe ...`), started in a folder below /work; output and exit code, which are the script's.

    Python under wine dies on a standard output that is neither pipe nor file, and on no standard input at all: both are given.
    """
    call = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", str(root), "sh", "-c", SESSION, "session", folder, script]
    try:
        return subprocess.run(call, env=ENVIRONMENT, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Trouble(f"wine 里的程序 {seconds} 秒还没有做完：{script}。请看是不是机器太忙，再运行一次。") from error

