"""What goes wrong: one Chinese sentence on stderr, the right exit code, nothing changed, nobody named."""
from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gridapp import desk as verbs
from tests.cli.conftest import SAMPLE, Said
from tests.conftest import PASSWORD
from tests.store.rows import content

Command = Callable[..., Said]
NEED_A_STORE: list[list[str]] = [
    ["import", "x.xlsx"], ["export", "member", "--out", "x.xlsx"], ["today"], ["check"], ["backup", "x.gbk"],
    ["bundle", "join", "--out", "x"], ["bundle", "make", "--out", "x"], ["bundle", "take", "x"], ["bundle", "status"], ["bundle", "start-over"],
    ["office", "enrol", "x"], ["office", "take", "x"], ["office", "return", "--out", "x"], ["office", "status"],
    ["office", "serve-folder", "x", "--once"], ["office", "verified", "g001"], ["office", "start-over", "g001"],
    ["trust", "rotate"], ["trust", "devices"], ["trust", "revoke", "g001", "--why", "x"], ["trust", "reinstate", "g001"],
    ["trust", "lend", "--out", "x"], ["trust", "review", "x.gbx"],
]


@pytest.mark.parametrize("words", NEED_A_STORE, ids=lambda words: "-".join(words[:2]))
def test_no_store(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    done = command("--data", tmp_path / "none", *words)
    assert done.code == 10 and "gridapp init" in done.sentence() and done.out == ""
    assert not list(tmp_path.iterdir()), "and none was made"


def test_no_store_is_told_before_a_password_is_asked(process: Command, tmp_path: Path) -> None:
    assert process("--data", tmp_path, "today", password=None).code == 10


@pytest.mark.parametrize("words", [["today"], ["check"], ["import", "x.xlsx"]])
def test_a_wrong_password(command: Command, data: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("GRIDAPP_PASSWORD", "not-the-one")
    done = command("--data", data, *words)
    assert done.code == 12 and "恢复码" in done.sentence()


def test_no_password_and_nobody_to_ask(process: Command, data: Path) -> None:
    done = process("--data", data, "today", password=None)
    assert done.code == 2 and "--password-file" in done.sentence()


@pytest.mark.parametrize("content_of", [None, b"\xff\xfe\x00\xd8", b""])
def test_a_password_file_that_is_none(command: Command, data: Path, tmp_path: Path, content_of: bytes | None) -> None:
    path = tmp_path / "word"
    if content_of is not None:
        path.write_bytes(content_of)
    done = command("--data", data, "today", "--password-file", path)
    assert done.code in (1, 12) and done.sentence()


def test_a_short_password_makes_no_store(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDAPP_PASSWORD", "short")
    done = command("--data", tmp_path / "new", "init")
    assert done.code == 1 and "8 位" in done.sentence() and not (tmp_path / "new" / "store.db").exists()


def test_in_use(process: Command, data: Path) -> None:
    held = verbs.open_desk(data, PASSWORD)
    for words in (["today"], ["restore", str(SAMPLE / "住户台账.xlsx")]):
        done = process("--data", data, *words)
        assert done.code == 11 and "关闭" in done.sentence()
    held.close()
    assert process("--data", data, "today").code == 0


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["import"], ["import", "a", "b"], ["import", "--nope"], ["export", "member"], ["bundle", "nope"], ["read-ledger"], ["--data"]],
    ids=lambda words: "-".join(words),
)
def test_usage(command: Command, data: Path, words: list[str]) -> None:
    done = command(*words)
    assert done.code == 2 and "--help" in done.sentence()


@pytest.mark.parametrize("words", [["bundle"], ["office"]])
def test_half_a_command_shows_help(command: Command, words: list[str]) -> None:
    done = command(*words)
    assert done.code == 2 and done.err.startswith("用法：") and done.out == ""


def encrypted(path: Path) -> None:
    """The start of an encrypted workbook: a compound file with an EncryptionInfo stream's name."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016)
    path.write_bytes(head + "EncryptedPackage".encode("utf-16-le") + "EncryptionInfo".encode("utf-16-le") + bytes(4096))


def prose(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(("关于开展走访工作的通知", "各网格：", "请于本月底前完成走访。", "特此通知。")):
            sheet.write(at, 0, line)


BAD_FILES: dict[str, Callable[[Path], Any]] = {
    "空.xlsx": lambda path: path.write_bytes(b""),
    "截断.xlsx": lambda path: path.write_bytes((SAMPLE / "住户台账.xlsx").read_bytes()[:20_000]),
    "乱码.xlsx": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "改名.xlsx": lambda path: path.write_bytes(b"%PDF-1.7\n" + bytes(2000)),
    "图片.xls": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2000)),
    "加密.xlsx": encrypted,
    "通知.xlsx": prose,
    "无表.xlsx": lambda path: xlsxwriter.Workbook(str(path)).close(),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_workbook_that_cannot_be_read(command: Command, data: Path, tmp_path: Path, name: str) -> None:
    BAD_FILES[name](tmp_path / name)
    for words in (["import", tmp_path / name], ["import", tmp_path / name, "--dry-run"]):
        done = command("--data", data, *words)
        assert done.code == 1 and done.sentence() and done.out == ""
    desk = verbs.open_desk(data, PASSWORD)
    assert all(not found for record, found in content(desk.store.engine).items() if record != "org")
    desk.close()


def test_an_xls_renamed_xlsx_is_read_for_what_it_is(command: Command, data: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "入户走访台账.xls", tmp_path / "走访.xlsx")
    assert command("--data", data, "import", tmp_path / "走访.xlsx").code == 0


@pytest.mark.parametrize("words", [["import", "none.xlsx"], ["restore", "none.gbk"], ["bundle", "take", "none.gbx"], ["office", "enrol", "none.gbx"]])
def test_a_file_that_is_not_there(command: Command, data: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(data)
    done = command("--data", data, *words)
    assert done.code == 1 and done.sentence()


@pytest.mark.parametrize(
    "words", [["export", "member", "--out", "no/such/a.xlsx"], ["backup", "no/such/a.gbk"], ["bundle", "join", "--out", "file/in/way"]]
)
def test_a_place_that_cannot_be_written(command: Command, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("", "utf-8")
    done = command("--data", data, *words)
    assert done.code == 1 and done.sentence()


def test_a_demonstration_where_a_file_stands(process: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = process("demo", "--out", tmp_path / "file")
    assert done.code == 1 and "建不了文件夹" in done.sentence()


def test_a_json_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    done = command("read-ledger", SAMPLE / "住户台账.xlsx", "--json", tmp_path / "no" / "out.json")
    assert done.code == 1 and done.sentence()


def test_a_json_that_did_not_fit_leaves_nothing(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str, *_: Any) -> int:
        path.write_bytes(text.encode()[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    done = command("read-ledger", SAMPLE / "住户台账.xlsx", "--json", tmp_path / "out.json")
    assert done.code == 1 and done.sentence() and not list(tmp_path.iterdir())


def test_an_unknown_ledger_names_the_known_ones(command: Command, data: Path, tmp_path: Path) -> None:
    done = command("--data", data, "export", "花名", "--out", tmp_path / "a.xlsx")
    assert done.code == 0, "a part of one title is enough"
    done = command("--data", data, "export", "台账", "--out", tmp_path / "b.xlsx")
    assert done.code == 1 and "household（住户台账）" in done.sentence() and not (tmp_path / "b.xlsx").exists()


def test_a_damaged_key_and_a_damaged_store(command: Command, data: Path) -> None:
    for name in ("key.json", "store.db"):
        whole = (data / name).read_bytes()
        (data / name).write_bytes(b"x" * 5000)
        done = command("--data", data, "today")
        assert done.code == 1 and "备份" in done.sentence()
        (data / name).write_bytes(whole)
    assert command("--data", data, "today").code == 0


def test_a_bug_is_one_sentence_and_a_log_without_values(command: Command, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("欧阳秘密 16100000001")

    monkeypatch.setattr(verbs, "check_up", broken)
    done = command("--data", data, "check")
    log = (data / "logs" / "crash.log").read_text("utf-8")
    assert done.code == 1 and "crash.log" in done.sentence()
    assert "KeyError" in log and "cli/day.py" in log and "秘密" not in log + done.err and "161" not in log + done.err


def test_interrupted(data: Path) -> None:
    """Ctrl+C in the middle: a sentence, exit code 1, nothing kept."""
    script = (
        "import os, signal, sys\nfrom gridapp.desk import intake\n"
        "place = intake.place_draft\ndef stop(*a):\n    os.kill(os.getpid(), signal.SIGINT)\n    return place(*a)\n"
        "intake.place_draft = stop\nfrom gridapp.__main__ import main\nsys.exit(main(sys.argv[1:]))\n"
    )
    words = [sys.executable, "-c", script, "--data", str(data), "import", str(SAMPLE / "居民台账.xlsx")]
    done = subprocess.run(words, capture_output=True, text=True, env={"GRIDAPP_PASSWORD": PASSWORD, "PATH": ""}, timeout=120)
    assert (done.returncode, done.stderr) == (1, "已中断，没有做完的一步不会留下痕迹。\n")
    desk = verbs.open_desk(data, PASSWORD)
    assert verbs.last_undo(desk) is None and not verbs.listing(desk, "resident").rows
    desk.close()
