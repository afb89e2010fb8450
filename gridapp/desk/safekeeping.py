"""Keeping safe: backups, the check-up, the password, the log of what was revealed, settings."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridapp.desk import witness
from gridapp.desk.desk import Desk, note
from gridapp.desk.keeping import gone
from gridapp.desk.opening import LEAST_PASSWORD
from gridapp.records import BY_NAME, RECORDS, column, columns
from gridapp.rules import moments
from gridapp.rules.dates import CHINA
from gridapp.rules.reading import Trouble
from gridapp.store import Connection, backup, health, keys, locked, migrate
from gridapp.store.notes import read_notes, read_setting, write_setting
from gridapp.store.read import Row, count
from gridapp.sync import capture
from gridapp.sync.stamping import stamp_edits

KEEP_DAYS = 30


@dataclass(frozen=True)
class CheckLine:
    """One line of the check-up: whether it is well, and a sentence. grave: it is about the data itself, not about habits or room."""

    ok: bool
    text: str
    grave: bool = True


def back_up(desk: Desk, out: Path | None = None) -> Path:
    """Write a backup; without a place named, beside the data, and older ones beyond a month go (the newest ten always stay)."""
    folder = desk.folder / "backups"
    if out is None:
        folder.mkdir(exist_ok=True)
        out = folder / f"{desk.clock().astimezone(CHINA):%Y%m%d-%H%M%S}.gbk"
    elif out.exists():
        raise Trouble("这个位置已有同名文件，没有覆盖。请换一个文件名。", "file_exists")
    made = desk.store.back_up(out)
    with desk.store.work() as work:
        write_setting(work.connection, "last_backup", desk.now())
        note(work.connection, desk, "backup")
        work.keep()
    _thin(folder, desk.today())
    return made


def _thin(folder: Path, today: dt.date) -> None:
    kept = sorted(folder.glob("*.gbk"), reverse=True)
    for path in kept[10:]:
        if dt.date.fromtimestamp(path.stat().st_mtime) < today - dt.timedelta(KEEP_DAYS):
            path.unlink()


def last_backup_in(connection: Connection, today: dt.date) -> str:
    """When the last backup was made, for people."""
    stored = read_setting(connection, "last_backup")
    if not stored:
        return "还没有备份"
    shown = moments.show(stored)
    return f"今天 {shown[11:]}" if shown[:10] == today.isoformat() else shown


def last_backup(desk: Desk) -> str:
    """The same, asked on its own."""
    with desk.store.reading() as connection:
        return last_backup_in(connection, desk.today())


def restore(folder: Path, file: Path, secret: str) -> Path | None:
    """Put a backup in place of the folder's store; gives where the old one was set aside. Raises Trouble, WrongPassword, InUse while it is open."""
    if not file.is_file():
        raise Trouble("没有找到这个备份文件。请检查位置后再试。", "no_file")
    with locked(folder):
        aside = backup.restore(file, folder, secret)
        witness.restored(folder)
    return aside


def check_up(desk: Desk) -> list[CheckLine]:
    """Look the store over: encryption and pages, links between rows, change triggers, the version, the backup's age, free space."""
    try:
        return [*_inside(desk), *_around(desk)]
    except Trouble as trouble:
        if trouble.code != "damaged_store":
            raise
        return [CheckLine(False, "数据文件有损坏，有的地方已读不出来。请从最近的备份恢复。")]


def _inside(desk: Desk) -> list[CheckLine]:
    lines = []
    with desk.store.reading() as connection:
        if desk.store.is_file:
            whole = health.is_whole(connection)
            lines.append(CheckLine(whole, "数据文件完整。" if whole else "数据文件有损坏。请从最近的备份恢复。"))
            sealed = health.is_sealed(connection)
            lines.append(CheckLine(sealed, "每一页的加密校验都对。" if sealed else "有数据页校验不对。请从最近的备份恢复。"))
            loose = health.loose_links(connection)
            lines.append(CheckLine(not loose, "记录之间的对应关系完好。" if not loose else f"有 {loose} 条记录找不到所属。请联系中心。"))
        watched = _watched(connection)
        lines.append(CheckLine(watched, "改动都在记录，可以交换。" if watched else "改动记录没有开启。请关闭后重新打开程序。"))
        lines.append(CheckLine(True, f"数据版本 {migrate.version(connection)}。"))
        counts = "，".join(f"{record.title} {count(connection, str(record.__tablename__))}" for record in RECORDS)
        lines.append(CheckLine(True, f"共有：{counts}。"))
    return lines


