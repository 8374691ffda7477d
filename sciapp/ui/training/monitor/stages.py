"""What a run did and does: the stages before its first step, and the timeline of what happened."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from sciapp.i18n import msg
from sciapp.records.run.story import Milestone, MilestoneKind, Stage
from sciapp.ui import theme
from sciapp.ui.widgets.glyphs import IconLabel, ProgressRing
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_BAR = 6  # px
_SHOWN = 12  # milestones; what is older is in the log


class StageList(QWidget):
    """The stages of a run by name: those that are over with a tick, the one that is on with a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stageList")
        self.setAccessibleName(tr(msg("What the run prepares")))
        self._stages: tuple[Stage, ...] = ()
        self._bar: QProgressBar | None = None
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.SPACING)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._column)
        outer.addStretch(1)
        self._waits = TextLabel(msg("Starting…"), self, tone="secondary")
        self._column.addWidget(self._waits)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """A stage that only counts on moves its bar; the list is made anew when another begins."""
        before, self._stages = self._stages, tuple(stages)
        self._waits.setVisible(not stages)
        if [(stage.key, stage.over) for stage in before] != [(stage.key, stage.over) for stage in stages]:
            self._fill()
        if self._bar is not None and stages:
            current = stages[-1]
            self._bar.setRange(0, current.total)
            self._bar.setValue(current.done)
            counted = msg("{done:,} of {total:,}", done=current.done, total=current.total)
            self._bar.setAccessibleDescription(tr(counted) if current.total else "")

    def _fill(self) -> None:
        while self._column.count() > 1:
            if (item := self._column.takeAt(1)) is not None and (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        self._bar = None
        for stage in self._stages:
            self._column.addWidget(self._row(stage))

    def _row(self, stage: Stage) -> QWidget:
        row = QWidget(self)
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACING)
        grid.setVerticalSpacing(theme.HALF)
        grid.setColumnStretch(1, 1)
        if stage.over:
            grid.addWidget(IconLabel("circle-check", row, tone="good"), 0, 0)
        else:
            grid.addWidget(ProgressRing(stage.title, row), 0, 0)
        label = TextLabel(
            stage.title,
            row,
            type="body" if stage.over else "strong",
            tone="secondary" if stage.over else "ink",
            wrap=True,
        )
        grid.addWidget(label, 0, 1)
        if not stage.over:
            self._bar = QProgressBar(row)
            self._bar.setObjectName("stageProgress")
            self._bar.setAccessibleName(tr(stage.title))
            self._bar.setTextVisible(False)
            self._bar.setFixedHeight(_BAR)
            grid.addWidget(self._bar, 1, 1)
        return row


_ICONS: dict[MilestoneKind | str, tuple[str, str]] = {
    "done": ("circle-check", "good"),
    "best": ("circle-dot", "accent_text"),
    "note": ("info", "ink3"),
    "warning": ("triangle-alert", "caution"),
    "failed": ("octagon-alert", "bad"),
    "coming": ("circle-dashed", "ink3"),
}


class Timeline(QWidget):
    """Milestones below each other, the newest at the end, then what is still to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName(tr(msg("What happened so far")))
        self._lines: tuple[tuple[str, str, str], ...] | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACING)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)

    def set_milestones(self, milestones: Sequence[Milestone], coming: Sequence[tuple[str, str]] = ()) -> None:
        """coming: title and detail of what will happen."""
        lines = tuple(
            [(one.kind, tr(one.title), tr(one.detail)) for one in milestones[-_SHOWN:]]
            + [("coming", tr(title), tr(detail)) for title, detail in coming]
        )
        if lines == self._lines:
            return
        self._lines = lines
        while (item := self._grid.takeAt(0)) is not None:
            if (part := item.widget()) is not None:
                part.hide()
                part.deleteLater()
        for index, (kind, title, detail) in enumerate(lines):
            icon, tone = _ICONS[kind]
            self._grid.addWidget(IconLabel(icon, self, tone=tone), 3 * index, 0, Qt.AlignmentFlag.AlignTop)
            heading = TextLabel(title, self, type="medium", tone="ink" if kind != "coming" else "secondary", wrap=True)
            self._grid.addWidget(heading, 3 * index, 1)
            self._grid.addWidget(_detail(detail, self), 3 * index + 1, 1)
            self._grid.setRowMinimumHeight(3 * index + 2, theme.MARGIN)
        for row in range(self._grid.rowCount()):
            self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(3 * len(lines), 1)

    def titles(self) -> list[str]:
        return [title for _, title, _ in self._lines or ()]


def _detail(text: str, parent: QWidget) -> QLabel:
    label = TextLabel(text, parent, type="caption", tone="caption", wrap=True)
    label.setVisible(bool(text))
    return label
