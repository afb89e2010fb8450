"""How the exchange with each party below stands: service facts about files and computers, in the order of their paths. Never a score."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.desk import peers
from gridapp.desk.desk import Desk
from gridapp.desk.exchange import shown
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import count_scope
from gridapp.sync import history, link, trust, watch


@dataclass(frozen=True)
class GridLine:
    """How far one grid (or office below) is. unconfirmed: rows it may not have got from us yet; rows: rows of its path kept here.

    app: its program's version as its last bundle told. facts: sentences worth a look. restored: whether one says it looks restored or copied.
    """

    name: str
    scope: str
    last_taken: str
    last_sent: str
    unconfirmed: int
    rows: int
    role: str = "grid"
    app: str = ""
    facts: tuple[str, ...] = ()
    restored: bool = False

    @property
    def code(self) -> str:
        """The last part of its path."""
        return self.scope.rsplit("/", 1)[-1]


def below(connection: Connection) -> list[link.Link]:
    """The links to grids and offices below, without those whose device is withdrawn."""
    return [each for each in link.links(connection) if each.way == "down" and not trust.is_revoked(connection, each.id)]


def at(connection: Connection, scope: str) -> link.Link:
    """The link to whoever has this path. Raises Trouble when nobody has."""
    found = next((each for each in below(connection) if each.scope == scope), None)
    if found is None:
        raise Trouble("没有这个网格。请从已登记的网格里选择。", "no_such_grid")
    return found


def status(desk: Desk) -> list[GridLine]:
    """How far each one below is."""
    with desk.store.reading() as connection:
        return [_line(connection, desk, each) for each in below(connection)]


def _line(connection: Connection, desk: Desk, each: link.Link) -> GridLine:
    known, certificate = watch.peer(connection, each.id), trust.certificate(connection, each.id)
    return GridLine(
        each.label,
        each.scope,
        shown(history.last(connection, each.id, "in")),
        shown(history.last(connection, each.id, "out")),
        link.unconfirmed(connection, each),
        count_scope(connection, each.scope),
        certificate.role if certificate else "grid",
        known.app,
        peers.facts(connection, desk, each),
        bool(known.doubts),
    )


def verified(desk: Desk, scope: str) -> None:
    """Somebody asked there about a computer that looked restored. Raises Trouble for an unknown path."""
    with desk.store.reading() as connection:
        found = at(connection, scope)
    peers.verified(desk, found.id)


def start_over(desk: Desk, scope: str) -> str:
    """Let this one below and us send each other everything again; gives its name. Raises Trouble for an unknown path."""
    with desk.store.reading() as connection:
        found = at(connection, scope)
    return peers.start_over(desk, found.id)
