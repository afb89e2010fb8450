"""The window's part of the self-test: type that can write Chinese, sheets of paper, a painted window."""
from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, qInstallMessageHandler, qVersion
from PySide6.QtGui import QFont, QFontInfo, QGuiApplication, QImage, QPainter, QRawFont

from gridapp.rules.reading import Trouble
from gridapp.ui import theme
from gridapp.ui.app import application, qt_says

WORDS = "网格支部：住户、居民、党员、走访、服务事项。翟覃逄仝亓燚垚犇"
MOST_SHEETS = 3
OUTLINED = 8_000  # bytes of pages whose words are drawn
LEAST_COLOURS, MOST_ALIKE = 24, 0.97  # of a painted page, sampled


def type_and_words() -> str:
    """Which family writes; raises Trouble where it lacks a character, draws boxes, or Qt's own words are not Chinese."""
    app = application()
    theme.apply(app, "light")
    font = QFont(theme.family(), 24)
    raw = QRawFont.fromFont(font)
    lacking = [each for each in WORDS if not raw.supportsCharacter(ord(each))]
    _expect(not lacking, f"字体里没有这些字：{''.join(lacking)}。请重新安装。")
    first, second = (_drawn(each, font) for each in "网格")
    _expect(first != second, "中文画成了方框。请重新安装。")
    said = QCoreApplication.translate("QPlatformTheme", "Cancel")
    _expect(said == "取消", f"Qt 自己的文字不是中文（{said}）。请重新安装。")
    return f"{QFontInfo(font).family()}，Qt {qVersion()}，{QGuiApplication.platformName()}"


def _expect(met: object, sentence: str) -> None:
    if not met:
        raise Trouble(sentence)


def _drawn(char: str, font: QFont) -> QImage:
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(image.rect(), Qt.AlignmentFlag.AlignCenter, char)
    painter.end()
    return image


def paper(opened: Any, path: Path) -> str:
    """Print the first visit sheets (a QR code each) and household cards of an open desk as PDFs; how many pages came of it."""
    application()
    from gridapp import desk
    from gridapp.ui.printing import write_pdf

    pages = 0
    for sheet in ("visit_blank", "household"):
        drawn = desk.draw_up(opened, desk.Order(sheet, aim="自检"), out=True)
        count = write_pdf(drawn.paper.first(MOST_SHEETS), path)
        data = path.read_bytes()
        # Windows may draw the type as outlines where Linux embeds it; an empty page has 2 KB.
        written = b"/FontFile" in data or len(data) > OUTLINED
        whole = count and data.startswith(b"%PDF") and data.rstrip().endswith(b"%%EOF") and written
        _expect(whole, f"《{drawn.kind.title}》没有打印成。")
        pages += count
    return f"{pages} 页"


def window(folder: Path, opened: Any, picture: Path | None = None) -> str:
    """Sit at an open desk, paint 今日 and close (the desk with it). picture: where the painted window goes as a PNG."""
    application()
    qInstallMessageHandler(qt_says)
    from gridapp.ui.shots import settle
    from gridapp.ui.window import Window

    made = Window(folder, settings=folder / "window.ini")
    try:
        made.resize(1366, 768)
        made.show()
        made.sit(opened)
        settle(made)
        image = made.grab().toImage()
    finally:
        made.close()
    if picture:
        image.save(str(picture))
    colours, alike = _seen(image)
    _expect(colours >= LEAST_COLOURS and alike <= MOST_ALIKE, "窗口画出来是空的。请检查显卡驱动，或者换一台电脑再试。")
    return f"{image.width()}×{image.height()}，{colours} 种颜色"


def _seen(image: QImage) -> tuple[int, float]:
    """How many colours a picture has, and the share of the commonest; every third pixel is looked at."""
    counted = Counter(image.pixel(x, y) for y in range(0, image.height(), 3) for x in range(0, image.width(), 3))
    return len(counted), counted.most_common(1)[0][1] / counted.total()
