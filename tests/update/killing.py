"""`python -m tests.update.killing HOME PACKAGE KEY N`: an update that is killed at its Nth touch of the disk; exit code 0 when it came to its end."""
from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from gridapp.update import install, package

TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.symlink", "shutil.rmtree", "subprocess.Popen"}


def main(home: Path, path: Path, key: str, last: int) -> None:
    """Install, or die on the way."""
    offer = package.look(path, "0.1.0", [bytes.fromhex(key)])
    left = last

    def touch(event: str, told: tuple[object, ...]) -> None:
        nonlocal left
        if event in TOUCHES:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touch)
    install.install(offer, home, "0.1.0", lambda done, total: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
