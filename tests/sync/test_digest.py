"""After a round trip both sides hold the same; where they do not, it is told, and both send everything again."""
from __future__ import annotations

from pathlib import Path

from gridapp.sync import capture
from gridapp.sync.sql import run
from tests.sync.nodes import ONE, Node, exchange, fill, residents, settle, state
from tests.sync.test_luck import older

Trio = tuple[Node, Node, Node]


def spoil(node: Node, statement: str) -> None:
    """Change a table behind the triggers' back, as a fault of ours or of a disk would."""

    def work(connection: object) -> None:
        with capture.paused(connection, node.schema):  # type: ignore[arg-type]
            run(connection, statement)  # type: ignore[arg-type]

    node.do(work)


def stock(trio: Trio, folder: Path) -> tuple[Node, Node]:
    """Thirty people here and there."""
    office, one, _ = trio
    fill(one, residents(30, ONE))
    settle(office, [one], folder, 2)
    return office, one


def test_a_row_lost_at_the_grid_is_noticed_and_comes_back(trio: Trio, tmp_path: Path) -> None:
    office, one = stock(trio, tmp_path)
    spoil(one, "DELETE FROM resident WHERE name = '测试7'")
    office.take(one.make(office, tmp_path))
    assert one.take_anyhow(office.make(one, tmp_path)).differs
    up, down = exchange(one, office, tmp_path)
    assert (up.tally.unchanged, down.tally.new, down.tally.unchanged) == (29, 1, 29)
    assert state(office, ONE) == state(one)
    settle(office, [one], tmp_path, 2)
    assert one.unconfirmed(office) == office.unconfirmed(one) == 0


def test_a_row_lost_at_the_office_is_noticed_and_comes_back(trio: Trio, tmp_path: Path) -> None:
    office, one = stock(trio, tmp_path)
    spoil(office, "DELETE FROM resident WHERE name = '测试7'")
    one.edit("resident", residents(1, ONE)[0]["id"], sex="2")
    office.take(one.make(office, tmp_path))
    assert one.take_anyhow(office.make(one, tmp_path)).differs
    up, _ = exchange(one, office, tmp_path)
    assert up.tally.new == 1
    assert state(office, ONE) == state(one)


def test_a_value_changed_behind_our_back_is_told_every_time(trio: Trio, tmp_path: Path) -> None:
    office, one = stock(trio, tmp_path)
    spoil(one, "UPDATE resident SET phone = '16199999999' WHERE name = '测试7'")
    for _ in range(2):
        office.take(one.make(office, tmp_path))
        assert one.take_anyhow(office.make(one, tmp_path)).differs


def test_while_something_is_outstanding_nothing_is_compared(trio: Trio, tmp_path: Path) -> None:
    office, one = stock(trio, tmp_path)
    spoil(one, "DELETE FROM resident WHERE name = '测试7'")
    office.take(one.make(office, tmp_path))
    back = office.make(one, tmp_path)
    one.edit("resident", residents(1, ONE)[0]["id"], sex="2")
    assert not one.take_anyhow(back).differs


def test_programs_of_different_versions_do_not_compare(trio: Trio, tmp_path: Path) -> None:
    office, one = stock(trio, tmp_path)
    spoil(one, "DELETE FROM resident WHERE name = '测试7'")
    one.session.schema = older()
    office.take(one.make(office, tmp_path))
    assert not one.take_anyhow(office.make(one, tmp_path)).differs
