"""The options every verb that writes something out has in common: for whom, how much of it, and which rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

For = Annotated[str, typer.Option("--for", metavar="用途档", help="内部、上报或公示：决定隐去多少。")]
Full = Annotated[bool, typer.Option("--full", help="全号：不隐去电话、身份证号等；公示不能用。")]
Lock = Annotated[Path | None, typer.Option("--lock", metavar="文件", help="给写出的文件加打开密码：取自这个文件的第一行。")]
Building = Annotated[str, typer.Option("--building", metavar="楼栋", help="只要这栋楼的，例如 3号楼。")]
PartyGroup = Annotated[str, typer.Option("--group", metavar="党小组", help="只要这个党小组的。")]
Since = Annotated[str, typer.Option("--since", metavar="日期", help="从这天起，例如 2026-01-01。")]
Until = Annotated[str, typer.Option("--until", metavar="日期", help="到这天为止。")]
