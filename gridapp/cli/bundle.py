"""The grid's side of the exchange: ask to join, make a bundle, take one in, see how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridapp.cli.paper import progress, table
from gridapp.cli.usage import Command, Group
from gridapp.rules.reading import Trouble

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
Out = Annotated[Path, typer.Option("--out", metavar="目录", help="写到哪个文件夹，例如 U 盘。")]


@app.command(cls=Command, help="生成加入申请，交给中心登记。")
def join(context: typer.Context, out: Out) -> None:
    """Write the request to be enrolled."""
    from gridapp.desk import exchange

    with context.obj.desk() as desk:
        path = exchange.ask_to_join(desk, ready(out))
        words = exchange.state(desk).words
    print(f"加入申请已写到 {path}。" + (f"请当面或电话与中心核对这几个词：{words}" if words else ""))


@app.command(cls=Command, help="把中心还没有确认的改动做成数据包。")
def make(context: typer.Context, out: Out) -> None:
    """Make a bundle for the centre."""
    from gridapp.desk import exchange

    with context.obj.desk() as desk, progress("打包") as step:
        made = exchange.make_bundle(desk, ready(out), step)
    print(f"数据包已写到 {made.path}，{made.rows} 行，{made.bytes / 1024:,.0f} KB，并核对无误。{made.warning}")


@app.command(cls=Command, help="收下中心发来的文件（加入答复或数据包）。")
def take(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="中心发来的文件。")]) -> None:
    """Take in what the centre sent."""
    from gridapp.desk import exchange

    with context.obj.desk() as desk, progress("收包") as step:
        taken = exchange.take(desk, file, step)
    print(taken.sentence)


@app.command(cls=Command, help="加入与交换的情况。")
def status(context: typer.Context) -> None:
    """How the exchange stands."""
    from gridapp.desk import exchange, review, witness

    with context.obj.desk() as desk:
        state, waiting, news = exchange.state(desk), review.how_many(desk), witness.noticed(desk)
    print(f"中心：{state.centre or '还没有加入'}。未确认 {state.unconfirmed}，待核对 {waiting}。")
    if state.breakdown:
        print("，".join(f"{word} {count}" for word, count in state.breakdown) + "。")
    print(f"上次发出：{state.last_sent or '--'}，上次收到：{state.last_taken or '--'}。")
    if waiting:
        print("要看是哪些，请用 bundle review；要选定，请打开窗口的“待核对”页。")
    for sentence in (*state.facts, *([news] if news else [])):
        print(sentence)


@app.command(cls=Command, help="待核对的有几条、是哪些；不显示内容。")
def review(context: typer.Context) -> None:
    """What waits to be looked at: counts by sort, and each item without its values."""
    from gridapp.desk import review as reviewing

    with context.obj.desk() as desk:
        items = reviewing.waiting(desk)
    counts = reviewing.counts(items)
    print("待核对：" + "，".join(f"{text} {count}" for _, text, count in counts if count) + "。" if items else "没有要核对的。")
    labels = {sort: text for sort, text, _ in counts}
    if items:
        print(table([(labels[item.sort], item.title, item.heading) for item in items]))


@app.command("start-over", cls=Command, help="与中心重新全部发送：双方下次各发一份完整的，已有的不会重复。")
def start_over(context: typer.Context) -> None:
    """Send everything again."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        name = verbs.start_over(desk)
    print(f"好了。下一个上报包会带上全部记录，“{name}”收到后也会再发一次全部；已有的不会重复。请现在生成上报包。")


@app.command(cls=Command, help="列出电脑里留着副本的数据包。")
def kept(context: typer.Context) -> None:
    """The copies, newest first."""
    from gridapp.desk import exchange, outbox

    with context.obj.desk() as desk:
        lines = [(each.path.name, exchange.shown(each.at), each.label or "--", each.state_word) for each in outbox.kept_bundles(desk)]
    print(table(lines, ("文件", "时间", "发给", "到哪一步"), indent="") or "还没有留着副本的数据包。")


@app.command(cls=Command, help="把留着副本的数据包再写一次到 U 盘。")
def again(context: typer.Context, name: Annotated[str, typer.Argument(metavar="文件", help="bundle kept 列出的文件名。")], out: Out) -> None:
    """Write a copy to a stick once more."""
    from gridapp.desk import outbox

    with context.obj.desk() as desk, progress("写出") as step:
        found = next((each.id for each in outbox.kept_bundles(desk) if each.path.name == name), "")
        made = outbox.write_again(desk, found, ready(out), step)
    print(f"{made.path} 又写了一份，{made.bytes / 1024:,.0f} KB，并核对无误。")


def ready(out: Path) -> Path:
    """The folder to write to, made where it is missing."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"建不了文件夹“{out}”。请检查 U 盘是否插好、是否只读。", "cannot_write") from error
    return out
