"""Verbs that need no store: what a ledger file would be read as."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli.paper import progress, table
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.ledgers.reader import Book


def read_ledger(
    files: Annotated[list[Path], typer.Argument(metavar="文件...", help="一个或几个台账文件。")],
    out: Annotated[Path, typer.Option("--json", metavar="文件", help="结果写到哪个 .json 文件。")],
) -> None:
    """Read ledgers and write what was understood as JSON; a file that cannot be read is told there, too."""
    from gridapp.ledgers.produced import produced

    with progress("读取") as step:
        books = [_read(path, at, len(files), step) for at, path in enumerate(files)]
    _write(out, json.dumps(produced(books), ensure_ascii=False, indent=1))
    print(table([(book.file, *_told(book)) for book in books], ("文件", "可导入", "不能导入", "说明")))


def _write(out: Path, text: str) -> None:
    """Whole or not at all."""
    whole = out.with_name(out.name + ".tmp")
    try:
        whole.write_text(text, "utf-8")
        whole.replace(out)
    except OSError as error:
        with suppress(OSError):
            whole.unlink(missing_ok=True)
        raise Trouble(f"写不了“{out}”。请检查文件夹是否存在、磁盘是否已满。", "cannot_write") from error


def _read(path: Path, at: int, total: int, step: Callable[[int, int], None]) -> Book:
    from gridapp.ledgers.reader import read_ledger as read

    try:
        return read(path, lambda done, whole: step(at * 1000 + done * 1000 // max(whole, 1), total * 1000))
    except OSError as error:
        raise Trouble(f"打不开“{path.name}”。请检查文件是否还在、是否正被别的程序打开。", "cannot_open") from error


def _told(book: Book) -> tuple[str, str, str]:
    rows, rejects = sum(len(sheet.rows) for sheet in book.sheets), sum(len(sheet.rejects) for sheet in book.sheets)
    return str(rows), str(rejects), book.sentence
