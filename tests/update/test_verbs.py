"""The verb: on the desk and on the command line, with the data backed up first; where the program may not be changed, who may."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gridapp
from gridapp import __main__ as start
from gridapp import desk as verbs
from gridapp import places, versions
from gridapp.cli.main import main
from gridapp.rules.reading import Trouble
from gridapp.store.keys import QUICK
from gridapp.update import install, makers
from tests.conftest import PASSWORD


@pytest.fixture
def trusted(maker, home, monkeypatch):
    """This program as one that ships the maker's key and stands in the home folder."""
    monkeypatch.setattr(makers, "keys", lambda: [maker.key])
    monkeypatch.setattr(install, "home", lambda: home)
    monkeypatch.setenv("GRIDAPP_PASSWORD", PASSWORD)
    return maker


@pytest.fixture
def data(tmp_path):
    """A folder with a grid's store."""
    made, _ = verbs.init(tmp_path / "data", PASSWORD, grid_name="示范网格", who="王书记", cost=QUICK)
    made.close()
    return tmp_path / "data"


def test_the_data_are_backed_up_first_and_the_log_tells(trusted, home, data):
    opened = verbs.open_desk(data, PASSWORD)
    done = verbs.upgrade(opened, trusted.pack("9.2.0"))
    assert done.version == "9.2.0" and versions.current(home) == "9.2.0"
    assert done.backup and done.backup.parent == data / "backups"
    assert [(line["what"], line["purpose"]) for line in verbs.audit(opened)][0] == ("upgrade", f"{gridapp.__version__} → 9.2.0")
    opened.close()
    verbs.restore(data, done.backup, PASSWORD)
    verbs.open_desk(data, PASSWORD).close()


def test_a_backup_that_fails_stops_it(trusted, home, data, monkeypatch):
    def refuse(desk, out=None):
        raise Trouble("备份没有写成。", "cannot_write")

    monkeypatch.setattr("gridapp.desk.upgrading.back_up", refuse)
    opened = verbs.open_desk(data, PASSWORD)
    with pytest.raises(Trouble, match="备份没有写成"):
        verbs.upgrade(opened, trusted.pack("9.2.0"))
    opened.close()
    assert not (home / "versions").exists()


def test_on_the_command_line(trusted, home, data, capsys):
    path = trusted.pack("9.2.0")
    assert main(["--data", str(data), "update", str(path), "--look"]) == 0
    assert "9.2.0" in (told := capsys.readouterr().out) and "更快了" in told and not (home / "versions").exists()
    assert main(["--data", str(data), "update", str(path)]) == 0
    told = capsys.readouterr().out
    assert "备份" in told and "下次启动就是新版" in told and len(list((data / "backups").glob("*.gbk"))) == 1
    assert main(["--data", str(data / "none"), "update", str(trusted.pack("9.3.0"))]) == 0
    assert "备份" not in capsys.readouterr().out and versions.current(home) == "9.3.0"
    assert main(["update", str(trusted.pack("0.0.1"))]) == 1
    assert "不用升级" in capsys.readouterr().err


def test_from_source_it_is_told(maker, monkeypatch):
    with pytest.raises(Trouble, match="源代码"):
        install.home()
    monkeypatch.setattr(makers, "keys", list)
    with pytest.raises(Trouble, match="没有带升级用的公钥"):
        verbs.look_at_update(maker.pack("9.2.0"))


@pytest.fixture
def frozen(home, monkeypatch):
    """This program as a frozen one in the home folder."""
    monkeypatch.setattr(sys, "_MEIPASS", str(home / "_internal"), raising=False)
    monkeypatch.setattr(sys, "executable", str(home / "gridapp"))
    return home


def test_the_folder_of_the_program_is_found_from_every_version(frozen, monkeypatch):
    assert install.home() == frozen == places.beside()
    monkeypatch.setattr(sys, "executable", str(frozen / "versions" / "0.2.0" / "gridapp"))
    assert install.home() == frozen and places.data_dir(portable=True) == frozen / "数据"


def test_a_deb_is_updated_by_a_deb(frozen, monkeypatch, tmp_path):
    (tmp_path / "gridapp.list").write_text(f"/.\n{frozen}\n{frozen}/gridapp\n")
    monkeypatch.setattr(install, "DPKG", tmp_path / "gridapp.list")
    with pytest.raises(Trouble, match="apt install"):
        install.home()
    (tmp_path / "gridapp.list").write_text("/opt/gridapp/gridapp\n")
    assert install.home() == frozen


def test_a_folder_that_is_not_ours_is_told(frozen, monkeypatch):
    monkeypatch.setattr(places, "writable", lambda folder: False)
    with pytest.raises(Trouble, match="由管理员"):
        install.home()


def test_the_installed_program_hands_over_to_the_newest(frozen, trusted, monkeypatch):
    install.install(verbs.look_at_update(trusted.pack("9.2.0")), frozen, gridapp.__version__, lambda done, total: None)
    seen: list[object] = []
    monkeypatch.setattr(versions, "hand_over", lambda program, words: seen.append((program, words)) or 7)
    assert start.main(["--version"]) == 7
    assert seen == [(frozen / "versions" / "9.2.0" / "gridapp", ["--version"])]
    monkeypatch.setattr(gridapp, "__version__", "9.2.0")
    assert start.main(["--version"]) == 0


def test_a_version_that_says_another_number_than_its_package_does_not_hand_over_to_itself_for_ever(frozen, trusted, monkeypatch):
    program = install.install(verbs.look_at_update(trusted.pack("9.2.0")), frozen, gridapp.__version__, lambda done, total: None)
    monkeypatch.setattr(sys, "executable", str(program))
    assert start.main(["--version"]) == 0


def test_handing_over_is_becoming_it_without_what_our_loader_set(tmp_path):
    """As a process: the words arrive, the exit code comes back, the loader's own variables are gone and the user's are back."""
    program = tmp_path / "new"
    program.write_text('#!/bin/sh\necho "$1 $LD_LIBRARY_PATH [$_PYI_X] $HOME $PATH"\nexit 5\n')
    program.chmod(0o755)
    script = "import sys, pathlib; sys._MEIPASS = '/x'; from gridapp import versions; versions.hand_over(pathlib.Path(sys.argv[1]), ['--said'])"
    environment = {"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/theirs", "_PYI_X": "1", "HOME": "/h", "PATH": "/x/Qt:/x:/bin:/usr/bin"}
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script, str(program)], cwd=root, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("--said /theirs [] /h /bin:/usr/bin\n", 5)
