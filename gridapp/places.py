"""Where things live: the program's resources (frozen or not) and the user's data. Paths are arguments, given once at the start."""
from __future__ import annotations

import sys
from pathlib import Path


def resources(*parts: str) -> Path:
    """A file or folder that ships with the program."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parent.parent))
    return root.joinpath("resources", *parts)


def data_dir() -> Path:
    """The user's own data folder, where the store is kept unless --data names another."""
    from platformdirs import user_data_path

    return user_data_path("gridapp", appauthor=False)
