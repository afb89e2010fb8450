"""Making a bundle and taking one in. Each works inside the caller's one transaction: all of it stands, or nothing does."""
from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import apart, capture, devices, envelope, following, forms, link, moving, parking, paths, pieces, stick, trust, watch, wire
from gridapp.sync.digest import digest
from gridapp.sync.merge import Merge, Tally
from gridapp.sync.outgoing import Outgoing
from gridapp.sync.rows import dump
from gridapp.sync.session import Session
from gridapp.sync.sql import get_meta, one, run
from gridapp.sync.stamping import stamp_edits
from gridapp.sync.troubles import Damaged, NeedsPassword, NotEnrolled, reading

SUFFIX = ".gbx"
DAY_MS = 24 * 3600 * 1000
Step = Callable[[int, int], None]


def no_step(done: int, total: int) -> None:
    """Reports to nobody."""


class Told:
    """Progress that can be told again while a stick keeps everybody waiting; the one who is told may stop the whole by raising."""

    def __init__(self, step: Step) -> None:
        self._step, self._last = step, (0, 0)

    def __call__(self, done: int, total: int) -> None:
        self._last = (done, total)
        self._step(done, total)

    def again(self) -> None:
        """The same once more."""
        self._step(*self._last)


@dataclass(frozen=True)
class MadeBundle:
    """A bundle on the stick, read back and found whole. rows: rows in it. bytes: its size. warning: what to tell beside that, if anything."""

    path: Path
    rows: int
    bytes: int
    id: str
    warning: str = ""


@dataclass(frozen=True)
class Taken:
    """What taking a bundle did. outcome: merged, again (merged before), or held (kept apart: its device is withdrawn).

    claimed: its receipt will be given. sender: label of who sealed it. enrolled: this bundle enrolled this node (`words`: the office's).
    clock_off: the sender's clock and ours are more than a day apart.
    differs: nothing is outstanding, yet we do not hold what the office holds; both will send everything again.
    """

    outcome: str
    sender: str
    tally: Tally
    claimed: bool
    enrolled: bool = False
    words: tuple[str, ...] = ()
    clock_off: bool = False
    differs: bool = False


def make(
    connection: Connection, session: Session, link_id: str, out_dir: Path, step: Step = no_step, budget: int = pieces.BUDGET
) -> MadeBundle:
    """Stamp, encode, seal and write what the peer has not surely got; re-read it; rename. Raises NotEnrolled, or Trouble for the stick.

    budget: bytes of attachments it may carry; the rest goes next time.

    A stick that fails leaves at most a *.tmp. Keep the caller's transaction afterwards; without that the bundle is harmless.
    """
    peer = link.get(connection, link_id)
    stamp_edits(connection, session)
    if peer.way == "down" and following.mend(connection, session, peer):
        stamp_edits(connection, session)
    ticks = link.held(connection, peer)
    bundle_id, now = secrets.token_hex(16), session.clock()
    header = _header(connection, session, peer, bundle_id, now, bool(ticks))
    outgoing = Outgoing(connection, session.schema, peer, ticks, budget)
    path = out_dir / f"{time.strftime('%Y%m%d', time.localtime(now / 1000))}-{_tail(peer.scope)}-{peer.way}-{bundle_id[:6].upper()}{SUFFIX}"
    total = link.unconfirmed(connection, peer, session.schema)
    told = Told(step)
    size = _write(connection, peer, path, header, _reporting(outgoing, told, total), told.again)
    count = sum(outgoing.counts.values())
    sent = [bundle_id, peer.id, header["upto"], peer.base, count, now, path.name, size]
    run(connection, "INSERT INTO sync_sent (bundle, link, upto, base, rows, at, name, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", sent)
    pieces.note_sent(connection, peer, bundle_id, outgoing.carried)
    watch.sent(connection, peer.id, bundle_id, header["upto"])
    return MadeBundle(path, count, size, bundle_id)


