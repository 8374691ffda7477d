"""The tokens of the look: colours for light and dark, sizes of type, the grid, radii and heights.

Contrast (WCAG 2) of every text against every ground it stands on is computed by tests/gui/test_tokens.py.
"""

from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtGui import QGuiApplication, QPalette

Status = Literal["good", "caution", "bad", "info"]
STATUS_ICONS: dict[Status, str] = {
    "good": "circle-check",
    "caution": "triangle-alert",
    "bad": "octagon-alert",
    "info": "info",
}
"""The icon that says a status beside its colour."""


@dataclass(frozen=True)
class DataStyle:
    """The look of one group of points or one curve: told apart by colour, by marker and by dash.

    marker: one of pyqtgraph's symbols. dash: lengths of strokes and gaps in widths of the pen; empty for a solid line.
    """

    colour: str
    marker: str
    dash: tuple[float, ...]


@dataclass(frozen=True)
class Colours:
    """One theme's colours as hex; `*_tint` is the pale ground of a colour."""

    window: str
    page: str
    surface: str
    sunken: str
    hover: str
    line: str
    outline: str
    ink: str
    ink2: str
    ink3: str
    accent: str
    accent_hover: str
    accent_press: str
    on_accent: str
    accent_text: str
    accent_tint: str
    second: str
    second_tint: str
    good: str
    good_tint: str
    caution: str
    caution_tint: str
    bad: str
    bad_tint: str
    paper: str
    """The ground of drawings whose own colours are meant for paper."""
    paper_ink: str
    data: tuple[str, ...]
    """Groups of data in their order; a sixth group is `other`."""
    other: str

    def status(self, status: Status) -> tuple[str, str]:
        """Text and tint of a status."""
        if status == "info":
            return self.accent_text, self.accent_tint
        return getattr(self, status), getattr(self, f"{status}_tint")

    def data_style(self, index: int) -> DataStyle:
        """The look of the group at `index`; every group from the sixth on is “other”."""
        colour = self.data[index] if index < len(self.data) else self.other
        return DataStyle(colour, _MARKERS[min(index, len(self.data))], _DASHES[min(index, len(self.data))])

    def named(self) -> dict[str, str]:
        """All single colours by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, str)}


_MARKERS = ("o", "d", "t1", "s", "+", "x")
_DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (1.5, 2.5), (8.0, 3.0, 1.5, 3.0), (3.0, 3.0), (1.0, 4.0))

LIGHT = Colours(
    window="#F3F6F6",
    page="#FBFCFC",
    surface="#FFFFFF",
    sunken="#F7F9F9",
    hover="#EBF0F0",
    line="#DCE4E4",
    outline="#7F8F90",
    ink="#122022",
    ink2="#455557",
    ink3="#5F6E70",
    accent="#0B6770",
    accent_hover="#095760",
    accent_press="#07474E",
    on_accent="#FFFFFF",
    accent_text="#0B6770",
    accent_tint="#E0F0F0",
    second="#A84B08",
    second_tint="#FBECDF",
    good="#1A6E3C",
    good_tint="#E2F3E8",
    caution="#7A4E00",
    caution_tint="#FCF1D8",
    bad="#AB241C",
    bad_tint="#FBE8E6",
    paper="#FFFFFF",
    paper_ink="#122022",
    data=("#0B6770", "#D1690E", "#7A35BA", "#A08A5A", "#5A1730"),
    other="#7F8F90",
)
DARK = Colours(
    window="#0E1415",
    page="#121A1B",
    surface="#161E1F",
    sunken="#121A1B",
    hover="#1F2A2B",
    line="#293435",
    outline="#728384",
    ink="#E9EFEF",
    ink2="#B6C3C4",
    ink3="#93A3A4",
    accent="#58C4CB",
    accent_hover="#74D2D8",
    accent_press="#45AEB5",
    on_accent="#04262A",
    accent_text="#6BCFD5",
    accent_tint="#12343A",
    second="#F2A662",
    second_tint="#382716",
    good="#73D394",
    good_tint="#153220",
    caution="#EBBB55",
    caution_tint="#352B10",
    bad="#FF948A",
    bad_tint="#3D1E1B",
    paper="#FFFFFF",
    paper_ink="#122022",
    data=("#58C4CB", "#F2A662", "#8A5CF5", "#CF4070", "#E8F25A"),
    other="#93A3A4",
)


def is_dark(palette: QPalette) -> bool:
    base = palette.color(QPalette.ColorRole.Base)
    if not base.alpha():  # a style sheet writes a transparent ground into the palette of its widget
        base = QGuiApplication.palette().color(QPalette.ColorRole.Base)
    return base.lightness() < 128


def colours_of(palette: QPalette) -> Colours:
    """The tokens of the theme that a widget with this palette wears."""
    return DARK if is_dark(palette) else LIGHT


# Lengths in px at a text size of 100 %.

GRID = 8
HALF = 4
PAGE_MARGIN = 32
PAGE_TOP = 24
CARD_PADDING = 20
GAP = 16
SECTION_GAP = 24
CONTENT_WIDTH = 1160
"""A page's content is never wider."""
RAIL_WIDTH, RAIL_WIDTH_NARROW = 216, 64
DRAWER_WIDTH = 360

CONTROL_RADIUS = 6
CARD_RADIUS = 10

CONTROL_HEIGHT = 36
DENSE_HEIGHT = 28
MAIN_HEIGHT = 44
"""Of Start, the one button of its page."""
ROW_HEIGHT, ROW_HEIGHT_DRAWN = 36, 58
FOOTER_HEIGHT = 40

ICON_SMALL, ICON, ICON_LARGE = 16, 18, 20

MARGIN = 12
SPACING = 8

TypeRole = Literal["caption", "body", "section", "question", "answer"]
TYPE_SIZES: dict[TypeRole, int] = {"caption": 12, "body": 13, "section": 15, "question": 24, "answer": 40}
REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600
FADE_MS = 120
LOCK_MS = 800
"""How long a button that starts something does not react to a second click."""
