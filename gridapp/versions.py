"""Newer versions beside the program: versions/0.2.0/ holds a whole one, and the file versions/current names which is run.

The program that was installed stays as it is. It looks here first, and where a newer version is named hands over to that. So an update never
replaces a file in use (Windows would not let it), and the one step that counts is the replacing of one small file: a program is there always.
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

FOLDER, CURRENT = "versions", "current"
PROGRAM = "gridapp.exe" if sys.platform == "win32" else "gridapp"
NUMBER = re.compile(r"\d{1,6}(\.\d{1,6}){1,3}")


def number(text: str) -> tuple[int, ...]:
    """A version to compare by; () where the text is none."""
    return tuple(map(int, text.split("."))) if NUMBER.fullmatch(text) else ()


def newer(version: str, than: str) -> bool:
    """Whether a version comes after another."""
    return number(version) > number(than)


def current(home: Path) -> str:
    """The version that is named in the program's folder, "" where none is."""
    try:
        found = (home / FOLDER / CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return found if number(found) else ""


def chosen(home: Path, own: str) -> Path | None:
    """The program to run instead of this one (of version `own`); None where it is the one to run."""
    version = current(home)
    program = home / FOLDER / version / PROGRAM
    return program if version and newer(version, own) and program.is_file() else None


def choose(home: Path, version: str) -> None:
    """From the next start on, run this version. In one step: either it is named or what was named before."""
    half = home / FOLDER / f"{CURRENT}.tmp"
    with open(half, "w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, home / FOLDER / CURRENT)


def hand_over(program: Path, words: list[str]) -> int:
    """Run a version in place of this one; gives its exit code."""
    if sys.platform == "win32":  # there a process cannot turn into another
        return subprocess.call([str(program), *words], env=surroundings())
    return os.execve(program, [str(program), *words], surroundings())


def surroundings() -> dict[str, str]:
    """The environment from before this program was started: what its loader set would lead another version to this one's libraries."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(("_PYI_", "_MEIPASS"))}
    if inside := getattr(sys, "_MEIPASS", ""):
        before = found.pop("LD_LIBRARY_PATH_ORIG", None)
        found.pop("LD_LIBRARY_PATH", None)
        found |= {} if before is None else {"LD_LIBRARY_PATH": before}
        found["PATH"] = os.pathsep.join(part for part in found.get("PATH", "").split(os.pathsep) if not part.startswith(inside))
    return found | {"PYINSTALLER_RESET_ENVIRONMENT": "1"}
