"""What attachments hold: kept and sent in pieces under its SHA-256, once, however many rows name it. No names, so no paths.

A piece goes with the first bundle of a link that has room for it, and again only if the peer asks: each bundle says, sealed like all
else, which pieces its maker lacks of contents that rows name. So what a lost bundle held, what a bound left out and what came damaged
are one case. A content counts once all its pieces are there and their hash is its name; others are dropped and asked for again.
"""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from gridapp.records.attachment import LARGEST, SHA256, Attachment
from gridapp.sync.link import Link
from gridapp.sync.rows import load_values
from gridapp.sync.sql import among, insert_or_ignore, one, rows, run, run_many, under
from gridapp.sync.troubles import Damaged

PIECE = 256 * 1024
MOST = LARGEST // PIECE
WANTS = 400  # contents asked for in one bundle
BUDGET = 64 * 1024 * 1024  # bytes of pieces in one bundle
MOST_TAKEN = 1024 * 1024 * 1024
Key = tuple[str, int]
SHA_FIELD = 4


def put(connection: Connection, data: bytes) -> str:
    """Keep a content; gives its SHA-256."""
    if not 0 < len(data) <= LARGEST:
        raise ValueError("size")
    key = hashlib.sha256(data).hexdigest()
    if not is_whole(connection, key):
        run(connection, "DELETE FROM blob_piece WHERE sha256 = ?", [key])
        parts = [(key, n, data[start : start + PIECE]) for n, start in enumerate(range(0, len(data), PIECE))]
        run_many(connection, "INSERT INTO blob_piece (sha256, n, data) VALUES (?, ?, ?)", parts)
        run(connection, "INSERT INTO blob (sha256, size) VALUES (?, ?)", [key, len(data)])
    return key


def is_whole(connection: Connection, key: str) -> bool:
    """Whether all of a content is here."""
    return one(connection, "SELECT 1 FROM blob WHERE sha256 = ?", [key]) is not None


def content(connection: Connection, key: str) -> bytes | None:
    """A content, None while it is not whole."""
    if not is_whole(connection, key):
        return None
    return b"".join(bytes(data) for (data,) in rows(connection, "SELECT data FROM blob_piece WHERE sha256 = ? ORDER BY n", [key]))


