"""The command line: the desk's verbs for scripts and for the office's server. Errors are one Chinese sentence on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from gridapp import crash, places
from gridapp.cli import bundle, content, day, files, filling, office, own, report, trust, upgrade
from gridapp.cli.seat import Seat
from gridapp.cli.usage import Group, complaint, hoisted
from gridapp.rules.reading import Cancelled, Trouble

BUG = 1
ABOUT = "网格支部：一次记录，各种台账。不带任何参数时打开窗口。"
app = typer.Typer(cls=Group, add_completion=False, no_args_is_help=True, rich_markup_mode=None, help=ABOUT)


@app.callback()
def seat(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="目录", help="数据所在的文件夹。不写则用本机默认位置。")] = None,
    password_file: Annotated[Path | None, typer.Option("--password-file", metavar="文件", help="密码文件，只读第一行。")] = None,
) -> None:
    """Where the data is and where the password comes from, for every verb."""
    context.obj = Seat(data, password_file)


for name, verb, about in (
    ("init", day.init, "建立新的数据，并给出要打印保管的恢复码。"),
    ("import", day.take_in, "导入一本台账（.xlsx、.xls、.csv），整本一次生效。"),
    ("export", day.give_out, "写出一本可以直接打印的台账。"),
    ("fill", filling.fill, "填上级给的空表，原来的样式和公式不动。"),
    ("report", report.report, "写出一份报表：数目、环比、图表和口径说明。"),
    ("today", day.today, "今天要办的事。"),
    ("news", content.news, "上级下发的内容、派来的事项和更正。"),
    ("duplicates", day.duplicates, "可能登记了两次的人。"),
    ("check", day.check, "体检：数据是否完好。"),
    ("backup", day.backup, "把数据备份成一个加密文件。"),
    ("restore", day.restore, "从备份恢复；原来的数据另存，不删除。"),
    ("update", upgrade.update, "用升级包（.gup）升级程序，先备份；只看说明加 --look。"),
    ("read-ledger", files.read_ledger, "只看台账会读成什么，不需要数据，也不保存。"),
):
    app.command(name, help=about, cls=Group.command_class)(verb)


def add(name: str, verb: Callable[..., None], about: str) -> None:
    """One more verb, from above the command line."""
    app.command(name, help=about, cls=Group.command_class)(verb)


app.add_typer(bundle.app, name="bundle", help="与中心交换数据包。")
app.add_typer(own.app, name="own", help="自己的台账：选栏目、选行、起名、分享。")
app.add_typer(trust.app, name="trust", help="密钥、停用的电脑、借用包。")
app.add_typer(office.app, name="office", help="中心端：登记网格、收包、发回执。")


def main(argv: list[str] | None = None) -> int:
    """Run one verb; gives its exit code: 0 done, 1 trouble, 2 usage, 10 no store, 11 in use, 12 wrong password."""
    words = hoisted(sys.argv[1:] if argv is None else argv)
    command = typer.main.get_command(app)
    try:
        code = command.main(args=words, prog_name="gridapp", standalone_mode=False)
    except Trouble as trouble:
        return _say(trouble.text, trouble.exit_code)
    except Cancelled:
        return _say("已取消，没有改动任何数据。", 1)
    except BrokenPipeError:
        return _quiet()
    except Exception as error:
        usage = complaint(error)
        return _say(usage, 2) if usage else _say(_bug(error, words), BUG)
    if code == 130:
        return _say("已中断，没有做完的一步不会留下痕迹。", 1)
    return code if isinstance(code, int) else 0


def _quiet() -> int:
    """The reader of a pipe has gone: leave without Python's own complaint at the end."""
    sys.stdout = sys.stderr
    return 0


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


def _bug(error: Exception, words: list[str]) -> str:
    named = [Path(value) for word, value in pairwise(words) if word == "--data"]
    place = crash.log(named[0] if named else places.data_dir(), crash.describe(error))
    return f"程序出错了，数据没有受影响。请把 {place} 交给技术人员。" if place else "程序出错了，数据没有受影响。请把所用的命令告诉技术人员。"
