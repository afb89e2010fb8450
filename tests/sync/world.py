"""A small world for random histories: an office, two grids, clones of any of them, backups, and a pool of bundles that come at any time."""
from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from gridapp.sync import capture, following, trust
from gridapp.sync.schema import DELETED, Schema, Shape, current
from gridapp.sync.sql import rows, run
from tests.sync.images import on_postgresql, picture
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, exchange, settle, sqlite_engine, state

SCOPES = {"one": ONE, "two": TWO}
FIELDS = {"resident": ("phone", "household_id", "notes"), "request": ("content", "handler"), "household": ("room",)}  # few, so that writers meet
CLONES = 2
SCHEMA = Schema(tuple(shape for shape in current().shapes if shape.name in {*FIELDS, "building"}))  # histories of few tables go faster
NEW = {("resident", "notes"), ("request", "content"), ("request", "handler")}  # what the program before this one did not know


def _before(shape: Shape) -> Shape:
    return Shape(shape.number, shape.name, tuple(each for each in shape.fields if (shape.name, each.name) not in NEW), shape.parents)


OLD = Schema(tuple(_before(shape) for shape in SCHEMA.shapes if shape.name != "request"))


MADE = {"household": (0, 1), "resident": (0,)}  # rows every image knows: only such are moved between grids


def row_ids(place: str) -> dict[str, list[str]]:
    """The few rows of a grid that everybody writes: the same ids everywhere, as with natural keys."""
    mark = "1" if place == "one" else "2"
    return {record: [f"{mark}{n}{kind:030x}" for n in range(2)] for kind, record in enumerate(FIELDS)}


