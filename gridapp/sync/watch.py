"""What bundles tell of the other side's program and history: its version, its clock, and whether it looks copied or restored.

A copied machine, or one put back from a backup, is harmless (see sync.link); this is so that people hear of it. The evidence: two of its
bundles follow the same one (forked), it no longer names a bundle of ours that it had named before (forgot), or it says so itself (told).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import forms
from gridapp.sync.link import RECEIPTS, Link, get, unconfirmed
from gridapp.sync.schema import Schema
from gridapp.sync.sql import among, get_meta, insert_or_ignore, one, rows, run, set_meta

LAST, RESTORED = "last_bundle", "restored"
APP = 40  # letters of a version that are kept
EVENTS = ("backup", "machine", "copy")  # what a witness can tell (see desk.witness)


@dataclass(frozen=True)
class Peer:
    """One party as its bundles show it. skew: ms its clock is surely ahead (behind: negative); doubts: unseen evidence, as kinds."""

    app: str = ""
    skew: int = 0
    doubts: tuple[str, ...] = ()


def header(connection: Connection, link_id: str) -> dict[str, Any]:
    """What a bundle says of this node's own history: the bundle before it, and whether this node was restored."""
    known = rows(connection, "SELECT sent, epoch FROM sync_peer WHERE link = ?", [link_id])
    prev, epoch = known[0] if known else ("", 0)
    told = get_meta(connection, RESTORED)
    return {"prev": prev, "epoch": epoch, **({"restored": json.loads(told)} if told else {})}


def sent(connection: Connection, link_id: str, bundle: str, upto: int) -> None:
    """A bundle was made for this party; it acknowledges all that was claimed till now."""
    _open(connection, link_id)
    acked = one(connection, "SELECT max(n) FROM sync_applied WHERE link = ? AND claimed = 1", [link_id]) or 0
    run(connection, "UPDATE sync_peer SET sent = ?, upto = ?, acked = ? WHERE link = ?", [bundle, upto, acked, link_id])
    set_meta(connection, LAST, bundle)


def due(connection: Connection, link: Link, schema: Schema | None = None) -> bool:
    """Whether something happened since the last bundle for this party: one of its own came, or rows it may not have changed."""
    found = rows(connection, "SELECT upto, acked FROM sync_peer WHERE link = ? AND sent <> ''", [link.id])
    if not found or found[0][0] < 0:  # never, or everything is to be sent again
        return True
    upto, acked = found[0]
    newest = one(connection, "SELECT max(n) FROM sync_applied WHERE link = ? AND claimed = 1", [link.id]) or 0
    since = Link(link.id, link.way, link.label, link.scope, max(link.cursor, upto), link.base, link.heard)
    return newest > acked or unconfirmed(connection, since, schema) > 0


def heard(connection: Connection, link_id: str, header: dict[str, Any], now: int) -> None:
    """A bundle of this party came. Call before its receipt is honoured, and not for one that had come before."""
    _open(connection, link_id)
    set_meta(connection, LAST, header["id"])
    app = header.get("app") if forms.is_text(header.get("app")) else ""
    run(connection, "UPDATE sync_peer SET app = ?, skew = ? WHERE link = ?", [str(app)[:APP], _skew(connection, link_id, header, now), link_id])
    for kind, mark in (("forked", _forked(connection, link_id, header)), ("forgot", _forgot(connection, link_id, header)), ("told", _told(header))):
        if mark:
            run(connection, insert_or_ignore("sync_doubt", ("link", "kind", "mark", "at", "seen")), [link_id, kind, mark, now, 0])


def _open(connection: Connection, link_id: str) -> None:
    names = ("link", "sent", "upto", "acked", "app", "skew", "told", "told_upto", "epoch")
    run(connection, insert_or_ignore("sync_peer", names), [link_id, "", 0, 0, "", 0, "", 0, 0])


