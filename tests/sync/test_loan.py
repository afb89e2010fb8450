"""Password bundles: sealed by a password alone, read with every bound, never merged by themselves."""
from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zstandard

from gridapp.rules.reading import Trouble
from gridapp.store.keys import QUICK, Cost
from gridapp.sync import envelope, loan, locked, schema, troubles, trust
from gridapp.sync.keys import new_keys
from tests.sync.nodes import ONE, Node, fill, residents, state
from tests.sync.test_envelope import HOSTILE, zeros

NewNode = Callable[[str], Node]
Trio = tuple[Node, Node, Node]
WORD = "很长的密码-88"


def lend(node: Node, folder: Path) -> Path:
    """A password bundle of everything a node holds."""
    return node.do(loan.make, node.session, "借来的电脑", folder, WORD, QUICK)[0]


def look(node: Node, path: Path, word: str = WORD) -> loan.Loan:
    """What it holds, beside the rows here."""
    return node.do(loan.look, node.schema, path, word)


def odd(path: Path, pieces: Any, raw: int, header: dict[str, Any] | None = None) -> Path:
    """What anybody could seal by the password."""
    out = io.BytesIO()
    told = {"id": "a" * 32, "from": "b" * 32, "label": "借", "made": 1, "app": ""} | (header or {})
    envelope.write_bundle(out, told, [locked.Locked(WORD, QUICK)], new_keys(), pieces, lambda: raw)
    path.write_bytes(out.getvalue())
    return path


def test_rows_come_as_new_changed_and_same(trio: Trio, new_node: NewNode, tmp_path: Path) -> None:
    office, *_ = trio
    borrowed = new_node("borrowed")
    fill(borrowed, residents(3, "", 0))
    fill(office, residents(2, ONE, 0))
    office.edit("resident", residents(1, "")[0]["id"], phone="16199999999")
    path, count = borrowed.do(loan.make, borrowed.session, "借来的电脑", tmp_path, WORD, QUICK)
    assert (count, list(tmp_path.glob("*.tmp"))) == (3, [])
    before = state(office)
    found = look(office, path)
    assert state(office) == before
    first, second, third = sorted(found.rows, key=lambda each: each.row_id)
    assert (found.label, found.unfit, first.differing, second.differing) == ("借来的电脑", 0, ("phone",), ())
    assert (first.theirs["phone"], first.mine and first.mine["phone"]) == ("16100000000", "16199999999")
    assert (third.mine, third.theirs["name"]) == (None, "测试2")
    assert "scope" not in third.theirs


def test_it_is_never_taken_by_itself(trio: Trio, new_node: NewNode, tmp_path: Path) -> None:
    office, one, _ = trio
    path = lend(one, tmp_path)
    for node in (office, one, new_node("other")):
        with pytest.raises(troubles.NeedsPassword, match="逐条核对"):
            node.take(path)
    with pytest.raises(troubles.NotLocked):
        look(office, one.make(office, tmp_path))
    with pytest.raises(troubles.WrongSort):
        small = tmp_path / "request.gbx"
        small.write_bytes(one.do(trust.request, "一网格"))
        look(office, small)


def test_passwords(new_node: NewNode, tmp_path: Path) -> None:
    node = new_node("node")
    with pytest.raises(Trouble, match="至少要 8 位"):
        node.do(loan.make, node.session, "借", tmp_path, "1234567", QUICK)
    path = lend(node, tmp_path)
    for word in ("", WORD + " ", WORD[:-1], "x" * 10_000):
        with pytest.raises(troubles.WrongLoanPassword, match="大小写"):
            look(node, path, word)
    assert Cost(3, 256 << 20) == locked.DEAR


@pytest.mark.parametrize(
    "change",
    [
        *({"ops": value} for value in (0, 21, "3", True)),
        *({"mem": value} for value in (1 << 31, 100, 1.5)),
        {"salt": ""},
        {"salt": 5},
        {"key": "AAAA"},
        {"key": None},
    ],
)
def test_a_header_that_asks_too_much_is_damaged(new_node: NewNode, tmp_path: Path, change: dict[str, Any]) -> None:
    class Altered(locked.Locked):
        def wrap(self, file_key: bytes) -> dict[str, Any]:
            return super().wrap(file_key) | change

    out = io.BytesIO()
    envelope.write_bundle(out, {"label": "借", "made": 1}, [Altered(WORD, QUICK)], new_keys(), iter([b""]), lambda: 0)
    path = tmp_path / "odd.gbx"
    path.write_bytes(out.getvalue())
    with pytest.raises(troubles.Damaged):
        look(new_node("node"), path)


@pytest.mark.parametrize("messages", [*HOSTILE, [["sessions", []], ["end", {"counts": {}}]], [["archive", []], ["end", {"counts": {}}]]])
def test_hostile_content_is_damaged(new_node: NewNode, tmp_path: Path, messages: list[Any]) -> None:
    plain = b"".join(map(msgpack.packb, messages))
    with pytest.raises(troubles.Damaged):
        look(new_node("node"), odd(tmp_path / "odd.gbx", iter([zstandard.compress(plain)]), len(plain)))


def test_bombs_and_hostile_headers(new_node: NewNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = new_node("node")
    with pytest.raises(troubles.Damaged):
        look(node, odd(tmp_path / "bomb.gbx", zeros(1 << 30), 1 << 30))
    for wrong in ({"label": None}, {"label": "a\0b"}, {"made": "x"}, {"made": 1 << 70}):
        with pytest.raises(troubles.Damaged):
            look(node, odd(tmp_path / "odd.gbx", iter([b""]), 0, wrong))
    fill(node, residents(20, ""))
    path = lend(node, tmp_path)
    monkeypatch.setattr(loan, "MOST_ROWS", 10)
    with pytest.raises(Trouble, match="登记加入"):
        look(node, path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(troubles.Damaged):
        look(node, path)
    with pytest.raises(Trouble, match="重新拷贝"):
        look(node, tmp_path / "nothing.gbx")


def test_values_no_column_can_hold_are_counted_and_left(new_node: NewNode, tmp_path: Path) -> None:
    resident = schema.current().by_name["resident"].number
    rows = [[resident, [1, 61], [f"{n:032x}"], [""], [[value], [""]], {}, {}] for n, value in enumerate(("甲", 5, "a\0b", 1.5))]
    rows.append([999, [1], ["f" * 32], [""], [["x"]], {}, {}])
    rows.append([resident, [60, 61], ["e" * 32], [""], [["x"], [""]], {}, {}])
    messages = [*(["chunk", body] for body in rows), ["end", {"counts": {resident: 5, 999: 1}}]]
    plain = b"".join(map(msgpack.packb, messages))
    found = look(new_node("node"), odd(tmp_path / "odd.gbx", iter([zstandard.compress(plain)]), len(plain)))
    assert ([each.theirs for each in found.rows], found.unfit) == ([{"name": "甲"}], 5)


def test_the_header_tells_little(new_node: NewNode, tmp_path: Path) -> None:
    node = new_node("node")
    fill(node, residents(3, ""))
    data = lend(node, tmp_path).read_bytes()
    header = json.loads(data[14 : 14 + int.from_bytes(data[10:14])])
    assert header.keys() == {"id", "from", "label", "made", "app", "to", "suite", "min_reader", "sign"}
    assert "测试1".encode() not in data
    assert os.path.getsize(next(tmp_path.glob("*.gbx"))) == len(data)
