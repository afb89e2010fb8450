"""附件: a photo or a scan that belongs to a household, a visit or a request. Known by what it holds, never by a name."""

from __future__ import annotations

import re
from typing import Annotated, Any

from sqlalchemy import Index

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Count, Date, Link, Text
from gridapp.rules.reading import Fault

LARGEST = 5 * 1024 * 1024
OWNERS = ("household_id", "visit_id", "request_id")
SHA256 = re.compile(r"[0-9a-f]{64}")


@stored(11, "附件")
class Attachment(Record, table=True):
    """One picture or PDF. Its content lies in pieces under its SHA-256, once, however many rows name it (see gridapp.sync.pieces).

    No file name and no place: a file name tells of people, and a picture is re-encoded, which drops where it was taken.
    """

    __tablename__ = "attachment"

    household_id: Annotated[str | None, Link(1, "住户", target="household", listed=False)] = None
    visit_id: Annotated[str | None, Link(2, "走访", target="visit", listed=False)] = None
    request_id: Annotated[str | None, Link(3, "服务事项", target="request", listed=False)] = None
    sha256: Annotated[str, Text(4, "内容", longest=64, secrecy=2, purpose="核实情况、办理服务事项", listed=False)]
    media: Annotated[str, Choice(5, "种类", table="media", listed=False)]
    size: Annotated[int, Count(6, "大小", least=1, most=LARGEST, unit="字节", listed=False)]
    added_on: Annotated[str, Date(7, "添加日期", listed=False)]
    caption: Annotated[str | None, Text(8, "说明", longest=40, listed=False)] = None

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        faults = []
        if sum(bool(values.get(name)) for name in OWNERS) != 1:
            faults.append(Fault("missing", "附件没有写明属于哪一户、哪次走访或哪个事项。", "请从住户或事项里添加附件。", field="household_id"))
        if values.get("sha256") and not SHA256.fullmatch(values["sha256"]):
            faults.append(Fault("not_a_digest", "附件的内容标识不对。", "请重新添加这个附件。", field="sha256"))
        return faults


Index("ix_attachment_sha256", Attachment.__table__.c.sha256)  # type: ignore[attr-defined]
