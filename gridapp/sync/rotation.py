"""New keys for this node. The old signing key signs the new one over; every bundle from then on says so, until the other side has heard it.

A key that is lost, or that others may have, cannot hand over: then the device is withdrawn and enrolled anew.
"""
from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import forms
from gridapp.sync.certificates import edges_of, hand_over
from gridapp.sync.devices import device, former_keys, keep, own_certificate, own_keys, own_words, put_keys, succeed
from gridapp.sync.joining import reissue
from gridapp.sync.keys import new_keys
from gridapp.sync.sql import get_meta, set_meta
from gridapp.sync.troubles import Damaged


def rotate(connection: Connection) -> tuple[str, ...]:
    """Make new keys; the old ones still open what was sealed for them. Gives the new check words."""
    old, new = own_keys(connection), new_keys()
    former = [[each.sign.hex(), each.box.hex()] for each in (*former_keys(connection), old)]
    edges = [*_handovers(connection), hand_over(old, new)][-forms.MOST_EDGES :]
    set_meta(connection, "keys_former", json.dumps(former[-forms.MOST_EDGES :]))
    set_meta(connection, "handovers", json.dumps(edges))
    put_keys(connection, new)
    mine = own_certificate(connection)
    if mine:
        sign, box = new.sign_public.hex(), new.box_public.hex()
        succeed(connection, mine.device, sign, box, edges_of(json.loads(json.dumps(edges))))
        if mine.is_root:
            made = replace(mine, sign=sign, box=box, former=edges_of(json.loads(json.dumps(edges))), serial=mine.serial + 1)
            keep(connection, made.sealed(new))
            reissue(connection)
    return own_words(connection)


def _handovers(connection: Connection) -> list[Any]:
    return json.loads(get_meta(connection, "handovers") or "[]")


def succession(connection: Connection) -> dict[str, Any]:
    """What this node's bundles say of its keys ({} while they never changed)."""
    edges = _handovers(connection)
    return {"succession": {"box": own_keys(connection).box_public.hex(), "former": edges}} if edges else {}


def hear(connection: Connection, device_id: str, header: dict[str, Any]) -> bool:
    """Take a sender's new keys where its old ones handed over to them. Raises Damaged."""
    said = header.get("succession")
    if said is None or device_id == device(connection):
        return False
    if type(said) is not dict or not forms.is_hex(said.get("box"), 64):
        raise Damaged
    return succeed(connection, device_id, header["sign"], said["box"], edges_of(said.get("former")))
