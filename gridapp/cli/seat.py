"""Sitting down at a desk from the command line: where the data is, and the password from a file, the environment or a prompt."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridapp import places
from gridapp.cli.usage import Usage
from gridapp.rules.reading import Trouble

if TYPE_CHECKING:
    from gridapp.desk import Desk

PASSWORD = "GRIDAPP_PASSWORD"


@dataclass(frozen=True)
class Seat:
    """The data folder (None: this machine's own) and the password file named on the command line."""

    data: Path | None = None
    password_file: Path | None = None

    @property
    def folder(self) -> Path:
        return self.data or places.data_dir()

    def secret(self, *, twice: bool = False) -> str:
        """The password or recovery code. Raises Usage where nobody can be asked for it."""
        if self.password_file:
            return first_line(self.password_file)
        given = os.environ.get(PASSWORD)
        return given if given is not None else _ask(twice)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The open desk, closed at the end. Raises NoStore before it asks for a password."""
        with self.sitting()() as opened:
            yield opened

    def sitting(self) -> Callable[[], AbstractContextManager[Desk]]:
        """A way to sit down again and again with the password asked once. Raises NoStore before it asks."""
        from gridapp import desk as verbs

        if not verbs.exists(self.folder):
            verbs.open_desk(self.folder, "")
        secret = self.secret()

        @contextmanager
        def sit() -> Iterator[Desk]:
            opened = verbs.open_desk(self.folder, secret)
            try:
                yield opened
            finally:
                opened.close()

        return sit


def first_line(path: Path) -> str:
    """A password from a file. Raises Trouble where it cannot be read."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"读不了密码文件“{path.name}”。请检查它是否存在、是否是文本文件。", "password_file") from error
    return lines[0] if lines else ""


def _ask(twice: bool) -> str:
    if not sys.stdin.isatty():
        raise Usage(f"没有给出密码。请用 --password-file，或设置环境变量 {PASSWORD}。", "no_password")
    from getpass import getpass

    word = getpass("密码：")
    if twice and getpass("再输入一次：") != word:
        raise Trouble("两次输入的密码不一样。请重新运行。", "password_differs")
    return word
