"""The Windows setup tried under wine as a new machine: installed, proved, refused, upgraded, uninstalled, for one user and for everyone.

Every claim is a Chinese line and whether it holds. What wine cannot show is in README.
"""
from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from installers import nsis, wine

MINE = "users/root/AppData/Local/Programs/gridapp"
EVERYONES = "Program Files/gridapp"
# With a blank and no ASCII, as offices name their folders.
ELSEWHERE = "网格 支部"
DATA = "users/root/AppData/Local/gridapp"
LINKS = ("users/root/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/网格支部.lnk", "users/root/Desktop/网格支部.lnk")
PUBLIC_LINKS = ("ProgramData/Microsoft/Windows/Start Menu/Programs/网格支部.lnk", "users/Public/Desktop/网格支部.lnk")
SYSTEMS = re.compile("windows/|users/root/AppData/Local/Temp/")
NEWER, RUNNING = 3, 11
PASSWORD = "Shiyong-2026-mima"
UNLOCKED = "--password-file 'Z:\\work\\out\\password.txt'"


@dataclass
class Trial:
    """One machine (a wine prefix) and what was found on it."""

    root: Path
    claims: dict[str, bool] = field(default_factory=dict)

    @property
    def disk(self) -> Path:
        """C:"""
        return self.root / wine.WORK / "prefix" / "drive_c"

    def claim(self, sentence: str, holds: object) -> None:
        """Note and print one claim."""
        self.claims[sentence] = bool(holds)
        print(f"    {'对' if holds else '不对'}  {sentence}", flush=True)

    def run(self, script: str, seconds: int = 600) -> int:
        """A script in wine's root, in the folder of the setups; its exit code. What it printed is shown when it failed."""
        done = wine.session(self.root, script, "out", seconds)
        if done.returncode not in (0, NEWER, RUNNING):
            print(done.stdout[-2000:])
        return done.returncode

    def registry(self) -> str:
        """Both registries as text, Chinese readable."""
        text = "".join((self.root / wine.WORK / "prefix" / name).read_text("utf-8") for name in ("user.reg", "system.reg"))
        return re.sub(r"\\x([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).replace("\\\\", "\\")

    def has(self, *paths: str) -> bool:
        """Whether every one of these lies on C:."""
        return all((self.disk / path).exists() for path in paths)

    def files(self, folder: str = "") -> dict[str, str]:
        """Path -> digest of every file below a folder of C:, without Windows' own and the temporary (NSIS's last piece goes at the next start)."""
        found = (path for path in (self.disk / folder).rglob("*") if path.is_file() and not path.is_symlink())
        named = {path.relative_to(self.disk).as_posix(): path for path in found}
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in named.items() if not SYSTEMS.match(name)}


def run(root: Path, dist: Path, setup: Path, version: str, results: Path) -> int:
    """Try a setup; 0 when every claim holds. The installed program's self-test, its picture and the claims lie in results."""
    started = time.monotonic()
    out = root / wine.WORK / "out"
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(root / wine.WORK / "prefix", ignore_errors=True)
    out.mkdir()
    shutil.copy(setup, out / "setup.exe")
    newer = raised(version)
    nsis.pack(dist, newer, out / "newer.exe", quick=True)
    (out / "password.txt").write_text(PASSWORD)
    trial = Trial(root)
    trial.run("wineboot -i")
    empty = set(trial.files())
    for step in (installs, proves, keeps_running, upgrades, refuses_older, uninstalls):
        step(trial, version, newer)
    left = set(trial.files()) - empty
    trial.claim("除了数据，什么也没有留下", left and all(name.startswith(f"{DATA}/") for name in left) and not mentions(trial))
    for_everyone(trial, version)
    trial.claim("给所有人装过又卸载，也什么都没有留下", set(trial.files()) - empty == left and not mentions(trial))
    return told(trial, out, results, time.monotonic() - started)


