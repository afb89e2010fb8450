"""A maker of updates: frozen programs that are small scripts, and signed packages of them."""
from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from gridapp.update import makers
from gridapp.update.manifest import Manifest, here
from installers import update_package

PYTHON = sys.executable  # of the tests, whatever a test makes of it
REPORT = {"带齐": {"ok": True, "detail": "", "ms": 1}}
PROGRAM = """#!{python}
import sys, pathlib
out = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
out.write_text({report!r}, "utf-8")
sys.exit({code})
"""


@dataclass
class Maker:
    """Who signs. dist(...) freezes a program; pack(...) makes its package."""

    folder: Path
    seed: bytes
    key: bytes

    def dist(self, version: str, report: dict | str = REPORT, code: int = 0) -> Path:
        """A program that answers --self-test with the report and the code."""
        made = self.folder / f"dist-{version}"
        (made / "_internal" / "库").mkdir(parents=True, exist_ok=True)
        text = report if isinstance(report, str) else json.dumps(report)
        (made / "gridapp").write_text(PROGRAM.format(python=PYTHON, report=text, code=code), "utf-8")
        (made / "gridapp").chmod(0o755)
        (made / "_internal" / "version.txt").write_text(version, "utf-8")
        (made / "_internal" / "库" / "大.bin").write_bytes(bytes(range(256)) * 800)
        if not (made / "_internal" / "lib.so").is_symlink():
            (made / "_internal" / "lib.so").symlink_to("库/大.bin")
        return made

    def manifest(self, dist: Path, version: str, platform: str = "") -> Manifest:
        """What is signed."""
        return Manifest(version, platform or here(), "gridapp", "窗口：\n- 更快了。", tuple(update_package.entries(dist)))

    def pack(self, version: str, platform: str = "", **how: object) -> Path:
        """A package of a fresh program."""
        dist = self.dist(version, **how)  # type: ignore[arg-type]
        return update_package.make(dist, self.manifest(dist, version, platform), self.seed, self.folder / f"gridapp-{version}.gup")


def new_maker(folder: Path) -> Maker:
    """A maker with a key of its own, working in a new folder."""
    seed, key = makers.new_pair()
    folder.mkdir()
    return Maker(folder, seed, key)
