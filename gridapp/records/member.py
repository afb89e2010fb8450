"""党员: a Party member of the branch."""

from __future__ import annotations

from typing import Annotated, Any

from gridapp.records.base import Record, stored
from gridapp.records.kinds import Address, Choice, Count, IdNumber, Link, Name, PartDate, Phone, Text, YesNo
from gridapp.rules.reading import Fault


@stored(5, "党员")
class Member(Record, table=True):
    """A Party member. The Party age is worked out from the regular date and the correction, never stored."""

    __tablename__ = "member"

    name: Annotated[str, Name(1, "姓名", aliases=("党员姓名",), secrecy=1)]
    id_no: Annotated[
        str | None,
        IdNumber(
            2,
            "公民身份号码",
            aliases=("身份证号", "身份证号码", "公民身份证号码", "公民身份证号", "身份证"),
            secrecy=2,
            purpose="党员信息采集表和组织关系转接要求",
            listed=False,
        ),
    ] = None
    sex: Annotated[str, Choice(3, "性别", table="sex")]
    birth: Annotated[str, PartDate(4, "出生日期", aliases=("出生年月", "出生年月日"), secrecy=1)]
    nation: Annotated[str | None, Choice(5, "民族", table="nation", secrecy=1)] = None
    education: Annotated[str | None, Choice(6, "学历", aliases=("文化程度", "最高学历"), table="education", listed=False)] = None
    degree: Annotated[str | None, Choice(7, "学位", table="degree", listed=False)] = None
    member_type: Annotated[str, Choice(8, "人员类别", aliases=("党员类别", "正式/预备党员", "身份类型"), table="member_type")]
    org_id: Annotated[str | None, Link(9, "所在党支部", target="org", listed=False)] = None
    party_group: Annotated[str | None, Text(10, "党小组", longest=40)] = None
    phone: Annotated[
        str | None, Phone(11, "手机号码", aliases=("联系电话", "手机", "电话", "手机号"), secrecy=2, purpose="支部通知和组织生活联系")
    ] = None
    join_date: Annotated[
        str, PartDate(12, "入党日期", aliases=("入党时间", "加入党组织日期", "接收预备党员日期", "入党时间接收预备党员日期", "加入党组织时间"))
    ]
    regular_date: Annotated[str | None, PartDate(13, "转正日期", aliases=("转正时间", "转为正式党员日期", "正式转正日期"))] = None
    party_age_months: Annotated[int | None, Count(14, "党龄校正值", least=-600, most=600, unit="月", listed=False)] = None
    join_type: Annotated[str | None, Choice(15, "入党类型", table="join_type", listed=False)] = None
    join_org: Annotated[str | None, Text(16, "入党时所在支部", listed=False)] = None
    post: Annotated[str | None, Text(17, "工作岗位", aliases=("工作单位及职务", "所在部门", "职务"), listed=False)] = None
    occupation: Annotated[str | None, Choice(18, "职业", aliases=("职业统计类",), table="occupation", listed=False)] = None
    address: Annotated[
        str | None,
        Address(19, "现居住地", aliases=("居住地", "家庭住址", "住址", "现住址", "居住地址"), secrecy=2, purpose="送学上门、走访慰问", listed=False),
    ] = None
    home_address: Annotated[str | None, Address(20, "户籍所在地", aliases=("户籍地址", "户籍地"), secrecy=1, listed=False)] = None
    party_status: Annotated[str, Choice(21, "党籍状态", table="party_status", listed=False)] = "normal"
    is_lost: Annotated[int | None, YesNo(22, "是否失联党员", aliases=("是否失联",), listed=False)] = None
    lost_on: Annotated[str | None, PartDate(23, "失去联系日期", aliases=("失联时间", "失联日期"), listed=False)] = None
    is_flow: Annotated[int | None, YesNo(24, "是否流动", aliases=("是否流动党员", "流动党员"), listed=False)] = None
    flow_to: Annotated[str | None, Text(25, "外出流向", aliases=("流向", "流出(入)地"), listed=False)] = None
    party_post: Annotated[str | None, Text(26, "党内职务", aliases=("支部职务",), longest=40)] = None
    has_checked_in: Annotated[int | None, YesNo(27, "是否在职报到", aliases=("在职报到", "是否双报到"), listed=False)] = None
    household_id: Annotated[str | None, Link(28, "居住住户", target="household", listed=False)] = None
    skills: Annotated[str | None, Text(29, "特长", aliases=("个人专长",), listed=False)] = None
    notes: Annotated[str | None, Text(30, "备注", longest=500, listed=False)] = None
    merged_into: Annotated[str | None, Link(31, "并入", target="member", listed=False, hidden=True)] = None
    merged_mark: Annotated[str | None, Text(32, "并入时的样子", listed=False, hidden=True)] = None

    @classmethod
    def check(cls, values: dict[str, Any]) -> list[Fault]:
        birth, joined, regular = values.get("birth"), values.get("join_date"), values.get("regular_date")
        faults = []
        if joined and regular and regular < joined[: len(regular)]:
            faults.append(Fault("date_order", "转正日期早于入党日期。", "请核对两个日期。", field="regular_date"))
        if birth and joined and int(joined[:4]) - int(birth[:4]) < 18:
            faults.append(Fault("date_order", "入党时不满 18 岁。", "请核对出生日期和入党日期。", fatal=False, field="join_date"))
        if regular and values.get("member_type") == "probationary":
            faults.append(
                Fault("member_type", "有转正日期，人员类别却是预备党员。", "请改为正式党员，或删去转正日期。", fatal=False, field="member_type")
            )
        return faults