class World:
    """machines: the live disks of each identity (clones share one). pool: bundles ever made, as (to whom, path)."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder, self.count, self.values = folder, 0, 0
        self.disks: list[Node] = []
        self.template = template
        self.machines = {name: [self.disk(template / f"{name}.db")] for name in ("office", "one", "two")}
        self.pool: list[tuple[str, Path]] = []
        self.backups: dict[str, list[tuple[Path, Schema]]] = {name: [] for name in self.machines}
        self.left: set[Any] = set()  # values that left a disk
        self.superseded: set[Any] = set()  # values overwritten by someone who saw them
        self.dots: dict[Any, Any] = {}
        self.moved = False
        self.twins: dict[str, str] = {}  # people entered twice under one ID number: id to place
        self.decided: list[tuple[Node, Any, Any]] = []  # losers somebody looked at: on which disk, in whose row, and which
        self.lasting: set[Any] = set()  # of both, what left a disk

    def disk(self, source: Path, schema: Schema = SCHEMA) -> Node:
        """A machine from an image, and the program of this schema on it."""
        self.count += 1
        path = self.folder / f"disk{self.count}.db"
        shutil.copyfile(source, path)
        made = Node(sqlite_engine(path), path, schema, copied=True)
        self.disks.append(made)
        return made

    def move_to(self, engine: Engine, name: str) -> None:
        """The identity's machine goes on, on PostgreSQL."""
        self.machines[name][0] = on_postgresql(self.machines[name][0], engine)

    def start_old(self, name: str) -> None:
        """The identity's empty machines run the program before this one."""
        self.machines[name] = [self.disk(picture(node, self.folder / "start.db"), OLD) for node in self.machines[name]]

    def upgrade(self, name: str, which: int) -> None:
        """The machine's program is brought up to date."""
        self.machines[name][which % len(self.machines[name])].open(SCHEMA)

    def edit(self, node: Node, place: str, record: str, which: int, name: str, skew: int) -> None:
        """Write a value never used before (or a parent); make the row when it is not there, unless it belongs to another grid now."""
        pk = row_ids(place)[record][which]
        if node.schema is OLD and (record, name) in NEW:
            return
        self.values += 1
        value = self.parent(node, record, pk, place) if name == "household_id" else f"v{self.values}"
        found = node.rows(f"SELECT {name} FROM {record} WHERE id = ?", [pk])
        try:
            if found:
                node.edit(record, pk, **{name: value})
                self.superseded.add(found[0][0])
            elif not self.elsewhere(node, place, pk):
                node.add(record, SCOPES[place], **{"id": pk, name: value})
        except IntegrityError:  # no such parent here
            return
        if skew:
            node.do(run, "UPDATE sync_log SET t = t + ? WHERE n = (SELECT max(n) FROM sync_log)", [skew])

    def parent(self, node: Node, record: str, pk: str, place: str) -> str | None:
        """No household, or one of the two where the row stands."""
        scope = next((scope for (scope,) in node.rows(f"SELECT scope FROM {record} WHERE id = ?", [pk])), SCOPES[place])
        homes = sorted(each for (each,) in node.rows("SELECT id FROM household WHERE scope = ?", [scope]))
        choice = [None, *homes] if pk in {row_ids(each)["resident"][0] for each in SCOPES} else [None]
        return choice[self.values % len(choice)]

    def elsewhere(self, node: Node, place: str, pk: str) -> bool:
        """Whether a row that does not stand here has gone to another grid (or never was this grid's)."""
        grids = [each for name, nodes in self.machines.items() if name not in ("office", place) for each in nodes]
        return node in grids or bool(node.rows("SELECT 1 FROM sync_parked WHERE pk = ? AND reason = 'moved'", [pk]))

    def move(self, office: Node, place: str, record: str, to: str) -> None:
        """Give a row another grid, with all that belongs to it; somewhere else before, maybe."""
        pk = row_ids(place)[record][0]
        self.moved = True
        office.edit(record, pk, scope=SCOPES[to])
        office.do(following.carry, office.schema)

    def delete(self, node: Node, place: str, record: str, which: int) -> None:
        """Delete a row somebody sees."""
        pk = row_ids(place)[record][which]
        found = node.rows(f"SELECT {', '.join(FIELDS[record])} FROM {record} WHERE id = ?", [pk])
        try:
            if found and node.delete(record, pk):
                self.superseded.update(found[0])
                self.superseded.update(json.loads(val) for (val,) in node.rows("SELECT val FROM sync_sibling WHERE pk = ? AND fld > 0", [pk]))
                self.superseded.update(*(json.loads(vals).values() for (vals,) in node.rows("SELECT vals FROM sync_extra WHERE pk = ?", [pk])))
        except IntegrityError:  # children live there
            return

    def make(self, node: Node, to: str) -> Path:
        """A bundle, put into the pool for ever."""
        path = node.make(self.machines[to][0], self.folder)
        self.pool.append((to, path))
        self.went(node, to)
        return path

    def went(self, node: Node, to: str) -> None:
        """What a bundle from the node to the identity took along."""
        for record, names in FIELDS.items():
            there = "" if to == "office" else f" WHERE scope = '{SCOPES[to]}'"
            self.left.update(value for row in node.rows(f"SELECT {', '.join(names)} FROM {record}{there}") for value in row)
        self.lasting.update(each for who, scope, each in self.decided if who is node and (to == "office" or scope == [(SCOPES[to],)]))
        self.lasting.update(pk for (pk,) in node.rows("SELECT id FROM resident") if to in ("office", self.twins.get(pk)) and pk in self.twins)

    def trip(self, grid: Node, place: str, office: Node, back: Node | None = None) -> None:
        """A full round; the return goes to `back` (another clone) when given."""
        office.take(self.make(grid, "office"))
        (back or grid).take(self.make(office, place))

    def backup(self, name: str, node: Node) -> None:
        """Keep an image."""
        path = self.folder / f"backup{len(self.backups[name])}{name}.db"
        self.backups[name].append((picture(node, path), node.schema))

    def restore(self, name: str, which: int, image: int) -> None:
        """The machine becomes the image again."""
        if self.backups[name]:
            self.machines[name][which % len(self.machines[name])] = self.disk(*self.backups[name][image % len(self.backups[name])])

    def clone(self, name: str, which: int) -> None:
        """One more disk of this identity."""
        if len(self.machines[name]) < CLONES:
            source = self.machines[name][which % len(self.machines[name])]
            self.machines[name].append(self.disk(picture(source, self.folder / "clone.db"), source.schema))

    def settle(self, rounds: int = 5) -> None:
        """Trips between all machines, by the delta protocol alone. Two in a row where a clone's first one only tells it is behind."""
        for _ in range(rounds):
            changes = 0
            for office in self.machines["office"]:
                for place in SCOPES:
                    for grid in self.machines[place]:
                        trip = exchange(grid, office, self.folder)
                        trip += () if all(taken.claimed for taken in trip) else exchange(grid, office, self.folder)
                        changes += sum(taken.tally.new + taken.tally.updated + taken.tally.deleted for taken in trip)
            if not changes:
                return

    def close(self) -> None:
        """Let go of all files."""
        for node in self.disks:
            node.engine.dispose()

    def check(self, seed: int) -> None:
        """The five promises, and what people did stays done. First among programs of any age, as they are; then all are brought up to date."""
        if any(node.schema is OLD for nodes in self.machines.values() for node in nodes):
            self.settle()
            for name, nodes in self.machines.items():
                for which in range(len(nodes)):
                    self.upgrade(name, which)
        self.settle()
        self.equal()
        for number, (to, path) in enumerate(self.pool):
            self.machines[to][(seed + number) % len(self.machines[to])].take(path)
        self.settle()
        final = self.equal()
        self.nothing_lost()
        self.done_stays_done()
        self.one_dot_one_value()
        self.settle(1)
        assert self.equal() == final
        self.any_order(final, seed)
        for nodes in self.machines.values():
            for node in nodes:
                node.do(capture.check, node.schema)
                assert node.rows("SELECT count(*) FROM sync_log") == [(0,)]

    def equal(self) -> dict[str, Any]:
        """All machines hold the same."""
        final = state(self.machines["office"][0])
        for office in self.machines["office"]:
            same(state(office), final)
        for place, scope in SCOPES.items():
            for grid in self.machines[place]:
                left = gone(state(grid))
                same(without(state(grid), left), without(state(self.machines["office"][0], scope), left, {"deleted", "parent"}))
        return final

    def nothing_lost(self) -> None:
        """Every value that left a disk is visible, a loser, archived, parked, or was overwritten by someone who saw it."""
        held: set[Any] = {None}
        for nodes in self.machines.values():
            for node in nodes:
                for each in state(node).values():
                    if isinstance(each, tuple):
                        held.update(value for number, dots in each[3].items() if number for value in dots.values())
                held.update(json.loads(val) for (val,) in node.rows("SELECT val FROM sync_conflict WHERE fld > 0"))
        lost = self.left - self.superseded - held
        if lost:
            raise AssertionError(f"lost: {lost}")

    def done_stays_done(self) -> None:
        """Both rows of a person entered twice live, and a loser somebody looked at is on nobody's list."""
        for name, nodes in self.machines.items():
            for node in nodes:
                alive = {pk for (pk,) in node.rows("SELECT id FROM resident")}
                gone = {pk for pk, place in self.twins.items() if name in ("office", place) and pk in self.lasting} - alive
                assert not gone, f"lost: {gone}"
                # what left a grid is kept there as it was, and is on no list
                standing = "NOT EXISTS (SELECT 1 FROM sync_parked AS p WHERE p.tbl = s.tbl AND p.pk = s.pk AND p.reason = 'moved')"
                beside = node.rows(f"SELECT pk, fld, sid, seq FROM sync_sibling AS s WHERE fld > 0 AND same = 0 AND {standing}")
                again = {(pk, fld, (sid, seq)) for pk, fld, sid, seq in beside} & self.lasting
                assert not again, f"differ: decided, yet open: {again}"

    def one_dot_one_value(self) -> None:
        """A dot names one value, whoever holds it."""
        for nodes in self.machines.values():
            for node in nodes:
                for key, each in state(node).items():
                    for number, dots in each[3].items() if isinstance(each, tuple) else ():
                        for dot, value in dots.items():
                            assert self.dots.setdefault((key, number, dot[:2]), (dot, value)) == (dot, value)

    def any_order(self, final: dict[str, Any], seed: int) -> None:
        """An office that lost everything takes the whole pool twice in any order, and after trips holds the same.

        Where rows were moved it may have to move some again, by writings of its own: then the same is what people see. One it moved before it
        heard that it was deleted lives, and is listed.
        """
        fresh = self.disk(self.template / "office.db")
        paths = [path for to, path in self.pool if to == "office"] * 2
        random.Random(seed).shuffle(paths)
        for path in paths:
            fresh.take(path)
        self.machines["office"] = [fresh]
        self.settle()
        found = self.equal()
        listed = {key for key, each in found.items() if self.moved and isinstance(each, tuple) and not each[0] and each[3].get(DELETED)}
        again = {key for key in listed if final.get(key, ("",))[0] == "deleted"}
        same(*((visible(without(each, again)) if self.moved else each) for each in (found, final)))


