"""Start: the window where nothing but a data folder is named, else the command line. Both are imported only when wanted."""
from __future__ import annotations

import sys
from pathlib import Path

from gridapp import places


def main(argv: list[str] | None = None) -> int:
    """The program; gives the exit code."""
    words = sys.argv[1:] if argv is None else argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    folder = window_folder(words)
    if folder is not None:
        from gridapp.ui.app import run

        return run(folder)
    from gridapp.cli.main import add
    from gridapp.cli.main import main as command
    from gridapp.demo.command import demo

    add("demo", demo, "不用动手看一遍：一个中心和两个网格，从导入台账到交换数据包。")
    return command(words)


def window_folder(words: list[str]) -> Path | None:
    """The data folder of the window to show: no words at all, or `--data DIR` alone; None is for the command line."""
    if not words:
        return places.data_dir()
    return Path(words[1]) if len(words) == 2 and words[0] == "--data" else None


if __name__ == "__main__":
    sys.exit(main())
