"""下发: what the centre sends to everybody below it, checked before it is signed; withdrawn at any time; who has it already."""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridapp import places
from gridapp.desk import content
from gridapp.desk.desk import Desk, note
from gridapp.desk.exchange import put
from gridapp.desk.news import sent_on
from gridapp.records import column, new_id
from gridapp.records.material import MOST_BYTES, Material
from gridapp.rules import codes
from gridapp.rules.content import LONGEST, Content, parse
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.read import Row, brief
from gridapp.store.work import Work
from gridapp.sync import link, schema, sealing, trust

TOML, TEXT, BOOKS = ".toml", ".txt", (".xlsx", ".xls")


@dataclass(frozen=True)
class Published:
    """What was sent, or is about to be: its kind, name and first day, and what it changes in words. row_id: '' before it is sent."""

    row_id: str
    kind: str
    kind_label: str
    subject: str
    effective_from: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Sent:
    """One thing sent down, and how far it came: confirmed of total links; waiting: the names of those that have not confirmed it.

    farther: some of them are offices, who hand it on to grids of their own; those are not counted here.
    """

    row_id: str
    kind_label: str
    subject: str
    version: str
    sent_on: str
    sent_by: str
    effective_from: str
    state: str
    is_ours: bool
    confirmed: int
    total: int
    waiting: tuple[str, ...]
    farther: bool


def look_at(desk: Desk, kind: str = "", *, text: str = "", file: Path | None = None, **more: str) -> Published:
    """What sending this would change, without sending it. Raises Trouble that names what is wrong."""
    with desk.store.reading() as connection:
        return _told(*_drafted(desk, connection, _row(desk, kind, text, file, more)))


def publish(desk: Desk, kind: str = "", *, text: str = "", file: Path | None = None, **more: str) -> Published:
    """Send a notice's text, or a file: a code table, rule pack or form (.toml), a notice (.txt), a template (.xlsx, .xls).

    kind: told from the file where blank. more: subject, key, version, effective_from. It travels with the next bundle down.
    Raises Trouble that names what is wrong; nothing is then sent.
    """
    with desk.store.work() as work:
        row, changes = _drafted(desk, work.connection, _row(desk, kind, text, file, more))
        shape = schema.current().by_name["material"]
        work.insert("material", [{**row, "seal": sealing.seal(work.connection, shape, row["id"], row)}])
        note(work.connection, desk, "publish", record="material", row_id=row["id"], purpose=row["subject"])
        work.forget_steps()
        work.keep()
    content.apply(desk)
    return _told(row, changes)


def examples(out_dir: Path) -> list[Path]:
    """Put one well-made file of each sort beside one another, to start from. Raises Trouble when the place cannot take them."""
    return [put(out_dir / each.name, each.read_bytes()) for each in sorted(places.resources("examples").glob("*.toml"))]


def withdraw(desk: Desk, row_id: str) -> None:
    """Take back what this office sent: it stops counting everywhere with the next bundle. Raises Trouble for what is not ours, or gone."""
    _check_office(desk)
    with desk.store.work() as work:
        row = work.get("material", row_id)
        if row is None or row["scope"] != desk.scope:
            raise Trouble("这一条不是本单位下发的，或已经不在了，不能撤回。请刷新后再试。", "not_ours")
        if not row["withdrawn_on"]:
            _change(desk, work, row, {"withdrawn_on": desk.today().isoformat()})
            note(work.connection, desk, "withdraw", record="material", row_id=row_id, purpose=row["subject"])
            work.keep()
    content.apply(desk)


def _change(desk: Desk, work: Work, row: Row, values: dict[str, Any]) -> None:
    shape = schema.current().by_name["material"]
    work.change("material", row["id"], {**values, "seal": sealing.seal(work.connection, shape, row["id"], {**row, **values})})
    work.forget_steps()


def published(desk: Desk) -> list[Sent]:
    """All that this office and those below it sent down, the newest first."""
    today, table = desk.today().isoformat(), codes.table("material_kind")
    with desk.store.reading() as connection:
        below = [each for each in link.links(connection) if each.way == "down"]
        rows = sorted(brief(connection, "material", ("body",)), key=lambda row: (row["sent_on"] or "", row["id"]), reverse=True)
        refused = content.weigh(connection, desk.scope, desk.today()).refused
        return [_sent(connection, desk, row, below, table.label(row["kind"]), content.state(row, rows, today, refused)) for row in rows]


def _sent(connection: Connection, desk: Desk, row: Row, below: list[link.Link], kind: str, standing: str) -> Sent:
    there = [each for each in below if content.is_for(each.scope, row["scope"])]
    waiting = tuple(each.label for each in there if not link.has(connection, each, "material", row["id"]))
    when, ours = sent_on(row), row["scope"] == desk.scope
    return Sent(
        row["id"], kind, row["subject"] or "", row["version"] or "", when, row["sent_by"] or "", row["effective_from"] or "", standing, ours,
        len(there) - len(waiting), len(there), waiting, any(_is_office(connection, each) for each in there),
    )  # fmt: skip


