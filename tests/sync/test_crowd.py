"""Many bundles at once into one PostgreSQL office, from several processes, in any order: each has its outcome, and all count once."""
from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from gridapp.rules.reading import Trouble
from gridapp.store import engine as engines
from gridapp.store.work import work
from gridapp.sync import bundle, trust
from gridapp.sync.session import Session
from tests.sync.nodes import OFFICE, Node, enrol, exchange, fill, residents, state

NewNode = Callable[[str], Node]
PROCESSES, GRIDS, EACH = 4, 6, 3


def clerk(url: str, device: str, paths: list[Path], seed: int) -> list[tuple[str, str, int]]:
    """One process: takes all bundles in an order of its own; (file, outcome or code, new rows) of each."""
    engine, session, found = engines.open_url(url), Session(device, f"第{seed}席"), []
    random.Random(seed).shuffle(paths)
    for path in paths:
        try:
            with work(engine) as current:
                taken = bundle.take(current.connection, session, path)
                current.keep()
            found.append((path.name, taken.outcome, taken.tally.new))
        except Trouble as trouble:
            found.append((path.name, trouble.code, 0))
    engine.dispose()
    return found


def test_many_at_once(pg_database: Callable[..., str], new_node: NewNode, tmp_path: Path) -> None:
    url = pg_database()
    office = Node(engines.open_url(url), copied=True)
    office.do(trust.found_office, "测试社区党委", OFFICE)
    grids, paths = [], []
    for n in range(GRIDS):
        grid, scope = new_node(f"g{n}"), f"{OFFICE}/g{n:03d}"
        enrol(office, grid, scope, f"第{n}网格")
        for part in range(EACH):
            fill(grid, residents(20, scope, n * 1000 + part * 100))
            paths.append(grid.make(office, tmp_path))
        grids.append(grid)
    broken = tmp_path / "broken.gbx"
    broken.write_bytes(paths[0].read_bytes()[:-1])
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(clerk, url, office.device, [*paths, broken], seed) for seed in range(PROCESSES)]
        found = [each for one in asked for each in one.result(timeout=120)]
    assert len(found) == PROCESSES * (len(paths) + 1)
    assert {outcome for name, outcome, _ in found if name == "broken.gbx"} == {"bundle_damaged"}
    assert {outcome for name, outcome, _ in found if name != "broken.gbx"} == {"merged", "again"}
    assert sorted(name for name, outcome, _ in found if outcome == "merged") == sorted(path.name for path in paths)  # each once
    assert sum(new for _, _, new in found) == GRIDS * EACH * 20
    assert office.rows("SELECT count(*) FROM resident") == [(GRIDS * EACH * 20,)]
    assert office.rows("SELECT count(*), sum(claimed) FROM sync_applied") == [(len(paths), len(paths))]
    for n, grid in enumerate(grids):
        exchange(grid, office, tmp_path)
        assert grid.unconfirmed(office) == 0
        assert state(office, f"{OFFICE}/g{n:03d}") == state(grid)
    office.engine.dispose()
