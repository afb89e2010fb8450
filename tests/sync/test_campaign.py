"""Faults by the thousand, counted: damaged and hostile bundles, kills, sticks that fill up or are pulled, replays, forgers.

A short sample every day; `make faults` runs it whole and prints the figures. Each campaign has a control that must be noticed.
"""
from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgpack
import pytest
import zstandard

from gridapp.rules.reading import Trouble
from gridapp.store.engine import open_sqlite
from gridapp.sync import bundle, capture, envelope, stick, trust, wire
from gridapp.sync.keys import new_keys
from gridapp.sync.sql import run
from tests.sync.nodes import OFFICE, ONE, TWO, Node, enrol, exchange, fill, residents, state, thorough
from tests.sync.test_envelope import hostile, zeros

pytestmark = pytest.mark.faults
NewNode = Callable[[str], Node]
KEY = "ab" * 48
END = msgpack.packb(["end", {"counts": {}}])
CODES = {"bundle_damaged", "not_a_bundle", "bundle_newer"}


def times(whole: int, sample: int) -> int:
    """How many of something: the whole campaign, or the day's sample."""
    return whole if thorough() else sample


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """One line of figures, shown where the whole campaign runs."""

    def line(text: str) -> None:
        if thorough():
            with capsys.disabled():
                print(f"\n  {text}", flush=True)

    return line


@pytest.fixture
def pair(new_node: NewNode) -> tuple[Node, Node]:
    """An office and a grid of forty people, which made one bundle already."""
    office, grid = new_node("office"), new_node("grid")
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    fill(grid, residents(40, ONE))
    return office, grid


def image(node: Node) -> str:
    """What the store's file holds, byte for byte."""
    assert node.path
    return hashlib.sha256(node.path.read_bytes()).hexdigest()


def outcome(node: Node, path: Path, data: bytes) -> str:
    """The code of the trouble a file makes, or what taking it did."""
    path.write_bytes(data)
    try:
        return node.take_anyhow(path).outcome
    except Trouble as trouble:
        assert trouble.text.endswith("。")
        return trouble.code


def damaged(draw: random.Random, data: bytes, other: bytes, kind: int) -> bytes:
    """One flipped bit, a cut, appended bytes, or a splice with another bundle of the same sender."""
    at = draw.randrange(len(data))
    if kind == 0:
        return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data + draw.randbytes(draw.randrange(1, 200))
    size = draw.randrange(1, 2000)
    return draw.choice([data[:at] + other[at:], data[:at] + other[at : at + size] + data[at + size :], data[:at] + data[at + size :]])


