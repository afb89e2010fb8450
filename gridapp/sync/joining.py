"""Joining by files: a device asks, the officer compares six words and enrols it, the answer brings its certificate and the offices'.

The same certificates come with every return bundle: newer ones (other keys, another path) take the place of those kept.
"""
from __future__ import annotations

import io
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.sync import envelope, forms, link, paths
from gridapp.sync import schema as schemas
from gridapp.sync.certificates import Certificate, Chain, Request, certificate_of, chain_of, check_keys, may_appoint, signed_by
from gridapp.sync.devices import (
    certificate,
    certifying_keys,
    device,
    follows,
    is_revoked,
    issued,
    keep,
    next_serial,
    own_certificate,
    own_keys,
    own_scope,
    present,
    speaks,
    upward,
)
from gridapp.sync.keys import Keys
from gridapp.sync.sql import get_meta, run, set_meta
from gridapp.sync.troubles import Damaged, Forged, reading


def found_office(connection: Connection, label: str, scope: str = "office") -> Certificate:
    """Make this node an office: a certificate signed by itself, the root of its grids."""
    keys = own_keys(connection)
    mine = Certificate(device(connection), label, "office", scope, keys.sign_public.hex(), keys.box_public.hex(), 1, device(connection))
    mine = mine.sealed(keys)
    keep(connection, mine)
    _become(connection, mine)
    return mine


def request(connection: Connection, label: str) -> bytes:
    """The request file of this node: public keys, label, and a signature that proves it holds the key."""
    keys, mine = own_keys(connection), own_certificate(connection)
    body = {"device": device(connection), "label": label, "box": keys.box_public.hex(), "serial": mine.serial if mine else 0}
    set_meta(connection, "asked", label)
    return _small("request", body, keys)


def read_request(source: bytes | Path) -> Request:
    """A request file, checked. Raises Damaged, NotBundle, WrongSort, NewerBundle."""
    header = _read_small(source, "request")
    try:
        found = Request(header["device"], header["label"], header["sign"], header["box"], header.get("serial", 0))
    except KeyError as error:
        raise Damaged from error
    check_keys(found)
    if not forms.is_whole(found.serial):
        raise Damaged
    return found


def enrol(connection: Connection, asked: Request, scope: str, role: str = "grid") -> Certificate:
    """Sign a certificate for a request whose words were compared, and open a link to it. Raises Trouble outside this office's own scope.

    A device that was enrolled before is enrolled anew: with the keys it shows now, and no longer withdrawn. What it had signed before stays
    its own, unless it was withdrawn.
    """
    mine = own_certificate(connection)
    if mine is None or mine.role != "office":
        raise Trouble("本机不是中心，不能登记网格。请先在中心的程序里建立中心。", "not_an_office")
    if not scope.startswith(mine.scope + "/") or "//" in scope or scope.endswith("/"):
        raise Trouble(f"网格路径“{scope}”不在本中心“{mine.scope}”之下。请改正路径后再办理。", "scope_outside")
    former = present(connection, asked.device)[2] if certificate(connection, asked.device) and not is_revoked(connection, asked.device) else ()
    serial = next_serial(connection, asked.serial)
    made = Certificate(asked.device, asked.label, role, scope, asked.sign, asked.box, serial, mine.device, former)
    made = made.sealed(certifying_keys(connection, mine))
    run(connection, "DELETE FROM sync_trust WHERE device = ?", [made.device])
    keep(connection, made)
    link.open_link(connection, link.Link(made.device, "down", made.label, scope))
    return made


def answer(connection: Connection, device_id: str) -> bytes:
    """The answer file for an enrolled device: the office's certificate, its own, and those of the offices above."""
    return _small("answer", {"certificates": introduction(connection, device_id)}, own_keys(connection))


def introduction(connection: Connection, device_id: str) -> list[dict[str, Any]]:
    """The office's certificate, the device's, and those of the offices above, as they go into an answer and into every return bundle."""
    known = certificate(connection, device_id)
    office, *above = upward(connection, device(connection))
    return [asdict(each) for each in (office, *([known] if known else []), *above)]


def read_answer(source: bytes | Path) -> Chain:
    """The office's certificate, ours, and those of the offices above; compare the office's words before `accept`."""
    return chain_of(_read_small(source, "answer").get("certificates"))


def accept(connection: Connection, certificates: Chain) -> Certificate:
    """Take the office's answer: trust the office, take our path and open the link upward. Raises Trouble when it is not about us.

    An office with grids of its own gives them new certificates below its new path, and its rows follow.
    """
    office, mine, *above = certificates
    keys = own_keys(connection)
    if mine.device != device(connection) or (mine.sign, mine.box) != (keys.sign_public.hex(), keys.box_public.hex()):
        raise Trouble(f"这是给“{mine.label}”的加入答复，不是给本机的。请向中心要本机的答复。", "answer_for_another")
    other, before = link.upward(connection), own_certificate(connection)
    if other and other.id != office.device:
        raise Trouble(f"本机已加入“{other.label}”，没有改动。要换中心，请先与原中心办理迁出。", "already_enrolled")
    if before and before.serial >= mine.serial:
        return before
    if before and before.role != mine.role:
        kind = "中心" if mine.role == "office" else "网格"
        raise Trouble(f"对方把本机登记成了{kind}，与本机不符，没有改动。请对方重新登记后再给一份答复。", "other_role")
    for each in (*reversed(above), office):
        keep(connection, each)
    _take_place(connection, mine)
    paths.follow(connection, schemas.current())
    link.open_link(connection, link.Link(office.device, "up", office.label, mine.scope))
    return mine


