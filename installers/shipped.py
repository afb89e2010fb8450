"""What goes into a package besides our own code: the distributions the program needs, their licence texts, and their part of the lock."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OURS = Path(__file__).resolve().parent / "licences"
LICENCE = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/.+", re.IGNORECASE)
FREEZER = ("pyinstaller",)


def project() -> dict:
    """The [project] table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def distributions() -> dict[str, Distribution]:
    """Name -> every distribution the program needs on this machine, found by walking the dependencies from pyproject.toml."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(line) for line in project()["dependencies"]]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in found or wanted.extras:
            found[name] = distribution(name)
            waiting += _wants(found[name], wanted.extras)
    return found


def _wants(installed: Distribution, extras: set[str]) -> list[Requirement]:
    asked = [Requirement(line) for line in installed.requires or []]
    return [each for each in asked if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))]


def licences() -> list[tuple[str, str]]:
    """(file, folder in the package) of every licence text: ours for Qt, and what each distribution carries about itself."""
    told = [(str(path), "licenses/Qt") for path in sorted(OURS.iterdir())]
    told.append((str(ROOT / "LICENSE"), "licenses"))
    for name, installed in sorted(distributions().items()):
        files = [file for file in installed.files or [] if ".dist-info/" in file.as_posix() and LICENCE.search(file.as_posix())]
        told += [(str(file.locate()), f"licenses/{name}") for file in files]
    return told


def resources() -> list[Path]:
    """Every file under resources/ that ships: not the sources that make the samples."""
    files = (path for path in (ROOT / "resources").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(path for path in files if path.suffix != ".py")


def file_of(name: str, path: str) -> Path:
    """Where one file of an installed distribution lies."""
    return Path(str(distribution(name).locate_file(path)))


def system_licences(files: list[str]) -> list[tuple[str, str, str]]:
    """(name in the package, file, sort) of the copyright notes of those files that a Debian package brought; none on other systems."""
    if not shutil.which("dpkg"):
        return []
    # /usr/lib and /lib are one folder on newer systems; dpkg knows a file by the one it was packed in.
    system = {path for file in files if file.startswith(("/usr/lib/", "/lib/")) for path in (file, os.path.realpath(file), file.removeprefix("/usr"))}
    told = subprocess.run(["dpkg", "-S", *sorted(system)], capture_output=True, text=True).stdout
    packages = {line.partition(":")[0] for line in told.splitlines()}
    notes = {name: Path("/usr/share/doc", name, "copyright") for name in sorted(packages)}
    return [(f"licenses/system/{name}.txt", str(note.resolve()), "DATA") for name, note in notes.items() if note.exists()]


def locked_part(lock: str, also: tuple[str, ...] = FREEZER) -> str:
    """The blocks of requirements.lock that pyproject's own dependencies and `also` bring in, hashes and all: what a package is built from."""
    blocks = {match[1]: block for block in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE) if (match := re.match(r"([a-z0-9-]+)==", block))}
    wanted = {name for name, block in blocks.items() if name in also or "(pyproject.toml)" in block}
    while True:
        more = {name for name, block in blocks.items() if name not in wanted and wanted & set(_brought_by(block))}
        if not more:
            return "".join(block for name, block in blocks.items() if name in wanted)
        wanted |= more


def _brought_by(block: str) -> list[str]:
    told = block.partition("# via")[2]
    return re.findall(r"[a-z0-9][a-z0-9._-]*", told.replace("#", " "))
