"""Standard ledgers as .xlsx, ready to print: title, unit and date, header, bordered rows, sign-off; A4, one page wide, the header on every page.

XlsxWriter makes all but the rows (frame.py); the rows go straight into the file as they come (row_text.py). So the memory does not grow with
them, and 20,000 rows take a fifth of the time XlsxWriter would (`make bench`).
"""
from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sized
from io import BytesIO
from operator import length_hint
from pathlib import Path

from gridapp.ledgers import landing
from gridapp.ledgers.forms import Form
from gridapp.ledgers.frame import DIMENSION, FIRST, SHEET, Frame, Telling, frame
from gridapp.ledgers.locking import lock
from gridapp.ledgers.row_text import cells, row_text
from gridapp.rules.reading import Trouble

Step = Callable[[int, int], None]
EVERY = 200
MOST = 1_048_576 - 10  # rows of a sheet, less the head and the foot: Excel specifications and limits


def write_ledger(
    form: Form, rows: Iterable[dict[str, str]], out: Path, *, org_name: str, made_on: dt.date, made_by: str = "", note: str = "", password: str = "",
    step: Step = lambda done, total: None,
) -> int:
    """Write rows (values by FormColumn.source, already as they should read; a missing one is blank) to out, and give their number.

    note stands under the rows (what the ledger is for, how it is masked). password: the file opens with it alone, and no row is ever on a disk in
    the clear. step(done, total) is called now and then and may raise to stop; total is 0 where rows do not know their number.
    Raises Trouble when the place will not take the file, or the rows are more than a sheet holds. Whatever is raised, nothing half written is
    left, and a ledger that stood there before still does.
    """
    telling = Telling(org_name, made_on, made_by, note)
    counted = Counted(rows, step)
    with landing.scratch_beside(out) as scratch:
        whole = scratch / "whole"
        unlocked = BytesIO() if password else whole
        with zipfile.ZipFile(unlocked, "w", zipfile.ZIP_DEFLATED) as box:
            around = frame(form, telling, length_hint(rows), scratch)
            with box.open(part(SHEET), "w") as sheet:
                sheet.write(around.top if isinstance(rows, Sized) else DIMENSION.sub(b"", around.top))
                for text in texts(form, around, counted):
                    sheet.write(text)
                around = frame(form, telling, counted.count, scratch)
                sheet.write(around.bottom)
            for name, body in around.parts.items():
                box.writestr(part(name), body)
        if isinstance(unlocked, BytesIO):
            whole.write_bytes(lock(unlocked.getvalue(), password))
        landing.settle(whole, out)
    return counted.count


class Counted:
    """Rows one after another, counted, and told to step as they pass."""

    def __init__(self, rows: Iterable[dict[str, str]], step: Step) -> None:
        self.rows, self.step, self.count = rows, step, 0

    def __iter__(self) -> Iterator[dict[str, str]]:
        total = length_hint(self.rows)
        for row in self.rows:
            self.count += 1
            if self.count > MOST:
                raise Trouble(f"一张表最多放得下 {MOST:,} 行，这份台账超过了。请分几次导出，例如一个网格一份。", "too_many_rows")
            yield row
            if self.count % EVERY == 0:
                self.step(self.count, total)
        self.step(self.count, total or self.count)


def texts(form: Form, around: Frame, rows: Counted) -> Iterator[bytes]:
    """The rows as XML, some dozens at a time."""
    columns, ready = cells(form, around.styles), []
    for row in rows:
        ready.append(row_text(columns, FIRST + rows.count, rows.count, row))
        if len(ready) == 64:
            yield "".join(ready).encode("utf-8", "replace")
            ready.clear()
    yield "".join(ready).encode("utf-8", "replace")


def part(name: str) -> zipfile.ZipInfo:
    """A part of the file, without a time of its own: the same ledger makes the same file."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
