"""附件 in the window: made ready without where it was taken, blurred until looked at, added, saved out, removed and taken back."""
from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPushButton

from gridapp import desk
from gridapp.desk.attaching import VISITS
from gridapp.rules import contents
from gridapp.rules.reading import Trouble
from gridapp.ui import pictures
from gridapp.ui.attachment_card import AttachmentCard
from gridapp.ui.attachment_setting import AttachmentSetting
from gridapp.ui.seat import Seat
from gridapp.ui.story import StoryView

Rest = Callable[[Seat], None]
PLACE = b"N 39 54 15 E 116 23 29"


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#386641"))
    for x in range(0, width, 3):
        image.setPixelColor(x, height // 2, QColor("#bc4749"))
    image.setText("Description", "李秀英家")
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)
    return bytes(held.data())


def with_place(data: bytes, turned: bool = False) -> bytes:
    """The same JPEG as a camera writes it: an EXIF segment that says where, and perhaps that it lies on its side."""
    entries = [(0x0112, 3, 1, struct.pack(">HH", 6, 0))] if turned else []
    entries.append((0x010E, 2, len(PLACE) + 1, struct.pack(">I", 8 + 2 + 12 * (len(entries) + 1) + 4)))
    folder = struct.pack(">H", len(entries)) + b"".join(struct.pack(">HHI", *each[:3]) + each[3] for each in entries) + bytes(4)
    body = b"Exif\0\0" + b"MM\0*" + struct.pack(">I", 8) + folder + PLACE + b"\0"
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:]


def read(data: bytes) -> QImage:
    image = QImage.fromData(data)
    assert not image.isNull()
    return image


@pytest.fixture
def home(seat: Seat) -> str:
    return desk.listing(seat.desk, "household").rows[0].id


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_what_a_camera_wrote_beside_the_picture_is_gone(qapp: Any, tmp_path: Path) -> None:
    raw = with_place(picture(3000, 2000), turned=True)
    assert PLACE in raw
    assert b"Exif" in raw
    assert not contents.is_bare(raw)
    made = pictures.ready(file(tmp_path, "IMG_李秀英.jpg", raw))
    assert PLACE not in made
    assert b"Exif" not in made
    assert contents.is_bare(made)
    assert read(made).size() == QSize(1066, 1600)  # upright, the longest side 1600
    assert not read(made).textKeys()


@pytest.mark.parametrize("kind", ["PNG", "BMP"])
def test_any_picture_becomes_a_bare_jpeg_and_is_never_made_larger(qapp: Any, tmp_path: Path, kind: str) -> None:
    made = pictures.ready(file(tmp_path, "x", picture(200, 100, kind)))
    assert contents.media_of(made) == contents.JPEG
    assert contents.is_bare(made)
    assert read(made).size() == QSize(200, 100)
    assert "李秀英".encode() not in made