def _header(connection: Connection, session: Session, peer: link.Link, bundle_id: str, now: int, presuming: bool) -> dict[str, Any]:
    return {
        "id": bundle_id,
        "from": session.device,
        "base": peer.base,
        "upto": int(get_meta(connection, "tick") or 0),
        "presumes": peer.heard if presuming else None,
        "applied": link.receipts(connection, peer),
        "made": now,
        "app": session.app,
        **watch.header(connection, peer.id),
        **trust.said(connection, peer),
    }


def _tail(scope: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "", scope.rsplit("/", 1)[-1]) or "grid"


def _reporting(outgoing: Outgoing, step: Step, total: int) -> Iterator[wire.Message]:
    for message in outgoing.messages():
        step(min(sum(outgoing.counts.values()), total), total)
        yield message


def _write(
    connection: Connection, peer: link.Link, path: Path, header: dict[str, Any], messages: Iterator[wire.Message], beat: stick.Beat
) -> int:
    keys, known = trust.own_keys(connection), trust.certificate(connection, peer.id)
    if known is None:
        raise NotEnrolled
    to = [envelope.Recipient(peer.id, peer.label, bytes.fromhex(devices.present(connection, peer.id)[1]))]
    sizes: list[int] = []
    return stick.write(
        path, lambda stream: envelope.write_bundle(stream, header, to, keys, wire.pack(messages, sizes.append), lambda: sum(sizes)), beat
    )


def take(connection: Connection, session: Session, path: Path, step: Step = no_step) -> Taken:
    """Verify a bundle, then merge it. Raises Damaged, NotBundle, NewerBundle, ForAnother, UnknownSender, Forged; nothing is merged then."""
    told = Told(step)
    try:
        with stick.reading(path, told.again) as stream:
            return take_stream(connection, session, stream, told)
    except OSError as error:
        raise reading(error) from error


def take_stream(connection: Connection, session: Session, stream: envelope.Reads, step: Step = no_step, released: bool = False) -> Taken:
    """Take an open bundle. released: somebody decided to take it although its device is withdrawn."""
    sealed = envelope.verify(stream, "bundle")
    if envelope.is_locked(sealed.header):
        raise NeedsPassword
    header = _checked(sealed.header)
    file_key = envelope.open_for(sealed, session.device, trust.own_keys(connection), *reversed(trust.former_keys(connection)))
    scope, enrolled = trust.own_scope(connection), trust.may_introduce(connection, header)
    office = trust.introduce(connection, header) if enrolled else None
    trust.honour(connection, header.get("withdrawn", []))
    sender = trust.sender(connection, header)
    revoked = trust.is_revoked(connection, sender.device)
    if revoked and not released:
        resettle(connection, session)
        apart.hold(connection, session, header, sender.label, "revoked", stream)
        return Taken("held", sender.label, Tally(), False)
    if not revoked:
        trust.heed(connection, link.get(connection, sender.device), header)
        trust.honour(connection, header.get("withdrawn", []))
    peer = link.get(connection, sender.device)
    again = one(connection, "SELECT 1 FROM sync_applied WHERE bundle = ? AND claimed = 1", [header["id"]]) is not None
    stamp_edits(connection, session)
    claimed = link.claimable(connection, peer, header["base"], header["presumes"])
    _note(connection, session, peer, header, claimed)
    former = paths.former(connection, peer.scope)
    merge = Merge(connection, session, header["id"], sender.device, peer.scope if peer.way == "down" else None, former)
    incoming = pieces.Incoming(connection, peer, header["id"], merge.allowed)
    messages = wire.unpack(envelope.decrypt(stream, sealed, file_key), sealed.raw, step)
    with capture.paused(connection, session.schema):
        marks = _merge(merge, incoming, messages)
        parking.resettle(connection, session.schema)
    paths.follow(connection, session.schema, [merge.theirs, merge.ours] if trust.own_scope(connection) == scope else None)
    incoming.finish()
    run(connection, "UPDATE sync_applied SET counts = ? WHERE bundle = ?", [dump(asdict(merge.tally)), header["id"]])
    if not again:
        watch.heard(connection, peer.id, header, session.clock())
        link.honour(connection, peer, header["id"], header["applied"], session.clock())
        pieces.ask(connection, peer, incoming.wanted)
    same = _same(connection, session, peer, *marks) if claimed and not again else None
    if same is False:
        link.start_over(connection, peer)
    elif same:
        link.agree(connection, peer)
    outcome, off = ("again" if again else "merged"), abs(header["made"] - session.clock()) > DAY_MS
    return Taken(outcome, sender.label, merge.tally, claimed, enrolled, office.words if office else (), off, same is False)


