"""The devices known here: this node's own keys, and the certificates kept of itself, its office, the offices above and those below."""
from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import authority
from gridapp.sync.certificates import Certificate, Edge, certificate_of, certificates_of, edges_of, every_key, may_appoint, reached, signed_by
from gridapp.sync.keys import Keys, new_keys
from gridapp.sync.sql import get_meta, one, rows, run, set_meta
from gridapp.sync.words import check_words


def device(connection: Connection) -> str:
    """This node's id, made with its keys at the first call."""
    found = get_meta(connection, "device")
    if not found:
        own_keys(connection)
    return found or get_meta(connection, "device") or ""


def own_keys(connection: Connection) -> Keys:
    """This node's keys, made at the first call; they lie in the encrypted store only."""
    found: dict[str, str] = dict(rows(connection, "SELECT key, value FROM sync_meta WHERE key IN ('key_sign', 'key_box')"))
    if len(found) == 2:
        return Keys(bytes.fromhex(found["key_sign"]), bytes.fromhex(found["key_box"]))
    keys = new_keys()
    put_keys(connection, keys)
    set_meta(connection, "device", uuid.uuid4().hex)
    return keys


def put_keys(connection: Connection, keys: Keys) -> None:
    """Make these this node's keys."""
    set_meta(connection, "key_sign", keys.sign.hex())
    set_meta(connection, "key_box", keys.box.hex())


def former_keys(connection: Connection) -> list[Keys]:
    """This node's keys of before, oldest first: what was sealed for them still opens."""
    return [Keys(bytes.fromhex(sign), bytes.fromhex(box)) for sign, box in json.loads(get_meta(connection, "keys_former") or "[]")]


def own_scope(connection: Connection) -> str:
    """The path this node was given ('' before it is enrolled)."""
    return get_meta(connection, "scope") or ""


def own_words(connection: Connection) -> tuple[str, ...]:
    """This node's six check words, to be read to the other side."""
    keys = own_keys(connection)
    return check_words(device(connection), keys.sign_public.hex(), keys.box_public.hex())


def certificate(connection: Connection, device_id: str) -> Certificate | None:
    """The certificate kept of a device."""
    text = one(connection, "SELECT certificate FROM sync_trust WHERE device = ?", [device_id])
    return certificate_of(json.loads(text)) if text else None


def own_certificate(connection: Connection) -> Certificate | None:
    """This node's own, once it is an office or enrolled."""
    return certificate(connection, device(connection))


def certifying_keys(connection: Connection, mine: Certificate) -> Keys:
    """The keys this office signs certificates with: those its own certificate names, until the office above has signed the new ones."""
    every = [own_keys(connection), *former_keys(connection)]
    return next((keys for keys in every if keys.sign_public.hex() == mine.sign), every[0])


def issued(connection: Connection) -> list[Certificate]:
    """The certificates this office signed for others."""
    own = device(connection)
    texts = rows(connection, "SELECT certificate FROM sync_trust WHERE issuer = ? AND device <> ? ORDER BY serial", [own, own])
    return [certificate_of(json.loads(text)) for (text,) in texts]


def next_serial(connection: Connection, least: int = 0) -> int:
    """The serial of the next certificate this office signs; above any it signed, and above `least`."""
    return max(int(one(connection, "SELECT max(serial) FROM sync_trust") or 1), least) + 1


def present(connection: Connection, device_id: str) -> tuple[str, str, tuple[Edge, ...]]:
    """A device's signing and box key as last heard, and its handovers; they may be newer than its certificate."""
    sign, box, former = rows(connection, "SELECT sign, box, former FROM sync_trust WHERE device = ?", [device_id])[0]
    return sign, box, edges_of(json.loads(former))


def speaks(connection: Connection, device_id: str, key: str) -> bool:
    """Whether a key is, or was, the device's."""
    sign, _, former = present(connection, device_id)
    return key in every_key(sign, former)


def succeed(connection: Connection, device_id: str, sign: str, box: str, edges: Iterable[Edge]) -> bool:
    """Take a device's new keys, where handovers lead to them from one that is known; False (and nothing done) where none do."""
    old, _, former = present(connection, device_id)
    every = tuple(dict.fromkeys((*former, *edges)))
    found = reached(every_key(old, former), every)
    if sign not in found:
        return False
    kept = [edge for edge in every if edge[0] in found and edge[1] in found]
    run(connection, "UPDATE sync_trust SET sign = ?, box = ?, former = ? WHERE device = ?", [sign, box, json.dumps(kept), device_id])
    return True


