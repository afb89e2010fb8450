"""Help and complaints about usage, in Chinese; options of the whole program may stand anywhere on the line."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from gridapp.rules.reading import Trouble

GLOBAL = ("--data", "--password-file")
HELP = "加 --help 可以看用法。"
WORDS = {
    "Usage:": "用法：",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Options:": "选项：",
    "Arguments:": "参数：",
    "Commands:": "命令：",
    "[required]": "（必填）",
    "Show this message and exit.": "显示这份说明。",
}


class Usage(Trouble):
    """The command is not complete as it was typed."""

    exit_code = 2


def chinese(text: str) -> str:
    """The help text with the framework's own words in Chinese."""
    for word, ours in WORDS.items():
        text = text.replace(word, ours)
    return text


class Command(TyperCommand):
    """A verb with Chinese help."""

    def get_help(self, ctx: Any) -> str:
        return chinese(super().get_help(ctx))


class Group(TyperGroup):
    """Verbs with Chinese help."""

    command_class = Command

    def get_help(self, ctx: Any) -> str:
        return chinese(super().get_help(ctx))


def hoisted(words: list[str]) -> list[str]:
    """The same line with --data and --password-file in front, wherever they stood."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word in GLOBAL:
            front += [word, *(value for value in (next(waiting, None),) if value is not None)]
        elif word.startswith(tuple(f"{each}=" for each in GLOBAL)):
            front += word.split("=", 1)
        else:
            rest.append(word)
    return front + rest


def complaint(error: Exception) -> str:
    """One Chinese sentence for what the framework did not understand; "" when the error is none of its own."""
    from typer._click import exceptions as raised

    if isinstance(error, raised.NoArgsIsHelpError):
        return error.format_message()
    if isinstance(error, raised.NoSuchOption):
        return f"没有“{error.option_name}”这个选项。{HELP}"
    if isinstance(error, raised.MissingParameter):
        return f"缺少{_named(error.param)}。{HELP}"
    if isinstance(error, raised.BadParameter):
        return f"{_named(error.param)}写得不对。{HELP}"
    if isinstance(error, raised.BadOptionUsage):
        return f"选项“{error.option_name}”的写法不对。{HELP}"
    if isinstance(error, raised.UsageError):
        return _other(error)
    return ""


def _named(param: Any) -> str:
    if param is None:
        return "参数"
    return f"选项 {param.opts[0]}" if param.opts and param.opts[0].startswith("-") else f"参数“{param.metavar or param.name}”"


def _other(error: Any) -> str:
    said = error.format_message()
    quoted = said.split("'")[1] if said.count("'") >= 2 else ""
    if "No such command" in said:
        return f"没有“{quoted}”这个命令。{HELP}"
    return f"命令后面多了不认识的内容。{HELP}"
