"""What a file's bytes are: by how they begin, never by a name; and whether a picture carries more than the picture (where it was taken, by whom)."""

from __future__ import annotations

import struct

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
STARTS = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
JPEG_PLAIN = {0xE0, 0xE2, 0xEE}  # JFIF, colour profile, Adobe's colour mark: of all APPn only these say nothing of people or places
PNG_PLAIN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT", b"bKGD"}


def media_of(data: bytes) -> str:
    """The media type of what may be kept; "" for anything else."""
    return next((media for start, media in STARTS if data.startswith(start)), "")


def is_bare(data: bytes) -> bool:
    """Whether a JPEG or PNG is the picture and nothing else: no EXIF, no comments, nothing behind its end. A PDF is what it is."""
    media = media_of(data)
    try:
        return {JPEG: _jpeg_is_bare, PNG: _png_is_bare}.get(media, lambda _: media == PDF)(data)
    except (IndexError, struct.error):
        return False


def _jpeg_is_bare(data: bytes) -> bool:
    at = 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:  # up to the picture itself
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker == 0xFE or (0xE0 <= marker <= 0xEF and marker not in JPEG_PLAIN):
            return False
        at += 2 + length
    return data[at : at + 2] == b"\xff\xda" and data.find(b"\xff\xd9", at) == len(data) - 2


def _png_is_bare(data: bytes) -> bool:
    at, name = 8, b""
    while name != b"IEND":
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name not in PNG_PLAIN:
            return False
        at += 12 + length
    return at == len(data)
