"""A device's two key pairs: one signs what it sends, one opens what is sent to it."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from nacl import bindings as sodium


@dataclass(frozen=True)
class Keys:
    """sign: 32-byte Ed25519 seed. box: 32-byte X25519 secret. Keep both only in the encrypted store."""

    sign: bytes = field(repr=False)
    box: bytes = field(repr=False)

    @cached_property
    def sign_public(self) -> bytes:
        """The key others verify with."""
        return sodium.crypto_sign_seed_keypair(self.sign)[0]

    @cached_property
    def box_public(self) -> bytes:
        """The key others seal for."""
        return sodium.crypto_scalarmult_base(self.box)

    def seal(self, digest: bytes) -> bytes:
        """The 64-byte signature over a digest."""
        return sodium.crypto_sign(digest, sodium.crypto_sign_seed_keypair(self.sign)[1])[:64]


def new_keys() -> Keys:
    """Fresh keys from the system's random source."""
    return Keys(sodium.randombytes(32), sodium.randombytes(32))
