"""Who may exchange with whom: this node's keys, requests to join, and certificates {device, role, scope, keys, serial} signed by the office.

A grid makes a request file; the officer compares six words with the grid and enrols it; the answer (its own file, or in the first
return bundle) brings the grid its certificate and the office's. Both sides keep both.
"""
from __future__ import annotations

import io
import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from sqlalchemy import Connection

from gridapp.rules.reading import Trouble
from gridapp.sync import authority, envelope, forms, link
from gridapp.sync.keys import Keys, new_keys
from gridapp.sync.sql import get_meta, one, run, set_meta
from gridapp.sync.troubles import Damaged, Forged, UnknownSender, reading
from gridapp.sync.words import check_words

ROLES = ("grid", "office")
Chain = tuple["Certificate", ...]
CONTEXT = b"gridapp certificate v1\n"


@dataclass(frozen=True)
class Request:
    """A device asking to join. Keys are public, hex."""

    device: str
    label: str
    sign: str
    box: str

    @property
    def words(self) -> tuple[str, ...]:
        """The six words to compare."""
        return check_words(self.device, self.sign, self.box)


@dataclass(frozen=True)
class Certificate:
    """What an office says of a device. scope: the path it may write under. issuer: the office's device id (its own for a root)."""

    device: str
    label: str
    role: str
    scope: str
    sign: str
    box: str
    serial: int
    issuer: str
    seal: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The six words of its keys."""
        return check_words(self.device, self.sign, self.box)

    def plain(self) -> bytes:
        """What is signed."""
        body = {name: value for name, value in asdict(self).items() if name != "seal"}
        return CONTEXT + json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


def device(connection: Connection) -> str:
    """This node's id, made with its keys at the first call."""
    own_keys(connection)
    return get_meta(connection, "device") or ""


def own_keys(connection: Connection) -> Keys:
    """This node's keys, made at the first call; they lie in the encrypted store only."""
    sign, box = get_meta(connection, "key_sign"), get_meta(connection, "key_box")
    if sign and box:
        return Keys(bytes.fromhex(sign), bytes.fromhex(box))
    keys = new_keys()
    for name, value in (("key_sign", keys.sign.hex()), ("key_box", keys.box.hex()), ("device", uuid.uuid4().hex)):
        set_meta(connection, name, value)
    return keys


def own_scope(connection: Connection) -> str:
    """The path this node was given ('' before it is enrolled)."""
    return get_meta(connection, "scope") or ""


def own_words(connection: Connection) -> tuple[str, ...]:
    """This node's six check words, to be read to the other side."""
    keys = own_keys(connection)
    return check_words(device(connection), keys.sign_public.hex(), keys.box_public.hex())


def found_office(connection: Connection, label: str, scope: str = "office") -> Certificate:
    """Make this node an office: a certificate signed by itself, the root of its grids."""
    keys = own_keys(connection)
    mine = Certificate(device(connection), label, "office", scope, keys.sign_public.hex(), keys.box_public.hex(), 1, device(connection))
    mine = _signed(mine, keys)
    _keep(connection, mine)
    _become(connection, mine)
    return mine


def request(connection: Connection, label: str) -> bytes:
    """The request file of this node: public keys, label, and a signature that proves it holds the key."""
    keys = own_keys(connection)
    body = {"device": device(connection), "label": label, "box": keys.box_public.hex()}
    set_meta(connection, "asked", label)
    return _small("request", body, keys)


def read_request(source: bytes | Path) -> Request:
    """A request file, checked. Raises Damaged, NotBundle, WrongSort, NewerBundle."""
    header = _read_small(source, "request")
    try:
        found = Request(header["device"], header["label"], header["sign"], header["box"])
    except KeyError as error:
        raise Damaged from error
    _check_keys(found)
    return found


