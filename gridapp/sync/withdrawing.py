"""Lists of withdrawn devices: each office signs its own, with a version (no clock: clocks lie) that only grows.

Every bundle carries the newest lists its maker holds of itself and the offices above, up as well as down: so an office restored from a
backup learns its own later list from its grids, by its own signature, and goes on above it. Lower versions are not looked at.
"""
from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.sync import forms
from gridapp.sync.certificates import proves
from gridapp.sync.devices import certificate, certifying_keys, device, own_certificate, restate, upward
from gridapp.sync.sql import one, run

CONTEXT = b"gridapp withdrawn v1\n"
Listed = dict[str, Any]


def revoke(connection: Connection, device_id: str) -> None:
    """Withdraw a device this office enrolled: its sessions rank nothing, its bundles are kept apart. Raises Trouble for another's."""
    known = certificate(connection, device_id)
    if known is None or known.is_root or known.issuer != device(connection):
        raise Trouble("这台设备不是本中心登记的，不能在这里停用。请到登记它的中心办理。", "not_ours")
    _publish(connection, _revoked(connection) | {device_id: known.serial})


def reinstate(connection: Connection, device_id: str) -> None:
    """Take a withdrawal back. Of a device that is not withdrawn: nothing."""
    revoked = _revoked(connection)
    if revoked.pop(device_id, None) is not None:
        _publish(connection, revoked)


def lists(connection: Connection) -> list[Listed]:
    """The newest lists of this node and the offices above it, as they travel."""
    found = [_held(connection, each.device) for each in upward(connection, device(connection))]
    return [each for each in found if each]


def honour(connection: Connection, found: Any) -> bool:
    """Keep what is newer than the lists held here; whether anything was. Lists nobody known here signed are passed over. Raises Damaged."""
    changed = False
    for each in forms.withdrawn(found):
        issuer = certificate(connection, each["issuer"])
        if issuer and issuer.role == "office" and any(proves(key, _plain(each), each["seal"]) for key in issuer.keys):
            changed |= _meet(connection, each)
    if changed:
        restate(connection)
    return changed


def _meet(connection: Connection, other: Listed) -> bool:
    """An office's own two lists of one origin (it was restored and went on) become one above both; nobody withdrawn comes back by that."""
    mine = _held(connection, other["issuer"])
    own = other["issuer"] == device(connection)
    forked = own and mine is not None and mine != other and not mine["revoked"].items() <= other["revoked"].items()
    if mine and mine["version"] >= other["version"] and not (forked and mine["version"] == other["version"]):
        return False
    if mine is None or mine["version"] < other["version"]:
        _keep(connection, other)
    if forked and mine:
        both = other["revoked"] | {each: max(serial, other["revoked"].get(each, 0)) for each, serial in mine["revoked"].items()}
        _publish(connection, both)
    return True


def _publish(connection: Connection, revoked: dict[str, int]) -> None:
    mine, held = own_certificate(connection), _held(connection, device(connection))
    assert mine
    made: Listed = {"version": (held["version"] if held else 0) + 1, "issuer": mine.device, "revoked": revoked}
    _keep(connection, made | {"seal": certifying_keys(connection, mine).seal(_plain(made)).hex()})
    restate(connection)


def _revoked(connection: Connection) -> dict[str, int]:
    held = _held(connection, device(connection))
    return dict(held["revoked"]) if held else {}


def _held(connection: Connection, issuer: str) -> Listed | None:
    text = one(connection, "SELECT body FROM sync_withdrawn WHERE issuer = ?", [issuer])
    return json.loads(text) if text else None


def _keep(connection: Connection, made: Listed) -> None:
    run(
        connection,
        "INSERT INTO sync_withdrawn (issuer, version, body) VALUES (?, ?, ?) "
        "ON CONFLICT (issuer) DO UPDATE SET version = excluded.version, body = excluded.body",
        [made["issuer"], made["version"], json.dumps(made)],
    )


def _plain(made: Listed) -> bytes:
    return CONTEXT + json.dumps({name: value for name, value in made.items() if name != "seal"}, sort_keys=True).encode()
