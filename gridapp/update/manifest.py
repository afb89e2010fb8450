"""What an update package says of itself: product, version, platform, notes, and every file of the program with its hash; signed by the maker.

The package is a zip: manifest.json, manifest.sig (64 bytes, Ed25519 over CONTEXT and the manifest's bytes) and program/ with the files.
"""
from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from gridapp import versions

PRODUCT, FORMAT = "gridapp", 1
CONTEXT = b"gridapp update v1\n"
MANIFEST, SEAL, INSIDE = "manifest.json", "manifest.sig", "program/"
MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
SYSTEMS = {"linux": "Linux", "windows": "Windows", "darwin": "macOS"}
SHA256 = re.compile("[0-9a-f]{64}")
ODD = re.compile(r'[\x00-\x1f\\:*?"<>|]|[. ](/|$)')  # what Windows has no file for, or another file


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the program: its path below the program's folder, bytes, hash, whether it is run; or a link to another of its files."""

    path: str
    size: int = 0
    sha256: str = ""
    run: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All of it. program: the path of the executable. platform: as here() says it."""

    version: str
    platform: str
    program: str
    notes: str
    entries: tuple[Entry, ...]

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(entry.size for entry in self.entries)

    def data(self) -> bytes:
        """As it stands in the package."""
        return json.dumps({"product": PRODUCT, "format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1).encode()


def here() -> str:
    """This machine's platform: linux-x86_64, linux-aarch64, windows-x86_64."""
    machine = platform.machine().lower()
    return f"{'windows' if sys.platform == 'win32' else sys.platform}-{MACHINES.get(machine, machine)}"


def spoken(name: str) -> str:
    """A platform for people."""
    system, _, machine = name.partition("-")
    return f"{SYSTEMS.get(system, system)}（{machine}）"


def manifest_of(data: bytes) -> Manifest:
    """A manifest from its bytes. Raises ValueError for another product or format, and for anything that does not hold together."""
    try:
        told: dict[str, Any] = json.loads(data)
        if (told.pop("product"), told.pop("format")) != (PRODUCT, FORMAT):
            raise ValueError("another product or format")
        made = Manifest(**{**told, "entries": tuple(Entry(**entry) for entry in told["entries"])})
    except (TypeError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError("not a manifest") from error
    _check(made)
    return made


def _check(made: Manifest) -> None:
    texts = (made.version, made.platform, made.program, made.notes)
    files = {entry.path: entry for entry in made.entries}
    good = all(isinstance(text, str) for text in texts) and versions.number(made.version) and all(map(_whole, made.entries))
    if not good or not apart(files) or len(files) != len(made.entries):
        raise ValueError("not a manifest")
    program = files.get(made.program)
    if not (program and program.run and not program.link):
        raise ValueError("no program")
    if any(entry.link and (goal := files.get(aim(entry))) is None or entry.link and goal and goal.link for entry in made.entries):
        raise ValueError("a link out of the program")


def _whole(entry: Entry) -> bool:
    kinds = isinstance(entry.path, str) and type(entry.size) is int and type(entry.run) is bool and isinstance(entry.link, str)
    return kinds and safe(entry.path) and (bool(entry.link) and not entry.size or entry.size >= 0 and bool(SHA256.fullmatch(entry.sha256)))


def safe(path: str) -> bool:
    """Whether a path stays below the folder it is joined to, on every system."""
    return bool(path) and not ODD.search(path) and not path.startswith("/") and all(part not in ("", ".", "..") for part in path.split("/"))


def apart(paths: Iterable[str]) -> bool:
    """Whether no path is another's, in another case or as its folder."""
    found = [path.lower() for path in paths]
    folders = {str(parent) for path in found for parent in PurePosixPath(path).parents}
    return len(set(found)) == len(found) and not folders & set(found)


def aim(entry: Entry) -> str:
    """The path that a link leads to, "" where it leaves the program."""
    parts = list(PurePosixPath(entry.path).parent.parts)
    for step in entry.link.split("/"):
        if step == ".." and not parts:
            return ""
        if step == "..":
            parts.pop()
        else:
            parts.append(step)
    return "/".join(parts)
