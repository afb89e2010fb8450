"""Updating the program from a file: look at the package, back the data up, put the new version beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp import __version__
from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.desk.safekeeping import back_up

if TYPE_CHECKING:
    from gridapp.update.package import Offer


@dataclass(frozen=True)
class Upgraded:
    """What runs from the next start on, and where the data were backed up before (None: there were none, or they are on a server)."""

    version: str
    backup: Path | None


def look_at_update(file: Path) -> Offer:
    """What a package brings: version, notes, size. Raises Trouble for one that is not the maker's, not for this machine or not newer."""
    from gridapp.update import package

    return package.look(file, __version__)


def upgrade(desk: Desk | None, file: Path, step: Step = no_step) -> Upgraded:
    """Back up and install. desk: whose data to back up. Raises Trouble; then this version goes on as before, and step may raise to stop."""
    from gridapp.update import install

    offer, folder = look_at_update(file), install.home()
    backup = back_up(desk) if desk and desk.store.is_file else None
    install.install(offer, folder, __version__, step)
    if desk:
        with desk.store.work() as work:
            note(work.connection, desk, "upgrade", purpose=f"{__version__} → {offer.version}")
            work.keep()
    return Upgraded(offer.version, backup)