def _is_office(connection: Connection, below: link.Link) -> bool:
    known = trust.certificate(connection, below.id)
    return known is not None and known.role == "office"


def _check_office(desk: Desk) -> None:
    if desk.role != "office":
        raise Trouble("本机不是中心，不能下发。请在中心的程序里下发。", "not_an_office")


def _row(desk: Desk, kind: str, text: str, file: Path | None, more: dict[str, str]) -> Row:
    """A material's values as asked for; what is left blank is filled in."""
    _check_office(desk)
    kind, body = _read(file, kind) if file else (kind or "notice", text)
    if kind not in codes.table("material_kind").items:
        raise Trouble(f"没有“{kind}”这一种下发内容。可以写 {'、'.join(codes.table('material_kind').items)}。", "no_such_kind")
    row_id = new_id()
    told = {"key": "", "version": "", "effective_from": "", "subject": file.stem if file else ""}
    told |= {name: value for name, value in more.items() if value}
    key, first_day = _key(kind, body, told["subject"], row_id), told["effective_from"] or desk.today().isoformat()
    if kind == "rules":
        first_day = str(parse(body, "规则包").get("effective_from", first_day))
    values = {**told, "key": told["key"] or key, "effective_from": first_day, "kind": kind, "file_name": file.name if file else ""}
    signed = {"sent_on": desk.now(), "sent_by": f"{desk.grid_name} {desk.who}", "withdrawn_on": None, "seal": ""}
    return {"id": row_id, "scope": desk.scope, "body": body, **_checked(values), **signed}


def _checked(values: dict[str, str]) -> dict[str, Any]:
    if not values["subject"].strip():
        raise Trouble("还没有填写标题。请写一个让网格一看就明白的标题。", "no_subject")
    found = {name: column(Material, name).read(value) for name, value in values.items()}
    faults = [fault for reading in found.values() for fault in reading.faults if fault.fatal]
    if faults:
        raise Trouble(f"{faults[0].text}{faults[0].hint}", faults[0].code)
    return {name: reading.value for name, reading in found.items()}


def _key(kind: str, body: str, subject: str, row_id: str) -> str:
    """What a later version replaces: a notice nothing, a form the form of its key, a code table the one for the same tables."""
    if kind == "notice":
        return row_id
    told = parse(body, "文件") if kind in ("codes", "form") else {}
    return str(told.get("key", "")) if kind == "form" else "、".join(sorted(told))[:80] if kind == "codes" else subject


def _read(file: Path, kind: str) -> tuple[str, str]:
    """A file's kind and its text. Raises Trouble for one that cannot be read, is too large, or is of no kind."""
    ending = file.suffix.lower()
    try:
        if file.stat().st_size > (MOST_BYTES if ending in BOOKS else 4 * LONGEST):
            raise Trouble(f"“{file.name}”太大，不能下发。表格最多 {MOST_BYTES >> 20} MB，文字最多 {LONGEST // 10_000} 万字。", "too_large")
        data = file.read_bytes()
    except OSError as error:
        raise Trouble(f"“{file.name}”读不出来。请检查文件和 U 盘，再试一次。", "cannot_read") from error
    if ending in BOOKS:
        return "template", base64.b64encode(data).decode()
    if ending not in (TOML, TEXT):
        raise Trouble(f"“{file.name}”这种文件不能下发。请选 .toml、.txt、.xlsx 或 .xls。", "no_such_kind")
    text = _decoded(file, data)
    return kind or ("notice" if ending == TEXT else _kind_of(text)), text


def _decoded(file: Path, data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise Trouble(f"“{file.name}”里的文字读不出来。请另存为 UTF-8 编码再试。", "cannot_read")


def _kind_of(text: str) -> str:
    told = parse(text, "文件")
    return "rules" if "rule" in told else "form" if "columns" in told else "codes"


def _drafted(desk: Desk, connection: Connection, row: Row) -> tuple[Row, list[str]]:
    """A draft and what it changes on its first day. Raises Trouble for what every desk would refuse."""
    if row["kind"] not in content.TEXTS:
        return row, content.check(row["kind"], Content(), row["body"])[1]
    first_day = max(dt.date.fromisoformat(row["effective_from"]), desk.today())
    found = content.weigh(connection, desk.scope, first_day, row)
    if row["id"] in found.refused:
        raise Trouble(found.refused[row["id"]], "content_refused")
    return row, found.said.get(row["id"], [])


def _told(row: Row, changes: list[str]) -> Published:
    return Published(row["id"], row["kind"], codes.table("material_kind").label(row["kind"]), row["subject"], row["effective_from"], tuple(changes))
