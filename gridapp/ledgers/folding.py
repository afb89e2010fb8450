"""Headings compared by their words: spellings that mean the same are folded to one, words that only frame are dropped. A word that says whose a
value is (父, 监护人, 帮扶责任人) is never dropped, so 子女电话 stays somebody else's telephone.
"""
from __future__ import annotations

import re

# In order; the longer before what they contain.
SAME = (
    (re.compile(r"[的之、/／\-—和及与或]|请|具体填写|（.*?）"), ""),
    (re.compile("(?:居民|公民)?身份(?:证件|证)?(?:号码|编号|号)"), "身份证号"),
    (re.compile("(?:联系|移动|联络)(?:电话|手机)?(?:号码|方式|方法|电话|手机号?)|手机(?:号码|电话|号)|电话号码"), "电话"),
    (re.compile("^手机$|(?<=人|主|属)手机$"), "电话"),
    (re.compile("(?<=电话)[1一]$"), ""),
    (re.compile("(?<=.)(?:年月日|日期|时间|年月|年份)$"), "日"),
    (re.compile("所在|所属|所处|归属|隶属"), "所"),
    (re.compile("党支部"), "支部"),
    (re.compile("家庭住址|家庭地址|居住地址|居住地|住址|现居住址"), "住址"),
    (re.compile("^(?:本人|个人)(?=.{2})"), ""),
    (re.compile("文化程度|受教育程度|教育程度"), "学历"),
)
ALIKE = (
    (re.compile("走访|探访|入户|家访|上门|访问|巡访"), "访"),
    (re.compile("上一次|上次|最近一次|最近|最后一次|最后|末次"), "上次"),
    (re.compile("下一次|下次|计划|拟"), "下次"),
    (re.compile("诉求|事项|求助|反映"), "诉求"),
    (re.compile("办理|处理|处置|解决"), "办理"),
    (re.compile("措施|方案|办法|对策"), "措施"),
    (re.compile("情况|状况|信息|结果|进展|进度"), "情况"),
    (re.compile("满意程度|满意情况|满意度"), "满意度"),
    (re.compile("类别|类型|种类|分类|性质"), "类"),
    (re.compile("方式|形式|方法|渠道|途径"), "方式"),
    (re.compile("频次|频率|周期"), "频次"),
    (re.compile("住房|房屋|房子|住宅|居住|居所"), "居"),
    (re.compile("人数|人口数|人口|人员数"), "人数"),
    (re.compile("地址|住址|住所|地点|住地"), "址"),
    (re.compile("单位|部门|机构"), "单位"),
    (re.compile("负责人|责任人|承办人|经办人|办理人"), "承办人"),
    (re.compile("登记|接收|收到|接件|接诉|收件|受理"), "受理"),
    (re.compile("需求|需要|困难需求"), "需求"),
    (re.compile("内容|描述|简述|概述|摘要|简要|详情"), "内容"),
    (re.compile("完成|办结|结案"), "办结"),
    (re.compile("结对帮扶|结对|包联|包保|帮扶|联系(?=党员)"), "帮扶"),
    (re.compile("群众|村民|业主|住户"), "居民"),
    (re.compile("认定|纳入|列入|建档"), "认定"),
    (re.compile("日期|时间"), "日"),
)
# Framing words, that say nothing of whose or which.
FRAMES = re.compile(
    "^(?:现|目前|当前|具体|主要|实际|基本|所|有关|该)|(?:名称|情况|信息|一栏|栏|全称|说明|明细)$"
    "|^居民(?=姓名|性别|出生|年龄|身份证号|电话|址)|(?<=姓)名字|签名$|登记"
)


def folded(text: str) -> str:
    """The words that come and go replaced by one: 入党年月, 入党日期 -> 入党日; 户主手机号码, 户主联系方式 -> 户主电话."""
    for pattern, word in SAME:
        text = pattern.sub(word, text)
    return text


def framed(text: str) -> str:
    """As folded(), and with what only frames let go: 最近一次探访时间, 上次走访日期 -> 上次访日."""
    text = folded(text)
    for pattern, word in ALIKE:
        text = pattern.sub(word, text)
    return FRAMES.sub("", FRAMES.sub("", text)) or text
