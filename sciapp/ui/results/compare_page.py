"""Runs beside each other: their scores on one axis, their difference row by row, and the settings that differ."""

import pkgutil
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sciapp.actions.comparison import ComparedRun, Comparison, Pair, compare_runs
from sciapp.i18n import joined, msg
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import PairedDifference, Score
from sciapp.records.run.score_format import plain_title, rounded, score_title, with_margin
from sciapp.records.run.summary import RunSummary
from sciapp.ui import theme
from sciapp.ui.forms.fields import Section
from sciapp.ui.results.run_ranges import RangeRow, RunRanges
from sciapp.ui.training import fields
from sciapp.ui.widgets.cards import Card
from sciapp.ui.widgets.facts import Verdict
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.widgets.page import EmptyState
from sciapp.ui.widgets.tables.score_table import ScoreTable
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

_MOST = 8  # runs offered and compared at once
_BARS_HEIGHT = 150


class ComparePage(QScrollArea):
    """Runs are ticked; two or more are compared as soon as the page is in sight."""

    failed = Signal(object)  # SciAppError

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparePage")
        self.setAccessibleName(tr(msg("Compare runs")))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        theme.set_ground(self, "page")
        self._project: Project | None = None
        self._runs: list[RunSummary] = []
        self._boxes: dict[str, QCheckBox] = {}
        self._stale = True
        self._asking = LatestQuery(self)
        self._asking.failed.connect(self._failed)
        self.comparison: Comparison | None = None
        self.verdict, self.ranges = Verdict(self), RunRanges(msg("Scores of the runs, with 95 % ranges"), self)
        self.gains = GainBars(self)
        self._nearer = TextLabel("", self, type="caption", tone="secondary", wrap=True, name="nearerRows")
        self.settings = ScoreTable("differingSettings", msg("Settings that differ"), self)
        self._same = TextLabel("", self, tone="secondary", wrap=True)
        self.empty = EmptyState(
            "git-compare-arrows",
            msg(
                "Two finished trainings of the same data are compared here: which is better, and whether that is luck."
            ),
            self,
            title=msg("Nothing to compare yet"),
        )
        self._lay_out()
        self._show(None)

    def set_runs(self, project: Project | None, runs: Sequence[RunSummary]) -> None:
        """Offer the runs of the dataset of the newest of them that were judged by the same score, newest first."""
        judged = [
            run for run in runs if run.facts.is_evaluated and run.score is not None and run.score.value is not None
        ]
        name = judged[0].score.name if judged and judged[0].score is not None else ""
        datasets = _datasets(runs)
        offered = [
            run
            for run in judged
            if run.score is not None and run.score.name == name and datasets[run.id] == datasets[judged[0].id]
        ][:_MOST]
        if project is self._project and offered == self._runs:
            return
        same = project is self._project
        ticked = [run.id for run in offered if same and run.id in self.ticked()]
        self._project, self._runs, self._stale = project, offered, True
        for box in self._boxes.values():
            self._ticks.removeWidget(box)
            box.setParent(None)
            box.deleteLater()
        self._boxes = {run.id: self._box(run) for run in offered}
        for index, (id, box) in enumerate(self._boxes.items()):
            box.setChecked(id in ticked if len(ticked) > 1 else index < _MOST)
            box.toggled.connect(lambda _: self._compare())
            self._ticks.insertWidget(index, box)
        self._ticks_card.setVisible(bool(offered))
        if self.isVisible():
            self._compare()

    def ticked(self) -> list[str]:
        return [id for id, box in self._boxes.items() if box.isChecked()]

    def look(self) -> None:
        """The page came into sight: compare what has changed since."""
        if self._stale:
            self._compare()

    def _compare(self) -> None:
        project, ids = self._project, self.ticked()
        self._stale = False
        if project is None or len(ids) < 2:
            self._asking.drop()
            self._show(None)
            return
        self._asking.ask(lambda _: compare_runs(project=project, run_ids=ids), self._show)

    def _failed(self, error: object) -> None:
        self._show(None)
        self.failed.emit(error)

    def _show(self, comparison: Comparison | None) -> None:
        self.comparison = comparison
        self._content.setVisible(comparison is not None)
        self.empty.setVisible(comparison is None)
        if comparison is None:
            self.ranges.set_rows([], None)
            return
        best, pair = comparison.runs[0], comparison.pairs[0]
        self.verdict.set_verdict(*self._verdict(comparison))
        self._ranges_card.set_title(msg("{score} on the test rows", score=plain_title(comparison.main_score)))
        better = msg("higher is better") if best.score.greater_is_better else msg("lower is better")
        self._ranges_card.set_note(joined((better, msg("line: 95 % range"), msg("dashed: the simple method")), "; "))
        self._show_ranges(comparison)
        self._show_pair(pair)
        self._show_settings(comparison)

    def _verdict(self, comparison: Comparison) -> tuple[theme.Status, str, str]:
        """The light, the best run in a sentence, and the comparison with the next best."""
        best, pair = comparison.runs[0], comparison.pairs[0]
        if apart := [self._named(each.other) for each in comparison.pairs if not each.same_rows]:
            other_rows = msg(
                "The test rows of {names} are not those of {best}.", names=apart, best=self._named(best.id)
            )
            return "info", msg("These runs cannot be ranked: not tested on the same rows"), other_rows
        status, detail = _judged(pair, self._named(pair.other), best.score)
        if len(comparison.runs) > 2:
            flattered = msg(
                "Its score is a little flattered: it is the best of {n} runs on these very rows.",
                n=len(comparison.runs),
            )
            detail = joined((detail, flattered))
        name, score = self._named(best.id), _scored(best.score)
        if status == "good":
            return status, msg("{name} is the best: {score}", name=name, score=score), detail
        if status == "caution":
            return status, msg("{name} leads, which may be luck: {score}", name=name, score=score), detail
        return status, msg("{name} has the best score: {score}", name=name, score=score), detail

    def _show_ranges(self, comparison: Comparison) -> None:
        rows = [self._range(run) for run in comparison.runs]
        simple = [run.simple.get(comparison.main_score) for run in comparison.runs if run.simple is not None]
        values = {score.value for score in simple if score is not None and score.value is not None}
        line = values.pop() if len(values) == 1 else None
        first = next((score for score in simple if score is not None), None)
        if line is not None and first is not None:
            name = next(run.simple.predictor for run in comparison.runs if run.simple is not None)
            label = msg("Simple method")
            rows.append(
                RangeRow(
                    label, name, line, first.low, first.high, with_margin(first), "", msg("the measure"), None, "second"
                )
            )
        self.ranges.set_rows(rows, line)

    def _range(self, run: ComparedRun) -> RangeRow:
        verdict, status = _against_simple(run.beats_simple, run.difference)
        summary = next((summary for summary in self._runs if summary.id == run.id), None)
        return RangeRow(
            self._named(run.id),
            summary.model if summary is not None else "",
            run.score.value or 0.0,
            run.score.low,
            run.score.high,
            with_margin(run.score),
            _took(run.seconds),
            verdict,
            status,
        )

    def _show_pair(self, pair: Pair) -> None:
        best, other = self._named(pair.best), self._named(pair.other)
        self._pair_card.set_title(msg("Row by row: {best} against {other}", best=best, other=other))
        self.gains.set_gains(pair.gains)
        nearer, farther = pair.nearer
        text = msg("{best} is nearer on {n:,}, {other} on {m:,}", best=best, n=nearer, other=other, m=farther)
        self._nearer.setText(tr(text if pair.gains else pair.reason))

    def _show_settings(self, comparison: Comparison) -> None:
        heads = ("", *(self._named(run.id) for run in comparison.runs))
        rows = [(_labels().get(name, name.replace("_", " ")), *values) for name, values in comparison.settings]
        self.settings.show_rows(heads, rows)
        self.settings.setVisible(bool(rows))
        self._same.setText(tr("" if rows else msg("Their settings are the same.")))
        self._same.setVisible(not rows)
        self._settings_card.set_note(
            msg("{n} of {all} differ", n=len(comparison.settings), all=comparison.settings_compared)
        )

    def _named(self, id: str) -> str:
        return next((run.display_name for run in self._runs if run.id == id), id)

    def _box(self, run: RunSummary) -> QCheckBox:
        box = QCheckBox(tr(run.display_name).replace("&", "&&"), self)
        box.setObjectName(f"compare_{run.id}")
        box.setToolTip(tr(run.title))
        return box

    def _lay_out(self) -> None:
        self._ticks_card = Card(msg("Compared runs"), self, padding=theme.GAP)
        self._ticks = QHBoxLayout()
        self._ticks.setSpacing(theme.GAP)
        self._ticks.addStretch(1)
        self._ticks_card.body.addLayout(self._ticks)
        verdict_card = Card("", self)
        verdict_card.setAccessibleName(tr(msg("Verdict")))
        verdict_card.body.addWidget(self.verdict)
        self._ranges_card = Card(msg("Scores"), self)
        self._ranges_card.body.addWidget(self.ranges)
        self._pair_card = Card(msg("Row by row"), self)
        self._pair_card.body.addWidget(self.gains)
        self._pair_card.body.addWidget(self._nearer)
        self._settings_card = Card(msg("What was done differently?"), self)
        self._settings_card.body.addWidget(self.settings)
        self._settings_card.body.addWidget(self._same)
        self._content = QWidget(self)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        pair.setSpacing(theme.GAP)
        pair.addWidget(self._pair_card, 1)
        pair.addWidget(self._settings_card, 1)
        column.addWidget(verdict_card)
        column.addWidget(self._ranges_card)
        column.addLayout(pair)
        frame = QWidget(self)
        whole = QVBoxLayout(frame)
        whole.setContentsMargins(0, 0, theme.MARGIN, theme.GAP)
        whole.setSpacing(theme.GAP)
        for part in (self._ticks_card, self.empty, self._content):
            whole.addWidget(part)
        whole.addStretch(1)
        self.setWidget(frame)


