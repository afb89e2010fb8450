"""Giving out ledgers: the standard ones and any record's plain one; each for a purpose, masked by it, and logged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.cells import showing
from gridapp.desk.desk import Desk, Step, no_step
from gridapp.desk.leaving import check_file_password, log_leaving, may_leave, remark
from gridapp.desk.ledger_keeping import chosen_of, own_ledger
from gridapp.desk.ledger_rows import ROWS, rows_of
from gridapp.desk.picking import Filter, Picked, filters
from gridapp.ledgers import forms
from gridapp.ledgers.own_forms import PREFIX, OwnLedger
from gridapp.ledgers.reader import uncollected
from gridapp.ledgers.writer import write_ledger
from gridapp.records import BY_NAME
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection

PLAIN = ("org", "building", "household", "resident", "member", "visit", "request", "request_event", "decision")


@dataclass(frozen=True)
class LedgerChoice:
    """A ledger one can ask for; official ones have the columns domain.md fixes. record: what it lists."""

    key: str
    title: str
    official: bool
    record: str


@dataclass(frozen=True)
class Given:
    """A ledger that was written: where, how many rows, its title."""

    path: Path
    rows: int
    title: str


def ledgers() -> list[LedgerChoice]:
    """The standard ledgers by number, then every record's plain one."""
    official = [LedgerChoice(form.key, form.title, True, form.record) for form in forms.forms()]
    return official + [LedgerChoice(f"all-{name}", f"{BY_NAME[name].title}（全部栏目）", False, name) for name in PLAIN]


def form_of(key: str) -> forms.Form:
    """The form of a ledger key, not of an own one; raises Trouble that names the keys there are."""
    name = key.removeprefix("all-")
    if key.startswith("all-") and name in PLAIN:
        return forms.plain_form(BY_NAME[name])
    return forms.form(key)


def ledger_filters(desk: Desk, key: str) -> tuple[Filter, ...]:
    """By what a ledger's rows can be chosen, with what there is to choose."""
    with desk.store.reading() as connection:
        return filters(connection, ledger_of(connection, key).form.record)


def ledger_of(connection: Connection, key: str) -> OwnLedger:
    """A ledger by its key, with its choice and order: an own one as it is kept, any other without. Raises Trouble for a key there is not."""
    return own_ledger(connection, key) if key.startswith(PREFIX) else OwnLedger(form_of(key))


def give_out(
    desk: Desk, key: str, out: Path, *, purpose: Purpose, aim: str, whole: bool = False, password: str = "", picked: Picked | None = None,
    file_password: str = "", step: Step = no_step,
) -> Given:
    """Write a ledger for a purpose. aim: what for, in the user's words. whole: nothing masked, which takes the desk's password. picked: which rows
    (None: all, of an own ledger those of its own choice).

    file_password: one of the file's own, that Excel and WPS ask for. Raises Trouble without an aim, for what may not leave like this (see leaving),
    an unknown ledger, another ending, and when the place cannot take the file; WrongPassword.
    """
    if out.suffix.lower() != ".xlsx":
        raise Trouble(f"台账只写成 .xlsx 文件，“{out.name}”打开时会出错。请把文件名的结尾改成 .xlsx 再导出。", "not_xlsx")
    with desk.store.reading() as connection:
        own = ledger_of(connection, key)
    form, picked = own.form, chosen_of(own) if picked is None else picked
    may_leave(desk, purpose, aim, whole=whole, password=password, record=form.record, picked=picked)
    check_file_password(file_password)
    note = with_blanks(form, remark(purpose, aim, whole=whole, record=form.record, picked=picked))
    with uncollected():
        with desk.store.reading() as connection:
            rows = rows_of(connection, desk, form, showing(purpose, whole, form.sources), picked, own.order)
        count = write_ledger(
            form, rows, out, org_name=desk.grid_name, made_on=desk.today(), made_by=desk.who, note=note, password=file_password, step=step
        )
    with desk.store.work() as work:
        log_leaving(
            work.connection, desk, record=form.record, title=form.title, purpose=purpose, aim=aim, whole=whole, picked=picked,
            locked=bool(file_password),
        )
        work.keep()
    return Given(out, count, form.title)


def with_blanks(form: forms.Form, told: str) -> str:
    """What stands under the rows; of columns left blank on purpose, that they are."""
    blank = [column.heading for column in form.columns if column.source == forms.BLANK]
    return told + (f"；“{'、'.join(blank)}”留空，手工填写" if blank else "")


__all__ = ["ROWS", "Given", "LedgerChoice", "form_of", "give_out", "ledger_filters", "ledger_of", "ledgers"]
