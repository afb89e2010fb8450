"""Bugs: one line in a log, and no personal data in it (class names and places in our code, never values)."""

from __future__ import annotations

import datetime as dt
import platform
import sys
import traceback
from pathlib import Path

import gridapp

HOME = Path(gridapp.__file__).parent


class Bug(Exception):
    """Something nobody foresaw, already described without values."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def describe(error: BaseException) -> str:
    """'KeyError < ui/form.py:31 save < ...': the class of the error and where in our code it went through, innermost first."""
    if isinstance(error, Bug):
        return error.what
    frames = [(_ours(Path(frame.filename)), frame) for frame in traceback.extract_tb(error.__traceback__)]
    where = [f"{place}:{frame.lineno} {frame.name}" for place, frame in reversed(frames) if place]
    return " < ".join([type(error).__name__, *where])


def _ours(path: Path) -> str:
    """A file of ours as 'ui/form.py', "" for anybody else's. A frozen program's code says where it lay when it was frozen, from gridapp/ on."""
    home = HOME if HOME in path.parents else Path(HOME.name)
    return path.relative_to(home).as_posix() if home in path.parents else ""


def report(what: str) -> str:
    """The text a user can hand on: version, system, what happened."""
    return f"gridapp {gridapp.__version__} · Python {platform.python_version()} · {sys.platform} · {what}"


def log(folder: Path, what: str) -> Path | None:
    """Add one line to folder/logs/crash.log; None where even that cannot be written."""
    target = folder / "logs" / "crash.log"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("a", encoding="utf-8") as out:
            out.write(f"{dt.datetime.now().isoformat(timespec='seconds')} {report(what)}\n")
    except OSError:
        return None
    return target
