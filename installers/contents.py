"""What a frozen Windows program may hold and must hold, read from its files: nothing of wine or of a compiler, and no DLL left out."""
from __future__ import annotations

import re
import struct
from pathlib import Path

# Wine marks its own DLLs; the rest would be taken along from a test machine: wine's stand-in, and the runtime of the mingw compiler.
WINE = (b"Wine builtin DLL", b"Wine placeholder DLL")
STRANGERS = re.compile(r"(bcryptprimitives|lib(gcc_s|stdc\+\+|winpthread|ssp|gomp).*|winex11|winewayland)\.(dll|drv|so)", re.IGNORECASE)
# Windows 10 has these; what is not here (msvcp140.dll ...) a bare system may lack, though wine does not.
SYSTEM = re.compile(
    r"(advapi32|authz|bcrypt|bcryptprimitives|comctl32|comdlg32|crypt32|d2d1|d3d11|d3d12|d3d9|dnsapi|dwmapi|dwrite|dxgi|gdi32|imm32|iphlpapi|kernel32|mpr"
    r"|msvcrt|netapi32|ntdll|ole32|oleaut32|psapi|rpcrt4|secur32|setupapi|shcore|shell32|shlwapi|uiautomationcore|user32|userenv|uxtheme|version|winhttp"
    r"|winmm|winspool|ws2_32|wtsapi32|(api|ext)-ms-win-.*)\.(dll|drv)", re.IGNORECASE
)


def programs(dist: Path) -> list[Path]:
    """Every exe, dll and pyd, by what is inside and not by its name."""
    return sorted(path for path in dist.rglob("*") if path.is_file() and _start(path, 2) == b"MZ")


def _start(path: Path, length: int) -> bytes:
    with path.open("rb") as file:
        return file.read(length)


def strangers(dist: Path) -> list[str]:
    """Files that belong to wine or to a compiler and must not ship."""
    by_name = [path.name for path in dist.rglob("*") if STRANGERS.fullmatch(path.name)]
    return by_name + [path.name for path in programs(dist) if any(mark in _start(path, 256) for mark in WINE)]


def left_out(dist: Path) -> list[str]:
    """'a.pyd: b.dll' for every DLL that a shipped program opens at its start and that neither ships nor comes with Windows 10."""
    files = programs(dist)
    shipped = {path.name.lower() for path in files}
    wanted = [(path.name, name) for path in files for name in imports(path.read_bytes())]
    return [f"{path}: {name}" for path, name in wanted if name not in shipped and not SYSTEM.fullmatch(name)]


def imports(image: bytes) -> list[str]:
    """The DLLs in the import table of a 64-bit program, in lower case ("PE Format", Microsoft: optional header, data directory 1)."""
    head = struct.unpack_from("<I", image, 0x3C)[0] + 4
    sections, optional = struct.unpack_from("<H", image, head + 2)[0], struct.unpack_from("<H", image, head + 16)[0]
    # Address, size, where in the file: of every section.
    places = [struct.unpack_from("<IIII", image, head + 20 + optional + 40 * each + 8) for each in range(sections)]

    def offset(address: int) -> int:
        return next(address - start + at for _, start, length, at in places if start <= address < start + length)

    table = struct.unpack_from("<I", image, head + 20 + 112 + 8)[0]
    names = []
    while table and (name := struct.unpack_from("<I", image, offset(table + 20 * len(names)) + 12)[0]):
        names.append(_text(image, offset(name)))
    return names


def _text(image: bytes, start: int) -> str:
    return image[start : image.index(b"\0", start)].decode("ascii").lower()
