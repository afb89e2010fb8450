"""What a sender may write. Under its own path, and of rows that are its own, were once (an edit made before it heard of the move), or were
given to it by an office (we were restored to before). All else is kept apart, unless it brings nothing new."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from gridapp.sync import moving
from gridapp.sync import rows as kept
from gridapp.sync import stamp as stamps
from gridapp.sync.rows import Kept
from gridapp.sync.schema import SCOPE, Shape
from gridapp.sync.stamp import APART, NEWER, Stamp
from gridapp.sync.wire import Chunk


def within(scope: str, path: str) -> bool:
    """Whether a path is this one or lies below it."""
    return scope == path or scope.startswith(path + "/")


def foreign(
    connection: Connection,
    may: Callable[[str], bool],
    allowed: str,
    ranks: Mapping[str, int],
    chunk: Chunk,
    shape: Shape | None,
    left: Sequence[int],
    there: Mapping[str, str],
) -> set[int]:
    """The rows (by index) that must not be merged. may: whether a path is the sender's. there: by key, the path of the rows kept here."""
    told = scopes(chunk)
    named = {*told, *there.values()}
    fine = {scope for scope in named if may(scope)}
    if fine == named:
        return set()
    doubtful = [row for row in left if told[row] not in fine or there.get(chunk.ids[row], allowed) not in fine | {allowed}]
    if not doubtful:
        return set()
    keys = [chunk.ids[row] for row in doubtful]
    here = kept.load(connection, chunk.table, shape, keys)
    once = moving.formerly(connection, chunk.table, keys, allowed)
    return {row for row in doubtful if not _passes(chunk, row, here.get(chunk.ids[row]), told[row] in fine, ranks, chunk.ids[row] in once)}


def scopes(chunk: Chunk) -> list[str]:
    """The paths the rows of a chunk have there."""
    return list(map(str, chunk.columns[chunk.fields.index(SCOPE)])) if SCOPE in chunk.fields else [""] * len(chunk.ids)


def _passes(chunk: Chunk, row: int, mine: Kept | None, own: bool, ranks: Mapping[str, int], once: bool) -> bool:
    if mine is None or not mine.stamp:
        return False
    known, theirs = stamps.read(mine.stamp), stamps.read(chunk.stamps[row])
    if stamps.compare(known.context, theirs.context) not in (NEWER, APART):
        return True
    return own and (once or _granted(known, theirs, ranks))


def _granted(known: Stamp, theirs: Stamp, ranks: Mapping[str, int]) -> bool:
    """Whether we have seen who gave the row that path, or an office did."""
    dot = theirs.dot(SCOPE)
    return stamps.covers(known.context, dot) or ranks.get(dot[0], 0) > 0
