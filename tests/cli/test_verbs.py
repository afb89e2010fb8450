"""Every verb: what it says, what it leaves, its exit code."""
from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gridapp import desk as verbs
from gridapp.cli import paper
from gridapp.cli.main import main
from gridapp.ledgers.reader import read_ledger
from gridapp.store.read import rows
from tests.cli.conftest import SAMPLE, Said
from tests.conftest import PASSWORD

Command = Callable[..., Said]
CODE = re.compile(r"恢复码：((?:[2-9A-Z]{4}-){5}[2-9A-Z]{4})")


def names(folder: Path) -> set[str]:
    """Every person's name in a store."""
    desk = verbs.open_desk(folder, PASSWORD)
    with desk.store.reading() as connection:
        found = {row["name"] for record in ("resident", "member", "request") for row in rows(connection, record)}
        found |= {row["contact"] for row in rows(connection, "household")} | {row["phone"] for row in rows(connection, "resident")}
    desk.close()
    return found - {None}


def test_init_prints_a_code_that_opens(process: Command, tmp_path: Path) -> None:
    done = process("--data", tmp_path / "new", "init", "--name", "第三网格", "--who", "周书记")
    assert done.code == 0 and done.err == ""
    code = CODE.search(done.out)
    assert code and PASSWORD not in done.out
    assert process("--data", tmp_path / "new", "check", password=code[1]).code == 0
    desk = verbs.open_desk(tmp_path / "new", PASSWORD)
    assert (desk.grid_name, desk.who, desk.role) == ("第三网格", "周书记", "grid")
    desk.close()


def test_init_does_not_overwrite(command: Command, data: Path) -> None:
    done = command("--data", data, "init")
    assert done.code == 1 and "没有覆盖" in done.sentence()
    assert command("--data", data, "check").code == 0


def test_a_day_by_the_command_line(command: Command, data: Path, tmp_path: Path) -> None:
    """Import twice, look, export, back up, restore: the counts hold and no name is printed."""
    said = [command("--data", data, "import", SAMPLE / "居民台账.xlsx", "--dry-run")]
    assert "没有保存" in said[0].out and "新增 1121" in said[0].out
    assert "党员 0" in command("--data", data, "check").out
    said += [command("--data", data, "import", SAMPLE / name) for name in ("居民台账.xlsx", "居民台账.xlsx", "党员花名册.xlsx", "服务事项台账.csv")]
    assert "新增 1121" in said[1].out and "新增 0，更新 0" in said[2].out
    said.append(command("--data", data, "today"))
    assert "件到期" in said[-1].out or "没有到期" in said[-1].out
    said.append(command("--data", data, "export", "党员花名册", "--out", tmp_path / "党员.xlsx", "--purpose", "报社区"))
    assert (tmp_path / "党员.xlsx").exists() and "44 行" in said[-1].out
    said.append(command("--data", data, "backup", tmp_path / "一月.gbk"))
    said.append(command("--data", tmp_path / "again", "restore", tmp_path / "一月.gbk"))
    said.append(command("--data", tmp_path / "again", "check"))
    assert "居民 1121" in said[-1].out and "党员 44" in said[-1].out
    assert all(each.code == 0 and each.err == "" for each in said)
    text = " ".join(each.out for each in said)
    found = names(data)
    assert len(found) > 1000 and not [word for word in found if len(word) > 2 and word in text]


def test_a_ledger_of_a_kind_not_kept_says_so(command: Command, data: Path, tmp_path: Path) -> None:
    path = tmp_path / "党费.csv"
    path.write_text("姓名,性别,出生日期,应交党费,1月,2月\n周新来,男,1980-01,10,10,10\n", "utf-8")
    for words in ([path], [path, "--dry-run"]):
        done = command("--data", data, "import", *words)
        assert done.code == 0 and "新增 0" in done.out and "周新来" not in done.out
        assert "这是党费收缴台账，程序还不保存这一类；认得的栏有 姓名、性别、出生日期，可以只保存这些。" in done.out
    assert "--known-columns" in command("--data", data, "import", path).out
    done = command("--data", data, "import", path, "--known-columns", "--dry-run")
    assert "不能导入 1" in done.out and "人员类别还没有填写" in done.out and "--known-columns" not in done.out


