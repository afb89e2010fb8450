"""公民身份号码 (GB 11643-1999): reading 18 digits, and refusing what only looks like them.

No list of provinces: the check digit and the birth date are the proof.
"""
from __future__ import annotations

import datetime as dt
import re
from operator import mul
from typing import Any

from gridapp.rules import text
from gridapp.rules.reading import BLANK, Fault, Reading, refuse

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PLAIN = re.compile(r"[0-9]{17}[0-9X]")
_EXACT = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.I | re.A)
_MISSING = re.compile(r"[^\dA-Za-z*]+")
_LABEL = re.compile(r"\A[^\dA-Za-z*]*(?:号码|号|证)[::]?")
_REMARK = re.compile(r"\([^\dA-Za-z*]*\)")
_JOINED = re.compile(r"[\s\-.·]+")
_TWO = re.compile(r"\d{17}[\dX]\D*\d{17}[\dX]|\d{17}[\dX]\D*\d{15}|\d{15}\D*\d{17}[\dX]|\d{15}[^\dX]+\d{15}")
_WHOLE = re.compile(r"[0-9]{17}[0-9X]")
_LOOKS_LIKE_X = str.maketrans("×✕✖Χ", "XXXX")
_LOOKS_LIKE_DIGIT = str.maketrans("OoQQIl|", "0000111")
_CELL_AS_TEXT = "请在 Excel 里把这一列设为“文本”，对照证件重新输入。"


def check_digit(first17: str) -> str:
    """The 18th character that fits the first seventeen."""
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, first17))) % 11]


def birth(id_no: str) -> str:
    """The birth date in an 18-digit number, ISO."""
    return f"{id_no[6:10]}-{id_no[10:12]}-{id_no[12:14]}"


def sex(id_no: str) -> str:
    """'1' male, '2' female, by the 17th digit."""
    return "1" if int(id_no[16]) % 2 else "2"


def read(raw: Any) -> Reading:
    """18 characters with an upper-case X, or why not; a 15-digit number comes back as 18 with id_legacy15."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= _EXACT:
        return _lost()
    if isinstance(raw, str) and _PLAIN.fullmatch(raw):
        return _read_whole(raw)
    written = text.narrow(text.clean(raw))
    if text.is_blank(written):
        return BLANK
    if _MISSING.fullmatch(written):
        return Reading(None, (Fault("id_missing", "这里写的不是身份证号。", "拿到证件后再补录。", fatal=False),))
    if _SCIENTIFIC.fullmatch(written):
        return _lost()
    return _read_letters(_REMARK.sub("", _LABEL.sub("", written)).upper())


def _read_letters(written: str) -> Reading:
    if _TWO.search(written):
        return refuse("id_multiple", "一个格子里有两个身份证号。", "请每人一行，每格只留一个号码。")
    number = _JOINED.sub("", written)
    if re.fullmatch(r"\d{18}0", number) and ".0" in written:
        number = number[:-1]
    if number.isascii() and number.isdigit() and len(number) == 15:
        return _upgrade(number)
    return _read_whole(number) if _WHOLE.fullmatch(number) else _repair(number)


def _read_whole(number: str) -> Reading:
    fits = number[17] == check_digit(number[:17])
    if number.endswith("000") and not fits:
        return _lost()
    if not _is_birth(birth(number)):
        return refuse("id_birth_invalid", "身份证号里的出生日期不存在。", "请对照证件重新输入。")
    if not fits:
        return refuse("id_checksum", "身份证号最后一位校验不对。", "请对照证件重新输入。")
    return Reading(number, _doubt(number))


def _doubt(number: str) -> tuple[Fault, ...]:
    # Excel turns a long number's last three digits into 000; one in eleven of those still fits its check digit.
    if not number.endswith("000"):
        return ()
    return (Fault("id_precision_lost", "身份证号以 000 结尾，可能被 Excel 改过。", "请对照证件看一眼末三位。", fatal=False),)


def _repair(number: str) -> Reading:
    """O for 0, × or * for X: taken where the check digit then fits, and said."""
    guess = number.translate(_LOOKS_LIKE_X).translate(_LOOKS_LIKE_DIGIT)
    if re.fullmatch(r"\d{17}\*", guess):
        guess = guess[:17] + "X"
    if guess != number and _WHOLE.fullmatch(guess):
        fixed = _read_whole(guess)
        if not fixed.refused:
            fault = Fault("id_invalid_char", "身份证号里有写错的字符，已按校验位改正。", "请对照证件看一眼。", fatal=False)
            return Reading(fixed.value, (fault, *fixed.faults))
    return _refuse_shape(number)


def _refuse_shape(number: str) -> Reading:
    if "*" in number or re.search(r"\dX{2,}", number):
        return refuse("id_masked", "身份证号被遮盖了。", "请向提供台账的人要完整号码，或把这一格留空。")
    if re.fullmatch(r"[0-9]+X?", number):
        return refuse("id_length", f"身份证号应为 18 位，这里是 {len(number)} 位。", "请对照证件补齐或删去多余的数字。")
    return refuse("id_invalid_char", "身份证号里有不该出现的字符。", "只能有数字，末位可以是 X；请对照证件重新输入。")


def _upgrade(number: str) -> Reading:
    longer = f"{number[:6]}19{number[6:]}"
    whole = longer + check_digit(longer)
    if not _is_birth(birth(whole)):
        return refuse("id_birth_invalid", "15 位旧身份证号里的出生日期不存在。", "请对照现在的证件输入 18 位号码。")
    fault = Fault("id_legacy15", "这是 15 位旧身份证号，已换算成 18 位。", "请对照现在的证件看一眼。", fatal=False)
    return Reading(whole, (fault,))


def _is_birth(iso: str) -> bool:
    try:
        return 1850 <= dt.date.fromisoformat(iso).year <= 2100
    except ValueError:
        return False


def _lost() -> Reading:
    return refuse("id_precision_lost", "身份证号被 Excel 当成数字，末几位已经丢了。", _CELL_AS_TEXT)
