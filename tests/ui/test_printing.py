"""Sheets on pages: the pictures they should be, the PDFs they become, where their rows go."""
from __future__ import annotations

import datetime as dt
import errno
import importlib
import itertools
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtPrintSupport import QPrinter

from gridapp import desk
from gridapp.desk.asked import Order
from gridapp.desk.paper import Paper, sheet
from gridapp.rules.reading import Trouble
from gridapp.ui import theme
from gridapp.ui.pdf_mending import mended
from gridapp.ui.printing import FINE, Pages, pdf, print_on, write_pdf
from gridapp.ui.row_pages import Measured, fit
from tests.conftest import PASSWORD, TODAY
from tests.desk.town import ALONE, HEAD, PHONES, settle
from tests.ui.pdf_text import Pdf

GOLDEN = Path(__file__).parent / "golden"
DOTS = 50  # to the inch: enough to see every line of type move, small enough to keep
COARSE, MOST_OFF = 5, 26  # squares of so many dots are compared; by so many of 255 shades may one differ


@pytest.fixture
def fixed(new_desk: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, dict[str, str]]]:
    """A town whose every id, and so every number, is always the same."""
    at = new_desk()
    ids = (f"{number:032x}" for number in itertools.count(0x51A9C000000000000000000000000000, 0x1F3A))
    monkeypatch.setattr(importlib.import_module("gridapp.store.work"), "new_id", lambda: next(ids))
    found = settle(at)
    visit = {"visit_date": "2026-10-20", "visitors": "王书记、赵明", "household_id": found["alone"], "interviewee": ALONE}
    visit["content"] = "血压药快用完，已联系送药。"
    done = desk.keep_visit(at, visit, {"content": "楼道灯不亮，晚上上下楼不方便。", "request_type": "求助", "phone": PHONES[ALONE]})
    assert done.saved
    found |= {"visit": done.row_id, "request": desk.listing(at, "request").rows[0].id}
    yield at, found


def orders(ids: dict[str, str]) -> dict[str, Order]:
    """Every sheet there is, by the name of its picture."""
    whole = {"whole": True, "password": PASSWORD}
    said = {"event": "支部党员大会", "time": "2026-11-28 14:30", "place": "党群服务中心", "amount": "300", "goods": "米、油各一份"}
    return {
        "household": Order("household", ids=(ids["alone"],), aim="入户核对", **whole),
        "visit-blank": Order("visit_blank", ids=(ids["alone"],), aim="入户走访", **whole),
        "visit-bare": Order("visit_blank", whom="none"),
        "visit": Order("visit", ids=(ids["visit"],), aim="走访存档"),
        "route": Order("route", whom="all", aim="入户走访"),
        "request": Order("request", ids=(ids["request"],), aim="办理服务事项"),
        "sign-in": Order("sign_in", aim="会议签到", said=said),
        "care": Order("care", aim="慰问发放", whom="needs", said=said),
        "notice": Order("notice", ids=(ids["old"],), aim="告知本人"),
        "person": Order("person", ids=(ids["old"],), aim="本人查阅", password=PASSWORD),
        "ledger-household": Order("ledger", ledger="household", aim="打印存档"),
        "ledger-building": Order("ledger", ledger="all-building", aim="打印存档"),
    }


NAMES = tuple(orders(dict.fromkeys(("alone", "visit", "request", "old"), "")))


def picture(pages: Pages, at: int = 0, dots: int = DOTS) -> QImage:
    """A page in shades of grey."""
    scale = dots / FINE
    made = QImage(QSize(round(pages.size(at).width() * scale), round(pages.size(at).height() * scale)), QImage.Format.Format_Grayscale8)
    made.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    pages.paint(painter, at)
    painter.end()
    return made


def shades(image: QImage, square: int = COARSE) -> bytes:
    """The mean shade of each square of so many dots, row by row."""
    coarse = image.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
        image.width() // square, image.height() // square, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return b"".join(bytes(coarse.constScanLine(row))[: coarse.width()] for row in range(coarse.height()))


def worst(one: QImage, other: QImage) -> int:
    """By how many shades the most different squares differ."""
    assert one.size() == other.size()
    return max(abs(a - b) for a, b in zip(shades(one), shades(other), strict=True))


