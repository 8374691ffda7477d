"""The bundled font and its fallbacks, and type of all sizes that a text size scales."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from sciapp import settings
from sciapp.ui.theme.tokens import TYPE_SIZES, TypeRole

FAMILY = "Inter"
FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")
"""Bold is for marked-up text alone: without it Qt would smear the semibold one."""
CHINESE = ("Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
"""Fonts of the system for Chinese, in order of preference; none is bundled (10 MB)."""
TEXT_SIZES = (100, 110, 125, 150)
"""Text sizes that the menu offers, in percent."""
_POINTS_PER_INCH = 72


def load_fonts() -> None:
    """Make the bundled font known to Qt; harmless when it is known already."""
    if FAMILY in QFontDatabase.families():
        return
    for name in FILES:
        QFontDatabase.addApplicationFont(str(settings.resources_folder() / "fonts" / name))


def body_font(text_size: int) -> QFont:
    """The font that every widget begins with, with figures of one width. text_size: in percent."""
    font = QFont()
    chinese = QLocale().language() is QLocale.Language.Chinese
    # In Chinese its own fonts come first: their punctuation is as wide as their letters.
    font.setFamilies([*CHINESE, FAMILY] if chinese else [FAMILY, *CHINESE])
    font.setPointSizeF(_points(TYPE_SIZES["body"]) * text_size / 100)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def typed(font: QFont, role: TypeRole, weight: int | None = None) -> QFont:
    """For painted text: `font`, which has the size of body text, in the size of another role."""
    made = QFont(font)
    made.setPointSizeF(font.pointSizeF() * TYPE_SIZES[role] / TYPE_SIZES["body"])
    if weight is not None:
        made.setWeight(QFont.Weight(weight))
    return made


def _points(pixels: float) -> float:
    screen = QGuiApplication.primaryScreen()
    return pixels * _POINTS_PER_INCH / screen.logicalDotsPerInch() if screen is not None else pixels * 0.75