def gone(held: dict[str, Any]) -> set[str]:
    """The rows a grid keeps only because they left it."""
    return {key for key, each in held.items() if isinstance(each, tuple) and each[0] == "moved"}


def without(held: dict[str, Any], keys: set[str], reasons: set[str] | None = None) -> dict[str, Any]:
    """All but these rows (where they are parked for one of the reasons, if given) and what was archived of them."""
    left = {key for key in keys if key in held and (reasons is None or held[key][0] in reasons)}
    archive = [row for row in held["archive"] if f"{SCHEMA.by_number[row[1]].name}/{row[2]}" not in left]
    return {key: each for key, each in held.items() if key not in left} | {"archive": archive}


def visible(held: dict[str, Any]) -> dict[str, Any]:
    """Values alone."""
    return {key: each[:2] for key, each in held.items() if isinstance(each, tuple)}


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Raise with what differs between two nodes."""
    found = {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    if found:
        raise AssertionError(f"differ: {found}")


def make_template(folder: Path) -> Path:
    """Images of an office and its two enrolled grids, all empty."""
    folder.mkdir()
    nodes = {name: Node(sqlite_engine(folder / f"{name}.db"), folder / f"{name}.db", SCHEMA) for name in ("office", "one", "two")}
    nodes["office"].do(trust.found_office, "测试社区", OFFICE)
    for place, scope in SCOPES.items():
        enrol(nodes["office"], nodes[place], scope)
        assert nodes[place].do(rows, "SELECT count(*) FROM sync_link") == [(1,)]
        for record, which in MADE.items():
            for each in which:
                nodes[place].add(record, scope, id=row_ids(place)[record][each])
    settle(nodes["office"], [nodes[place] for place in SCOPES], folder)
    return folder
