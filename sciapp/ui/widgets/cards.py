"""Cards: a group with a title, solid for what exists and dashed for what was not run yet; and cards to choose from."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QGroupBox, QHBoxLayout, QLayout, QRadioButton, QVBoxLayout, QWidget

from sciapp.ui import theme
from sciapp.ui.widgets.glyphs import IconLabel, Pill
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_DASH = (5.0, 3.0)  # in widths of the pen
_BODY_STRETCH = 1000
_CIRCLE = 16  # px, of the mark of a choice


class Card(QGroupBox):
    """A group that a screen reader names by its title; parts are added to `body`."""

    def __init__(
        self,
        title: str = "",
        parent: QWidget | None = None,
        *,
        note: str = "",
        dashed: bool = False,
        padding: int = theme.CARD_PADDING,
        name: str = "",
    ) -> None:
        """note: a short remark at the right of the title. dashed: what it describes does not exist yet."""
        super().__init__(parent)
        theme.set_style(self, card=True)
        QApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))  # QGroupBox asks for its margins only then
        self.setObjectName(name)
        self._dashed = dashed
        self._title = TextLabel(title, self, type="section")
        self._note = TextLabel(note, self, type="caption", tone="caption", wrap=True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.header = QHBoxLayout()
        self.header.setSpacing(theme.SPACING)
        self.header.addWidget(self._title)
        self.header.addWidget(self._note, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.MARGIN)
        column = QVBoxLayout(self)
        column.setContentsMargins(padding, padding, padding, padding)
        column.setSpacing(theme.MARGIN)
        column.addLayout(self.header)
        column.addLayout(self.body, _BODY_STRETCH)
        column.addStretch(1)  # takes the room that no part of the body wants
        self.set_title(title)
        self.set_note(note)

    def set_title(self, title: str) -> None:
        self._title.setText(tr(title))
        self._title.setVisible(bool(title))
        self.setAccessibleName(tr(title))

    def set_note(self, note: str) -> None:
        self._note.setText(tr(note))
        self._note.setVisible(bool(note))

    def set_dashed(self, dashed: bool) -> None:
        self._dashed = dashed
        self.update()

    def add_action(self, widget: QWidget) -> None:
        """A button or pill at the right of the title."""
        self.header.addWidget(widget)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        _paint_ground(painter, QRectF(self.rect()), colours.page if self._dashed else colours.surface)
        if self._dashed:
            _paint_border(painter, QRectF(self.rect()), colours.outline, 1.4, dash=_DASH)
        else:
            _paint_border(painter, QRectF(self.rect()), colours.line, 1.0)
        painter.end()


class ChoiceCard(QRadioButton):
    """One of several cards of which one is chosen: arrows move the choice, as between radio buttons.

    Cards of one parent exclude each other; a QButtonGroup does so across parents.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        parent: QWidget | None = None,
        *,
        icon: str = "",
        note: str = "",
        badge: str = "",
        name: str = "",
    ) -> None:
        """note: at the right of the title, such as a duration. badge: a word of praise, such as “recommended”."""
        super().__init__(parent)
        self.setObjectName(name)
        self._heading = TextLabel(title, self, type="strong")
        self._detail = TextLabel(detail, self, tone="secondary", wrap=True)
        self._note = TextLabel(note, self, type="medium", tone="secondary")
        self._badge = Pill(badge, self, status="info", icon="")
        self.header = QHBoxLayout()
        self.header.setSpacing(theme.SPACING)
        if icon:
            self.header.addWidget(IconLabel(icon, self, tone="ink2"))
        self.header.addWidget(self._heading)
        self.header.addWidget(self._badge)
        self.header.addStretch(1)
        self.header.addWidget(self._note)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.HALF)
        column = QVBoxLayout(self)
        # The mark of the choice stands at the left, level with the title.
        column.setContentsMargins(theme.GAP + _CIRCLE + 10, theme.MARGIN, theme.GAP, theme.MARGIN)
        column.setSpacing(theme.HALF)
        column.addLayout(self.header)
        column.addWidget(self._detail)
        column.addLayout(self.body)
        column.addStretch(1)
        self.set_texts(title, detail, note=note, badge=badge)

    def set_texts(self, title: str, detail: str = "", *, note: str = "", badge: str = "") -> None:
        self._heading.setText(tr(title))
        for label, text in ((self._detail, detail), (self._note, note)):
            label.setText(tr(text))
            label.setVisible(bool(text))
        self._badge.set_pill(badge, status="info", icon="")
        self._badge.setVisible(bool(badge))
        self.setAccessibleName(", ".join(tr(text) for text in (title, badge, note) if text))
        self.setAccessibleDescription(tr(detail))

    def sizeHint(self) -> QSize:
        return self._column().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._column().minimumSize()

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, area = theme.colours_of(self.palette()), QRectF(self.rect())
        chosen, pointed = self.isChecked(), self.underMouse() and self.isEnabled()
        painter = QPainter(self)
        _paint_ground(painter, area, colours.accent_tint if chosen else colours.hover if pointed else colours.surface)
        _paint_border(painter, area, colours.accent if chosen else colours.line, 2.0 if chosen else 1.0)
        if self.hasFocus():
            inner = area.adjusted(4, 4, -4, -4)
            _paint_border(painter, inner, colours.accent if not chosen else colours.ink, 2.0)
        middle = self.header.geometry().center().y()
        circle = QRectF(theme.GAP, middle - _CIRCLE / 2 + 0.5, _CIRCLE, _CIRCLE)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if chosen else colours.outline), 1.5))
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawEllipse(circle.adjusted(4.5, 4.5, -4.5, -4.5))
        painter.end()

    def _column(self) -> QLayout:
        layout = self.layout()
        assert layout is not None, "made with the card"
        return layout


def _paint_ground(painter: QPainter, area: QRectF, colour: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), theme.CARD_RADIUS, theme.CARD_RADIUS)


def _paint_border(painter: QPainter, area: QRectF, colour: str, width: float, *, dash: tuple[float, ...] = ()) -> None:
    pen = QPen(QColor(colour), width)
    if dash:
        pen.setDashPattern(dash)
    half = max(width / 2, 0.5)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(half, half, -half, -half), theme.CARD_RADIUS, theme.CARD_RADIUS)
