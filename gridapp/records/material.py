"""下发内容: what an office sends to everybody below it: a notice, a code table, a rule pack, a ledger form, a template to fill in."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, Date, Moment, Text

MOST_BYTES = 5 * 1024 * 1024  # a template's file
MOST_TEXT = MOST_BYTES * 4 // 3 + 4


@stored(12, "下发内容")
class Material(Record, table=True):
    """One thing sent down. Its scope is the office's own, so that it reaches every grid below. It is never changed but to withdraw it.

    key: of two with the same kind and key the one sent later counts. body: a notice's words, the TOML of a code table, rule pack or form, or
    a workbook as base64. seal: the sending office's signature over all the rest, in hexadecimal.
    """

    __tablename__ = "material"
    downward = True

    kind: Annotated[str, Choice(1, "种类", table="material_kind")]
    key: Annotated[str, Text(2, "代号", longest=80, listed=False)]
    subject: Annotated[str, Text(3, "标题", longest=100)]
    version: Annotated[str | None, Text(4, "版本", longest=40)] = None
    body: Annotated[str, Text(5, "正文", longest=MOST_TEXT, listed=False)]
    file_name: Annotated[str | None, Text(6, "文件名", longest=120, listed=False)] = None
    effective_from: Annotated[str, Date(7, "生效日期")]
    sent_on: Annotated[str, Moment(8, "下发时间")]
    sent_by: Annotated[str, Text(9, "下发人", longest=120)]
    withdrawn_on: Annotated[str | None, Date(10, "撤回日期")] = None
    seal: Annotated[str, Text(11, "签名", longest=200, listed=False)]
