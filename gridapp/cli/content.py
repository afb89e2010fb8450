"""下发 on the command line: the centre sends and withdraws, the grid reads what is new."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gridapp.cli.paper import table
from gridapp.rules.reading import Trouble


def news(
    context: typer.Context,
    seen: Annotated[bool, typer.Option("--seen", help="看完全部标为已看（只记在本机）。")] = False,
    save: Annotated[Path | None, typer.Option("--save", metavar="目录", help="把收到的表格模板存到这个文件夹。")] = None,
) -> None:
    """What came from above."""
    from gridapp import desk as verbs
    from gridapp.cli.bundle import ready

    with context.obj.desk() as desk:
        found = verbs.news(desk)
        for item in found.items:
            print("  ".join(filter(None, ("新" if item.is_new else "  ", item.when, item.sort_label, item.title, item.who, item.state))))
            for line in (*item.lines, *item.text.splitlines()):
                print(f"      {line}")
        for item in found.items if save else ():
            if item.sort == "template":
                print(f"模板已存为 {verbs.save_template(desk, item.row_id, _free(ready(save or Path()), item.file_name))}。")
        if seen:
            verbs.mark_seen(desk)
    print(f"共 {len(found.items)} 条，{found.unread} 条新的。" if found.items else "还没有上级下发的内容。")


def _free(folder: Path, name: str) -> Path:
    """A name not taken in the folder; what came in a bundle names no other place."""
    plain = Path(name.replace("\\", "/")).name or "模板.xlsx"
    if Path(plain).suffix.lower() not in (".xlsx", ".xls"):
        plain += ".xlsx"
    return next(path for number in range(1, 10_000) if not (path := folder / (plain if number == 1 else f"{number}-{plain}")).exists())


def publish(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="文件", help="代码表、规则包、台账格式、通知或表格模板。")] = None,
    title: Annotated[str, typer.Option("--title", metavar="标题", help="网格看到的标题；不写则用文件名。")] = "",
    notice: Annotated[str, typer.Option("--notice", metavar="文字", help="直接写一条通知，不用文件。")] = "",
    version: Annotated[str, typer.Option("--version", metavar="版本", help="版本，写给人看。")] = "",
    since: Annotated[str, typer.Option("--from", metavar="日期", help="哪一天起生效；不写则今天。")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对，看会改什么，不下发。")] = False,
) -> None:
    """Send something down."""
    from gridapp import office

    if (file is None) == (not notice):
        raise Trouble("请写明一个文件，或用 --notice 写一条通知，二者选一。", "missing")
    with context.obj.desk() as desk:
        send = office.look_at if dry_run else office.publish
        done = send(desk, text=notice, file=file, subject=title, version=version, effective_from=since)
    print("\n".join(done.changes) or f"{done.kind_label}“{done.subject}”。")
    print("核对无误，还没有下发。" if dry_run else f"已下发，编号 {done.row_id}，{done.effective_from} 起生效；下次发回执包时带给各网格。")


def published(context: typer.Context) -> None:
    """What was sent down, and how far it came."""
    from gridapp import office

    with context.obj.desk() as desk:
        sent = office.published(desk)
    rows = [(each.row_id, each.sent_on, each.kind_label, each.subject, each.state, f"{each.confirmed}/{each.total}") for each in sent]
    print(table(rows, ("编号", "下发时间", "种类", "标题", "状态", "已确认"), indent="") or "还没有下发过内容。")


def withdraw(context: typer.Context, number: Annotated[str, typer.Argument(metavar="编号", help="published 列出的编号。")]) -> None:
    """Take back what was sent."""
    from gridapp import office

    with context.obj.desk() as desk:
        office.withdraw(desk, number)
    print("已撤回，下次发回执包时告诉各网格。")
