"""Filling the table an office sent, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli.choosing import day_of
from gridapp.cli.options import Building, For, Full, Lock, PartyGroup, Since, Until
from gridapp.cli.paper import progress
from gridapp.cli.seat import Seat, first_line
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Filled, FillLook


def fill(
    context: typer.Context,
    template: Annotated[Path, typer.Argument(metavar="表格", help="上级给的空表（.xlsx 或 .xls），也可以是别人填了一半的。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个文件，结尾与空表相同。")],
    aim: Annotated[str, typer.Option("--purpose", metavar="用途", help="给谁、做什么用；写进日志。")] = "命令行填表",
    purpose: For = "内部",
    full: Full = False,
    lock: Lock = None,
    building: Building = "",
    group: PartyGroup = "",
    category: Annotated[str, typer.Option("--category", metavar="服务类别", help="只要这一类的，例如 独居；要加 --full。")] = "",
    since: Since = "",
    until: Until = "",
    answer: Annotated[list[str] | None, typer.Option("--answer", metavar="栏=内容", help="程序里没有的栏整列填什么，可写 {{字段}}；会记住。")] = None,
    apart: Annotated[bool, typer.Option("--apart", help="卡片每条一个文件，放进同名文件夹；不写则放在一个工作簿里。")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看认出了什么，不写。")] = False,
) -> None:
    """Fill somebody else's table."""
    from gridapp import desk as verbs
    from gridapp.rules.purposes import purpose_of

    seat: Seat = context.obj
    password, file_password = seat.secret() if full and not dry_run else "", first_line(lock) if lock else ""
    picked = verbs.Picked(building=building, group=group, category=_category(category), since=day_of(since), until=day_of(until))
    with seat.desk() as desk, progress("填表") as step:
        look = verbs.look_at_template(desk, template)
        done = None if dry_run else verbs.fill_in(
            desk, template, out, purpose=purpose_of(purpose), aim=aim, whole=full, password=password, picked={"": picked}, answers=_answers(answer),
            apart=apart, file_password=file_password, step=step,
        )
    _tell(look, picked)
    if done:
        _tell_done(done)


def _category(word: str) -> str:
    from gridapp.rules import codes

    table = codes.table("service_category")
    found = table.read(word).value if word else ""
    if found is None:
        raise Trouble(f"没有“{word}”这种服务类别。可以写：{'、'.join(table.labels())}。", "no_such_category")
    return str(found)


def _answers(given: list[str] | None) -> dict[str, str]:
    pairs = [each.partition("=") for each in given or ()]
    if wrong := next((heading for heading, sign, _ in pairs if not sign), ""):
        raise Trouble(f"“{wrong}”写得不完整。请写成“栏名=内容”，例如 --answer 包保单位=示范单位。", "bad_answer")
    return {heading.strip(): text.strip() for heading, _, text in pairs}


def _tell(look: FillLook, picked: object) -> None:
    for each in look.found:
        print(f"{each.sheet}（{'每张一条' if each.card else '每行一条'}{each.kind}）：认出 {'、'.join(heading for heading, _ in each.fills)}。")
        if each.begun:
            print(f"  别人已填了 {each.begun} 行：同一个人的只补空格，其余接在后面，一格不改。")
        if each.lacks:
            print(f"  这些栏没有可填的：{'、'.join(each.lacks)}。要整列填一样的，请加 --answer 栏=内容。")
        if each.suggested and not picked:
            print(f"  标题写的是“{each.suggested.sentence(each.record)}”。只要这一部分，请加 --since、--until 或 --category。")
    if look.lost:
        print(look.lost)


def _tell_done(done: Filled) -> None:
    count = f"{done.rows} 行" if done.files == 1 else f"{done.files} 个文件"
    matched = f"，其中 {done.matched} 行是补全别人已填的" if done.matched else ""
    holes = f"这些 {{{{字段}}}} 没有填：{'、'.join(done.open_holes)}。" if done.open_holes else ""
    print(f"填了 {count}{matched}，已写到 {done.path}。{holes}")
