"""How far each row is: edited, in a bundle, at the centre, and known to be the same there."""
from __future__ import annotations

import random
from pathlib import Path

from gridapp.sync import link, outbox
from tests.sync.nodes import ONE, Node, exchange, fill, residents

Trio = tuple[Node, Node, Node]


def told(node: Node, to: Node, record: str = "resident") -> dict[str, str]:
    """The state of every row of a record."""
    ids = [pk for (pk,) in node.rows(f"SELECT id FROM {record} ORDER BY id")]
    return node.do(lambda connection: outbox.states(connection, link.get(connection, to.device), node.schema.by_name[record], ids))


def counted(node: Node, to: Node) -> dict[str, int]:
    """The counts, which must add up to what is unconfirmed."""
    found = node.do(lambda connection: outbox.counts(connection, link.get(connection, to.device), node.schema))
    assert found["waiting"] + found["sent"] == node.unconfirmed(to)
    return found


def test_a_row_goes_through_its_states(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    assert told(one, office) == {row: "waiting"}
    up = one.make(office, tmp_path)
    assert told(one, office) == {row: "sent"}
    office.take(up)
    office.edit("resident", row, sex="2")  # the centre owes us something: nothing is compared while it does
    one.edit("resident", row, phone="16100000001")
    assert told(one, office) == {row: "waiting"}
    late = one.add("resident", ONE, name="测试乙", status="here")
    one.take(office.make(one, tmp_path))
    assert told(one, office) == {row: "waiting", late: "waiting"}
    exchange(one, office, tmp_path)
    assert told(one, office) == {row: "agreed", late: "agreed"}
    assert counted(one, office) == {"waiting": 0, "sent": 0, "delivered": 0}


def test_delivered_is_less_than_agreed(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    first = one.add("resident", ONE, name="测试甲", status="here")
    office.take(one.make(office, tmp_path))
    second = one.add("resident", ONE, name="测试乙", status="here")
    one.take(office.make(one, tmp_path))
    assert told(one, office) == {first: "delivered", second: "waiting"}
    assert counted(one, office) == {"waiting": 1, "sent": 0, "delivered": 1}
    up = one.make(office, tmp_path)
    assert counted(one, office) == {"waiting": 0, "sent": 1, "delivered": 1}
    office.take(up)
    one.take(office.make(one, tmp_path))
    assert told(one, office) == {first: "agreed", second: "agreed"}


def test_rows_from_the_centre_are_agreed_until_they_are_edited(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = office.add("resident", ONE, name="测试甲", status="here")
    one.take(office.make(one, tmp_path))
    assert told(one, office) == {row: "agreed"}
    assert told(office, one) == {row: "sent"}
    office.take(one.make(office, tmp_path))
    assert told(office, one) == {row: "delivered"}
    one.edit("resident", row, name="测试乙")
    assert told(one, office) == {row: "waiting"}


def test_a_deletion_is_counted_like_a_row(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    exchange(one, office, tmp_path)
    one.delete("resident", row)
    assert counted(one, office) == {"waiting": 1, "sent": 0, "delivered": 0}
    up = one.make(office, tmp_path)
    assert counted(one, office) == {"waiting": 0, "sent": 1, "delivered": 0}
    office.take(up)
    one.take(office.make(one, tmp_path))
    assert counted(one, office) == {"waiting": 0, "sent": 0, "delivered": 0}


def test_a_centre_that_lost_everything_is_believed(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    rows = [row["id"] for row in residents(3, ONE)]
    fill(one, residents(3, ONE))
    exchange(one, office, tmp_path)
    assert set(told(one, office).values()) == {"agreed"}
    for table in ("resident", "sync_applied", "sync_tick", "sync_log", "sync_parked"):
        office.do(lambda connection, table=table: connection.exec_driver_sql(f"DELETE FROM {table}"))
    office.do(lambda connection: connection.exec_driver_sql("UPDATE sync_link SET cursor = 0, base = NULL, heard = NULL"))
    one.take_anyhow(office.make(one, tmp_path))
    assert told(one, office) == dict.fromkeys(rows, "sent")
    sent = one.do(outbox.sent_bundles)
    assert {each.state for each in sent} == {"sent"}
    assert {each.acked for each in sent} == {None}
    office.take_anyhow(one.make(office, tmp_path))
    late = one.add("resident", ONE, name="后来", status="here")  # nothing is compared while we owe something
    one.take_anyhow(office.make(one, tmp_path))
    assert told(one, office) == dict.fromkeys(rows, "delivered") | {late: "waiting"}
    exchange(one, office, tmp_path)
    exchange(one, office, tmp_path)
    assert set(told(one, office).values()) == {"agreed"}


def test_counts_add_up_in_random_histories(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    draw, lost = random.Random(7), 0
    for _ in range(60):
        ids = [pk for (pk,) in one.rows("SELECT id FROM resident")]
        match draw.randrange(6):
            case 0 | 1:
                one.add("resident", ONE, name="测试", status="here")
            case 2 if ids:
                one.edit("resident", draw.choice(ids), phone=f"161{draw.randrange(10**8):08d}")
            case 3 if ids:
                one.delete("resident", draw.choice(ids))
            case 4:
                office.add("resident", ONE, name="中心", status="here")
                one.take(office.make(one, tmp_path))
            case _:
                up = one.make(office, tmp_path)
                if draw.random() < 0.3:
                    lost += 1
                    continue
                office.take(up)
                if draw.random() < 0.7:
                    one.take(office.make(one, tmp_path))
        found = list(told(one, office).values())
        count = counted(one, office)
        assert all(found.count(state) <= count[state] for state in count)  # the rest of the count are deletions
    assert lost
    exchange(one, office, tmp_path)
    exchange(one, office, tmp_path)
    assert counted(one, office) == {"waiting": 0, "sent": 0, "delivered": 0}
    assert set(told(one, office).values()) == {"agreed"}


def test_what_a_later_receipt_covers_has_arrived(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    one.add("resident", ONE, name="测试甲", status="here")
    one.session.clock = lambda: 1000
    lost = one.make(office, tmp_path)
    one.session.clock = lambda: 2000
    second = one.make(office, tmp_path)
    office.take_anyhow(second)
    one.session.clock = lambda: 3000
    one.take_anyhow(office.make(one, tmp_path))
    found = {each.name: each for each in one.do(outbox.sent_bundles)}
    assert found.keys() == {lost.name, second.name}
    assert {(each.state, each.acked) for each in found.values()} == {("agreed", 3000)}
    assert found[second.name].size == second.stat().st_size
    assert found[second.name].rows == 1
