"""上级下发: what came from above and is new here: materials, dispatched requests, corrections; who sent each, and when.

What was read is remembered on this machine only: nobody above learns whether or when somebody looked.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk import content, facts
from gridapp.desk.desk import Desk, note
from gridapp.desk.exchange import put, shown
from gridapp.desk.finding import label
from gridapp.records import BY_NAME, columns
from gridapp.rules import codes, moments
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting
from gridapp.store.read import Row, brief, row
from gridapp.sync import written
from gridapp.sync.written import Written

READ, SEEN, MOST_CHANGES = "news_read", "news_seen", 200
LAST_MS = 4_102_444_800_000  # 2100
LISTED_ELSEWHERE = ("decision", "apart")  # on the page where they were decided
REQUESTS = ("request", "request_event")


@dataclass(frozen=True)
class NewsItem:
    """One thing from above. sort: a material's kind, 'request' or 'change'. state: how a material stands. lines: what it changes, or why it
    is not in use. text: a notice's words. record, row_id: the row it is about. at: for sorting."""

    key: str
    sort: str
    sort_label: str
    title: str
    who: str
    when: str
    is_new: bool
    state: str = ""
    lines: tuple[str, ...] = ()
    text: str = ""
    file_name: str = ""
    record: str = ""
    row_id: str = ""
    at: str = ""


@dataclass(frozen=True)
class News:
    """Everything from above, the newest first. unread: how many are new."""

    items: list[NewsItem]

    @property
    def unread(self) -> int:
        return sum(item.is_new for item in self.items)


def news(desk: Desk) -> News:
    """What came from above. Rows the centre changed are listed until they were looked at; materials stay."""
    with desk.store.reading() as connection:
        items = [*_materials(desk, connection), *_changes(desk, connection)]
    return News(sorted(items, key=lambda item: (item.at, item.key), reverse=True))


def unread(desk: Desk) -> int:
    """How many are new."""
    return news(desk).unread


def mark_seen(desk: Desk, *keys: str) -> None:
    """Remember that these were read; without keys, everything up to now."""
    current = news(desk)
    with desk.store.work() as work:
        known = {item.key for item in current.items if item.row_id and item.record == "material"}
        read = known & (_read(work.connection) | (set(keys) or known))
        write_setting(work.connection, READ, " ".join(sorted(read)))
        if not keys:
            _remember(work.connection)
        work.forget_steps()
        work.keep()


def save_template(desk: Desk, row_id: str, out: Path) -> Path:
    """Write a template that came from above to a file. Raises Trouble for one that is damaged, forged or gone, or when the place cannot take it."""
    with desk.store.reading() as connection:
        found = row(connection, "material", row_id)
        genuine = found is not None and content.is_genuine(connection, found)
    if found is None or found["kind"] != "template":
        raise Trouble("这份模板已经不在了。请刷新后再试。", "gone")
    if not genuine:
        raise Trouble(content.FORGED, "forged")
    path = put(out, content.file_of(found["body"] or ""))
    with desk.store.work() as work:
        note(work.connection, desk, "template", record="material", row_id=row_id, purpose=found["subject"] or "")
        work.keep()
    return path


def _materials(desk: Desk, connection: Connection) -> list[NewsItem]:
    above = [each for each in brief(connection, "material", ("body",)) if content.is_for(desk.scope, each["scope"]) and each["scope"] != desk.scope]
    if not above:
        return []
    found, read, today = content.weigh(connection, desk.scope, desk.today()), _read(connection), desk.today().isoformat()
    refused = dict(found.refused)
    notices = {each["id"]: row(connection, "material", each["id"]) or each for each in above if each["kind"] == "notice"}
    refused |= {key: content.FORGED for key, each in notices.items() if not content.is_genuine(connection, each)}
    return [_material(each, above, found.said, refused, notices, read, today) for each in above]


