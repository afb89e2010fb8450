"""Rows an office sends to everybody below: through a middle office, never upward from a grid, and never lost to a restored office."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gridapp.records import new_id
from gridapp.records.material import MOST_TEXT
from gridapp.sync import link, sealing, trust
from gridapp.sync.schema import current
from gridapp.sync.sql import reach, run
from tests.sync.nodes import Node, enrol, exchange, sqlite_engine

STREET, C1, C2, G1, G2 = "street", "street/c01", "street/c02", "street/c01/g001", "street/c01/g002"
SHAPE = current().by_name["material"]
SAID = {"kind": "notice", "key": "k", "subject": "防汛提示", "body": "请检查低洼处。", "effective_from": "2026-11-21", "sent_on": "x", "sent_by": "y"}


class Tree:
    """Three levels by files alone: a street, two communities, two grids of the first."""

    def __init__(self, folder: Path, street: Node) -> None:
        self.folder, self.street = folder, street
        self.one, self.two, self.g1, self.g2 = (Node(sqlite_engine(folder / f"{n}.db"), folder / f"{n}.db") for n in ("c1", "c2", "g1", "g2"))
        street.do(trust.found_office, "测试街道", STREET)
        for office, scope, label in ((self.one, C1, "第一社区"), (self.two, C2, "第二社区")):
            join(street, office, scope, label, "office")
        join(self.one, self.g1, G1, "一网格")
        join(self.one, self.g2, G2, "二网格")

    def round(self) -> None:
        """Everybody with everybody, until all is told and confirmed."""
        for _ in range(3):
            for low, high in ((self.g1, self.one), (self.g2, self.one), (self.one, self.street), (self.two, self.street)):
                exchange(low, high, self.folder)


def join(office: Node, low: Node, scope: str, label: str, role: str = "grid") -> None:
    if role == "grid":
        enrol(office, low, scope, label)
        return
    asked = trust.read_request(low.do(trust.request, label))
    office.do(trust.enrol, asked, scope, role)
    low.do(trust.accept, trust.read_answer(office.do(trust.answer, low.device)))


def say(node: Node, scope: str, **more: Any) -> str:
    pk, values = new_id(), {**SAID, **more}
    return node.add("material", scope, id=pk, seal=node.do(sealing.seal, SHAPE, pk, values), **values)


def held(node: Node) -> set[str]:
    return {pk for (pk,) in node.rows("SELECT id FROM material")}


@pytest.fixture(params=["sqlite", "postgresql"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Tree:
    if request.param == "sqlite":
        return Tree(tmp_path, Node(sqlite_engine(tmp_path / "street.db"), tmp_path / "street.db"))
    return Tree(tmp_path, request.getfixturevalue("pg_node"))


def test_an_offices_word_reaches_all_below_and_nobody_else(tree: Tree) -> None:
    street, first, second, third = (say(*pair) for pair in ((tree.street, STREET), (tree.one, C1), (tree.two, C2), (tree.g1, G1)))
    tree.round()
    assert held(tree.street) == {street, first, second, third}
    assert held(tree.one) == {street, first, third}
    assert held(tree.two) == {street, second}
    assert held(tree.g1) == {street, first, third}
    assert held(tree.g2) == {street, first}
    for low, high, scope in ((tree.g1, tree.one, G1), (tree.g2, tree.one, G2), (tree.one, tree.street, C1), (tree.two, tree.street, C2)):
        assert low.digest(scope) == high.digest(scope)
        assert low.unconfirmed(high) == high.unconfirmed(low) == 0
        assert [taken.tally.new + taken.tally.updated for taken in exchange(low, high, tree.folder)] == [0, 0]


def test_the_slice_counts_what_waits_and_a_correction_follows(tree: Tree) -> None:
    word = say(tree.street, STREET)
    assert (tree.street.unconfirmed(tree.one), tree.street.unconfirmed(tree.two)) == (1, 1)
    tree.round()
    tree.street.edit("material", word, withdrawn_on="2026-11-22")
    tree.round()
    for node in (tree.one, tree.two, tree.g1, tree.g2):
        assert node.value("material", word, "withdrawn_on") == "2026-11-22"
    tree.street.delete("material", word)
    tree.round()
    assert held(tree.g2) == held(tree.two) == set()


def test_a_grid_never_writes_what_its_offices_say(tree: Tree) -> None:
    word = say(tree.street, STREET)
    tree.round()
    tree.g1.edit("material", word, body="篡改过的内容")
    forged = say(tree.g1, C1)
    taken = tree.one.take(tree.g1.make(tree.one, tree.folder))
    assert taken.tally.quarantined == 2
    assert tree.one.value("material", word, "body") == SAID["body"]
    assert forged not in held(tree.one)
    tree.g2.take(tree.one.make(tree.g2, tree.folder))
    assert tree.g2.value("material", word, "body") == SAID["body"]


def test_late_and_repeated_bundles_change_nothing(tree: Tree) -> None:
    word = say(tree.one, C1)
    early = tree.one.make(tree.g1, tree.folder)
    tree.one.edit("material", word, withdrawn_on="2026-11-22")
    late = tree.one.make(tree.g1, tree.folder)
    for path in (late, early, late, early):
        tree.g1.take(path)
    assert tree.g1.value("material", word, "withdrawn_on") == "2026-11-22"


def test_a_grid_that_starts_over_is_no_forger(tree: Tree) -> None:
    say(tree.street, STREET)
    tree.round()
    peer = tree.g1.do(link.get, tree.one.device)
    tree.g1.do(link.start_over, peer)
    assert tree.one.take(tree.g1.make(tree.one, tree.folder)).tally.quarantined == 0


def test_many_large_files_never_make_a_message_too_large(tmp_path: Path) -> None:
    office, grid = (Node(sqlite_engine(tmp_path / f"{name}.db"), tmp_path / f"{name}.db") for name in ("office", "grid"))
    office.do(trust.found_office, "测试社区", "office")
    enrol(office, grid, "office/g001")
    words = [say(office, "office", body=str(number) * MOST_TEXT) for number in range(10)]
    exchange(grid, office, tmp_path)
    assert held(grid) == set(words)
    for word in words:
        office.delete("material", word)
    exchange(grid, office, tmp_path)
    assert held(grid) == set()


def test_a_restored_office_takes_its_own_word_back(tmp_path: Path) -> None:
    tree = Tree(tmp_path, Node(sqlite_engine(tmp_path / "street.db"), tmp_path / "street.db"))
    tree.round()
    shutil.copyfile(tree.one.path or "", tmp_path / "backup.db")
    kept, gone = say(tree.one, C1), say(tree.one, C1)
    tree.round()
    tree.one.edit("material", gone, withdrawn_on="2026-11-22")
    tree.round()
    tree.one = Node(sqlite_engine(tmp_path / "backup.db"), tmp_path / "backup.db", copied=True)
    for _ in range(3):
        tree.one.take_anyhow(tree.g1.make(tree.one, tmp_path))
        tree.g1.take_anyhow(tree.one.make(tree.g1, tmp_path))
    assert kept in held(tree.one)
    assert tree.one.rows("SELECT count(*) FROM sync_quarantine WHERE pk = ?", [kept]) == [(0,)]
    # what was changed after signing is for people to look at
    assert tree.one.rows("SELECT count(*) > 0 FROM sync_quarantine WHERE pk = ?", [gone]) == [(1,)]


def test_a_seal_covers_all_that_is_said(tmp_path: Path) -> None:
    node = Node(sqlite_engine(tmp_path / "o.db"), tmp_path / "o.db")
    node.do(trust.found_office, "测试社区", "office")
    values = {**SAID, "scope": "office"}
    signed = {**values, "seal": node.do(sealing.seal, SHAPE, "k" * 32, values)}
    assert node.do(sealing.sealed, SHAPE, "k" * 32, signed)
    for name in SHAPE.names:
        assert not node.do(sealing.sealed, SHAPE, "k" * 32, {**signed, name: "别的"}), name
    assert not node.do(sealing.sealed, SHAPE, "l" * 32, signed)
    for mark in (None, "", "zz", 7, signed["seal"][:-2], "g" * 160):
        assert not node.do(sealing.sealed, SHAPE, "k" * 32, {**signed, "seal": mark})


def test_reach_is_the_path_itself_below_and_above(tmp_path: Path) -> None:
    node = Node(sqlite_engine(tmp_path / "o.db"), tmp_path / "o.db")
    for scope in ("a", "a/b", "a/b/c", "a/b/c/d", "a/b/x", "a/bb", "ab", "b"):
        node.do(run, "INSERT INTO org (id, scope, name) VALUES (?, ?, ?)", [scope, scope, scope])
    condition, values = reach("scope", "a/b/c")
    assert {scope for (scope,) in node.rows(f"SELECT scope FROM org WHERE {condition}", values)} == {"a", "a/b", "a/b/c", "a/b/c/d"}
    assert len(node.rows(f"SELECT scope FROM org WHERE {reach('scope', '')[0]}")) == 8