def keep(connection: Connection, made: Certificate) -> None:
    """Keep a device's certificate in place of the one before; its sessions rank by it. Newer keys the device handed over to stay."""
    sign, box, former = made.sign, made.box, made.former
    before: set[str] = set()
    if certificate(connection, made.device):
        newer, newer_box, handed = present(connection, made.device)
        before = every_key(newer, handed)
        former = tuple(dict.fromkeys((*former, *handed)))
        if newer in reached({sign}, former):
            sign, box = newer, newer_box
    run(connection, "DELETE FROM sync_trust WHERE device = ?", [made.device])
    names = "device, role, scope, label, sign, box, former, serial, issuer, state, certificate"
    values = [made.device, made.role, made.scope, made.label, sign, box, json.dumps(former), made.serial, made.issuer]
    text = json.dumps(asdict(made), ensure_ascii=False)
    run(connection, f"INSERT INTO sync_trust ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'trusted', ?)", [*values, text])
    if not before or not before <= every_key(sign, former):
        authority.disown(connection, made.device, every_key(sign, former))
    authority.rerank(connection, made.device, authority.rank(made.role, made.scope))
    restate(connection, [made] if made.role == "grid" else ())


def restate(connection: Connection, some: Iterable[Certificate] = ()) -> None:
    """Look anew at who is withdrawn (these, or all devices); a withdrawn device's sessions rank nothing."""
    texts = () if some else rows(connection, "SELECT certificate FROM sync_trust")
    for made in some or [certificate_of(json.loads(text)) for (text,) in texts]:
        gone = any(_listed(connection, each) for each in upward(connection, made.device))
        state = "revoked" if gone else "trusted"
        if run(connection, "UPDATE sync_trust SET state = ? WHERE device = ? AND state <> ?", [state, made.device, state]):
            authority.rerank(connection, made.device, 0 if gone else authority.rank(made.role, made.scope))


def _listed(connection: Connection, made: Certificate) -> bool:
    """Whether its issuer withdrew this certificate (a newer one of the same device may stand)."""
    text = one(connection, "SELECT body FROM sync_withdrawn WHERE issuer = ?", [made.issuer])
    return bool(text) and json.loads(text)["revoked"].get(made.device, 0) >= made.serial


def is_revoked(connection: Connection, device_id: str) -> bool:
    """Whether a device is withdrawn."""
    return one(connection, "SELECT state FROM sync_trust WHERE device = ?", [device_id]) == "revoked"


def upward(connection: Connection, device_id: str) -> list[Certificate]:
    """A device's certificate and those of its offices, up to the root."""
    found: list[Certificate] = []
    each = certificate(connection, device_id)
    while each and each not in found:
        found.append(each)
        each = certificate(connection, each.issuer)
    return found


def offices(connection: Connection, devices: Iterable[str]) -> list[dict[str, Any]]:
    """The certificates of those devices that are offices, each after its issuer's, as they travel."""
    found = [each for device_id in sorted(devices) for each in reversed(upward(connection, device_id)) if each.role == "office"]
    return [asdict(each) for each in dict.fromkeys(found)]


def learn(connection: Connection, found: Any) -> None:
    """Keep offices' certificates that are new or newer here, where an office we trust signed them for a path below its own. Raises Damaged."""
    for each in certificates_of(found):
        known, office = certificate(connection, each.device), certificate(connection, each.issuer)
        if each.device == device(connection) or (known and (known.serial >= each.serial or known.issuer != each.issuer)):
            continue
        if known and each.is_root:
            fine = follows(connection, known, each)
        else:
            fine = bool(office and not each.is_root and may_appoint(office, each) and signed_by(office, each))
        if fine:
            keep(connection, each)


def follows(connection: Connection, known: Certificate, made: Certificate) -> bool:
    """Whether a root's newer certificate is its own word: signed by its keys, which follow those we know."""
    sign, _, former = present(connection, known.device)
    return made.role == "office" and signed_by(made, made) and made.sign in reached(every_key(sign, former), made.former)
