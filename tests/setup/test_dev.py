"""dev.py: what it says and does on machines that lack something, and when a check fails."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

import dev

ROOT = Path(dev.__file__).parent


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 10, 14), (3, 14, 0)])
def test_a_python_without_wheels_is_told_which_to_install(version: tuple[int, ...]) -> None:
    with pytest.raises(dev.Trouble, match="请安装 Python 3.11"):
        dev.check_python(version)


@pytest.mark.parametrize("version", [(3, 11, 2), (3, 13, 5)])
def test_every_python_with_wheels_will_do(version: tuple[int, ...]) -> None:
    dev.check_python(version)


@pytest.mark.parametrize(("glibc", "package"), [("2.36", "libglib2.0-0"), ("2.41", "libglib2.0-0t64")])
def test_glib_goes_by_the_name_of_the_release(monkeypatch: pytest.MonkeyPatch, glibc: str, package: str) -> None:
    monkeypatch.setattr(dev.platform, "libc_ver", lambda: ("glibc", glibc))
    assert dev.debian_name("libglib2.0-0") == package
    assert dev.debian_name("libegl1") == "libegl1"


def test_without_permission_the_exact_apt_line_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "apt_prefix", lambda: None)
    with pytest.raises(dev.Trouble, match="sudo apt-get install -y --no-install-recommends libgl1 libegl1$"):
        dev.install_packages(["libgl1", "libegl1"])


def test_a_missing_library_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "QT_LIBRARIES", {"libno-such-thing.so.7": "libno-such-thing7"})
    monkeypatch.setattr(dev.sys, "platform", "linux")
    assert dev.missing_packages(screen=False) == ["libno-such-thing7"]


def test_an_x_screen_needs_more_but_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "loads", lambda soname: False)
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    assert "libxcb-cursor0" not in dev.missing_packages(screen=True)
    monkeypatch.setenv("DISPLAY", ":0")
    assert "libxcb-cursor0" in dev.missing_packages(screen=True)
    assert "libxcb-cursor0" not in dev.missing_packages(screen=False)


def test_checks_stop_at_the_first_failure_and_name_it(capfd: pytest.CaptureFixture[str]) -> None:
    code = dev.check(("good", ["-c", "pass"]), ("bad", ["-c", "raise SystemExit(3)"]), ("late", ["-c", "print('never')"]))
    said = capfd.readouterr()
    assert code == 3
    assert "检查没有通过：bad" in said.err
    assert "never" not in said.out


def test_a_day_without_a_screen_ends_with_where_things_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    for name in ("out/ledgers/a.xlsx", "out/ledgers/b.xlsx", "out/usb/c.gbx", "out/pages/d.png", "out/report.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    dev.say_where(tmp_path / "out")
    assert capsys.readouterr().out.splitlines() == [
        f"==> 台账 2 个：{Path('out/ledgers')}",
        f"==> 数据包 1 个：{Path('out/usb')}",
        f"==> 截图 1 个：{Path('out/pages')}",
        f"==> 报告 1 个：{Path('out')}",
    ]


def test_make_is_a_thin_alias_of_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert set(re.findall(r"dev\.py ([a-z-]+)", makefile.split("help:", 1)[1])) == set(dev.COMMANDS)
    assert set(re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)) == {"help", *dev.COMMANDS}
