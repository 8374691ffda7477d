"""The target columns of a staged table, read as the task asks for that suits them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.schema.task import suitable_task
from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.staged_rows import RowNotes, StagedBatch, usable_rows
from sciapp.engine.data.targets.base import TargetColumns
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.values.cells import ColumnContent, ContentCounter
from sciapp.engine.data.values.number_formats import ColumnNumbers
from sciapp.engine.data.values.rejections import RejectionReason
from sciapp.engine.data.values.token_labels import LabelStrings
from sciapp.engine.domains.base import Domain
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.dataset.tasks import AUTOMATIC, TaskWish


def read_targets(
    staged: Path,
    chosen: ColumnRoles,
    task: TaskWish,
    numbers: Mapping[int, ColumnNumbers],
    notes: RowNotes,
    domain: Domain,
    *,
    gap_words: bool = True,
    bounds_as_numbers: bool = False,
    keep_bounds: bool = False,
    progress: Progress = SILENT,
) -> StagedTargets:
    """The targets of all rows. Rows without a usable one are marked in `notes`; for a cell that is no number `detail`
    is the position of its target. numbers: how the column at each place is read. The options: see `TargetColumns`.
    Raises BadInput for targets that suit no task, Cancelled.
    """
    formats = [numbers[index].format for index in chosen.target_indices]
    contents, strings = _contents(staged, chosen, formats, notes, domain, gap_words=gap_words, progress=progress)
    if task == AUTOMATIC:
        name, reason = suitable_task(chosen.targets, contents, strings, domain.unit)
    else:
        name, reason = task, msg("Chosen by hand.")
    kind = target_kind(name)
    if len(chosen.targets) > 1 and not kind.facts.several_targets:
        raise BadInput(
            msg("{name} takes one target.", name=name.capitalize()), hint=msg("Choose one, or choose another task.")
        )
    rows = len(notes.line)
    columns = TargetColumns(
        chosen.targets,
        formats,
        contents,
        strings,
        domain,
        rows,
        gap_words=gap_words,
        bounds_as_numbers=bounds_as_numbers,
        keep_bounds=keep_bounds,
    )
    reader = kind.reader(columns)
    for batch, usable in usable_rows(staged, notes):
        reader.add(_Cells(batch, usable, chosen))
        progress.report(rows + batch.end, 2 * rows)
    targets = reader.finish(name, reason, notes.usable)
    rejected = notes.usable & (reader.why != RejectionReason.KEPT)
    notes.why[rejected], notes.detail[rejected] = reader.why[rejected], reader.detail[rejected]
    if chosen.roles.mask and not kind.facts.per_unit:
        raise BadInput(
            msg(
                "A mask belongs to labels of single {units}; this is {phrase}.",
                units=domain.unit,
                phrase=kind.phrase,
            ),
            hint=msg("Leave the mask out, or choose tagging."),
        )
    return targets


@dataclass(frozen=True)
class _Cells:
    """A batch of staged rows, as `targets.base.CellBatch`."""

    batch: StagedBatch
    usable: Sequence[int]
    chosen: ColumnRoles

    @property
    def begin(self) -> int:
        return self.batch.begin

    def targets(self, target: int) -> list[str]:
        cells: list[str] = self.batch.cells(self.chosen.target_indices[target]).to_pylist()
        return cells

    def inputs(self) -> list[str]:
        values: list[str] = self.batch.first_inputs.to_pylist()
        return values

    def masks(self) -> list[str] | None:
        if self.chosen.mask_index is None:
            return None
        cells: list[str] = self.batch.cells(self.chosen.mask_index).to_pylist()
        return cells


def _contents(
    staged: Path,
    chosen: ColumnRoles,
    formats: Sequence[NumberFormat],
    notes: RowNotes,
    domain: Domain,
    *,
    gap_words: bool,
    progress: Progress,
) -> tuple[list[ColumnContent], LabelStrings | None]:
    """The content of each target column, and how a single one fits the units of the inputs."""
    rows = len(notes.line)
    counters = [ContentCounter(format, gap_words=gap_words) for format in formats]
    single = len(chosen.targets) == 1 and domain.label_separator is not None
    strings = LabelStrings(domain.label_separator or "") if single else None
    for batch, usable in usable_rows(staged, notes):
        for counter, position in zip(counters, chosen.target_indices, strict=True):
            cells = batch.cells(position).to_pylist()
            counter.add(cells[index] for index in usable)
        if strings is not None:
            inputs = batch.first_inputs.to_pylist()
            strings.add((inputs[index], cells[index]) for index in usable)
        progress.report(batch.end, 2 * rows)
    return [counter.content() for counter in counters], strings
