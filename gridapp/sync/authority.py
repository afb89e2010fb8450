"""Whose word a session is: its device signed it, and it ranks by what the device's certificate says. No rank ever travels.

A session whose certificate is not known here ranks nothing; one that its device did not sign is not taken at all (its writings stand
under nobody's name). Offices' certificates travel with their sessions, so every node of a tree comes to the same rank.
"""
from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection

from gridapp.sync.certificates import every_key, proves
from gridapp.sync.keys import Keys
from gridapp.sync.sql import among, insert_or_ignore, rows, run, run_many, set_meta

CONTEXT = b"gridapp session v1\n"
NAMES = ("sid", "device", "person", "app", "started", "proof")
RERANKED = "reranked"
TOP = 64  # paths are never that deep


def rank(role: str, scope: str) -> int:
    """An office's word goes before a grid's, a higher office's before a lower one's."""
    return max(1, TOP - scope.count("/")) if role == "office" else 0


def prove(keys: Keys, session: Sequence[Any]) -> str:
    """The device's signature over a session (in the order of NAMES, without the proof)."""
    return keys.seal(_plain(session)).hex()


def proven(keys: Collection[str], session: Sequence[Any]) -> bool:
    """Whether the holder of one of the keys (a device's present one and those before) signed the session."""
    return any(proves(key, _plain(session[:-1]), session[-1]) for key in keys)


def _plain(session: Sequence[Any]) -> bytes:
    return CONTEXT + json.dumps(list(session), ensure_ascii=False).encode()


def keep(connection: Connection, sessions: Sequence[Sequence[Any]]) -> None:
    """Write sessions (in the order of NAMES): signed ones of known devices with their rank, those of unknown devices with none."""
    condition, value = among(connection, "device", sorted({each[1] for each in sessions}))
    trusted = rows(connection, f"SELECT device, sign, former, state, role, scope FROM sync_trust WHERE {condition}", [value])
    known = {
        each: (every_key(sign, json.loads(former)), 0 if state == "revoked" else rank(*more)) for each, sign, former, state, *more in trusted
    }
    signed = [(*each, known[each[1]][1]) for each in sessions if each[1] in known and proven(known[each[1]][0], each)]
    strange = [(*each, 0) for each in sessions if each[1] not in known]
    names = (*NAMES, "rank")
    run_many(connection, insert_or_ignore("sync_session", names), [*signed, *strange])
    # somebody else may have taken the name first: the higher word stands
    take_over = ", ".join(f"{name} = ?" for name in names[1:])
    higher = [(*each[1:], each[0], each[-1]) for each in signed if each[-1]]
    run_many(connection, f"UPDATE sync_session SET {take_over} WHERE sid = ? AND rank < ?", higher)


def rerank(connection: Connection, device: str, found: int) -> None:
    """What is said of a device changed: its sessions rank by it. See parking.resettle for the values that stood by the former rank."""
    if run(connection, "UPDATE sync_session SET rank = ? WHERE device = ? AND rank <> ?", [found, device, found]):
        set_meta(connection, RERANKED, "1")


def disown(connection: Connection, device: str, keys: Collection[str]) -> None:
    """A device's first certificate came (or one with other keys): what it never signed goes."""
    listed = rows(connection, f"SELECT {', '.join(NAMES)} FROM sync_session WHERE device = ?", [device])
    run_many(connection, "DELETE FROM sync_session WHERE sid = ?", [(each[0],) for each in listed if not proven(keys, each)])


def ranks(connection: Connection) -> dict[str, int]:
    """The rank of each session that has one (an office's); the rest are 0."""
    return dict(rows(connection, "SELECT sid, rank FROM sync_session WHERE rank > 0"))
