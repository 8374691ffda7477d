"""Dialog with the result of a pre-flight check: cost of a training and warnings about it."""

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.run.preflight import Preflight, PreflightWarning, TokenizedRow
from sciapp.ui import theme
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.widgets.layout import FormScroll
from sciapp.ui.words import tr


class PreflightDialog(QDialog):
    """Waits for the answer, shows it, and offers to start. Closing it gives the check up."""

    startRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preflight")
        self.setWindowTitle(tr(msg("Check before training")))
        self.busy = BusyBar("preflight", self)
        self.busy.cancelRequested.connect(self.reject)
        self.view = PreflightView(self)
        scroll = FormScroll(self)
        scroll.setObjectName("preflightScroll")
        scroll.setWidget(self.view)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self._start = buttons.addButton(tr(msg("Start training")), QDialogButtonBox.ButtonRole.AcceptRole)
        self._start.setObjectName("startChecked")
        self._start.setEnabled(False)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACING)
        column.addWidget(self.busy)
        column.addWidget(scroll, 1)
        column.addWidget(buttons)
        self.resize(760, 560)
        self.busy.begin(msg("Trying the training out…"))

    def accept(self) -> None:
        super().accept()
        self.startRequested.emit()

    def show_preflight(self, seen: Preflight) -> None:
        """The answer has come."""
        self.busy.end()
        self.view.show_preflight(seen)
        self._start.setEnabled(True)

    def show_problem(self, text: str) -> None:
        """The training would end like this."""
        self.busy.end()
        self.view.show_problem(text)


# A pre-flight as people read it: whether to start, what looks wrong, what it takes, what the model reads.


_MODEL = msg("Model")
_WORDS = {"problem": msg("Problem"), "warning": msg("Warning"), "note": msg("Note")}
_TOKENS = {"problem": "bad", "warning": "caution"}
_BREAK = "\u200b"  # lets a line break where there is no white space
_STEP = 12  # signs between two places where a long token line may break


class PreflightView(QWidget):
    """Empty until something is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(theme.SPACING)
        self._column.addStretch(1)

    def show_preflight(self, seen: Preflight) -> None:
        self._clear()
        self._add(self._heading(seen.verdict, "preflightVerdict"))
        for caution in seen.cautions:
            self._add(self._caution(caution))
        self._add(self._facts(seen))
        self._add(self._heading(msg("What the model reads"), "preflightReads"))
        for row in seen.rows:
            self._add(self._row(row))

    def show_problem(self, text: str) -> None:
        self._clear()
        self._add(self._heading(msg("The training cannot be started like this."), "preflightVerdict"))
        self._add(self._caution(PreflightWarning(level="problem", message=text)))

    def _clear(self) -> None:
        while self._column.count() > 1:
            if (item := self._column.takeAt(0)) is not None and (widget := item.widget()) is not None:
                widget.deleteLater()

    def _add(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)

    def _heading(self, text: str, name: str) -> QLabel:
        label = self._label(escape(tr(text)), name)
        font = QFont(label.font())
        font.setBold(True)
        label.setFont(font)
        return label

    def _caution(self, caution: PreflightWarning) -> QLabel:
        token = _TOKENS.get(caution.level)
        word = f"<b>{tr(msg('{level}:', level=_WORDS[caution.level]))}</b>"
        if token is not None:
            word = f'<span style="color: {theme.colours_of(self.palette()).named()[token]}">{word}</span>'
        return self._label(f"{word} {escape(tr(str(caution)))}", "preflightCaution")

    def _facts(self, seen: Preflight) -> QWidget:
        box = QFrame(self)
        form = QFormLayout(box)
        form.setContentsMargins(0, theme.SPACING, 0, theme.SPACING)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        for name, fact in seen.facts:
            label = self._label(escape(tr(name)), f"preflight{name!s}Label")
            label.setWordWrap(False)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)  # its text stays on top
            text = tr(fact)
            sentence = text if name == _MODEL else text[:1].upper() + text[1:]
            form.addRow(label, self._label(escape(sentence), f"preflight{name!s}"))
        return box

    def _row(self, row: TokenizedRow) -> QLabel:
        before = f"{_breakable(row.original)}<br>" if row.original else ""
        faint = QColor(self.palette().color(QPalette.ColorRole.PlaceholderText)).name()
        tokens = tr(msg("{tokens:,} tokens", tokens=row.tokens))
        tokens = f'<span style="color: {faint}">{tokens}</span>'
        return self._label(f"{before}<tt>{_breakable(row.decoded)}</tt> {tokens}", "preflightRow")

    def _label(self, text: str, name: str) -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        return label


def _breakable(text: str) -> str:
    return escape(_BREAK.join(text[i : i + _STEP] for i in range(0, len(text), _STEP)))
