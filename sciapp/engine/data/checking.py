"""What the doctor finds in a table that may be imported; nothing is imported, nothing is changed."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.dividing import read_grounds
from sciapp.engine.data.doctor.case import Case
from sciapp.engine.data.doctor.examine import examine
from sciapp.engine.data.doctor.gap_words import gaps_meant
from sciapp.engine.data.doctor.registry import must_be_offered
from sciapp.engine.data.first_pass import staged_rows
from sciapp.engine.data.import_request import chosen_columns
from sciapp.engine.data.importing import must_have_rows
from sciapp.engine.data.progress import ImportProgress, paced
from sciapp.engine.data.readers import named_columns, read_records, sniff
from sciapp.engine.data.survey import survey
from sciapp.engine.data.targets import NoClasses, Targets, read_targets
from sciapp.engine.data.weights import Floats, read_weights
from sciapp.engine.domains.registry import domain_for
from sciapp.errors import BadInput
from sciapp.records.dataset import DomainName, ImportRequest
from sciapp.records.findings import Checkup, Finding


def check_table(domain_name: DomainName, request: ImportRequest) -> Iterator[ImportProgress | Checkup]:
    """Progress about ten times a second, then what was found. Memory holds a few numbers a row, the disk the rest.

    Closing the iterator cancels. Raises BadInput for a file or roles that cannot be used at all; what an import would
    refuse later is a finding.
    """
    path = Path(request.file).expanduser().absolute()
    format = sniff(path, request.reading)
    with closing(read_records(path, format)) as records:
        columns = named_columns(next(records).cells)
    domain = domain_for(domain_name, request.roles)
    must_be_offered(request.repairs, domain)
    # Groups for a split are of no use here, and a million scaffolds take minutes.
    chosen = replace(chosen_columns(request, columns, domain), splitter=None)
    found = yield from paced(survey(path), "Looking at the file")
    with tempfile.TemporaryDirectory(prefix="sciapp-doctor-", ignore_cleanup_errors=True) as folder:
        staged = Path(folder) / "staged.arrow"
        first = yield from staged_rows(path, format, columns, domain, chosen, staged, found.lines, request.repairs)
        refused: list[Finding] = []
        targets: Targets | None = None
        weights: Floats | None = None
        try:
            gaps = gaps_meant(request.repairs)
            reading = read_targets(staged, chosen, request.task, format.decimal, first.notes, domain, gap_words=gaps)
            targets = yield from paced(reading, "Reading the targets")
            if chosen.weight_place is not None:
                weighing = read_weights(staged, chosen, first.notes, format.decimal)
                weights = yield from paced(weighing, "Reading the weights")
        except BadInput as error:
            refused.append(_refused(error, "ids" if isinstance(error, NoClasses) else "refused"))
        try:
            grounds = read_grounds(staged, chosen, first.notes, domain, format.decimal)
            yield from paced(grounds, "Reading what rows are divided by")
        except BadInput as error:  # a split file that is none
            refused.append(_refused(error, "refused"))
        repairs = request.repairs
        if targets is not None:
            must_be_offered(repairs, domain, targets.task)
        case = Case(
            columns,
            chosen,
            domain,
            format.decimal,
            staged,
            first.notes,
            targets,
            first.reasons,
            repairs,
            weights=weights,
        )
        findings = yield from paced(examine(case), "Looking for problems")
    if targets is not None:
        refused += _too_few(case)
    yield Checkup(
        file=str(path),
        rows_read=len(first.notes.line),
        rows_usable=int(first.notes.kept.sum()),
        task=targets.task if targets is not None else "",
        task_reason=targets.reason if targets is not None else "",
        findings=(*refused, *findings),
    )


def _too_few(case: Case) -> list[Finding]:
    try:
        must_have_rows(case)
    except BadInput as error:
        return [_refused(error, "refused")]
    return []


def _refused(error: BadInput, kind: str) -> Finding:
    return Finding(
        kind=kind, title=error.message, count=0, consequence=f"It cannot be imported so. {error.hint}".strip()
    )
