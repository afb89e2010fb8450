"""Files from the stick: damaged, foreign, forged, hostile. All are refused with their own sentence, and the store stays as it was."""
from __future__ import annotations

import hashlib
import json
import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zstandard

from gridapp.rules.reading import Trouble
from gridapp.sync import bundle, envelope, troubles, trust, wire
from gridapp.sync.keys import new_keys
from tests.sync.nodes import OFFICE, ONE, Node, enrol, fill, residents, state

NewNode = Callable[[str], Node]


@pytest.fixture
def pair(new_node: NewNode) -> tuple[Node, Node]:
    office, grid = new_node("office"), new_node("grid")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    return office, grid


@pytest.fixture
def sealed(pair: tuple[Node, Node], tmp_path: Path) -> bytes:
    fill(pair[1], residents(40, ONE))
    return pair[1].make(pair[0], tmp_path).read_bytes()


def refused(node: Node, path: Path, data: bytes) -> str:
    """The code of the trouble the file makes; the store must not have changed."""
    path.write_bytes(data)
    with pytest.raises(Trouble) as caught:
        node.take(path)
    assert caught.value.text.endswith("。")
    return caught.value.code


def test_any_damage_is_refused(pair: tuple[Node, Node], sealed: bytes, tmp_path: Path) -> None:
    office, draw, path = pair[0], random.Random(7), tmp_path / "damaged.gbx"
    codes: dict[str, int] = {}
    for n in range(300):
        data = bytearray(sealed)
        if n % 3 == 0:
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        elif n % 3 == 1:
            del data[draw.randrange(len(data)) :]
        else:
            data += draw.randbytes(draw.randrange(1, 200))
        code = refused(office, path, bytes(data))
        codes[code] = codes.get(code, 0) + 1
    assert codes.keys() <= {"bundle_damaged", "not_a_bundle", "bundle_newer"}
    assert codes["bundle_damaged"] > 280
    assert state(office) == {"archive": []}
    assert office.rows("SELECT count(*) FROM sync_applied") == [(0,)]
    path.write_bytes(sealed)
    assert office.take(path).tally.new == 40


def test_each_wrong_file_has_its_sentence(pair: tuple[Node, Node], sealed: bytes, new_node: NewNode, tmp_path: Path) -> None:
    office, grid = pair
    path, other = tmp_path / "file.gbx", new_node("other")
    assert refused(office, path, b"") == "bundle_damaged"
    assert refused(office, path, b"PK\x03\x04 some workbook") == "not_a_bundle"
    assert refused(office, path, sealed[:8] + b"\x02" + sealed[9:]) == "bundle_newer"
    assert refused(office, path, other.do(trust.request, "别的")) == "wrong_sort"
    assert refused(grid, path, sealed) == "bundle_for_another"
    path.write_bytes(sealed)
    with pytest.raises(troubles.ForAnother, match="测试社区党委"):
        other.take(path)
    office.do(trust.revoke, grid.device)
    assert office.take(path).outcome == "held"
    with pytest.raises(Trouble, match="重新拷贝"):
        office.take(tmp_path / "nothing.gbx")


@pytest.mark.parametrize("where", ["from", "id", "base", "label", "certificate", "withdrawn"])
def test_half_a_character_in_a_header_is_damage(pair: tuple[Node, Node], tmp_path: Path, where: str) -> None:
    """JSON can escape what no text holds; no program of ours writes it, a hostile one may."""
    office, grid = pair
    keys = grid.do(trust.own_keys)
    text = json.dumps({"id": "a" * 32, "from": grid.device, "made": 0, "applied": [], where: "\ud800", "sign": keys.sign_public.hex()}).encode()
    data = envelope.MAGIC + b"\x01B" + struct.pack(">I", len(text)) + text + bytes(40)
    data += keys.seal(hashlib.blake2b(data, person=envelope.CONTEXT).digest())
    assert refused(office, tmp_path / "half.gbx", data) == "bundle_damaged"


def test_strangers_and_forgers_are_refused(pair: tuple[Node, Node], new_node: NewNode, tmp_path: Path) -> None:
    office, grid = pair
    stranger = new_node("stranger")
    stranger.do(trust.found_office, "别的社区", OFFICE)
    stranger.do(trust.enrol, trust.Request(office.device, "冒", *_public(office)), ONE)
    forged = stranger.make(office, tmp_path).read_bytes()
    assert refused(office, tmp_path / "a.gbx", forged) == "unknown_sender"
    stranger.session.device = grid.device
    forged = stranger.make(office, tmp_path).read_bytes()
    assert refused(office, tmp_path / "b.gbx", forged) == "bundle_forged"


def _public(node: Node) -> tuple[str, str]:
    keys = node.do(trust.own_keys)
    return keys.sign_public.hex(), keys.box_public.hex()


def hostile(grid: Node, office: Node, pieces: Iterator[bytes], raw: int) -> bytes:
    """What an enrolled but hostile program could seal."""
    import io

    out = io.BytesIO()
    to = envelope.Recipient(office.device, "x", bytes.fromhex(_public(office)[1]))
    header = {"id": "a" * 32, "from": grid.device, "base": None, "presumes": None, "upto": 1, "applied": [], "made": 0, "app": ""}
    envelope.write_bundle(out, header, [to], grid.do(trust.own_keys), pieces, lambda: raw)
    return out.getvalue()


