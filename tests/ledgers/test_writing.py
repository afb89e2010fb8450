"""Standard ledgers on paper: columns as domain.md fixes them, safe cells, ready to print, whole or not at all, and readable again."""
from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from gridapp.ledgers import writer
from gridapp.ledgers.forms import BLANK, SERIAL, Form, FormColumn, form, forms, plain_form
from gridapp.ledgers.frame import FIRST, HEADER, Telling, equal_parts, frame
from gridapp.ledgers.looks import lines
from gridapp.ledgers.reader import read_ledger
from gridapp.ledgers.writer import write_ledger
from gridapp.records import RECORDS, Household, Member, Resident, ServiceNeed, columns
from gridapp.rules.reading import Cancelled, Trouble

DAY = dt.date(2026, 11, 21)
ORG = "示范街道示范社区第一网格党支部"
ORDER = {
    "member": "序号|姓名|性别|出生年月|民族|学历|人员类别|入党日期|转正日期|党龄|党小组|党内职务|工作岗位|手机号码|现居住地|是否流动|备注",
    "household": "序号|楼栋|单元|房号|户主/联系人|常住人数|居住性质|联系电话|党员户|服务等级|上次走访|备注",
    "service": "序号|姓名|楼栋房号|类别|结对党员|紧急联系人|联系电话|走访频次|上次走访|下次应访|当前需求|已提供帮助|复核日期",
    "visit": "序号|走访时间|走访人|楼栋房号|受访人|方式|反映问题及意见|处理措施|反馈结果|转办编号|回访日期|备注",
    "request": "序号|编号|受理时间|来源|提出人|联系电话|所在网格|类型|内容|承办人/单位|办理时限|办理情况|办结时间|是否超期|回访方式|满意度|备注",
}
PAYLOADS = (
    "=1+1", "+1", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "\t=1", "\r=1", "'=1", "http://x", "mailto:a@b",
    "00123", "1E5",
)


def write(tmp_path, rows, which: Form | str = "household", **options):
    out = tmp_path / "台账.xlsx"
    count = write_ledger(form(which) if isinstance(which, str) else which, rows, out, **{"org_name": ORG, "made_on": DAY, **options})
    return out, count


def page(out):
    return openpyxl.load_workbook(out).worksheets[0]


def homes(count: int) -> list[dict[str, str]]:
    return [
        {"building": f"{place % 9 + 1}号楼", "unit": "2单元", "room": f"{place % 6 + 1}01", "contact": "曾乐", "resident_count": "3",
         "dwelling": "自住", "phone": f"1611234{place:04d}"}
        for place in range(count)
    ]


def test_a_form_is_found_by_key_number_or_title():
    assert form("visit") is form("14") is form("入户走访台账（民情日记）")
    with pytest.raises(Trouble, match="没有叫“工资”的台账"):
        form("工资")


def test_sheet_names_are_what_excel_allows():
    assert replace(form("visit"), title="走访[1]/民情:日记*?\\" + "长" * 40).sheet_name == ("走访、1、、民情、日记、、、" + "长" * 40)[:31]
    assert all(len(each.sheet_name) <= 31 for each in forms())


@pytest.mark.parametrize("record", RECORDS)
def test_a_plain_form_shows_every_column_but_the_sensitive_and_the_switched_off(record):
    made = plain_form(record)
    left_out = {each.name for each in columns(record) if each.kind.secrecy >= 3 or each.kind.off}
    assert made.headings == ("序号", *(each.label for each in columns(record) if each.name not in left_out))
    assert plain_form(record, also=left_out).headings == ("序号", *(each.label for each in columns(record)))


def test_what_a_plain_form_leaves_out():
    assert "身份证号" not in plain_form(Resident).headings and "服务类别" not in plain_form(ServiceNeed).headings
    assert "公民身份号码" in plain_form(Member).headings


def test_what_stands_where(tmp_path):
    out, count = write(tmp_path, homes(2), made_by="乐卫", note="用途：上报")
    cells = [[cell.value for cell in row] for row in page(out).iter_rows()]
    assert count == 2
    assert cells[0][0] == "住户台账（一户一档汇总）"
    assert cells[1][0] == f"制表单位：{ORG}" and "制表日期：2026年11月21日" in cells[1]
    assert cells[HEADER] == ORDER["household"].split("|")
    assert cells[FIRST] == [1, "1号楼", "2单元", "101", "曾乐", 3, "自住", "16112340000", None, None, None, None]
    assert cells[FIRST + 2][0] == "说明：用途：上报"
    assert "共 2 户" in cells[FIRST + 3][0] and "制表人：乐卫" in cells[FIRST + 3][0] and "负责人（签字）：" in cells[FIRST + 3]


