"""What the exchange kept apart (bundles of withdrawn devices, rows out of bounds): list it, let it in, or give it up; each decision is logged."""

from __future__ import annotations

from gridapp.desk.desk import Desk, note
from gridapp.desk.merging import follow
from gridapp.store.search import spell_names
from gridapp.store.work import Work
from gridapp.sync import quarantine
from gridapp.sync.merge import Tally
from gridapp.sync.quarantine import Held


def held(desk: Desk) -> list[Held]:
    """All that is kept apart, oldest first."""
    with desk.store.reading() as connection:
        return quarantine.held(connection)


def release(desk: Desk, key: str) -> Tally:
    """Merge it as if it had been allowed; it then travels like any other. Raises Trouble when the bundle can no longer be read."""
    with desk.store.work() as work:
        tally = release_in(work, desk, key)
        work.keep()
    spell_names(desk.store.engine)
    return tally


def release_in(work: Work, desk: Desk, key: str) -> Tally:
    """The same inside an open Work; the caller spells the names afterwards."""
    tally = quarantine.release(work.connection, desk.session, key)
    follow(work)
    note(work.connection, desk, "release", purpose=key)
    return tally


def discard(desk: Desk, key: str) -> bool:
    """Give it up for good; whether it was there."""
    with desk.store.work() as work:
        gone = discard_in(work, desk, key)
        work.keep()
    return gone


def discard_in(work: Work, desk: Desk, key: str) -> bool:
    """The same inside an open Work."""
    gone = quarantine.discard(work.connection, key)
    note(work.connection, desk, "discard", purpose=key)
    return gone
