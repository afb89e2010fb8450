"""Colours, sizes and the one stylesheet (look.md); light and dark; the bundled font only where the system has no Chinese one."""
from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gridapp import places

SMALLEST, NORMAL, LARGEST = 12, 14, 20
PREFERRED = ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC")


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme's colours, each '#RRGGBB'; every text colour stands at 4.5:1 or better on the grounds it is used on."""

    ground: str
    paper: str
    rail: str
    line: str
    edge: str
    ink: str
    soft: str
    accent: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    stripe: str
    pick: str


LIGHT = Colours(
    ground="#F6F5F2", paper="#FFFFFF", rail="#FBFAF8", line="#E4E1DB", edge="#C9C4BB", ink="#1F2328", soft="#5B6068", accent="#B3312C",
    accent_soft="#FBEDEB", on_accent="#FFFFFF", good="#2F7A4D", good_soft="#E8F3EC", warn="#8A5A00", warn_soft="#FBF1DD", stripe="#FAF9F7",
    pick="#F7E4E2",
)
DARK = Colours(
    ground="#1B1D20", paper="#24272B", rail="#1F2225", line="#383C42", edge="#4B5058", ink="#ECEDEE", soft="#A9AFB7", accent="#E5746C",
    accent_soft="#3A2827", on_accent="#1B1D20", good="#7CC79A", good_soft="#22332A", warn="#E2B45B", warn_soft="#372F1F", stripe="#272A2F",
    pick="#43302F",
)


def colours(theme: str = "system") -> Colours:
    """The colours of 'light', 'dark' or 'system' (what the desktop asks for)."""
    if theme == "system":
        theme = "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"
    return DARK if theme == "dark" else LIGHT


def before_application() -> None:
    """What must be settled before QApplication exists: the input method, and that half scale factors stay as they are."""
    input_method()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)


def input_method() -> None:
    """PySide6 ships no fcitx plugin; fcitx answers as ibus too, so ask there."""
    if sys.platform == "linux" and os.environ.get("QT_IM_MODULE", "").startswith("fcitx") and not _has_fcitx():
        os.environ["QT_IM_MODULE"] = "ibus"


def _has_fcitx() -> bool:
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath), "platforminputcontexts")
    return any("fcitx" in plugin.name for plugin in folder.glob("*"))


def apply(app: QApplication, theme: str = "system", points: int = NORMAL) -> Colours:
    """Dress the application; safe to call again whenever the theme or the size of type changes, and free when neither did."""
    points = min(max(points, SMALLEST), LARGEST)
    chosen = colours(theme)
    dress = f"{'dark' if chosen is DARK else 'light'} {points}"
    if app.property("dress") == dress:
        return chosen
    if app.property("dress") is None:
        app.setStyle("fusion")
    app.setProperty("dress", dress)
    app.setPalette(palette(chosen))
    app.setFont(QFont(family(), points))
    app.setStyleSheet(sheet(chosen, points))
    return chosen


def family() -> str:
    """A family that can write Chinese: the system's own, else the bundled one. The offscreen platform of Linux always takes the bundled one."""
    offscreen = QGuiApplication.platformName() in ("offscreen", "minimal")
    known = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    if known and not offscreen:
        return next((name for name in PREFERRED if name in known), known[0])
    return _bundled()


def _bundled() -> str:
    if "Noto Sans SC" in QFontDatabase.families():
        return "Noto Sans SC"
    number = QFontDatabase.addApplicationFont(str(places.resources("fonts", "NotoSansSC-Regular.otf")))
    families = QFontDatabase.applicationFontFamilies(number)
    return families[0] if families else QFont().family()


def speak_chinese(app: QCoreApplication) -> None:
    """Chinese for Qt's own dialogs, dates and numbers."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    if translator.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def palette(c: Colours) -> QPalette:
    """The same colours for whatever Qt or our painters draw by hand: Accent, PlaceholderText (secondary), Mid (lines)."""
    role = QPalette.ColorRole
    made = QPalette()
    for each, colour in (
        (role.Window, c.ground), (role.Base, c.paper), (role.AlternateBase, c.stripe), (role.Button, c.paper), (role.ToolTipBase, c.paper),
        (role.WindowText, c.ink), (role.Text, c.ink), (role.ButtonText, c.ink), (role.ToolTipText, c.ink), (role.PlaceholderText, c.soft),
        (role.Highlight, c.pick), (role.HighlightedText, c.ink), (role.Accent, c.accent), (role.Link, c.accent), (role.Mid, c.line),
        (role.Dark, c.edge),
    ):
        made.setColor(each, QColor(colour))
    for each in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(c.soft))
    return made


def sheet(c: Colours, points: int) -> str:
    """The stylesheet; sizes follow the body size in points, never below 11."""
    small, tiny, title, figure = max(points - 2, 11), max(points - 3, 11), points + 6, points + 10
    tick = places.resources("style", "tick-dark.svg" if c is DARK else "tick-light.svg").as_posix()
    arrow = places.resources("style", "arrow-dark.svg" if c is DARK else "arrow-light.svg").as_posix()
    return f"""