def enrol(connection: Connection, asked: Request, scope: str, role: str = "grid") -> Certificate:
    """Sign a certificate for a request whose words were compared, and open a link to it. Raises Trouble outside this office's own scope."""
    mine = own_certificate(connection)
    if mine is None or mine.role != "office":
        raise Trouble("本机不是中心，不能登记网格。请先在中心的程序里建立中心。", "not_an_office")
    if not scope.startswith(mine.scope + "/") or "//" in scope or scope.endswith("/"):
        raise Trouble(f"网格路径“{scope}”不在本中心“{mine.scope}”之下。请改正路径后再办理。", "scope_outside")
    serial = int(one(connection, "SELECT max(serial) FROM sync_trust WHERE issuer = ?", [mine.device]) or 1) + 1
    made = _signed(Certificate(asked.device, asked.label, role, scope, asked.sign, asked.box, serial, mine.device), own_keys(connection))
    _keep(connection, made)
    link.open_link(connection, link.Link(made.device, "down", made.label, scope))
    return made


def answer(connection: Connection, device_id: str) -> bytes:
    """The answer file for an enrolled device: the office's certificate, its own, and those of the offices above."""
    return _small("answer", {"certificates": introduction(connection, device_id)}, own_keys(connection))


def introduction(connection: Connection, device_id: str) -> list[dict[str, Any]]:
    """The office's certificate, the device's, and those of the offices above, as they go into an answer or the first return bundle."""
    known = certificate(connection, device_id)
    office, *above = _upward(connection, device(connection))
    return [asdict(each) for each in (office, *([known] if known else []), *above)]


def _upward(connection: Connection, device_id: str) -> list[Certificate]:
    """A device's certificate and those of its offices, up to the root."""
    found: list[Certificate] = []
    each = certificate(connection, device_id)
    while each and each not in found:
        found.append(each)
        each = certificate(connection, each.issuer)
    return found


def offices(connection: Connection, devices: Iterable[str]) -> list[dict[str, Any]]:
    """The certificates of those devices that are offices, each after its issuer's, as they travel."""
    found = [each for device_id in sorted(devices) for each in reversed(_upward(connection, device_id)) if each.role == "office"]
    return [asdict(each) for each in dict.fromkeys(found)]


def learn(connection: Connection, found: Any) -> None:
    """Keep the certificates of offices we do not know yet, where an office we trust signed them for a path below its own. Raises Damaged."""
    for each in _certificates(found):
        office = certificate(connection, each.issuer)
        if certificate(connection, each.device) is None and office and _may_appoint(office, each) and _signed_by(office, each):
            _keep(connection, each)


def _certificates(found: Any) -> list[Certificate]:
    if type(found) is not list:
        raise Damaged
    made = [Certificate(**forms.certificate(each)) for each in found]
    for each in made:
        _check_keys(each)
    return made


def _may_appoint(office: Certificate, made: Certificate) -> bool:
    return office.role == "office" and made.role in ROLES and made.scope.startswith(office.scope + "/")


def _signed_by(office: Certificate, made: Certificate) -> bool:
    try:
        sodium.crypto_sign_open(bytes.fromhex(made.seal) + made.plain(), bytes.fromhex(office.sign))
    except (CryptoError, ValueError):
        return False
    return True


def read_answer(source: bytes | Path) -> Chain:
    """The office's certificate, ours, and those of the offices above; compare the office's words before `accept`."""
    return _chain(_read_small(source, "answer").get("certificates"))


def accept(connection: Connection, certificates: Chain) -> Certificate:
    """Take the office's answer: trust the office, take our scope and open the link upward. Raises Trouble when it is not about us."""
    office, mine, *_ = certificates
    keys = own_keys(connection)
    if mine.device != device(connection) or (mine.sign, mine.box) != (keys.sign_public.hex(), keys.box_public.hex()):
        raise Trouble(f"这是给“{mine.label}”的加入答复，不是给本机的。请向中心要本机的答复。", "answer_for_another")
    other = link.upward(connection)
    if other and other.id != office.device:
        raise Trouble(f"本机已加入“{other.label}”，没有改动。要换中心，请先与原中心办理迁出。", "already_enrolled")
    for each in certificates:
        _keep(connection, each)
    _become(connection, mine)
    link.open_link(connection, link.Link(office.device, "up", office.label, mine.scope))
    return mine


