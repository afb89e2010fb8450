"""How much a merge grows the process: a fresh one each time, its highest resident memory before the merge and after."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bench.figures import Amount, Left, Line
from tests.sync import bulk

STATUS = Path("/proc/self/status")
SIZES = (20_000, 100_000, 200_000)


def figures(folder: Path) -> list[Line]:
    """100,000 rows, and what ten times 20,000 take more than 20,000."""
    if not STATUS.exists():
        return [Left("合并时多用的内存", "本机没有 /proc，量不到最高占用")]
    grown = {count: _growth(folder / str(count), count) for count in SIZES}
    few, many, most = (grown[count] for count in SIZES)
    return [
        Amount(f"合并 {SIZES[1]:,} 行多用的内存", many, "MB", 40, "合并前后进程最高占用之差"),
        Amount(f"合并 {SIZES[2]:,} 行比 {SIZES[0]:,} 行多用的内存", most - few, "MB", 15, "应与行数无关"),
    ]


def _growth(folder: Path, count: int) -> float:
    """MB that merging a bundle of so many new rows adds."""
    folder.mkdir(parents=True)
    grid, office = bulk.seats(folder)
    bulk._many(grid.engine, bulk.INSERT, bulk.people(count))
    bundle = grid.make(office, folder)
    for node in (grid, office):
        node.engine.dispose()
    told = subprocess.run([sys.executable, "-m", "tests.bench.memory", str(folder), str(bundle)], capture_output=True, text=True, check=True)
    return float(told.stdout) / 1024


def highest() -> int:
    """The highest resident memory of this process so far, in KB."""
    return next(int(line.split()[1]) for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM"))


def main(folder: Path, bundle: Path) -> None:
    """Merge the bundle into the office of the folder; print the growth in KB."""
    office = bulk._node(folder, "office.db")
    office.digest()
    before = highest()
    assert office.take(bundle).tally.new
    print(highest() - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
