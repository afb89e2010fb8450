"""Random histories on real stores (sync.md section 5)."""
from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import uuid
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Engine

from tests.sync import incidents
from tests.sync.images import new_schema
from tests.sync.nodes import Node, thorough
from tests.sync.world import FIELDS, MADE, SCOPES, World, make_template

PLACES, NAMES, WHICH = st.sampled_from(sorted(SCOPES)), st.sampled_from(["office", *sorted(SCOPES)]), st.integers(0, 1)
CORES = 2
TEN_YEARS = 10 * 365 * 86400 * 1000
SKEWS = st.sampled_from([0, 0, 0, TEN_YEARS, -TEN_YEARS])
RECORDS, MOVED = st.sampled_from(sorted(FIELDS)), st.sampled_from(sorted(MADE))
STEPS = st.integers(0, 120)
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

    @rule(place=PLACES, other=WHICH, record=MOVED, to=PLACES)
    def scope_change(self, place: str, other: int, record: str, to: str) -> None:
        self.world.move(self.pick("office", other), place, record, to)

    @rule(place=PLACES, clone=WHICH, other=WHICH, write=WRITES, back=st.booleans(), told=st.booleans())
    def scope_out_and_in(self, place: str, clone: int, other: int, write: tuple[str, str], back: bool, told: bool) -> None:
        """A household and the row written move while the old grid writes; told: it hears of it; back: and it returns."""
        grid, office, to = self.pick(place, clone), self.pick("office", other), "two" if place == "one" else "one"
        self.world.edit(grid, place, write[0], 0, write[1], 0)
        moved = [record for record in MADE if record in ("household", write[0])]
        for record in moved:
            self.world.move(office, place, record, to)
        if told:
            self.world.trip(grid, place, office)
            self.world.trip(self.pick(to, clone), to, office)
        self.world.edit(self.pick(to, clone), place, write[0], 0, write[1], 0)
        for record in moved if back else ():
            self.world.move(office, place, record, place)

    @initialize(cloned=st.sets(NAMES))
    def cloned(self, cloned: set[str]) -> None:
        for name in sorted(cloned):
            self.world.clone(name, 0)

    @initialize(old=st.sets(NAMES))
    def old(self, old: set[str]) -> None:
        for name in sorted(old):
            self.world.start_old(name)

    @rule(name=NAMES, which=WHICH)
    def schema_upgrade(self, name: str, which: int) -> None:
        self.world.upgrade(name, which)

    @rule(name=NAMES, clone=WHICH, which=st.integers(0, 9), pick=WHICH)
    def resolve_conflict(self, name: str, clone: int, which: int, pick: int) -> None:
        incidents.resolve(self.world, self.pick(name, clone), which, pick)

    @rule(place=PLACES, clone=WHICH, other=WHICH)
    def duplicate_idcard(self, place: str, clone: int, other: int) -> None:
        incidents.enter_twice(self.world, self.pick(place, clone), place, self.pick("office", other))

    @rule(place=PLACES, other=WHICH, gone=st.booleans(), again=st.booleans())
    def child_before_parent(self, place: str, other: int, gone: bool, again: bool) -> None:
        incidents.child_first(self.world, place, self.pick("office", other), gone, again)

    @rule(place=PLACES, clone=WHICH, other=WHICH, up=st.booleans(), taking=st.booleans(), step=STEPS)
    def crash_at(self, place: str, clone: int, other: int, up: bool, taking: bool, step: int) -> None:
        work = incidents.killed_taking if taking else incidents.killed_making
        work(self.world, self.pick(place, clone), place, self.pick("office", other), up, step)

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


class OnBothEngines(Exchange):
    """The same histories; of each identity a machine may stand on PostgreSQL."""

    engines: ClassVar[dict[str, Engine]] = {}

    @initialize(moved=st.sets(NAMES, min_size=1))
    def moved(self, moved: set[str]) -> None:
        for name in sorted(moved):
            self.world.move_to(self.engines[name], name)


def explore(template: Path, examples: int, steps: int, url: str = "") -> None:
    """Run the machine; with the address of a PostgreSQL server, on both engines."""
    Exchange.template = template
    if url:
        OnBothEngines.engines = {name: new_schema(url, f"m{uuid.uuid4().hex[:12]}") for name in ("office", *SCOPES)}
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    phases = [Phase.explicit, Phase.generate] + ([Phase.shrink] if "GRIDAPP_SHRINK" in os.environ else [])  # shrinking a history takes minutes
    run_state_machine_as_test(
        OnBothEngines if url else Exchange,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=quiet, print_blob=True, phases=phases
        ),
    )


@pytest.mark.faults
@pytest.mark.parametrize("part", range(10 if thorough() else 1))
def test_histories(tmp_path: Path, part: int) -> None:
    """Short every day; `make faults` looks at 3,000 histories of 60 steps on two cores, in ten parts of 3-5 minutes (-k 'histories and 3')."""
    template = make_template(tmp_path / "template")
    if not thorough():
        explore(template, 12, 25)
        return
    _on_all_cores(template, 300)


@pytest.mark.faults
def test_histories_on_both_engines(tmp_path: Path, pg_url: str) -> None:
    """SQLite and PostgreSQL nodes converge with one another; `make faults` looks at 300 histories of 60 steps."""
    template = make_template(tmp_path / "template")
    if thorough():
        _on_all_cores(template, 300, pg_url)
    else:
        explore(template, 3, 20, pg_url)


def _on_all_cores(template: Path, examples: int, url: str = "") -> None:
    with ProcessPoolExecutor(CORES, multiprocessing.get_context("spawn")) as pool:
        for done in [pool.submit(explore, template, examples // CORES, 60, url) for _ in range(CORES)]:
            done.result()
