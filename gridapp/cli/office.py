"""The centre's verbs: set up, enrol grids, take bundles in, send returns, see how every grid stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from gridapp.cli.bundle import Out, ready
from gridapp.cli.day import make
from gridapp.cli.paper import progress, table
from gridapp.cli.usage import Command, Group

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)


@app.command(cls=Command, help="建立中心的数据，并给出要打印保管的恢复码。")
def init(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="名称", help="中心的名称。")] = "社区中心",
    who: Annotated[str, typer.Option("--who", metavar="姓名", help="使用人。")] = "",
    url: Annotated[str, typer.Option("--url", metavar="地址", help="PostgreSQL 数据库的地址；不写则用本机的加密文件。")] = "",
) -> None:
    """Make the office's store."""
    make(context.obj, name, who, "office", url)


@app.command(cls=Command, help="登记一个网格，写出给它的加入答复。")
def enrol(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="网格交来的加入申请。")],
    words: Annotated[str | None, typer.Option("--words", metavar="六个词", help="网格当面或在电话里读出的六个词；不一致则不登记。")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="目录", help="答复写到哪个文件夹；不写则放在申请旁边。")] = None,
) -> None:
    """Enrol a grid."""
    from gridapp import office

    with context.obj.desk() as desk:
        enrolled = office.enrol(desk, file, words=words, out_dir=ready(out) if out else file.parent)
    print(f"已登记“{enrolled.grid_name}”，范围 {enrolled.scope}，六个词：{enrolled.words}")
    print(f"答复已写到 {enrolled.answer}，请交给网格。")


@app.command(cls=Command, help="收下网格交来的数据包，可以一次几个。")
def take(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="文件...", help="数据包。")]) -> int:
    """Take bundles in; exit code 1 when any was refused."""
    from gridapp import office

    with context.obj.desk() as desk, progress("收包") as step:
        outcomes = office.take(desk, files, step)
    if taken := [(outcome.path.name, outcome.sentence) for outcome in outcomes if outcome.ok]:
        print(table(taken, indent=""))
    for outcome in outcomes:
        if not outcome.ok:
            print(f"{outcome.path.name}：{outcome.sentence}", file=sys.stderr)
    return int(not all(outcome.ok for outcome in outcomes))


@app.command("return", cls=Command, help="给每个网格写出回执和中心的改动。")
def give_back(context: typer.Context, out: Out) -> None:
    """Write the return bundles."""
    from gridapp import office

    with context.obj.desk() as desk, progress("打包") as step:
        made = office.make_return(desk, ready(out), step)
    print("\n".join(f"{each.path}，{each.rows} 行。" for each in made) or "还没有登记过网格，没有可写的回包。")


@app.command(cls=Command, help="每个网格的交换情况。")
def status(context: typer.Context) -> None:
    """How every grid stands."""
    from gridapp import office

    with context.obj.desk() as desk:
        lines = office.status(desk)
    heads = ("网格", "范围", "上次收到", "上次发出", "未确认", "行数")
    rows = [(line.name, line.scope, line.last_taken or "--", line.last_sent or "--", str(line.unconfirmed), str(line.rows)) for line in lines]
    print(table(rows, heads, indent="") or "还没有登记过网格。")
