"""Light, dark or as the system says: palette, font and style sheet of the whole program, changed while it runs."""

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from sciapp import settings
from sciapp.ui.theme.fonts import body_font, load_fonts
from sciapp.ui.theme.sheet import style_sheet
from sciapp.ui.theme.tokens import DARK, LIGHT, Colours, colours_of

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")

_STANDING_TOKENS = {
    "running": "accent_text",
    "waiting": "ink2",
    "finished": "good",
    "stopped": "good",
    "cancelled": "ink2",
    "interrupted": "caution",
    "failed": "bad",
}


def apply(theme: str, *, text_size: int = 100) -> None:
    """Set the whole program's look; an unknown word means the system's. text_size: in percent."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if application.style().objectName() != "fusion":  # a style sheet wraps it, and a second one would flicker
        application.setStyle("Fusion")
    QApplication.styleHints().setColorScheme(schemes.get(theme, Qt.ColorScheme.Unknown))
    load_fonts()
    _wear(application, DARK if _wants_dark(theme) else LIGHT, text_size)


def follow_system() -> None:
    """Change with the system from now on, as long as that is what the person wants."""

    def changed() -> None:
        application, preferences = QApplication.instance(), settings.load()
        if preferences.theme not in {"light", "dark"} and isinstance(application, QApplication):
            _wear(application, DARK if _wants_dark(preferences.theme) else LIGHT, preferences.text_size)

    QApplication.styleHints().colorSchemeChanged.connect(changed)


def standing_colour(standing: str, palette: QPalette) -> QColor:
    """The colour of a run's standing, readable on every ground."""
    return QColor(colours_of(palette).named()[_STANDING_TOKENS.get(standing, "ink2")])


def warning_colours(palette: QPalette) -> tuple[QColor, QColor]:
    """Background and text of a strip that warns."""
    colours = colours_of(palette)
    return QColor(colours.caution_tint), QColor(colours.caution)


def _wear(application: QApplication, colours: Colours, text_size: int) -> None:
    """Palette and font first, then the style sheet anew: what has one keeps the colours of the palette before."""
    QApplication.setPalette(_palette(colours))
    QApplication.setFont(body_font(text_size))
    sheet = style_sheet(colours, text_size)
    if application.styleSheet() != sheet:
        application.setStyleSheet(sheet)


def _wants_dark(theme: str) -> bool:
    if theme in {"light", "dark"}:
        return theme == "dark"
    return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _palette(colours: Colours) -> QPalette:
    # From window and button colour Qt derives the shades of frames and bevels; set one by one they would stay light.
    role, palette = QPalette.ColorRole, QPalette(QColor(colours.surface), QColor(colours.page))
    for part, colour in {
        role.Window: colours.page,
        role.WindowText: colours.ink,
        role.Base: colours.surface,
        role.AlternateBase: colours.sunken,
        role.Text: colours.ink,
        role.Button: colours.surface,
        role.ButtonText: colours.ink,
        role.ToolTipBase: colours.surface,
        role.ToolTipText: colours.ink,
        role.PlaceholderText: colours.ink3,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent_text,
        role.LinkVisited: colours.accent_text,
        role.Accent: colours.accent,
        role.BrightText: colours.bad,
        role.Mid: colours.line,
    }.items():
        palette.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(colours.ink3))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colours.ink3))
    return palette
