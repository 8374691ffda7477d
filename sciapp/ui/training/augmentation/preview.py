"""Training rows as they were imported beside what augmentation makes of them."""

from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImageReader, QPainter, QPixmap
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.run.preflight import AugmentationPreview, AugmentedExample, Marks
from sciapp.ui import theme
from sciapp.ui.words import tr

_NOTHING = msg("Tick an augmentation to see what it makes of training rows.")
_PICTURE = QSize(160, 120)
_MOST_SHOWN = 160  # signs of a row
_BEFORE_MARK = 30  # signs shown in front of the first one that differs
_BREAK = "\u200b"  # lets a line break where there is no white space


class AugmentView(QWidget):
    """Shows a preview; whoever owns it works one out when `anotherWanted`."""

    anotherWanted = Signal()  # the next pass over the data

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: AugmentationPreview | None = None
        self._summary = QLabel(tr(_NOTHING), self)
        self._summary.setObjectName("augmentationSaid")
        self._summary.setWordWrap(True)
        self._another = QPushButton(tr(msg("Next pass")), self)
        self._another.setObjectName("nextPass")
        self._another.setToolTip(tr(msg("Show what the next pass over the data changes: other rows, in other ways.")))
        self._another.clicked.connect(self.anotherWanted)
        self._rows = QWidget(self)
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.MARGIN)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self._another, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self._rows)
        self._show_examples(())

    def show_preview(self, preview: AugmentationPreview, *, chosen: bool) -> None:
        """chosen: some augmentation is; otherwise there is nothing to see."""
        self._preview = preview
        self._summary.setText(tr(str(preview) if chosen else _NOTHING))
        self._show_examples(preview.examples)

    def clear(self) -> None:
        self.show_problem(_NOTHING)

    def show_problem(self, text: str) -> None:
        self._preview = None
        self._summary.setText(tr(text))
        self._show_examples(())

    def say(self, text: str) -> None:
        """Work is under way; what was shown stays."""
        self._summary.setText(tr(text))

    def _show_examples(self, examples: tuple[AugmentedExample, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._another.setVisible(bool(examples))
        titles = {choice.name: choice.title for choice in self._preview.choices} if self._preview else {}
        for index, one in enumerate(examples):
            title = titles.get(one.augmentation, one.augmentation)
            self._add(tr(msg("Line {line:,}, as imported", line=one.line)), 3 * index, 0)
            self._add(escape(tr(title)), 3 * index, 1)
            for column, drawing in enumerate((one.original_picture, one.augmented_picture)):
                if drawing:
                    self._grid.addWidget(self._picture(drawing), 3 * index + 1, column)
            colours = theme.colours_of(self.palette())
            self._add(_excerpt(one.original, one.removed, colours.bad_tint), 3 * index + 2, 0, one.original)
            self._add(_excerpt(one.augmented, one.added, colours.good_tint), 3 * index + 2, 1, one.augmented)
        self._rows.setVisible(bool(examples))

    def _add(self, text: str, row: int, column: int, whole: str = "") -> None:
        label = QLabel(text, self._rows)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if whole:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(whole)
        else:
            label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._grid.addWidget(label, row, column)

    def _picture(self, drawing: str) -> QLabel:
        label = QLabel(self._rows)
        label.setPixmap(_drawn(drawing, self.devicePixelRatioF()))
        label.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return label


def _excerpt(text: str, marks: Marks, colour: str) -> str:
    """HTML of at most `_MOST_SHOWN` signs around the first mark, with the marks on a coloured ground."""
    begin = max(0, marks[0][0] - _BEFORE_MARK) if marks and len(text) > _MOST_SHOWN else 0
    end = min(len(text), begin + _MOST_SHOWN)
    parts, start = ["…"] if begin else [], begin
    for first, last in marks:
        if first >= end:
            break
        last = min(last, end)
        parts.append(_breakable(text[start:first]))
        parts.append(f'<u style="background-color: {colour}">{_breakable(text[first:last])}</u>')
        start = last
    return "".join([*parts, _breakable(text[start:end]), "…" if end < len(text) else ""])


def _breakable(text: str) -> str:
    return escape(_BREAK.join(text) + _BREAK if text else "")


def _drawn(drawing: str, ratio: float) -> QPixmap:
    """The SVG on white, as people know structures from print, in the dark as well."""
    buffer = QBuffer()
    buffer.setData(QByteArray(drawing.encode("utf-8")))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    size = _PICTURE * ratio
    reader.setScaledSize(size)
    pixmap = QPixmap(size)
    pixmap.fill(QColor(theme.LIGHT.paper))
    painter = QPainter(pixmap)
    painter.drawImage(0, 0, reader.read())
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
