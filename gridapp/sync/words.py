"""Six check words: what two people read to one another to be sure they look at the same keys (48 bits of a slow-made digest)."""
from __future__ import annotations

import hashlib
from functools import cache

from gridapp.places import resources

COUNT = 6
ROUNDS = 200_000  # makes looking for keys with the same words costlier; ~0.1 s


@cache
def word_list() -> tuple[str, ...]:
    """256 common two-character words; their order is part of the format."""
    return tuple((resources("words", "check_words.txt")).read_text("utf-8").split())


def check_words(device: str, sign: str, box: str) -> tuple[str, ...]:
    """The words of a device's id and public keys (hex)."""
    digest = hashlib.pbkdf2_hmac("sha512", f"{device}/{sign}/{box}".encode(), b"gridapp check words", ROUNDS)
    return tuple(word_list()[byte] for byte in digest[:COUNT])
