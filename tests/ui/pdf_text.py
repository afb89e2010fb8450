"""A PDF as Qt writes it, read without any other program: its pages' sizes, whether its fonts are inside, and the text a reader could copy."""
from __future__ import annotations

import re
import zlib


class Pdf:
    """The parts of a PDF's bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.objects = {int(found[1]): found[2] for found in re.finditer(rb"(\d+) 0 obj\n(.*?)\nendobj", data, re.S)}

    @property
    def boxes(self) -> list[tuple[float, float]]:
        """Width and height of each page in points."""
        return [(float(a), float(b)) for a, b in re.findall(rb"/Type /Page\n.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", self.data, re.S)]

    @property
    def fonts(self) -> list[bool]:
        """Of each font, whether its outlines are in the file."""
        return [b"/FontFile" in body for body in self.objects.values() if b"/Type /FontDescriptor" in body]

    @property
    def text(self) -> str:
        """All pages' text, in the order it is painted."""
        return "".join(self._page(int(number)) for number in re.findall(rb"/Contents (\d+) 0 R", self.data))

    def _page(self, number: int) -> str:
        letters: dict[bytes, str] = {}
        said = []
        for font, glyphs in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)> Tj", self._stream(number)):
            if font:
                letters = self._letters(int(font))
            else:
                said.append("".join(letters.get(glyphs[at : at + 4].lower(), "?") for at in range(0, len(glyphs), 4)))
        return "".join(said)

    def _letters(self, font: int) -> dict[bytes, str]:
        """Glyph -> what it stands for, by the font's ToUnicode table."""
        named = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])
        assert named
        table = self._stream(int(named[1]))
        found: dict[bytes, str] = {}
        for first, letters in re.findall(rb"<([0-9A-F]{4})> <[0-9A-F]{4}> \[([^\]]*)\]", table):
            for step, letter in enumerate(re.findall(rb"<([0-9A-F]+)>", letters)):
                found[b"%04x" % (int(first, 16) + step)] = bytes.fromhex(letter.decode()).decode("utf-16-be")
        return found

    def _stream(self, number: int) -> bytes:
        body = self.objects[number].partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
        return zlib.decompress(body) if b"/FlateDecode" in self.objects[number] else body

