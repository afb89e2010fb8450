"""Which wheel each pinned distribution has for each system we ship to: asked of the index, kept in wheels.tsv, held against the lock.

The lock's hashes name no files. So the answer is kept beside it, and a test without a network sees to it that the two belong together.
"""
from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from installers.pins import TARGETS, Pin, Target

TABLE = Path(__file__).resolve().with_name("wheels.tsv")
PIP = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
Row = tuple[str, str, str, str, str]  # name, version, target, file, sha256


def rows() -> list[Row]:
    """The table as it was last asked for."""
    return [tuple(line.split("\t")) for line in TABLE.read_text("utf-8").splitlines()]  # type: ignore[misc]


def write(found: Iterable[Row]) -> None:
    """Keep a table."""
    TABLE.write_text("".join("\t".join(row) + "\n" for row in sorted(found)), "utf-8")


def lacking(pins: list[Pin], table: list[Row]) -> list[str]:
    """'name version target' of every pin without a wheel whose hash the lock knows, and of rows that are nobody's; [] when all is well."""
    wheels = {row[:3]: row for row in table}
    wanted = {(pin.name, pin.version, target.name): pin for target in TARGETS for pin in pins if pin.meant_for(target)}
    without = [key for key, pin in wanted.items() if key not in wheels or wheels[key][4] not in pin.hashes or not wheels[key][3].endswith(".whl")]
    return [" ".join(key) for key in sorted({*without, *(wheels.keys() - wanted.keys())})]


def ask(target: Target, pins: list[Pin]) -> tuple[list[Row], list[str]]:
    """What the index has for a system: rows, and the pins it has no wheel for."""
    meant = [pin for pin in pins if pin.meant_for(target)]
    if (found := _resolve(target, meant)) is not None:
        return found, []
    each = {pin: _resolve(target, [pin]) for pin in meant}
    return [row for found in each.values() for row in found or []], [f"{pin.name} {pin.version}" for pin, found in each.items() if found is None]


def _resolve(target: Target, pins: list[Pin]) -> list[Row] | None:
    """Rows for pins, or None where pip finds no wheel for one of them."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.json")
        tags = [word for tag in target.tags for word in ("--platform", tag)]
        where = ["--target", scratch, "--python-version", "3.11", "--implementation", "cp", "--only-binary", ":all:", "--report", str(report)]
        done = subprocess.run([*PIP, *where, *tags, *(f"{pin.name}=={pin.version}" for pin in pins)], capture_output=True, text=True)
        if done.returncode:
            return None
        installs = json.loads(report.read_text("utf-8"))["install"]
    told = {_plain(each["metadata"]["name"]): each["download_info"] for each in installs}
    return [(pin.name, pin.version, target.name, _file(told[pin.name]), told[pin.name]["archive_info"]["hashes"]["sha256"]) for pin in pins]


def _plain(name: str) -> str:
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def _file(info: dict) -> str:
    return str(info["url"]).rsplit("/", 1)[1].partition("#")[0]
