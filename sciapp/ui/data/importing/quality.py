"""The quality check of a file before it is imported: what it found, and what is to be done about it."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.actions import datasets as datasets_actions
from sciapp.errors import SciAppError
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.card import ImportRequest, SplitPlan
from sciapp.records.dataset.findings import QualityReport
from sciapp.records.project.project import Project
from sciapp.ui.data.importing.repairs import RepairsEditor
from sciapp.ui.messages import in_one_text
from sciapp.ui.widgets.bars import BusyBar
from sciapp.ui.words import tr
from sciapp.workers.query import LatestQuery

CHECKED_UNASKED = 20_000_000  # bytes; a larger file takes so long that a person should ask for it
_MILLISECONDS = 400  # of quiet after a change of the form
_NOTHING_YET = msg("Choose the input and a target; then the file is looked through for what could spoil a training.")
_NOTHING_FOUND = msg("Nothing was found that should worry you.")


class CheckPane(QWidget):
    """Looks through the file again whenever the form says something new; what was found before is remembered."""

    countChanged = Signal(object)  # QualityReport, or None while nothing is known
    repairsChanged = Signal(dict)

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._known: dict[str, QualityReport] = {}
        self._request: ImportRequest | None = None
        self._checking = LatestQuery(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_MILLISECONDS)
        self.repairs = RepairsEditor(self)
        self._summary = QLabel(tr(_NOTHING_YET), self)
        self._summary.setObjectName("checkSummary")
        self._summary.setWordWrap(True)
        self.button = QPushButton(tr(msg("Check the whole &file")), self)
        self.button.setObjectName("checkFile")
        self.button.setAccessibleName(tr(msg("Check the whole file")))
        self.button.setToolTip(tr(msg("Look through every row; a large file takes a while.")))
        self.busy = BusyBar("check", self)
        self._lay_out()
        self._timer.timeout.connect(self._check)
        self.button.clicked.connect(self._check)
        self.busy.cancelRequested.connect(self._checking.cancel)
        self._checking.progressed.connect(self.busy.show_progress)
        self._checking.failed.connect(self._failed)
        self._checking.cancelled.connect(lambda: self._wait(msg("The check was cancelled.")))
        self.repairs.valueChanged.connect(self.repairsChanged)
        self._wait(_NOTHING_YET)

    def look(self, request: ImportRequest | None) -> None:
        """The form says this now. Another input, target or task forgets the repairs that were chosen."""
        wanted = _essence(request) if request is not None else None
        if wanted == self._request:
            return
        before, self._request = self._request, wanted
        self._drop()
        if wanted is None:
            self._wait(_NOTHING_YET)
            return
        if before is not None and wanted.repairs and _bare(before) != _bare(wanted):
            self.repairs.setValue({})  # comes back here with what is left of the request
            return
        self._ask(wanted)

    def stop(self) -> None:
        """Nobody waits for it any longer."""
        self._drop()

    # --- what comes back ------------------------------------------------------------------------------------------

    def _ask(self, request: ImportRequest) -> None:
        known = self._known.get(_key(request))
        if known is not None:
            self._show(known)
        elif _bytes(request) > CHECKED_UNASKED:
            self._wait(msg("This file is large: it is looked through when you say so."))
        else:
            self.countChanged.emit(None)
            self._timer.start()

    def _check(self) -> None:
        request, project = self._request, self._project
        self._timer.stop()
        if request is None:
            return
        self.button.setVisible(False)
        self.countChanged.emit(None)
        self._summary.clear()
        self.busy.begin(msg("Looking through the file…"))
        self._checking.ask(
            lambda progress: datasets_actions.check_table(project=project, request=request, progress=progress),
            lambda checkup: self._answered(request, checkup),
        )

    def _answered(self, request: ImportRequest, checkup: QualityReport) -> None:
        self._known[_key(request)] = checkup
        self._show(checkup)

    def _show(self, checkup: QualityReport) -> None:
        self.busy.end()
        self.button.setVisible(False)
        notes = len(checkup.findings) - checkup.problems
        counts = [plural("{n} problem", "{n} problems", checkup.problems)] if checkup.problems else []
        counts += [plural("{n} note", "{n} notes", notes)] if notes else []
        self._summary.setText(
            tr(
                msg(
                    "{usable:,} of {read:,} rows can be used.  {found}",
                    usable=checkup.rows_usable,
                    read=checkup.rows_read,
                    found=msg("{findings}.", findings=joined(counts, ", ")) if counts else _NOTHING_FOUND,
                )
            )
        )
        self.repairs.setFindings(checkup.findings)
        self.repairs.setVisible(bool(checkup.findings))
        self.countChanged.emit(checkup)

    def _failed(self, error: BaseException) -> None:
        self._wait(
            in_one_text(error) if isinstance(error, SciAppError) else msg("The check failed: {error}", error=error)
        )

    def _wait(self, text: str) -> None:
        """Nothing to show; say why."""
        self.busy.end()
        self._summary.setText(tr(text))
        self.repairs.setFindings(())
        self.repairs.setVisible(bool(self.repairs.value()))
        self.button.setVisible(self._request is not None)
        self.countChanged.emit(None)

    def _drop(self) -> None:
        self._timer.stop()
        self._checking.drop()
        self.busy.end()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._summary, 1)
        top.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.busy)
        layout.addWidget(self.repairs, 1)
        layout.addStretch()


def _essence(request: ImportRequest) -> ImportRequest:
    """The parts of a request that change the findings: neither the dataset's name nor a random split."""
    split = request.split if request.split.method == "column" else SplitPlan()
    bare = SplitPlan(method=split.method, column=split.column)  # without folds, so all of them cannot be wanted
    return request.model_copy(update={"name": "", "split": bare, "all_folds": False, "repeats": 1})


def _bare(request: ImportRequest) -> ImportRequest:
    return request.model_copy(update={"repairs": {}})


def _key(request: ImportRequest) -> str:
    return request.model_dump_json()


def _bytes(request: ImportRequest) -> int:
    try:
        return Path(request.file).stat().st_size
    except OSError:
        return 0
