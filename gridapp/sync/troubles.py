"""What can be wrong with a bundle: each its own sentence, each ends with what to do. All are raised before anything is written."""
from __future__ import annotations

import errno

from gridapp.rules.reading import Trouble


class Damaged(Trouble):
    """Truncated, altered, or not what its seal says."""

    def __init__(self) -> None:
        super().__init__("这个文件损坏了，没有导入任何内容。请从原电脑重新拷贝一份。", "bundle_damaged")


class NotBundle(Trouble):
    """Some other file."""

    def __init__(self) -> None:
        super().__init__("这不是网格支部的数据包。请选择扩展名为 .gbx 的文件。", "not_a_bundle")


class WrongSort(Trouble):
    """One of our files, but of another sort (request, answer, bundle)."""

    def __init__(self, wanted: str, found: str) -> None:
        names = {"bundle": "数据包", "request": "加入申请", "answer": "加入答复"}
        super().__init__(f"这是{names.get(found, '别的文件')}，不是{names[wanted]}。请重新选择文件。", "wrong_sort")


class NewerBundle(Trouble):
    """Made by a program this one is too old for."""

    def __init__(self) -> None:
        super().__init__("这个数据包由更新版本的程序制作，本机还读不了。请先升级程序，再导入一次。", "bundle_newer")


class ForAnother(Trouble):
    """Sealed for somebody else; nothing of it can be shown."""

    def __init__(self, label: str) -> None:
        super().__init__(f"这是给“{label}”的数据包，不是给本机的。请交给对方，或重新选择文件。", "bundle_for_another")


class NeedsPassword(Trouble):
    """Sealed by a password: people look at its rows one by one, it is never taken by itself."""

    def __init__(self) -> None:
        super().__init__("这是用密码加封的借用包，要逐条核对。请在“交换”里点“借用包”打开它，再输入密码。", "needs_password")


class NotLocked(Trouble):
    """Not sealed by a password."""

    def __init__(self) -> None:
        super().__init__("这不是用密码加封的借用包。请用“收取文件”收取它。", "not_locked")


class WrongLoanPassword(Trouble):
    """Another password than the file was sealed by."""

    def __init__(self) -> None:
        super().__init__("密码不对，打不开这个借用包。请向做包的人问清密码，注意大小写。", "wrong_loan_password")


class OtherKeys(Trouble):
    """Sealed for this device, by keys it does not have (it was restored from a backup older than its new keys)."""

    def __init__(self) -> None:
        super().__init__("这个数据包是用本机更换后的密钥封的，本机恢复过以前的备份，打不开了。请重新申请加入，由中心再登记一次。", "other_keys")


class UnknownSender(Trouble):
    """Sealed by a device we hold no certificate of."""

    def __init__(self) -> None:
        super().__init__("不认识制作这个数据包的设备，没有导入。请先登记对方的加入申请。", "unknown_sender")


class Forged(Trouble):
    """Names a sender whose key did not seal it."""

    def __init__(self, label: str) -> None:
        super().__init__(f"这个数据包自称来自“{label}”，但签名不符，没有导入。请当面核实来源，不要再使用这个文件。", "bundle_forged")


class NotEnrolled(Trouble):
    """No such link."""

    def __init__(self) -> None:
        super().__init__("与对方还没有登记加入，无法交换数据包。请先申请加入，由中心登记。", "not_enrolled")


def writing(error: OSError) -> Trouble:
    """The sentence for a stick that is full, read-only, or gone."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Trouble("U盘（或磁盘）空间不足，数据包没有写成。请腾出空间，或换一个U盘再试。", "stick_full")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Trouble("这个位置不能写入，数据包没有写成。请关闭U盘的写保护，或换一个位置再试。", "stick_read_only")
    if error.errno == errno.ETIMEDOUT:
        return Trouble("U盘好几分钟没有反应，数据包没有写成。请拔下重新插好，或换一个U盘再试。", "stick_hangs")
    return Trouble("写数据包时出错，U盘可能已被拔出或损坏，数据包没有写成。请重新插好，或换一个U盘再试。", "stick_gone")


def reading(error: OSError) -> Trouble:
    """The sentence for a file that cannot be read."""
    if error.errno == errno.ETIMEDOUT:
        return Trouble("U盘好几分钟没有反应，没有收进任何内容。请拔下重新插好，再收一次。", "stick_hangs")
    return Trouble("读不出这个文件，U盘可能已被拔出或损坏。请重新插好再试，或从原电脑重新拷贝。", "stick_unreadable")
