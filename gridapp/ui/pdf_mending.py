"""What Qt 6.8.0 gets wrong in a PDF, put right byte for byte, so that every offset in the file stays."""
from __future__ import annotations

import re

from PySide6.QtGui import QFont, QRawFont

OPEN, CLOSED = b"/Trapped /False\n2\nendobj", b"/Trapped /False>>\nendobj"
CMAP, LETTER = re.compile(rb"begincmap.*?endcmap", re.DOTALL), re.compile(rb"<([0-9A-F]{4})>")


def mended(data: bytes, font: QFont, letters: str) -> bytes:
    """Close the information dictionary, and let each glyph say the letter that was meant (one of `letters`).

    Where two characters look the same, Qt names the first of them, a radical (U+2F08) for 人, a tab for a space: nobody could search for that.
    """
    drawn = QRawFont.fromFont(font)
    glyphs = {glyph: letter for letter in letters for glyph in drawn.glyphIndexesForString(letter)[:1] if glyph}

    def meant(found: re.Match[bytes]) -> bytes:
        letter = chr(int(found[1], 16))
        glyph = drawn.glyphIndexesForString(letter)[:1] if letter not in letters and letter.isprintable() or letter == "\t" else []
        return b"<%04X>" % ord(glyphs[glyph[0]]) if glyph and ord(glyphs.get(glyph[0], "\U0010ffff")) < 0x10000 else found[0]

    return CMAP.sub(lambda table: LETTER.sub(meant, table[0]), data.replace(OPEN, CLOSED, 1))
