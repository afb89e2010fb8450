"""The desk's own copies of the bundles it made: sealed for whom they go to, written to a stick once more when one was lost.

They stay until the receipt has come and ninety days more; a copy nobody confirmed is never cleared away.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk, Step, no_step, note
from gridapp.rules.reading import Cancelled, Trouble
from gridapp.store import Connection
from gridapp.sync import link, outbox, stick
from gridapp.sync import schema as schemas
from gridapp.sync.bundle import SUFFIX, MadeBundle, Told
from gridapp.sync.troubles import reading

FOLDER, KEEP_DAYS = "outbox", 90
DAY_MS = 24 * 3600 * 1000
NOT_KEPT = "电脑里没有留下它的副本（可能磁盘已满，或U盘已拔出）；万一丢了，重新生成一次即可，没有确认的改动会自动再带上。"


@dataclass(frozen=True)
class KeptBundle:
    """A copy in the desk's folder. id: what write_again takes. at: ms. rows: None for one this store knows nothing of (made before a restore)."""

    id: str
    label: str
    at: int
    rows: int | None
    size: int
    state: str
    path: Path

    @property
    def state_word(self) -> str:
        """已导出, 已送达 or 已确认."""
        return outbox.WORDS[self.state]


def record_state(connection: Connection, record: str, row_id: str) -> str:
    """How far a row is on its way to the centre, in a word; "" without a centre."""
    office = link.upward(connection)
    if office is None:
        return ""
    return outbox.WORDS.get(outbox.states(connection, office, schemas.current().by_name[record], [row_id]).get(row_id, ""), "")


def breakdown(connection: Connection) -> tuple[tuple[str, int], ...]:
    """(state in a word, rows) for what has not come to rest yet; () without a centre."""
    office = link.upward(connection)
    return tuple((outbox.WORDS[state], count) for state, count in outbox.counts(connection, office).items()) if office else ()


def keep_copy(desk: Desk, made: MadeBundle, step: Step = no_step) -> MadeBundle:
    """Keep a copy of a bundle just written; one that cannot be kept is no trouble, only said."""
    try:
        folder = desk.folder / FOLDER
        folder.mkdir(exist_ok=True)
        told = Told(step)
        stick.copy(made.path, folder / made.path.name, told.again)
    except (OSError, Trouble, Cancelled):
        return dataclasses.replace(made, warning=NOT_KEPT)
    return made


def kept_bundles(desk: Desk) -> list[KeptBundle]:
    """The copies, newest first."""
    files = {path.name: path for path in (desk.folder / FOLDER).glob(f"*{SUFFIX}")}
    with desk.store.reading() as connection:
        known = [each for each in outbox.sent_bundles(connection) if each.name in files]
    found = [KeptBundle(each.id, each.label, each.at, each.rows, each.size, each.state, files.pop(each.name)) for each in known]
    found += [_unknown(path) for path in files.values()]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _unknown(path: Path) -> KeptBundle:
    about = path.stat()
    return KeptBundle(path.name, "", int(about.st_mtime * 1000), None, about.st_size, "sent", path)


def write_again(desk: Desk, bundle_id: str, out_dir: Path, step: Step = no_step) -> MadeBundle:
    """Write a copy to a stick with the care of the first time. Raises Trouble when it is gone, no longer whole, or the place cannot take it."""
    kept = next((each for each in kept_bundles(desk) if each.id == bundle_id), None)
    if kept is None:
        raise Trouble("这个数据包的副本已不在电脑里。请重新生成一个，没有确认的改动会自动再带上。", "no_copy")
    told, path = Told(step), out_dir / kept.path.name
    try:
        size = stick.copy(kept.path, path, told.again)
    except OSError as error:
        raise reading(error) from error
    with desk.store.work() as work:
        note(work.connection, desk, "again", purpose=kept.label)
        work.keep()
    return MadeBundle(path, kept.rows or 0, size, kept.id)


def clear_old(desk: Desk) -> int:
    """Remove copies that were confirmed ninety days ago; gives how many."""
    limit = int(desk.clock().timestamp() * 1000) - KEEP_DAYS * DAY_MS
    with desk.store.reading() as connection:
        old = [each.name for each in outbox.sent_bundles(connection) if each.name and each.acked is not None and each.acked < limit]
    there = [path for path in (desk.folder / FOLDER / name for name in old) if path.exists()]
    for path in there:
        _remove(path)
    return len(there)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # in use by a scanner, say: next time
        return
