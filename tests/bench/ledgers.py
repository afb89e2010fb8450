"""Ledgers in and out: 20,000 rows of 25 columns, against calamine, raw executemany, and XlsxWriter writing the same cells."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from gridapp import desk as verbs
from gridapp.ledgers.reader import read_ledger
from gridapp.records import BY_NAME
from gridapp.store import engine as engines
from gridapp.store.keys import QUICK
from gridapp.store.read import rows as read_rows
from tests.bench.figures import Figure, medians, timed
from tests.bench.people import ledger, people

PASSWORD = "correct-horse"


def figures(folder: Path, rows: int, times: int) -> list[Figure]:
    """Reading, taking in, giving out."""
    path = ledger(folder / "居民.xlsx", people(rows))
    read, values = medians(times, lambda: timed(lambda: read_ledger(path)), lambda: timed(lambda: _values(path)))
    kept = _taken_in(folder / "kept", path)
    raw_rows = _rows_of(kept)
    whole, raw = medians(times, lambda: _take_in(folder / "taken", path), lambda: _raw(folder / "raw.db", raw_rows))
    _give_out(kept, folder)
    cells = _values(folder / "all.xlsx")
    out, plain = medians(times, lambda: timed(lambda: _give_out(kept, folder)), lambda: timed(lambda: _same_cells(cells, folder / "floor.xlsx")))
    kept.close()
    return [
        Figure(f"读 {rows:,} 行 × 25 列", read, values, 4, "calamine to_python"),
        Figure(f"导入 {rows:,} 行（读、查、存）", whole, raw + values, 6, "calamine 加 executemany 同样的行"),
        Figure(f"保存 {rows:,} 行（不含读）", whole - read, raw, 6, "executemany 同样的行、同样的索引"),
        Figure(f"导出 {rows:,} 行", out, plain, 1.2, "XlsxWriter constant_memory 写同样的格子"),
    ]


def _taken_in(folder: Path, path: Path) -> Any:
    desk, _ = verbs.init(folder, PASSWORD, grid_name="测速", cost=QUICK)
    verbs.take_in(desk, path)
    return desk


def _take_in(folder: Path, path: Path) -> float:
    desk, _ = verbs.init(folder, PASSWORD, grid_name="测速", cost=QUICK)
    seconds = timed(lambda: verbs.take_in(desk, path))
    desk.close()
    shutil.rmtree(folder)
    return seconds


def _rows_of(desk: Any) -> dict[str, list[dict[str, Any]]]:
    with desk.store.reading() as connection:
        return {name: read_rows(connection, name) for name in ("org", "building", "household", "resident")}


def _raw(path: Path, rows: dict[str, list[dict[str, Any]]]) -> float:
    """The same rows through the driver into the same tables, without triggers."""
    from gridapp.records.base import metadata

    engine = engines.open_sqlite(path, "0" * 96)
    with engine.begin() as connection:
        metadata.create_all(connection, tables=[record.__table__ for record in BY_NAME.values()])  # type: ignore[attr-defined]
    seconds = timed(lambda: _insert(engine, rows))
    engine.dispose()
    for each in path.parent.glob(path.name + "*"):
        each.unlink()
    return seconds


def _insert(engine: Any, rows: dict[str, list[dict[str, Any]]]) -> None:
    with engine.begin() as connection:
        for name, members in rows.items():
            names = list(members[0])
            statement = f"INSERT INTO {name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            connection.exec_driver_sql(statement, [tuple(row.values()) for row in members])


def _give_out(desk: Any, folder: Path) -> None:
    verbs.give_out(desk, "all-resident", folder / "all.xlsx", purpose=verbs.Purpose.INSIDE, aim="测速", whole=True, password=PASSWORD)


def _same_cells(cells: list[list[Any]], path: Path) -> None:
    """The cells of our own ledger again, with a border on each."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet, border = book.add_worksheet(), book.add_format({"border": 1})
        for at, row in enumerate(cells):
            sheet.write_row(at, 0, row, border)


def _values(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
