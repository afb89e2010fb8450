"""What the self-test proves, in order: what is on board, the store, ledgers in and out, the exchange, paper, the window."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gridapp
from gridapp import crash, places
from gridapp.rules.reading import Trouble

PASSWORD = "zijian-2026"
ABOARD = (
    "rules/codes.toml", "forms/01-member.toml", "fonts/NotoSansSC-Regular.otf", "fonts/NotoSansSC-OFL.txt", "icons/gridapp.svg",
    "style/tick-light.svg", "words/check_words.txt", "examples/代码表样例.toml", "packaging/自动收包.txt", "sheets/visit.html", "manual/start.md",
    "manual/start-1.png",
)  # fmt: skip
HEADINGS = ("序号", "姓名", "性别", "住址", "联系电话")


@dataclass
class Bed:
    """Where the checks lie: a folder of their own, the desks made in it, and where a picture of the window goes."""

    folder: Path
    picture: Path | None = None
    desks: dict[str, Any] = field(default_factory=dict)

    @property
    def grid(self) -> Any:
        """The grid's desk; Trouble where making it failed."""
        expect("grid" in self.desks, "数据库没有建成，这一项没法做。")
        return self.desks["grid"]

    def close(self) -> None:
        """Close what is open."""
        while self.desks:
            self.desks.popitem()[1].close()


def expect(met: object, sentence: str) -> None:
    """Raise Trouble unless it is as it should be."""
    if not met:
        raise Trouble(sentence)


def aboard(bed: Bed) -> str:
    """Everything that ships beside the code is there and can be read."""
    from gridapp import desk
    from gridapp.desk import sample

    missing = [name for name in ABOARD if not places.resources(*name.split("/")).is_file()]
    expect(not missing, f"程序不完整，缺少：{'、'.join(missing)}。请重新安装。")
    expect(len(sample.ledgers("grid1")) == len(sample.ORDER), "示例台账不全。请重新安装。")
    whole = not places.frozen() or (places.resources().parent / "licenses" / "Qt" / "LGPL-3.0.txt").is_file()
    expect(whole, "缺少第三方软件的许可文件。请重新安装。")
    sort = "安装版" if places.frozen() else "源代码"
    return f"gridapp {gridapp.__version__}，Python {platform.python_version()}，{sort}，台账 {len(desk.ledgers())} 种"


def database(bed: Bed) -> str:
    """SQLite is past the WAL-reset fault, and it is the one that encrypts."""
    from gridapp.store import engine

    connection = engine.connect(":memory:", "0" * 96)
    try:
        (cipher,), (sqlite,) = (connection.execute(ask).fetchone() for ask in ("PRAGMA cipher_version", "SELECT sqlite_version()"))
    finally:
        connection.close()
    expect(cipher, "数据库组件不会加密。请重新安装。")
    return f"SQLite {sqlite}，SQLCipher {cipher}"


