"""One finding after the other beside the first rows: which row, what is wrong, and the buttons that repair it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from sciapp.i18n import joined, msg
from sciapp.records.dataset.findings import Finding, QualityReport
from sciapp.ui import theme
from sciapp.ui.widgets.buttons import Button
from sciapp.ui.widgets.glyphs import IconLabel
from sciapp.ui.widgets.labels import TextLabel
from sciapp.ui.words import tr

_MOST_BUTTONS = 2
_NOTHING_FOUND = msg("Nothing was found that should worry you.")
_LINES = 2


class FindingStrip(QWidget):
    """Room for it is reserved: nothing moves when something is found."""

    lineWanted = Signal(int, str)  # line of the file, column
    repairChosen = Signal(str, str)  # kind, policy
    allWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingStrip")
        self._findings: tuple[Finding, ...] = ()
        self._index, self._checked = 0, False
        self._icon = IconLabel("triangle-alert", self, tone="caution")
        self._text = TextLabel("", self, wrap=True, name="findingText")
        self._text.setMinimumHeight(_LINES * self._text.fontMetrics().height())
        self._buttons = [Button("", self, name=f"findingRepair{n}", dense=True) for n in range(_MOST_BUTTONS)]
        self._all = Button(
            msg("All findings"),
            self,
            kind="quiet",
            name="findingAll",
            help=msg("The list of all findings."),
            dense=True,
        )
        self._next = Button(
            msg("Next ›"), self, kind="quiet", name="findingNext", help=msg("Show the next finding."), dense=True
        )
        sentence = QHBoxLayout()
        sentence.setSpacing(theme.SPACING)
        sentence.addWidget(self._icon)
        sentence.addWidget(self._text, 1)
        sentence.addWidget(self._next)
        repairs = QHBoxLayout()
        repairs.setSpacing(theme.SPACING)
        repairs.addSpacing(theme.ICON + theme.SPACING)
        for button in (*self._buttons, self._all):
            repairs.addWidget(button)
        repairs.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MARGIN, theme.SPACING, theme.SPACING, theme.SPACING)
        column.setSpacing(theme.HALF)
        column.addLayout(sentence)
        column.addLayout(repairs)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        for n, button in enumerate(self._buttons):
            button.clicked.connect(lambda _, n=n: self._repair(n))
        self._next.clicked.connect(self.next)
        self._all.clicked.connect(self.allWanted)
        self.setReport(None)

    @property
    def finding(self) -> Finding | None:
        """The finding in sight."""
        return self._findings[self._index] if self._findings else None

    def setReport(self, report: QualityReport | None) -> None:
        """Problems first; the kind that is in sight stays so."""
        before, self._checked = self.finding, report is not None
        findings = report.findings if report is not None else ()
        self._findings = tuple(sorted(findings, key=lambda finding: finding.weight != "problem"))
        kinds = [finding.kind for finding in self._findings]
        self._index = kinds.index(before.kind) if before is not None and before.kind in kinds else 0
        self._show()

    def next(self) -> None:
        """Show the next finding, and the row that it is about."""
        if self._findings:
            self._index = (self._index + 1) % len(self._findings)
            self._show()
            self.point()

    def point(self) -> None:
        """Ask for the row of the finding in sight."""
        finding = self.finding
        if finding is not None and finding.lines:
            self.lineWanted.emit(finding.lines[0], finding.column)

    def paintEvent(self, event: QPaintEvent) -> None:
        finding = self.finding
        colours = theme.colours_of(self.palette())
        painter = QPainter(self)
        problem = finding is not None and finding.weight == "problem" and not finding.repaired
        painter.fillRect(self.rect(), QColor(colours.caution_tint if problem else colours.sunken))
        painter.end()

    def _repair(self, index: int) -> None:
        finding = self.finding
        offers = self._offers()
        if finding is not None and index < len(offers):
            self.repairChosen.emit(finding.kind, offers[index][0])

    def _offers(self) -> list[tuple[str, str]]:
        """(policy, label) of the ways that are not taken now, the proposed one first."""
        finding = self.finding
        if finding is None or len(finding.choices) < 2:
            return []
        others = [choice for choice in finding.choices if choice.policy != finding.applied]
        others.sort(key=lambda choice: choice.policy != finding.proposed)
        return [(choice.policy, choice.title) for choice in others[:_MOST_BUTTONS]]

    def _show(self) -> None:
        finding, offers = self.finding, self._offers()
        for n, button in enumerate(self._buttons):
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(n == 0)  # its room is reserved: nothing moves when it comes
            button.setSizePolicy(policy)
            button.setVisible(n < len(offers))
            if n < len(offers):
                button.set_text(offers[n][1])
        self._next.setVisible(len(self._findings) > 1)
        self._all.setVisible(bool(self._findings))
        if finding is None:
            self._icon.set_icon("circle-check", tone="good" if self._checked else "sunken")
            self._text.setText(tr(_NOTHING_FOUND) if self._checked else "")
            self._text.set_tone("secondary")
        else:
            problem = finding.weight == "problem" and not finding.repaired
            self._icon.set_icon("triangle-alert" if problem else "info", tone="caution" if problem else "ink2")
            self._text.setText(tr(_sentence(finding)))
            self._text.set_tone("caution" if problem else "secondary")
            self._text.setToolTip(tr(finding.consequence))
        self.setAccessibleName(self._text.text() or tr(msg("Findings")))
        self.update()


def _sentence(finding: Finding) -> str:
    done = msg("Now: {done}.", done=finding.done) if finding.done else ""
    where = msg("Line {line:,}.", line=finding.lines[0]) if finding.lines else ""
    if where and finding.examples and finding.examples[0]:
        where = msg("Line {line:,}: {cell}", line=finding.lines[0], cell=finding.examples[0])
    return joined([msg("{title}.", title=finding.title), done, where])