class GainBars(QWidget):
    """A bar for each row: above the line where the first run is nearer, below where the other is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr(msg("Difference of the misses, row by row")))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._gains: tuple[float, ...] = ()

    def gains(self) -> tuple[float, ...]:
        return self._gains

    def set_gains(self, gains: tuple[float, ...]) -> None:
        self._gains = gains
        self.setVisible(bool(gains))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, _BARS_HEIGHT)

    minimumSizeHint = sizeHint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._gains:
            return
        colours, painter = theme.colours_of(self.palette()), QPainter(self)
        top, bottom = max(0.0, self._gains[0]), min(0.0, self._gains[-1])
        scale = (self.height() - 2) / ((top - bottom) or 1.0)
        zero, width = 1 + top * scale, self.width() / len(self._gains)
        painter.setPen(Qt.PenStyle.NoPen)
        for index, gain in enumerate(self._gains):
            painter.setBrush(QColor(colours.accent if gain > 0 else colours.outline))
            height = gain * scale
            bar = QRectF(index * width, zero - height, max(width - 1, 0.6), height).normalized()
            painter.drawRect(bar)
        painter.setPen(QPen(QColor(colours.ink3), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        painter.end()


def _datasets(runs: Sequence[RunSummary]) -> dict[str, str]:
    """Run → the dataset that it, or the training that it was compressed from, learned from."""
    subjects = {run.id: run.subject for run in runs}
    parents = {run.id: run.subject for run in runs if not run.facts.trains and run.subject in subjects}
    found = {}
    for id in subjects:
        root = id
        for _ in parents:  # a compression of a compression; never round in a circle
            root = parents.get(root, root)
        found[id] = subjects[root]
    return found


@cache
def _labels() -> dict[str, str]:
    """Setting → its label in the forms of the training."""
    modules = [import_module(f"{fields.__name__}.{found.name}") for found in pkgutil.iter_modules(fields.__path__)]
    parts = [part for module in modules for part in vars(module).values() if isinstance(part, Section)]
    named = {field.name: field.label for section in parts for field in section.fields}
    own = {
        "dataset": msg("Data"),
        "model": msg("Model"),
        "compression": msg("Compression"),
        "tuning_method": msg("Trained"),
    }
    return own | named


def _scored(score: Score) -> str:
    return joined((score_title(score.name), with_margin(score)))


def _judged(pair: Pair, other: str, score: Score) -> tuple[theme.Status, str]:
    """The light, and the comparison with the next best in a sentence."""
    difference = pair.difference
    if difference is None:
        return "info", joined((msg("With {other} it cannot be compared row by row.", other=other), pair.reason))
    spread = (difference.high - difference.low) / 2
    values = (abs(difference.difference), difference.low, difference.high)
    size, low, high = (rounded(value, spread) for value in values)
    if difference.may_be_luck:
        return "caution", msg(
            "From {other} it differs by {size} ({range}), row by row: may be luck.",
            other=other,
            size=size,
            range=_range_words(low, high, pair.of_pairs),
        )
    return "good", msg(
        "Better than {other} by {size} ({range}), row by row: more than luck.",
        other=other,
        size=size,
        range=_range_words(low, high, pair.of_pairs),
    )


def _range_words(low: str, high: str, pairs: int) -> str:
    if pairs == 1:
        return msg("95 % range {low} to {high}", low=low, high=high)
    return msg("95 % range {low} to {high}, widened for {n} comparisons", low=low, high=high, n=pairs)


def _against_simple(beats: bool | None, difference: PairedDifference | None) -> tuple[str, theme.Status | None]:
    if beats:
        return msg("better, not luck"), "good"
    if difference is None:
        return "", None
    return (
        (msg("may be luck"), "caution") if difference.may_be_luck else (msg("the simple method is better"), "caution")
    )


def _took(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return msg("{n:.0f} s", n=seconds) if seconds < 100 else msg("{n:.0f} min", n=seconds / 60)
