"""Enrolling: a request file, six words compared, a certificate with its path; for a grid, an office below, or the new computer of either."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk, note
from gridapp.desk.exchange import put
from gridapp.office.standing import at
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.sync import bundle, link, trust


@dataclass(frozen=True)
class Enrolled:
    """Who was taken in: its name, the six words of its keys, its path, and the answer file to carry back (None where not asked for)."""

    grid_name: str
    words: str
    scope: str
    answer: Path | None = None
    office_words: str = ""


def look_at_request(path: Path) -> Enrolled:
    """Who asks, and the six words to compare before enrolling; nothing is changed. Raises Trouble for a file that is not a request."""
    asked = trust.read_request(path)
    return Enrolled(asked.label, " ".join(asked.words), "")


def enrol(
    desk: Desk, path: Path, *, words: str | None = None, out_dir: Path | None = None, role: str = "grid", replace: str = ""
) -> Enrolled:
    """Enrol a request. words, where given, must be those the other side read out. The answer goes into out_dir, or in the first return.

    role: grid, or office for one that gathers grids of its own. replace: the path whose computer is new or was lost; the old device is withdrawn,
    and the first return brings the new one all rows of the path. Raises Trouble.
    """
    if desk.role != "office":
        raise Trouble("本机不是中心，不能登记网格。请在中心的程序里登记。", "not_an_office")
    asked = trust.read_request(path)
    if words is not None and words.split() != list(asked.words):
        raise Trouble("六个词与对方读出的不一样，没有登记。请当面核实文件来源。", "words_differ")
    with desk.store.work() as work:
        made = _certified(work.connection, desk, asked, role, replace)
        data = trust.answer(work.connection, made.device)
        own = " ".join(trust.own_words(work.connection))
        if replace:
            note(work.connection, desk, "replace", purpose=made.label)
        else:
            note(work.connection, desk, "enrol", purpose=made.label)
        work.keep()
    file = put(out_dir / f"加入答复-{made.device[:6].upper()}{bundle.SUFFIX}", data) if out_dir else None
    return Enrolled(made.label, " ".join(made.words), made.scope, file, own)


def _certified(connection: Connection, desk: Desk, asked: trust.Request, role: str, replace: str) -> trust.Certificate:
    known = trust.certificate(connection, asked.device)
    if known and not trust.is_revoked(connection, asked.device):
        if replace and known.scope != replace:
            raise Trouble(f"这台电脑已经登记为“{known.label}”，不能再顶替别的网格。请用新电脑的申请文件。", "already_enrolled")
        # other keys: it was restored from a backup older than its new keys; the words were compared again
        return known if (known.sign, known.box) == (asked.sign, asked.box) else trust.enrol(connection, asked, known.scope, known.role)
    if not replace:
        return trust.enrol(connection, asked, known.scope if known else _next_scope(connection, desk, role), role)
    before = at(connection, replace)
    old = trust.certificate(connection, before.id)
    trust.revoke(connection, before.id)
    return trust.enrol(connection, asked, replace, old.role if old else role)


def _next_scope(connection: Connection, desk: Desk, role: str) -> str:
    taken = {each.scope for each in link.links(connection)}
    letter, number = ("c" if role == "office" else "g"), 1
    while f"{desk.scope}/{letter}{number:03d}" in taken:
        number += 1
    return f"{desk.scope}/{letter}{number:03d}"
