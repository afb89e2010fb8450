"""Cold start: from starting the process to the first painted window, against a bare PySide6 window; and unlocking."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from gridapp import desk as verbs
from gridapp.store import engine as engines
from gridapp.store import keys
from tests.bench.figures import Figure, medians, timed

PASSWORD = "correct-horse"
BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.resize(1200, 760)
window.show()
app.processEvents()
print("shown", flush=True)
"""
OURS = """
import sys
from pathlib import Path
from gridapp.ui.app import application
app = application()
from gridapp.ui.window import Window
window = Window(Path(sys.argv[1]))
window.open()
app.processEvents()
assert window.isVisible()
print("shown", flush=True)
import os
os._exit(0)
"""


def _until_shown(script: str, folder: Path) -> float:
    start = time.perf_counter()
    environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ
    command = [sys.executable, "-c", script, str(folder)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
    assert child.stdout and child.stdout.readline() == "shown\n"
    seconds = time.perf_counter() - start
    child.communicate()
    return seconds


def figures(folder: Path, rows: int, times: int) -> list[Figure]:
    """Cold start with no store and with one, and unlocking at the real cost of the password."""
    made = folder / "unlock"
    opened, _ = verbs.init(made, PASSWORD, grid_name="测速")
    opened.close()
    bare, first, locked = medians(
        times + 2, lambda: _until_shown(BARE, folder), lambda: _until_shown(OURS, folder / "none"), lambda: _until_shown(OURS, made)
    )
    unlock, floor = medians(times, lambda: timed(lambda: verbs.open_desk(made, PASSWORD).close()), lambda: timed(lambda: _raw(made)))
    shutil.rmtree(made)
    return [
        Figure("启动到窗口（首次）", first, bare, 1.5, "空的 PySide6 窗口"),
        Figure("启动到窗口（待解锁）", locked, bare, 1.5, "空的 PySide6 窗口"),
        Figure("解锁", unlock, floor, 1.5, "Argon2id 加直接打开 SQLCipher"),
    ]


def _raw(made: Path) -> None:
    connection = engines.connect(made / "store.db", keys.unlock(made / "key.json", PASSWORD))
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()
