"""Attachments between nodes: sent once, in pieces, again only when asked for; what came wrong is dropped and asked for again."""
from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from gridapp.sync import bundle, link, pieces, wire
from gridapp.sync.outgoing import Outgoing
from gridapp.sync.pieces import PIECE
from gridapp.sync.troubles import Damaged
from tests.sync.nodes import ONE, TWO, Node, exchange

Trio = tuple[Node, Node, Node]


def photo(seed: int, size: int = 3 * PIECE - 7) -> bytes:
    return random.Random(seed).randbytes(size)


def attach(node: Node, scope: str, data: bytes, **more: Any) -> str:
    """A row with its content; gives the row's id."""
    key = node.do(pieces.put, data)
    return node.add("attachment", scope, sha256=key, media="image/jpeg", size=len(data), added_on="2026-11-22", **more)


def held(node: Node, data: bytes) -> bool:
    return node.do(pieces.content, hashlib.sha256(data).hexdigest()) == data


def carried(node: Node, to: Node, folder: Path, budget: int = pieces.BUDGET) -> tuple[Path, int]:
    """A bundle and how many pieces it carries."""
    before = {row[:3] for row in node.rows("SELECT link, sha256, n FROM sync_piece_sent")}
    wanted = set(node.rows("SELECT link, sha256, n FROM sync_piece_wanted"))
    made = node.do(lambda connection: bundle.make(connection, node.session, to.device, folder, budget=budget))
    after = {row[:3] for row in node.rows("SELECT link, sha256, n FROM sync_piece_sent")}
    return made.path, len(after - before) + len(wanted - set(node.rows("SELECT link, sha256, n FROM sync_piece_wanted")) - (after - before))


def test_a_content_is_kept_once_and_whole(node: Node) -> None:
    data = photo(1)
    key = node.do(pieces.put, data)
    assert node.do(pieces.put, data) == key == hashlib.sha256(data).hexdigest()
    assert node.rows("SELECT count(*) FROM blob_piece") == [(3,)]
    assert held(node, data)
    assert node.do(pieces.content, "0" * 64) is None
    for size in (0, pieces.LARGEST + 1):
        with pytest.raises(ValueError, match="size"):
            node.do(pieces.put, b"x" * size)


def test_it_goes_once_up_and_once_down(trio: Trio, tmp_path: Path) -> None:
    office, one, two = trio
    mine, theirs = photo(1), photo(2)
    attach(one, ONE, mine)
    up, count = carried(one, office, tmp_path)
    assert count == 3
    assert up.stat().st_size > len(mine)
    office.take(up)
    assert held(office, mine)
    again, count = carried(one, office, tmp_path)
    assert count == 0
    assert again.stat().st_size < PIECE
    attach(office, ONE, theirs)
    down, count = carried(office, one, tmp_path)
    assert count == 3  # not the one that came from there
    one.take(down)
    assert held(one, theirs)
    side, count = carried(office, two, tmp_path)
    assert count == 0  # another grid's
    two.take(side)
    assert two.rows("SELECT count(*) FROM blob_piece") == [(0,)]