def test_people_kept_twice_are_listed_masked(command: Command, data: Path) -> None:
    assert "没有可能重复的人" in command("--data", data, "duplicates").out
    desk = verbs.open_desk(data, PASSWORD)
    building = verbs.keep(desk, "building", {"building": "3"}).row_id
    for room in ("501", "601"):
        home = verbs.keep(desk, "household", {"building_id": building, "room": room}).row_id
        verbs.keep(desk, "resident", {"name": "曾乐天", "household_id": home, "birth_year": "1958", "phone": "16100000011"})
    desk.close()
    done = command("--data", data, "duplicates")
    assert done.code == 0 and "居民 2 人" in done.out and "有 1 对" in done.out
    assert "曾乐* 3-501" in done.out and "姓名、出生年、电话都相同" in done.out and "曾乐天" not in done.out


def test_exports_are_masked_unless_asked(command: Command, data: Path, tmp_path: Path) -> None:
    command("--data", data, "import", SAMPLE / "党员花名册.xlsx")
    command("--data", data, "export", "member", "--out", tmp_path / "masked.xlsx")
    command("--data", data, "export", "member", "--out", tmp_path / "full.xlsx", "--full", "--for", "上报")
    command("--data", data, "export", "member", "--out", tmp_path / "public.xlsx", "--for", "公示")
    found = names(data)

    def told(name: str, field: str) -> set[str]:
        book = read_ledger(tmp_path / name)
        return {row.fields.get(field) or "" for sheet in book.sheets for row in (*sheet.rows, *sheet.rejects)}

    assert told("full.xlsx", "name") & found and told("masked.xlsx", "name") & found and not told("public.xlsx", "name") & found
    assert told("full.xlsx", "phone") - {""} and not told("masked.xlsx", "phone") - {""}, "a masked number is left out"


@pytest.mark.parametrize(("words", "said"), [
    (["--for", "外传"], "内部、上报、公示"), (["--for", "公示", "--full"], "不能出全号"), (["--since", "昨天"], "日期"),
    (["--building", "9号楼"], ""),
])
def test_an_export_that_cannot_be(command: Command, data: Path, tmp_path: Path, words: list[str], said: str) -> None:
    done = command("--data", data, "export", "household", "--out", tmp_path / "a.xlsx", *words)
    assert (done.code == 0) is (not said) and said in done.err


def test_a_file_of_its_own_password(command: Command, data: Path, tmp_path: Path) -> None:
    (tmp_path / "word.txt").write_text("示范密码1234", "utf-8")
    done = command("--data", data, "export", "household", "--out", tmp_path / "a.xlsx", "--lock", tmp_path / "word.txt")
    assert done.code == 0 and (tmp_path / "a.xlsx").read_bytes().startswith(bytes.fromhex("d0cf11e0"))


def test_check_says_when_something_is_broken(command: Command, data: Path) -> None:
    path = data / "store.db"
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    done = command("--data", data, "check")
    assert done.code == 1 and ("恢复" in done.out or "恢复" in done.err)


