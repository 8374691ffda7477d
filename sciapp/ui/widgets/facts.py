"""Facts of a result: one number with its error, a verdict with its light, and properties with their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sciapp.records.formatting import number_with_error
from sciapp.ui import theme
from sciapp.ui.widgets.banner import announce
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr


class NumberWithError(QWidget):
    """“0.69 ± 0.10 log mol/L”, rounded to what the error allows; can be copied."""

    def __init__(
        self, parent: QWidget | None = None, *, type: Literal["answer", "question", "section", "body"] = "answer"
    ) -> None:
        super().__init__(parent)
        self._number = TextLabel("", self, type=type)
        self._unit = TextLabel("", self, type="section" if type == "answer" else "body", tone="caption")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACING)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBaseline)
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def set_number(self, value: float, error: float | None = None, unit: str = "", *, name: str = "") -> None:
        """error: of the same unit; None when there is no measured one. name: of the number, for a screen reader."""
        text = tr(number_with_error(value, error))
        self._number.setText(text)
        self._unit.setText(tr(unit))
        self._unit.setVisible(bool(unit))
        self.setAccessibleName(" ".join(part for part in (tr(name), text, tr(unit)) if part))

    def set_known(self, known: bool) -> None:
        """Grey a number that is a guess."""
        self._number.set_tone("ink" if known else "caption")

    def text(self) -> str:
        return self._number.text()


_VERDICT_ICONS: dict[theme.Status, str] = {**theme.STATUS_ICONS, "caution": "circle-alert"}


class Verdict(QWidget):
    """A light, a sentence in plain words, and a line of detail; announced when it changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._status: theme.Status = "info"
        self._icon = IconLabel("info", self, size=24, ground="accent_tint", ground_size=52, round_ground=True)
        self._sentence = TextLabel("", self, type="section", wrap=True, name="verdictSentence")
        self._detail = TextLabel("", self, tone="secondary", wrap=True, name="verdictDetail")
        for label in (self._sentence, self._detail):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout()
        texts.setSpacing(theme.HALF)
        texts.addWidget(self._sentence)
        texts.addWidget(self._detail)
        self._actions = QHBoxLayout()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addLayout(self._actions)

    @property
    def status(self) -> theme.Status:
        return self._status

    def add_action(self, widget: QWidget) -> None:
        """What can be done about it, at the right."""
        self._actions.addWidget(widget)

    def sentence(self) -> str:
        return self._sentence.text()

    def set_verdict(self, status: theme.Status, sentence: str, detail: str = "", *, icon: str = "") -> None:
        """icon: instead of the status's own, such as “trending-down”."""
        changed = (status, tr(sentence)) != (self._status, self._sentence.text())
        self._status = status
        tone, ground = ("accent_text", "accent_tint") if status == "info" else (status, f"{status}_tint")
        self._icon.set_icon(icon or _VERDICT_ICONS[status], tone=tone, ground=ground)
        self._sentence.setText(tr(sentence))
        self._detail.setText(tr(detail))
        self._detail.setVisible(bool(detail))
        self.setAccessibleName(tr(sentence))
        self.setAccessibleDescription(tr(detail))
        if changed:
            announce(self, tr(sentence))


@dataclass(frozen=True)
class Property:
    """One line of a list of properties; `detail` stands below, `icon` in front."""

    label: str
    value: str
    detail: str = ""
    icon: str = ""


class PropertyList(QWidget):
    """Labels at the left and values at the right, each with a line of detail; values can be copied."""

    def __init__(self, parent: QWidget | None = None, *, align_values: bool = True) -> None:
        """align_values: values stand at the right edge; else right behind the labels."""
        super().__init__(parent)
        self._right = align_values
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.MARGIN)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self._properties: tuple[Property, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def properties(self) -> tuple[Property, ...]:
        return self._properties

    def set_properties(self, properties: Sequence[Property]) -> None:
        if tuple(properties) == self._properties:
            return  # nothing moves under the mouse
        self._properties = tuple(properties)
        while (item := self._grid.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        for index, line in enumerate(self._properties):
            self._add(3 * index, line)

    def _add(self, row: int, line: Property) -> None:
        top = Qt.AlignmentFlag.AlignTop
        if line.icon:
            self._grid.addWidget(IconLabel(line.icon, self, tone="ink3"), row, 0, 2, 1, top)
        label = TextLabel(line.label, self, tone="secondary")
        value = TextLabel(line.value, self, type="strong", wrap=not self._right)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(f"{tr(line.label)}: {tr(line.value)}")
        self._grid.addWidget(label, row, 1, top)
        self._grid.addWidget(value, row, 2, top | (Qt.AlignmentFlag.AlignRight if self._right else top))
        if line.detail:
            detail = TextLabel(line.detail, self, type="caption", tone="caption", wrap=True)
            self._grid.addWidget(detail, row + 1, 1, 1, 2)
        self._grid.setRowMinimumHeight(row + 2, theme.SPACING)
