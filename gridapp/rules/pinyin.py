"""Pinyin for search and order: initials and full spellings with both readings of surnames, and a stored sort key.

pypinyin has no surname mode (python-pinyin issue 297), so the table of surnames is our own; of pypinyin only its table of
readings is used, read on first use and asked once per character.
"""
from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

# Surnames read otherwise than the character usually is; several readings where people type several. The usual one is always found too.
_TABLE = """
单 shan 曾 zeng 仇 qiu 解 xie 区 ou 查 zha 翟 zhai 乐 yue 覃 qin 缪 miao 朴 piao,pu 盖 ge 员 yun 贠 yun 黑 he 折 she 种 chong 召 shao
秘 bi 繁 po 能 nai 洗 xian 句 gou 牟 mu 佴 nai 都 du 粘 nian 卜 bu 阚 kan 角 jue 祭 zhai 么 yao 长 chang 重 chong 调 tiao 会 gui 乜 nie
厘 xi 适 kuo 颉 xie 薄 bo 参 shen 藏 zang 莘 shen,xin 费 fei,bi 番 pan 逢 pang 炅 gui 郇 xun,huan 郗 xi,chi 隗 kui,wei 谌 chen,shen
尉 wei,yu 宓 mi,fu 柏 bai,bo 郄 qie,xi 缴 jiao,jia 载 dai,zai 术 zhu 呙 guo,wai
"""
# Two-character surnames read otherwise than their characters are, and those whose first character stands in the table above.
_COMPOUND = """
尉迟 yu,chi 万俟 mo,qi 澹台 tan,tai 单于 chan,yu 长孙 zhang,sun 令狐 ling,hu 乐正 yue,zheng
"""
_DIGITS = re.compile(r"\d+")


@cache
def _surnames() -> dict[str, list[str]]:
    words = _TABLE.split()
    return {char: readings.split(",") for char, readings in zip(words[::2], words[1::2], strict=True)}


@cache
def _compounds() -> dict[str, list[list[str]]]:
    words = _COMPOUND.split()
    return {name: [syllables.split(",")] for name, syllables in zip(words[::2], words[1::2], strict=True)}


@cache
def _readings() -> dict[str, str]:
    """pypinyin's table of readings by code point, read without the package: importing that also loads two megabytes of phrases (130 ms against 9)."""
    package = find_spec("pypinyin")
    assert package and package.submodule_search_locations
    return json.loads(Path(package.submodule_search_locations[0], "pinyin_dict.json").read_bytes())


@lru_cache(maxsize=50_000)
def _syllable(char: str) -> str:
    """The character's usual reading without tones; Latin letters and digits as they are, anything else ''."""
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    toned = _readings().get(str(ord(char)), "").split(",")[0]
    plain = unicodedata.normalize("NFD", toned.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _variants(name: str) -> list[list[str]]:
    """Every reading of a name as syllables, the surname's own first."""
    usual = [_syllable(char) for char in name]
    firsts = _compounds().get(name[:2]) or [[reading] for reading in _surnames().get(name[:1], ())]
    readings = [first + usual[len(first) :] for first in firsts] + [usual]
    return [list(reading) for reading in dict.fromkeys(tuple(filter(None, reading)) for reading in readings)]


class Spelling(NamedTuple):
    """By what a name is found and ordered.

    initials: 'zs' for 张三, 'sw dw' for 单伟. spelled: 'zhangsan', 'shanwei danwei'; every reading, joined by a space. sort_key: by pinyin, then by
    character, numbers inside by size; plain text that any engine compares bytewise.
    """

    initials: str
    spelled: str
    sort_key: str


def spelling(name: str | None) -> Spelling:
    """The spelling of a name; all blank for none. Nothing of it is remembered: names are personal."""
    if not name:
        return Spelling("", "", "")
    readings = [reading for reading in _variants(name) if reading]
    initials = dict.fromkeys("".join(part[0] for part in reading) for reading in readings)
    return Spelling(" ".join(initials), " ".join(dict.fromkeys(map("".join, readings))), _sort_key(name, readings))


def _sort_key(name: str, readings: list[list[str]]) -> str:
    padded = _DIGITS.sub(lambda match: match[0].zfill(8), name)
    first = readings if padded == name else _variants(padded)
    return f"{' '.join(first[0]) if first else ''}\t{padded}"
