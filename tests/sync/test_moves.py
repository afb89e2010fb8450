"""A household is given to another grid: it goes once, with history; what the old grid had not sent survives; nobody else can take it."""
from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection

from gridapp.sync import capture, envelope, following, guard, moving, rows, trust, wire
from gridapp.sync.conflicts import conflicts
from gridapp.sync.conflicts import settle as settle_conflict
from gridapp.sync.schema import SCOPE
from gridapp.sync.sql import next_tick
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, exchange, settle, state
from tests.sync.test_authority import BELOW, tree, up_and_down  # noqa: F401 - tree is a fixture

Trio = tuple[Node, Node, Node]


def family(grid: Node, scope: str) -> dict[str, str]:
    """A household with all that can hang on it."""
    home = grid.add("household", scope, room="101")
    person = grid.add("resident", scope, household_id=home, name="测试甲", status="here")
    visit = grid.add("visit", scope, household_id=home, visit_date="2026-01-01", visitors="测试员", manner="home", content="平安")
    asked = grid.add(
        "request", scope, household_id=home, visit_id=visit, req_no="1", content="路灯", req_date="2026-01-01", due_date="2026-01-08", handler="网格"
    )
    event = grid.add("request_event", scope, request_id=asked, action="accept", happened_at="2026-01-01T00:00:00.000Z", by="测试员")
    need = grid.add("service_need", scope, resident_id=person, service_category="elder", basis="asked", review_on="2026-06-01")
    consent = grid.add("consent", scope, resident_id=person, consent_purpose="care", given_on="2026-01-01", notice_version="1")
    return {
        "household": home, "resident": person, "visit": visit, "request": asked, "request_event": event, "service_need": need, "consent": consent,
    }  # fmt: skip


def move(office: Node, home: str, scope: str) -> None:
    """The office's edit, and all that belongs to the household after it."""
    office.edit("household", home, scope=scope)
    office.do(following.carry, office.schema)


def standing(node: Node, ids: dict[str, str]) -> set[str]:
    """Which of them stand there."""
    return {record for record, pk in ids.items() if node.rows(f"SELECT id FROM {record} WHERE id = ?", [pk])}


def reasons(node: Node) -> set[str]:
    return {reason for (reason,) in node.rows("SELECT reason FROM sync_parked")}


@pytest.fixture
def moved(trio: Trio, tmp_path: Path) -> tuple[Node, Node, Node, dict[str, str]]:
    """A family everybody knows, given to the second grid; nobody was told yet."""
    office, one, two = trio
    ids = family(one, ONE)
    settle(office, [one, two], tmp_path, 2)
    move(office, ids["household"], TWO)
    return office, one, two, ids


