"""The witness: a small file beside the store, outside it, that remembers which computer this is and which bundle came or went last.

A store put back from a backup, or copied from elsewhere, does not fit its witness; then the person is told once what it means, and the
other side by the next bundle. Harmless by design (see sync.link): no work is held up, nothing is refused, and a missing file says little.
"""

from __future__ import annotations

import hashlib
import json
import sys
import uuid
from pathlib import Path

from gridapp.desk.desk import Desk
from gridapp.store import Connection
from gridapp.store.notes import read_setting, write_setting
from gridapp.sync import link, watch

FILE, HEEDED = "witness.json", "witness_heeded"
SAYS = {
    "backup": "这里的数据是从备份恢复的，比上次交换时旧。可以照常使用，不会丢数据：交换过的内容，下次和{others}交换时会自动找回；"
    "备份以后还没有交换过的改动，请补记一次。",
    "machine": "这份数据原来在另一台电脑上。换了电脑就照常使用；如果原来那台也还在用，两台都可以继续用，不会丢数据，请告诉{others}一声。",
    "copy": "这份数据是从别处拷来的。可以照常使用；如果原来那份也还在用，两份都可以继续用，不会丢数据，请告诉{others}一声。",
}


def machine() -> str:
    """A name of this computer that stays; '' where none is known."""
    if sys.platform == "win32":
        return _windows()
    for path in (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id")):
        if path.is_file() and (found := path.read_text("ascii", "ignore").strip()):
            return found
    node = uuid.getnode()
    return "" if node >> 40 & 1 else f"{node:012x}"  # a random answer has this bit set


def _windows() -> str:
    import winreg  # type: ignore[import-not-found,unused-ignore]

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:  # type: ignore[attr-defined,unused-ignore]
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return ""


def _read(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and all(isinstance(value, str) for value in found.values()) else {}


def _write(folder: Path, content: dict[str, str]) -> None:
    whole = folder / (FILE + ".tmp")
    try:
        whole.write_text(json.dumps(content), "utf-8")
        whole.replace(folder / FILE)
    except OSError:  # a witness that cannot be written tells nothing, and holds up nobody
        return


def _present(connection: Connection, device: str) -> dict[str, str]:
    name = machine()
    digest = hashlib.blake2b(f"{device} {name}".encode(), digest_size=16).hexdigest() if name else ""
    return {"device": device, "machine": digest, "last": watch.last_bundle(connection)}


def mark(desk: Desk) -> None:
    """Remember the present; after each bundle that came or went."""
    with desk.store.reading() as connection:
        _write(desk.folder, _present(connection, desk.session.device))


def restored(folder: Path) -> None:
    """A backup was put in place here, on purpose."""
    _write(folder, _read(folder) | {"event": "backup"})


def look(desk: Desk) -> None:
    """Compare store and witness when sitting down; what does not fit is kept to be told, and the witness is set right."""
    with desk.store.reading() as connection:
        before, now = _read(desk.folder), _present(connection, desk.session.device)
        event = _event(connection, before, now)
    if event:
        with desk.store.work() as work:
            watch.restored(work.connection, event)
            work.keep()
    if before != now:
        _write(desk.folder, now)


def _event(connection: Connection, before: dict[str, str], now: dict[str, str]) -> str:
    last = before.get("last", "")
    if not now["last"] and not last:
        return ""  # never exchanged anything: nobody else could hold a part of it
    if before.get("event") or (last and before.get("device") == now["device"] and not watch.knows(connection, last)):
        return "backup"
    if before.get("device") != now["device"]:
        return "copy"
    there, here = before.get("machine"), now["machine"]
    return "machine" if there and here and there != here else ""


def noticed(desk: Desk) -> str:
    """What the witness found, in words, until it is heeded; '' for nothing."""
    with desk.store.reading() as connection:
        token, event = watch.own_event(connection)
        others = "、".join(_others(connection))
        return SAYS[event].format(others=others) if event and read_setting(connection, HEEDED) != token else ""


def _others(connection: Connection) -> list[str]:
    ways = {each.way for each in link.links(connection)}
    return [word for way, word in (("up", "中心"), ("down", "各网格")) if way in ways] or ["对方"]


def heed(desk: Desk) -> None:
    """The person has read it."""
    with desk.store.work() as work:
        write_setting(work.connection, HEEDED, watch.own_event(work.connection)[0])
        work.keep()

