"""What every paper passes on its way out, ledger, filled table, sheet or report: asked what for, proved where it is whole, and logged."""

from __future__ import annotations

from gridapp.desk.desk import Desk, note
from gridapp.desk.picking import Picked
from gridapp.records import BY_NAME
from gridapp.rules.purposes import Purpose
from gridapp.rules.reading import Trouble
from gridapp.store import Connection, backup, keys

NEVER_PUBLIC = ("service_need", "consent", "decision")
LEAST_FILE_PASSWORD = 6


def prove(desk: Desk, password: str) -> None:
    """That the person at the desk knows its password (or recovery code). Raises WrongPassword, and Trouble where none was given."""
    if not password:
        raise Trouble("导出全号前要再输一次开锁的密码。请输入密码，或改为隐去一部分。", "no_password")
    keys.unlock(desk.folder / backup.KEYS, password)


def may_leave(
    desk: Desk, purpose: Purpose, aim: str, *, whole: bool = False, password: str = "", record: str = "", picked: Picked | None = None
) -> None:
    """Whether a paper of a record's rows may be made. Raises Trouble that says what is missing or may never be, WrongPassword.

    aim: what it is for, in the user's words. whole: nothing masked, which takes the desk's password once more, and which 公示 never is. A list of
    those of one service category tells of everybody on it what is sensitive, so it is whole whatever it masks.
    """
    if not aim.strip():
        raise Trouble("还没有写明用途。请填写这份台账给谁、做什么用。", "no_purpose")
    if purpose is Purpose.PUBLIC and record in NEVER_PUBLIC:
        raise Trouble(f"“{BY_NAME[record].title}”是敏感信息，不能公示。请改为内部或上报。", "never_public")
    if whole and not purpose.rule.may_be_whole:
        raise Trouble(f"{purpose.title}的表不能出全号。请改为隐去一部分，或换一种用途。", "never_whole")
    if picked and picked.category and not whole:
        raise Trouble("按服务类别选出的名单，本身就说出了每个人的类别，属于敏感信息。请选“全号”并输入密码，或去掉这个条件。", "category_is_whole")
    if whole:
        prove(desk, password)


def check_file_password(word: str) -> None:
    """Whether a password for the file itself will do; blank is none. Raises Trouble."""
    if word and len(word) < LEAST_FILE_PASSWORD:
        raise Trouble(f"文件的打开密码至少要 {LEAST_FILE_PASSWORD} 位。请换一个长一点的，用电话告诉对方，不要写在文件名里。", "short_file_password")


def remark(purpose: Purpose, aim: str, *, whole: bool = False, record: str = "", picked: Picked | None = None) -> str:
    """The line under the rows: what the paper is for, which rows it has, whether something is masked."""
    rows = picked.sentence(record) if picked else ""
    parts = (f"用途：{purpose.title}，{aim.strip()}", f"范围：{rows}" if rows else "")
    masked = "全号，用后请妥善保管或销毁" if whole else "已按规定隐去部分信息"
    return "；".join(filter(None, parts)) + f"（{masked}）"


def log_leaving(
    connection: Connection, desk: Desk, *, record: str, title: str, purpose: Purpose, aim: str, whole: bool = False, picked: Picked | None = None,
    locked: bool = False,
) -> None:
    """Write down that a paper left: who, when, which, what for, for whom, how much it shows."""
    rows = picked.sentence(record) if picked and record in BY_NAME else ""
    said = "；".join(filter(None, (purpose.title, rows, "有打开密码" if locked else "")))
    note(connection, desk, "export", record=record, field="full" if whole else "masked", purpose=f"{title}：{aim.strip()}（{said}）")
