"""An update killed (SIGKILL) at every touch of the disk: whichever version is then run, it is a whole one, and the next update comes through."""
from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from gridapp import versions
from gridapp.update import install, package

ROOT = Path(__file__).parents[2]


def killed_at(touch: int, home: Path, path: Path, key: bytes) -> bool:
    """Whether the update was killed; False: it came to its end before."""
    words = [sys.executable, "-m", "tests.update.killing", str(home), str(path), key.hex(), str(touch)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def test_killed_at_every_touch(maker, home, tree):
    path, whole, before = maker.pack("0.2.0"), tree(maker.dist("0.2.0")), tree(home)
    touch, seen = 1, []
    while killed_at(touch, home, path, maker.key):
        program = versions.chosen(home, "0.1.0")
        assert program is None or tree(program.parent) == whole
        assert {name: data for name, data in tree(home).items() if not name.startswith("versions/")} == before
        seen.append(program is not None)
        if program:
            (home / "versions" / "current").unlink()
        touch += 1
    assert len(seen) > 15 and not all(seen) and seen == sorted(seen)
    assert versions.chosen(home, "0.1.0") is not None
    install.install(package.look(maker.pack("0.3.0"), "0.2.0", [maker.key]), home, "0.2.0", lambda done, total: None)
    assert sorted(each.name for each in (home / "versions").iterdir()) == ["0.2.0", "0.3.0", "current"]
