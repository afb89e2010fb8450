"""Backups: made whole, read back, put in place whole; a damaged one changes nothing."""
from __future__ import annotations

import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gridapp.desk import back_up, open_desk, restore
from gridapp.rules.reading import Trouble
from gridapp.store import InUse, backup
from gridapp.store.keys import WrongPassword
from tests.conftest import PASSWORD
from tests.store.rows import content, home


def grow(desk: Any, rooms: int = 3) -> None:
    with desk.store.work() as work:
        home(work, rooms)
        work.keep()


def logical(folder: Path) -> Any:
    opened = open_desk(folder, PASSWORD)
    found = content(opened.store.engine)
    opened.close()
    return found


@pytest.fixture
def saved(file_desk: Any, tmp_path: Path) -> tuple[Any, Path, Any]:
    """A desk changed after its backup: (desk, backup, content at the time of the backup)."""
    grow(file_desk)
    before = content(file_desk.store.engine)
    made = back_up(file_desk, tmp_path / "one.gbk")
    grow(file_desk, 5)
    file_desk.close()
    return file_desk, made, before


def test_restoring_gives_what_was_saved_and_keeps_what_was_there(saved: tuple[Any, Path, Any]) -> None:
    desk, made, before = saved
    later = logical(desk.folder)
    aside = restore(desk.folder, made, PASSWORD)
    assert logical(desk.folder) == before != later
    assert aside is not None and logical(aside) == later


def test_nothing_is_restored_under_an_open_desk(saved: tuple[Any, Path, Any]) -> None:
    desk, made, _ = saved
    opened = open_desk(desk.folder, PASSWORD)
    with pytest.raises(InUse):
        restore(desk.folder, made, PASSWORD)
    opened.close()


def test_restoring_into_an_empty_folder(saved: tuple[Any, Path, Any], tmp_path: Path) -> None:
    _, made, before = saved
    assert restore(tmp_path / "new" / "place", made, PASSWORD) is None
    assert logical(tmp_path / "new" / "place") == before


def test_the_password_of_the_day_of_the_backup_opens_it(saved: tuple[Any, Path, Any]) -> None:
    from gridapp.store import keys

    desk, made, before = saved
    keys.change_password(desk.folder / backup.KEYS, PASSWORD, "battery-staple", keys.QUICK)
    restore(desk.folder, made, PASSWORD)
    assert logical(desk.folder) == before


def test_a_wrong_password_restores_nothing(saved: tuple[Any, Path, Any]) -> None:
    desk, made, _ = saved
    later = logical(desk.folder)
    with pytest.raises(WrongPassword):
        restore(desk.folder, made, "not-the-one")
    assert logical(desk.folder) == later
    assert not list(desk.folder.parent.glob("*.restoring")) and not list(desk.folder.parent.glob("*before-restore*"))


def test_thirty_damages_restore_whole_or_not_at_all(saved: tuple[Any, Path, Any], tmp_path: Path) -> None:
    desk, made, before = saved
    whole, chance, refused = made.read_bytes(), random.Random(7), 0
    for at in range(30):
        cut = chance.randrange(len(whole))
        broken = whole[:cut] if at % 3 == 0 else whole[:cut] + bytes([whole[cut] ^ 1 << chance.randrange(8)]) + whole[cut + 1 :]
        (tmp_path / "broken.gbk").write_bytes(broken)
        try:
            restore(tmp_path / f"try{at}", tmp_path / "broken.gbk", PASSWORD)
        except Trouble:
            refused += 1
            assert not (tmp_path / f"try{at}").exists() or not any((tmp_path / f"try{at}").iterdir())
        else:
            assert logical(tmp_path / f"try{at}") == before
    assert refused >= 25


def test_foreign_files_are_refused(saved: tuple[Any, Path, Any], tmp_path: Path) -> None:
    desk, _, _ = saved
    (tmp_path / "text.gbk").write_text("not a backup", "utf-8")
    with zipfile.ZipFile(tmp_path / "zip.gbk", "w") as box:
        box.writestr("../store.db", b"x")
    for name in ("text.gbk", "zip.gbk", "none.gbk"):
        with pytest.raises(Trouble):
            restore(desk.folder, tmp_path / name, PASSWORD)
    assert not (tmp_path.parent / "store.db").exists()


def test_a_backup_holds_no_plain_names_and_leaves_no_scraps(file_desk: Any, tmp_path: Path) -> None:
    out = tmp_path / "usb"
    out.mkdir()
    back_up(file_desk, out / "one.gbk")
    assert [path.name for path in out.iterdir()] == ["one.gbk"]
    assert "示范网格".encode() not in (out / "one.gbk").read_bytes()


def test_an_existing_file_is_not_overwritten(file_desk: Any, tmp_path: Path) -> None:
    (tmp_path / "one.gbk").write_bytes(b"precious")
    with pytest.raises(Trouble):
        back_up(file_desk, tmp_path / "one.gbk")
    assert (tmp_path / "one.gbk").read_bytes() == b"precious"


def test_a_place_that_is_not_there(file_desk: Any, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        back_up(file_desk, tmp_path / "no" / "such" / "usb" / "one.gbk")
    assert caught.value.text.endswith("。")


def test_without_a_place_it_lands_beside_the_data(file_desk: Any) -> None:
    made = back_up(file_desk)
    assert made.parent == file_desk.folder / "backups" and made.exists()


def test_a_database_server_has_its_own_backups(new_desk: Any, tmp_path: Path) -> None:
    with pytest.raises(Trouble) as caught:
        back_up(new_desk("postgresql"), tmp_path / "one.gbk")
    assert caught.value.code == "not_a_file" and not (tmp_path / "one.gbk").exists()