def at(path: str) -> str:
    """A path of C: as a Windows program takes it, quoted for the shell."""
    return "'C:\\" + path.replace("/", "\\") + "'"


def raised(version: str) -> str:
    """The next version."""
    first, second, third = version.split(".")
    return f"{first}.{second}.{int(third) + 1}"


def mentions(trial: Trial) -> list[str]:
    """The registry's lines that still speak of us."""
    return [line for line in trial.registry().splitlines() if re.search(r"gridapp|\.gbx|网格支部", line)]


def listed_as(trial: Trial) -> list[str]:
    """The versions that Settings > Apps would show."""
    return re.findall(r'\\Uninstall\\gridapp\].*?"DisplayVersion"="([^"]*)"', trial.registry(), re.DOTALL)


def installs(trial: Trial, version: str, newer: str) -> None:
    """Silently, for this user."""
    trial.claim("静默安装，退出码 0", trial.run("wine setup.exe /S") == 0)
    trial.claim("程序、卸载程序、开始菜单和桌面的中文快捷方式都在", trial.has(f"{MINE}/gridapp.exe", f"{MINE}/uninstall.exe", *LINKS))
    registry = trial.registry()
    trial.claim("“应用”里有中文名和版本", '"DisplayName"="网格支部"' in registry and listed_as(trial) == [version])
    trial.claim("双击 .gbx 用本程序打开", '"\\"C:\\users\\root\\AppData\\Local\\Programs\\gridapp\\gridapp.exe\\" \\"%1\\""' in registry)
    trial.claim("没有动 Program Files", not trial.has(EVERYONES))


def proves(trial: Trial, version: str, newer: str) -> None:
    """The installed program's self-test on wine's screen, with Qt's `windows` platform."""
    self_test(trial, MINE, "self-test-windows", "装好的程序自检全部通过（Qt 的 windows 平台）")


def self_test(trial: Trial, folder: str, name: str, sentence: str) -> None:
    """Run it in one folder of C:; its report and picture are kept under a name."""
    program, out = at(f"{folder}/gridapp.exe"), f"Z:\\{wine.WORK}\\out\\{name}"
    start = time.monotonic()
    code = trial.run(f"wine {program} --self-test --out '{out}.json' --picture '{out}.png'")
    report = trial.root / wine.WORK / "out" / f"{name}.json"
    lines = json.loads(report.read_text("utf-8")) if report.exists() else {}
    trial.claim(f"{sentence}：{len(lines)} 项，{time.monotonic() - start:.0f} 秒", code == 0 and lines and all(line["ok"] for line in lines.values()))
    for check, line in lines.items():
        print(f"          {check} {line['ok']} {line['ms']} ms {line['detail']}")


def keeps_running(trial: Trial, version: str, newer: str) -> None:
    """While its window stands, the setup changes nothing and says so."""
    program = f"wine {at(MINE + '/gridapp.exe')}"
    trial.claim("建立一个真的数据库", trial.run(f"{program} {UNLOCKED} init") == 0 and trial.has(DATA))
    before = trial.files(MINE)
    closed = "wine taskkill /im gridapp.exe >/dev/null 2>&1; sleep 2; wineserver -k"
    code = trial.run(f"{program} & sleep 8; wine newer.exe /S; code=$?; {closed}; exit $code")
    trial.claim("窗口开着时不升级，退出码 11，一个文件也没有改", code == RUNNING and trial.files(MINE) == before)