def test_one_content_of_two_rows_goes_once(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    data = photo(1)
    first, second = attach(one, ONE, data), attach(one, ONE, data)
    up, count = carried(one, office, tmp_path)
    assert count == 3
    office.take(up)
    assert held(office, data)
    one.delete("attachment", first)
    exchange(one, office, tmp_path)
    assert one.do(pieces.forget) == office.do(pieces.forget) == 0
    one.delete("attachment", second)
    exchange(one, office, tmp_path)
    assert one.do(pieces.forget, lambda: {hashlib.sha256(data).hexdigest()}) == 0  # the removal can still be undone
    assert one.do(pieces.forget) == office.do(pieces.forget) == 3
    for node in (one, office):
        assert node.rows("SELECT (SELECT count(*) FROM blob) + (SELECT count(*) FROM sync_piece_sent)") == [(0,)]


def test_what_there_is_no_room_for_goes_next_time(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    data = [photo(1), photo(2, PIECE), photo(3, 10)]
    for each in data:
        attach(one, ONE, each)
    rounds = 0
    while not all(held(office, each) for each in data):
        path, count = carried(one, office, tmp_path, budget=PIECE + 20)
        assert count in (1, 2)
        office.take(path)
        rounds += 1
    assert 4 <= rounds <= 5
    assert carried(one, office, tmp_path)[1] == 0


def test_a_lost_bundle_costs_one_question(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    data = photo(1)
    attach(one, ONE, data)
    carried(one, office, tmp_path)  # the stick is lost
    path, count = carried(one, office, tmp_path)
    assert count == 0
    office.take(path)
    assert not held(office, data)
    one.take(office.make(one, tmp_path))
    path, count = carried(one, office, tmp_path)
    assert count == 3
    office.take(path)
    assert held(office, data)
    one.take(office.make(one, tmp_path))
    assert carried(one, office, tmp_path)[1] == 0
    assert one.rows("SELECT * FROM sync_piece_wanted") == []


def test_bundles_twice_and_in_any_order_end_the_same(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    data = photo(1, 5 * PIECE)
    attach(one, ONE, data)
    paths = [carried(one, office, tmp_path, budget=PIECE)[0] for _ in range(5)]
    draw = random.Random(4)
    paths *= 2
    draw.shuffle(paths)
    for path in paths:
        office.take_anyhow(path)
    exchange(one, office, tmp_path)
    exchange(one, office, tmp_path)
    assert held(office, data)
    assert office.rows("SELECT count(*) FROM blob_piece") == [(5,)]


def _with(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """Let the sender's messages be changed on their way into the bundle: an enrolled program that is broken or hostile."""
    calm = Outgoing.messages

    def messages(self: Outgoing) -> Any:
        for message in calm(self):
            yield from change(message)

    monkeypatch.setattr(Outgoing, "messages", messages)


BAD: dict[str, Any] = {
    "number beyond the count": lambda key, n, of, data: [key, of, of, data],
    "negative number": lambda key, n, of, data: [key, -1, of, data],
    "count too large": lambda key, n, of, data: [key, n, pieces.MOST + 1, data],
    "count that changes": lambda key, n, of, data: [key, n, of + n, data],
    "short piece": lambda key, n, of, data: [key, n, of, data[:-1] if n == 0 else data],
    "empty piece": lambda key, n, of, data: [key, n, of, b""],
    "huge piece": lambda key, n, of, data: [key, n, of, data * 2],
    "text for bytes": lambda key, n, of, data: [key, n, of, "x" * len(data)],
    "a path for a hash": lambda key, n, of, data: ["../../etc/passwd", n, of, data],
    "capitals": lambda key, n, of, data: [key.upper(), n, of, data],
    "a truth for a number": lambda key, n, of, data: [key, False, of, data],
    "too few parts": lambda key, n, of, data: [key, n, of],
    "no list": lambda key, n, of, data: {"sha256": key},
}


@pytest.mark.parametrize("name", BAD)
def test_pieces_of_another_form_are_refused_whole(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    office, one, _ = trio
    attach(one, ONE, photo(1, 3 * PIECE))
    with monkeypatch.context() as patch:
        _with(patch, lambda message: [(message[0], BAD[name](*message[1]))] if message[0] == "piece" else [message])
        path = one.make(office, tmp_path)
    with pytest.raises(Damaged):
        office.take(path)
    assert office.rows("SELECT (SELECT count(*) FROM blob_piece) + (SELECT count(*) FROM attachment)") == [(0,)]


@pytest.mark.parametrize("wanted", [[], {"x": [0]}, {"a" * 64: 0}, {"a" * 64: [-1]}, {"a" * 64: [pieces.MOST]}, {"a" * 64: [0, 0]}, {7: [0]},
                                    {"a" * 64: ["0"]}, {f"{n:064x}": [0] for n in range(pieces.WANTS + 1)}])  # fmt: skip
def test_questions_of_another_form_are_refused_whole(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Any) -> None:
    office, one, _ = trio
    with monkeypatch.context() as patch:
        _with(patch, lambda message: [message, ("wants", wanted)] if message[0] == "manifest" else [message])
        path = one.make(office, tmp_path)
    with pytest.raises(Damaged):
        office.take(path)


def test_wrong_content_is_dropped_and_asked_for_again(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, _ = trio
    data = photo(1)
    attach(one, ONE, data)
    with monkeypatch.context() as patch:
        _with(patch, lambda m: [(m[0], [*m[1][:3], m[1][3][::-1]])] if m[0] == "piece" and m[1][1] == 1 else [m])
        path = one.make(office, tmp_path)
    office.take(path)
    assert not held(office, data)
    assert office.rows("SELECT count(*) FROM blob_piece") == [(0,)]
    one.take(office.make(one, tmp_path))
    exchange(one, office, tmp_path)
    assert held(office, data)


def test_what_no_row_names_is_not_kept(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, two = trio
    data, stranger = photo(1), photo(2, 100)
    attach(one, ONE, data)
    office.take(one.make(office, tmp_path))
    row = attach(office, ONE, photo(3))
    key = hashlib.sha256(photo(3)).hexdigest()
    office.do(lambda connection: connection.exec_driver_sql("DELETE FROM blob"))
    with monkeypatch.context() as patch:  # another grid pushes contents it knows the hashes of
        extra = [("piece", [hashlib.sha256(stranger).hexdigest(), 0, 1, stranger]), ("piece", [key, 0, 3, bytes(PIECE)])]
        _with(patch, lambda message: [*extra, message] if message[0] == "end" else [message])
        path = two.make(office, tmp_path)
    before = office.rows("SELECT count(*) FROM blob_piece WHERE sha256 <> ?", [key])
    office.take(path)
    assert office.rows("SELECT count(*) FROM blob_piece WHERE sha256 <> ?", [key]) == before
    assert not held(office, stranger)
    assert office.rows("SELECT count(*) FROM attachment WHERE id = ?", [row]) == [(1,)]


def test_a_grid_gets_nothing_of_another_by_asking(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, two = trio
    data = photo(1)
    attach(one, ONE, data)
    exchange(one, office, tmp_path)
    with monkeypatch.context() as patch:
        _with(patch, lambda m: [m, ("wants", {hashlib.sha256(data).hexdigest(): [0, 1, 2]})] if m[0] == "manifest" else [m])
        path = two.make(office, tmp_path)
    office.take(path)
    path, count = carried(office, two, tmp_path)
    assert count == 0
    two.take(path)
    assert two.rows("SELECT count(*) FROM blob_piece") == [(0,)]


def test_pieces_before_their_row_are_kept(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, _ = trio
    data = photo(1, 100)
    attach(one, ONE, data)
    early = ("piece", [hashlib.sha256(data).hexdigest(), 0, 1, data])
    with monkeypatch.context() as patch:
        _with(patch, lambda m: [m, early] if m[0] == "manifest" else [] if m[0] == "piece" else [m])
        path = one.make(office, tmp_path)
    office.take(path)
    assert held(office, data)


def test_a_row_waiting_for_its_parent_names_its_content(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    building = one.add("building", ONE, building="3")
    home = one.add("household", ONE, building_id=building, room="501")
    data = photo(1, 100)
    office.take(one.make(office, tmp_path))
    office.delete("household", home)
    attach(one, ONE, data, household_id=home)
    office.take(one.make(office, tmp_path))
    assert office.rows("SELECT reason FROM sync_parked WHERE tbl = 11") == [("parent",)]
    assert held(office, data)
    assert office.do(pieces.forget) == 0


def test_an_office_that_lost_its_contents_gets_them_back(trio: Trio, tmp_path: Path) -> None:
    office, one, _ = trio
    data = photo(1)
    attach(one, ONE, data)
    exchange(one, office, tmp_path)
    for table in ("blob", "blob_piece", "sync_piece_sent"):
        office.do(lambda connection, table=table: connection.exec_driver_sql(f"DELETE FROM {table}"))
    one.take(office.make(one, tmp_path))
    exchange(one, office, tmp_path)
    assert held(office, data)


@pytest.mark.parametrize("seed", range(6))
def test_after_all_trips_every_content_named_is_whole_on_both_sides(trio: Trio, tmp_path: Path, seed: int) -> None:
    office, one, two = trio
    draw, pool = random.Random(seed), []
    places = {ONE: one, TWO: two}
    for _ in range(40):
        scope, grid = draw.choice(list(places.items()))
        node = draw.choice((grid, grid, office))
        match draw.randrange(7):
            case 0 | 1:
                attach(node, scope, photo(draw.randrange(8), draw.choice((10, PIECE, PIECE + 1, 2 * PIECE + 9))))
            case 2:
                ids = [pk for (pk,) in node.rows("SELECT id FROM attachment")]
                if ids:
                    node.delete("attachment", draw.choice(ids))
            case 3:
                node.do(pieces.forget)
            case 4 | 5:
                sender, taker = (grid, office) if draw.random() < 0.5 else (office, grid)
                pool.append((taker, carried(sender, taker, tmp_path, draw.choice((1, PIECE, pieces.BUDGET)))[0]))
            case _ if pool:
                taker, path = draw.choice(pool)  # lost, late, twice, in any order
                taker.take_anyhow(path)
    for _ in range(4):
        for grid in (one, two):
            exchange(grid, office, tmp_path)
    for scope, grid in places.items():
        named = {key for (key,) in grid.rows("SELECT DISTINCT sha256 FROM attachment")}
        assert named == {key for (key,) in office.rows("SELECT DISTINCT sha256 FROM attachment WHERE scope = ?", [scope])}
        for node in (grid, office):
            assert all(node.do(pieces.content, key) is not None for key in named)
            assert all(hashlib.sha256(node.do(pieces.content, key)).hexdigest() == key for key in named)
        assert not grid.do(lambda connection, grid=grid: pieces.wants(connection, link.get(connection, office.device)))


def test_no_bundle_is_read_beyond_its_bound(trio: Trio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office, one, _ = trio
    attach(one, ONE, photo(1))
    path = one.make(office, tmp_path)
    monkeypatch.setattr(pieces, "MOST_TAKEN", PIECE)
    with pytest.raises(Damaged):
        office.take(path)
    assert wire.MOST_MESSAGE > PIECE


def test_questions_are_bounded(node: Node) -> None:
    for n in range(pieces.WANTS + 5):
        node.add("attachment", ONE, sha256=f"{n:064x}", media="image/jpeg", size=10, added_on="2026-11-22")
    for size, key in ((0, "a" * 64), (pieces.LARGEST + 1, "b" * 64), (10, "c" * 63)):
        node.add("attachment", ONE, sha256=key, media="image/jpeg", size=size, added_on="2026-11-22")

    def asked(connection: Connection) -> dict[str, list[int]]:
        return pieces.wants(connection, link.Link("x" * 32, "up", "中心", ONE))

    found = node.do(asked)
    assert pieces.WANTS - 3 <= len(found) <= pieces.WANTS
    assert pieces.checked_wants(found) == found
