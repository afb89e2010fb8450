"""示例数据: a made-up grid in a data folder of its own, made from the ledgers that ship with the program. No Qt."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gridapp import desk
from gridapp.desk.sample import fill

# Nobody in it is real, so its password guards nothing; it opens without asking.
PASSWORD = "shili-shuju"
NAME = "示范社区第一网格"


def folder_in(folder: Path) -> Path:
    """Where the sample data stand beside the user's own."""
    return folder / "sample"


def there(folder: Path) -> bool:
    """Whether it was ever made here."""
    return desk.exists(folder_in(folder))


def open_sample(folder: Path, step: Callable[[int, int], None] = desk.no_step, cost: Any = None) -> Any:
    """The desk of the sample data; made first where there is none. A half-made one never counts."""
    if not there(folder):
        _make(folder, step, cost)
    return desk.open_desk(folder_in(folder), PASSWORD)


def _make(folder: Path, step: Callable[[int, int], None], cost: Any) -> None:
    fresh = folder / "sample.making"
    shutil.rmtree(fresh, ignore_errors=True)
    made, _ = desk.init(fresh, PASSWORD, grid_name=NAME, who="王建国", sample=True, cost=cost)
    try:
        fill(made, "grid1", step)
    except BaseException:
        made.close()
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    made.close()
    fresh.rename(folder_in(folder))


def remove(folder: Path) -> None:
    """Take it away; its desk must be closed."""
    shutil.rmtree(folder_in(folder), ignore_errors=True)
