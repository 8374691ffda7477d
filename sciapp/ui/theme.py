"""Light, dark, or as the system says; and the few measures, colours and icons that all forms share."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImageReader, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from sciapp import settings

Theme = Literal["system", "light", "dark"]
THEMES: tuple[Theme, ...] = ("system", "light", "dark")

MARGIN = 12
SPACING = 8

_STANDING_COLOURS = {  # light, dark
    "running": ("#1565c0", "#6db7f2"),
    "waiting": ("#5f6368", "#b0b6bd"),
    "finished": ("#276c2b", "#7fd18b"),
    "stopped": ("#276c2b", "#7fd18b"),
    "cancelled": ("#5f6368", "#b0b6bd"),
    "interrupted": ("#9a4708", "#ffb45e"),
    "failed": ("#b3261e", "#ff8a80"),
}
_ICON_SIZES = (16, 24, 32, 48)
_WITH_BOXES = ("QCheckBox", "QListWidget", "QTreeWidget")  # the forms' check boxes, and lists with entries to tick
_FRAME_LIGHTER = 128  # makes up for Fusion's darker shade


def apply(theme: str) -> None:
    """Set the whole program's look; an unknown word means the system's."""
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")
    QApplication.styleHints().setColorScheme(schemes.get(theme, Qt.ColorScheme.Unknown))
    _wear(_dark() if _wants_dark(theme) else _light())


def follow_system() -> None:
    """Change with the system from now on, as long as that is what the person wants."""

    def changed() -> None:
        application, wanted = QApplication.instance(), settings.load().theme
        if wanted not in {"light", "dark"} and isinstance(application, QApplication):
            _wear(_dark() if _wants_dark(wanted) else _light())

    QApplication.styleHints().colorSchemeChanged.connect(changed)


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


def standing_colour(standing: str, palette: QPalette) -> QColor:
    """The colour of a run's standing, readable on `palette`'s base."""
    light, dark = _STANDING_COLOURS.get(standing, ("#5f6368", "#b0b6bd"))
    return QColor(dark if is_dark(palette) else light)


def warning_colours(palette: QPalette) -> tuple[QColor, QColor]:
    """Background and text of a strip that warns."""
    background, text = ("#4a3b12", "#ffe9a8") if is_dark(palette) else ("#fff1c9", "#5a4300")
    return QColor(background), QColor(text)


def icon(name: str, palette: QPalette) -> QIcon:
    """`resources/icons/NAME.svg` in the palette's text colour; an empty icon when it is not there."""
    return icon_of(settings.resources_folder() / "icons" / f"{name}.svg", palette)


def icon_of(file: Path | None, palette: QPalette) -> QIcon:
    """A drawing in black on nothing, in the palette's text colour; an empty icon when it is not there."""
    made = QIcon()
    try:
        drawing = file.read_bytes() if file else b""
    except OSError:
        return made
    colour = palette.color(QPalette.ColorRole.WindowText).name().encode()
    for size in _ICON_SIZES:
        pixmap = _rendered(drawing.replace(b"#000000", colour), size)
        if not pixmap.isNull():
            made.addPixmap(pixmap)
    return made


def _rendered(drawing: bytes, size: int) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(size, size))
    return QPixmap.fromImage(reader.read())


def _wear(palette: QPalette) -> None:
    """Give the program this palette, and check boxes a frame that can be seen, ticked or not.

    Fusion draws that frame in a darker shade of the window's colour, which dark swallows. A style sheet would do as
    well, but what has one keeps the colours of the theme before.
    """
    QApplication.setPalette(palette)
    framed = QPalette(palette)
    framed.setColor(
        QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.PlaceholderText).lighter(_FRAME_LIGHTER)
    )
    for kind in _WITH_BOXES:
        # The stub asks for bytes; Qt for Python itself refuses them and takes a str.
        QApplication.setPalette(framed, kind)  # type: ignore[arg-type]


def _wants_dark(theme: str) -> bool:
    if theme in {"light", "dark"}:
        return theme == "dark"
    return QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _light() -> QPalette:
    return _palette("#f5f6f8", "#ffffff", "#eceff3", "#1c1f23", "#1f6fb2", "#ffffff", "#6b7179", "#fbfbfc")


def _dark() -> QPalette:
    return _palette("#24272b", "#1b1d20", "#2b2f34", "#e6e8eb", "#3f8fd0", "#0b1a26", "#8d949c", "#30343a")


def _palette(
    window: str, base: str, stripe: str, text: str, accent: str, on_accent: str, faint: str, button: str
) -> QPalette:
    # From window and button colour Qt derives the shades of frames and bevels; set one by one they would stay light.
    role, palette = QPalette.ColorRole, QPalette(QColor(button), QColor(window))
    for part, colour in {
        role.Window: window,
        role.WindowText: text,
        role.Base: base,
        role.AlternateBase: stripe,
        role.Text: text,
        role.Button: button,
        role.ButtonText: text,
        role.ToolTipBase: stripe,
        role.ToolTipText: text,
        role.PlaceholderText: faint,
        role.Highlight: accent,
        role.HighlightedText: on_accent,
        role.Link: accent,
        role.LinkVisited: accent,
        role.Accent: accent,
        role.BrightText: "#ff5f56",
    }.items():
        palette.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, part, QColor(faint))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(faint))
    return palette