def test_read_ledger_needs_no_store(process: Command, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    done = process("read-ledger", SAMPLE / "住户台账.xlsx", SAMPLE / "服务事项台账.csv", tmp_path / "坏.xlsx", "--json", out, password=None)
    assert done.code == 0 and done.err == ""
    made = json.loads(out.read_text("utf-8"))
    assert set(made) == {"住户台账.xlsx", "服务事项台账.csv", "坏.xlsx"}
    assert made["坏.xlsx"]["file_error"] and made["坏.xlsx"]["sheets"] == {}
    sheet = made["住户台账.xlsx"]["sheets"]["住户台账"]
    assert len(sheet["records"]) + len(sheet["rejects"]) == 409 and {"row", "block", "fields", "flags"} <= sheet["records"][0].keys()


def test_the_exchange_by_the_command_line(command: Command, data: Path, tmp_path: Path) -> None:
    stick, centre = tmp_path / "usb", tmp_path / "centre"
    assert command("office", "init", "--name", "示范社区", "--data", centre).code == 0
    command("--data", data, "import", SAMPLE / "党员花名册.xlsx")
    assert command("--data", data, "bundle", "make", "--out", stick).code == 1
    joined = command("--data", data, "bundle", "join", "--out", stick)
    words = joined.out.strip().rsplit("：", 1)[1]
    (request,) = stick.glob("*.gbx")
    refused = command("--data", centre, "office", "enrol", request, "--words", "不是 这 六个 词")
    assert refused.code == 1 and "六个词" in refused.sentence()
    assert command("--data", centre, "office", "enrol", request, "--words", words).code == 0
    (answer,) = set(stick.glob("*.gbx")) - {request}
    said = [command("--data", data, "bundle", "take", answer), command("--data", data, "bundle", "make", "--out", stick / "up")]
    (bundle,) = (stick / "up").glob("*.gbx")
    said.append(command("--data", centre, "office", "take", bundle))
    said.append(command("--data", centre, "office", "take", bundle))
    said.append(command("--data", centre, "office", "return", "--out", stick / "down"))
    (back,) = (stick / "down").glob("*.gbx")
    said.append(command("--data", data, "bundle", "take", back))
    said.append(command("--data", data, "bundle", "status"))
    assert [each.code for each in said] == [0] * len(said), said
    assert "待导出 0，已导出 0，已送达 0" in said[-1].out
    kept = command("--data", data, "bundle", "kept")
    assert bundle.name in kept.out and "已确认" in kept.out
    again = command("--data", data, "bundle", "again", bundle.name, "--out", stick / "again")
    assert again.code == 0 and [path.read_bytes() for path in (stick / "again").iterdir()] == [bundle.read_bytes()]
    assert command("--data", data, "bundle", "again", "没有.gbx", "--out", stick / "again").code == 1
    assert "未确认 0" in said[-1].out and "示范社区" in said[-1].out
    status = command("--data", centre, "office", "status")
    assert "示范网格" in status.out and "g001" in status.out and "：" not in status.out, "nothing worth a look"
    assert "再发一次全部" in command("--data", data, "bundle", "start-over").out
    assert "再发一次全部" in command("--data", centre, "office", "start-over", "g001").out
    assert "记下了" in command("--data", centre, "office", "verified", "g001").out
    unknown = command("--data", centre, "office", "verified", "g009")
    assert unknown.code == 1 and "g001" in unknown.sentence()
    served = command("--data", centre, "office", "serve-folder", tmp_path / "served", "--once", "--every", "0.1")
    assert served.code == 0 and "回执包写好了" in served.out and len(list((tmp_path / "served" / "returns" / "g001").iterdir())) == 1
    other = tmp_path / "other"
    command("--data", other, "init", "--name", "新电脑")
    command("--data", other, "bundle", "join", "--out", tmp_path / "new")
    (asked,) = (tmp_path / "new").glob("*.gbx")
    assert "原来的电脑已停用" in command("--data", centre, "office", "enrol", asked, "--replace", "g001").out
    assert command("--data", data, "backup", tmp_path / "b.gbk").code == 0
    assert "自动找回" in command("--data", data, "restore", tmp_path / "b.gbk").out
    assert "从备份恢复" in command("--data", data, "bundle", "status").out
    assert "新电脑" in command("--data", centre, "office", "status").out and "党员 44" in command("--data", centre, "check").out


def test_what_waits_is_counted_and_named_without_its_values(command: Command, data: Path) -> None:
    assert command("--data", data, "bundle", "review").out == "没有要核对的。\n"
    desk = verbs.open_desk(data, PASSWORD)
    home = verbs.keep(desk, "household", {"room": "901", "building_id": verbs.keep(desk, "building", {"building": "9"}).row_id}).row_id
    for _ in range(2):
        person = {"name": "李秀英", "household_id": home, "sex": "女", "birth_year": 1950, "phone": "16100001111"}
        assert verbs.keep(desk, "resident", person).saved
    desk.close()
    said = command("--data", data, "bundle", "review")
    assert said.code == 0 and "疑似重复 1" in said.out and "居民 李秀* 9-901" in said.out
    assert "李秀英" not in said.out and "16100001111" not in said.out
    assert "待核对 1" in command("--data", data, "bundle", "status").out


def test_an_office_on_postgresql(command: Command, tmp_path: Path, pg_database: Callable[..., str]) -> None:
    centre = tmp_path / "centre"
    assert command("office", "init", "--name", "示范社区", "--url", pg_database(empty=True), "--data", centre).code == 0
    assert (centre / "database.url").stat().st_mode & 0o077 == 0 and not (centre / "store.db").exists()
    assert command("--data", centre, "office", "status").out == "还没有登记过网格。\n"
    assert "党组织和网格 1" in command("--data", centre, "check").out
    done = command("--data", centre, "backup", tmp_path / "one.gbk")
    assert done.code == 1 and "数据库自带的备份工具" in done.sentence()
    (centre / "database.url").write_text("postgresql://nobody@127.0.0.1:9/none", "utf-8")
    done = command("--data", centre, "check")
    assert done.code == 1 and "连不上" in done.sentence()


def test_a_refused_bundle_sets_the_exit_code(command: Command, data: Path, tmp_path: Path) -> None:
    command("office", "init", "--data", tmp_path / "centre")
    (tmp_path / "foreign.gbx").write_bytes(b"not a bundle")
    done = command("--data", tmp_path / "centre", "office", "take", tmp_path / "foreign.gbx")
    assert done.code == 1 and done.sentence().startswith("foreign.gbx：") and done.out == ""


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["bundle", "--help"], ["office", "enrol", "--help"]])
def test_help_is_chinese(command: Command, words: list[str]) -> None:
    done = command(*words)
    assert done.code == 0 and done.out.startswith("用法：")
    assert not [word for word in ("Usage", "Options", "Commands", "Show this message", "required", "default") if word in done.out]


