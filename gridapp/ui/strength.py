"""How good a new password is, in words a person can act on."""
from __future__ import annotations

from dataclasses import dataclass

from gridapp.desk.opening import LEAST_PASSWORD

COMMON = ("password", "admin", "qwerty", "12345678", "87654321", "iloveyou", "woaini", "zhibu", "wangge", "abc123", "888888", "666666")


@dataclass(frozen=True, slots=True)
class Strength:
    """level 0 refused, 1 weak, 2 fair, 3 strong; text says what to do; tone is a tag's tone."""

    level: int
    text: str
    tone: str


def strength(password: str) -> Strength:
    """Judge a password by its length, its variety and whether it is one everybody tries first."""
    if not password:
        return Strength(0, f"至少 {LEAST_PASSWORD} 个字符；可以用一句只有自己知道的话。", "plain")
    if len(password) < LEAST_PASSWORD:
        return Strength(0, f"还差 {LEAST_PASSWORD - len(password)} 个字符。", "late")
    if _easy(password):
        return Strength(1, "弱：别人很容易猜到，请换一个，或再加几个不相干的字。", "late")
    if len(password) >= 14 or (len(password) >= 11 and _sorts(password) >= 3):
        return Strength(3, "强：很难猜到。", "good")
    return Strength(2, "中等：可以使用；再长几个字符会更好。", "warn")


def _sorts(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum() or ord(c) > 127)
    return sum(any(test(c) for c in password) for test in tests)


def _easy(password: str) -> bool:
    few = len(set(password)) < 5
    known = any(word in password.lower() for word in COMMON) and len(password) < 14
    return few or known or _is_run(password) or (password.isdigit() and len(password) < 12)


def _is_run(password: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in zip(password, password[1:], strict=False)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