QWidget#ground, QStackedWidget#ground, QMainWindow, QDialog, QMessageBox {{ background: {c.ground}; }}
QWidget#rail {{ background: {c.rail}; border-right: 1px solid {c.line}; }}
QWidget#rail QPushButton {{ text-align: left; padding: 8px 14px 8px 18px; min-height: 26px; border: none; border-left: 4px solid transparent;
    border-radius: 0; background: transparent; }}
QWidget#rail QPushButton:hover {{ background: {c.ground}; }}
QWidget#rail QPushButton:checked {{ background: {c.accent_soft}; border-left: 4px solid {c.accent}; color: {c.accent}; font-weight: 600; }}
QWidget#rail QPushButton:focus {{ border-left: 4px solid {c.soft}; }}
QWidget#rail QLabel {{ color: {c.soft}; font-size: {tiny}pt; padding: 10px 18px 2px 22px; }}
QWidget#rail QLabel#brand {{ font-size: {points + 2}pt; font-weight: 700; color: {c.accent}; padding: 15px 18px 8px 20px; }}
QWidget#bar {{ background: {c.paper}; border-bottom: 1px solid {c.line}; }}
QWidget#status {{ background: {c.paper}; border-top: 1px solid {c.line}; }}
QWidget#status QLabel {{ color: {c.soft}; font-size: {tiny}pt; }}
QWidget#status QPushButton {{ font-size: {tiny}pt; min-height: 28px; padding: 4px 10px; border: none; background: transparent; color: {c.accent}; }}
QScrollArea, QScrollArea > QWidget > QWidget#clear {{ background: transparent; border: none; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{ background: {c.paper}; color: {c.ink}; border: 1px solid {c.edge}; border-radius: 8px;
    padding: 6px 11px;
    selection-background-color: {c.pick}; selection-color: {c.ink}; }}
QLineEdit, QComboBox, QSpinBox {{ min-height: 26px; }}
QPlainTextEdit {{ padding: 4px 7px; }}
QWidget#bar QLineEdit {{ background: {c.ground}; border-color: {c.line}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QWidget#bar QLineEdit:focus {{ border: 2px solid {c.accent};
    padding: 5px 10px; }}