def resettle(connection: Connection, session: Session) -> None:
    """After somebody was withdrawn or came back: values that stood by a rank are chosen anew, on every node alike."""
    stamp_edits(connection, session)
    with capture.paused(connection, session.schema):
        parking.resettle(connection, session.schema)


def _checked(header: dict[str, Any]) -> dict[str, Any]:
    """A bundle's header, each value of the right form."""
    wanted: dict[str, type | tuple[type, ...]] = {"id": str, "from": str, "base": (str, type(None)), "presumes": (str, type(None)), "made": int}
    if not all(isinstance(header.get(name, 0), kind) for name, kind in wanted.items()):
        raise Damaged
    if not forms.is_key(header["id"]) or not forms.is_whole(header["made"]):
        raise Damaged
    applied = header.get("applied")
    if not isinstance(applied, list) or not all(isinstance(each, str) for each in applied):
        raise Damaged
    return header | {"base": header.get("base"), "presumes": header.get("presumes")}


def _note(connection: Connection, session: Session, peer: link.Link, header: dict[str, Any], claimed: bool) -> None:
    run(
        connection,
        "INSERT INTO sync_applied (bundle, link, base, claimed, made, at, counts) VALUES (?, ?, ?, ?, ?, ?, '{}') "
        "ON CONFLICT (bundle) DO UPDATE SET claimed = CASE WHEN excluded.claimed > sync_applied.claimed THEN 1 ELSE sync_applied.claimed END",
        [header["id"], peer.id, header["base"], int(claimed), header["made"], session.clock()],
    )


def _same(connection: Connection, session: Session, peer: link.Link, schema: Any, told: Any) -> bool | None:
    """Whether the office's rows are ours, where neither owes the other any; None where that cannot be said (programs of different versions)."""
    now = link.get(connection, peer.id)
    if told is None or schema != session.schema.mark or link.unconfirmed(connection, now, session.schema):
        return None
    if moving.upward(connection, now.cursor):  # rows parked here for a move this bundle's maker may not have known
        return None
    return told == digest(connection, peer.scope, session.schema)


def _merge(merge: Merge, incoming: pieces.Incoming, messages: Iterator[wire.Message]) -> tuple[Any, Any]:
    """Merge all; gives the mark of the sender's schema and the digest it told, None where it told none."""
    counts: dict[int, int] = {}
    end: Any = None
    schema: Any = None
    for kind, body in messages:
        if end is not None:
            raise Damaged
        if kind == "chunk":
            chunk = wire.chunk_of(body)
            counts[chunk.table] = counts.get(chunk.table, 0) + len(chunk.ids)
            merge.chunk(chunk)
        elif kind == "certificates":
            merge.certificates(body)
        elif kind == "sessions":
            merge.sessions(body)
        elif kind == "archive":
            merge.archive(body)
        elif kind == "left":
            merge.left(body)
        elif kind == "answered":
            merge.answered(body)
        elif kind == "piece":
            incoming.piece(body)
        elif kind == "wants":
            incoming.wanted = pieces.checked_wants(body)
        elif kind == "manifest":
            schema = body.get("schema") if type(body) is dict else None
        elif kind == "end":
            end = body
    if type(end) is not dict or end.get("counts") != counts:
        raise Damaged
    merge.finish()
    return schema, end.get("digest")

