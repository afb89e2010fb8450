"""更换本机密钥: new keys for this computer, when it was repaired or lent. A lost or stolen one is withdrawn by the centre and enrolled anew."""

from __future__ import annotations

from gridapp.desk.desk import Desk, note
from gridapp.sync import link, trust

STOLEN = "如果怀疑别人拿到了本机的数据，请不要只换密钥，应当请中心停用本机，再重新登记。"
STOLEN_OFFICE = "如果怀疑别人拿到了中心的数据，请不要只换密钥：上级中心可以停用本机；没有上级的，要重新建立中心，各网格重新加入。"


def stolen(desk: Desk) -> str:
    """What to do instead where somebody else may have the keys."""
    return STOLEN_OFFICE if desk.role == "office" else STOLEN


def rotate_keys(desk: Desk) -> str:
    """Make new keys for this computer; gives what to do next. Everything sealed for the old ones still opens."""
    with desk.store.work() as work:
        words = " ".join(trust.rotate(work.connection))
        enrolled = link.links(work.connection)
        note(work.connection, desk, "rotate")
        work.keep()
    if not enrolled:
        return f"本机密钥已更换。还没有加入中心，申请加入时请核对新的六个词：{words}。"
    if desk.role == "office":
        text = "本机密钥已更换。请照常给各网格生成回执包，各网格收取以后就认得新密钥，不用重新登记。"
    else:
        text = "本机密钥已更换。请照常生成一次上报包交给中心，再收取中心的回执包，就全部换好了，不用重新登记。"
    return f"{text}新的六个核对词：{words}。"
