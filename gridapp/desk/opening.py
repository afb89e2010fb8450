"""Opening a desk: the first time, and every time after."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gridapp import __version__, store
from gridapp.desk import content, merging, witness
from gridapp.desk.attaching import forget_contents
from gridapp.desk.desk import Desk
from gridapp.desk.moved import purge
from gridapp.desk.outbox import clear_old
from gridapp.records import new_id
from gridapp.rules.reading import Trouble
from gridapp.store import Connection, Store, keys, migrate
from gridapp.store.notes import read_setting, write_setting
from gridapp.store.search import forget_names
from gridapp.store.undo import forget_old
from gridapp.sync import capture, parking, schema, trust
from gridapp.sync.session import Session

LEAST_PASSWORD = 8


def exists(folder: Path) -> bool:
    """Whether a store was ever made in the folder."""
    return store.exists(folder)


def init(
    folder: Path,
    password: str,
    *,
    grid_name: str,
    who: str = "",
    role: str = "grid",
    url: str = "",
    cost: keys.Cost | None = None,
    sample: bool = False,
) -> tuple[Desk, str]:
    """Make a new store and sit down at it; gives (desk, the recovery code to print). Raises Trouble for a short password or where a store is."""
    if len(password) < LEAST_PASSWORD:
        raise Trouble(f"密码至少要 {LEAST_PASSWORD} 位。请换一个长一点的密码。", "short_password")
    if not grid_name.strip():
        raise Trouble("还没有填写名称。请填写网格或中心的名称。", "missing")
    code = store.create(folder, password, cost, url)
    try:
        with _opened(folder, password) as opened:
            _first_day(opened, grid_name.strip(), who.strip() or "书记", role, sample)
            return _sit(opened), code
    except BaseException:
        store.discard(folder)
        raise


def _first_day(opened: Store, grid_name: str, who: str, role: str, sample: bool) -> None:
    """Write what a new desk starts from: its settings, its organisation, its device."""
    org_id = new_id()
    scope = "" if role == "grid" else f"office-{secrets.token_hex(4)}"
    settings = {"grid_name": grid_name, "who": who, "role": role, "org_id": org_id, "scope": scope, "is_sample": "1" if sample else ""}
    with opened.work() as work:
        trust.device(work.connection)
        if role == "office":
            trust.found_office(work.connection, grid_name, scope)
        for key, value in settings.items():
            write_setting(work.connection, key, value)
        level = "grid" if role == "grid" else "community"
        work.insert("org", [{"id": org_id, "scope": scope, "name": grid_name, "level": level, "term_years": 5}])
        work.forget_steps()
        work.keep()


def open_desk(folder: Path, secret: str) -> Desk:
    """Open by password or recovery code. Raises NoStore, WrongPassword, InUse, or Trouble for a damaged or newer store."""
    with _opened(folder, secret) as opened:
        desk = _sit(opened)
        witness.look(desk)
        clear_old(desk)
        return desk


@contextmanager
def _opened(folder: Path, secret: str) -> Iterator[Store]:
    """The store brought up to the program; closed again when sitting down fails."""
    opened = store.open_store(folder, secret)
    try:
        with store.sentences():
            _upgrade(opened)
        yield opened
    except BaseException:
        opened.close()
        raise


def _upgrade(opened: Store) -> None:
    newer = migrate.upgrade(opened.engine, lambda name: _copy_before(opened, name))
    with opened.work() as work:
        if newer:
            _absorb(work.connection)
        capture.install(work.connection)
        forget_names(work.connection)
        forget_old(work.connection)
        purge(work.connection)
        forget_contents(work.connection)
        merging.follow(work)
        merging.blank_old(work, read_setting(work.connection, "scope"))
        work.keep()


def _absorb(connection: Connection) -> None:
    """What bundles of a newer program brought, and this one now knows, takes its place."""
    with capture.paused(connection, schema.current()):
        parking.absorb(connection, schema.current())


def _copy_before(opened: Store, name: str) -> None:
    if opened.is_file:
        backups = opened.folder / "backups"
        backups.mkdir(exist_ok=True)
        opened.back_up(backups / f"{name}.gbk")


def _sit(opened: Store) -> Desk:
    with opened.reading() as connection:
        values = {key: read_setting(connection, key) for key in ("who", "grid_name", "role", "org_id", "scope", "is_sample")}
        if not values["org_id"]:
            raise Trouble("上次建立数据时中断了，这里还没有任何记录。请删除这个文件夹里的文件，再重新建立。", "half_made")
        device = trust.device(connection)
    session = Session(device=device, person=values["who"], app=__version__)
    desk = Desk(
        opened, session, values["who"], values["grid_name"], values["role"], values["org_id"], values["scope"], is_sample=bool(values["is_sample"])
    )
    content.apply(desk)
    return desk
