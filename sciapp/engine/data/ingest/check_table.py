"""The quality check of a table that may be imported; nothing is imported, nothing is changed."""

import tempfile
from pathlib import Path

from sciapp.engine.data.ingest.import_table import must_have_rows
from sciapp.engine.data.ingest.open_table import open_table, read_case
from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.quality.registry import examine
from sciapp.engine.data.targets.classification import TooManyClasses
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput, short_quotes
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import DomainName, ImportRequest
from sciapp.records.dataset.findings import Finding, QualityReport


def check_table(domain_name: DomainName, request: ImportRequest, *, progress: Progress = SILENT) -> QualityReport:
    """The problems of a table. Memory holds a few numbers a row, the disk the rest.

    Raises Cancelled, and BadInput for a file or roles that cannot be used at all; what an import would refuse later is
    a finding.
    """
    table = open_table(domain_name, request, progress=progress)
    refused: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="sciapp-doctor-", ignore_cleanup_errors=True) as folder:
        staged = Path(folder) / "staged.arrow"
        case, _ = read_case(
            table.without_groups(), staged, lambda error: refused.append(_refused(error)), progress=progress
        )
        findings = examine(case, progress=progress.stage(msg("Looking for problems")))
        targets, notes = case.targets, case.notes
        if targets is not None:
            refused += _too_few(case)
    # What the proposal leaves out, such as a column of a single value, the checks never see.
    notes_said = [Finding(kind="proposal", title=short_quotes(note), count=0, weight="note") for note in request.notes]
    return QualityReport(
        file=str(table.path),
        rows_read=len(notes.line),
        rows_usable=int(notes.usable.sum()),
        task=targets.task if targets is not None else "",
        task_reason=targets.reason if targets is not None else "",
        findings=(*refused, *findings, *notes_said),
    )


def _too_few(case: TableCheckup) -> list[Finding]:
    try:
        must_have_rows(case)
    except BadInput as error:
        return [_refused(error)]
    return []


def _refused(error: BadInput) -> Finding:
    return Finding(
        kind="ids" if isinstance(error, TooManyClasses) else "refused",
        title=error.message,
        count=0,
        consequence=joined([msg("It cannot be imported so."), error.hint]),
    )