@pytest.mark.parametrize("each", forms(), ids=lambda each: each.key)
def test_ready_to_print(tmp_path, each):
    out, _ = write(tmp_path, [{}] * 5, each)
    sheet = page(out)
    assert sheet.page_setup.orientation == "landscape" and int(sheet.page_setup.paperSize) == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and (sheet.page_setup.fitToWidth or 1) == 1 and int(sheet.page_setup.fitToHeight) == 0
    assert sheet.print_title_rows == f"${HEADER + 1}:${HEADER + 1}"
    assert sheet.print_area.endswith(f"${FIRST + 6}")
    assert "&P" in sheet.oddFooter.center.text
    assert sheet.freeze_panes == f"{openpyxl.utils.get_column_letter(each.freeze + 1)}{FIRST + 1}"
    for row in range(HEADER + 1, FIRST + 6):
        for place in range(1, len(each.columns) + 1):
            cell = sheet.cell(row, place)
            assert cell.border.left.style == cell.border.bottom.style == "thin" and cell.alignment.wrap_text


def test_numbers_are_numbers_and_everything_else_is_text(tmp_path):
    out, _ = write(tmp_path, [{"resident_count": "12", "room": "0501", "phone": "16112345678"}, {"resident_count": "约3"}])
    first, second = page(out).iter_rows(min_row=FIRST + 1, max_row=FIRST + 2)
    assert (first[0].value, first[5].value, first[5].data_type, first[5].alignment.horizontal) == (1, 12, "n", "right")
    assert (first[3].value, first[3].data_type, first[3].number_format) == ("0501", "s", "@")
    assert (first[7].value, second[5].value, second[5].data_type) == ("16112345678", "约3", "s")


@pytest.mark.parametrize("each", [*forms(), plain_form(Household)], ids=lambda each: each.key)
def test_no_cell_can_become_a_formula(tmp_path, each):
    rows = [dict.fromkeys(each.sources, payload) for payload in PAYLOADS]
    out, _ = write(tmp_path, rows, each, org_name="=1+1", made_by="=2", note="=3")
    for payload, row in zip(PAYLOADS, page(out).iter_rows(min_row=FIRST + 1, max_row=FIRST + len(PAYLOADS)), strict=True):
        for cell, column in zip(row, each.columns, strict=True):
            if column.source not in (SERIAL, BLANK):
                assert cell.data_type == "s" and cell.hyperlink is None
                assert cell.value.replace("_x000D_", "\r").replace("\n", "\r") == payload
                assert bool(cell.style and cell.quotePrefix) == payload.startswith(("=", "+", "-", "@", "\t", "\r"))
    with zipfile.ZipFile(out) as box:
        assert b"<f>" not in box.read("xl/worksheets/sheet1.xml")


def test_every_character_is_read_again(tmp_path):
    """_xHHHH_ is how Excel writes a control character; a carriage return that went in bare would come out as a line feed."""
    texts = ["<a&b>", '"引号\'', " 前后有空格 ", "\n", "一\n二", "_x0041_", "a_x000D_b", "_x12_", "\x01\x1f", "\ufffe", "𬱖㛃", "\tx", "x\ty", "a\rb"]
    out, _ = write(tmp_path, [{"contact": text} for text in texts])
    found = [page(out).cell(FIRST + 1 + at, 5).value for at in range(len(texts))]
    assert [unescape(text) for text in found] == texts
    lone, _ = write(tmp_path, [{"contact": "单\ud800乐"}])
    assert page(lone).cell(FIRST + 1, 5).value == "单?乐"


def test_a_text_longer_than_a_cell_holds_is_cut_to_what_it_holds(tmp_path):
    out, _ = write(tmp_path, [{"problem": "长" * 40_000}], "visit")
    assert page(out).cell(FIRST + 1, 7).value == "长" * 32_767


