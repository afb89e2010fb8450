"""What reading a value can end in: a value, faults the user can mend, or trouble the world makes."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one value; the user can mend it.

    code is stable English (truth.json's codes for ledgers), text a Chinese sentence, hint what to do, field the column's name.
    fatal: the value was refused; otherwise it was read, and the user should look at it.
    """

    code: str
    text: str
    hint: str = ""
    fatal: bool = True
    field: str = ""

    def on(self, field: str) -> Fault:
        """The same fault, standing at a field."""
        return replace(self, field=field)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value as read (None where blank or refused) and what is wrong with it."""

    value: Any = None
    faults: tuple[Fault, ...] = ()

    @property
    def refused(self) -> bool:
        return any(fault.fatal for fault in self.faults)


BLANK = Reading()


def refuse(code: str, text: str, hint: str = "") -> Reading:
    """No value, one fatal fault."""
    return Reading(None, (Fault(code, text, hint),))


class Trouble(Exception):
    """The world is in the way: one Chinese sentence that ends with what to do. exit_code is the command line's."""

    exit_code = 1

    def __init__(self, text: str, code: str = "trouble") -> None:
        super().__init__(text)
        self.text, self.code = text, code


class Cancelled(Exception):
    """The user stopped a long step; everything is as it was before."""
