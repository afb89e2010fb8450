"""The built-in ledgers against the data dictionary: domain.md section 8 (and 2.1, 2.15 where it points there), copied here as it stands."""
from __future__ import annotations

import re

import pytest

from gridapp.ledgers.forms import BLANK, SERIAL, every_shipped, form, forms, shipped
from gridapp.ledgers.sources import DERIVED, sources
from gridapp.records import BY_NAME, columns

SECTION_8 = """
1. 党员花名册：序号|姓名|性别|出生年月|民族|学历|人员类别|入党日期|转正日期|党龄|党小组|党内职务|工作岗位|手机号码|现居住地|是否流动|备注（原样版另附 29 列省系统格式）
2. 流动党员：序号|姓名|性别|人员类别|流动类型|流动原因|流出(入)地及单位|起始日期|预计返回|联系方式|对方党支部及联系人|本支部联系人|最近联系日期|党费交至|备注
3. 困难/老党员：序号|姓名|性别|年龄|入党时间|党龄|类别|主要困难|认定时间|帮扶措施|结对人|最近走访|备注
4. 慰问签领表：序号|姓名|类别|金额(元)|物品|日期|慰问人|领取人签字|备注
5. 党费收缴(年)：序号|姓名|类别|月应交|1月|…|12月|合计实交|补交|备注
6. 三会一课：序号|类型|名称|时间|地点|主持人|记录人|应到|实到|请假|列席|议题|主要内容|决议|落实情况
7. 主题党日：序号|活动名称|计划时间|实际时间|地点|主题|主要内容及特色|应到|实到|请假|备注
8. 组织生活会/民主评议：序号|姓名|人员类别|优秀|合格|基本合格|不合格|评议结果|备注
9. 发展党员：序号|姓名|性别|出生年月|学历|申请日期|谈话日期|积极分子日期|培养联系人|发展对象日期|公示起止|培训学时|预审日期|支部大会接收日|审批日|宣誓日|预备期满|转正大会日|转正审批日|当前阶段|下一节点
10. 组织关系转接：序号|姓名|人员类别|转出/转入|对方党组织|介绍信有效天数|党费交至|办理日期|回执|备注
11. 政治生日(月)：序号|姓名|入党日期|周年|党小组|活动安排|是否完成
12. 住户(一户一档汇总)：序号|楼栋|单元|房号|户主/联系人|常住人数|居住性质|联系电话|党员户|服务等级|上次走访|备注
13. 重点服务对象：序号|姓名|楼栋房号|类别|结对党员|紧急联系人|联系电话|走访频次|上次走访|下次应访|当前需求|已提供帮助|复核日期
14. 入户走访/民情日记：序号|走访时间|走访人|楼栋房号|受访人|方式|反映问题及意见|处理措施|反馈结果|转办编号|回访日期|备注
15. 服务事项办理：序号|编号|受理时间|来源|提出人|联系电话|所在网格|类型|内容|承办人/单位|办理时限|办理情况|办结时间|是否超期|回访方式|满意度|备注
16. 微心愿：序号|编号|心愿内容|类别|征集日期|认领人(单位)|认领日期|计划完成|实现日期|反馈|状态
17. 双报到党员：序号|姓名|工作单位|单位党组织|居住楼栋|报到日期|特长|意愿岗位|本年服务次数|时长(小时)|反馈日期|备注
18. 志愿服务：序号|姓名|日期|项目|地点|时长(小时)|服务对象数|评价|积分|记录人
19. 矛盾调解：序号|编号|受理日期|类别|简述|当事人|调解员|调解日期|结果|是否签协议|履行回访|备注
21. 联席会议/协商议事：序号|时间|名称|主持|参加单位(人数)|议题|议定事项|责任单位|完成时限|落实情况
22. 满意度回访：序号|关联编号|回访日期|方式|总体评价|意见建议|整改/重办|回访人
"""  # noqa: E501
SECTION_2_1 = (
    "序号|姓名|性别|公民身份号码|民族|出生日期|学历|人员类别|学位|所在党支部|手机号码|入党日期|转正日期|党龄|党龄校正值|新社会阶层类型|工作岗位|从事专业技术职务|"
    "是否农民工|现居住地|户籍所在地|是否失联党员|是否流动党员|入党类型|转正情况|入党时所在支部|延长预备期时间|党员所属行业|工作岗位补充"
)
SECTION_2_15 = {
    "need": "编号|需求内容|来源|提出人/网格|受益面|紧急度|登记日期|状态",
    "resource": "编号|单位|资源类型|内容|可用时间|联系人|电话",
    "project": "编号|项目名称|对应需求|对应资源|牵头|协办|起止|完成标准|进度|受益人次|满意度",
    "site": "名称|级别|地址|开放时间|服务项目|可预约空间|联系人|电话|步行分钟|可否跨社区共享",
}
MONTHS = "|".join(f"{month}月" for month in range(1, 13))
TOLD = {
    int(number): headings.split("（")[0].replace("1月|…|12月", MONTHS)
    for number, headings in re.findall(r"^(\d+)\. [^：]+：(.+)$", SECTION_8, re.MULTILINE)
}
BY_HAND = {  # left blank by their nature: written in when it is handed over, planned or signed; or not kept by this program (least data)
    "gift": {"金额(元)", "物品", "日期", "慰问人", "领取人签字", "备注"},
    "birthday": {"活动安排", "是否完成"},
    "member_province": {"新社会阶层类型", "从事专业技术职务", "是否农民工", "延长预备期时间", "党员所属行业", "工作岗位补充"},
}


