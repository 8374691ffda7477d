"""The style sheet of the whole program, made from the tokens, and the properties that widgets set to be met by it."""

import re
from string import Template
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from sciapp import settings
from sciapp.ui.theme.tokens import DARK, Colours

CONTROL_ICONS = {
    "chevron-down": ("chevron-down", "ink2"),
    "chevron-up": ("chevron-up", "ink2"),
    "chevron-right": ("chevron-right", "ink2"),
    "chevron-down-disabled": ("chevron-down", "outline"),
    "chevron-up-disabled": ("chevron-up", "outline"),
    "check": ("check", "on_accent"),
    "minus": ("minus", "on_accent"),
    "check-accent": ("check", "accent_text"),
    "radio-dot": ("radio-dot", "accent"),
}
"""Drawings inside controls: the icon and the token of its colour. Style sheets read files: packaging/control_icons.py
writes them, and a test compares."""
_NUMBER_PADDING = 8
_SCALED_FROM = 12  # px: hairlines and radii stay as they are


def style_sheet(colours: Colours, text_size: int) -> str:
    """The sheet with colours put in, and lengths scaled by `text_size` percent; empty where its file is missing."""
    resources = settings.resources_folder()
    try:
        template = (resources / "style" / "window.qss").read_text(encoding="utf-8")
    except OSError:
        return ""
    controls = resources / "icons" / "controls" / ("dark" if colours is DARK else "light")
    sheet = Template(template).substitute(colours.named(), controls=controls.as_posix())
    return re.sub(r"\b(\d+)px", lambda match: f"{_scaled(int(match[1]), text_size)}px", sheet)


def _scaled(length: int, text_size: int) -> int:
    return round(length * text_size / 100) if length >= _SCALED_FROM else length


def set_style(widget: QWidget, **properties: str | bool) -> None:
    """Set properties that the style sheet reads, and let it read them."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.updateGeometry()


def set_ground(widget: QWidget, ground: Literal["window", "page", "surface"]) -> None:
    """Paint a plain widget's background in one of the grounds."""
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    set_style(widget, ground=ground)


def pad_number_box(box: QAbstractSpinBox) -> None:
    """The space in front of the number; Qt does not read it from a style sheet (seen in 6.11)."""
    box.lineEdit().setTextMargins(_NUMBER_PADDING, 0, 0, 0)