def test_all_of_it_goes_once_and_stays_here_only_to_be_looked_at(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    assert office.unconfirmed(one) == office.unconfirmed(two) == len(ids)
    settle(office, [one, two], tmp_path, 3)
    assert standing(one, ids) == set()
    assert standing(two, ids) == standing(office, ids) == set(ids)
    assert reasons(one) == {"moved"}
    assert one.rows("SELECT count(*) FROM sync_parked") == [(len(ids),)]
    assert state(office, TWO) == state(two)
    assert office.digest(ONE) == one.digest()
    assert one.unconfirmed(office) == office.unconfirmed(one) == office.unconfirmed(two) == 0


def test_what_the_old_grid_had_not_sent_survives_and_a_new_visit_follows(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    one.edit("resident", ids["resident"], phone="16100000007")
    visit = one.add("visit", ONE, household_id=ids["household"], visit_date="2026-01-02", visitors="测试员", manner="home", content="又来过")
    exchange(one, office, tmp_path)
    settle(office, [one, two], tmp_path, 3)
    assert two.value("resident", ids["resident"], "phone") == "16100000007"
    assert two.value("visit", visit, "content") == "又来过"
    assert standing(one, {"visit": visit}) == set()
    assert office.digest(ONE) == one.digest()
    assert office.rows("SELECT count(*) FROM sync_quarantine") == [(0,)]


def test_an_edit_made_after_the_bundle_but_before_the_news(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    back = office.make(one, tmp_path)
    one.edit("resident", ids["resident"], phone="16100000008")
    one.take(back)
    assert one.unconfirmed(office) >= len(ids)
    settle(office, [one, two], tmp_path, 3)
    assert two.value("resident", ids["resident"], "phone") == "16100000008"
    assert one.unconfirmed(office) == 0


def test_there_and_back(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    settle(office, [one, two], tmp_path, 2)
    two.edit("household", ids["household"], room="102")
    settle(office, [one, two], tmp_path, 2)
    move(office, ids["household"], ONE)
    settle(office, [one, two], tmp_path, 2)
    assert standing(one, ids) == set(ids)
    assert standing(two, ids) == set()
    assert one.value("household", ids["household"], "room") == "102"
    assert state(office, ONE) == state(one)
    assert office.digest(TWO) == two.digest()


def test_a_resident_whose_household_is_another_grids_is_no_difference(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    home = two.add("household", TWO, room="201")
    settle(office, [one, two], tmp_path, 2)
    office.add("resident", ONE, household_id=home, name="测试甲", status="here")
    settle(office, [one, two], tmp_path, 3)
    assert reasons(one) == {"parent"} and standing(one, {"household": home}) == set()
    assert office.digest(ONE) == one.digest()


def test_taken_back_before_anybody_heard(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    move(office, ids["household"], ONE)
    settle(office, [one, two], tmp_path, 2)
    assert standing(one, ids) == set(ids)
    assert two.rows("SELECT count(*) FROM household") == [(0,)]
    assert state(office) == state(one)


def test_deleted_at_the_old_grid_meanwhile_it_lives_on_at_the_new_one(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    one.delete("consent", ids["consent"])
    settle(office, [one, two], tmp_path, 3)
    assert standing(two, ids) == standing(office, ids) == set(ids)
    assert reasons(one) == {"moved"}


def test_a_late_bundle_does_not_bring_it_back(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    ids = family(one, ONE)
    office.take(one.make(office, tmp_path))
    office.edit("household", ids["household"], room="103")
    late = office.make(one, tmp_path)
    move(office, ids["household"], TWO)
    settle(office, [one, two], tmp_path, 2)
    one.take(late)
    assert standing(one, ids) == set()
    settle(office, [one, two], tmp_path, 2)
    assert two.value("household", ids["household"], "room") == "103"


def three(new_node: object) -> Trio:
    """An office and two grids in files, so that the office can be copied."""
    office, one, two = (new_node(name) for name in ("office", "one", "two"))  # type: ignore[operator]
    office.do(trust.found_office, "测试社区", OFFICE)
    for grid, scope in ((one, ONE), (two, TWO)):
        enrol(office, grid, scope)
    return office, one, two


def test_an_office_restored_to_before_the_move_moves_it_again(new_node: object, tmp_path: Path) -> None:
    office, one, two = three(new_node)
    ids = family(one, ONE)
    settle(office, [one, two], tmp_path, 2)
    image = office.copy(tmp_path / "image.db")
    move(office, ids["household"], TWO)
    exchange(one, office, tmp_path)
    assert standing(one, ids) == set()
    settle(image, [one, two], tmp_path, 4)
    assert standing(image, ids) == standing(two, ids) == set(ids)
    assert standing(one, ids) == set()
    assert image.digest(ONE) == one.digest()
    assert image.digest(TWO) == two.digest()


def test_moved_again_before_its_deletion_was_heard_of_it_lives_and_is_listed(new_node: object, tmp_path: Path) -> None:
    office, one, two = three(new_node)
    home = one.add("household", ONE, room="101")
    settle(office, [one, two], tmp_path, 2)
    image = office.copy(tmp_path / "image.db")
    move(office, home, TWO)
    office.delete("household", home)
    settle(office, [one, two], tmp_path, 2)
    settle(image, [one, two], tmp_path, 4)
    assert standing(image, {"household": home}) == standing(two, {"household": home}) == {"household"}
    assert [(each.row_id, each.field) for each in image.do(conflicts)] == [(home, "")]  # an edit that had not seen the deletion: a person decides
    assert image.digest(ONE) == one.digest()
    assert image.digest(TWO) == two.digest()


def test_kept_by_its_new_grid_against_a_deletion_it_stays_given(new_node: object, tmp_path: Path) -> None:
    """Who decides that a row stays does not say where: an office that lost all must see that an office had given it."""
    office, one, two = three(new_node)
    home = two.add("household", TWO, room="201")
    settle(office, [one, two], tmp_path, 2)
    image = office.copy(tmp_path / "image.db")
    two.delete("household", home)
    move(office, home, ONE)
    settle(office, [one, two], tmp_path, 2)
    (listed,) = one.do(conflicts)
    one.do(settle_conflict, listed)
    exchange(two, image, tmp_path)
    settle(image, [one, two], tmp_path, 3)
    assert standing(image, {"household": home}) == standing(one, {"household": home}) == {"household"}
    assert image.rows("SELECT count(*) FROM sync_quarantine") == [(0,)]


def test_a_grid_that_never_had_it_cannot_take_it(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    ids = family(two, TWO)
    settle(office, [one, two], tmp_path, 2)
    one.add("household", ONE, id=ids["household"], room="冒名")
    taken = office.take(one.make(office, tmp_path))
    assert taken.tally.quarantined == 1
    assert office.value("household", ids["household"], "room") == "101"


def test_a_mark_no_office_made_moves_nothing(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    ids = family(one, ONE)
    settle(office, [one, two], tmp_path, 2)
    sid = one.session.sid
    dot = [(10, ids["consent"], ONE, sid, 99, TWO, f'["{sid}",99,0]')]

    def forge(connection: Connection) -> None:
        with capture.paused(connection, one.schema):
            moving.receive(connection, one.schema, dot, next_tick(connection), 0)

    one.do(forge)
    office.take(one.make(office, tmp_path))
    office.make(one, tmp_path)
    assert office.value("consent", ids["consent"], "scope") == ONE


def test_what_was_confirmed_goes_after_ninety_days(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, ids = moved
    office.take(one.make(office, tmp_path))
    one.take(office.make(one, tmp_path))
    later = one.session.clock() + 91 * moving.DAY_MS
    cursor = one.rows("SELECT cursor FROM sync_link")[0][0]
    assert one.do(moving.purge, cursor, later) == 0
    settle(office, [one, two], tmp_path, 2)
    cursor = one.rows("SELECT cursor FROM sync_link")[0][0]
    assert one.do(moving.purge, cursor, one.session.clock()) == 0
    assert one.do(moving.purge, cursor, later) == len(ids)
    settle(office, [one, two], tmp_path, 2)
    assert standing(one, ids) == set()
    assert office.digest(ONE) == one.digest()


def test_between_two_communities_of_a_street(tree: tuple[Node, Node, Node, Node], new_node: object, tmp_path: Path) -> None:  # noqa: F811
    from gridapp.sync import trust
    from tests.sync.nodes import enrol

    street, community, one, two = tree
    other, far = new_node("other"), new_node("far")  # type: ignore[operator]
    asked = trust.read_request(other.do(trust.request, "另一社区"))
    street.do(trust.enrol, asked, "street/c002", "office")
    other.do(trust.accept, trust.read_answer(street.do(trust.answer, other.device)))
    enrol(other, far, "street/c002/g001")
    ids = family(one, BELOW + "/g001")
    up_and_down(street, community, [one, two], tmp_path)
    move(street, ids["household"], "street/c002/g001")
    one.edit("resident", ids["resident"], phone="16100000009")
    for _ in range(2):
        up_and_down(street, community, [one, two], tmp_path)
        up_and_down(street, other, [far], tmp_path)
    assert standing(far, ids) == standing(other, ids) == standing(street, ids) == set(ids)
    assert standing(one, ids) == standing(community, ids) == standing(two, ids) == set()
    assert far.value("resident", ids["resident"], "phone") == "16100000009"
    assert reasons(one) == reasons(community) == {"moved"}


def no_memory(patch: pytest.MonkeyPatch) -> None:
    """A mark is not held against bundles that have not seen it."""
    patch.setattr(rows, "load_marks", lambda *_: {})


def only_where_it_stands_here(patch: pytest.MonkeyPatch) -> None:
    """The guard asks only where the row stands here."""
    patch.setattr(guard, "_passes", lambda *_: False)


def no_following(patch: pytest.MonkeyPatch) -> None:
    """Rows written in ignorance of the move stay behind."""
    patch.setattr(following, "follow", lambda *_: [])


def test_mutant_lost_move(new_node: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an office forgot is never done again."""
    monkeypatch.setattr(following, "_wins", lambda *_: False)
    with pytest.raises(AssertionError):
        test_an_office_restored_to_before_the_move_moves_it_again(new_node, tmp_path)


@pytest.mark.parametrize("mutate", [no_memory])
def test_mutant_late_bundle(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutate: object) -> None:
    mutate(monkeypatch)  # type: ignore[operator]
    with pytest.raises((AssertionError, KeyError)):
        test_a_late_bundle_does_not_bring_it_back(trio, tmp_path)


@pytest.mark.parametrize("mutate", [only_where_it_stands_here, no_following])
def test_mutant_pending_edit(
    moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mutate: object
) -> None:
    mutate(monkeypatch)  # type: ignore[operator]
    with pytest.raises((AssertionError, KeyError)):
        test_what_the_old_grid_had_not_sent_survives_and_a_new_visit_follows(moved, tmp_path)


def rows_for(node: Node, path: Path) -> list[tuple[int, str]]:
    """(table, scope) of every row in a bundle sealed for this node."""
    with open(path, "rb") as stream, node.engine.begin() as connection:
        sealed = envelope.verify(stream, "bundle")
        key = envelope.open_for(sealed, node.device, trust.own_keys(connection))
        chunks = [wire.chunk_of(body) for kind, body in wire.unpack(envelope.decrypt(stream, sealed, key), sealed.raw) if kind == "chunk"]
    return [(chunk.table, scope) for chunk in chunks for scope in chunk.columns[chunk.fields.index(SCOPE)]]


def test_no_bundle_for_a_grid_holds_another_grids_row(moved: tuple[Node, Node, Node, dict[str, str]], tmp_path: Path) -> None:
    office, one, two, _ = moved
    for round_of in range(3):
        for grid, scope in ((one, ONE), (two, TWO)):
            exchange(grid, office, tmp_path)
            if round_of:
                grid.add("resident", scope, name=f"测试{round_of}", status="here")
            down = office.make(grid, tmp_path)
            assert {found for _, found in rows_for(grid, down)} <= {scope}
            grid.take(down)
