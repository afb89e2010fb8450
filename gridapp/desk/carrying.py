"""What the user said of ledgers' columns: listed, forgotten, and carried to another desk in a small file that holds nothing personal."""
from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from gridapp.desk.desk import Desk
from gridapp.desk.headings import SETTING, ledger_fields, ledger_kinds, remember
from gridapp.rules.reading import Trouble
from gridapp.store.notes import read_setting

MARK, SUFFIX, LARGEST = "gridapp-headings", ".json", 1 << 20
FINGERPRINT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Remembered:
    """What was said of one heading: its fingerprint, what the table is, and what was said of its columns, in words."""

    signature: str
    kind: str
    columns: str


def remembered(desk: Desk) -> list[Remembered]:
    """Everything that was said, by kind of ledger."""
    from gridapp.ledgers.corrections import load

    with desk.store.reading() as connection:
        known = load(read_setting(connection, SETTING))
    kinds = dict(ledger_kinds())
    found = []
    for signature, each in known.items():
        labels = dict(ledger_fields(each.kind)) if each.kind in kinds else {}
        said = (f"第 {at + 1} 列是“{labels.get(name, name)}”" if name else f"第 {at + 1} 列不保存" for at, name in sorted(each.columns.items()))
        found.append(Remembered(signature, kinds.get(each.kind, "这张表不读"), "，".join(said) or "各列按表头认"))
    return sorted(found, key=lambda each: (each.kind, each.columns, each.signature))


def forget(desk: Desk, signatures: set[str]) -> int:
    """The program finds out for itself again; gives how many were forgotten."""
    from gridapp.ledgers.corrections import load

    with desk.store.work() as work:
        known = load(read_setting(work.connection, SETTING))
        left = {signature: each for signature, each in known.items() if signature not in signatures}
        remember(work.connection, left)
        work.keep()
    return len(known) - len(left)


def carry_out(desk: Desk, path: Path) -> int:
    """Write everything that was said to a file; gives how many headings. Raises Trouble for the place."""
    from gridapp.ledgers.corrections import dump, load

    with desk.store.reading() as connection:
        known = load(read_setting(connection, SETTING))
    text = json.dumps({"mark": MARK, "version": 1, "headings": json.loads(dump(known))}, ensure_ascii=False, indent=1)
    temporary = path.with_name(path.name + ".tmp")
    try:
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as error:
        raise Trouble("这里写不进去。请换一个位置，或检查磁盘空间后再试。", "cannot_write") from error
    return len(known)


def carry_in(desk: Desk, path: Path) -> int:
    """Take what another desk said, over what was said here; gives how many headings are new or said otherwise. Raises Trouble for another file."""
    from gridapp.ledgers.corrections import load

    with desk.store.work() as work:
        known = load(read_setting(work.connection, SETTING))
        brought = {signature: each for signature, each in load(_headings(path)).items() if FINGERPRINT.fullmatch(signature)}
        fresh = {signature: each for signature, each in brought.items() if known.get(signature) != each}
        remember(work.connection, {**known, **fresh})
        work.keep()
    return len(fresh)


def _headings(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        found = json.loads(path.read_text("utf-8"))
        if found["mark"] != MARK or not isinstance(found["headings"], dict):
            raise ValueError("another file")
        return json.dumps(found["headings"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Trouble("这不是“列的对应”文件，或者已经损坏。请选择从另一台电脑的“设置”里导出的文件。", "not_headings") from error
