"""Random histories on real stores (sync.md section 5)."""
from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from gridapp.sync import trust
from tests.sync.nodes import Node, enrol, thorough
from tests.sync.world import FIELDS, SCOPES, World, make_template

PLACES, NAMES, WHICH = st.sampled_from(sorted(SCOPES)), st.sampled_from(["office", *sorted(SCOPES)]), st.integers(0, 1)
CORES = 2
TEN_YEARS = 10 * 365 * 86400 * 1000
SKEWS = st.sampled_from([0, 0, 0, TEN_YEARS, -TEN_YEARS])
RECORDS = st.sampled_from(sorted(FIELDS))
WRITES = st.sampled_from([(record, name) for record, names in FIELDS.items() for name in names])


class Exchange(RuleBasedStateMachine):
    """Edits, exports, deliveries, trips, crashes of discs, clones; at the end the five promises."""

    template = Path()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        self.world = World(self.folder, self.template)

    def pick(self, name: str, which: int) -> Node:
        return self.world.machines[name][which % len(self.world.machines[name])]

    @rule(at=NAMES, place=PLACES, clone=WHICH, write=WRITES, which=WHICH, skew=SKEWS)
    def edit(self, at: str, place: str, clone: int, write: tuple[str, str], which: int, skew: int) -> None:
        self.world.edit(self.pick(at, clone), place, write[0], which, write[1], skew)

    @rule(at=NAMES, place=PLACES, clone=WHICH, record=RECORDS, which=WHICH)
    def delete(self, at: str, place: str, clone: int, record: str, which: int) -> None:
        self.world.delete(self.pick(at, clone), place, record, which)

    @rule(place=PLACES, other=WHICH, record=RECORDS, to=PLACES)
    def scope_change(self, place: str, other: int, record: str, to: str) -> None:
        self.world.move(self.pick("office", other), place, record, to)

    @rule(place=PLACES, clone=WHICH, other=WHICH, write=WRITES, back=st.booleans(), told=st.booleans())
    def scope_out_and_in(self, place: str, clone: int, other: int, write: tuple[str, str], back: bool, told: bool) -> None:
        """A household and the row written move while the old grid writes; told: it hears of it; back: and it returns."""
        grid, office, to = self.pick(place, clone), self.pick("office", other), "two" if place == "one" else "one"
        self.world.edit(grid, place, write[0], 0, write[1], 0)
        for record in {"household", write[0]}:
            self.world.move(office, place, record, to)
        if told:
            self.world.trip(grid, place, office)
            self.world.trip(self.pick(to, clone), to, office)
        self.world.edit(self.pick(to, clone), place, write[0], 0, write[1], 0)
        for record in {"household", write[0]} if back else ():
            self.world.move(office, place, record, place)

    @initialize(cloned=st.sets(NAMES))
    def cloned(self, cloned: set[str]) -> None:
        for name in sorted(cloned):
            self.world.clone(name, 0)

    @rule(place=PLACES, clone=WHICH, other=WHICH, write=WRITES, which=WHICH, skew=SKEWS, again=st.booleans())
    def clash(self, place: str, clone: int, other: int, write: tuple[str, str], which: int, skew: int, again: bool) -> None:
        grid, office = self.pick(place, clone), self.pick("office", other)
        self.world.edit(grid, place, write[0], which, write[1], skew)
        self.world.edit(office, place, write[0], which, write[1], 0)
        self.world.trip(grid, place, office)
        if again:
            self.world.edit(grid, place, write[0], which, write[1], 0)

    @rule(place=PLACES, other=WHICH, write=WRITES, which=WHICH)
    def sent_to_one_clone(self, place: str, other: int, write: tuple[str, str], which: int) -> None:
        grids, office = self.world.machines[place], self.pick("office", other)
        self.world.edit(office, place, write[0], which, write[1], 0)
        for _ in range(2):
            self.world.trip(grids[0], place, office)
        grids[-1].take(self.world.make(office, place))

    @rule(place=PLACES, clone=WHICH, other=WHICH)
    def up(self, place: str, clone: int, other: int) -> None:
        self.pick("office", other).take(self.world.make(self.pick(place, clone), "office"))

    @rule(place=PLACES, clone=WHICH, other=WHICH)
    def down(self, place: str, clone: int, other: int) -> None:
        self.pick(place, clone).take(self.world.make(self.pick("office", other), place))

    @rule(up=st.booleans(), place=PLACES, clone=WHICH)
    def mid(self, up: bool, place: str, clone: int) -> None:
        self.world.make(self.pick(place if up else "office", clone), "office" if up else place)

    @rule(index=st.integers(0, 200), clone=WHICH)
    def deliver(self, index: int, clone: int) -> None:
        if self.world.pool:
            to, path = self.world.pool[index % len(self.world.pool)]
            self.pick(to, clone).take(path)

    @rule(place=PLACES, clone=WHICH, other=WHICH)
    def trip(self, place: str, clone: int, other: int) -> None:
        self.world.trip(self.pick(place, clone), place, self.pick("office", other))

    @rule(place=PLACES, other=WHICH)
    def trip_swapped(self, place: str, other: int) -> None:
        grids = self.world.machines[place]
        self.world.trip(grids[0], place, self.pick("office", other), grids[-1])

    @rule(name=NAMES, which=WHICH)
    def reboot(self, name: str, which: int) -> None:
        self.pick(name, which).reboot()

    @rule(name=NAMES, which=WHICH)
    def backup(self, name: str, which: int) -> None:
        self.world.backup(name, self.pick(name, which))

    @rule(name=NAMES, which=WHICH, image=st.integers(0, 9))
    def restore(self, name: str, which: int, image: int) -> None:
        self.world.restore(name, which, image)

    @rule(name=NAMES, which=WHICH)
    def clone(self, name: str, which: int) -> None:
        self.world.clone(name, which)

    def teardown(self) -> None:
        try:
            self.world.check(len(self.world.pool))
        finally:
            self.world.close()
            shutil.rmtree(self.folder, ignore_errors=True)


