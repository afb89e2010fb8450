"""The key file: password or recovery code open it, nothing else does, and it is replaced in one step."""
from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from gridapp.rules.reading import Trouble
from gridapp.store import keys
from gridapp.store.keys import QUICK, NoStore, WrongPassword


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, str, str]:
    path = tmp_path / "key.json"
    return path, *keys.create(path, "correct-horse", QUICK)


def test_password_and_recovery_code_give_the_same_key(made: tuple[Path, str, str]) -> None:
    path, key, code = made
    assert len(key) == 96
    assert keys.unlock(path, "correct-horse") == keys.unlock(path, code) == key


@pytest.mark.parametrize("spelled", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "])
def test_the_code_may_be_typed_as_people_type(made: tuple[Path, str, str], spelled) -> None:  # type: ignore[no-untyped-def]
    path, key, code = made
    assert keys.unlock(path, spelled(code)) == key


@pytest.mark.parametrize("wrong", ["", "correct-hors", "correct-horse ", "Correct-horse", "2222-2222-2222-2222-2222-2222"])
def test_a_wrong_secret_is_refused(made: tuple[Path, str, str], wrong: str) -> None:
    before = made[0].read_bytes()
    with pytest.raises(WrongPassword) as caught:
        keys.unlock(made[0], wrong)
    assert caught.value.exit_code == 12
    assert made[0].read_bytes() == before


def test_nothing_readable_in_the_file(made: tuple[Path, str, str]) -> None:
    path, key, code = made
    text = path.read_text("utf-8")
    assert key[:64] not in text and code not in text and code.replace("-", "") not in text and "correct-horse" not in text


def test_two_stores_never_share_a_key(tmp_path: Path) -> None:
    first, second = (keys.create(tmp_path / name, "correct-horse", QUICK) for name in ("a", "b"))
    assert first[0] != second[0] and first[1] != second[1]


def test_changing_the_password_keeps_the_key_and_the_code(made: tuple[Path, str, str]) -> None:
    path, key, code = made
    keys.change_password(path, "correct-horse", "battery-staple", QUICK)
    assert keys.unlock(path, "battery-staple") == keys.unlock(path, code) == key
    with pytest.raises(WrongPassword):
        keys.unlock(path, "correct-horse")


def test_the_code_may_set_a_new_password(made: tuple[Path, str, str]) -> None:
    path, key, code = made
    keys.change_password(path, code, "battery-staple", QUICK)
    assert keys.unlock(path, "battery-staple") == key


def test_a_change_is_one_replacement(made: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    path, key, _ = made
    seen = []
    replace = os.replace

    def watched(source: str | Path, target: str | Path) -> None:
        keys.unlock(path, "correct-horse")
        assert json.loads(Path(source).read_text("utf-8"))["version"] == keys.VERSION
        seen.append((Path(source).name, Path(target).name))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    keys.change_password(path, "correct-horse", "battery-staple", QUICK)
    assert len(seen) == 1 and seen[0][1] == path.name
    assert keys.unlock(path, "battery-staple") == key


def test_a_change_that_cannot_be_written_leaves_the_old_password(made: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    path, key, _ = made

    def broken(source: str | Path, target: str | Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(Trouble):
        keys.change_password(path, "correct-horse", "battery-staple", QUICK)
    monkeypatch.undo()
    assert keys.unlock(path, "correct-horse") == key


def test_no_file_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NoStore) as caught:
        keys.unlock(tmp_path / "key.json", "correct-horse")
    assert caught.value.exit_code == 10


def test_a_newer_file_is_left_alone(made: tuple[Path, str, str]) -> None:
    path = made[0]
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"version": keys.VERSION + 1}), "utf-8")
    with pytest.raises(Trouble) as caught:
        keys.unlock(path, "correct-horse")
    assert caught.value.code == "newer_store"


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """A flipped bit, a cut, a hole of zeros, or foreign bytes."""
    at = chance.randrange(len(whole))
    kind = chance.randrange(4)
    if kind == 0:
        return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
    if kind == 1:
        return whole[:at]
    if kind == 2:
        return whole[:at] + bytes(min(64, len(whole) - at)) + whole[at + 64 :]
    return whole[:at] + chance.randbytes(16) + whole[at + 16 :]


def test_a_hundred_damages_open_nothing_wrongly(made: tuple[Path, str, str]) -> None:
    """Every damage is refused as damage, never as a wrong password; or it hit the other slot and the very same key comes out."""
    path, key, _ = made
    whole, refused, chance = path.read_bytes(), 0, random.Random(20261121)
    for _ in range(100):
        path.write_bytes(damaged(whole, chance))
        try:
            found = keys.unlock(path, "correct-horse")
        except Trouble as trouble:
            refused += 1
            assert trouble.code in ("damaged_key", "newer_store")
        else:
            assert found == key
    assert refused >= 50


def test_the_code_opens_where_the_password_slot_is_damaged(made: tuple[Path, str, str]) -> None:
    path, key, code = made
    content = json.loads(path.read_text("utf-8"))
    content["password"]["box"] = content["password"]["box"][:-8] + "AAAAAAA="
    path.write_text(json.dumps(content), "utf-8")
    assert keys.unlock(path, code) == key
    with pytest.raises(Trouble) as caught:
        keys.unlock(path, "correct-horse")
    assert caught.value.code == "damaged_key"
