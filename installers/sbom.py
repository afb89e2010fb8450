"""The software bill of materials of a package: CycloneDX 1.6, JSON. `python -m installers.sbom OUT [platform]`.

It lists every distribution of the lock that the platform installs, with the hash of its wheel, what wheels bring inside them, and who needs whom.
Without a time of its own: the same lock makes the same file.
"""
from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from installers import policy, shipped, wheels
from installers.pins import TARGETS, Pin, Target, shipped_pins

Part = dict[str, Any]
OURS = "gridapp"


def bill(platform: str) -> Part:
    """The bill of a platform (a Target's name)."""
    target = next(each for each in TARGETS if each.name == platform)
    pins = {pin.name: pin for pin in shipped_pins() if pin.meant_for(target)}
    installed = shipped.distributions()
    hashes = {row[0]: row[4] for row in wheels.rows() if row[2] == platform}
    parts = [_distribution(pin, installed.get(name), hashes[name]) for name, pin in sorted(pins.items())]
    parts += [_within(name, *told) for name, told in sorted(policy.WITHIN.items())]
    if target.name.startswith("linux"):
        parts += [_within(name, policy.LIBRARIES[name], of) for name, of in sorted(_libraries(installed))]
    return _whole(platform, parts, _needs(pins, installed, target))


def _whole(platform: str, parts: list[Part], needs: list[Part]) -> Part:
    project = shipped.project()
    name = f"{OURS} {project['version']} {platform}"
    ours = {
        "type": "application", "bom-ref": OURS, "name": OURS, "version": project["version"], "description": project["description"],
        "licenses": [{"expression": project["license"]}], "properties": [{"name": "gridapp:platform", "value": platform}],
    }  # fmt: skip
    body = {"metadata": {"component": ours}, "components": parts, "dependencies": needs}
    number = uuid.uuid5(uuid.NAMESPACE_URL, name + json.dumps(body, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{number}", "version": 1, **body}


def _distribution(pin: Pin, installed: Distribution | None, sha256: str) -> Part:
    return {
        "type": "library", "bom-ref": pin.name, "name": pin.name, "version": pin.version, "purl": f"pkg:pypi/{pin.name}@{pin.version}",
        "licenses": [{"expression": policy.licence(pin.name, installed)}], "hashes": [{"alg": "SHA-256", "content": sha256}],
    }  # fmt: skip


def _within(name: str, licence: str, of: str) -> Part:
    return {
        "type": "data" if licence == "OFL-1.1" else "library", "bom-ref": f"within:{name}", "name": name, "licenses": [{"expression": licence}],
        "properties": [{"name": "gridapp:comes-with", "value": of}],
    }  # fmt: skip


def _libraries(installed: dict[str, Distribution]) -> Iterable[tuple[str, str]]:
    return {library: name for name, each in installed.items() for library in policy.libraries(each)}.items()


def _needs(pins: dict[str, Pin], installed: dict[str, Distribution], target: Target) -> list[Part]:
    """Who needs whom, as the distributions say for the platform; what only the platform has hangs on the whole."""
    asked = {name: _asked(installed[name], target) & pins.keys() if name in installed else set() for name in pins}
    first = {canonicalize_name(Requirement(line).name) for line in shipped.project()["dependencies"]} & pins.keys()
    loose = pins.keys() - first - set().union(*asked.values())
    return [{"ref": OURS, "dependsOn": sorted(first | loose)}, *({"ref": name, "dependsOn": sorted(needs)} for name, needs in sorted(asked.items()))]


def _asked(installed: Distribution, target: Target) -> set[str]:
    extras = ("", *(installed.metadata.get_all("Provides-Extra") or []))
    asked = [Requirement(line) for line in installed.requires or []]
    about = [{**target.about, "extra": extra} for extra in extras]
    return {canonicalize_name(each.name) for each in asked if not each.marker or any(map(each.marker.evaluate, about))}


def write(platform: str, out: Path) -> Path:
    """Write the bill of a platform."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(bill(platform), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return out


if __name__ == "__main__":
    from gridapp.update.manifest import here

    print(write(sys.argv[2] if len(sys.argv) > 2 else here(), Path(sys.argv[1])))
