"""`make supply`: asks the index whether every pin has a wheel for every system we ship to, looks at licences, asks for known vulnerabilities.

Needs a network; what it could not ask it says, and counts as not done. Without one, tests hold the lock against what was found last (wheels.tsv).
"""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from installers import policy, shipped, wheels
from installers.pins import TARGETS, built_from, shipped_pins

AUDIT = shipped.ROOT / "build" / "audit"


def main() -> int:
    """Every question in turn; the number of those whose answer is no."""
    return sum(not good for good in (wheels_exist(), licences_allow(), nothing_known()))


def wheels_exist() -> bool:
    """Ask, keep the answer, print it as a table."""
    pins, found = built_from(), []
    for target in TARGETS:
        rows, without = wheels.ask(target, pins)
        found += rows
        say(f"{target.name}：{len(rows)} 个软件包有预编译包" + (f"，缺 {'、'.join(without)}" if without else "，不缺"))
    wheels.write(found)
    lacking = wheels.lacking(pins, found)
    for line in lacking:
        say(f"缺少或与锁文件对不上：{line}")
    return not lacking


def licences_allow() -> bool:
    """Whether everything that ships may be shipped."""
    installed = shipped.distributions()
    said = {pin.name: policy.licence(pin.name, installed.get(pin.name)) for pin in shipped_pins()}
    refused = [f"{name}（{text or '没有说明'}）" for name, text in said.items() if not policy.allowed(name, text)]
    say(f"许可：{len(said)} 个软件包，" + ("都可以随程序发布" if not refused else f"不能发布：{'、'.join(refused)}"))
    return not refused


def nothing_known() -> bool:
    """Ask a database of vulnerabilities through pip-audit, in an environment of its own. True only where it answered, and had nothing."""
    tool = AUDIT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not tool.exists():
        subprocess.run([sys.executable, "-m", "venv", str(AUDIT)], check=True)
    if subprocess.run([tool, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pip-audit"], capture_output=True).returncode:
        say("漏洞：没能装上 pip-audit，没有查，这一项不算通过")
        return False
    listed = Path(AUDIT, "shipped.txt")
    listed.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in shipped_pins()), "utf-8")
    words = ["-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "20", "--format", "json", "-r", str(listed)]
    answers = [subprocess.run([tool, *words, "-s", service], capture_output=True, text=True).stdout for service in ("osv", "pypi")]
    return judged(answers, {pin.name for pin in shipped_pins()})


def judged(answers: list[str], names: set[str]) -> bool:
    """What the databases said (pip-audit's JSON, or nothing): well only where each distribution was looked up and none has a finding."""
    told = [line for answer in answers if answer.strip() for line in json.loads(answer)["dependencies"]]
    asked = {line["name"] for line in told if "skip_reason" not in line}
    found = sorted({f"{line['name']} {line['version']}：{each['id']}" for line in told for each in line.get("vulns", ())})
    for finding in found:
        say(f"漏洞：{finding}")
    if left := names - asked:
        say(f"漏洞：{len(left)} 个软件包没有查到（连不上漏洞库，或库里没有），这一项不算通过")
    elif not found:
        say(f"漏洞：{len(names)} 个软件包都查过，没有已知的")
    return not left and not found


def say(sentence: str) -> None:
    """One line of the report."""
    print(f"==> {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
