"""What a file is, by its bytes; and whether a picture carries more than the picture."""
from __future__ import annotations

import struct
import zlib

import pytest

from gridapp.rules.contents import JPEG, PDF, PNG, is_bare, media_of


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    """A JPEG's bones: these segments before the scan."""
    head = b"".join(b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return b"\xff\xd8" + head + b"\xff\xda\x00\x02" + b"\x11\x22\xff\x00\x33" + b"\xff\xd9"


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG's bones: these chunks, then its end."""
    each = [struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in (*chunks, (b"IEND", b""))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(each)


@pytest.mark.parametrize(("data", "media"), [
    (jpeg((0xE0, b"JFIF")), JPEG), (png((b"IHDR", b"x")), PNG), (b"%PDF-1.7\n", PDF), (b"", ""), (b"GIF89a", ""), (b"PK\x03\x04", ""),
    (b"<svg onload=", ""), (b"\x7fELF", ""), (b"MZ", ""), (b" %PDF-1.7", ""),
])  # fmt: skip
def test_a_file_is_what_its_bytes_say(data: bytes, media: str) -> None:
    assert media_of(data) == media


def test_bare_pictures_pass() -> None:
    assert is_bare(jpeg((0xE0, b"JFIF"), (0xE2, b"ICC_PROFILE"), (0xDB, b"table"), (0xC0, b"frame")))
    assert is_bare(png((b"IHDR", b"x"), (b"IDAT", b"y")))
    assert is_bare(b"%PDF-1.7\n")


@pytest.mark.parametrize("data", [
    jpeg((0xE1, b"Exif\0\0GPS")), jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0")), jpeg((0xED, b"Photoshop 3.0")), jpeg((0xFE, b"a comment")),
    jpeg((0xE0, b"JFIF")) + b"a film behind the picture", jpeg((0xE0, b"JFIF"))[:-2], jpeg((0xE0, b"JFIF"))[:5], b"\xff\xd8\xff",
    png((b"IHDR", b"x"), (b"eXIf", b"place")), png((b"tEXt", b"Author\0x")), png((b"iTXt", b"x")), png((b"IHDR", b"x")) + b"more",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
])  # fmt: skip
def test_what_carries_more_does_not(data: bytes) -> None:
    assert not is_bare(data)
