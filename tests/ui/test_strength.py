"""A password's strength, in words."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridapp.desk.opening import LEAST_PASSWORD
from gridapp.ui.strength import strength


@pytest.mark.parametrize(
    ("password", "level"),
    [
        ("", 0), ("abc", 0), ("1234567", 0), ("12345678", 1), ("87654321", 1), ("aaaaaaaa", 1), ("abcdefgh", 1), ("19650312", 1), ("password9", 1),
        ("abababab", 1), ("kx7!mQ2z", 2), ("春风十里不如你哦", 2), ("kx7!mQ2zw9T", 3), ("correct horse battery", 3),
    ],
)
def test_levels(password: str, level: int) -> None:
    assert strength(password).level == level


@given(st.text(max_size=40))
def test_refused_exactly_when_short_and_always_a_sentence(password: str) -> None:
    found = strength(password)
    assert (found.level == 0) == (len(password) < LEAST_PASSWORD)
    assert found.text.endswith("。")


@given(st.text(min_size=LEAST_PASSWORD, max_size=20), st.text(min_size=1, max_size=20))
def test_the_password_itself_is_never_shown(password: str, more: str) -> None:
    assert strength(password).text == strength(password).text
    assert password not in strength(password).text or len(set(password)) == 0
