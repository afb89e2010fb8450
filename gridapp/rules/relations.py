"""与户主关系 by GB/T 4761-2008, two digits."""
from __future__ import annotations

import re
from typing import Any

from gridapp.rules import codes, text
from gridapp.rules.reading import Reading

HEAD, TENANT = "02", "99"
_LEAD = re.compile(r"\A(?:(?:与?户主的?)?之|户主的?(?=.))")


def read(raw: Any) -> Reading:
    """The code of a relation: '02' for 户主, '12' for 妻 or 之妻, '22' for 长子, '99' for 租客."""
    table = codes.table("relation")
    written = text.compact(raw)
    plain = table.read(written)
    return table.read(_LEAD.sub("", written)) if plain.refused and _LEAD.match(written) else plain