def test_rows_that_do_not_know_their_number(tmp_path):
    """The sheet's size stands above its rows: it is told when it is known, and never told wrong (openpyxl would stop there)."""
    listed, _ = write(tmp_path, homes(40))
    with zipfile.ZipFile(listed) as box:
        assert b'<dimension ref="A1:L44"/>' in box.read("xl/worksheets/sheet1.xml")
    cells = [[cell.value for cell in row] for row in page(listed).iter_rows()]
    streamed, count = write(tmp_path, iter(homes(40)))
    with zipfile.ZipFile(streamed) as box:
        assert b"<dimension" not in box.read("xl/worksheets/sheet1.xml")
    book = openpyxl.load_workbook(streamed, read_only=True)
    assert count == 40 and [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()] == cells
    book.close()


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(writer, "MOST", 30)
    assert write(tmp_path, homes(30))[1] == 30
    with pytest.raises(Trouble, match="分几次导出"):
        write(tmp_path / "..", homes(31))


def test_the_frame_has_the_looks_of_cells_but_not_the_cells_that_told_them(tmp_path):
    made = frame(form("visit"), Telling(ORG, DAY), 2, tmp_path)
    assert len(set(made.styles.values())) == len(made.styles) == 9
    assert b'<row r="6"' in made.bottom and b'<row r="7"' not in made.bottom and not list(tmp_path.iterdir())
    assert made.styles == frame(form("visit"), Telling(ORG, DAY), 9_000, tmp_path).styles


def test_long_text_gets_a_taller_row(tmp_path):
    out, _ = write(tmp_path, [{"problem": "短"}, {"problem": "楼道灯不亮，晚上老人上下楼不方便。" * 6}, {"problem": "一\n二\n三"}], "visit")
    heights = [page(out).row_dimensions[FIRST + row].height for row in (1, 2, 3)]
    assert heights[0] < heights[2] < heights[1] <= 409


def test_how_many_lines_a_text_takes():
    assert [lines(text, 11) for text in ("", "曾乐", "一二三四五", "16112345678", "a\nb", "一" * 20)] == [1, 1, 2, 2, 2, 5]


def test_the_sign_off_is_spread_over_the_page():
    starts = equal_parts(form("visit"), 3)
    assert len(starts) == 3 and starts[0] == 0 and starts == sorted(set(starts))


def test_a_form_of_two_columns_can_be_written(tmp_path):
    small = Form("small", 0, "签到", "visit", (FormColumn("序号", SERIAL, 6, number=True), FormColumn("姓名", "name", 10)))
    out, _ = write(tmp_path, [{"name": "㛃"}, {"name": "𬱖"}], small)
    assert [cell.value for cell in page(out)["B"][FIRST:FIRST + 2]] == ["㛃", "𬱖"]
    assert [word for word in ("共 2 条", "制表人：", "审核人：", "负责人（签字）：") if word not in page(out).cell(FIRST + 3, 1).value] == []


@pytest.mark.parametrize(("key", "kind"), [("member", "party"), ("household", "household"), ("visit", "visit"), ("request", "request")])
@pytest.mark.parametrize("made_by", ["", "乐卫"])
def test_our_own_reader_reads_it_again(tmp_path, key, kind, made_by):
    sample = {
        "name": "单乐", "sex": "男", "birth": "1965.03", "member_type": "正式党员", "join_date": "1990-07-01", "regular_date": "1991-07-01",
        "building": "3号楼", "unit": "2单元", "room": "501", "contact": "尉迟月", "dwelling": "自住", "resident_count": "1",
        "visit_date": "2026-11-20", "visitors": "单乐、查红", "home": "3-2-501", "interviewee": "尉迟月", "manner": "入户",
        "problem": "楼道灯不亮", "req_no": "WG1-2026-001",
        "req_date": "2026-11-20", "content": "楼道灯不亮", "handler": "物业", "due_date": "2026-11-27", "phone": "16112345678",
    }
    out, _ = write(tmp_path, [sample] * 3, key, made_by=made_by, note="用途：上报街道")
    book = read_ledger(out)
    table = book.sheets[0].tables[0]
    assert not book.error and [table.kind, table.header_rows] == [kind, [HEADER + 1]]
    assert [row.row for row in table.rows] == [FIRST + 1, FIRST + 2, FIRST + 3] and not table.rejects
    fields = table.rows[0].fields
    wanted = {"member": ("name", "单乐"), "household": ("room", "501"), "visit": ("visit_date", "2026-11-20"), "request": ("req_no", "WG1-2026-001")}
    assert fields[wanted[key][0]] == wanted[key][1]