def _material(
    each: Row, above: list[Row], said: dict[str, list[str]], refused: dict[str, str], notices: dict[str, Row], read: set[str], today: str
) -> NewsItem:
    key, kind = each["id"], each["kind"] or ""
    known = kind in codes.table("material_kind").items
    lines = (refused[key],) if key in refused else tuple(said.get(key, ()))
    if not known:
        lines = ("本程序不认识这一种下发内容。请升级程序后再看。",)
    text = "" if key in refused or kind != "notice" else str(notices[key]["body"] or "")[: content.MOST_NOTICE]
    return NewsItem(
        key, kind, codes.table("material_kind").label(kind), each["subject"] or "", each["sent_by"] or "", sent_on(each),
        key not in read, content.state(each, above, today, refused), lines, text, each["file_name"] or "", "material", key, each["sent_on"] or "",
    )  # fmt: skip


def sent_on(each: Row) -> str:
    """When a material was sent, for people; a hostile program may have written anything."""
    try:
        return moments.show(each["sent_on"])
    except ValueError:
        return ""


def _read(connection: Connection) -> set[str]:
    return set(read_setting(connection, READ).split())


def _seen(connection: Connection) -> tuple[int, dict[str, int]]:
    kept = json.loads(read_setting(connection, SEEN) or "{}")
    return kept.get("tick", 0), kept.get("sids", {})


def _remember(connection: Connection) -> None:
    tick, sids = _seen(connection)
    for each in written.by_offices(connection, tick, sids):
        for sid, seq in each.dots:
            sids[sid] = max(sids.get(sid, 0), seq)
    write_setting(connection, SEEN, json.dumps({"tick": written.newest(connection), "sids": sids}))


def _changes(desk: Desk, connection: Connection) -> list[NewsItem]:
    told = BY_NAME.keys() - {*LISTED_ELSEWHERE}
    found = [each for each in written.by_offices(connection, *_seen(connection)) if each.record in told][:MOST_CHANGES]
    if not found:
        return []
    homes = facts.households(connection, desk.today())
    items: dict[str, NewsItem] = {}
    for each in sorted(found, key=lambda each: each.record != "request"):  # of a request and its events the request itself
        item = _request(connection, each) if each.record in REQUESTS else _change(connection, homes, each)
        items.setdefault(item.key, item)
    return list(items.values())


def _item(key: str, sort: str, sort_label: str, title: str, each: Written, lines: tuple[str, ...], record: str, row_id: str) -> NewsItem:
    who = " ".join(filter(None, (each.office, each.person)))
    at = min(max(each.at, 0), LAST_MS)  # another machine's clock may say anything
    moment = moments.store(dt.datetime.fromtimestamp(at / 1000, dt.UTC))
    return NewsItem(key, sort, sort_label, title, who, shown(at), True, "", lines, "", "", record, row_id, moment)


def _request(connection: Connection, each: Written) -> NewsItem:
    """A dispatched request, or news of one: its events belong to it."""
    row_id = each.row_id
    if each.record == "request_event":
        row_id = (row(connection, "request_event", row_id) or {}).get("request_id") or row_id
    found = row(connection, "request", row_id) or {}
    fresh = each.record == "request" and each.sort == "new"
    line = "中心派给本网格的服务事项，请签收办理。" if fresh else "中心更新了这件事项，请看一下办理情况。"
    title = f"{found.get('req_no') or ''} {(found.get('content') or '服务事项')[:40]}".strip()
    return _item(f"request/{row_id}", "request", "派发事项", title, each, (line,), "request" if found else "", row_id)


def _change(connection: Connection, homes: facts.Households, each: Written) -> NewsItem:
    record = BY_NAME[each.record]
    found = row(connection, each.record, each.row_id)
    if each.sort == "gone" or found is None:
        return _item(f"{each.record}/{each.row_id}", "change", "更正", f"{record.title}：1 条", each, ("中心删除了这条记录。",), "", "")
    labels = [column.label for column in columns(record) if column.name in each.fields]
    line = "中心新增了这条记录。" if each.sort == "new" else f"中心改了：{'、'.join(labels) or '所属网格'}。"
    title = f"{record.title} {label(homes, each.record, found)}"
    return _item(f"{each.record}/{each.row_id}", "change", "更正", title, each, (line,), each.record, each.row_id)
