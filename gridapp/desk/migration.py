"""For developers: `python -m gridapp.desk.migration MESSAGE` writes the next migration: what head lacks of the declared tables."""

from __future__ import annotations

import sys

from gridapp.store import migrate
from gridapp.sync import tables


def main(message: str) -> str:
    """The path of the new migration: what an empty store brought to head lacks."""
    assert tables.metadata is migrate.metadata
    return migrate.generate(message)


if __name__ == "__main__":
    print(main(" ".join(sys.argv[1:])))
