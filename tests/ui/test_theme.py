"""Colours hold their contrast in both themes; sizes never fall below 11 pt; Chinese is drawn everywhere; fcitx is reached."""
from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontDatabase, QFontMetrics
from PySide6.QtWidgets import QApplication

from gridapp.ui import theme

PAIRS = [
    ("ink", "ground"), ("ink", "paper"), ("ink", "rail"), ("ink", "stripe"), ("ink", "pick"), ("soft", "ground"), ("soft", "paper"), ("soft", "rail"),
    ("accent", "paper"), ("accent", "accent_soft"), ("on_accent", "accent"), ("good", "good_soft"), ("warn", "warn_soft"), ("paper", "ink"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(colours, text, ground):
    assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("points", [theme.SMALLEST, theme.NORMAL, theme.LARGEST])
@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_no_size_below_eleven_points(colours, points):
    sizes = [int(found) for found in re.findall(r"font-size: (\d+)pt", theme.sheet(colours, points))]
    assert sizes and min(sizes) >= 11


def test_the_dark_primary_button_has_dark_ink():
    assert luminance(theme.DARK.on_accent) < 0.05


def test_chinese_is_in_the_chosen_family(qapp):
    theme.apply(qapp, "light", theme.NORMAL)
    assert QApplication.font().family() == theme.family() in QFontDatabase.families()
    assert QFontMetrics(QApplication.font()).inFontUcs4(ord("覃"))


def test_size_of_type_is_kept_between_its_limits(qapp):
    theme.apply(qapp, "light", 40)
    assert QApplication.font().pointSize() == theme.LARGEST
    theme.apply(qapp, "dark", 3)
    assert QApplication.font().pointSize() == theme.SMALLEST
    assert QApplication.palette().window().color().name().upper() == theme.DARK.ground
    theme.apply(qapp, "light", theme.NORMAL)


def test_fcitx_without_its_plugin_is_reached_through_ibus(monkeypatch):
    monkeypatch.setattr(theme.sys, "platform", "linux")
    monkeypatch.setenv("QT_IM_MODULE", "fcitx5")
    monkeypatch.setattr(theme, "_has_fcitx", lambda: False)
    theme.input_method()
    assert theme.os.environ["QT_IM_MODULE"] == "ibus"
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    monkeypatch.setattr(theme, "_has_fcitx", lambda: True)
    theme.input_method()
    assert theme.os.environ["QT_IM_MODULE"] == "fcitx"