def long_ledger(rows: int, text: str = "备注", name_width: int = 12) -> Paper:
    """A ledger of made-up rows, some with long texts."""
    widths = {"序号": 6, "姓名": name_width, "备注": 60}
    columns = [{"heading": name, "width": width, "align": "left"} for name, width in widths.items()]
    table = [[str(at), "李秀*", text * (1 + at * 7 % 45)] for at in range(1, rows + 1)]
    about = {"title": "试验台账", "unit": "示范网格", "day": "2026年11月21日", "counted": "条", "who": "王", "note": "试"}
    made = sheet("ledger", {**about, "points": 10.0, "columns": columns}, rows=table)
    return Paper("试验台账", (made,), "王书记　2026-11-21", "示范网格")


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_looks_as_it_always_did(fixed: tuple[Any, dict[str, str]], dressed: Any, name: str, tmp_path: Path) -> None:
    at, ids = fixed
    paper = desk.draw_up(at, orders(ids)[name], out=True).paper
    now = picture(Pages(paper))
    now.save(str(tmp_path / f"{name}.png"))
    kept = QImage(str(GOLDEN / f"{name}.png"))
    assert not kept.isNull(), f"look at {tmp_path / name}.png and keep it as {GOLDEN / name}.png"
    assert worst(now, kept) <= MOST_OFF, f"now: {tmp_path / name}.png"


def test_a_column_that_moved_would_be_seen(dressed: Any) -> None:
    one = picture(Pages(long_ledger(9)))
    assert worst(one, picture(Pages(long_ledger(9)))) == 0
    assert worst(one, picture(Pages(long_ledger(9, name_width=14)))) > 2 * MOST_OFF


def test_every_sheet_is_an_a4_pdf_with_its_fonts_and_without_numbers(fixed: tuple[Any, dict[str, str]], dressed: Any) -> None:
    at, ids = fixed
    for name, order in orders(ids).items():
        pages = Pages(desk.draw_up(at, order, out=True).paper)
        made = Pdf(pdf(pages))
        sides = sorted(made.boxes[0])
        assert len(made.boxes) == len(pages), name
        assert abs(sides[0] - 595) < 1 and abs(sides[1] - 842) < 1, name
        assert made.fonts and all(made.fonts), name
        assert f"第 1 页，共 {len(pages)} 页" in made.text, name
        if not order.whole and name != "person":
            assert not any(phone in made.text for phone in PHONES.values()), name
        assert order.aim in made.text, name


def test_whole_numbers_are_there_when_asked_for(fixed: tuple[Any, dict[str, str]], dressed: Any) -> None:
    at, ids = fixed
    made = Pdf(pdf(Pages(desk.draw_up(at, orders(ids)["household"], out=True).paper)))
    assert PHONES[ALONE] in made.text and ALONE in made.text and HEAD not in made.text and "户主" in made.text


def test_500_rows_end_their_pages_between_rows_and_have_their_heading_on_each(dressed: Any) -> None:
    pages = Pages(long_ledger(500))
    text = Pdf(pdf(pages)).text
    assert text.count("序号姓名备注") == len(pages) > 20
    assert text.count("负责人（签字）") == 1 and "共 500 条" in text
    starts = [int(found) for found in re.findall(r"序号姓名备注(\d+)", text)]
    said = [int(found) for found in re.findall(r"(\d+)李秀\*", text)]
    assert said == list(range(1, 501)) and starts == sorted(set(starts))
    for at in range(len(pages)):
        page = picture(pages, at, 100)
        assert last_line(page) >= 0.5 * page.height() or at == len(pages) - 1


def last_line(page: QImage) -> int:
    """Where the lowest unbroken dark line of a page stands, in dots."""
    width = page.width()
    for row in range(page.height() - 1, 0, -1):
        dark = sum(shade < 110 for shade in bytes(page.constScanLine(row))[:width])
        if dark > 0.8 * width:
            return row
    return 0


def test_no_rows_and_a_row_higher_than_a_page_are_pages_too(dressed: Any) -> None:
    assert "没有符合条件的记录" in Pdf(pdf(Pages(long_ledger(0)))).text
    high = Pages(long_ledger(3, text="很长的备注" * 120))
    assert len(high) > 3 and "负责人（签字）" in Pdf(pdf(high)).text


def test_signatures_never_stand_alone() -> None:
    told = Measured(before=100, heading=20, rows=[30.0] * 10, after=60)
    assert fit(told, 545) == [(0, 10)]
    assert fit(told, 500) == [(0, 9), (9, 10)]
    assert fit(Measured(heading=20, rows=[900.0, 30.0]), 500) == [(0, 1), (1, 2)]
    assert fit(Measured(), 500) == []