def may_introduce(connection: Connection, header: dict[str, Any]) -> bool:
    """Whether a first return bundle may enrol this node: it asked, has no office yet, and the bundle brings certificates."""
    return bool(header.get("certificates") and get_meta(connection, "asked") and link.upward(connection) is None)


def introduce(connection: Connection, header: dict[str, Any]) -> Certificate:
    """Enrol from a first return bundle; its sender must be the office of its certificates. Gives the office's certificate."""
    chain = _chain(header.get("certificates"))
    if chain[0].sign != header["sign"]:
        raise Forged(chain[0].label)
    accept(connection, chain)
    return chain[0]


def sender(connection: Connection, header: dict[str, Any]) -> Certificate:
    """The certificate of a bundle's sender, withdrawn or not. Raises UnknownSender, Forged (another key)."""
    known = certificate(connection, str(header.get("from")))
    if known is None:
        raise UnknownSender
    if known.sign != header["sign"]:
        raise Forged(known.label)
    return known


def is_revoked(connection: Connection, device_id: str) -> bool:
    """Whether a device is withdrawn."""
    return one(connection, "SELECT state FROM sync_trust WHERE device = ?", [device_id]) == "revoked"


def revoke(connection: Connection, device_id: str) -> None:
    """Withdraw a device: its bundles are refused from now on."""
    run(connection, "UPDATE sync_trust SET state = 'revoked' WHERE device = ?", [device_id])


def certificate(connection: Connection, device_id: str) -> Certificate | None:
    """The certificate kept of a device."""
    text = one(connection, "SELECT certificate FROM sync_trust WHERE device = ?", [device_id])
    return Certificate(**json.loads(text)) if text else None


def own_certificate(connection: Connection) -> Certificate | None:
    """This node's own, once it is an office or enrolled."""
    return certificate(connection, device(connection))


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


def _chain(found: Any) -> Chain:
    """Certificates as `introduction` made them: each signed by the next office above, the root by itself."""
    try:
        office, mine, *above = _certificates(found)
    except ValueError as error:
        raise Damaged from error
    path = [mine, office, *above]
    steps = zip(path, path[1:], strict=False)
    right = all(each.issuer == issuer.device and _may_appoint(issuer, each) and _signed_by(issuer, each) for each, issuer in steps)
    root = path[-1]
    if not (right and root.issuer == root.device and root.role == "office" and _signed_by(root, root)):
        raise Damaged
    return (office, mine, *above)


def _check_keys(found: Request | Certificate) -> None:
    sizes = ((found.device, 32), (found.sign, 64), (found.box, 64))
    if not isinstance(found.label, str) or not all(isinstance(text, str) and len(text) == size for text, size in sizes):
        raise Damaged


def _signed(made: Certificate, keys: Keys) -> Certificate:
    return Certificate(**(asdict(made) | {"seal": keys.seal(made.plain()).hex()}))


def _keep(connection: Connection, made: Certificate) -> None:
    run(connection, "DELETE FROM sync_trust WHERE device = ?", [made.device])
    names = "device, role, scope, label, sign, box, serial, issuer, state, certificate"
    values = [made.device, made.role, made.scope, made.label, made.sign, made.box, made.serial, made.issuer]
    text = json.dumps(asdict(made), ensure_ascii=False)
    run(connection, f"INSERT INTO sync_trust ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'trusted', ?)", [*values, text])
    authority.rerank(connection, made.device, made.sign, authority.rank(made.role, made.scope))


def _become(connection: Connection, mine: Certificate) -> None:
    for name, value in (("role", mine.role), ("scope", mine.scope)):
        set_meta(connection, name, value)
