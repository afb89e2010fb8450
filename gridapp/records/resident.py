"""居民: a person who lives in a household of the grid."""

from __future__ import annotations

from typing import Annotated

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Choice, IdNumber, Link, Name, Phone, Text, Year


@stored(4, "居民")
class Resident(Record, table=True):
    """A resident. Only the year of birth is kept; the ID number only where the grid has switched it on (domain.md section 8)."""

    __tablename__ = "resident"

    name: Annotated[str, Name(1, "姓名", aliases=("居民姓名", "成员姓名", "公民姓名", "人员姓名", "家庭成员姓名", "家庭成员", "姓  名"), secrecy=1)]
    household_id: Annotated[str, Link(2, "住户", target="household", listed=False)]
    relation: Annotated[
        str | None, Choice(3, "与户主关系", aliases=("与户主的关系", "与户主间关系", "关系", "家庭关系", "与其他人员关系"), table="relation")
    ] = None
    sex: Annotated[str | None, Choice(4, "性别", aliases=("性别(男/女)",), table="sex")] = None
    birth_year: Annotated[
        int | None, Year(5, "出生年", aliases=("出生日期", "出生年月", "出生年月日", "出生时间", "生日", "出生"), secrecy=1, ledger="birth")
    ] = None
    phone: Annotated[
        str | None,
        Phone(
            6, "联系电话", aliases=("电话", "手机", "手机号", "手机号码", "本人电话", "移动电话", "联系方式"), secrecy=2, purpose="走访前联系、回访"
        ),
    ] = None
    emergency_contact: Annotated[
        str | None, Name(7, "紧急联系人", aliases=("家属", "联系人(家属)"), secrecy=2, purpose="紧急情况联系家属", listed=False)
    ] = None
    emergency_phone: Annotated[
        str | None, Phone(8, "紧急联系电话", aliases=("紧急联系人电话", "家属电话"), secrecy=2, purpose="紧急情况联系家属", listed=False)
    ] = None
    id_no: Annotated[
        str | None,
        IdNumber(
            9,
            "身份证号",
            aliases=("身份证号码", "公民身份号码", "公民身份证号码", "公民身份证号", "证件号码", "证件号", "身份证"),
            secrecy=2,
            purpose="上报原件要求全号时核对；默认不保存",
            listed=False,
            off=True,
        ),
    ] = None
    status: Annotated[str, Choice(10, "状态", aliases=("人员状态", "在册状态"), table="resident_status", listed=False)] = "here"
    notes: Annotated[str | None, Text(11, "备注", longest=500, listed=False)] = None
    merged_into: Annotated[str | None, Link(12, "并入", target="resident", listed=False, hidden=True)] = None
    merged_mark: Annotated[str | None, Text(13, "并入时的样子", listed=False, hidden=True)] = None
