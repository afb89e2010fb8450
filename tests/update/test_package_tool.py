"""The maker's tool: keys that are kept apart, notes from the changelog, the same package twice, and none that could never be followed."""
from __future__ import annotations

import datetime as dt
import stat

import pytest

from gridapp import places
from gridapp.update import makers, package
from installers import update_package

DAY = dt.date(2026, 11, 22)


def test_a_pair_of_keys(tmp_path, monkeypatch):
    secret = tmp_path / "stick" / "update.key"
    public = update_package.make_key(secret, tmp_path / "resources" / "update", DAY)
    assert public.name == "2026-11-22.toml" and stat.S_IMODE(secret.stat().st_mode) == 0o600
    seed = bytes.fromhex(secret.read_text())
    monkeypatch.setattr(places, "resources", lambda *parts: tmp_path.joinpath("resources", *parts))
    assert makers.keys() == [makers.public(seed)] and makers.signed(b"x", makers.seal(b"x", seed), makers.keys())
    with pytest.raises(SystemExit, match="没有覆盖"):
        update_package.make_key(secret, tmp_path, DAY)
    with pytest.raises(SystemExit, match="不能放在代码目录里"):
        update_package.make_key(update_package.ROOT / "build" / "update.key", tmp_path, DAY)


def test_the_notes_are_the_version_s_part_of_the_changelog():
    text = "# 变更\n\n## [0.2.0] - 2026-12-01\n\n### 窗口\n\n- 新\n\n## [0.1.0]\n- 旧\n"
    assert update_package.notes_of(text, "0.2.0") == "窗口：\n- 新" and update_package.notes_of(text, "0.1.0") == "- 旧"
    with pytest.raises(SystemExit, match="请先写上"):
        update_package.notes_of(text, "0.3.0")


def test_this_checkout_s_changelog_tells_of_its_version():
    assert update_package.notes_of((update_package.ROOT / "CHANGELOG.md").read_text("utf-8"), update_package.shipped.project()["version"])


def test_the_same_program_makes_the_same_package(maker):
    assert maker.pack("0.2.0").read_bytes() == maker.pack("0.2.0").read_bytes()


def test_from_a_frozen_program_to_an_offer(maker, tmp_path, capsys):
    dist, key, out = maker.dist("0.1.0"), tmp_path / "update.key", tmp_path / "out"
    with pytest.raises(SystemExit, match="不是冻结好的程序"):
        update_package.pack(dist, key, out)
    (dist / "gridapp").unlink()
    (dist / "gridapp.exe").write_bytes(b"MZ" + bytes(100))
    key.write_text(maker.seed.hex())
    with pytest.raises(SystemExit, match="没有对应的公钥"):
        update_package.pack(dist, key, out)
    (dist / "_internal" / "resources" / "update").mkdir(parents=True)
    (dist / "_internal" / "resources" / "update" / "2026-11-22.toml").write_text(f'public = "{maker.key.hex()}"')
    made = update_package.pack(dist, key, out)
    version = update_package.shipped.project()["version"]
    assert made == out / f"gridapp-{version}-windows-x86_64.gup" and f"{version} 版" in capsys.readouterr().out
    offer = package.look(made, "0.0.9", [maker.key], "windows-x86_64")
    assert offer.manifest.program == "gridapp.exe" and "台账" in offer.notes
    with pytest.raises(SystemExit, match="make update-key"):
        update_package.pack(dist, tmp_path / "none", out)


def test_whose_a_program_is_stands_in_its_first_bytes(tmp_path):
    for machine, wanted in ((b"\xb7\x00", "linux-aarch64"), (b"\x3e\x00", "linux-x86_64")):
        (tmp_path / "gridapp").write_bytes(b"\x7fELF" + bytes(14) + machine)
        assert update_package.platform_of(tmp_path) == (wanted, "gridapp")
    assert update_package.version_of(tmp_path, "windows-x86_64") == update_package.shipped.project()["version"]
