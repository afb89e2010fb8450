"""Where things live: the program's resources (frozen or not) and the user's data. Paths are arguments, given once at the start."""
from __future__ import annotations

import sys
from pathlib import Path

PORTABLE, BESIDE = "portable.txt", "数据"


def frozen() -> bool:
    """Whether this is the installed program, not its source."""
    return hasattr(sys, "_MEIPASS")


def resources(*parts: str) -> Path:
    """A file or folder that ships with the program."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
    return root.joinpath("resources", *parts)


def beside(*parts: str) -> Path:
    """A file or folder beside the program: where its executable lies (an update's below it, see versions.py), or the checkout."""
    root = Path(sys.executable).resolve().parent if frozen() else Path(__file__).resolve().parent.parent
    return (root.parent.parent if frozen() and root.parent.name == "versions" else root).joinpath(*parts)


def data_dir(portable: bool = False) -> Path:
    """The user's own data folder, where the store is kept unless --data names another.

    Portable (asked for, or portable.txt lies beside the program): beside the program, so that data and program travel on one stick.
    """
    if portable or (frozen() and beside(PORTABLE).is_file()):
        return beside(BESIDE)
    from platformdirs import user_data_path

    return user_data_path("gridapp", appauthor=False)


def writable(folder: Path) -> bool:
    """Whether a file can be written into the folder (made where there is none)."""
    import tempfile

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
