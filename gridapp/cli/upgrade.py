"""The verb that updates the program from a file."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from gridapp.cli.paper import progress


def update(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="升级包（.gup）。")],
    look: Annotated[bool, typer.Option("--look", help="只看版本和说明，不安装。")] = False,
) -> None:
    """Show what a package brings, and install it after a backup of the data, if there are any."""
    from gridapp import desk as verbs

    offer = verbs.look_at_update(file)
    print(f"升级包：{offer.version} 版，占用 {offer.manifest.size >> 20} MB。签名核对过，是这个程序的开发者签的。\n{offer.notes}")
    if look:
        return
    with context.obj.desk() if verbs.exists(context.obj.folder) else nullcontext() as desk, progress("升级") as step:
        done = verbs.upgrade(desk, file, step)
    if done.backup:
        print(f"升级前的备份在 {done.backup}。")
    elif desk:
        print("数据库在服务器上，没有在这里备份，请由管理员备份。")
    print(f"已装好 {done.version} 版并通过自检，下次启动就是新版；旧版还在，没有删除。")
