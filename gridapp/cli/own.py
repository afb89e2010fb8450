"""A secretary's own ledgers from the command line: listed, made, deleted, shared as a file, taken from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridapp.cli.choosing import day_of
from gridapp.cli.options import Building, PartyGroup, Since, Until
from gridapp.cli.paper import table
from gridapp.cli.usage import Group
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk, OwnLedger

app = typer.Typer(cls=Group, no_args_is_help=True, rich_markup_mode=None)
Title = Annotated[str, typer.Argument(metavar="名称", help="自己的台账的名称。")]


@app.command("list", help="列出自己的台账。", cls=Group.command_class)
def show(context: typer.Context) -> None:
    """Every own ledger with its columns."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        lines = [(own.form.title, own.key, "、".join(own.form.headings)) for own in verbs.own_ledgers(desk)]
    print(table(lines) if lines else "还没有自己的台账。用 own new 建一份，或用 own take 收下别人分享的。")


@app.command("columns", help="一类记录可以选哪些栏目。", cls=Group.command_class)
def columns(context: typer.Context, record: Annotated[str, typer.Argument(metavar="记录", help="例如 居民、党员、住户、走访。")]) -> None:
    """What can be chosen."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        found = verbs.choices(desk, _record(record)).columns
    print(table([(label, source) for source, label in found]))


@app.command("new", help="建一份自己的台账；以后用 export 导出。", cls=Group.command_class)
def new(
    context: typer.Context,
    title: Title,
    record: Annotated[str, typer.Option("--record", metavar="记录", help="例如 居民、党员、住户、走访。")],
    columns: Annotated[str, typer.Option("--columns", metavar="栏目", help="栏目名称，用逗号隔开；own columns 列出全部可选的。")],
    order: Annotated[str, typer.Option("--order", metavar="栏目", help="按哪一栏排列；前面加 - 是从大到小。")] = "",
    building: Building = "",
    group: PartyGroup = "",
    since: Since = "",
    until: Until = "",
) -> None:
    """Make and keep one."""
    from gridapp import desk as verbs

    picked = verbs.Picked(building=building, group=group, since=day_of(since), until=day_of(until))
    with context.obj.desk() as desk:
        name = _record(record)
        known = {label: source for source, label in verbs.choices(desk, name).columns}
        chosen = [(_source(known, word), word.strip()) for word in columns.replace("，", ",").replace("、", ",").split(",") if word.strip()]
        back, by = order.startswith("-"), order.removeprefix("-")
        sort = ("-" if back else "") + _source(known, by) if by else ""
        verbs.keep_ledger(desk, verbs.draft_ledger(name, title, chosen, picked=picked, order=sort))
    print(f"“{title}”建好了，{len(chosen)} 栏。用 export {title} --out 文件.xlsx 导出。")


@app.command("delete", help="删去一份自己的台账；记录不受影响。", cls=Group.command_class)
def delete(context: typer.Context, title: Title) -> None:
    """Delete one."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        verbs.drop_ledger(desk, named(desk, title).key)
    print(f"“{title}”删去了，记录都还在。")


@app.command("share", help="把一份自己的台账写成文件给别人用；里面没有任何人的信息。", cls=Group.command_class)
def share(
    context: typer.Context, title: Title, out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪个 .toml 文件。")]
) -> None:
    """Write one to a file."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        verbs.share_ledger(desk, named(desk, title).key, out)
    print(f"已写到 {out}。")


@app.command("take", help="收下别人分享的台账文件。", cls=Group.command_class)
def take(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="文件", help="用 own share 写出的 .toml 文件。")]) -> None:
    """Take one from a file."""
    from gridapp import desk as verbs

    with context.obj.desk() as desk:
        own = verbs.take_ledger(desk, file)
    print(f"收下了“{own.form.title}”，{len(own.form.headings)} 栏。用 export {own.form.title} --out 文件.xlsx 导出。")


def named(desk: Desk, word: str) -> OwnLedger:
    """The own ledger of that name or key. Raises Trouble that names those there are."""
    from gridapp import desk as verbs

    there = verbs.own_ledgers(desk)
    found = next((own for own in there if word in (own.form.title, own.key)), None)
    if found is None:
        known = "、".join(own.form.title for own in there) or "还一份也没有"
        raise Trouble(f"没有叫“{word}”的自己的台账（{known}）。请核对名称再试。", "no_such_ledger")
    return found


def _record(word: str) -> str:
    from gridapp import desk as verbs

    kinds = verbs.kinds_of_ledgers()
    found = next((name for name, title in kinds if word in (name, title)), None)
    if found is None:
        raise Trouble(f"不能按“{word}”出台账。请写{'、'.join(title for _, title in kinds)}。", "no_such_record")
    return found


def _source(known: dict[str, str], word: str) -> str:
    found = known.get(word.strip()) or (word.strip() if word.strip() in known.values() else "")
    if not found:
        raise Trouble(f"没有“{word.strip()}”这一栏。可以选：{'、'.join(known)}。", "no_such_column")
    return found
