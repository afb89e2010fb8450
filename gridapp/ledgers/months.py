"""Month grids: 1月 to 12月, quarters and their total, and what they count: visits or requests; of what is not kept, such as dues, nothing."""
from __future__ import annotations

import re

from gridapp.ledgers.layout import Paths
from gridapp.ledgers.mapping import bare

MONTH = re.compile(r"(?:\d{4}年)?(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:次数|户次|件数|走访|份数)?")
HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
SUM = re.compile("合计|总计|小计|累计|全年|全年合计|总数|总次数|合计次数|年度合计|全年累计")
QUARTERS = {f"{spelled}{word}": f"q{at}" for at, one in enumerate("一二三四", 1) for spelled in (one, f"第{one}", str(at)) for word in ("季度", "季")}
COUNTED = {"visits": "走访次数", "requests": "服务事项数"}
COUNTS = (("visits", re.compile("走访|入户|探访|家访|上门")), ("requests", re.compile("诉求|服务事项|事项|受理|办件|工单|问题")))
UNKEPT = re.compile("党费|[应实]?[交缴]|会议?|三会一课|党课|支委|主题党日|活动|学习|积分|时长|志愿|工资|收入|金额|考核|培训|考勤|出勤|值班|发放")
COUNTING = {"household", "resident", "service", "building", "visitor", "matter"}


def counted_by_month(kind: str, paths: Paths, title: str) -> dict[int, tuple[str, str]]:
    """Column -> the key of a row (visits:03, visits:q1, visits) and what people call it."""
    if kind not in COUNTING:
        return {}
    counted = {at: _counted(kind, path, title) for at, path in paths.items() if month_of(path[-1])}
    found: dict[int, tuple[str, str]] = {}
    for at, path in paths.items():
        part = month_of(path[-1]) or QUARTERS.get(bare(path[-1]), "") or ("all" if SUM.fullmatch(bare(path[-1])) else "")
        name = counted.get(at) or (_counted(kind, path, title) if part else "")
        if part and name and len(counted) > 1:
            key = name if part == "all" else f"{name}:{part}"
            found[at] = (key, f"{path[-1]}{COUNTED[name]}")
    return found


def month_of(text: str) -> str:
    """'03' for 3月, 三月份 and 2026年3月; "" for anything else."""
    match = MONTH.fullmatch(bare(text))
    if not match:
        return ""
    return f"{HAN.index(match[1]) + 1 if match[1] in HAN else int(match[1]):02d}"


def _counted(kind: str, path: tuple[str, ...], title: str) -> str:
    """What the months of a table count: said by the level above, else by the month's own heading, else by the title."""
    for text in ("".join(path[:-1]), path[-1], title):
        if UNKEPT.search(text):
            return ""
        if name := next((name for name, words in COUNTS if words.search(text)), ""):
            return name
    return "visits" if kind == "visitor" else "requests" if kind == "matter" else ""
