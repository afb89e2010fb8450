"""A secretary's own ledgers: made, changed, kept with the desk, shared as a file, taken from somebody else's file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gridapp.desk.cells import showing
from gridapp.desk.desk import Desk
from gridapp.desk.ledger_rows import rows_of
from gridapp.desk.picking import Filter, Picked, filters
from gridapp.ledgers import own_forms
from gridapp.ledgers.own_forms import PREFIX, OwnLedger
from gridapp.records import BY_NAME
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting

SETTING, MOST, LARGEST = "own_ledgers", 60, 1 << 18
PEEKED = 5


@dataclass(frozen=True)
class Choices:
    """What an own ledger of a record can be made of. columns: (source, label) each; filters: by what rows can be chosen."""

    columns: tuple[tuple[str, str], ...]
    filters: tuple[Filter, ...]


@dataclass(frozen=True)
class Peek:
    """The first rows of an own ledger as the branch would see them, and how many there are."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int


def kinds_of_ledgers() -> tuple[tuple[str, str], ...]:
    """What own ledgers can list: (record, title)."""
    return tuple((name, BY_NAME[name].title) for name in own_forms.LISTED)


def choices(desk: Desk, record: str) -> Choices:
    """What there is to choose among for a record."""
    with desk.store.reading() as connection:
        offered = tuple((name, kind.label) for name, kind in own_forms.offered(record).items())
        return Choices((*offered, ("blank", "留空手填")), filters(connection, record))


def own_ledgers(desk: Desk) -> list[OwnLedger]:
    """All of them, by title. One that a newer program made and this one cannot follow is left alone, and out."""
    with desk.store.reading() as connection:
        return sorted(_known(connection).values(), key=lambda own: own.form.title)


def own_ledger(connection: Connection, key: str) -> OwnLedger:
    """One by its key. Raises Trouble when it is gone."""
    found = _known(connection).get(key)
    if found is None:
        raise Trouble("这份自己的台账已经删除了。请在列表里另选一份。", "no_such_ledger")
    return found


def _texts(connection: Connection) -> dict[str, str]:
    found: dict[str, str] = json.loads(read_setting(connection, SETTING) or "{}")
    return found


def _known(connection: Connection) -> dict[str, OwnLedger]:
    found = {}
    for key, text in _texts(connection).items():
        try:
            found[key] = own_forms.check_own(text)
        except Trouble:
            continue
    return found


def chosen_of(own: OwnLedger) -> Picked:
    """Its choice of rows."""
    return Picked(**own.chosen)


def draft_ledger(
    record: str, title: str, columns: Sequence[tuple[str, str]], *, picked: Picked | None = None, order: str = "", key: str = ""
) -> OwnLedger:
    """An own ledger of (source, heading) columns, not kept yet; a blank heading is the column's own label. Raises Trouble that says what to mend."""
    chosen = {name: getattr(picked, name) for name in own_forms.FILTER} if picked else {}
    return own_forms.make(record, title, columns, chosen, order, key)


def keep_ledger(desk: Desk, own: OwnLedger) -> str:
    """Keep one, new or changed; gives its key. Raises Trouble for a title another one has, or when there are too many."""
    with desk.store.work() as work:
        texts, known = _texts(work.connection), _known(work.connection)
        if any(other.form.title == own.form.title and key != own.key for key, other in known.items()):
            raise Trouble(f"已经有一份叫“{own.form.title}”的台账。请换一个名称，或打开那一份修改。", "same_title")
        if own.key not in texts and len(texts) >= MOST:
            raise Trouble(f"自己的台账最多 {MOST} 份。请先删去不用的，再新建。", "too_many_ledgers")
        _write(work.connection, texts | {own.key: own_forms.text_of(own)})
        work.keep()
    return own.key


def drop_ledger(desk: Desk, key: str) -> OwnLedger:
    """Delete one; gives it, so that it can be kept again. Raises Trouble when it is gone."""
    with desk.store.work() as work:
        own = own_ledger(work.connection, key)
        _write(work.connection, {each: text for each, text in _texts(work.connection).items() if each != key})
        work.keep()
    return own


def _write(connection: Connection, texts: dict[str, str]) -> None:
    write_setting(connection, SETTING, json.dumps(texts, ensure_ascii=False))


def share_ledger(desk: Desk, key: str, path: Path) -> None:
    """Write one to a file for somebody else: its columns, choice and order, nobody's data. Raises Trouble for the place."""
    with desk.store.reading() as connection:
        text = own_forms.text_of(own_ledger(connection, key))
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise Trouble("这里写不进去。请换一个位置，或检查磁盘空间后再试。", "cannot_write") from error


def take_ledger(desk: Desk, path: Path) -> OwnLedger:
    """Take one from a shared file; one of the same name stays, and this one gets a number. Raises Trouble for another sort of file."""
    try:
        if path.stat().st_size > LARGEST:
            raise Trouble("这个文件太大，不是分享的台账。请选择用“分享”写出的 .toml 文件。", "content_too_long")
        own = own_forms.check_own(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"读不了“{path.name}”。请确认文件还在、没有损坏，再试一次。", "cannot_read") from error
    titles = {each.form.title for each in own_ledgers(desk) if each.key != own.key}
    if own.form.title in titles:
        numbered = (f"{own.form.title[:56]}（{number}）" for number in range(2, MOST + 3))
        own = replace(own, form=replace(own.form, title=next(title for title in numbered if title not in titles)))
    keep_ledger(desk, own)
    return own


def peek_ledger(desk: Desk, own: OwnLedger, limit: int = PEEKED) -> Peek:
    """How it will look: the first rows, masked as for the branch. Raises Trouble for a choice of rows that means nothing."""
    with desk.store.reading() as connection:
        rows = rows_of(connection, desk, own.form, showing(Purpose.INSIDE, beside=own.form.sources), chosen_of(own), own.order)
    shown = tuple(
        tuple(str(at) if column.source == "serial" else row.get(column.source, "") for column in own.form.columns)
        for at, row in enumerate(rows[:limit], 1)
    )
    return Peek(own.form.headings, shown, len(rows))


__all__ = ["PREFIX", "Choices", "OwnLedger", "Peek"]
