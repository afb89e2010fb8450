"""Every file of a frozen program with its hash: what a package holds, said so that two builds can be laid side by side.

`python -m installers.listing DIST OUT` writes the list; `python -m installers.listing DIST OUT --against LIST` also says how another build's differs.
The package targets freeze with PYTHONHASHSEED=0; so built twice from one checkout on one machine, the lists are the same.
"""
from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

# Files that two builds of one checkout may make differently, and why. None, as long as the freezer's order does not depend on chance.
MAY_DIFFER: dict[str, str] = {}


def lines(dist: Path) -> list[str]:
    """'sha256  bytes  path' of every file, 'link to  path' of links, by path."""
    found = [path for path in dist.rglob("*") if path.is_symlink() or path.is_file()]
    return [_line(path, path.relative_to(dist).as_posix()) for path in sorted(found, key=lambda path: path.relative_to(dist).as_posix())]


def _line(path: Path, name: str) -> str:
    if path.is_symlink():
        return f"{'-> ' + os.readlink(path):<64}  {0:>10}  {name}"
    with open(path, "rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.stat().st_size:>10}  {name}"


def write(dist: Path, out: Path) -> int:
    """Write the list; gives the bytes of the program."""
    told = lines(dist)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(f"{line}\n" for line in told), "utf-8")
    return sum(int(line[66:76]) for line in told)


def differing(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """The paths that two lists do not have alike, but for those that may differ."""
    ours, theirs = ({line[78:]: line for line in told} for told in (one, other))
    return sorted(path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path) and path not in MAY_DIFFER)


def main() -> None:
    """Write a list, and compare it where asked; exit code 1 where builds differ."""
    parser = argparse.ArgumentParser(prog="python -m installers.listing", description="程序文件清单：每个文件的大小和 sha256。")
    parser.add_argument("dist", type=Path, help="冻结好的程序")
    parser.add_argument("out", type=Path, help="清单写到哪里")
    parser.add_argument("--against", type=Path, help="与另一次打包的清单比较")
    asked = parser.parse_args()
    size = write(asked.dist, asked.out)
    told = asked.out.read_text("utf-8").splitlines()
    print(f"{len(told)} 个文件，{size / 1e6:.1f} MB，清单在 {asked.out}")
    if asked.against and (found := differing(told, asked.against.read_text("utf-8").splitlines())):
        raise SystemExit("两次打包不一样的文件：\n" + "\n".join(found))


if __name__ == "__main__":
    main()
