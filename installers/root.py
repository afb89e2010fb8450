"""Debian roots under build/: one to freeze in (Debian 11 with its own Python), bare ones to try packages in."""
from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = "/opt/python/bin/python3.11"
# Nothing of this machine's own settings goes inside.
INSIDE = {
    "HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # the same checkout makes the same files
}  # fmt: skip
NONE: Mapping[Path, str] = {}


def possible() -> bool:
    """Whether roots can be made here: we are root, debootstrap is installed, mounting is allowed, and apt names a mirror of Debian."""
    if os.geteuid() or not shutil.which("debootstrap") or not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode == 0 and bool(mirror())


def mirror() -> str:
    """The mirror of Debian that this machine itself uses; "" where it uses none."""
    asked = ["apt-get", "indextargets", "--format", "$(ORIGIN)|$(CODENAME)|$(COMPONENT)|$(REPO_URI)", "Created-By: Packages"]
    lines = [line.split("|") for line in subprocess.run(asked, capture_output=True, text=True).stdout.split()]
    return next((uri.rstrip("/") for origin, codename, part, uri in lines if (origin, part) == ("Debian", "main") and "-" not in codename), "")


def make(folder: Path) -> None:
    """The root to freeze in; made once, some minutes. Raises CalledProcessError."""
    if not (folder / "whole").exists():
        subprocess.run(["bash", str(HERE / "debian11.sh"), str(folder), mirror()], check=True)


def bare(folder: Path, suite: str) -> None:
    """A fresh minimal root of a Debian release. Raises CalledProcessError."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["debootstrap", "--variant=minbase", suite, str(folder), mirror()], check=True, stdout=subprocess.DEVNULL)
    shutil.copyfile("/etc/resolv.conf", folder / "etc" / "resolv.conf")


def run(folder: Path, *words: str, binds: Mapping[Path, str] = NONE) -> None:
    """Run a command in a root, with folders of ours bound to places in it; nothing stays mounted or running. Raises CalledProcessError."""
    lines = [f"mount -t proc proc {folder}/proc", f"mount --rbind /dev {folder}/dev"]
    for outer, inner in binds.items():
        Path(f"{folder}{inner}").mkdir(parents=True, exist_ok=True)
        lines.append(f"mount --rbind {outer} {folder}{inner}")
    settings = [f"{name}={value}" for name, value in INSIDE.items()]
    apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    enter = ["bash", "-ec", "\n".join([*lines, 'exec chroot "$@"']), "bash", str(folder)]
    subprocess.run([*apart, *enter, "env", "-i", *settings, *words], check=True)