def zeros(count: int) -> Iterator[bytes]:
    press = zstandard.ZstdCompressor().compressobj()
    for _ in range(count >> 20):
        yield press.compress(bytes(1 << 20))
    yield press.flush()


@pytest.mark.parametrize("raw", [1000, 1 << 30, 1 << 40])
def test_a_bomb_is_refused(pair: tuple[Node, Node], tmp_path: Path, raw: int) -> None:
    office, grid = pair
    data = hostile(grid, office, zeros(1 << 30), raw)
    assert len(data) < 100_000
    assert refused(office, tmp_path / "bomb.gbx", data) == "bundle_damaged"


def chunk(**changes: Any) -> list[Any]:
    body = {"table": 4, "fields": [1, 61], "ids": ["0" * 32], "stamps": ['["' + "a" * 16 + '",1,1]'], "columns": [["甲"], [ONE]]}
    body |= {"extra": {}, "siblings": {}}
    return ["chunk", list((body | changes).values())]


HOSTILE = [
    [chunk(ids=["0" * 32] * 2)],
    [chunk(ids=["short"])],
    [chunk(stamps=["no stamp"])],
    [chunk(columns=[["甲"], [ONE, ONE]])],
    [chunk(columns=[[["deep"]], [ONE]])],
    [chunk(fields=[0, 61])],
    [chunk(fields=[1, 1])],
    [chunk(siblings={5: []})],
    [chunk(siblings={0: [[1, ["x"], 1]]})],
    [chunk(extra={0: {1: {"a": 1}}})],
    [["sessions", [["short"]]]],
    [["archive", [[1, 2]]]],
    [["chunk", 5]],
    [5],
    [["end", {"counts": {4: 1}}]],
    [["end", {"counts": {}}], ["end", {"counts": {}}]],
    [chunk()],
]


@pytest.mark.parametrize("messages", HOSTILE)
def test_hostile_messages_are_refused(pair: tuple[Node, Node], tmp_path: Path, messages: list[Any]) -> None:
    office, grid = pair
    plain = b"".join(map(msgpack.packb, messages))
    data = hostile(grid, office, iter([zstandard.compress(plain)]), len(plain))
    assert refused(office, tmp_path / "bad.gbx", data) == "bundle_damaged"
    assert state(office) == {"archive": []}


@pytest.mark.parametrize("value", ["a\0b", 5, 1.5, 1 << 63, True])
def test_values_no_column_can_hold_are_parked(pair: tuple[Node, Node], new_node: NewNode, tmp_path: Path, value: Any) -> None:
    office, grid = pair
    good = chunk(ids=["1" * 32])
    messages = [good, chunk(columns=[[value], [ONE]]), ["end", {"counts": {4: 2}}]]
    plain = b"".join(map(msgpack.packb, messages))
    path = tmp_path / "odd.gbx"
    path.write_bytes(hostile(grid, office, iter([zstandard.compress(plain)]), len(plain)))
    office.take(path)
    assert office.rows("SELECT id FROM resident") == [("1" * 32,)]
    assert office.rows("SELECT pk, reason FROM sync_parked") == [("0" * 32, "value")]
    laptop = new_node("laptop")
    enrol(office, laptop, ONE)
    laptop.take(office.make(laptop, tmp_path))
    assert laptop.rows("SELECT pk, reason FROM sync_parked") == [("0" * 32, "value")]


def test_keys_and_certificates(new_node: NewNode, tmp_path: Path) -> None:
    office, grid, other = (new_node(name) for name in ("office", "grid", "other"))
    request = grid.do(trust.request, "一网格")
    with pytest.raises(Trouble, match="不是中心"):
        office.do(trust.enrol, trust.read_request(request), ONE)
    office.do(trust.found_office, "测试社区党委", OFFICE)
    with pytest.raises(Trouble, match="不在本中心"):
        office.do(trust.enrol, trust.read_request(request), "elsewhere/g001")
    with pytest.raises(troubles.Damaged):
        trust.read_request(request[:-1] + bytes([request[-1] ^ 1]))
    with pytest.raises(troubles.WrongSort):
        trust.read_answer(request)
    made = office.do(trust.enrol, trust.read_request(request), ONE)
    assert (made.role, made.scope, made.serial) == ("grid", ONE, 2)
    answer = office.do(trust.answer, grid.device)
    with pytest.raises(Trouble, match="不是给本机的"):
        other.do(trust.accept, trust.read_answer(answer))
    assert trust.read_answer(answer)[0].words == office.do(trust.own_words)
    grid.do(trust.accept, trust.read_answer(answer))
    assert grid.do(trust.own_certificate) == made
    assert new_keys().sign != new_keys().sign
    with pytest.raises(troubles.NotEnrolled):
        grid.do(bundle.make, grid.session, other.device, tmp_path)


def test_wire_round_trip() -> None:
    sizes: list[int] = []
    messages = [("manifest", {"a": 1}), ("end", {"counts": {4: 1}})]
    pieces = list(wire.pack(messages, sizes.append))
    assert list(wire.unpack(iter(pieces), sum(sizes))) == messages
    for wrong in (sum(sizes) - 1, sum(sizes) + 1):
        with pytest.raises(troubles.Damaged):
            list(wire.unpack(iter(pieces), wrong))
