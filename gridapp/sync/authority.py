"""Whose word a session is: its device signed it, and it ranks by what the device's certificate says. No rank ever travels.

A session whose certificate is not known here ranks nothing; one that its device did not sign is not taken at all (its writings stand
under nobody's name). Offices' certificates travel with their sessions, so every node of a tree comes to the same rank.
"""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from sqlalchemy import Connection

from gridapp.sync.keys import Keys
from gridapp.sync.sql import among, insert_or_ignore, rows, run, run_many

CONTEXT = b"gridapp session v1\n"
NAMES = ("sid", "device", "person", "app", "started", "proof")
TOP = 64  # paths are never that deep


def rank(role: str, scope: str) -> int:
    """An office's word goes before a grid's, a higher office's before a lower one's."""
    return max(1, TOP - scope.count("/")) if role == "office" else 0


def prove(keys: Keys, session: Sequence[Any]) -> str:
    """The device's signature over a session (in the order of NAMES, without the proof)."""
    return keys.seal(_plain(session)).hex()


def proven(sign: str, session: Sequence[Any]) -> bool:
    """Whether the holder of the key signed the session."""
    try:
        sodium.crypto_sign_open(bytes.fromhex(session[-1]) + _plain(session[:-1]), bytes.fromhex(sign))
    except (CryptoError, TypeError, ValueError):
        return False
    return True


def _plain(session: Sequence[Any]) -> bytes:
    return CONTEXT + json.dumps(list(session), ensure_ascii=False).encode()


def keep(connection: Connection, sessions: Sequence[Sequence[Any]]) -> None:
    """Write sessions (in the order of NAMES): signed ones of known devices with their rank, those of unknown devices with none."""
    condition, value = among(connection, "device", sorted({each[1] for each in sessions}))
    trusted = rows(connection, f"SELECT device, sign, role, scope FROM sync_trust WHERE {condition}", [value])
    known = {device: (sign, rank(*more)) for device, sign, *more in trusted}
    signed = [(*each, known[each[1]][1]) for each in sessions if each[1] in known and proven(known[each[1]][0], each)]
    strange = [(*each, 0) for each in sessions if each[1] not in known]
    names = (*NAMES, "rank")
    run_many(connection, insert_or_ignore("sync_session", names), [*signed, *strange])
    # somebody else may have taken the name first: the higher word stands
    take_over = ", ".join(f"{name} = ?" for name in names[1:])
    higher = [(*each[1:], each[0], each[-1]) for each in signed if each[-1]]
    run_many(connection, f"UPDATE sync_session SET {take_over} WHERE sid = ? AND rank < ?", higher)


def rerank(connection: Connection, device: str, sign: str, found: int) -> None:
    """A device's certificate came (or changed): its sessions rank by it; what it never signed goes."""
    listed = rows(connection, f"SELECT {', '.join(NAMES)} FROM sync_session WHERE device = ?", [device])
    for each in listed:
        if proven(sign, each):
            run(connection, "UPDATE sync_session SET rank = ? WHERE sid = ?", [found, each[0]])
        else:
            run(connection, "DELETE FROM sync_session WHERE sid = ?", [each[0]])


def ranks(connection: Connection) -> dict[str, int]:
    """The rank of each session that has one (an office's); the rest are 0."""
    return dict(rows(connection, "SELECT sid, rank FROM sync_session WHERE rank > 0"))
