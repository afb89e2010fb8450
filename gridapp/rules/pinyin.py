"""Pinyin for search and order: initials and full spellings with both readings of surnames, and a stored sort key.

pypinyin has no surname mode (python-pinyin issue 297), so the table of surnames is our own; pypinyin itself is imported
on first use (200 ms) and asked once per character.
"""
from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

# Surnames whose surname reading differs from the character's usual one.
_TABLE = """
单 shan 曾 zeng 仇 qiu 解 xie 区 ou 查 zha 翟 zhai 乐 yue 覃 qin 缪 miao 朴 piao 盖 ge 任 ren 华 hua 尉 wei 宓 mi 晁 chao 员 yun 缴 jiao
黑 he 郇 huan 折 she 冼 xian 种 chong 召 shao 秘 bi 繁 po 万 wan 能 nai 隗 kui 洗 xian 句 gou 逄 pang 牟 mu 佴 nai 郗 xi 都 du 粘 nian
哈 ha 燕 yan 令 ling 应 ying 宁 ning 葛 ge 纪 ji 过 guo 曲 qu 卜 bu 阚 kan 訾 zi 臧 zang 邵 shao 车 che 谌 chen 贾 jia 角 jue 祭 zhai
幺 yao 么 yao 石 shi 沈 shen 长 chang 重 chong 行 xing 调 tiao 会 gui 撒 sa 相 xiang 占 zhan 俞 yu 於 yu 乜 nie 厘 xi 洪 hong 钭 tou
旦 dan 眭 sui 昝 zan 亓 qi 夏 xia 适 kuo 颉 xie 郄 qie 殷 yin 尹 yin 褚 chu 柏 bai 薄 bo 参 shen 那 na 氏 shi 谷 gu 盛 sheng 弋 yi
"""
_COMPOUND = """
尉迟 yu,chi 欧阳 ou,yang 上官 shang,guan 司马 si,ma 诸葛 zhu,ge 长孙 zhang,sun 万俟 mo,qi 澹台 tan,tai 单于 chan,yu 皇甫 huang,fu 令狐 ling,hu
宇文 yu,wen 鲜于 xian,yu 夏侯 xia,hou 东方 dong,fang 公孙 gong,sun 慕容 mu,rong 司徒 si,tu 司空 si,kong 赫连 he,lian 独孤 du,gu 南宫 nan,gong
西门 xi,men 呼延 hu,yan 端木 duan,mu 轩辕 xuan,yuan 申屠 shen,tu 太史 tai,shi 濮阳 pu,yang 淳于 chun,yu 闻人 wen,ren 百里 bai,li 钟离 zhong,li
"""
# Second readings people really type for a surname besides the first.
_ALSO = {"覃": "tan", "曾": "ceng", "翟": "di", "盖": "gai", "任": "ren", "隗": "wei", "郇": "xun", "纪": "ji", "洗": "xi", "谌": "shen", "区": "qu"}
_DIGITS = re.compile(r"\d+")


@cache
def _surnames() -> dict[str, str]:
    words = _TABLE.split()
    return dict(zip(words[::2], words[1::2], strict=True))


@cache
def _compounds() -> dict[str, tuple[str, str]]:
    words = _COMPOUND.split()
    return {name: tuple(spelled.split(",")) for name, spelled in zip(words[::2], words[1::2], strict=True)}  # type: ignore[misc]


@cache
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@lru_cache(maxsize=50_000)
def _syllable(char: str) -> str:
    """The character's usual reading without tones; Latin letters and digits as they are, anything else ''."""
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    toned = _readings().get(ord(char), "").split(",")[0]
    plain = unicodedata.normalize("NFD", toned.replace("ü", "v").replace("ǖ", "v").replace("ǘ", "v").replace("ǚ", "v").replace("ǜ", "v"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def _variants(name: str) -> list[list[str]]:
    """Every reading of a name as syllables, the surname's own first."""
    usual = [_syllable(char) for char in name]
    firsts = [list(_compounds()[name[:2]])] if name[:2] in _compounds() else [[reading] for reading in _first_readings(name[:1])]
    readings = [first + usual[len(first) :] for first in firsts] + [usual]
    return [list(reading) for reading in dict.fromkeys(tuple(filter(None, reading)) for reading in readings)]


def _first_readings(char: str) -> list[str]:
    return [reading for reading in (_surnames().get(char), _ALSO.get(char)) if reading]


def initials(name: str | None) -> str:
    """'zs' for 张三, 'sw dw' for 单伟: every reading, joined by a space."""
    return " ".join(dict.fromkeys("".join(part[0] for part in reading) for reading in _variants(name or "") if reading))


def spelled(name: str | None) -> str:
    """'zhangsan', 'shanwei danwei': every reading, joined by a space."""
    return " ".join(dict.fromkeys("".join(reading) for reading in _variants(name or "") if reading))


def sort_key(text: str | None) -> str:
    """Orders names by pinyin, then by character, and numbers inside by size; plain text that any engine compares bytewise."""
    if not text:
        return ""
    padded = _DIGITS.sub(lambda match: match[0].zfill(8), text)
    reading = _variants(padded)[0] if _variants(padded) else []
    return f"{' '.join(reading)}\t{padded}"