def test_help_is_quick_since_nothing_is_imported() -> None:
    heavy = "{'sqlmodel', 'sqlalchemy', 'openpyxl', 'PySide6', 'nacl'}"
    script = f"import sys; from gridapp.__main__ import main; main(['--help']); print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]")


def test_options_of_the_program_may_stand_anywhere(command: Command, data: Path, tmp_path: Path) -> None:
    (tmp_path / "word").write_text(PASSWORD + "\n", "utf-8")
    assert command("today", "--data", data).code == 0
    assert command("today", f"--data={data}", "--password-file", tmp_path / "word").code == 0


def test_tables_line_up_with_wide_characters() -> None:
    told = paper.table([("张*", "住户", "a"), ("abcd", "b", "c")], ("姓名", "二", "三"), indent="")
    assert [paper.width(line[: line.rindex(last)]) for line, last in zip(told.split("\n"), "三ac", strict=True)] == [12, 12, 12]
    assert paper.table([]) == ""


def test_the_progress_bar_is_for_terminals(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with paper.progress("导入") as step:
        step(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with paper.progress("导入") as step:
        step(1, 2)
    assert " 50%" in capsys.readouterr().err


def test_main_gives_the_code(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setenv("GRIDAPP_PASSWORD", PASSWORD)
    assert main(["--data", str(data), "check"]) == 0


def test_a_bug_is_logged_beside_the_data_wherever_they_are_named(
    command: Command, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("x")

    word = tmp_path / "word"
    word.write_text(PASSWORD, "utf-8")
    monkeypatch.setattr(verbs, "check_up", broken)
    done = command("check", "--password-file", word, "--data", data)
    assert done.code == 1 and str(data) in done.sentence() and (data / "logs" / "crash.log").exists()


def test_an_own_ledger(command: Command, data: Path, tmp_path: Path) -> None:
    """Made, listed, given out by its name, shared, deleted, taken again."""
    command("--data", data, "import", SAMPLE / "党员花名册.xlsx")
    assert "还没有" in command("--data", data, "own", "list").out
    assert "手机号码" in command("--data", data, "own", "columns", "党员").out
    words = ["--record", "党员", "--columns", "姓名，年龄、手机号码", "--order", "-年龄"]
    assert command("--data", data, "own", "new", "联系表", *words).code == 0
    assert "序号、姓名、年龄、手机号码" in command("--data", data, "own", "list").out
    assert command("--data", data, "export", "联系表", "--out", tmp_path / "a.xlsx").code == 0 and (tmp_path / "a.xlsx").exists()
    assert command("--data", data, "own", "share", "联系表", "--out", tmp_path / "a.toml").code == 0
    assert command("--data", data, "own", "delete", "联系表").code == 0
    done = command("--data", data, "own", "delete", "联系表")
    assert done.code == 1 and "联系表" in done.sentence()
    assert "收下了“联系表”" in command("--data", data, "own", "take", tmp_path / "a.toml").out


@pytest.mark.parametrize(("words", "said"), [
    (["--record", "信访", "--columns", "姓名"], "不能按"), (["--record", "党员", "--columns", "工资"], "没有“工资”这一栏"),
    (["--record", "党员", "--columns", "姓名", "--order", "工资"], "没有“工资”"), (["--record", "党员", "--columns", ","], "至少选一栏"),
])
def test_an_own_ledger_that_cannot_be(command: Command, data: Path, words: list[str], said: str) -> None:
    done = command("--data", data, "own", "new", "表", *words)
    assert done.code == 1 and said in done.sentence()
