"""The secretary's verbs: set up, take in, give out, today, check, back up, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli.choosing import day_of
from gridapp.cli.options import Building, For, Full, Lock, PartyGroup, Since, Until
from gridapp.cli.paper import progress, table
from gridapp.cli.seat import Seat, first_line
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk, Intake, Pair

MOST_FAULTS = 50
OUTCOMES = (("new", "新增"), ("changed", "更新"), ("same", "相同"), ("cannot", "不能导入"))


def init(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="名称", help="网格的名称。")] = "我的网格",
    who: Annotated[str, typer.Option("--who", metavar="姓名", help="使用人，写在台账的制表人处。")] = "",
) -> None:
    """Make a new store and print its recovery code."""
    make(context.obj, name, who, "grid")


def make(seat: Seat, name: str, who: str, role: str, url: str = "") -> None:
    """Make a grid's or an office's store; the recovery code is the only thing on stdout that must be kept."""
    from gridapp import desk as verbs

    if verbs.exists(seat.folder):
        raise Trouble("这里已经有数据了，没有覆盖。请换一个文件夹，或直接使用。", "store_exists")
    opened, code = verbs.init(seat.folder, seat.secret(twice=True), grid_name=name, who=who, role=role, url=url)
    opened.close()
    print(f"已建立“{name}”，数据在 {seat.folder}。")
    print(f"恢复码：{code}")
    print("请把恢复码打印或抄下来，和密码分开保管。忘记密码时只有它能打开数据。")


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="文件", help="台账文件。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会怎样，不保存。")] = False,
    every: Annotated[bool, typer.Option("--all", help="列出全部问题，不只前面的。")] = False,
    known: Annotated[bool, typer.Option("--known-columns", help="程序不保存的那类台账，只保存认得的栏。")] = False,
) -> None:
    """Import one ledger, or only look what it would do."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk, progress("读取" if dry_run else "导入") as step:
        said = {mark: each.said for mark, each in verbs.offers(verbs.preview(desk, file), False).items()} if known else None
        done = verbs.preview(desk, file, step, said) if dry_run else verbs.take_in(desk, file, step, said)
    if done.file_error:
        raise Trouble(done.file_error, "unreadable")
    print(f"{done.file}：" + "，".join(f"{label} {done.counts[key]}" for key, label in OUTCOMES) + ("。（试运行，没有保存）" if dry_run else "。"))
    _print_written(done)
    _print_left(done)
    _print_faults(done, every)


def _print_written(done: Intake) -> None:
    from gridapp.records import BY_NAME

    if done.records:
        print("写入：" + "，".join(f"{BY_NAME[record].title} {count}" for record, count in done.records.items()) + "。")


def _print_left(done: Intake) -> None:
    """Sheets of which nothing came in, each with why."""
    for sheet in done.sheets:
        if sheet.no_table and any(any(cells) for cells in sheet.grid):
            offered = any(table.offer for table in sheet.tables)
            print(f"“{sheet.name}”：{sheet.no_table}" + ("要这样做，请加上 --known-columns 再导入一次。" if offered else ""))


def _print_faults(done: Intake, every: bool) -> None:
    faults = done.faults
    shown = faults if every else faults[:MOST_FAULTS]
    if shown:
        print(f"有 {len(faults)} 处需要看一看：")
        print(table([(sheet, f"第{row}行", field, text + hint) for sheet, row, field, text, hint in shown]))
    if len(shown) < len(faults):
        print(f"  还有 {len(faults) - len(shown)} 处，加 --all 全部列出。")