def _around(desk: Desk) -> list[CheckLine]:
    lines = []
    with desk.store.reading() as connection:
        stored = read_setting(connection, "last_backup")
    fresh = bool(stored) and (desk.clock() - dt.datetime.fromisoformat(stored)).days < 7
    lines.append(CheckLine(fresh, f"上次备份：{last_backup(desk)}。" if fresh else "一周内没有备份。请现在备份一次。", False))
    free = shutil.disk_usage(desk.folder).free >> 20
    lines.append(CheckLine(free > 500, f"磁盘还有 {free:,} MB 可用。" if free > 500 else f"磁盘只剩 {free} MB。请清理后再用。", False))
    return lines


def _watched(connection: Connection) -> bool:
    try:
        capture.check(connection)
    except Trouble:
        return False
    return True


def change_password(desk: Desk, old: str, new: str) -> None:
    """Wrap the data key by a new password. Raises WrongPassword, Trouble when the new one is short."""
    if len(new) < LEAST_PASSWORD:
        raise Trouble(f"新密码至少要 {LEAST_PASSWORD} 位。请换一个长一点的密码。", "short_password")
    keys.change_password(desk.folder / backup.KEYS, old, new)


def renew_recovery_code(desk: Desk, secret: str, cost: keys.Cost | None = None) -> str:
    """A new recovery code to print; the old one is void. Raises WrongPassword, Trouble."""
    code = keys.renew_code(desk.folder / backup.KEYS, secret, cost)
    with desk.store.work() as work:
        note(work.connection, desk, "recovery code")
        work.keep()
    return code


def back_up_when_due(desk: Desk) -> Path | None:
    """A backup beside the data when the last one is a day old and there is something to lose; None when it is not time. Raises Trouble.

    With it the day's edits are stamped: a desk that never meets a centre would else gather them for ever.
    """
    with desk.store.reading() as connection:
        stored = read_setting(connection, "last_backup")
        kept = any(count(connection, record) for record in ("household", "member", "visit", "request"))
    due = not stored or desk.clock() - dt.datetime.fromisoformat(stored) > dt.timedelta(days=1)
    if not (due and kept and desk.store.is_file and not desk.is_sample):
        return None
    with desk.store.work() as work:
        stamp_edits(work.connection, desk.session)
        work.keep()
    return back_up(desk)


def reveal(desk: Desk, record: str, row_id: str, name: str) -> str:
    """A masked value in full; the log says who looked at which field of which row, and when."""
    each = column(BY_NAME[record], name)
    with desk.store.work() as work:
        row = work.get(record, row_id)
        if row is None:
            raise gone()
        note(work.connection, desk, "reveal", record=record, row_id=row_id, field=name)
        work.keep()
    return each.kind.show(row[name])


def to_edit(desk: Desk, record: str, row_id: str) -> Row:
    """A row's stored values for a form; a form shows them whole, so the log says so of each masked one. Raises Trouble when the row is gone."""
    with desk.store.work() as work:
        row = work.get(record, row_id)
        if row is None:
            raise gone()
        for each in columns(BY_NAME[record]):
            if each.kind.secrecy >= 2 and row[each.name]:
                note(work.connection, desk, "reveal", record=record, row_id=row_id, field=each.name)
        work.keep()
    return row


def audit(desk: Desk, limit: int = 200) -> list[dict[str, Any]]:
    """The newest lines of the log."""
    with desk.store.reading() as connection:
        return read_notes(connection, limit)


def setting(desk: Desk, key: str, default: str = "") -> str:
    """A setting of this desk."""
    with desk.store.reading() as connection:
        return read_setting(connection, key, default)


def put_setting(desk: Desk, key: str, value: str) -> None:
    """Keep a setting of this desk."""
    with desk.store.work() as work:
        write_setting(work.connection, key, value)
        work.keep()


__all__ = ["CheckLine", "audit", "back_up", "change_password", "check_up", "last_backup", "put_setting", "restore", "reveal", "setting"]
