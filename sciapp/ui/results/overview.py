"""A result at a glance: verdict, one number, what it is compared with, whether to trust it, and the next steps."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from sciapp.actions.result_overview import Ground, Overview
from sciapp.actions.results import RunResults
from sciapp.i18n import joined, msg, plural
from sciapp.records.run.evaluation import Evaluation, Scores
from sciapp.records.run.judgement import Light, main_score
from sciapp.records.run.score_format import margin, plain_title, range_text, rounded, score_help, value_beside
from sciapp.ui import theme
from sciapp.ui.results.next_steps import NextStep, NextSteps
from sciapp.ui.results.scores import ScoresPane
from sciapp.ui.widgets.bar_rows import BarRow, BarRows
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.facts import NumberWithError, Verdict
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import PlainTextLabel, TextLabel
from sciapp.ui.words import tr

STATUS: dict[Light, theme.Status] = {"good": "good", "caution": "caution", "bad": "bad", "unknown": "info"}
_NARROW = 700  # px: below, cards stand under each other
_SHOW, _HIDE = msg("Every score, in exact words"), msg("Hide the exact words")


class OverviewPage(QScrollArea):
    """Takes RunResults with an evaluation. Every score and the exact verdict are one click below the plain words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultOverview")
        self.setAccessibleName(tr(msg("Result at a glance")))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme.set_ground(self, "page")
        self._verdict = Verdict(self)
        self._folds = PlainTextLabel("crossValidation", self)
        self._number = NumberWithError(self)
        self._range = TextLabel("", self, tone="secondary", wrap=True, name="scoreRange")
        self._bars = BarRows(msg("The model beside what it must beat"), self)
        self._groups = BarRows(msg("Where it is less sure"), self)
        self._grounds = GroundList(self)
        self.steps = NextSteps(self)
        self.scores = ScoresPane(self)
        self._more = Button(_SHOW, self, kind="quiet", icon="chevron-down", name="showExactScores")
        self._more.setCheckable(True)
        self._more.toggled.connect(self._fold)
        self._lay_out()

    def show_results(self, results: RunResults, steps: Sequence[NextStep]) -> None:
        evaluation, overview = results.evaluation, results.overview
        if evaluation is None or overview is None:
            return
        judgement = overview.judgement
        self._verdict.set_verdict(STATUS[judgement.light], judgement.headline, judgement.reason)
        self._folds.setText(tr(results.folds))
        self._folds.setVisible(bool(results.folds))
        self._show_number(evaluation)
        self._show_bars(evaluation)
        self._grounds.set_grounds(overview.grounds)
        self._show_groups(evaluation, overview)
        self.steps.set_steps(steps)
        self.scores.show_evaluation(evaluation)

    def clear(self) -> None:
        self._verdict.set_verdict("info", "", "")
        self._folds.clear()
        for bars in (self._bars, self._groups):
            bars.set_rows([])
        self._grounds.set_grounds(())
        self.steps.set_steps([])
        self.scores.clear()

    def _show_number(self, evaluation: Evaluation) -> None:
        score = main_score(evaluation)
        self._number.setVisible(score is not None and score.value is not None)
        if score is None or score.value is None:
            self._number_card.set_title(plain_title(evaluation.main_score))
            self._range.setText(tr(msg("not defined on these rows")))
            return
        self._number_card.set_title(plain_title(score.name))
        self._number_card.setToolTip(tr(score_help(score)))
        self._number.set_number(score.value, margin(score), name=plain_title(score.name))
        interval = range_text(score)
        rows = plural("on {n:,} row it had never seen", "on {n:,} rows it had never seen", evaluation.model.rows)
        sure = msg("95 % sure: {interval}", interval=interval) if interval else msg("no 95 % range")
        self._range.setText(tr(joined((sure, rows), "\n")))

    def _show_bars(self, evaluation: Evaluation) -> None:
        before = evaluation.before_compression
        sides: list[tuple[str, Scores | None, str]] = [
            (msg("Always guessing"), evaluation.trivial_baseline, "outline"),
            (msg("Simple method"), evaluation.simple_baseline, "second"),
            (msg("Before compression"), before, "outline"),
            (msg("This model"), evaluation.model, "accent"),
        ]
        own, rows = main_score(evaluation), []
        for title, side, token in sides:
            score = side.get(evaluation.main_score) if side is not None else None
            if side is None or score is None or score.value is None:
                continue
            rows.append(
                BarRow(
                    title,
                    max(0.0, score.value),
                    value_beside(score, own),
                    token,
                    low=score.low,
                    high=score.high,
                    note=side.predictor if token != "accent" and side is not before else "",
                    strong=token == "accent",
                )
            )
        better = own is not None and own.greater_is_better
        direction = msg("longer is better") if better else msg("shorter is better")
        self._bars_card.set_note(joined((plain_title(evaluation.main_score), direction, msg("line: 95 % range")), "; "))
        self._bars.set_rows([_shortened(row) for row in rows])

    def _show_groups(self, evaluation: Evaluation, overview: Overview) -> None:
        own, groups = main_score(evaluation), overview.groups
        spread, errors = margin(own), not any(group.name for group in groups)
        rows = [
            BarRow(
                group.name or _between(group.low, group.high),
                group.value,
                rounded(group.value, spread if errors else 0.02),
                "accent",
                low=group.low_value,
                high=group.high_value,
                note=plural("{n:,} row", "{n:,} rows", group.rows),
            )
            for group in groups
        ]
        self._groups_card.set_note(overview.grouped_by)
        self._groups.set_rows(rows)
        self._groups_card.setVisible(bool(rows))

    def _fold(self, opened: bool) -> None:
        self.scores.setVisible(opened)
        self._more.set_text(_HIDE if opened else _SHOW)
        self._more.set_icon("chevron-up" if opened else "chevron-down")

    def _lay_out(self) -> None:
        verdict_card = Card("", self, name="verdictCard")
        verdict_card.body.addWidget(self._verdict)
        verdict_card.body.addWidget(self._folds)
        verdict_card.setAccessibleName(tr(msg("Verdict")))
        self._number_card = Card(msg("Typical miss"), self, name="scoreCard")
        self._bars_card = Card(msg("Compared with"), self, name="comparedCard")
        grounds_card = Card(msg("Can I trust the number?"), self, name="trustCard")
        self._groups_card = Card(msg("Where is it less sure?"), self, name="groupsCard")
        for card, *parts in (
            (self._number_card, self._number, self._range),
            (self._bars_card, self._bars),
            (grounds_card, self._grounds),
            (self._groups_card, self._groups),
        ):
            for part in parts:
                card.body.addWidget(part)
        self._pairs = []
        column = QVBoxLayout()
        column.setSpacing(theme.GAP)
        column.addWidget(verdict_card)
        for left, right, share in ((self._number_card, self._bars_card, 3), (grounds_card, self._groups_card, 1)):
            pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            pair.setSpacing(theme.GAP)
            pair.addWidget(left, 1)
            pair.addWidget(right, share)
            self._pairs.append(pair)
            column.addLayout(pair)
        column.addSpacing(theme.SPACING)
        column.addWidget(TextLabel(msg("What next?"), self, type="section"))
        column.addWidget(self.steps)
        column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.scores)
        column.addStretch(1)
        self.scores.setVisible(False)
        content = QWidget(self)
        content.setMaximumWidth(theme.CONTENT_WIDTH)
        content.setLayout(column)
        column.setContentsMargins(0, 0, theme.MARGIN, theme.GAP)
        frame = QWidget(self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(content, 1000)
        row.addStretch(1)
        self.setWidget(frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow, direction = self.viewport().width() < _NARROW, QBoxLayout.Direction
        for pair in self._pairs:
            pair.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self.steps.set_narrow(self.viewport().width() < _NARROW * 3 // 4)


class GroundList(QWidget):
    """Reasons to trust a score, or to doubt it: an icon, a title and a line each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.MARGIN)
        self._lines: list[QWidget] = []

    def set_grounds(self, grounds: Sequence[Ground]) -> None:
        for line in self._lines:
            self._column.removeWidget(line)
            line.setParent(None)
            line.deleteLater()
        self._lines = [self._line(ground) for ground in grounds]
        for line in self._lines:
            self._column.addWidget(line)

    def _line(self, ground: Ground) -> QWidget:
        line, status = QWidget(self), STATUS[ground.light]
        line.setAccessibleName(tr(joined((ground.title, ground.text), ": ")))
        row, texts = QHBoxLayout(line), QVBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.MARGIN)
        tone = "accent_text" if status == "info" else status
        row.addWidget(IconLabel(theme.STATUS_ICONS[status], line, tone=tone), 0, Qt.AlignmentFlag.AlignTop)
        texts.setSpacing(0)
        texts.addWidget(TextLabel(ground.title, line, type="medium", wrap=True))
        if ground.text:
            texts.addWidget(TextLabel(ground.text, line, type="caption", tone="caption", wrap=True))
        row.addLayout(texts, 1)
        return line


def _between(low: float | None, high: float | None) -> str:
    """“above −2”, “−4 to −2”."""
    if low is None:
        return msg("below {high:−g}", high=high)
    if high is None:
        return msg("{low:−g} and above", low=low)
    return msg("{low:−g} to {high:−g}", low=low, high=high)


def _shortened(row: BarRow) -> BarRow:
    """The name of a baseline stands in brackets behind its kind, where it is short."""
    label = msg("{kind} ({name:l})", kind=row.label, name=row.note) if row.note else row.label
    return replace(row, label=label if len(tr(label)) <= 48 else row.label, note="")