def may_introduce(connection: Connection, header: dict[str, Any]) -> bool:
    """Whether a first return bundle may enrol this node: it asked, has no office yet, and the bundle brings certificates."""
    return bool(header.get("certificates") and get_meta(connection, "asked") and link.upward(connection) is None)


def introduce(connection: Connection, header: dict[str, Any]) -> Certificate:
    """Enrol from a first return bundle; its sender must be the office of its certificates. Gives the office's certificate."""
    chain = chain_of(header.get("certificates"))
    if chain[0].sign != header["sign"]:
        raise Forged(chain[0].label)
    accept(connection, chain)
    return chain[0]


def renew(connection: Connection, office: Certificate, found: Any) -> None:
    """Take newer certificates from our own office's return bundle: its own, those above it, ours. Older ones are passed over. Raises Damaged."""
    chain = chain_of(found)
    above, mine, own = (*reversed(chain[2:]), chain[0]), chain[1], own_certificate(connection)
    if chain[0].device != office.device or mine.device != device(connection) or not speaks(connection, office.device, chain[0].sign):
        raise Damaged
    for each in above:
        known = certificate(connection, each.device)
        if known is None or known.serial < each.serial:
            if known and known.is_root and each.is_root and not follows(connection, known, each):
                raise Damaged
            keep(connection, each)
    keys = own_keys(connection)
    if own and own.serial < mine.serial and (mine.sign, mine.box) == (keys.sign_public.hex(), keys.box_public.hex()):
        _take_place(connection, mine)


def reissue(connection: Connection, devices: set[str] | None = None) -> None:
    """Sign anew for devices of this office (None: all that are not withdrawn) what has changed: their keys, or their path with ours."""
    mine = own_certificate(connection)
    if mine is None or mine.role != "office":
        return
    for each in issued(connection):
        sign, box, former = present(connection, each.device)
        scope = each.scope
        for was in paths.former(connection, mine.scope):
            scope = paths.renamed(scope, was, mine.scope) if not scope.startswith(mine.scope + "/") else scope
        wanted = not is_revoked(connection, each.device) if devices is None else each.device in devices
        if wanted and may_appoint(mine, replace(each, scope=scope)):
            made = replace(each, scope=scope, sign=sign, box=box, former=former[-forms.MOST_EDGES :], serial=next_serial(connection))
            keep(connection, made.sealed(certifying_keys(connection, mine)))
            run(connection, "UPDATE sync_link SET scope = ? WHERE id = ?", [scope, each.device])


def remember(connection: Connection, header: dict[str, Any]) -> None:
    """An office restored from a backup: a certificate the sender shows, which this office itself had signed later, is known again."""
    mine = own_certificate(connection)
    if mine is None or not header.get("certificate"):
        return
    shown = certificate_of(header["certificate"])
    known = certificate(connection, shown.device)
    if shown.issuer != mine.device or shown.device != header.get("from") or not (may_appoint(mine, shown) and signed_by(mine, shown)):
        return
    taken = {each.scope: each.id for each in link.links(connection)}
    if (known is None or known.serial < shown.serial) and taken.get(shown.scope, shown.device) == shown.device:
        keep(connection, shown)
        link.open_link(connection, link.Link(shown.device, "down", shown.label, shown.scope))


def _take_place(connection: Connection, mine: Certificate) -> None:
    """Our certificate says something new of us: where the path or the keys changed, the devices below get new certificates."""
    before, scope = own_certificate(connection), own_scope(connection)
    keep(connection, mine)
    _become(connection, mine)
    run(connection, "UPDATE sync_link SET scope = ? WHERE way = 'up'", [mine.scope])
    if before and (scope, before.sign) != (mine.scope, mine.sign):
        paths.changed(connection, scope, mine.scope)
        reissue(connection)


def _become(connection: Connection, mine: Certificate) -> None:
    for name, value in (("role", mine.role), ("scope", mine.scope)):
        set_meta(connection, name, value)


def _small(sort: str, body: dict[str, Any], keys: Keys) -> bytes:
    stream = io.BytesIO()
    envelope.write_small(stream, sort, body, keys)
    return stream.getvalue()


def _read_small(source: bytes | Path, sort: str) -> dict[str, Any]:
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise reading(error) from error
    return envelope.verify(io.BytesIO(data), sort).header