def test_rare_characters_and_words_without_spaces_are_drawn(dressed: Any) -> None:
    text = "䶮㛃龘" + "A" * 300
    made = Pdf(pdf(Pages(long_ledger(1, text=text))))
    assert "䶮㛃龘" in made.text and "A" * 300 in made.text
    edge = picture(Pages(long_ledger(1, text=text)), dots=100)
    beyond = edge.copy(edge.width() - 40, 0, 40, edge.height())
    assert min(shades(beyond)) == 255


def test_what_qt_gets_wrong_is_mended_in_place() -> None:
    raw = b"/Trapped /False\n2\nendobj begincmap [<2F08> <4E2A> <2EDA> <0009>] endcmap <2F08>"
    font = QFont(theme.family())
    assert mended(raw, font, "人个页 ") == b"/Trapped /False>>\nendobj begincmap [<4EBA> <4E2A> <9875> <0020>] endcmap <2F08>"
    assert b"[<2F08> <4E2A> <9875> <0009>]" in mended(raw, font, "⼈人页")


def test_a_pdf_lands_whole_or_not_at_all(dressed: Any, tmp_path: Path) -> None:
    out = tmp_path / "台账.pdf"
    out.write_bytes(b"before")
    assert write_pdf(long_ledger(3), out) == 1
    assert out.read_bytes().startswith(b"%PDF") and [each.name for each in tmp_path.iterdir()] == ["台账.pdf"]
    with pytest.raises(Trouble, match="文件夹不存在"):
        write_pdf(long_ledger(3), tmp_path / "没有" / "台账.pdf")
    with pytest.raises(Trouble, match="结尾改成 .pdf"):
        write_pdf(long_ledger(3), tmp_path / "台账.xlsx")


def test_a_full_disk_and_a_locked_file_leave_what_was_there(dressed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "台账.pdf"
    out.write_bytes(b"before")
    for error, said in ((OSError(errno.ENOSPC, "full"), "磁盘空间不够"), (PermissionError(errno.EACCES, "locked"), "请先关闭它")):

        def refuse(*_: object, error: OSError = error) -> None:
            raise error

        monkeypatch.setattr("gridapp.ledgers.landing.os.replace", refuse)
        with pytest.raises(Trouble, match=said):
            write_pdf(long_ledger(3), out)
        assert out.read_bytes() == b"before" and [each.name for each in tmp_path.iterdir()] == ["台账.pdf"]


def test_nothing_is_left_among_the_temporary_files(dressed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert write_pdf(long_ledger(200), tmp_path / "台账.pdf") > 5
    assert not list((tmp_path / "tmp").iterdir())


def test_a_printer_gets_the_same_pages_and_only_those_it_asked_for(dressed: Any, tmp_path: Path) -> None:
    pages = Pages(long_ledger(120))
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "all.pdf"))
    print_on(pages, printer)
    assert len(Pdf((tmp_path / "all.pdf").read_bytes()).boxes) == len(pages) > 2
    some = QPrinter(QPrinter.PrinterMode.HighResolution)
    some.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    some.setOutputFileName(str(tmp_path / "some.pdf"))
    some.setFromTo(2, 2)
    print_on(pages, some)
    only = Pdf((tmp_path / "some.pdf").read_bytes())
    assert len(only.boxes) == 1 and re.search(r"序号姓名备注(\d+)", only.text)[1] != "1"  # type: ignore[index]


@pytest.mark.faults
def test_another_program_sees_the_same_page(dressed: Any, tmp_path: Path) -> None:
    if not shutil.which("pdftoppm"):
        pytest.fail("poppler-utils is not installed: apt-get install poppler-utils")
    pages = Pages(long_ledger(30))
    (tmp_path / "a.pdf").write_bytes(pdf(pages))
    told = subprocess.run(["pdftoppm", "-r", "50", "-gray", "-png", "a.pdf", "a"], cwd=tmp_path, capture_output=True, check=True)
    assert told.stderr == b""
    theirs = QImage(str(next(tmp_path.glob("a-*1.png"))))
    ours = picture(pages).scaled(theirs.size())
    assert max(abs(a - b) for a, b in zip(shades(ours, 10), shades(theirs, 10), strict=True)) < 60


def test_the_date_of_the_pictures_is_the_desk_s() -> None:
    assert dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC) == TODAY
