"""One card a score: the value, its interval, and what it stands beside."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.run.evaluation import Score, Scores
from sciapp.records.run.score_format import interval_text, score_help, score_title, value_text
from sciapp.ui.words import tr

_NARROWEST = 190


class MetricCard(QFrame):
    """A score of the model; `others` are (who, score) of what it is compared with."""

    def __init__(self, score: Score, others: Sequence[tuple[str, Score | None]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"card_{score.name}")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.Base)
        self.setToolTip(f"<qt>{tr(score_help(score))}</qt>")
        name, value = QLabel(tr(score_title(score.name)), self), QLabel(tr(value_text(score)), self)
        font = value.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        value.setFont(font)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        interval = interval_text(score)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        layout.addWidget(name)
        layout.addWidget(value)
        layout.addWidget(
            QLabel(tr(msg("95 %: {interval}", interval=interval) if interval else msg("no interval")), self)
        )
        layout.addSpacing(4)
        for who, other in others:
            layout.addWidget(self._other(who, other))
        layout.addStretch(1)
        spoken = [
            joined([score_title(score.name), value_text(score)]),
            msg("95 % interval {interval}", interval=interval) if interval else "",
        ]
        spoken += [joined([who, value_text(other)]) for who, other in others]
        self.setAccessibleName(tr(joined(spoken, ", ")))

    def _other(self, who: str, score: Score | None) -> QLabel:
        label = QLabel(tr(joined([value_text(score), who], "  ")), self)
        label.setWordWrap(True)
        label.setEnabled(False)  # set back: it is what the model is held against
        interval = interval_text(score)
        whole = msg("95 % interval {interval}", interval=interval) if interval else ""
        label.setToolTip(tr(joined([msg("{who}: {value}", who=who, value=value_text(score)), whole], ", ")))
        return label


class MetricCards(QWidget):
    """As many cards beside each other as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[MetricCard] = []
        self._across = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    def show_scores(self, model: Scores, others: Sequence[Scores], target: str = "") -> None:
        """The model's scores of one target (empty: over all) beside those of `others`."""
        self.clear()
        for score in model.scores:
            if score.target == target:
                baselines = [(other.predictor, other.get(score.name, target)) for other in others]
                self._cards.append(MetricCard(score, baselines, self))
        self._arrange()

    def clear(self) -> None:
        for card in self._cards:
            self._grid.removeWidget(card)
            card.deleteLater()
        self._cards, self._across = [], 0

    def cards(self) -> list[MetricCard]:
        return list(self._cards)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        across = max(1, self.width() // _NARROWEST)
        across = min(across, max(1, len(self._cards)))
        if across == self._across:
            return
        self._across = across
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // across, index % across)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
