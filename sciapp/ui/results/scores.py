"""Pane with the scores of an evaluation: verdict, cards, before and after."""

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg, term
from sciapp.records.formatting import size_text
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.score_format import score_title, with_interval
from sciapp.ui import theme
from sciapp.ui.results.metric_cards import MetricCards
from sciapp.ui.widgets.labels import PlainTextLabel
from sciapp.ui.widgets.tables.score_table import ScoreTable
from sciapp.ui.words import tr

_ALL = msg("All targets together")
_BEFORE_AFTER = ("", msg("before"), msg("after"))


class ScoresPane(QWidget):
    """Takes an Evaluation: the exact verdict and every score; of several targets one, or all together, is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scoresPane")
        self.setAccessibleName(tr(msg("Scores")))
        self._evaluation: Evaluation | None = None
        self.verdict = PlainTextLabel("verdict", self)
        self._summary = PlainTextLabel("scoresText", self)
        self._target = QComboBox(self)
        self._target.setObjectName("scoresTarget")
        self._target.setAccessibleName(tr(msg("Target")))
        self._target.setToolTip(tr(msg("Which of the measured values the scores are for.")))
        self._target.currentIndexChanged.connect(self._show_target)
        self.cards = MetricCards(self)
        self.validation = ScoreTable("validationScores", msg("Validation scores before and after fine-tuning"), self)
        self.footprints = ScoreTable("footprints", msg("Size and speed before and after compression"), self)
        self.compressed = ScoreTable("compressedScores", msg("Test scores before and after compression"), self)
        self._heads = {
            self.validation: QLabel(tr(msg("Validation rows, before and after fine-tuning")), self),
            self.compressed: QLabel(tr(msg("Test rows, before and after compression")), self),
            self.footprints: QLabel(tr(msg("What the model costs")), self),
        }
        self._remarks = PlainTextLabel("remarks", self)
        self._lay_out()

    def show_evaluation(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation
        self.verdict.setText(tr(evaluation.verdict))
        self.verdict.setVisible(bool(evaluation.verdict))
        rows, split = evaluation.model.rows, term(evaluation.split)
        on = msg("On {rows:,} {split} rows that training never saw.", rows=rows, split=split)
        if evaluation.bootstrap_samples:
            on = msg(
                "On {rows:,} {split} rows that training never saw; 95 % intervals from {samples:,} redrawn sets.",
                rows=rows,
                split=split,
                samples=evaluation.bootstrap_samples,
            )
        self._summary.setText(tr(on))
        self._remarks.setText(tr(joined(evaluation.remarks, "\n")))
        self._remarks.setVisible(bool(evaluation.remarks))
        self._offer_targets(evaluation)
        self._show_footprints(evaluation)
        self._show_target()

    def clear(self) -> None:
        """Show nothing; what was shown is of a run that is not looked at any longer."""
        self._evaluation = None
        for label in (self.verdict, self._summary, self._remarks):
            label.clear()
        self._target.clear()
        self.cards.clear()
        for table in (*self._heads, self.footprints):
            table.setRowCount(0)

    def _offer_targets(self, evaluation: Evaluation) -> None:
        named = list(dict.fromkeys(score.target for score in evaluation.model.scores))
        blocked = self._target.blockSignals(True)
        self._target.clear()
        for name in named:
            self._target.addItem(name or tr(_ALL), name)
        self._target.blockSignals(blocked)
        self._target.setVisible(len(named) > 1)

    def _show_target(self) -> None:
        evaluation = self._evaluation
        if evaluation is None:
            return
        target = self._target.currentData() or ""
        self.cards.show_scores(evaluation.model, [*evaluation.baselines], target)
        before, after = evaluation.validation_before, evaluation.validation_after
        self._show_pair(self.validation, before, after, target, _BEFORE_AFTER)
        self._show_pair(self.compressed, evaluation.before_compression, evaluation.model, target, _BEFORE_AFTER)

    def _show_pair(
        self, table: ScoreTable, before: Scores | None, after: Scores | None, target: str, heads: tuple[str, str, str]
    ) -> None:
        both = before is not None and after is not None
        table.setVisible(both)
        self._heads[table].setVisible(both)
        if before is not None and after is not None:
            rows = [
                (score_title(new.name), with_interval(before.get(new.name, target)), with_interval(new))
                for new in after.scores
                if new.target == target
            ]
            table.show_rows(heads, rows)

    def _show_footprints(self, evaluation: Evaluation) -> None:
        prints = evaluation.footprints
        self.footprints.setVisible(bool(prints))
        self._heads[self.footprints].setVisible(bool(prints))
        rows = [
            (
                print_.label,
                size_text(print_.bytes),
                msg("{median:.3g} ms", median=print_.milliseconds_per_row),
                msg("{low:.3g} to {high:.3g} ms", low=print_.milliseconds_low, high=print_.milliseconds_high),
            )
            for print_ in prints
        ]
        self.footprints.show_rows(("", msg("on disk"), msg("for a row (median)"), msg("quartiles")), rows)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        font = self.verdict.font()
        font.setBold(True)
        self.verdict.setFont(font)
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self._target)
        layout.addWidget(self.verdict)
        layout.addLayout(top)
        layout.addWidget(self.cards)
        for table, head in self._heads.items():
            layout.addSpacing(4)
            layout.addWidget(head)
            layout.addWidget(table)
        layout.addWidget(self._remarks)
