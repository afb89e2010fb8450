"""Trying the Linux packages in fresh Debian 11 and 12 roots without Python: install, prove, upgrade, remove (try_deb.sh says how)."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from installers import root, shipped

SUITES = ("bullseye", "bookworm")
HERE = "/src"


def run(packages: list[Path], work: Path, system: Path) -> int:
    """Try [.deb, .tar.xz] in each release; 0 when all held, 1 otherwise. system: the root they were frozen in."""
    old = before(packages[0], work)
    bare = bare_window(work, system)
    return max(_try(suite, [old, *packages], work, bare) for suite in SUITES)


def before(package: Path, work: Path) -> Path:
    """The same package as if it were the version before, with one file more."""
    tree, made = work / "before", work / "before.deb"
    shutil.rmtree(tree, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-R", str(package), str(tree)], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1~before", control.read_text("utf-8")), "utf-8")
    (tree / "opt/gridapp/_internal/of-the-version-before").write_text("")
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(tree), str(made)], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)
    return made


def bare_window(work: Path, system: Path) -> Path:
    """The least window, frozen in the same root, to measure ours against; its folder."""
    inside = f"{HERE}/{work.relative_to(shipped.ROOT)}/bare"
    scratch = f"{inside}-work"
    words = ["--onedir", "--strip", "--noconfirm", "--name", "bare", "--distpath", inside, "--workpath", scratch, "--specpath", scratch]
    freeze = [root.PYTHON, "-m", "PyInstaller", "--log-level", "ERROR", *words, f"{HERE}/installers/share/bare.py"]
    root.run(system, *freeze, binds={shipped.ROOT: HERE})
    return work / "bare" / "bare"


def _try(suite: str, packages: list[Path], work: Path, bare: Path) -> int:
    print(f"==> 在干净的 Debian {suite} 上试装", flush=True)
    folder, results = work / suite, work / f"tried-{suite}"
    root.bare(folder, suite)
    shutil.rmtree(results, ignore_errors=True)
    inside = [f"{HERE}/{path.relative_to(shipped.ROOT)}" for path in (*packages, results, bare)]
    try:
        root.run(folder, "bash", f"{HERE}/installers/try_deb.sh", *inside, binds={shipped.ROOT: HERE})
    except subprocess.CalledProcessError as error:
        print(f"没有通过（{error.returncode}）。细节在 {results.relative_to(shipped.ROOT)}。", flush=True)
        return 1
    for path in sorted(results.glob("*.json")):
        lines = json.loads(path.read_text("utf-8")).values()
        print(f"    {path.name}：{sum(line['ok'] for line in lines)}/{len(lines)} 项都好，{sum(line['ms'] for line in lines)} 毫秒", flush=True)
    return 0
