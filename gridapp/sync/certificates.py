"""Certificates: what an office says of a device, signed. Pure: no database. A device may change its keys; the old one signs the new one over."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from nacl import bindings as sodium
from nacl.exceptions import CryptoError

from gridapp.sync import forms
from gridapp.sync.keys import Keys
from gridapp.sync.troubles import Damaged
from gridapp.sync.words import check_words

ROLES = ("grid", "office")
CONTEXT = b"gridapp certificate v1\n"
HANDOVER = b"gridapp handover v1\n"
Chain = tuple["Certificate", ...]
Edge = tuple[str, str, str]


@dataclass(frozen=True)
class Request:
    """A device asking to join. Keys are public, hex. serial: of the certificate it holds already (0: none)."""

    device: str
    label: str
    sign: str
    box: str
    serial: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """The six words to compare."""
        return check_words(self.device, self.sign, self.box)


@dataclass(frozen=True)
class Certificate:
    """What an office says of a device. scope: the path it may write under. issuer: the office's device id (its own for a root).

    serial: a newer one of the same device has a higher one. former: handovers (old key, new key, the old one's seal) up to these keys.
    """

    device: str
    label: str
    role: str
    scope: str
    sign: str
    box: str
    serial: int
    issuer: str
    former: tuple[Edge, ...] = ()
    seal: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The six words of its keys."""
        return check_words(self.device, self.sign, self.box)

    @property
    def keys(self) -> set[str]:
        """Every key that speaks for the device, the present one and those before it."""
        return every_key(self.sign, self.former)

    @property
    def is_root(self) -> bool:
        """Whether it is an office with none above it."""
        return self.issuer == self.device

    def plain(self) -> bytes:
        """What is signed."""
        body = {name: value for name, value in asdict(self).items() if name != "seal"}
        return CONTEXT + json.dumps(body, ensure_ascii=False, sort_keys=True).encode()

    def sealed(self, keys: Keys) -> Certificate:
        """The same, signed by an office's keys."""
        return replace(self, seal=keys.seal(self.plain()).hex())


def every_key(sign: str, edges: Iterable[Edge]) -> set[str]:
    """A device's present key and all that its handovers name."""
    return {sign, *(key for old, new, _ in edges for key in (old, new))}


def certificate_of(found: Any) -> Certificate:
    """A certificate as it travels, or Damaged."""
    values = forms.certificate(found)
    made = Certificate(**(values | {"former": edges_of(values["former"])}))
    check_keys(made)
    return made


def certificates_of(found: Any) -> list[Certificate]:
    """A list of them, or Damaged."""
    if type(found) is not list:
        raise Damaged
    return [certificate_of(each) for each in found]


def edges_of(found: Any) -> tuple[Edge, ...]:
    """Handovers as they travel, or Damaged."""
    return tuple((old, new, seal) for old, new, seal in forms.edges(found))


def chain_of(found: Any) -> Chain:
    """The office's certificate, the device's, those of the offices above: each signed by the next office, the root by itself. Raises Damaged."""
    try:
        office, mine, *above = certificates_of(found)
    except ValueError as error:
        raise Damaged from error
    path = [mine, office, *above]
    steps = zip(path, path[1:], strict=False)
    right = all(each.issuer == issuer.device and may_appoint(issuer, each) and signed_by(issuer, each) for each, issuer in steps)
    if not (right and path[-1].is_root and path[-1].role == "office" and signed_by(path[-1], path[-1])):
        raise Damaged
    return (office, mine, *above)


def check_keys(found: Request | Certificate) -> None:
    """Damaged unless the device's id and keys have their sizes."""
    sizes = ((found.device, 32), (found.sign, 64), (found.box, 64))
    if not isinstance(found.label, str) or not all(isinstance(text, str) and len(text) == size for text, size in sizes):
        raise Damaged


def may_appoint(office: Certificate, made: Certificate) -> bool:
    """Whether an office may say that of a device: offices only, for paths below their own."""
    return office.role == "office" and made.role in ROLES and made.scope.startswith(office.scope + "/")


def signed_by(office: Certificate, made: Certificate) -> bool:
    """Whether a key of the office signed the certificate."""
    return any(proves(key, made.plain(), made.seal) for key in office.keys)


def proves(key: str, plain: bytes, seal: Any) -> bool:
    """Whether the holder of the public key (hex) signed the text; seal is hex."""
    try:
        sodium.crypto_sign_open(bytes.fromhex(seal) + plain, bytes.fromhex(key))
    except (CryptoError, ValueError, TypeError):
        return False
    return True


def hand_over(old: Keys, new: Keys) -> Edge:
    """The old key's word that the new one follows it."""
    public = new.sign_public.hex()
    return old.sign_public.hex(), public, old.seal(HANDOVER + public.encode()).hex()


def reached(known: Collection[str], edges: Iterable[Edge]) -> set[str]:
    """The keys that handovers lead to from known ones, these included; each seal is looked at."""
    found, left = set(known), list(edges)
    while step := [edge for edge in left if edge[0] in found and edge[1] not in found and proves(edge[0], HANDOVER + edge[1].encode(), edge[2])]:
        found.update(new for _, new, _ in step)
    return found