def give_out(
    context: typer.Context,
    ledger: Annotated[str, typer.Argument(metavar="台账", help="台账的名称或代号；写错时会列出全部可选的。")],
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个 .xlsx 文件。")],
    aim: Annotated[str, typer.Option("--purpose", metavar="用途", help="给谁、做什么用；写进台账和日志。")] = "命令行导出",
    purpose: For = "内部",
    full: Full = False,
    lock: Lock = None,
    building: Building = "",
    group: PartyGroup = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """Write one ledger."""
    from gridapp import desk as verbs
    from gridapp.rules.purposes import purpose_of

    seat: Seat = context.obj
    password, file_password = seat.secret() if full else "", first_line(lock) if lock else ""
    picked = verbs.Picked(building=building, group=group, since=day_of(since), until=day_of(until))
    with seat.desk() as desk, progress("写出") as step:
        given = verbs.give_out(
            desk, _key(desk, ledger), out, purpose=purpose_of(purpose), aim=aim, whole=full, password=password, picked=picked or None,
            file_password=file_password, step=step,
        )
    print(f"{given.title}：{given.rows} 行，已写到 {given.path}。")


def _key(desk: Desk, word: str) -> str:
    """A ledger's key by its key or by a part of its title that only it has; an own one's by its name."""
    from gridapp import desk as verbs

    choices = verbs.ledgers()
    own = [each.key for each in verbs.own_ledgers(desk) if word in (each.key, each.form.title)]
    named = [each.key for each in choices if word and word in each.title and each.official]
    if word in {each.key for each in choices}:
        return word
    if own or len(named) == 1:
        return (own or named)[0]
    known = "、".join(f"{each.key}（{each.title.split('（')[0]}）" if each.official else each.key for each in choices)
    raise Trouble(f"没有“{word}”这种台账。可以写：{known}；自己的台账写它的名称。", "unknown_ledger")


def today(context: typer.Context) -> None:
    """What is due."""
    from gridapp.desk.today import today as ask

    with context.obj.desk() as desk:
        found = ask(desk)
    print(found.headline)
    print(table([(task.when, task.title, task.where) for task in found.tasks]) or "  没有到期的事。")
    if found.total > len(found.tasks):
        print(f"  还有 {found.total - len(found.tasks)} 件，办完前面的再看。")
    print(table([(caption, figure) for figure, caption in found.tiles], indent=""))
    for title, lines in (("本月政治生日", found.political), ("本月生日", found.birthdays)):
        if lines:
            print(f"{title}：{'；'.join(lines)}")
    print(f"未确认 {found.unconfirmed}，上次备份：{found.last_backup}。")


def duplicates(context: typer.Context) -> None:
    """Who is probably kept twice; names stay masked."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        pairs, looked = verbs.pairs(desk), verbs.looked_at(desk)
    _print_pairs(pairs, looked)


def _print_pairs(pairs: list[Pair], looked: dict[str, int]) -> None:
    from gridapp.records import BY_NAME

    searched = "、".join(f"{BY_NAME[record].title} {count} 人" for record, count in looked.items())
    print(f"查过{searched}，{f'有 {len(pairs)} 对可能是同一个人：' if pairs else '没有可能重复的人。'}")
    if pairs:
        print(table([("确定" if each.certain else "可能", BY_NAME[each.record].title, each.left[1], each.right[1], each.reason) for each in pairs]))
        print("是不是同一个人由您定：请打开窗口，在“居民”页点“查重”，合并或说明不是同一人。")


def check(context: typer.Context) -> int:
    """Look the store over; exit code 1 when something is broken."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        lines = verbs.check_up(desk)
    print("\n".join(f"[{'好' if line.ok else '注意'}] {line.text}" for line in lines))
    return int(any(line.grave and not line.ok for line in lines))


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="备份写到哪里，例如 U 盘上的 一月.gbk。")]) -> None:
    """Write a backup."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        made = verbs.back_up(desk, file)
    print(f"已备份到 {made}，并核对无误。恢复时要用现在的密码或恢复码。")


def restore(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="备份文件。")]) -> None:
    """Put a backup in place."""
    from gridapp import desk as verbs

    seat: Seat = context.obj
    aside = verbs.restore(seat.folder, file, seat.secret())
    print(f"已从“{file.name}”恢复。" + (f"原来的数据留在 {aside}。" if aside else ""))
    print("已经与中心交换过的内容，下次交换时会自动找回；备份以后还没有交换过的改动，请补记一次。")