def test_steps_are_told_and_may_stop_it(tmp_path):
    told: list[tuple[int, int]] = []
    write(tmp_path, homes(450), step=lambda done, total: told.append((done, total)))
    assert told == [(200, 450), (400, 450), (450, 450)]
    told.clear()
    write(tmp_path, iter(homes(3)), step=lambda done, total: told.append((done, total)))
    assert told[-1][0] == 3

    def stop(done: int, total: int) -> None:
        raise Cancelled

    before = (tmp_path / "台账.xlsx").read_bytes()
    with pytest.raises(Cancelled):
        write(tmp_path, homes(450), step=stop)
    assert (tmp_path / "台账.xlsx").read_bytes() == before and os.listdir(tmp_path) == ["台账.xlsx"]


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(Trouble, match="文件夹不存在.*另选"):
        write(tmp_path / "没有", homes(1))
    assert not os.listdir(tmp_path)


def test_a_folder_in_the_file_s_place_is_told(tmp_path):
    (tmp_path / "台账.xlsx").mkdir()
    with pytest.raises(Trouble, match="换一个位置"):
        write(tmp_path, homes(1))
    assert os.listdir(tmp_path) == ["台账.xlsx"]


def test_a_file_open_elsewhere_is_told_and_left_alone(tmp_path, monkeypatch):
    """Windows refuses to replace a file that Excel holds open; Linux never does, so the refusal is played."""
    out, _ = write(tmp_path, homes(1))
    before = out.read_bytes()

    def refuse(source, target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr("gridapp.ledgers.landing.os.replace", refuse)
    with pytest.raises(Trouble, match="Excel 或 WPS") as told:
        write(tmp_path, homes(2))
    assert told.value.code == "cannot_write"
    assert out.read_bytes() == before and os.listdir(tmp_path) == ["台账.xlsx"]


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.999])
def test_a_full_disk_leaves_nothing_behind(tmp_path, part):
    """A limit on file size stands for the full disk: real writes fail, early (head), in the middle (rows) and late (the other parts)."""
    import resource
    import signal

    limit = int(write(tmp_path, homes(1_500))[0].stat().st_size * part)
    out, _ = write(tmp_path, homes(1))
    before = out.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    quiet = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(Trouble, match="磁盘空间不够") as told:
            write(tmp_path, homes(1_500))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, quiet)
    assert told.value.code == "disk_full"
    assert out.read_bytes() == before and os.listdir(tmp_path) == ["台账.xlsx"]


@pytest.mark.parametrize("limit", [100, 3_000])
def test_a_full_disk_says_nothing_on_stderr_by_itself(tmp_path, limit):
    """XlsxWriter leaves its zip unfinished; what Python would say about that when it is collected is a traceback to the user."""
    script = (
        "import resource, signal, sys, datetime as dt, pathlib\n"
        "from gridapp.ledgers import forms, writer\n"
        "from gridapp.rules.reading import Trouble\nimport xlsxwriter\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "try:\n    writer.write_ledger(forms.form('household'), [], pathlib.Path(sys.argv[1]), org_name='x', made_on=dt.date(2026, 1, 1))\n"
        "except Trouble as trouble:\n    sys.exit(7 if trouble.code == 'disk_full' else 8)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "a.xlsx"), str(limit)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (7, "") and not list(tmp_path.iterdir())


def test_what_a_killed_program_left_is_swept_up(tmp_path):
    old, fresh = tmp_path / ".gridapp-old.tmp", tmp_path / ".gridapp-new.tmp"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "whole").write_bytes(b"half")
    os.utime(old, (1, 1))
    write(tmp_path, homes(1))
    assert sorted(os.listdir(tmp_path)) == [".gridapp-new.tmp", "台账.xlsx"]


def test_the_same_rows_make_the_same_cells_twice(tmp_path):
    first, _ = write(tmp_path, homes(30))
    one = first.read_bytes()
    second, _ = write(tmp_path, homes(30))
    with zipfile.ZipFile(second) as box:
        assert "2026-11-21" in box.read("docProps/core.xml").decode()
    assert len(second.read_bytes()) == len(one)
