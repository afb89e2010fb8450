"""`gridapp demo --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="目录", help="演示的数据、台账、数据包和截图放在哪里。")],
    shots: Annotated[bool, typer.Option("--shots/--no-shots", help="是否给每一页截图。")] = True,
) -> None:
    """不用动手看一遍：一个中心和两个网格，从导入台账到交换数据包。"""
    from gridapp.cli.bundle import ready
    from gridapp.demo.day import run

    run(ready(out), typer.echo, shots)
