"""Headings as offices might word them, put together from the words people use, with what each asks for: tables nobody has seen.

The words are written here a second time and on their own: what is measured is how the program does with wordings it was not given.
"""
from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

PHONE = ("联系电话", "手机号码", "手机", "联系方式", "电话", "手机号", "移动电话", "联系号码")
ID = ("身份证号", "身份证号码", "公民身份号码", "证件号码", "居民身份证号", "身份证")
DAY = ("日期", "时间")


def each(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """Every way to put the parts together."""
    return tuple("".join(words) for words in product(*parts))


PERSON: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "姓 名", "*姓名", "姓名（必填）", "本人姓名", "人员姓名"),
    "sex": ("性别", "性 别", "性别（男/女）", "*性别"),
    "birth": (*each(("出生",), (*DAY, "年月", "年月日")), "出生年月（如1965.03）", "出生日期（YYYY-MM-DD）"),
    "age": ("年龄", "年龄（岁）", "年龄(周岁)", "实足年龄"),
    "id_no": (*ID, *(f"{word}（18位）" for word in ID[:3]), *(f"*{word}" for word in ID)),
    "phone": (*PHONE, *(f"本人{word}" for word in PHONE[:4]), *(f"{word}（必填）" for word in PHONE[:3])),
    "notes": ("备注", "备 注", "备注（其他需说明）"),
}
PLACE = {
    "address": ("家庭住址", "现居住地址", "居住地址", "详细住址", "现住址", "家庭详细地址", "住址（小区楼栋房号）", "现居住地"),
    "building": ("楼栋", "楼栋号", "楼号", "所在楼栋", "幢号"),
    "unit": ("单元", "单元号"),
    "room": ("房号", "门牌号", "室号", "房间号", "房号（室）"),
}
TABLES: dict[str, tuple[tuple[str, ...], dict[str, tuple[str, ...]], tuple[str, ...]]] = {
    "resident": (
        ("居民基本信息登记表", "某某社区常住人口花名册", "网格居民信息采集表", "人口信息台账"),
        PERSON | PLACE | {
            "relation": ("与户主关系", "与户主的关系", "与户主之间关系", "家庭关系", "户主关系"),
            "household_head": ("户主姓名", "户主", "所属户主"),
            "head_phone": each(("户主",), PHONE[:5]),
            "household_size": ("家庭人口", "家庭人口数", "户内人口数", "常住人数"),
            "dwelling": ("居住性质", "居住类型", "房屋性质", "居住状况", "房屋使用情况"),
            "emergency_contact": ("紧急联系人", "紧急联系人姓名", "应急联系人"),
            "emergency_phone": each(("紧急联系人",), PHONE[:5]),
        },
        (
            *("籍贯", "婚姻状况", "宗教信仰", "工作单位", "父亲姓名", "监护人电话", "配偶身份证号", "银行卡号", "车牌号", "是否接种", "家庭年收入"),
            *("子女联系电话", "户籍地址", "紧急联系人与本人关系", "房东姓名", "护理员电话"),
        ),
    ),
    "party": (
        ("党员花名册", "党员基本信息采集表", "某支部党员信息一览表", "在册党员名册"),
        PERSON | {
            "nation": ("民族", "民 族"),
            "education": ("学历", "文化程度", "最高学历", "学历层次"),
            "join_date": (*each(("入党", "加入党组织"), DAY), "入党年月", "接收预备党员日期", "入党时间（年月日）", "加入中国共产党时间"),
            "regular_date": (*each(("转正",), DAY), "转为正式党员时间", "转正年月"),
            "member_type": ("人员类别", "党员类别", "党员类型", "正式/预备", "正式党员或预备党员"),
            "party_age": ("党龄", "党龄（年）"),
            "party_group": ("党小组", "所在党小组", "所属党小组", "党小组名称"),
            "party_post": ("党内职务", "支部职务", "现任党内职务", "党内任职情况"),
            "org": ("所在党支部", "所属党支部", "党支部名称", "组织关系所在支部", "所在党组织"),
            "address": PLACE["address"],
            "is_flow": ("是否流动党员", "是否为流动党员", "流动党员"),
        },
        ("籍贯", "入党介绍人", "党费缴纳", "奖惩情况", "毕业院校", "参加工作时间", "介绍人电话", "月工资", "民主评议结果", "家庭成员姓名"),
    ),
    "household": (
        ("住户信息一览表", "一户一档登记表", "家庭信息采集汇总表", "住户基本情况台账"),
        PLACE | {
            "household_head": ("户主姓名", "户主", "联系人", "主要联系人", "户主名"),
            "phone": (*PHONE[:6], *each(("户主",), PHONE[:4])),
            "household_size": ("常住人数", "家庭人口", "居住人数", "常住人口", "户内人数", "实际居住人数"),
            "dwelling": ("居住性质", "房屋性质", "居住类型", "房屋用途", "住房使用情况"),
            "has_member": ("党员户", "是否党员户", "有无党员", "是否党员家庭"),
            "last_visit": ("上次走访", "最近一次走访日期", "最近走访时间", "最近入户时间", "上次入户日期"),
            "visits": ("走访次数", "本年走访次数", "今年入户次数", "全年走访次数"),
            "notes": PERSON["notes"],
        },
        ("房屋面积", "产权证号", "水表号", "车位号", "宽带账号", "租金", "房屋结构", "出租人电话", "物业费"),
    ),
    "visit": (
        ("入户走访登记表", "民情日记台账", "网格员走访记录表", "入户探访情况登记表"),
        {
            "visit_date": (*each(("走访", "入户"), DAY), "日期", "走访年月日", "探访时间"),
            "visitors": ("走访人", "走访人员", "走访干部", "入户人员", "走访人姓名", "走访党员"),
            "name": ("走访对象", "受访人", "受访人姓名", "被走访人", "走访对象姓名", "受访居民"),
            "manner": ("走访方式", "方式", "走访形式"),
            "content": ("走访内容", "走访情况", "交谈内容", "走访记录", "主要内容", "走访情况记录"),
            "problem": ("反映问题", "意见建议", "存在问题", "群众诉求", "反映的问题", "收集意见建议", "问题及诉求"),
            "result": ("处理情况", "处理措施", "解决措施", "处理结果", "办理情况", "处置情况"),
            "address": ("家庭住址", "住址", "地址", "居住地址"),
            "next_visit": ("下次回访时间", "回访日期", "下次走访时间"),
            "notes": PERSON["notes"],
        },
        ("陪同人员", "走访照片", "被走访人签字", "所属街道", "走访时长", "天气"),
    ),
    "request": (
        ("群众诉求办理台账", "服务事项登记表", "群众诉求受理登记表", "事项办理情况统计台账"),
        {
            "req_no": ("编号", "工单编号", "受理编号", "事项编号", "诉求编号"),
            "req_date": (*each(("受理", "登记"), DAY), "诉求时间", "反映时间"),
            "source": ("来源", "诉求来源", "事项来源", "受理渠道"),
            "name": ("诉求人", "反映人", "诉求人姓名", "提出人", "来电人", "联系人"),
            "phone": ("联系电话", "联系方式", "诉求人电话", "诉求人联系方式", "电话"),
            "address": ("地址", "住址", "家庭住址", "事件地点", "居住地址"),
            "request_type": ("类型", "诉求类型", "事项类型"),
            "category": ("诉求类别", "问题类别", "事项类别"),
            "content": ("诉求内容", "事项内容", "反映内容", "问题描述", "主要诉求", "诉求事项"),
            "handler": ("承办人", "承办单位", "责任单位", "办理人", "责任人"),
            "due_date": ("办理时限", "办结时限", "处理时限", "要求办结时间"),
            "result": ("办理情况", "处理结果", "办理结果", "处理情况", "办理进展"),
            "done_date": each(("办结", "完成"), DAY),
            "satisfaction": ("满意度", "群众满意度", "是否满意", "满意情况"),
            "notes": PERSON["notes"],
        },
        ("督办领导", "领导批示", "附件", "扣分", "协办单位", "工单积分"),
    ),
    "service": (
        ("重点服务对象台账", "困难群众帮扶台账", "特殊困难老年人探访登记表", "关爱对象结对帮扶一览表"),
        {name: PERSON[name] for name in ("name", "sex", "age", "phone", "notes")} | {
            "address": PLACE["address"],
            "service_category": ("类别", "服务类别", "对象类别", "人员类别", "困难类型", "帮扶类别"),
            "member": ("结对党员", "帮扶责任人", "结对帮扶人", "帮扶人", "包联党员"),
            "frequency": ("走访频次", "探访频次", "走访频率", "探访周期"),
            "last_visit": ("上次走访", "最近一次探访时间", "最近走访日期", "上次探访时间"),
            "next_visit": ("下次应访", "下次走访时间", "下次探访日期"),
            "help_needed": ("当前需求", "需求", "主要困难", "服务需求", "主要困难及需求"),
            "help_given": ("已提供帮助", "帮扶措施", "已提供服务", "帮扶情况"),
            "emergency_contact": ("紧急联系人", "紧急联系人姓名", "应急联系人"),
            "emergency_phone": each(("紧急联系人",), PHONE[:4]),
        },
        ("子女电话", "低保金额", "病历", "护理员姓名", "监护人电话", "家庭月收入", "帮扶责任人电话", "医保卡号"),
    ),
}


MUST = ("name", "household_head", "room", "join_date", "visit_date", "content", "req_date", "service_category")


@dataclass(frozen=True)
class Office:
    """One made-up table: its headings with what each asks for, "" where it asks for nothing that is kept."""

    kind: str
    title: str
    headings: tuple[tuple[str, str], ...]


def offices(count: int, seed: int) -> Iterator[Office]:
    """So many tables, always the same for a seed."""
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.choice(list(TABLES))
        titles, fields, strange = TABLES[kind]
        must = [name for name in MUST if name in fields]
        some = chance.sample([name for name in fields if name not in must], chance.randint(3, len(fields) - len(must)))
        named = [(chance.choice(fields[name]), name) for name in fields if name in must or name in some]
        headings = [("序号", "serial"), *named, *((text, "") for text in chance.sample(strange, chance.randint(0, 4)))]
        yield Office(kind, chance.choice(titles), tuple(dict(headings).items()))
