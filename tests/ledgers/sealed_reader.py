"""Reads every file of a folder, each in a child with 1 GB of address space and 20 s of CPU; prints what came of each as JSON lines."""
from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from gridapp.ledgers import drafts, reader

MEMORY, CPU_S = 1 << 30, 20


def outcome(path: Path) -> dict[str, Any]:
    """code: "" or the file's error; rows: rows and rejects read; values: the first of what was read."""
    book = reader.read_ledger(path)
    read = [row for sheet in book.sheets for row in (*sheet.rows, *sheet.rejects)]
    made = [draft for sheet in book.sheets for draft in drafts.drafts(sheet)]
    values = [value for row in read for value in row.fields.values()]
    counts = {"rows": len(read), "drafts": len(made), "notices": len(book.notices)}
    return {"code": book.error, "sentence": book.sentence, **counts, "values": repr(values)[:2000]}


def child(path: Path, out: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    start = time.process_time()
    try:
        told = outcome(path)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        told = {"code": f"{type(error).__name__}: {error}"[:300], "sentence": "", "rows": -1}
    told |= {"seconds": time.process_time() - start, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}
    os.write(out, json.dumps(told).encode())


def sealed(path: Path) -> dict[str, Any]:
    """The same from a child of its own; a child that died says by which signal."""
    read_end, write_end = os.pipe()
    if not (pid := os.fork()):
        child(path, write_end)
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(pid, 0)
    return json.loads(said) if said else {"code": f"died of {status}", "sentence": "", "rows": -1, "seconds": 0, "peak_mb": 0}


def main(folder: Path) -> None:
    # What is imported lazily, once for all children.
    import python_calamine  # noqa: F401
    from rapidfuzz import process  # noqa: F401

    for path in sorted(folder.iterdir()):
        print(json.dumps({"file": path.name} | sealed(path), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
