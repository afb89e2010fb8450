"""What the headings of ledgers can mean: a term per field, derived from the records, and the few that ledgers carry and we do not keep."""
from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from gridapp.records import Building, Household, Member, Request, Resident, Visit
from gridapp.records.base import Record
from gridapp.records.columns import columns
from gridapp.records.kinds import Kind, Link

LEAST = "这一列不保存：按最少够用的原则，居民只留联系和服务要用的内容。"
DERIVED = "这一列不保存：程序会自己算出来。"
NOT_OURS = "这一列不保存：程序不给居民分类贴标签，需要的帮助请记在服务类别里。"
TOGETHER = "这一列不保存：几个人写在同一个格子里，程序分不开。请另做一份每人一行的花名册再导入。"
NOT_HERE = "这一列不保存：程序里没有存放它的地方，原表请自行留存。"


@dataclass(frozen=True)
class Term:
    """One field a heading can name.

    name: the field's name in truth.json and produced.json. sort: how its cells are read (a key of values.READERS, or "date"). aliases: headings
    that mean it, the label first. unkept: why it is not stored, "" when it is. of: the record and column it lands in, ("", "") when drafts.py
    places it otherwise.
    """

    name: str
    aliases: tuple[str, ...]
    sort: str = "text"
    unkept: str = ""
    of: tuple[str, str] = ("", "")

    @property
    def label(self) -> str:
        return self.aliases[0]


SORTS = {
    "Name": "name", "People": "people", "Date": "date", "PartDate": "date", "Year": "date", "Phone": "phone", "IdNumber": "id", "YesNo": "yes_no",
    "Count": "number", "Address": "address",
}  # fmt: skip