QPlainTextEdit:focus {{ padding: 3px 6px; }}
QLineEdit[faulty="true"], QPlainTextEdit[faulty="true"], QComboBox[faulty="true"] {{ border: 2px solid {c.accent}; background: {c.accent_soft}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ color: {c.soft}; background: {c.ground}; }}
QComboBox QLineEdit, QComboBox QLineEdit:focus {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QComboBox::drop-down {{ border: none; width: 30px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 8px; }}
QComboBox QAbstractItemView, QListView {{ background: {c.paper}; border: 1px solid {c.edge}; selection-background-color: {c.pick};
    selection-color: {c.ink};
    outline: none; }}
QComboBox QAbstractItemView::item, QListView::item {{ min-height: 36px; padding: 0 8px; }}
QPushButton {{ background: {c.paper}; color: {c.ink}; border: 1px solid {c.edge}; border-radius: 8px; padding: 6px 16px; min-height: 26px; }}
QPushButton:hover {{ background: {c.stripe}; border-color: {c.soft}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 15px; }}
QPushButton:disabled {{ color: {c.soft}; background: {c.ground}; border-color: {c.line}; }}
QPushButton.primary {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; font-weight: 600; padding: 6px 18px; }}
QPushButton.primary:hover {{ border-color: {c.ink}; }}
QPushButton.primary:focus {{ border: 2px solid {c.ink}; padding: 5px 17px; }}
QPushButton.primary:disabled {{ background: {c.line}; color: {c.soft}; border-color: {c.line}; }}
QPushButton.link {{ background: transparent; border: 1px solid transparent; color: {c.accent}; padding: 4px 8px; }}
QPushButton.link:hover {{ background: {c.accent_soft}; }}
QPushButton.link:focus {{ border: 1px solid {c.accent}; padding: 4px 8px; }}
QPushButton.link:disabled {{ color: {c.soft}; background: transparent; }}
QPushButton.chip {{ border: 1px solid {c.line}; border-radius: 19px; padding: 3px 15px; min-height: 30px; font-size: {small}pt; }}
QPushButton.chip:checked {{ background: {c.accent_soft}; border-color: {c.accent}; color: {c.accent}; }}
QPushButton.chip:focus {{ border: 2px solid {c.accent}; padding: 2px 14px; }}
QLabel {{ background: transparent; }}
QLabel.title {{ font-size: {title}pt; font-weight: 700; }}
QLabel.section {{ font-weight: 600; }}
QLabel.sub {{ color: {c.soft}; font-size: {small}pt; }}
QLabel.small {{ font-size: {small}pt; }}
QLabel.figure {{ font-size: {figure}pt; font-weight: 700; }}
QLabel.fault {{ color: {c.accent}; font-size: {small}pt; }}
QLabel.hint {{ color: {c.soft}; font-size: {small}pt; }}
QLabel.code {{ font-size: {points + 4}pt; font-weight: 700; letter-spacing: 2px; }}
QLabel.late, QLabel.warn, QLabel.soon, QLabel.good, QLabel.fine, QLabel.plain {{ border-radius: 6px; padding: 2px 9px; font-size: {small}pt; }}
QLabel.late {{ background: {c.accent_soft}; color: {c.accent}; }}
QLabel.warn, QLabel.soon {{ background: {c.warn_soft}; color: {c.warn}; }}
QLabel.good, QLabel.fine {{ background: {c.good_soft}; color: {c.good}; }}
QLabel.plain {{ background: {c.ground}; color: {c.soft}; }}
QFrame.card {{ background: {c.paper}; border: 1px solid {c.line}; border-radius: 12px; }}
QFrame.card QListView {{ border: none; background: transparent; }}
QFrame.card QListView.boxed {{ border: 1px solid {c.edge}; border-radius: 8px; background: {c.paper}; padding: 4px; }}
QFrame.rule {{ background: {c.line}; border: none; min-height: 1px; max-height: 1px; }}
QFrame.toast {{ background: {c.ink}; border-radius: 10px; }}
QFrame.toast QLabel {{ color: {c.paper}; }}
QFrame.toast QPushButton {{ background: transparent; border: 1px solid transparent; color: {c.paper}; font-weight: 600; padding: 4px 10px;
    text-decoration: underline; }}
QFrame.toast QPushButton:hover, QFrame.toast QPushButton:focus {{ border: 1px solid {c.paper}; }}
QFrame.notice {{ background: {c.accent_soft}; border: 1px solid {c.accent}; border-radius: 10px; }}
QFrame.notice QLabel {{ color: {c.ink}; }}
QTableView {{ background: {c.paper}; alternate-background-color: {c.stripe}; border: 1px solid {c.line}; border-radius: 12px; outline: none;
    gridline-color: {c.line}; selection-background-color: {c.pick}; selection-color: {c.ink}; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: transparent; color: {c.soft}; font-size: {small}pt; border: none; border-bottom: 1px solid {c.line};
    padding: 8px 11px; }}
QTableCornerButton::section {{ background: transparent; border: none; border-bottom: 1px solid {c.line}; }}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ width: 0; height: 0; }}
QToolTip {{ background: {c.paper}; color: {c.ink}; border: 1px solid {c.edge}; padding: 4px 8px; font-size: {small}pt; }}
QMenu {{ background: {c.paper}; border: 1px solid {c.edge}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px; min-height: 24px; }}
QMenu::item:selected {{ background: {c.pick}; }}
QProgressBar {{ background: {c.line}; border: none; border-radius: 5px; min-height: 10px; max-height: 10px; text-align: center; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 5px; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: 4px; min-height: 36px; min-width: 36px; }}
QScrollBar::handle:hover {{ background: {c.soft}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QCheckBox, QRadioButton {{ min-height: 36px; spacing: 10px; }}
QCheckBox:focus, QRadioButton:focus {{ color: {c.accent}; }}
QRadioButton::indicator {{ width: 16px; height: 16px; border: 2px solid {c.soft}; border-radius: 10px; background: {c.paper}; }}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 6px solid {c.accent}; }}
QCheckBox::indicator {{ width: 16px; height: 16px; border: 2px solid {c.soft}; border-radius: 5px; background: {c.paper}; }}
QCheckBox::indicator:checked {{ border-color: {c.accent}; background: {c.accent}; image: url("{tick}"); }}
QCalendarWidget QWidget {{ alternate-background-color: {c.ground}; }}
QCalendarWidget QToolButton {{ color: {c.ink}; min-height: 32px; background: transparent; border: none; padding: 4px 10px; }}
QSplitter::handle {{ background: transparent; width: 14px; }}
"""
