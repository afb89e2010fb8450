"""Reports from the command line: shown as a table, and written as a workbook where one is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli.paper import table
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk


def report(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="报表", help="报表的代号或名称；写错时会列出全部可选的。")],
    period: Annotated[str, typer.Option("--period", metavar="期间", help="2026-10、2026-Q3、2026 或 起..止；不写就是今天这一期。")] = "",
    grid: Annotated[str, typer.Option("--grid", metavar="网格", help="中心端：只算一个网格。")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="文件", help="写到哪个 .xlsx 文件；不写就只显示。")] = None,
    aim: Annotated[str, typer.Option("--purpose", metavar="用途", help="给谁、做什么用；写进报表和日志。")] = "命令行导出",
    purpose: Annotated[str, typer.Option("--for", metavar="用途档", help="内部、上报或公示：对外的，不足 3 的写“<3”。")] = "内部",
) -> None:
    """Make a report of a period."""
    from gridapp.desk import reports
    from gridapp.rules import periods
    from gridapp.rules.purposes import purpose_of

    with context.obj.desk() as desk:
        chosen = periods.read(period) if period else reports.usual_period(desk, key)
        made = reports.for_reader(reports.report(desk, key, chosen, _scope(desk, grid)), reader := purpose_of(purpose))
        if out:
            given = reports.give_report(desk, made, out, purpose=reader, aim=aim)
            print(f"{given.title}，已写到 {given.path}。")
            return
    print(f"{made.title}　{made.place}　{made.period.title}")
    lines = [(measure.title, *(line.figures[at].text for line in made.lines)) for at, measure in enumerate(made.measures)]
    print(table(lines, heads=("", *(line.name for line in made.lines))))
    print("\n".join((*reports.hottest(made), *made.notes, *made.missing)))


def _scope(desk: Desk, grid: str) -> str:
    """The path of the grid named."""
    from gridapp.desk import reports

    if not grid:
        return ""
    known = reports.report_places(desk)
    found = [path for path, name in known if grid in (path, name)]
    if len(found) != 1:
        raise Trouble(f"没有“{grid[:40]}”这个网格，或者不止一个。可以写：{'、'.join(name for _, name in known)}。", "no_such_grid")
    return found[0]
