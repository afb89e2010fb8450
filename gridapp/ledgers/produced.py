"""What was read, in the form of ledgers.md's produced.json."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gridapp.ledgers.checks import Row
from gridapp.ledgers.reader import Book, Sheet


def produced(books: Iterable[Book]) -> dict[str, Any]:
    """{file: {"file_error": code or None, "sheets": {sheet: {"records": [...], "rejects": [...]}}}}; values are text, numbers or lists of text."""
    return {book.file: {"file_error": book.error or None, "sheets": {sheet.name: _sheet(sheet) for sheet in book.sheets}} for book in books}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    rejects = [{"row": row.row, "code": row.faults[0].code} for row in sheet.rejects]
    return {"records": [_record(row) for row in sheet.rows], "rejects": rejects}


def _record(row: Row) -> dict[str, Any]:
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in row.fields.items()}
    return {"row": row.row, "block": row.block, "fields": fields, "flags": row.flags}
