"""停用设备: a device that was lost or misused is withdrawn; what it still sends is kept apart until somebody decides. 恢复 takes that back."""

from __future__ import annotations

from dataclasses import dataclass

from gridapp.desk.desk import Desk, note
from gridapp.rules.reading import Trouble
from gridapp.store import Connection
from gridapp.sync import bundle, trust
from gridapp.sync.certificates import Certificate


@dataclass(frozen=True)
class Device:
    """A computer this office enrolled: its id, name, path, the six words of its keys, and whether it is withdrawn."""

    id: str
    name: str
    scope: str
    words: str
    withdrawn: bool


def devices(desk: Desk) -> list[Device]:
    """The computers this office enrolled, by path; those withdrawn last."""
    with desk.store.reading() as connection:
        found = [
            Device(each.device, each.label, each.scope, " ".join(each.words), trust.is_revoked(connection, each.device))
            for each in trust.issued(connection)
        ]
    return sorted(found, key=lambda each: (each.withdrawn, each.scope, each.id))


def revoke(desk: Desk, which: str, why: str) -> str:
    """Withdraw a computer, by its id or its path; gives what to do next. Raises Trouble without a reason, or where none is meant."""
    if not why.strip():
        raise Trouble("请写明停用的原因，例如“电脑丢失”。", "no_reason")
    with desk.store.work() as work:
        meant = _meant(work.connection, which, withdrawn=False)
        trust.revoke(work.connection, meant.device)
        bundle.resettle(work.connection, desk.session)
        note(work.connection, desk, "revoke", purpose=f"{meant.label}：{why.strip()}")
        work.keep()
    return (
        f"“{meant.label}”的电脑已停用。它以后交来的数据包会原样放在一边，到“待核对”里决定放行还是丢弃。"
        "请给其余网格生成回执包，停用名单会一起带去。"
    )


def reinstate(desk: Desk, which: str) -> str:
    """Take a withdrawal back, by the computer's id or its path; gives what to do next. Raises Trouble where none is meant."""
    with desk.store.work() as work:
        meant = _meant(work.connection, which, withdrawn=True)
        trust.reinstate(work.connection, meant.device)
        bundle.resettle(work.connection, desk.session)
        note(work.connection, desk, "reinstate", purpose=meant.label)
        work.keep()
    return f"“{meant.label}”的电脑已恢复。放在一边的数据包请到“待核对”里放行；再生成一次回执包，它就能照常交换了。"


def _meant(connection: Connection, which: str, withdrawn: bool) -> Certificate:
    found = [
        each
        for each in trust.issued(connection)
        if which in (each.device, each.scope, each.scope.rsplit("/", 1)[-1]) and trust.is_revoked(connection, each.device) == withdrawn
    ]
    if not found:
        raise Trouble(f"没有找到{'已停用' if withdrawn else '在用'}的“{which}”。请从登记过的网格里选择。", "no_such_device")
    if len(found) > 1:
        raise Trouble(f"“{which}”有几台电脑，请用设备编号指明是哪一台：{'、'.join(each.device for each in found)}。", "which_device")
    return found[0]
