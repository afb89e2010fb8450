"""The forms of standard ledgers: resources/forms/NN-name.toml, those the centre sent down, and a plain form of any record from its columns.

A form says which headings stand in which order and where each value comes from; writer.py puts it on paper. The order of the built-in forms is
domain.md section 8's and is not ours to change.
"""
from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from gridapp import places
from gridapp.records import BY_NAME, kinds
from gridapp.records.base import Record
from gridapp.records.columns import Column, columns
from gridapp.rules import content
from gridapp.rules.reading import Trouble

SERIAL = "serial"
BLANK = "blank"  # a column that stays empty on purpose: for the pen, or for what is not kept
WIDTHS: dict[type[kinds.Kind], int] = {
    kinds.Name: 10, kinds.People: 18, kinds.Date: 12, kinds.PartDate: 12, kinds.Year: 8, kinds.Moment: 17, kinds.Phone: 14, kinds.IdNumber: 21,
    kinds.Count: 8, kinds.YesNo: 7, kinds.Choice: 11, kinds.Link: 14, kinds.Address: 22,
}


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column on paper. source: a key of the row dict (SERIAL: the writer counts; BLANK: nothing). width in characters of Excel.

    align: left, center or right. number: digits are written as a number; everything else is always text.
    """

    heading: str
    source: str
    width: int = 12
    align: str = "left"
    number: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A ledger on paper. record: the stored record it lists. unit: what its rows are counted in. freeze: columns that stay in view when scrolling.

    rows: which of the record's rows, where not all (such as birthday: those whose political birthday falls in the period).
    """

    key: str
    number: int
    title: str
    record: str
    columns: tuple[FormColumn, ...]
    unit: str = "条"
    landscape: bool = True
    freeze: int = 2
    rows: str = ""

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.columns)

    @property
    def sources(self) -> tuple[str, ...]:
        """The keys a row should have, in column order; the serial number is the writer's, a blank column nobody's."""
        return tuple(column.source for column in self.columns if column.source not in (SERIAL, BLANK))

    @property
    def is_plain(self) -> bool:
        """Whether it is a record's own columns and nothing besides."""
        return self.key.startswith("all-")

    @property
    def sheet_name(self) -> str:
        """The title as Excel allows it on a tab: none of []:*?/\\ and at most 31 characters."""
        return re.sub(r"[\[\]:*?/\\]", "、", self.title)[:31]


def read_form(path: Path) -> Form:
    """One form from its TOML; a mistake in the file is a bug and raises as it comes."""
    return form_of(tomllib.loads(path.read_text(encoding="utf-8")))


def form_of(told: dict[str, Any]) -> Form:
    """The form a TOML tells."""
    return Form(**{**told, "columns": tuple(FormColumn(**column) for column in told["columns"])})


def forms() -> tuple[Form, ...]:
    """The standard ledgers by number: the built-in ones, those sent down in their place, and those sent down besides."""
    return with_sent(content.HERE.now.forms)


@lru_cache(8)
def with_sent(sent: tuple[str, ...]) -> tuple[Form, ...]:
    """The built-in ledgers with those of checked texts (see form_checks), by number. One in the place of another has that one's rows."""
    found = {form.key: form for form in shipped()}
    for form in (form_of(content.parse(text, "台账格式")) for text in sent):
        found[form.key] = replace(form, rows=found[form.key].rows) if form.key in found else form
    return tuple(sorted(found.values(), key=_order))


def _order(form: Form) -> tuple[int, str]:
    return form.number, form.key


@cache
def shipped() -> tuple[Form, ...]:
    """The built-in ledgers by number; those whose record is not kept yet are not among them."""
    return tuple(form for form in every_shipped() if form.record in BY_NAME)


@cache
def every_shipped() -> tuple[Form, ...]:
    """All ledgers of domain.md section 8, those of a record to come too."""
    return tuple(sorted(map(read_form, places.resources("forms").glob("*.toml")), key=_order))


def form(name: str) -> Form:
    """A standard ledger by its key, number or title; Trouble names the ones there are."""
    for each in forms():
        if name in (each.key, str(each.number), each.title):
            return each
    known = "、".join(f"{each.key}（{each.title}）" for each in forms())
    raise Trouble(f"没有叫“{name}”的台账，请从这些里选一个：{known}。", "no_such_ledger")


def plain_form(record: type[Record], *, also: Collection[str] = ()) -> Form:
    """序号 and every column of a record under its label.

    Left out unless named in `also`: sensitive columns (secrecy 3) and those a grid keeps only when it has switched them on.
    """
    kept = [column for column in columns(record) if column.name in also or not (column.kind.secrecy >= 3 or column.kind.off)]
    serial = FormColumn("序号", SERIAL, 6, "center", number=True)
    name = str(record.__tablename__)
    return Form(f"all-{name}", 0, f"{record.title}台账", name, (serial, *map(plain_column, kept)))


def plain_column(column: Column) -> FormColumn:
    """A column's place on paper: its label, and a width its kind of value usually needs."""
    usual = WIDTHS.get(type(column.kind)) or (30 if getattr(column.kind, "longest", 0) > 300 else 14)
    return FormColumn(column.label, column.name, max(usual, 2 * len(column.label) + 2), "right" if column.kind.right else "left", column.kind.right)