def store(bed: Bed) -> str:
    """A new encrypted store stands at the newest migration, says nothing to who has no password, and opens again."""
    from gridapp import desk
    from gridapp.store import migrate

    folder = bed.folder / "grid"
    desk.init(folder, PASSWORD, grid_name="自检网格", who="王建国")[0].close()
    plain = [path.name for path in folder.iterdir() if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"]
    expect(not plain, f"数据没有加密：{'、'.join(plain)}。请不要使用这个版本。")
    expect(_refused(folder), "错误的密码也打开了数据。请不要使用这个版本。")
    bed.desks["grid"] = desk.open_desk(folder, PASSWORD)
    with bed.grid.store.reading() as connection:
        expect(migrate.version(connection) == migrate.head(), "数据库没有升级到程序的版本。请重新安装。")
    return f"加密、迁移到 {migrate.head()}、错误的密码打不开"


def _refused(folder: Path) -> bool:
    from gridapp import desk

    try:
        desk.open_desk(folder, PASSWORD + "x").close()
    except Trouble:
        return True
    return False


def take_in(bed: Bed) -> str:
    """The sample ledgers, .xlsx, .xls and .csv, come in, and people are found by their initials."""
    from gridapp import desk
    from gridapp.desk import sample
    from gridapp.rules.pinyin import spelling

    done = sample.fill(bed.grid)
    expect(all(each.records for each in done), "有台账一行也没有导入。")
    resident = desk.listing(bed.grid, "resident").rows[0]
    name = desk.values(bed.grid, "resident", resident.id)["name"]
    expect(any(hit.id == resident.id for hit in desk.find(bed.grid, spelling(name).initials[0], 999)), "按姓名首字母找不到人。请重新安装。")
    return "、".join(f"{Path(each.file).suffix} {sum(each.records.values())} 条" for each in done)


def give_out(bed: Bed) -> str:
    """Every standard ledger is written, and reads back with as many rows; those of a kind the program does not take in at least open."""
    from gridapp import desk
    from gridapp.ledgers.reader import read_ledger

    told = []
    for ledger in desk.ledgers():
        if ledger.official:
            given = desk.give_out(bed.grid, ledger.key, bed.folder / f"{ledger.key}.xlsx", purpose=desk.Purpose.INSIDE, aim="自检")
            book = read_ledger(given.path)
            found = sum(len(sheet.rows) + len(sheet.rejects) for sheet in book.sheets)
            expect(found == given.rows or book.error == "no_table_found", f"《{ledger.title}》写出 {given.rows} 行，读回 {found} 行。")
            told.append(f"{ledger.title} {given.rows} 行")
    return "、".join(told)


def lock(bed: Bed) -> str:
    """A ledger behind a password of its own opens by that, and only by that."""
    from gridapp import desk
    from gridapp.ledgers import locking

    out = bed.folder / "locked.xlsx"
    desk.give_out(bed.grid, desk.ledgers()[0].key, out, purpose=desk.Purpose.INSIDE, aim="自检", file_password=PASSWORD)
    locked = out.read_bytes()
    expect(locked.startswith(b"\xd0\xcf\x11\xe0") and locking.unlock(locked, PASSWORD).startswith(b"PK"), "台账没有加上打开密码。")
    return f"{len(locked) / 1024:,.0f} KB"


def fill(bed: Bed) -> str:
    """Somebody else's empty table is filled."""
    from gridapp import desk
    from gridapp.ledgers.reader import read_ledger

    empty, out = bed.folder / "空表.xlsx", bed.folder / "填好.xlsx"
    _empty_table(empty)
    filled = desk.fill_in(bed.grid, empty, out, purpose=desk.Purpose.INSIDE, aim="自检")
    expect(filled.rows and not filled.open_holes, "空表没有填好。")
    found = sum(len(sheet.rows) + len(sheet.rejects) for sheet in read_ledger(out).sheets)
    expect(found == filled.rows, f"空表填了 {filled.rows} 行，读回 {found} 行。")
    return f"{filled.rows} 行"


def _empty_table(path: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("花名册")
        sheet.write(0, 0, "居民花名册")
        sheet.write_row(1, 0, HEADINGS)


def exchange(bed: Bed) -> str:
    """A centre enrols the grid, takes its bundle, and its receipt comes back: everything is confirmed."""
    from gridapp import desk, office

    stick = bed.folder / "stick"
    stick.mkdir()
    centre = bed.desks["office"] = desk.init(bed.folder / "office", PASSWORD, grid_name="自检中心", who="周主任", role="office")[0]
    answer = office.enrol(centre, desk.ask_to_join(bed.grid, stick), words=desk.state(bed.grid).words, out_dir=stick).answer
    if not answer:
        raise Trouble("中心没有给出答复。")
    desk.take(bed.grid, answer)
    made = desk.make_bundle(bed.grid, stick)
    outcome = office.take(centre, [made.path])[0]
    expect(outcome.ok and outcome.new, "中心没有收下上报包。")
    desk.take(bed.grid, office.make_return(centre, stick)[0].path)
    left = desk.state(bed.grid).unconfirmed
    expect(not left, f"回执收了，还有 {left} 条没有确认。")
    return f"{made.rows} 条，{made.bytes / 1024:,.0f} KB，全部确认"


def bug(bed: Bed) -> str:
    """A fault's report names the place in our code, also where that was frozen."""
    from gridapp import desk

    try:
        desk.init(bed.folder / "none", "short", grid_name="自检")
    except Trouble as trouble:
        told = crash.describe(trouble)
        expect("desk/opening.py" in told, "出错时记不下是在哪里出的错。")
        return told.split(" < ")[1]
    raise Trouble("太短的密码也建立了数据。")


def dress(bed: Bed) -> str:
    """The window's type can write Chinese, and Qt's own words are Chinese."""
    from gridapp.ui import proving

    return proving.type_and_words()


def paper(bed: Bed) -> str:
    """Visit sheets with their QR codes and household cards become a PDF."""
    from gridapp.ui import proving

    return proving.paper(bed.grid, bed.folder / "自检.pdf")


def window(bed: Bed) -> str:
    """The window sits down at the desk and paints it. Last, for closing the window closes the desk."""
    from gridapp.ui import proving

    return proving.window(bed.folder, bed.desks.pop("grid"), bed.picture)


CHECKS: tuple[tuple[str, Callable[[Bed], str]], ...] = (
    ("aboard", aboard), ("database", database), ("store", store), ("import", take_in), ("export", give_out), ("lock", lock), ("fill", fill),
    ("exchange", exchange), ("crash", bug), ("font", dress), ("print", paper), ("window", window),
)  # fmt: skip