def explore(template: Path, examples: int, steps: int) -> None:
    """Run the machine."""
    Exchange.template = template
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    phases = [Phase.explicit, Phase.generate] + ([Phase.shrink] if "GRIDAPP_SHRINK" in os.environ else [])  # shrinking a history takes minutes
    run_state_machine_as_test(
        Exchange,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, print_blob=True, phases=phases
        ),
    )


@pytest.mark.faults
@pytest.mark.parametrize("part", range(10 if thorough() else 1))
def test_histories(tmp_path: Path, part: int) -> None:
    """Short every day; `make faults` looks at 3,000 histories of 60 steps on two cores, in ten parts of 2-4 minutes (-k 'histories and 3')."""
    template = make_template(tmp_path / "template")
    if not thorough():
        explore(template, 12, 25)
        return
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(explore, template, 300 // CORES, 60) for _ in range(CORES)]:
            done.result()


@pytest.mark.parametrize("seed", range(3))
def test_postgresql_office_converges_with_sqlite_grids(pg_node: Node, tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    template = make_template(tmp_path / "template")
    world = World(tmp_path, template, pg_node)
    pg_node.do(trust.found_office, "测试社区", "office")
    for place, scope in SCOPES.items():
        grid = world.machines[place][0]
        for table in ("sync_link", "sync_trust"):
            grid.rows(f"DELETE FROM {table} RETURNING 1")
        enrol(pg_node, grid, scope)
    writes = [(record, name) for record, names in FIELDS.items() for name in names]
    for _ in range(60):
        place = draw.choice(sorted(SCOPES))
        grid = world.machines[place][0]
        node: Any = draw.choice([grid, pg_node])
        record, name = draw.choice(writes)
        kind = draw.random()
        if kind < 0.6:
            world.edit(node, place, record, draw.randrange(2), name, draw.choice([0, 0, TEN_YEARS, -TEN_YEARS]))
        elif kind < 0.7:
            world.delete(node, place, record, draw.randrange(2))
        elif kind < 0.9:
            world.trip(grid, place, pg_node)
        elif world.pool:
            to, path = draw.choice(world.pool)
            world.machines[to][0].take(path)
    world.check(seed)