def test_damaged_bundles(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    office, grid = pair
    draw, path, found, count = random.Random(7), tmp_path / "damaged.gbx", Counter[str](), times(10_000, 400)
    first = grid.make(office, tmp_path).read_bytes()
    fill(grid, residents(30, ONE, 100))
    second = grid.make(office, tmp_path).read_bytes()
    before = image(office)
    while (n := sum(found.values())) < count:
        data = damaged(draw, first, second, n % 4)
        if data not in (first, second):
            found[outcome(office, path, data)] += 1
        if n % 100 == 0:
            assert image(office) == before
    assert image(office) == before
    assert found.keys() <= CODES
    assert outcome(office, path, first) == "merged"  # the control: a whole one is not refused
    assert image(office) != before
    say(f"损坏的数据包 {sum(found.values())} 个：全部拒收，库一字未动；{dict(found)}")


def test_damage_under_a_valid_seal(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    """An enrolled but broken program: the seal is right, the content is not. Refused or merged whole; never a crash, never half."""
    office, grid = pair
    path, draw, found = tmp_path / "odd.gbx", random.Random(8), Counter[str]()
    fill(grid, residents(5, ONE, 100))
    made = grid.make(office, tmp_path)
    plain = plain_of(office, made)
    shutil.copyfile(office.path or "", tmp_path / "spare.db")
    for n in range(times(3_000, 150)):
        node = office.copy(tmp_path / f"copy{n}.db")
        before = state(node)
        data = bytearray(plain)
        for _ in range(draw.randrange(1, 4)):
            data[draw.randrange(len(data))] = draw.randrange(256)
        code = outcome(node, path, hostile(grid, office, iter([zstandard.compress(bytes(data))]), len(data)))
        found[code] += 1
        if code != "merged":
            assert state(node) == before
        node.do(capture.check)
        node.engine.dispose()
        (tmp_path / f"copy{n}.db").unlink()
    assert found.keys() <= {*CODES, "merged"}
    assert found["merged"] > 0  # the control: some damage still is a bundle, so the others were looked at
    say(f"封签有效但内容损坏 {sum(found.values())} 个：{dict(found)}；崩溃 0，导入一半 0")


def plain_of(node: Node, path: Path) -> bytes:
    """What lies inside a bundle for this node."""
    with open(path, "rb") as stream:
        sealed = envelope.verify(stream, "bundle")
        key = envelope.open_for(sealed, node.device, node.do(trust.own_keys))
        pressed = b"".join(envelope.decrypt(stream, sealed, key))
    return zstandard.ZstdDecompressor().decompressobj().decompress(pressed)


def test_forged_and_foreign_senders(pair: tuple[Node, Node], new_node: NewNode, tmp_path: Path, say: Callable[[str], None]) -> None:
    office, grid = pair
    other, draw, found = new_node("other"), random.Random(9), Counter[str]()
    enrol(office, other, TWO, "二网格")
    mine = plain_of(office, grid.make(office, tmp_path))
    keys, theirs = grid.do(trust.own_keys), other.do(trust.own_keys)
    before, wanted = image(office), Counter[str]()
    for _ in range(times(400, 40)):
        seal, sender, to, code = draw.choice([
            (new_keys(), grid.device, office, "bundle_forged"),
            (theirs, grid.device, office, "bundle_forged"),
            (new_keys(), os.urandom(16).hex(), office, "unknown_sender"),
            (keys, grid.device, other, "bundle_for_another"),
        ])  # fmt: skip
        wanted[code] += 1
        found[outcome(office, tmp_path / "f.gbx", sealed_by(seal, sender, to, mine))] += 1
    assert found == wanted
    assert image(office) == before
    assert outcome(office, tmp_path / "f.gbx", sealed_by(keys, grid.device, office, mine)) == "merged"  # the control
    office.do(trust.revoke, grid.device)
    assert outcome(office, tmp_path / "f.gbx", sealed_by(keys, grid.device, office, mine)) == "held"
    say(f"伪造、陌生、给别人的数据包 {sum(found.values())} 个：全部拒收；{dict(found)}")


def sealed_by(keys: Any, sender: str, to: Node, plain: bytes, more: dict[str, Any] | None = None) -> bytes:
    """A bundle as whoever holds the keys could seal it. more: what its header says beside."""
    import io

    out = io.BytesIO()
    recipient = envelope.Recipient(to.device, "某处", to.do(trust.own_keys).box_public)
    header = {"id": os.urandom(16).hex(), "from": sender, "base": None, "presumes": None, "upto": 1, "applied": [], "made": 0, "app": ""}
    header |= more or {}
    envelope.write_bundle(out, header, [recipient], keys, iter([zstandard.compress(plain)]), lambda: len(plain))
    return out.getvalue()


def twisted(draw: random.Random, value: Any) -> Any:
    """Some part of a header's value replaced by something else."""
    if isinstance(value, dict) and value and draw.random() < 0.8:
        name = draw.choice(list(value))
        return value | {name: twisted(draw, value[name])}
    if isinstance(value, list) and value and draw.random() < 0.8:
        at = draw.randrange(len(value))
        return [*value[:at], twisted(draw, value[at]), *value[at + 1 :]]
    if isinstance(value, str) and value and draw.random() < 0.5:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice("0f甲\0") + value[at + 1 :]
    return draw.choice([None, True, -1, 1 << 70, 1.5, "", "0" * 64, [], {}, [[]], {"a": 1}, [value], "x" * 5000])


def test_hostile_words_of_trust_under_a_valid_seal(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    """What the header says of certificates, keys and withdrawn devices, twisted: refused or passed over, never a crash, never believed."""
    office, grid = pair
    grid.do(trust.rotate)
    office.do(trust.revoke, grid.device)
    office.do(trust.reinstate, grid.device)
    exchange(grid, office, tmp_path)
    draw, found, names = random.Random(11), Counter[str](), ("certificates", "certificate", "succession", "withdrawn")
    for maker, taker in ((grid, office), (office, grid)):
        told = maker.do(lambda connection, to: trust.said(connection, bundle.link.get(connection, to)), taker.device)
        before = taker.rows("SELECT device, role, scope, sign, box, serial, issuer, state FROM sync_trust ORDER BY device")
        for _ in range(times(2_000, 100)):
            name = draw.choice([each for each in names if each in told])
            header = {"from": maker.device, **json.loads(json.dumps(told)), name: twisted(draw, json.loads(json.dumps(told[name])))}
            found[outcome(taker, tmp_path / "t.gbx", sealed_by(maker.do(trust.own_keys), maker.device, taker, END, header))] += 1
            now = taker.rows("SELECT device, role, scope, sign, box, serial, issuer, state FROM sync_trust ORDER BY device")
            assert [each for each in now if each not in before] == [] or name == "succession"
    assert found.keys() <= {*CODES, "merged", "bundle_forged"}
    assert found["merged"] > 0  # the control: twists that nobody looks at pass
    say(f"信任信息被改过的数据包 {sum(found.values())} 个：{dict(found)}；没有一个被采信")


def test_bombs(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    office, grid = pair
    deep = b"\x91" * 2_000_000
    huge = msgpack.packb(["chunk", "x" * (wire.MOST_MESSAGE + 1)])
    bombs: list[tuple[Iterator[bytes], int]] = [(zeros(1 << 30), raw) for raw in (0, 1000, 1 << 30, 1 << 40, (1 << 63) - 1)]
    bombs += [(iter([zstandard.compress(plain)]), len(plain)) for plain in (deep, huge, b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff")]
    bombs += [(iter([zstandard.compress(b"")]), 0), (iter([b""]), 0), (iter([b"no zstd at all"]), 14)]
    before, size = image(office), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for pieces, raw in bombs:
        assert outcome(office, tmp_path / "bomb.gbx", hostile(grid, office, pieces, raw)) == "bundle_damaged"
    assert image(office) == before
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - size) // 1024
    say(f"压缩炸弹和巨型、过深的内容 {len(bombs)} 个：全部拒收；内存峰值多用 {grown} MB")


def test_replays(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    """Bundles of a long history, again and again in any order: each counts once."""
    office, grid = pair
    draw, pool, found = random.Random(10), [], Counter[str]()
    for n in range(times(40, 8)):
        grid.edit("resident", residents(40, ONE)[n % 40]["id"], phone=f"161{n:08d}")
        pool.append(grid.make(office, tmp_path))
        if n % 3 == 0:
            office.take(pool[-1])
            grid.take(office.make(grid, tmp_path))
    for path in pool:
        office.take(path)
    before = state(office)
    for _ in range(times(1_000, 40)):
        taken = office.take(draw.choice(pool))
        found[taken.outcome] += 1
        assert not (taken.tally.new or taken.tally.updated or taken.tally.deleted or taken.tally.conflicts)
    assert state(office) == before
    exchange(grid, office, tmp_path)
    assert state(office) == before == state(grid)
    grid.edit("resident", residents(1, ONE)[0]["id"], phone="16199999999")
    exchange(grid, office, tmp_path)
    assert state(office) != before  # the control: something new is noticed
    say(f"重放 {sum(found.values())} 次：没有一次改动数据；{dict(found)}")


class Stick:
    """A stick that gives up at the n-th write or sync (or never): then everything on it fails."""

    def __init__(self, patch: pytest.MonkeyPatch, code: int) -> None:
        self.code, self.left, self.count = code, -1, 0
        patch.setattr(stick, "open", self.open, raising=False)
        patch.setattr(os, "fsync", self.wrapped(os.fsync))
        patch.setattr(os, "replace", self.wrapped(os.replace))

    def tick(self) -> None:
        self.count += 1
        if 0 <= self.left < self.count:
            raise OSError(self.code, os.strerror(self.code))

    def wrapped(self, calm: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            self.tick()
            return calm(*values)

        return call

    def open(self, path: Path, mode: str) -> Any:
        self.tick()
        stream = open(path, mode, buffering=0)  # noqa: SIM115 - the caller closes it
        return Touchy(stream, self)


class Touchy:
    """An open file on such a stick."""

    def __init__(self, stream: Any, stick: Stick) -> None:
        self.stream, self.stick = stream, stick

    def __enter__(self) -> Touchy:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stream.close()

    def write(self, data: bytes) -> int:
        self.stick.tick()
        return self.stream.write(data)

    def read(self, size: int = -1) -> bytes:
        self.stick.tick()
        return self.stream.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@pytest.mark.parametrize(("code", "kind"), [(5, "stick_gone"), (28, "stick_full"), (30, "stick_read_only")])
def test_sticks_that_fail_at_every_step(
    pair: tuple[Node, Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Callable[[str], None], code: int, kind: str
) -> None:
    office, grid = pair
    fill(grid, residents(times(12_000, 3_000), ONE, 1000))
    place = tmp_path / "stick"
    place.mkdir()
    grid.do(run, "UPDATE sync_link SET cursor = 0")
    stick, before, slowest = Stick(monkeypatch, code), grid.unconfirmed(office), 0.0
    whole = grid.make(office, place)
    steps, seen = stick.count, Counter[str]()
    whole.unlink()
    for n in range(steps):
        stick.left, stick.count, started = n, 0, time.perf_counter()
        with pytest.raises(Trouble) as caught:
            grid.make(office, place)
        slowest = max(slowest, time.perf_counter() - started)
        seen[caught.value.code] += 1
        # the one step after the rename is the folder's own sync: the bundle is whole then
        assert all(path.suffix == ".tmp" or n == steps - 1 for path in place.iterdir())
        assert grid.unconfirmed(office) == before
        for path in place.iterdir():
            path.unlink()
    stick.left = -1
    path = grid.make(office, place)  # the control: with a sound stick it is written
    stick.count = 0
    office.copy(tmp_path / "dry.db").take(path)
    reads = stick.count
    images = image(office)
    for n in range(reads):
        stick.left, stick.count = n, 0
        with pytest.raises(Trouble):
            office.take(path)
        seen["reading"] += 1
        assert image(office) == images
    stick.left = -1
    assert office.take(path).tally.new == before
    assert seen[kind] == steps
    say(f"U盘在第 1…{steps} 次写、1…{reads} 次读时出错（{os.strerror(code)}）：{dict(seen)}；最慢 {slowest:.2f} 秒给出说明")


def test_a_stick_with_any_room_left(pair: tuple[Node, Node], tmp_path: Path, say: Callable[[str], None]) -> None:
    office, grid = pair
    size, place = grid.make(office, tmp_path).stat().st_size, tmp_path / "stick"
    place.mkdir()
    full, whole = 0, resource.getrlimit(resource.RLIMIT_FSIZE)
    steps = sorted({size * n // times(200, 20) for n in range(times(200, 20))})
    for room in steps:
        with grid.engine.connect() as connection, connection.begin() as transaction:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, whole[1]))
            try:
                with pytest.raises(Trouble, match="空间不足"):
                    bundle.make(connection, grid.session, office.device, place)
                full += 1
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, whole)
            transaction.rollback()
        assert list(place.iterdir()) == []
    assert office.take(grid.make(office, place)).tally.new == 40  # the control
    say(f"空间不足 {full} 种大小：每次都有说明，U盘上不留文件")


def in_child(work: Callable[[], Any], seconds: float | None) -> bool:
    """Do it in a process of its own, killed after so many seconds; whether it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    """The stores of an office and a grid with 2,000 people not yet sent, as after a start; a bundle of them."""
    folder = tmp_path / "stores"
    folder.mkdir()
    office, grid = Node(open_sqlite(folder / "office.db", KEY)), Node(open_sqlite(folder / "grid.db", KEY))
    office.do(trust.found_office, "测试社区党委", OFFICE)
    enrol(office, grid, ONE)
    fill(grid, residents(ROWS, ONE))
    for node in (office, grid):
        node.engine.dispose()
    shutil.copytree(folder, tmp_path / "sent")
    sender, receiver = reopened(tmp_path / "sent", "grid"), reopened(tmp_path / "sent", "office")
    sender.make(receiver, folder).rename(folder / "whole.gbx")
    for node in (sender, receiver):
        node.engine.dispose()
    return folder


ROWS = 2_000


def reopened(folder: Path, name: str) -> Node:
    """The program started again."""
    return Node(open_sqlite(folder / f"{name}.db", KEY), copied=True)


def torn(node: Node) -> str:
    """What is half done in an office's store; '' when nothing is."""
    (count,), (claimed,) = node.rows("SELECT count(*) FROM resident")[0], node.rows("SELECT count(*) FROM sync_applied WHERE claimed = 1")[0]
    if count not in (0, ROWS) or claimed != count // ROWS:
        return f"{count} rows, {claimed} receipts"
    if node.rows("PRAGMA integrity_check") != [("ok",)] or node.rows("SELECT count(*) FROM sync_log") != [(0,)]:
        return "damaged"
    node.do(capture.check)
    return ""


def test_killed_in_a_merge(stores: Path, tmp_path: Path, say: Callable[[str], None]) -> None:
    draw, found, count = random.Random(11), Counter[str](), times(250, 12)

    def merge(place: Path) -> None:
        reopened(place, "office").take(stores / "whole.gbx")

    needed = timed(lambda: in_child(lambda: merge(fresh(stores, tmp_path / "dry")), None))
    for n in range(count):
        place = fresh(stores, tmp_path / f"kill{n}")
        ended = in_child(lambda place=place: merge(place), draw.uniform(0, needed * 1.05))  # type: ignore[misc]
        node = reopened(place, "office")
        assert torn(node) == ""
        found["before" if node.rows("SELECT count(*) FROM resident") == [(0,)] else "after"] += 1
        node.take(stores / "whole.gbx")
        assert node.rows("SELECT count(*) FROM resident") == [(ROWS,)] or ended
        node.engine.dispose()
        shutil.rmtree(place)
    node = reopened(fresh(stores, tmp_path / "control"), "office")
    fill(node, residents(ROWS // 2, ONE))
    assert torn(node) != ""  # the control: half a merge is noticed
    node.engine.dispose()
    say(f"合并中断电 {count} 次：{dict(found)}；一半的 0，丢失 0，重做都成功")


def test_killed_in_an_export(stores: Path, tmp_path: Path, say: Callable[[str], None]) -> None:
    draw, found, count = random.Random(12), Counter[str](), times(250, 12)
    office = reopened(fresh(stores, tmp_path / "office"), "office")

    def export(place: Path) -> None:
        reopened(place, "grid").make(office, place)

    needed = timed(lambda: in_child(lambda: export(fresh(stores, tmp_path / "dry")), None))
    for n in range(count):
        place = fresh(stores, tmp_path / f"kill{n}")
        (place / "whole.gbx").unlink()
        in_child(lambda place=place: export(place), draw.uniform(0, needed * 1.05))  # type: ignore[misc]
        node = reopened(place, "grid")
        made = list(place.glob("*.gbx"))
        found["whole" if made else "tmp" if list(place.glob("*.tmp")) else "nothing"] += 1
        for path in made:
            with open(path, "rb") as stream:
                assert envelope.verify(stream, "bundle")
        assert node.unconfirmed(office) == ROWS
        assert node.rows("PRAGMA integrity_check") == [("ok",)]
        path = node.make(office, place)
        node.engine.dispose()
        if n % 10 == 0:
            receiver = reopened(fresh(stores, tmp_path / f"taker{n}"), "office")
            for each in (*made, path):
                receiver.take(each)
            assert receiver.rows("SELECT count(*) FROM resident") == [(ROWS,)]
            receiver.engine.dispose()
            shutil.rmtree(tmp_path / f"taker{n}")
        shutil.rmtree(place)
    cut = tmp_path / "cut.gbx"
    cut.write_bytes((stores / "whole.gbx").read_bytes()[:-1])
    with pytest.raises(Trouble), open(cut, "rb") as stream:  # the control: half a bundle is noticed
        envelope.verify(stream, "bundle")
    office.engine.dispose()
    say(f"导出中断电 {count} 次：U盘上 {dict(found)}；半个正式文件 0，未确认的修改丢失 0")


def fresh(stores: Path, place: Path) -> Path:
    """A copy of the stores to be hurt."""
    shutil.copytree(stores, place)
    return place


def timed(work: Callable[[], Any]) -> float:
    """Wall seconds."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