ADDRESSES = (
    "住址 地址 家庭住址 家庭地址 现居住地址 现住址 居住地址 现住地址 现居住地 居住地 通讯地址 详细地址 联系地址 所住楼栋 楼栋房号 房屋地址 "
    "镇村组 村组 村组地址 所属村组 住所 家庭详细地址 实际居住地 所住地址"
)
ADDRESS = Term("address", tuple(ADDRESSES.split()), "address")
PLACE = (
    ADDRESS,
    Term("building", ("楼栋", "楼号", "楼幢"), "address", of=("building", "building")),
    Term("room", ("门牌", "房间", "室"), "address", of=("household", "room")),
)
PERSON = (
    Term("nation", ("民族",), unkept=LEAST),
    Term("education", ("文化程度", "学历", "最高学历", "教育程度"), unkept=LEAST),
    Term("political", ("政治面貌",), unkept=LEAST),
    Term("marriage", ("婚姻状况", "婚姻", "婚否"), unkept=LEAST),
    Term("age", ("年龄", "周岁"), unkept=DERIVED),
    Term("id_type", ("证件类型", "证件种类"), unkept="这一列不保存：只用来判断证件号码怎样核对。"),
    Term("id_other", ("护照/其他证件号码", "其他证件号码"), unkept=LEAST),
    Term("hukou", ("户口类型", "户口性质", "户籍性质", "户籍类型", "户别"), unkept=LEAST),
    Term("home_address", ("户籍地址", "户籍所在地", "户籍详细地址", "户口所在地", "户籍地"), "address", unkept=LEAST),
    Term("native_place", ("籍贯",), unkept=LEAST),
    Term("workplace", ("工作单位", "单位", "就业单位", "工作/学习情况", "职业", "从业情况"), unkept=LEAST),
    Term("health", ("健康状况", "身体状况"), unkept=LEAST),
    Term("is_resident", ("是否常住", "常住"), "yes_no", unkept=LEAST),
    Term("is_separated", ("人户分离", "是否人户分离"), "yes_no", unkept=LEAST),
    Term("is_key", ("是否重点人员", "重点人员"), "yes_no", unkept=NOT_OURS),
    Term("category", ("人员类型", "人员类别", "重点类别"), unkept=NOT_OURS),
    Term("household_head", ("户主姓名", "户主", "户主名"), "name"),
    Term("household_no", ("户号", "户编号", "户序号", "所属户编号", "户口簿编号"), "plain"),
    Term("household_size", ("家庭人口", "家庭人口数", "户内人数", "家庭成员数"), "number"),
    Term("member_count", ("保障人口", "保障人数", "享受人数"), "number", unkept=NOT_HERE),
    Term("amount", ("月保障金额", "保障金额", "月保障金", "金额", "发放金额", "补助金额", "月发放金额"), "amount", unkept=NOT_HERE),
    Term("bank_account", ("银行账号", "开户行", "银行卡号", "账号"), "plain", unkept=LEAST),
)
MEMBERS = Term("members", ("家庭成员",), unkept=TOGETHER)
HOME = (
    Term("has_member", ("党员户", "是否党员户"), "yes_no", unkept=DERIVED),
    Term("visit_level", ("服务等级", "走访等级"), unkept=DERIVED),
    Term("last_visit", ("上次走访", "最近走访"), "date", unkept=DERIVED),
)
PARTY = (
    Term("party_age", ("党龄", "党龄(年)"), unkept=DERIVED),
    Term("age", ("年龄",), unkept=DERIVED),
    Term("political", ("政治面貌",), unkept=DERIVED),
    Term("native_place", ("籍贯",), unkept=NOT_HERE),
    Term("apply_date", ("申请入党日期", "申请入党时间", "申请时间"), "date", unkept="这一列不保存：发展党员的过程不在党员花名册里。"),
    Term("org", ("所在党支部", "所属党组织名称", "所属党组织", "隶属党组织", "支部", "所在支部"), unkept="这一列不保存：党员归到本支部。"),
    Term("workplace", ("工作单位", "单位"), unkept=NOT_HERE),
    Term("work_date", ("参加工作时间", "参加工作日期"), "date", unkept=NOT_HERE),
    Term("stratum", ("新社会阶层类型", "新社会阶层"), unkept=NOT_HERE),
    Term("technical_post", ("从事专业技术职务", "职称/职业技能", "职称"), unkept=NOT_HERE),
    Term("is_migrant_worker", ("是否农民工",), "yes_no", unkept=NOT_HERE),
    Term("regular_state", ("转正情况",), unkept=NOT_HERE),
    Term("extended_to", ("延长预备期时间", "延长预备期"), "date", unkept=NOT_HERE),
    Term("trade", ("党员所属行业", "所属行业"), unkept=NOT_HERE),
    Term("post_more", ("工作岗位补充", "背景信息"), unkept=NOT_HERE),
    Term("school", ("毕业院校", "毕业院校及专业"), unkept=NOT_HERE),
    Term("introducer", ("入党介绍人", "介绍人", "介绍人或联系人"), "people", unkept=NOT_HERE),
    Term("party_code", ("全国党员编码", "员工工号", "编号"), "plain", unkept=NOT_HERE),
)
VISIT = (
    Term("origin_no", ("原始序号", "转办编号"), "plain", unkept=NOT_HERE),
    Term("repeat_mark", ("重复标记",), unkept=NOT_HERE),
)
REQUEST = (
    Term("done_date", ("办结日期", "办结时间", "完成日期", "完成时间", "处理时间", "处置时间"), "date"),
    Term("status", ("办理状态", "状态", "处置状态", "处理状态", "办理进度")),
    Term("satisfaction", ("满意度", "满意情况", "回访满意度", "是否满意")),
    Term("follow_up", ("回访方式", "回访情况", "回访"), unkept="这一列不保存：回访请在事项里登记。"),
    Term("days", ("办理天数", "用时", "历时", "用时(天)"), unkept=DERIVED),
    Term("is_late", ("是否超期", "是否逾期"), "yes_no", unkept=DERIVED),
    Term("req_no", ("受理号", "单号", "工单编号"), "plain", of=("request", "req_no")),
    Term("grid", ("所在网格", "归属网格", "所属网格"), unkept=DERIVED),
)
SHARED = (
    Term("id_no", ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证", "身份证件号码", "居民身份证号码", "身份号码"), "id"),
    Term("phone", ("联系方式", "电话号码", "手机号", "手机号码", "本人电话", "联系手机", "移动电话"), "phone"),
    Term("phone2", ("固定电话", "家庭电话", "座机", "住宅电话", "备用电话", "其他电话", "电话2", "联系电话2", "第二联系电话", "宅电"), "phone"),
    Term("sex", ("性别",), "sex"),
    Term("notes", ("备注", "说明", "备注说明", "其他说明"), "text"),
    Term("serial", ("序号", "编号", "序", "No", "No.", "行号"), "plain", unkept=DERIVED),
)
KINDS: dict[str, tuple[tuple[type[Record], ...], tuple[Term, ...]]] = {
    "resident": ((Resident, Household, Building), (*PERSON, *PLACE)),
    "household": ((Household, Building, Resident), (*HOME, *PLACE, *PERSON)),
    "party": ((Member,), PARTY),
    "visit": ((Visit, Building, Household), (*VISIT, *PLACE)),
    "request": ((Request, Building, Household), (*REQUEST, *PLACE)),
}
TITLES = {"resident": "居民", "household": "住户", "party": "党员", "visit": "走访", "request": "服务事项"}


@cache
def vocabulary(kind: str) -> tuple[Term, ...]:
    """The terms of one ledger kind (a key of KINDS), one per name; aliases of the same name are put together, the record's own first."""
    records, extra = KINDS[kind]
    merged: dict[str, Term] = {}
    for term in (*_derived(records), *extra, *SHARED):
        known = merged.get(term.name)
        merged[term.name] = replace(known, aliases=tuple(dict.fromkeys(known.aliases + term.aliases))) if known else term
    return tuple(merged.values())


def _derived(records: tuple[type[Record], ...]) -> list[Term]:
    """A term per column of the records; links cannot be written in a cell."""
    named = ((record, each) for record in records for each in columns(record) if not isinstance(each.kind, Link))
    return [
        Term(each.ledger, (each.label, *each.kind.aliases), _sort(each.ledger, each.kind), of=(str(record.__tablename__), each.name))
        for record, each in named
    ]


def _sort(name: str, kind: Kind) -> str:
    """How a column's cells are read for the preview: choices stay as the ledger writes them, but for sex, which is also written 1 and 2."""
    if name == "sex":
        return "sex"
    return SORTS.get(type(kind).__name__, "plain" if name in ("req_no", "unit", "building", "room") else "text")