def test_pdfs_stay_as_they_are_and_others_are_refused(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pictures.ready(file(tmp_path, "a.txt", b"%PDF-1.7 x")) == b"%PDF-1.7 x"
    with pytest.raises(Trouble, match="5 MB"):
        pictures.ready(file(tmp_path, "a.pdf", b"%PDF-1.7" + bytes(5 << 20)))
    for data in (b"", b"MZ program", b"<html>"):
        with pytest.raises(Trouble, match="不是能打开的照片"):
            pictures.ready(file(tmp_path, "a.jpg", data))
    with pytest.raises(Trouble, match="读不出"):
        pictures.ready(tmp_path / "gone.jpg")
    monkeypatch.setattr(pictures, "LARGEST_FILE", 10)
    with pytest.raises(Trouble, match="太大"):
        pictures.ready(file(tmp_path, "b.jpg", picture(20, 20)))


def test_a_masked_picture_is_thirty_colours(qapp: Any) -> None:
    tile = pictures.masked(picture(1200, 900))
    assert tile.size() == pictures.TILE
    assert len({tile.pixelColor(x, y).name() for x in range(tile.width()) for y in range(tile.height())}) <= 30


def words_in(page: Any) -> str:
    return " ".join(each.text() for each in page.findChildren(QLabel) if each.isVisible())


@pytest.fixture
def card(seat: Seat, home: str, qtbot: Any, rest: Rest) -> AttachmentCard:
    made = AttachmentCard(seat, "household", home)
    qtbot.addWidget(made)
    rest(seat)
    return made


def add(card: AttachmentCard, rest: Rest, path: Path, caption: str = "") -> None:
    card.take(path)
    rest(card.seat)
    assert card.line
    card.line.setText(caption)
    card.line.returnPressed.emit()
    rest(card.seat)


def test_added_looked_at_removed_and_taken_back(card: AttachmentCard, rest: Rest, tmp_path: Path, find_child: Any) -> None:
    seat, shell = card.seat, card.seat.shell
    assert isinstance(shell, object)
    assert "没有附件" in words_in(card)
    add(card, rest, file(tmp_path, "李秀英.jpg", with_place(picture(800, 600))), "楼道灯")
    assert "楼道灯" in words_in(card)
    tiles = [each for each in card.findChildren(QLabel) if not each.pixmap().isNull()]
    assert [each.pixmap().size() for each in tiles] == [pictures.TILE]
    logged = len(desk.audit(seat.desk))
    find_child(card, QPushButton, "看").click()
    rest(seat)
    assert card.box.picture.pixmap().width() > 300
    card.box.close()
    (line, *_) = desk.audit(seat.desk)
    assert (len(desk.audit(seat.desk)), line["what"], line["record"], line["field"]) == (logged + 1, "reveal", "attachment", "sha256")
    find_child(card, QPushButton, "删除").click()
    rest(seat)
    assert "没有附件" in words_in(card)
    shell.then()  # type: ignore[attr-defined]
    rest(seat)
    card.ask()
    rest(seat)
    assert "楼道灯" in words_in(card)


def test_saved_out_with_a_purpose(card: AttachmentCard, rest: Rest, tmp_path: Path) -> None:
    seat: Any = card.seat
    add(card, rest, file(tmp_path, "a.pdf", b"%PDF-1.7 scan"))
    card.ask_purpose(card.lines[0])
    card._where(card.lines[0])
    assert "用途" in seat.shell.warned[-1]
    assert card.line
    card.line.setText("上报社区")
    card.save_to(card.lines[0], tmp_path / "out.pdf")
    rest(seat)
    assert (tmp_path / "out.pdf").read_bytes() == b"%PDF-1.7 scan"
    (line, *_) = desk.audit(seat.desk)
    assert (line["what"], line["purpose"]) == ("export", "上报社区")
    assert "看" not in [each.text() for each in card.findChildren(QPushButton)]


def test_the_same_twice_is_said(card: AttachmentCard, rest: Rest, tmp_path: Path) -> None:
    seat: Any = card.seat
    path = file(tmp_path, "a.jpg", picture(80, 60))
    add(card, rest, path)
    add(card, rest, path)
    assert "已经添加过" in seat.shell.warned[-1]
    card.ask()
    rest(seat)
    assert len(card.lines) == 1


def test_visits_have_none_until_it_is_switched_on(seat: Seat, qtbot: Any, rest: Rest) -> None:
    visit = desk.listing(seat.desk, "visit").rows[0].id
    card = AttachmentCard(seat, "visit", visit)
    qtbot.addWidget(card)
    rest(seat)
    assert not card.isVisible()
    with pytest.raises(Trouble, match="走访附件"):
        desk.attach(seat.desk, "visit", visit, b"%PDF-1.7")
    choice = AttachmentSetting(seat)
    qtbot.addWidget(choice)
    choice.refresh()
    rest(seat)
    assert not choice.visits.isChecked()
    choice.visits.click()
    rest(seat)
    assert desk.setting(seat.desk, VISITS) == "1"
    card.ask()
    rest(seat)
    assert card.isVisible()
    assert desk.attach(seat.desk, "visit", visit, b"%PDF-1.7").saved


@pytest.mark.parametrize(("record", "there"), [("household", True), ("request", True), ("visit", False), ("member", False)])
def test_the_story_shows_them_where_they_belong(seat: Seat, qtbot: Any, rest: Rest, record: str, there: bool) -> None:
    view = StoryView(seat)
    qtbot.addWidget(view)
    view.show()
    view.ask(record, desk.listing(seat.desk, record).rows[0].id)
    rest(seat)
    assert ("没有附件" in words_in(view)) is there
