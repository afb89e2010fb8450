"""Who may exchange with whom: new keys, computers withdrawn and taken back, and what a borrowed laptop brings under a password."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from gridapp.cli.bundle import Out, ready
from gridapp.cli.paper import table
from gridapp.cli.seat import first_line
from gridapp.cli.usage import Command, Group, Usage

WORD = "GRIDAPP_BUNDLE_PASSWORD"
STATES = {"new": "新增", "changed": "不同", "same": "相同"}

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
Which = Annotated[str, typer.Argument(metavar="编号", help="网格编号（例如 g003）、完整路径或设备编号。")]
WordFile = Annotated[Path | None, typer.Option("--word-file", metavar="文件", help=f"写着借用包密码的文件，只读第一行；或设置环境变量 {WORD}。")]


@app.command(cls=Command, help="更换本机密钥；以前收到的包还能打开，不用重新登记。")
def rotate(context: typer.Context) -> None:
    """New keys for this computer."""
    from gridapp.desk import keys

    with context.obj.desk() as desk:
        print(keys.rotate_keys(desk))


@app.command(cls=Command, help="中心：登记过的电脑，停用的在最后。")
def devices(context: typer.Context) -> None:
    """The computers this centre enrolled."""
    from gridapp.office import withdrawing

    with context.obj.desk() as desk:
        found = withdrawing.devices(desk)
    lines = [(each.name, each.scope, "已停用" if each.withdrawn else "在用", each.words, each.id) for each in found]
    print(table(lines, ("网格", "范围", "状态", "六个词", "设备"), indent="") or "还没有登记过电脑。")


@app.command(cls=Command, help="中心：停用一台电脑；它以后交来的包会单独放着，由中心决定。")
def revoke(context: typer.Context, which: Which, why: Annotated[str, typer.Option("--why", metavar="原因", help="停用的原因，记入记录。")]) -> None:
    """Withdraw a computer."""
    from gridapp.office import withdrawing

    with context.obj.desk() as desk:
        print(withdrawing.revoke(desk, which, why))


@app.command(cls=Command, help="中心：恢复停用的电脑。")
def reinstate(context: typer.Context, which: Which) -> None:
    """Take a withdrawal back."""
    from gridapp.office import withdrawing

    with context.obj.desk() as desk:
        print(withdrawing.reinstate(desk, which))


@app.command(cls=Command, help="把本机的全部记录用密码封成借用包。")
def lend(context: typer.Context, out: Out, word_file: WordFile = None) -> None:
    """A password bundle of everything here."""
    from gridapp.desk import loan

    with context.obj.desk() as desk:
        path, count = loan.make_password_bundle(desk, ready(out), _word(word_file))
    print(f"借用包已写到 {path}，{count} 条。密码请当面或打电话告诉对方。")


@app.command(cls=Command, help="打开借用包，和本机逐条对照；不写 --take 就什么也不收。")
def review(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="借用包。")],
    word_file: WordFile = None,
    take: Annotated[
        list[str] | None, typer.Option("--take", metavar="哪些", help="new（全部新增）、changed（全部不同），或某一条的编号；可写几次。")
    ] = None,
) -> None:
    """Look at a password bundle, and keep what is named."""
    from gridapp.desk import loan

    wanted = set(take or [])
    with context.obj.desk() as desk:
        found = loan.review_bundle(desk, file, _word(word_file))
        told = [(STATES[each.state], each.title, _differences(each.fields), each.key) for each in found.rows if each.state != "same"]
        print(table(told, indent="") or "和本机完全相同，没有可收的。")
        if wanted:
            keys = [each.key for each in found.rows if each.state != "same" and wanted & {each.state, each.key}]
            print(loan.accept_review(desk, found, keys).sentence)


def _differences(fields: tuple[tuple[str, str, str], ...]) -> str:
    return "；".join(f"{name}：{mine} → {theirs}" if mine else f"{name}：{theirs}" for name, mine, theirs in fields)


def _word(path: Path | None) -> str:
    found = first_line(path) if path else os.environ.get(WORD)
    if found is None:
        raise Usage(f"没有给出借用包的密码。请用 --word-file，或设置环境变量 {WORD}。", "no_password")
    return found
