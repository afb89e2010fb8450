"""Any ledger as a printed sheet: the same columns and rows as the workbook, upright or on its side, whichever its columns need."""

from __future__ import annotations

from gridapp.desk import giving
from gridapp.desk.asked import Asked, Made
from gridapp.desk.cells import Cells, showing
from gridapp.desk.leaving import remark
from gridapp.desk.ledger_keeping import chosen_of
from gridapp.desk.ledger_rows import rows_of
from gridapp.desk.paper import Sheet, sheet
from gridapp.ledgers.forms import SERIAL, Form, FormColumn

Columns = tuple[FormColumn, ...]
UPRIGHT, SIDEWAYS = 95, 262  # widths of Excel's characters that still stand upright, and on one page on its side
PART = 190  # the width of each part where a ledger is wider still
PAPER, LEAST, MOST = 271.0, 7.0, 10.0  # the width of the text in millimetres, sizes of type in points


def ledger(asked: Asked) -> Made:
    """The ledger an order names; one that no page is wide enough for comes in parts, its first columns on each."""
    own, order = giving.ledger_of(asked.connection, asked.order.ledger), asked.order
    form, picked = own.form, chosen_of(own) if order.picked is None else order.picked
    rows = rows_of(asked.connection, asked.desk, form, showing(order.purpose, asked.whole, form.sources), picked, own.order)
    note = giving.with_blanks(form, remark(order.purpose, order.aim or "（未填写）", whole=asked.whole, record=form.record, picked=picked))
    parts = _parts(form)
    which = [f"（{at} / {len(parts)}）" if len(parts) > 1 else "" for at in range(1, len(parts) + 1)]
    sheets = [_sheet(asked, form, part, rows, note, one) for part, one in zip(parts, which, strict=True)]
    return Made(tuple(sheets), len(rows), title=form.title, record=form.record, picked=picked)


def _sheet(asked: Asked, form: Form, columns: Columns, rows: list[Cells], note: str, which: str) -> Sheet:
    desk, day = asked.desk, asked.desk.today()
    given = {
        "title": form.title + which, "unit": desk.grid_name, "day": f"{day.year}年{day.month}月{day.day}日", "points": _points(columns),
        "columns": [{"heading": each.heading, "width": each.width, "align": each.align} for each in columns], "counted": form.unit,
        "who": desk.who, "note": note,
    }
    table = [_line(columns, at, row) for at, row in enumerate(rows, 1)]
    return sheet("ledger", given, landscape=_width(form.columns) > UPRIGHT, rows=table)


def _parts(form: Form) -> list[Columns]:
    """The columns of each part; all of them where one page is wide enough."""
    if _width(form.columns) <= SIDEWAYS:
        return [form.columns]
    first, parts = form.columns[: form.freeze], [form.columns[: form.freeze]]
    for column in form.columns[form.freeze :]:
        if _width(parts[-1]) + column.width > PART and len(parts[-1]) > len(first):
            parts.append(first)
        parts[-1] = (*parts[-1], column)
    return parts


def _width(columns: Columns) -> int:
    return sum(column.width for column in columns)


def _line(columns: Columns, at: int, row: Cells) -> list[str]:
    return [str(at) if column.source == SERIAL else row.get(column.source) or "" for column in columns]


def _points(columns: Columns) -> float:
    """The size of type at which the widths find room: a character is a little over half as wide as it is high, a point 0.35 mm."""
    if _width(columns) <= UPRIGHT:
        return MOST
    return round(min(max((PAPER - len(columns)) / (0.19 * _width(columns)), LEAST), MOST), 1)