def upgrades(trial: Trial, version: str, newer: str) -> None:
    """In place: old program files go, data stay as they are, a shortcut thrown away does not come back."""
    stale = f"{MINE}/_internal/旧版的文件.txt"
    (trial.disk / stale).write_text("old")
    update(trial, version)
    (trial.disk / LINKS[1]).unlink()
    data = trial.files(DATA)
    trial.claim("在原处升级，退出码 0", trial.run("wine newer.exe /S") == 0 and listed_as(trial) == [newer])
    old = (stale, f"{MINE}/_internal.old", f"{MINE}/gridapp.exe.old", f"{MINE}/versions")
    trial.claim("旧版的程序文件没有留下", not any(trial.has(path) for path in old))
    trial.claim("数据一个字节没有变", data and trial.files(DATA) == data)
    trial.claim("删掉的桌面快捷方式没有又出现", not trial.has(LINKS[1]))
    opened = f"wine {at(MINE + '/gridapp.exe')} {UNLOCKED} today"
    trial.claim("升级以后打得开原来的数据", trial.run(opened) == 0)


def update(trial: Trial, number: str) -> None:
    """What an update by file leaves beside the program (gridapp/versions.py)."""
    place = trial.disk / MINE / "versions"
    (place / number).mkdir(parents=True)
    (place / "current").write_text(f"{number}\n")


def refuses_older(trial: Trial, version: str, newer: str) -> None:
    """An older setup leaves the newer program alone, unless it is told to go back."""
    trial.claim("旧版不盖过新版，退出码 3", trial.run("wine setup.exe /S") == NEWER and listed_as(trial) == [newer])
    update(trial, "99.0.0")
    trial.run("wine newer.exe /S")
    trial.claim("用升级包装的更新的版本留着", trial.has(f"{MINE}/versions/current"))
    code = trial.run("wine setup.exe /S /Older")
    trial.claim("明说 /Older 时换回旧版", code == 0 and listed_as(trial) == [version] and not trial.has(f"{MINE}/versions"))


def uninstalls(trial: Trial, version: str, newer: str) -> None:
    """Silently: the data stay."""
    data = trial.files(DATA)
    trial.claim("静默卸载，退出码 0", trial.run(f"wine {at(MINE + '/uninstall.exe')} /S") == 0)
    trial.claim("程序和快捷方式都没有了", not trial.has(MINE) and not trial.has(LINKS[0]))
    trial.claim("数据还在，一个字节没有变", data and trial.files(DATA) == data)


def for_everyone(trial: Trial, version: str) -> None:
    """Into Program Files, and into a folder with a Chinese name."""
    trial.claim("给所有人安装，退出码 0", trial.run("wine setup.exe /S /AllUsers") == 0 and listed_as(trial) == [version])
    trial.claim("装进 Program Files，快捷方式人人都有", trial.has(f"{EVERYONES}/gridapp.exe", *PUBLIC_LINKS) and not trial.has(MINE))
    trial.run(f"wine {at(EVERYONES + '/uninstall.exe')} /S")
    # NSIS wants the folder last and without quotes: two words to the shell.
    first, last = ELSEWHERE.split()
    code = trial.run(f"wine setup.exe /S '/D=C:\\{first}' {last}")
    trial.claim("装进别的文件夹，名字带中文和空格", code == 0 and trial.has(f"{ELSEWHERE}/gridapp.exe"))
    self_test(trial, ELSEWHERE, "self-test-windows-elsewhere", "那里的程序自检也全部通过")
    trial.run(f"wine {at(ELSEWHERE + '/uninstall.exe')} /S")
    trial.claim("那个文件夹也没有了", not trial.has(ELSEWHERE))


def told(trial: Trial, out: Path, results: Path, seconds: float) -> int:
    """Keep the results and say how it ended; the exit code."""
    for path in (*out.glob("*.json"), *out.glob("*.png")):
        shutil.copy(path, results / path.name)
    (results / "windows-trial.json").write_text(json.dumps(trial.claims, ensure_ascii=False, indent=1) + "\n", "utf-8")
    wrong = [sentence for sentence, holds in trial.claims.items() if not holds]
    print(f"==> 在 wine 里试装：{len(trial.claims)} 项，{len(wrong)} 项不对，{seconds:.0f} 秒", flush=True)
    return 1 if wrong else 0