def _skew(connection: Connection, link_id: str, header: dict[str, Any], now: int) -> int:
    """A bundle may travel for weeks: its clock is surely ahead when it was made after now, surely behind when before what it acknowledges."""
    if header["made"] > now:
        return int(header["made"] - now)
    condition, value = among(connection, "bundle", header["applied"][:RECEIPTS])
    newest = one(connection, f"SELECT max(at) FROM sync_sent WHERE link = ? AND {condition}", [link_id, value])
    return min(0, header["made"] - newest) if newest else 0


def _forked(connection: Connection, link_id: str, header: dict[str, Any]) -> str:
    """The bundle that has two next ones, if this is the second."""
    prev = header.get("prev")
    if not (prev == "" or forms.is_key(prev)):
        return ""
    run(connection, insert_or_ignore("sync_trail", ("bundle", "link", "prev")), [header["id"], link_id, prev])
    other = one(connection, "SELECT 1 FROM sync_trail WHERE link = ? AND prev = ? AND bundle <> ?", [link_id, prev, header["id"]])
    return (prev or "first") if other else ""


def _forgot(connection: Connection, link_id: str, header: dict[str, Any]) -> str:
    """This bundle's id, when its receipts and the ones remembered cannot be of one history: along one, ticks and receipts only grow."""
    upto, epoch, applied = header.get("upto"), header.get("epoch"), header["applied"][:RECEIPTS]
    if not (forms.is_whole(upto) and forms.is_whole(epoch) and all(map(forms.is_key, applied))):
        return ""
    text, told_upto = rows(connection, "SELECT told, told_upto FROM sync_peer WHERE link = ?", [link_id])[0]
    before = json.loads(text) if text else None
    later = before is None or upto >= told_upto
    if later:
        values = [json.dumps({"epoch": epoch, "applied": applied}), upto, link_id]
        run(connection, "UPDATE sync_peer SET told = ?, told_upto = ? WHERE link = ?", values)
    if before is None or before["epoch"] != epoch:
        return ""
    older, newer = (before["applied"], applied) if later else (applied, before["applied"])
    return str(header["id"]) if len(newer) < RECEIPTS and set(older) - set(newer) else ""


def _told(header: dict[str, Any]) -> str:
    """The event the party's own witness saw: its name and a random token, so that each is told once."""
    found = header.get("restored")
    fine = isinstance(found, list) and len(found) == 2 and found[1] in EVENTS and forms.is_sid(found[0])
    return ":".join(found) if fine and isinstance(found, list) else ""


def peer(connection: Connection, link_id: str) -> Peer:
    """What is known of a party."""
    found = rows(connection, "SELECT app, skew FROM sync_peer WHERE link = ?", [link_id])
    doubts = rows(connection, "SELECT DISTINCT kind FROM sync_doubt WHERE link = ? AND seen = 0 ORDER BY kind", [link_id])
    app, skew = found[0] if found else ("", 0)
    return Peer(app, skew, tuple(kind for (kind,) in doubts))


def verified(connection: Connection, link_id: str) -> None:
    """Somebody asked there: the evidence so far has been seen."""
    run(connection, "UPDATE sync_doubt SET seen = 1 WHERE link = ?", [get(connection, link_id).id])


def last_bundle(connection: Connection) -> str:
    """The last bundle this node made or took in, '' for none."""
    return get_meta(connection, LAST) or ""


def knows(connection: Connection, bundle: str) -> bool:
    """Whether this node remembers having made or taken a bundle."""
    return any(one(connection, f"SELECT 1 FROM {table} WHERE bundle = ?", [bundle]) for table in ("sync_sent", "sync_applied"))


def restored(connection: Connection, event: str) -> None:
    """This node's witness saw one of EVENTS: every bundle says so from now on."""
    set_meta(connection, RESTORED, json.dumps([secrets.token_hex(8), event]))


def own_event(connection: Connection) -> tuple[str, str]:
    """The last of them as (token, event), ('', '') for none."""
    token, event = json.loads(get_meta(connection, RESTORED) or '["", ""]')
    return token, event
