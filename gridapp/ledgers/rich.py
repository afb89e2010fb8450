"""Texts of several runs in an .xlsx, of which some may be struck out: a cell is struck out when nothing of it is left to stand."""
from __future__ import annotations

import re

STRIKE = re.compile(rb'strike(?:\s*/|\s*>|\s+val="(?:1|true)")')
ITEM, RUN, LOOKS = (re.compile(rb"<(?:\w+:)?%s(?=[ >/])" % name) for name in (b"si", b"r", b"rPr"))
TAG = re.compile(rb"<[^<>]*>")
Runs = tuple[bool | None, ...]


def runs_of(text: bytes) -> Runs:
    """For each run that says something: whether it is struck out, None where it looks as its cell does. () for plain text."""
    return tuple(bool(STRIKE.search(run)) if LOOKS.search(run) else None for run in RUN.split(text)[1:] if _says(run))


def _says(run: bytes) -> bool:
    return bool(TAG.sub(b"", run.partition(b">")[2]).strip())


def shared_runs(shared: bytes) -> dict[bytes, Runs]:
    """The runs of the shared texts that have any, by their number as cells write it."""
    if not LOOKS.search(shared):
        return {}
    found = ((str(at).encode(), runs_of(item)) for at, item in enumerate(ITEM.split(shared)[1:]))
    return {number: runs for number, runs in found if runs}
