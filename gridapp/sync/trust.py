"""Who may exchange with whom: one door to this node's keys, the certificates it keeps, joining, withdrawing and changing keys.

certificates: what is signed. devices: what is kept. joining: files and renewals. withdrawing: versioned lists. rotation: new keys.
"""
from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from gridapp.sync import link
from gridapp.sync.certificates import Certificate, Chain, Request
from gridapp.sync.devices import (
    certificate,
    device,
    former_keys,
    is_revoked,
    issued,
    learn,
    offices,
    own_certificate,
    own_keys,
    own_scope,
    own_words,
    present,
    speaks,
)
from gridapp.sync.joining import (
    accept,
    answer,
    enrol,
    found_office,
    introduce,
    introduction,
    may_introduce,
    read_answer,
    read_request,
    reissue,
    remember,
    renew,
    request,
)
from gridapp.sync.rotation import hear, rotate, succession
from gridapp.sync.troubles import Forged, UnknownSender
from gridapp.sync.withdrawing import honour, lists, revoke
from gridapp.sync.withdrawing import reinstate as _reinstate

__all__ = [
    "Certificate",
    "Chain",
    "Request",
    "accept",
    "answer",
    "certificate",
    "device",
    "enrol",
    "former_keys",
    "found_office",
    "heed",
    "honour",
    "introduce",
    "introduction",
    "is_revoked",
    "issued",
    "learn",
    "may_introduce",
    "offices",
    "own_certificate",
    "own_keys",
    "own_scope",
    "own_words",
    "read_answer",
    "read_request",
    "reinstate",
    "request",
    "revoke",
    "rotate",
    "said",
    "sender",
]


def said(connection: Connection, peer: link.Link) -> dict[str, Any]:
    """What a bundle for a peer says of trust, in its signed header."""
    mine = own_certificate(connection)
    known = {"certificates": introduction(connection, peer.id)} if peer.way == "down" else {"certificate": asdict(mine) if mine else None}
    return known | succession(connection) | {"withdrawn": lists(connection)}


def sender(connection: Connection, header: dict[str, Any]) -> Certificate:
    """The certificate of a bundle's sender, withdrawn or not. Raises UnknownSender, Forged (a key it never handed over to), Damaged."""
    remember(connection, header)
    known = certificate(connection, str(header.get("from")))
    if known is None:
        raise UnknownSender
    if not speaks(connection, known.device, header["sign"]) and not hear(connection, known.device, header):
        raise Forged(known.label)
    return known


def heed(connection: Connection, peer: link.Link, header: dict[str, Any]) -> None:
    """Take what a trusted sender's bundle says of trust: newer certificates from our office; a grid's new keys are certified. Raises Damaged."""
    known = certificate(connection, peer.id)
    if known and peer.way == "up" and header.get("certificates"):
        renew(connection, known, header["certificates"])
    elif known and peer.way == "down" and present(connection, peer.id)[0] != known.sign:
        reissue(connection, {peer.id})


def reinstate(connection: Connection, device_id: str) -> None:
    """Take a withdrawal back; the device's certificate is signed anew where our path changed meanwhile."""
    _reinstate(connection, device_id)
    if is_revoked(connection, device_id):
        return
    reissue(connection, {device_id})