def count_of(size: int) -> int:
    """How many pieces a content of this size has."""
    return -(-size // PIECE)


def wants(connection: Connection, link: Link) -> dict[str, list[int]]:
    """The pieces this node lacks of what rows the peer has name."""
    condition, scope = under("scope", link.slice)
    lacking = f"{condition} AND sha256 NOT IN (SELECT sha256 FROM blob)"
    statement = f"SELECT sha256, max(size) FROM attachment WHERE {lacking} GROUP BY sha256 ORDER BY max(id) DESC LIMIT {WANTS}"
    found = [(key, size) for key, size in rows(connection, statement, scope) if _sound(key, size)]
    return {key: _lacking(connection, key, count_of(size)) for key, size in found}


def _sound(key: Any, size: Any) -> bool:
    return isinstance(key, str) and bool(SHA256.fullmatch(key)) and isinstance(size, int) and 0 < size <= LARGEST


def _lacking(connection: Connection, key: str, of: int) -> list[int]:
    here = {n for (n,) in rows(connection, "SELECT n FROM blob_piece WHERE sha256 = ?", [key])}
    return [n for n in range(of) if n not in here] or list(range(of))


def ask(connection: Connection, link: Link, wanted: dict[str, list[int]]) -> None:
    """Remember what the peer asks for in its newest message, in place of what it asked before."""
    run(connection, "DELETE FROM sync_piece_wanted WHERE link = ?", [link.id])
    keys = [(link.id, key, n) for key, numbers in wanted.items() for n in numbers]
    run_many(connection, "INSERT INTO sync_piece_wanted (link, sha256, n) VALUES (?, ?, ?)", keys)


def checked_wants(body: Any) -> dict[str, list[int]]:
    """What a peer asks for, or Damaged."""
    if type(body) is not dict or len(body) > WANTS:
        raise Damaged
    for key, numbers in body.items():
        if type(key) is not str or not SHA256.fullmatch(key) or type(numbers) is not list or len(set(map(repr, numbers))) != len(numbers):
            raise Damaged
        if not all(type(n) is int and 0 <= n < MOST for n in numbers):
            raise Damaged
    return body


def outgoing(connection: Connection, link: Link, budget: int, sent: list[Key]) -> Iterator[list[Any]]:
    """Pieces [sha256, n, of, data] for a bundle, as many as the budget (bytes) has room for, one at least. sent: filled as they are drawn."""
    left = budget
    for key, n, of in _due(connection, link):
        data = bytes(one(connection, "SELECT data FROM blob_piece WHERE sha256 = ? AND n = ?", [key, n]))
        if sent and len(data) > left:
            return
        left -= len(data)
        sent.append((key, n))
        yield [key, n, of, data]


def _due(connection: Connection, link: Link) -> list[tuple[str, int, int]]:
    """What the peer asked for or was never sent, of whole contents that rows of its share name."""
    condition, scope = under("a.scope", link.slice)
    share = f"EXISTS (SELECT 1 FROM attachment AS a WHERE a.sha256 = p.sha256 AND {condition})"
    found = rows(
        connection,
        "SELECT p.sha256, p.n, b.size FROM blob_piece AS p JOIN blob AS b ON b.sha256 = p.sha256 "
        "LEFT JOIN sync_piece_sent AS s ON s.link = ? AND s.sha256 = p.sha256 AND s.n = p.n "
        "LEFT JOIN sync_piece_wanted AS w ON w.link = ? AND w.sha256 = p.sha256 AND w.n = p.n "
        f"WHERE (s.n IS NULL OR w.n IS NOT NULL) AND {share} ORDER BY p.sha256, p.n",
        [link.id, link.id, *scope],
    )
    return [(key, n, count_of(size)) for key, n, size in found]


def note_sent(connection: Connection, link: Link, bundle: str, sent: list[Key]) -> None:
    """Remember what a bundle carried: it does not go again unless it is asked for."""
    run_many(connection, insert_or_ignore("sync_piece_sent", ("link", "sha256", "n", "bundle")), [(link.id, key, n, bundle) for key, n in sent])
    run_many(connection, "DELETE FROM sync_piece_wanted WHERE link = ? AND sha256 = ? AND n = ?", [(link.id, key, n) for key, n in sent])


@dataclass
class Incoming:
    """The pieces of one bundle. allowed: the path under which a row must stand that names them (None: anywhere)."""

    connection: Connection
    link: Link
    bundle: str
    allowed: str | None
    wanted: dict[str, list[int]] = field(default_factory=dict)
    _touched: dict[str, int] = field(default_factory=dict)
    _taken: int = 0

    def piece(self, body: Any) -> None:
        """Keep one; Damaged unless it has exactly the declared form."""
        key, n, of, data = _checked(body)
        self._taken += len(data)
        if self._taken > MOST_TAKEN or self._touched.get(key, of) != of:
            raise Damaged
        self._touched[key] = of
        run(self.connection, insert_or_ignore("sync_piece_sent", ("link", "sha256", "n", "bundle")), [self.link.id, key, n, self.bundle])
        if not is_whole(self.connection, key):
            put_piece = "INSERT INTO blob_piece (sha256, n, data) VALUES (?, ?, ?) ON CONFLICT (sha256, n) DO UPDATE SET data = excluded.data"
            run(self.connection, put_piece, [key, n, data])

    def finish(self) -> None:
        """When all rows are in: what no row names is dropped, what is complete is checked."""
        open_ones = [key for key in self._touched if not is_whole(self.connection, key)]
        named = named_keys(self.connection, open_ones, self.allowed)
        for key in open_ones:
            if key not in named:
                self._drop(key)
            else:
                self._complete(key, self._touched[key])

    def _complete(self, key: str, of: int) -> None:
        found = rows(self.connection, "SELECT n, data FROM blob_piece WHERE sha256 = ? ORDER BY n", [key])
        if [n for n, _ in found][:of] != list(range(of)):
            return
        digest, parts = hashlib.sha256(), [bytes(data) for _, data in found]
        for data in parts:
            digest.update(data)
        if len(parts) == of and digest.hexdigest() == key:
            run(self.connection, "INSERT INTO blob (sha256, size) VALUES (?, ?)", [key, sum(map(len, parts))])
        else:
            self._drop(key)

    def _drop(self, key: str) -> None:
        for table in ("blob_piece", "sync_piece_sent"):
            run(self.connection, f"DELETE FROM {table} WHERE sha256 = ?", [key])


def _checked(body: Any) -> tuple[str, int, int, bytes]:
    if type(body) is not list or list(map(type, body)) != [str, int, int, bytes]:
        raise Damaged
    key, n, of, data = body
    sizes = 0 < len(data) <= PIECE if n == of - 1 else len(data) == PIECE
    if not SHA256.fullmatch(key) or not 0 <= n < of <= MOST or not sizes:
        raise Damaged
    return key, n, of, data


def named_keys(connection: Connection, keys: Collection[str], allowed: str | None = None) -> set[str]:
    """Those of the contents that a row names, standing or waiting for its parent, below the path."""
    condition, value = among(connection, "sha256", sorted(keys))
    inside, scope = under("scope", allowed or "")
    named: set[Any] = {key for (key,) in rows(connection, f"SELECT DISTINCT sha256 FROM attachment WHERE {condition} AND {inside}", [value, *scope])}
    parked = f"SELECT vals FROM sync_parked WHERE tbl = {Attachment.number} AND reason <> 'deleted' AND {inside}"
    waiting: set[Any] = {load_values(vals).get(SHA_FIELD) for (vals,) in rows(connection, parked, scope)}
    return named | (waiting & set(keys))


def forget(connection: Connection, keep: Callable[[], Collection[str]] = tuple) -> int:
    """Drop contents no row names any more, but for those in keep() (asked only if need be); gives how many pieces went."""
    keys = {key for (key,) in rows(connection, "SELECT DISTINCT sha256 FROM blob_piece")}
    loose = keys - named_keys(connection, keys) if keys else set()
    gone = sorted(loose - set(keep())) if loose else []
    count = 0
    for table in ("blob", "blob_piece", "sync_piece_sent", "sync_piece_wanted"):
        condition, value = among(connection, "sha256", gone)
        touched = run(connection, f"DELETE FROM {table} WHERE {condition}", [value]) if gone else 0
        count += touched if table == "blob_piece" else 0
    return count
