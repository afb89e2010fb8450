"""The exchange: capture, stamps, bundles and merges of many rows, against raw inserts of the same rows into the same indexes."""
from __future__ import annotations

import statistics
from pathlib import Path

from tests.bench import crowd, memory, rivals
from tests.bench.figures import WHATEVER, Amount, Figure, Left, Line, medians, timed
from tests.sync import bulk

INSERT, UPDATE, RAW = "raw insert", "raw update", "同样的行、同样的索引，直接写"
COUNT, COUNTED = "count", "从头到尾数一遍同样的行"
HELD = {("session", "merge", "new"): 1.5, ("geodiff", "merge", "updates"): 1.0}
STEPS = (
    ("export", "new", "打包：新行"),
    ("export", "updates", "打包：改过的行"),
    ("merge", "new", "合并：新行"),
    ("merge", "updates", "合并：改过的行"),
)


def figures(folder: Path, rows: int, times: int) -> list[Line]:
    """One-row transactions, then every step of the exchange for five times as many rows as the ledgers have."""
    many = rows * 5
    found = _medians([bulk.measure(_fresh(folder / f"run{at}"), many) for at in range(max(1, times // 2))])
    with_log, plain = _one_by_one(folder, times)

    def of(name: str, label: str, hold: float, floor: str = INSERT, what: str = RAW) -> Figure:
        return Figure(f"{label} {many:,} 行", found[name], found[floor], hold, what)

    making = found["export new"] + found["merge new"]
    return [
        of("capture insert", "记录改动：批量新增", 2.0),
        of("capture update", "记录改动：批量修改", 2.0, UPDATE),
        Figure("记录改动：逐条提交 500 条", with_log, plain, 1.3, "没有触发器的同一张表"),
        of("stamp new", "盖章：新行", 1.0),
        of("stamp updates", "盖章：改过的行", 1.0),
        of("export new", "打包：新行", 1.0),
        of("export updates", "打包：改过的行", 1.0),
        of("merge new", "合并：新行", 1.8),
        of("merge updates", "合并：改过的行", 1.6),
        of("merge concurrent", "合并：同时改过的行", 2.0),
        of("replay", "合并：重复的包", 0.5),
        of("digest", "核对：全部行的摘要", 1.0),
        of("unconfirmed unstamped", "未确认条数：全未盖章", 10.0, COUNT, COUNTED),
        of("unconfirmed stamped", "未确认条数：全未确认", 3.0, COUNT, COUNTED),
        of("unconfirmed none", "未确认条数：全已确认", 3.0, COUNT, COUNTED),
        Figure("压缩和加密占打包与合并之和", found["wrapping"], making, 0.05, "打包与合并全部新行"),
        Amount("每条记录占数据包", found["bytes per record"], "字节", 60, "22 列"),
        *_beside_others(folder / "others", many, times),
        *memory.figures(folder / "memory"),
        *_postgresql(folder / "pg", many // 2, times),
    ]


def _medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def _beside_others(folder: Path, count: int, times: int) -> list[Line]:
    """Ours and theirs in files without encryption, turn by turn."""
    if absent := rivals.missing():
        lines: list[Line] = [Left("与别的做法对照", f"本机没有 {'、'.join(absent)}（没有这个平台的安装包）")]
        if "apsw" in absent:
            return lines
    else:
        lines = []
    folder.mkdir()
    rows = bulk.people(count)
    runs = []
    for at in range(max(1, times // 2)):
        ours = bulk.measure(_fresh(folder / f"ours{at}"), count, encrypted=False)
        runs.append(ours | rivals.measure(folder / f"theirs{at}", rows, bulk.edits_of(rows)))
    found = _medians(runs)
    for step, kind, label in STEPS:
        for other, name in (("session", "SQLite 会话"), ("geodiff", "geodiff")):
            if f"{other} {step} {kind}" in found:
                hold = HELD.get((other, step, kind), WHATEVER)
                lines.append(Figure(f"{label} {count:,} 行", found[f"{step} {kind}"], found[f"{other} {step} {kind}"], hold, f"{name}，都不加密"))
    return lines


def _postgresql(folder: Path, count: int, times: int) -> list[Figure]:
    """An office's merges on PostgreSQL, a server of this run's own."""
    with crowd.server() as url:
        found = _medians([bulk.measure_pg(_fresh(folder / str(at)), url, count) for at in range(max(1, times // 2))])
    what, names = "同样的行 COPY 进同样的表", (("merge new", "新行", 2.5), ("merge updates", "改过的行", 3.0))
    return [Figure(f"PostgreSQL 合并：{label} {count:,} 行", found[name], found["copy"], hold, what) for name, label, hold in names]


def _fresh(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _one_by_one(folder: Path, times: int) -> list[float]:
    """Seconds of 500 transactions of one row each: captured, and not."""
    grid = bulk._node(folder, "single.db")
    plain = bulk._engine(folder / "plain.db")
    rows = iter(bulk.people(500 * 2 * times))

    def each(engine: object) -> float:
        batch = [next(rows) for _ in range(500)]
        return timed(lambda: [bulk._many(engine, bulk.INSERT, [row]) for row in batch])  # type: ignore[arg-type]

    return medians(times, lambda: each(grid.engine), lambda: each(plain))
