"""A workbook behind a password of its own (ECMA-376 agile encryption, what Excel and WPS do), in memory and nowhere else."""
from __future__ import annotations

from io import BytesIO

from gridapp.ledgers.sniff import Unreadable
from gridapp.rules.reading import Trouble


def lock(data: bytes, password: str) -> bytes:
    """The same workbook, opened by the password alone."""
    from msoffcrypto.format.ooxml import OOXMLFile

    locked = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(password, locked)
    return locked.getvalue()


def unlock(data: bytes, password: str) -> bytes:
    """The workbook behind the password. Raises Trouble for a wrong one, Unreadable for a file that is damaged."""
    import msoffcrypto
    from msoffcrypto.exceptions import InvalidKeyError

    plain = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=password, verify_password=True)
        file.decrypt(plain)
    except InvalidKeyError as error:
        raise Trouble("打开密码不对。请向发文件的人核对密码，再试一次。", "wrong_file_password") from error
    except Exception as error:  # msoffcrypto raises whatever a damaged file makes struct, olefile or XML raise
        raise Unreadable("corrupt") from error
    return plain.getvalue()
