"""The centre's verbs: set up, enrol grids, take bundles in, send returns, see how every grid stands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli import content
from gridapp.cli.bundle import Out, ready
from gridapp.cli.day import make
from gridapp.cli.paper import progress, table
from gridapp.cli.usage import Command, Group
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk

Code = Annotated[str, typer.Argument(metavar="编号", help="网格的编号，例如 g003。")]
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
    below: Annotated[bool, typer.Option("--office", help="对方是下级中心（自己也管网格），不是网格。")] = False,
    replace: Annotated[str, typer.Option("--replace", metavar="编号", help="换电脑：顶替这个编号原来的电脑，原来的停用。例如 g003。")] = "",
) -> None:
    """Enrol a grid, an office below, or the new computer of either."""
    from gridapp import office

    with context.obj.desk() as desk:
        path = _scope(desk, replace) if replace else ""
        place = ready(out) if out else file.parent
        enrolled = office.enrol(desk, file, words=words, out_dir=place, role="office" if below else "grid", replace=path)
    if replace:
        print(f"原来的电脑已停用；它还没有交来的包会单独放着，由中心决定是否收进。第一个回执包会带上 {replace} 的全部记录。")
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
    """How everybody below stands, and what is worth a look."""
    from gridapp import office
    from gridapp.desk import witness

    with context.obj.desk() as desk:
        lines, news = office.status(desk), witness.noticed(desk)
    heads = ("名称", "编号", "上次收到", "上次发出", "未确认", "行数", "程序")
    cells = [(each.name, each.code, each.last_taken, each.last_sent, str(each.unconfirmed), str(each.rows), each.app) for each in lines]
    print(table([[cell or "--" for cell in row] for row in cells], heads, indent="") or "还没有登记过网格。")
    told = [f"{each.name}：{fact}" for each in lines for fact in each.facts]
    print("\n".join([*told, *([f"本机：{news}"] if news else [])]), end="\n" if told or news else "")


@app.command(cls=Command, help="已经问过对方：不再显示“看起来是从备份恢复的（或有两台）”。")
def verified(context: typer.Context, code: Code) -> None:
    """Somebody asked there."""
    from gridapp import office

    with context.obj.desk() as desk:
        office.verified(desk, _scope(desk, code))
    print("记下了。以后再看到新的迹象，还会提醒。")


@app.command("start-over", cls=Command, help="与一个网格重新全部发送：双方下次各发一份完整的，已有的不会重复。")
def start_over(context: typer.Context, code: Code) -> None:
    """Send everything again."""
    from gridapp import office

    with context.obj.desk() as desk:
        name = office.start_over(desk, _scope(desk, code))
    print(f"好了。下一个回执包会带上“{name}”的全部记录，“{name}”收到后也会再发一次全部；已有的不会重复。")


@app.command("serve-folder", cls=Command, help="看住一个文件夹：放进 inbox 的包自动收，回执写到 returns。按 Ctrl+C 停止。")
def serve_folder(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="目录", help="里面会有 inbox、done、refused、requests、returns 和 outcomes.csv。")],
    once: Annotated[bool, typer.Option("--once", help="只收一遍就结束，供定时任务用。")] = False,
    every: Annotated[float, typer.Option("--every", metavar="秒", min=0.1, help="多久看一次。")] = 2.0,
) -> None:
    """Watch an inbox."""
    import signal

    from gridapp.office.serving import Server

    server = Server(folder, context.obj.sitting(), _say, every=every)
    before = {sign: signal.signal(sign, lambda *_: server.stop.set()) for sign in (signal.SIGTERM, signal.SIGINT)}
    try:
        server.run(once)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


for name, verb, about in (
    ("publish", content.publish, "下发通知、代码表、规则包、台账格式或表格模板给下面所有的网格。"),
    ("published", content.published, "下发过的内容，各有几个网格确认收到。"),
    ("withdraw", content.withdraw, "撤回下发过的一条内容。"),
):
    app.command(name, help=about, cls=Command)(verb)


def _say(text: str) -> None:
    import datetime as dt

    print(f"{dt.datetime.now():%m-%d %H:%M:%S} {text}", flush=True)


def _scope(desk: Desk, code: str) -> str:
    from gridapp import office

    found = [scope for scope, _ in office.grids(desk) if code in (scope, scope.rsplit("/", 1)[-1])]
    if len(found) != 1:
        known = "、".join(scope.rsplit("/", 1)[-1] for scope, _ in office.grids(desk)) or "（还没有）"
        raise Trouble(f"没有编号为“{code}”的网格。已登记的编号：{known}。", "no_such_grid")
    return found[0]


@app.command(cls=Command, help="把一户或几户划转到另一个网格：人员、走访、服务事项一并划转。")
def reassign(
    context: typer.Context,
    homes: Annotated[list[str], typer.Argument(metavar="门牌...", help="门牌，例如 3-2-501，或户主姓名。")],
    to: Annotated[str, typer.Option("--to", metavar="网格", help="划转到哪个网格：名称或范围。")],
) -> None:
    """Give households to another grid."""
    from gridapp import office
    from gridapp.cli.choosing import grid_of, home_of

    with context.obj.desk() as desk:
        scope, name = grid_of(desk, to)
        kept = office.reassign(desk, [home_of(desk, each) for each in homes], scope)
    print(f"已划转到“{name}”，随下一次回执包送到两边的网格。" if kept.saved else f"这些住户已经在“{name}”，没有改动。")