@pytest.mark.parametrize("number", sorted(TOLD))
def test_the_columns_stand_as_the_dictionary_says(number: int) -> None:
    first = next(each for each in every_shipped() if each.number == number)
    assert "|".join(first.headings) == TOLD[number]


def test_all_twenty_two_are_there() -> None:
    assert {each.number for each in every_shipped()} == set(range(1, 23)) == {*TOLD, 20}


def test_the_provincial_variant_has_its_29_columns() -> None:
    assert form("member_province").headings == tuple(SECTION_2_1.split("|")) and len(form("member_province").headings) == 29
    assert form("1") is form("member"), "the number means the roster"


@pytest.mark.parametrize("key", SECTION_2_15)
def test_the_three_lists_and_the_places(key: str) -> None:
    assert next("|".join(each.headings) for each in every_shipped() if each.key == key) == SECTION_2_15[key]


def test_offered_are_those_whose_record_is_kept() -> None:
    assert [each.key for each in forms()] == [
        "member", "member_province", "gift", "birthday", "household", "service", "visit", "request", "feedback"
    ]
    assert all(each.record not in BY_NAME for each in every_shipped() if each not in shipped())


@pytest.mark.parametrize("each", shipped(), ids=lambda each: each.key)
def test_every_column_has_something_to_say(each) -> None:
    """What a listed ledger shows is kept or worked out; what is blank is so by its nature."""
    assert set(each.sources) <= sources(each.record).keys()
    assert {column.heading for column in each.columns if column.source == BLANK} == BY_HAND.get(each.key, set())
    assert each.columns[0].source == SERIAL


def test_what_is_worked_out_is_of_a_record_and_has_a_name() -> None:
    assert DERIVED.keys() <= BY_NAME.keys()
    assert all(kind.label for kinds in DERIVED.values() for kind in kinds.values())


@pytest.mark.parametrize("record", BY_NAME)
def test_what_is_worked_out_is_no_less_secret_than_what_it_stands_for(record: str) -> None:
    own = {each.name: each.kind.secrecy for each in columns(BY_NAME[record])}
    assert all(kind.secrecy >= own.get(name, 0) for name, kind in DERIVED.get(record, {}).items())


def test_keys_and_titles_are_each_its_own() -> None:
    for told in ([each.key for each in every_shipped()], [each.title for each in every_shipped()]):
        assert len(set(told)) == len(told)
