"""The maker's side of updates by file: a key pair once, then a signed package (.gup) from every frozen program.

`python -m installers.update_package key` writes the public key into resources/update, which ships, and the secret one outside the checkout.
`python -m installers.update_package make DIST ...` packs frozen programs, by default those that the package
targets left in build/. Keep the secret key on a stick in a drawer: who has it can sign for everybody.
"""
from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gridapp import versions  # noqa: E402
from gridapp.update import makers  # noqa: E402
from gridapp.update.manifest import INSIDE, MANIFEST, SEAL, Entry, Manifest, here, manifest_of  # noqa: E402
from installers import shipped  # noqa: E402

PUBLIC = ROOT / "resources" / "update"
FROZEN = ("build/*/dist/gridapp", "build/windows/root/work/app/dist/gridapp")
ELF = {b"\x3e\x00": "linux-x86_64", b"\xb7\x00": "linux-aarch64"}


def secret_place() -> Path:
    """Where the secret key is kept unless another place is named."""
    from platformdirs import user_config_path

    return user_config_path("gridapp-maker", appauthor=False) / "update.key"


def make_key(secret: Path, public: Path, day: dt.date) -> Path:
    """A new pair: 64 hex digits only the owner can read, and the dated public key; gives the latter's file. SystemExit where one would be lost."""
    if secret.resolve().is_relative_to(ROOT):
        raise SystemExit("私钥不能放在代码目录里，请用 --key 换一个位置（例如自己保管的 U 盘）。")
    if secret.exists():
        raise SystemExit(f"这里已经有一把私钥：{secret}。没有覆盖；要换新的，请先把它改名收好。")
    seed, key = makers.new_pair()
    secret.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(seed.hex() + "\n")
    public.mkdir(parents=True, exist_ok=True)
    place = public / f"{day.isoformat()}.toml"
    place.write_text(f'# Ed25519; packages signed with its other half are taken by programs that ship this file.\npublic = "{key.hex()}"\n', "utf-8")
    return place


def notes_of(changelog: str, version: str) -> str:
    """The section of a version in CHANGELOG.md, without its Markdown. SystemExit where there is none."""
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found or not found[1].strip():
        raise SystemExit(f"CHANGELOG.md 里没有 {version} 版的说明。请先写上这一版改了什么。")
    return re.sub(r"\n{2,}", "\n", re.sub(r"^### (.*)$", r"\1：", found[1].strip(), flags=re.MULTILINE))


def entries(dist: Path) -> list[Entry]:
    """Every file of a frozen program by path; its links as links."""
    return [_entry(path, path.relative_to(dist).as_posix()) for path in sorted(dist.rglob("*")) if path.is_symlink() or not path.is_dir()]


def _entry(path: Path, name: str) -> Entry:
    if path.is_symlink():
        return Entry(name, link=os.readlink(path).replace(os.sep, "/"))
    data = path.read_bytes()
    run = bool(path.stat().st_mode & stat.S_IXUSR) or name == versions.PROGRAM or name.endswith(".exe")
    return Entry(name, len(data), hashlib.sha256(data).hexdigest(), run)


def make(dist: Path, manifest: Manifest, seed: bytes, out: Path) -> Path:
    """Write the package. The same program, notes and key make the same file. ValueError where the product itself would not take the manifest."""
    plain = manifest.data()
    manifest_of(plain)
    whole = out.with_name(out.name + ".tmp")
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as box:
        box.writestr(_info(MANIFEST), plain)
        box.writestr(_info(SEAL), makers.seal(plain, seed))
        for entry in manifest.entries:
            if not entry.link:
                box.writestr(_info(INSIDE + entry.path), (dist / entry.path).read_bytes())
    whole.replace(out)
    return out


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


def trusts(dist: Path, key: bytes) -> bool:
    """Whether a frozen program ships the public key: else it could never be updated again."""
    folder = next(iter(dist.rglob("resources/update")), None)
    return bool(folder) and any(key.hex() in path.read_text("utf-8") for path in folder.glob("*.toml"))


def frozen_here() -> list[Path]:
    """What make package-deb and make package-windows froze last."""
    return [folder for pattern in FROZEN for folder in sorted(ROOT.glob(pattern)) if folder.is_dir()]


def platform_of(dist: Path) -> tuple[str, str]:
    """(the platform, the program's name) of a frozen program, by the first bytes of what is run. SystemExit where it is none we know."""
    for name in ("gridapp", "gridapp.exe"):
        if (dist / name).is_file():
            with open(dist / name, "rb") as file:
                start = file.read(20)
            machine = "windows-x86_64" if start[:2] == b"MZ" else ELF.get(start[18:20], "") if start[:4] == b"\x7fELF" else ""
            if machine:
                return machine, name
    raise SystemExit(f"{dist} 不是冻结好的程序。请先运行 make package-deb 或 make package-windows。")


def version_of(dist: Path, platform: str) -> str:
    """What the frozen program says of itself; the checkout's where this machine cannot run it."""
    if platform != here():
        return str(shipped.project()["version"])
    return subprocess.run([dist / versions.PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def main() -> None:
    """One of the two commands."""
    parser = argparse.ArgumentParser(prog="python -m installers.update_package", description="升级包：key 做一对密钥，make 打包并签名。")
    parser.add_argument("command", choices=("key", "make"))
    parser.add_argument("--key", type=Path, default=secret_place(), help="私钥文件，放在代码目录之外")
    parser.add_argument("dist", type=Path, nargs="*", help="冻结好的程序（文件夹）；不写则是打包命令留在 build 里的")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="写到哪个文件夹")
    asked = parser.parse_args()
    if asked.command == "key":
        print(f"公钥：{make_key(asked.key, PUBLIC, dt.date.today())}（随程序发布，请提交）\n私钥：{asked.key}（收好，不要提交，不要给别人）")
        return
    found = asked.dist or frozen_here()
    if not found:
        raise SystemExit("还没有冻结好的程序。请先运行 make package-deb 或 make package-windows。")
    for dist in found:
        pack(dist, asked.key, asked.out)


def pack(dist: Path, key: Path, out: Path) -> Path:
    """The package of a frozen program, named by version and platform, in the folder out. SystemExit with a sentence where it cannot be."""
    platform, program = platform_of(dist)
    if not key.is_file():
        raise SystemExit(f"没有找到私钥 {key}。请先运行 make update-key，再重新打包程序（公钥要随程序发布）。")
    seed = bytes.fromhex(key.read_text("utf-8").strip())
    if not trusts(dist, makers.public(seed)):
        raise SystemExit("这个程序里没有对应的公钥，装了它就再也收不了升级包。请先运行 make update-key，再重新打包程序。")
    version = version_of(dist, platform)
    notes = notes_of((ROOT / "CHANGELOG.md").read_text("utf-8"), version)
    manifest = Manifest(version, platform, program, notes, tuple(entries(dist)))
    made = make(dist, manifest, seed, out / f"gridapp-{version}-{platform}.gup")
    print(f"升级包：{made}，{made.stat().st_size / 1e6:.1f} MB，{version} 版，{platform}")
    return made


if __name__ == "__main__":
    main()
