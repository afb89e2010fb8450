"""A styled ledger of 25 columns written: CPU against XlsxWriter writing the same cells with one border, and what memory it takes."""
from __future__ import annotations

import datetime as dt
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import xlsxwriter

from gridapp.ledgers.forms import Form, FormColumn
from gridapp.ledgers.writer import write_ledger
from tests.bench.figures import Amount, Figure, Left, Line, busy, medians
from tests.bench.memory import STATUS, highest
from tests.bench.people import HEADINGS, people

FORM = Form("bench", 0, "居民台账", "resident", tuple(FormColumn(heading, heading) for heading in HEADINGS))
FEW, MANY = 20_000, 200_000


def figures(folder: Path, rows: int, times: int) -> list[Line]:
    """The time of so many rows; the memory of 20,000 and of ten times as many."""
    texts = _texts(rows)
    ours, plain = medians(times, lambda: busy(lambda: _write(texts, folder)), lambda: busy(lambda: _same_cells(texts, folder / "floor.xlsx")))
    return [Figure(f"写 {rows:,} 行 × 25 列有格式的台账（CPU）", ours, plain, 1.2, "XlsxWriter constant_memory 写同样的格子"), *_memory(folder)]


def _texts(rows: int) -> list[dict[str, str]]:
    return [dict(zip(HEADINGS, map(str, values), strict=True)) for values in people(rows)]


def _write(rows: list[dict[str, str]], folder: Path) -> None:
    write_ledger(FORM, rows, folder / "ours.xlsx", org_name="测速", made_on=dt.date(2026, 11, 22))


def _same_cells(rows: list[dict[str, str]], path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, border = book.add_worksheet(), book.add_format({"border": 1})
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row.values(), border)


def _memory(folder: Path) -> list[Line]:
    if not STATUS.exists():
        return [Left("写台账时多用的内存", "本机没有 /proc，量不到最高占用")]
    few, many = (_growth(folder, count) for count in (FEW, MANY))
    return [
        Amount(f"写 {FEW:,} 行多用的内存", few, "MB", 50, "写前后进程最高占用之差"),
        Amount(f"写 {MANY:,} 行比 {FEW:,} 行多用的内存", many - few, "MB", 5, "应与行数无关"),
    ]


def _growth(folder: Path, count: int) -> float:
    """MB that writing so many rows adds to a fresh process that has them one at a time."""
    told = subprocess.run([sys.executable, "-m", "tests.bench.writing", str(folder), str(count)], capture_output=True, text=True, check=True)
    return float(told.stdout) / 1024


def main(folder: Path, count: int) -> None:
    """Write so many rows; print the growth in KB."""
    texts = _texts(2_000)
    before = highest()
    write_ledger(FORM, islice(cycle(texts), count), folder / "memory.xlsx", org_name="测速", made_on=dt.date(2026, 11, 22))
    print(highest() - before)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
