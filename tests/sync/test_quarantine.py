"""Kept apart, listed, released or discarded: whole bundles of withdrawn devices, and rows out of bounds."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gridapp.rules.reading import Trouble
from gridapp.sync import apart, quarantine, trust
from gridapp.sync.merge import Tally
from tests.sync.nodes import ONE, TWO, Node, exchange, fill, residents, settle, state

Trio = tuple[Node, Node, Node]
NewNode = Callable[[str], Node]


def test_a_withdrawn_devices_bundle_waits_and_can_be_released(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    fill(one, residents(10, ONE))
    path = one.make(office, tmp_path)
    office.do(trust.revoke, one.device)
    before = state(office)
    for _ in range(2):
        taken = office.take(path)
        assert (taken.outcome, taken.sender, taken.claimed) == ("held", "一网格", False)
    assert state(office) == before
    (kept,) = office.do(quarantine.held)
    assert (kept.kind, kept.device, kept.device_label, kept.reason, kept.bytes) == ("bundle", one.device, "一网格", "revoked", path.stat().st_size)
    path.unlink()
    assert office.do(quarantine.release, office.session, kept.key).new == 10
    assert office.do(quarantine.release, office.session, kept.key) == Tally()
    assert office.do(quarantine.held) == []
    assert len(office.rows("SELECT id FROM resident")) == 10


def test_a_discarded_bundle_is_gone_and_comes_again_in_the_next(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    fill(one, residents(3, ONE))
    office.do(trust.revoke, one.device)
    office.take(one.make(office, tmp_path))
    (kept,) = office.do(quarantine.held)
    assert office.do(quarantine.discard, kept.key)
    assert not office.do(quarantine.discard, kept.key)
    assert office.do(quarantine.held) == []
    assert office.rows("SELECT id FROM resident") == []


def test_a_bundle_too_large_to_hold_stays_on_the_stick(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, _ = trio
    fill(one, residents(3, ONE))
    path = one.make(office, tmp_path)
    office.do(trust.revoke, one.device)
    monkeypatch.setattr(apart, "MOST", 100)
    with pytest.raises(Trouble, match="另外保存好"):
        office.take(path)
    assert path.exists()


def test_rows_out_of_bounds_can_be_released(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    mine = two.add("resident", TWO, name="测试乙", status="here")
    exchange(two, office, tmp_path)
    fresh = one.add("resident", TWO, name="越界", phone="16100000001", status="here")
    one.add("resident", ONE, id=mine, name="冒名", status="here")
    office.take(one.make(office, tmp_path))
    office.take(one.make(office, tmp_path))
    first, second = sorted(office.do(quarantine.held), key=lambda each: each.row_id == mine)
    assert (first.kind, first.reason, first.record, first.row_id, first.scope) == ("row", "scope", "resident", fresh, TWO)
    assert (first.values["name"], second.values["name"], second.row_id) == ("越界", "冒名", mine)
    assert first.at > 0
    assert office.do(quarantine.release, office.session, first.key).new == 1
    assert office.do(quarantine.release, office.session, first.key) == Tally()
    assert office.do(quarantine.discard, second.key)
    assert office.do(quarantine.held) == []
    assert (office.value("resident", fresh, "name"), office.value("resident", mine, "name")) == ("越界", "测试乙")
    settle(office, [two], tmp_path, 2)
    assert two.value("resident", fresh, "phone") == "16100000001"
    assert state(office, TWO) == state(two)


def test_a_released_deletion_deletes(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    row = one.add("resident", ONE, name="测试甲", status="here")
    one.make(office, tmp_path)
    two.add("resident", TWO, id=row, name="测试甲", status="here")
    exchange(two, office, tmp_path)
    one.delete("resident", row)
    taken = office.take(one.make(office, tmp_path))
    assert taken.tally.quarantined == 1
    (kept,) = office.do(quarantine.held)
    office.do(quarantine.release, office.session, kept.key)
    settle(office, [two], tmp_path, 2)
    # it was written elsewhere while it was deleted: it lives, and both are listed
    assert office.rows("SELECT fld FROM sync_sibling WHERE fld = 0") == [(0,)]
    assert state(office, TWO) == state(two)
