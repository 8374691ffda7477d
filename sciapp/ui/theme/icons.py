"""Icons: bundled line drawings (Lucide) in any colour, crisp at every device pixel ratio."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QImageReader, QPainter, QPalette, QPixmap, QPixmapCache

from sciapp import settings
from sciapp.ui.theme.tokens import colours_of

_ROLES = {
    "home": "house",
    "project": "folder",
    "data": "table-2",
    "training": "activity",
    "compression": "package",
    "results": "target",
    "new": "plus",
    "open": "folder-open",
    "sample": "flask-conical",
    "help": "circle-question-mark",
}
"""Drawings by what they stand for; every other icon is asked for by its name in Lucide."""
_SIZES = (16, 18, 20, 24, 32, 40, 48)
_CURRENT = b"currentColor"


def icon_file(name: str) -> Path:
    """The drawing of an icon, by Lucide's name or by what it stands for (“data”)."""
    return settings.resources_folder() / "icons" / f"{_ROLES.get(name, name)}.svg"


def icon_pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon in one colour, `size` px square on a screen with `ratio` device pixels to a px; from a cache.

    A null pixmap when there is no such icon.
    """
    key = f"sciapp:{name}:{colour}:{size}:{ratio}"
    cached = QPixmap()
    if QPixmapCache.find(key, cached):
        return cached
    made = _rendered(_tinted(_drawing(icon_file(name)), colour), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


def coloured_icon(name: str, colour: str, disabled: str | None = None, *, size: int = 0, gap: int = 0) -> QIcon:
    """The icon for a button or an entry; `disabled`: its colour while nothing can be done with it.

    size: in px; 0 for all sizes. gap: empty px at its right, for buttons whose text would stand too near.
    """
    made = QIcon()
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    for each in (size,) if size else _SIZES:
        made.addPixmap(_padded(icon_pixmap(name, colour, each, ratio), gap))
        if disabled is not None:
            made.addPixmap(_padded(icon_pixmap(name, disabled, each, ratio), gap), QIcon.Mode.Disabled)
    return made


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon in the palette's text colour; an empty icon when it is not there."""
    colours = colours_of(palette)
    return coloured_icon(name, palette.color(QPalette.ColorRole.WindowText).name(), colours.outline)


def icon_of(file: Path | None, palette: QPalette) -> QIcon:
    """A drawing in one colour on nothing, in the palette's text colour; an empty icon when it is not there."""
    made = QIcon()
    drawing = _drawing(file) if file else b""
    for size in _SIZES if drawing else ():
        made.addPixmap(_rendered(_tinted(drawing, palette.color(QPalette.ColorRole.WindowText).name()), size))
    return made


def _padded(pixmap: QPixmap, gap: int) -> QPixmap:
    if not gap or pixmap.isNull():
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(gap * ratio), pixmap.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return wide


@lru_cache(maxsize=256)
def _drawing(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _tinted(drawing: bytes, colour: str) -> bytes:
    return drawing.replace(_CURRENT, colour.encode()).replace(b"#000000", colour.encode())


def _rendered(drawing: bytes, size: int) -> QPixmap:
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(size, size))
    return QPixmap.fromImage(reader.read())
