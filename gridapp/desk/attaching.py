"""附件: photos and scans of a household, a request, and (where it is switched on) a visit: added, looked at, saved out, removed like any row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk, note
from gridapp.desk.keeping import Kept, gone, keep_in
from gridapp.records.attachment import LARGEST
from gridapp.rules import contents
from gridapp.rules.codes import table
from gridapp.rules.reading import Fault, Trouble
from gridapp.store import Connection
from gridapp.store.notes import read_setting
from gridapp.store.read import Row, row, rows
from gridapp.store.undo import removed
from gridapp.sync import pieces

OWNERS = {"household": "household_id", "request": "request_id", "visit": "visit_id"}
VISITS = "visit_attachments"  # a setting: "1" lets visits have some
BUDGET = "attachments_per_bundle_mb"
MOST = 20
ENDINGS = {contents.JPEG: ".jpg", contents.PNG: ".png", contents.PDF: ".pdf"}


@dataclass(frozen=True)
class AttachmentLine:
    """One attachment: its kind in a word, what is said of it, the day. here: its content has come. picture: it can be shown.

    ending: of its file, saved out.
    """

    id: str
    kind: str
    caption: str
    added_on: str
    size: int
    here: bool
    picture: bool
    ending: str


def may_attach(connection: Connection, record: str) -> bool:
    """Whether rows of a record may have attachments here; visits only where that was switched on."""
    return record in OWNERS and (record != "visit" or read_setting(connection, VISITS) == "1")


def attachments(desk: Desk, record: str, row_id: str) -> tuple[bool, list[AttachmentLine]]:
    """(whether more may be added, what there is, oldest first)."""
    with desk.store.reading() as connection:
        found = sorted(_of(connection, record, row_id), key=lambda each: each["id"])
        lines = [_line(each, pieces.is_whole(connection, each["sha256"] or "")) for each in found]
        return may_attach(connection, record) and len(lines) < MOST, lines


def _of(connection: Connection, record: str, row_id: str) -> list[Row]:
    return rows(connection, "attachment", **{OWNERS[record]: row_id}) if record in OWNERS else []


def _line(each: Row, here: bool) -> AttachmentLine:
    media = each["media"] or ""
    kind, ending = table("media").label(media), ENDINGS.get(media, ".bin")
    return AttachmentLine(
        each["id"], kind, each["caption"] or "", each["added_on"] or "", each["size"] or 0, here, media in (contents.JPEG, contents.PNG), ending
    )


def attach(desk: Desk, record: str, row_id: str, data: bytes, caption: str = "") -> Kept:
    """Keep a picture or PDF with a row; faults for what may not be kept. Raises Trouble where the row may have none."""
    if faults := _faults(data):
        return Kept("", faults)
    with desk.store.work("添加附件") as work:
        owner = work.get(record, row_id)
        if owner is None:
            raise gone()
        if not may_attach(work.connection, record):
            raise Trouble("走访没有开启附件。需要时请先在“设置与体检”里打开“走访附件”。", "attachments_off")
        there = _of(work.connection, record, row_id)
        key = pieces.put(work.connection, data)
        if len(there) >= MOST or key in {each["sha256"] for each in there}:
            return Kept("", (_full() if len(there) >= MOST else _twice(),))
        raw = {OWNERS[record]: row_id, "sha256": key, "media": contents.media_of(data), "size": len(data)}
        kept = keep_in(desk, work, "attachment", {**raw, "added_on": desk.today().isoformat(), "caption": caption}, scope=owner["scope"])
        if kept.saved:
            work.keep()
    return kept


def _faults(data: bytes) -> tuple[Fault, ...]:
    if not contents.media_of(data):
        return (Fault("not_allowed", "只能添加照片、图片或 PDF。", "请换一个文件；其他文件可以先打印或另存为 PDF。"),)
    if len(data) > LARGEST:
        return (Fault("too_large", f"附件最大 {LARGEST >> 20} MB。", "请压缩，或拆成几个文件再添加。"),)
    if not contents.is_bare(data):
        return (Fault("not_bare", "图片里带有拍摄地点等附加信息，没有添加。", "请在程序窗口里添加，附加信息会自动去掉。"),)
    return ()


def _full() -> Fault:
    return Fault("full", f"这里已经有 {MOST} 个附件了。", "请先删除不再需要的。")


def _twice() -> Fault:
    return Fault("twice", "这个附件已经添加过了，没有重复添加。", "请换一个文件。")


def glimpse(desk: Desk, attachment_id: str) -> bytes | None:
    """A picture for the window to blur beyond recognition, as a mask stands for a number; None while it has not come. Not logged, so never shown."""
    with desk.store.reading() as connection:
        return pieces.content(connection, (row(connection, "attachment", attachment_id) or {}).get("sha256") or "")


def look(desk: Desk, attachment_id: str) -> bytes:
    """A picture in full; the log says who looked at which, and when. Raises Trouble when it is gone or has not come yet."""
    with desk.store.work() as work:
        data = _content(work.connection, attachment_id)
        note(work.connection, desk, "reveal", record="attachment", row_id=attachment_id, field="sha256")
        work.keep()
    return data


def save_out(desk: Desk, attachment_id: str, path: Path, purpose: str) -> Path:
    """Save an attachment outside the encrypted store, which takes a purpose and is logged. Raises Trouble."""
    if not purpose.strip():
        raise Trouble("还没有填写用途。请写明另存这个附件做什么用。", "no_purpose")
    with desk.store.work() as work:
        data = _content(work.connection, attachment_id)
        note(work.connection, desk, "export", record="attachment", row_id=attachment_id, purpose=purpose.strip())
        temporary = path.with_name(path.name + ".tmp")
        try:
            temporary.write_bytes(data)
            temporary.replace(path)
        except OSError as error:
            raise Trouble("附件没有存下：这个位置写不进去或空间不够。请换一个位置再试。", "cannot_write") from error
        work.keep()
    return path


def _content(connection: Connection, attachment_id: str) -> bytes:
    found = row(connection, "attachment", attachment_id)
    if found is None:
        raise gone()
    data = pieces.content(connection, found["sha256"] or "")
    if data is None:
        raise Trouble("这个附件的内容还没有收到。对方下次的数据包会带来。", "not_here")
    return data


def budget(connection: Connection) -> int:
    """Bytes of attachments one bundle may carry."""
    said = read_setting(connection, BUDGET)
    return int(said) << 20 if said.isdigit() and int(said) else pieces.BUDGET


def forget_contents(connection: Connection) -> int:
    """Drop contents that no attachment names and whose removal can no longer be undone; gives how many pieces went."""
    return pieces.forget(connection, lambda: removed(connection, "attachment", "sha256"))
