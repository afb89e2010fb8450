"""An .xlsx file as its parts: the XML of some is changed, every other part goes out byte for byte as it came in."""
from __future__ import annotations

import io
import itertools
import re
import zipfile
from typing import Any

from lxml import etree

from gridapp.ledgers import gate, marks
from gridapp.ledgers.sniff import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Element = Any  # lxml's elements carry no types of their own


def tag(name: str) -> str:
    """A name of the spreadsheet's own XML."""
    return f"{{{MAIN}}}{name}"


class Package:
    """The parts of one file, as it was read. xml(name) gives a part to be changed in place."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable when the gate refuses the file or a part."""
        with gate.open_parts(data) as parts:
            self.infos = [info for info in parts.infolist() if not info.is_dir()]
            self.bodies = {info.filename: gate.read_part(parts, info.filename) for info in self.infos}
            self.sheets = marks.part_names(parts)
        self._changed: dict[str, Element] = {}
        self._seen: dict[str, Element] = {}

    def xml(self, name: str) -> Element:
        """A part's root element; changes to it are written. Raises Unreadable where it is no XML."""
        if name not in self._changed:
            self._changed[name] = self.peek(name)
        return self._changed[name]

    def peek(self, name: str) -> Element:
        """A part's root element, not to be changed. Raises Unreadable where it is no XML."""
        if name not in self._seen:
            try:
                self._seen[name] = etree.fromstring(self.bodies[name], _parser())
            except etree.XMLSyntaxError as error:
                raise Unreadable("corrupt") from error
        return self._seen[name]

    def body(self, name: str) -> bytes:
        """A part as it shall stand."""
        if name not in self._changed:
            return self.bodies[name]
        return bytes(etree.tostring(self._changed[name], xml_declaration=True, encoding="UTF-8", standalone=True))

    def add(self, name: str, body: bytes) -> None:
        """One part more; packages say elsewhere what it is (see copying.py)."""
        self.infos.append(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)))
        self.infos[-1].compress_type = zipfile.ZIP_DEFLATED
        self.bodies[name] = body

    def free(self, like: str) -> str:
        """A part's name that is not taken, such as another one: xl/worksheets/sheet1.xml -> xl/worksheets/sheet4.xml."""
        stem, digits, ending = re.fullmatch(r"(.*?)(\d*)(\.\w+)", like).groups()  # type: ignore[union-attr]
        return next(name for at in itertools.count(int(digits or 1) + 1) if (name := f"{stem}{at}{ending}") not in self.bodies)

    def named(self, folder: str) -> list[str]:
        """The XML parts of a folder, such as xl/charts/."""
        return [name for name in self.bodies if name.startswith(folder) and name.endswith(".xml")]

    def related(self, name: str) -> list[str]:
        """The parts a part points at."""
        rels = relations_of(name)
        if rels not in self.bodies:
            return []
        targets = [each.get("Target", "") for each in self.peek(rels) if each.get("TargetMode") != "External"]
        return [path for target in targets if (path := resolved(name, target)) in self.bodies]

    def data(self) -> bytes:
        """The whole file, its parts in the order they came."""
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
            for info in self.infos:
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
                made.writestr(copy, self.body(info.filename))
        return held.getvalue()


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def relations_of(name: str) -> str:
    """The part that tells what a part points at."""
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels"


def resolved(name: str, target: str) -> str:
    """A relation's target as a part's name: absolute, or beside the part that points at it, with steps upward."""
    if target.startswith("/"):
        return target[1:]
    path = name.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            path = path[:-1]
        elif step != ".":
            path.append(step)
    return "/".join(path)
