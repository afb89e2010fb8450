"""Enrolling a grid: its request file, six words compared, a certificate with its path."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk, note
from gridapp.desk.exchange import put
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.sync import bundle, link, trust


@dataclass(frozen=True)
class Enrolled:
    """A grid that was taken in: its name, the six words of its keys, its path, and the answer file to carry back (None where not asked for)."""

    grid_name: str
    words: str
    scope: str
    answer: Path | None = None
    office_words: str = ""


def look_at_request(path: Path) -> Enrolled:
    """Who asks, and the six words to compare before enrolling; nothing is changed. Raises Trouble for a file that is not a request."""
    asked = trust.read_request(path)
    return Enrolled(asked.label, " ".join(asked.words), "")


def enrol(desk: Desk, path: Path, *, words: str | None = None, out_dir: Path | None = None) -> Enrolled:
    """Enrol a request. words, where given, must be those the grid read out. The answer goes into out_dir, or in the first return."""
    if desk.role != "office":
        raise Trouble("本机不是中心，不能登记网格。请在中心的程序里登记。", "not_an_office")
    asked = trust.read_request(path)
    if words is not None and words.split() != list(asked.words):
        raise Trouble("六个词与对方读出的不一样，没有登记。请当面核实文件来源。", "words_differ")
    with desk.store.work() as work:
        known = trust.certificate(work.connection, asked.device)
        made = known or trust.enrol(work.connection, asked, _next_scope(work.connection, desk))
        data = trust.answer(work.connection, made.device)
        own = " ".join(trust.own_words(work.connection))
        note(work.connection, desk, "enrol", purpose=made.label)
        work.keep()
    file = put(out_dir / f"加入答复-{made.device[:6].upper()}{bundle.SUFFIX}", data) if out_dir else None
    return Enrolled(made.label, " ".join(made.words), made.scope, file, own)


def _next_scope(connection: Connection, desk: Desk) -> str:
    taken = {each.scope for each in link.links(connection)}
    number = 1
    while f"{desk.scope}/g{number:03d}" in taken:
        number += 1
    return f"{desk.scope}/g{number:03d}"
