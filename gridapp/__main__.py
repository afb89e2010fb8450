"""Start: the window where at most a data folder and a bundle are named, else the self-test or the command line, each imported when wanted."""
from __future__ import annotations

import sys
from pathlib import Path

import gridapp
from gridapp import places, versions


def main(argv: list[str] | None = None) -> int:
    """The program; gives the exit code."""
    words = settled(sys.argv[1:] if argv is None else argv)
    if places.frozen() and (newer := versions.chosen(places.beside(), gridapp.__version__)) and not newer.samefile(sys.executable):
        return versions.hand_over(newer, words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if words == ["--version"]:
        print(gridapp.__version__)
        return 0
    if "--self-test" in words:
        from gridapp.selftest.run import main as prove

        return prove(words)
    if wanted := window_of(words):
        from gridapp.ui.app import run

        return run(*wanted)
    return _command(words)


def _command(words: list[str]) -> int:
    from gridapp.cli.main import add
    from gridapp.cli.main import main as command
    from gridapp.demo.command import demo

    add("demo", demo, "不用动手看一遍：一个中心和两个网格，从导入台账到交换数据包。")
    return command(words)


def settled(words: list[str]) -> list[str]:
    """The words with --portable said as the data folder it means."""
    return [said for word in words for said in (("--data", str(places.data_dir(portable=True))) if word == "--portable" else (word,))]


def window_of(words: list[str]) -> tuple[Path, Path | None] | None:
    """(data folder, bundle to take in) of the window to show: no words at all, `--data DIR`, a bundle; None is for the command line."""
    rest, folder = (words[2:], Path(words[1])) if words[:1] == ["--data"] and words[1:] else (words, None)
    bundle = Path(rest[0]) if len(rest) == 1 and rest[0].lower().endswith(".gbx") else None
    if rest and not bundle:
        return None
    return folder or places.data_dir(), bundle


if __name__ == "__main__":
    sys.exit(main())
