"""From a person's table to a dataset: an immutable snapshot of the rows that can be used, and the others with reasons.

Two passes. The first reads, cleans and stages all rows on disk; in memory stay a few numbers a row. Then targets are
read, the quality checks look and mend, rows are divided; the second pass writes `table.parquet`, `rejected.csv` and
`repairs.csv`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from sciapp.engine.data.dataset.table import read_inputs
from sciapp.engine.data.formats.archives import plain_name
from sciapp.engine.data.ingest import card as cards
from sciapp.engine.data.ingest.exclusions import bounds_trained, learnable_targets, left_out
from sciapp.engine.data.ingest.open_table import OpenTable, open_table, read_case
from sciapp.engine.data.ingest.snapshot import SnapshotWriter, write_snapshot
from sciapp.engine.data.quality.base import TableCheckup
from sciapp.engine.data.quality.registry import examine
from sciapp.engine.data.readers.table_reader import settled_reading
from sciapp.engine.data.splits.assign import as_recorded, divide
from sciapp.engine.data.splits.leakage import measure_leaks
from sciapp.engine.data.staging.staged_rows import reason_of
from sciapp.engine.data.staging.weights import must_count
from sciapp.engine.data.values import split_names as splits
from sciapp.engine.data.values.rejections import FEWEST_ROWS, RejectionReason, counted, most_common
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.errors import BadInput, ProjectProblem, short_quotes
from sciapp.i18n import joined, msg
from sciapp.records.atomic import explaining_out_of_space, new_folder
from sciapp.records.dataset.card import DatasetCard, DatasetFolder, DomainName, ImportRequest, SecondFile, Source
from sciapp.records.dataset.findings import Finding
from sciapp.records.dataset.number_format import NumberFormat
from sciapp.records.lock import ProjectLock
from sciapp.records.project.project import Project

_MOST_REASONS = 3  # that inputs cannot be read; rejected.csv has all of them
_SIGN = "importing.lock"
_GAP_WORDS = msg("Words such as “None” and “NaN” count as gaps; --repair gap_words=class makes a class of them.")


def import_table(project: Project, request: ImportRequest, *, progress: Progress = SILENT) -> DatasetCard:
    """Import a table into `project`; the card of the new dataset.

    Raises Cancelled, and nothing is left behind then; BadInput for a file or roles that cannot be used, ProjectProblem
    for a project that cannot be written, OutOfSpace.
    """
    project.must_be_writable()
    _sweep(project.datasets_folder)
    table = open_table(project.record.domain, request, progress=progress)
    id = project.new_dataset_id(request.name or plain_name(table.path).name)
    _must_be_alone(project.datasets_folder, id)
    try:
        folder_path = project.datasets_folder / id
        full = explaining_out_of_space(
            folder_path, msg("Free some space there and import again; nothing was left behind.")
        )
        with full, new_folder(folder_path) as draft, _signed(draft):
            staged = draft / "staged.arrow"
            case, grounds = read_case(table, staged, _raised, progress=progress)
            assert grounds is not None
            findings = examine(case, progress=progress.stage(msg("Looking for problems")))
            must_have_rows(case)
            dividing = progress.stage(msg("Dividing the rows"))
            division = divide(staged, case.chosen, case.notes, case.of, grounds, case.domain, progress=dividing)
            division = learnable_targets(case, bounds_trained(case, division))
            cards.must_be_learnable(case.chosen.roles, case.of, case.notes.usable, division.codes, case.weights)
            folder, writer = DatasetFolder(draft), SnapshotWriter(case, division)
            writing = progress.stage(msg("Writing the dataset"))
            write_snapshot(folder, writer, staged, len(case.notes.line), progress=writing)
            staged.unlink()
            card = _card(id, project.record.domain, table, case, findings, division, writer)
            origin = {"parent": request.parent, "version": _version(project, request.parent)}
            card = card.model_copy(update={"split": as_recorded(table.chosen.plan, grounds), **origin})
            folder.write_card(card)
            folder.write_request(request)
            constants = dict(case.kind.constants(card, partial(read_inputs, folder, "train")))
            card = card.model_copy(update={"task_constants": constants})
            folder.write_card(card)
            comparing = progress.stage(msg("Comparing test rows with training rows"))
            leaks = measure_leaks(folder, card, progress=comparing)
            leaks.write(folder.leakage_file)
            if leaks.level != "clean":  # whoever imports must not have to ask for it
                card = card.model_copy(
                    update={"remarks": (*card.remarks, short_quotes(msg("Leaks: {verdict}", verdict=leaks.verdict)))}
                )
                folder.write_card(card)
    except FileExistsError as error:
        raise ProjectProblem(
            msg("Another import finished as “{id}” while this one was on; this one was given up.", id=id),
            hint=msg("Import again; it will get a name of its own."),
            context=str(error),
        ) from error
    return card


def _version(project: Project, parent: str) -> int:
    """Number of a new version of the dataset `parent`: one more than of all that come from the same import.

    Those in the trash count: they may be restored.
    """
    if not parent:
        return 1
    cards = {card.id: card for card in (*project.datasets(), *project.deleted_datasets())}

    def root(id: str) -> str:
        for _ in range(len(cards)):  # a card that names itself must not be followed for ever
            if id not in cards or not cards[id].parent:
                break
            id = cards[id].parent
        return id

    return 1 + max((card.version for card in cards.values() if root(card.id) == root(parent)), default=1)


def _raised(error: BadInput) -> None:
    raise error


def must_have_rows(case: TableCheckup) -> None:
    """Raise BadInput where too few rows can be used, or all of them say the same. Classes without rows are dropped."""
    notes, targets, roles, used_mask = case.notes, case.of, case.chosen.roles, case.notes.usable
    usable = int(used_mask.sum())
    if usable < FEWEST_ROWS:
        aside = most_common(counted(notes.why))
        raise BadInput(
            msg(
                "Only {usable} of {rows:,} rows can be used; at least {fewest} are needed.",
                usable=usable,
                rows=len(used_mask),
                fewest=FEWEST_ROWS,
            ),
            hint=joined(
                [msg("Set aside: {aside}.", aside=aside), _misfit(case), _unreadable(case), _contradicting(case)]
            )
            if aside
            else msg("Choose a table with more rows."),
        )
    must_count(case.weights, used_mask, roles.weight, "usable")
    if targets.classes:
        targets.only_classes_of(used_mask)
        if len(targets.classes) < 2:
            left = "" if not targets.gap_words else _GAP_WORDS
            raise BadInput(
                msg(
                    "All usable rows have the same {value_word} of “{target}” ({value}).",
                    value_word=case.kind.value_word,
                    target=roles.targets[0],
                    value=targets.classes[0],
                ),
                hint=joined([msg("{task} needs at least two of them.", task=case.kind.facts.title), left]),
            )


def _misfit(case: TableCheckup) -> str:
    """A sentence on the first row of another width than the header, if any."""
    rows = np.flatnonzero(case.notes.why == RejectionReason.MISFIT)
    return (
        msg(
            "Line {line:,}: {reason}.",
            line=case.notes.line[rows[0]],
            reason=reason_of(case.staged, int(rows[0])),
        )
        if len(rows)
        else ""
    )


def _unreadable(case: TableCheckup) -> str:
    """A sentence on the most common reasons why inputs cannot be read, each with its first row; empty for none."""
    reasons = sorted(case.reasons.by_wording.values(), key=lambda reason: -reason.count)
    parts = [
        msg(
            "{reason} (line {line:,}, {count:,} such)",
            reason=reason.messages[0],
            line=case.lines(reason.rows)[0],
            count=reason.count,
        )
        for reason in reasons[:_MOST_REASONS]
    ]
    return msg("Inputs: {reasons}.", reasons=joined(parts, "; ")) if parts else ""


def _contradicting(case: TableCheckup) -> str:
    """A sentence on what becomes of rows of one input with other labels, where they are many."""
    if 2 * int((case.notes.why == RejectionReason.CONFLICT).sum()) < len(case.notes.why):
        return ""
    ways = msg("the first of them (--repair conflicts=first)")
    if case.facts.is_quantity:
        ways = msg("their mean (--repair conflicts=mean), or {ways}", ways=ways)
    return msg("Of rows with the same input one can be kept, with {ways}.", ways=ways)


def _card(
    id: str,
    domain: DomainName,
    table: OpenTable,
    case: TableCheckup,
    findings: tuple[Finding, ...],
    division: splits.Division,
    writer: SnapshotWriter,
) -> DatasetCard:
    notes, targets, chosen, used_mask = case.notes, case.of, case.chosen, case.notes.usable
    request = table.request
    remarks = table.format.remarks + (
        division.remarks + case.kind.remarks(chosen.targets, targets, used_mask, division.codes)
    )
    remarks += cards.unneeded(request.repairs, findings)
    remarks += left_out(request.roles.targets, case) + request.notes
    return DatasetCard(
        id=id,
        name=request.name or plain_name(table.path).stem,
        created=datetime.now(UTC),
        domain=domain,
        task=targets.task,
        task_reason=targets.reason,
        task_options=case.kind.options_of(request),
        roles=chosen.roles,
        source=_source(table),
        rows_read=len(used_mask),
        rows_kept=int(used_mask.sum()),
        rows_set_aside=int((~used_mask).sum()),
        set_aside_reasons=counted(notes.why),
        remarks=tuple(map(short_quotes, remarks)),
        split=chosen.plan,
        split_counts=division.counts(),
        targets=cards.named_in_file(case.kind.summaries(chosen.targets, targets, used_mask), case.target_columns),
        lengths=cards.length_summary(case.domain.unit, notes.lengths[used_mask]),
        numeric_columns=writer.numeric.names(),
        numbers=_numbers(table, case, writer),
        findings=findings,
        repairs=request.repairs,
        values_changed=writer.values_changed,
        fingerprint=writer.fingerprint.hexdigest(),
    )


def _numbers(table: OpenTable, case: TableCheckup, writer: SnapshotWriter) -> dict[str, NumberFormat]:
    """Number formats by column, where they are not all as in the file."""
    usual = NumberFormat(decimal=table.format.decimal)
    read = {*case.chosen.targets, *case.target_columns, *writer.numeric.names(), case.chosen.roles.weight}
    named = {table.columns[index]: one.format for index, one in case.numbers.items()}
    return {name: format for name, format in named.items() if format != usual and name in read}


def _source(table: OpenTable) -> Source:
    joined, second = Path(table.format.join), table.second
    return Source(
        file_name=table.path.name,
        path=str(table.path),
        sha256=table.stats.sha256,
        bytes=table.stats.bytes,
        encoding=table.format.encoding,
        delimiter=table.format.delimiter,
        decimal=table.format.decimal,
        reading=settled_reading(table.format),
        joined=SecondFile(file_name=joined.name, path=str(joined), sha256=second.sha256, bytes=second.bytes)
        if second is not None
        else None,
    )


@contextmanager
def _signed(draft: Path) -> Iterator[None]:
    """While the block runs others can see that somebody is at work in `draft`; the lock dies with this process."""
    lock = ProjectLock(draft / _SIGN)
    lock.acquire()
    try:
        yield
    finally:
        lock.release()
        (draft / _SIGN).unlink(missing_ok=True)


def _must_be_alone(folder: Path, id: str) -> None:
    """Raise ProjectProblem where another import is on that will take the same name: one of the two would be lost."""
    begin = f".new-{id}-"
    for draft in folder.glob(".new-*"):
        lock = ProjectLock(draft / _SIGN)
        # What follows the name has no hyphen: “esol-1” is not “esol-1-2”.
        if not draft.name.startswith(begin) or "-" in draft.name[len(begin) :] or not lock.path.exists():
            continue
        if lock.acquire():  # whoever worked there has gone
            lock.release()
            continue
        who = lock.holder()
        raise ProjectProblem(
            msg("Another import into this project is on, as “{id}”: {who}.", id=id, who=who)
            if who
            else msg("Another import into this project is on, as “{id}”.", id=id),
            hint=msg(
                "Wait until it is done or cancel it there, then import again; or give this one another name (--name)."
            ),
            context=str(draft),
        )


def _sweep(folder: Path) -> None:
    """Remove the drafts of imports whose process was killed."""
    for draft in folder.glob(".new-*"):
        lock = ProjectLock(draft / _SIGN)
        if (draft / _SIGN).exists() and lock.acquire():
            lock.release()
            shutil.rmtree(draft, ignore_errors=True)


# Cross-validation at one go: a dataset for every fold, and for every repetition with another seed.


def import_folds(project: Project, request: ImportRequest, *, progress: Progress = SILENT) -> list[DatasetCard]:
    """The card of each dataset. Without `all_folds` the one that is asked for.

    A fold that cannot be made ends it; those before it stay. Raises what `import_table` raises.
    """
    if not request.all_folds:
        return [import_table(project, request, progress=progress)]
    split = request.split
    if split.folds is None:
        raise BadInput(msg("All folds are wanted and their number is not said."), hint=msg("For example --folds 5."))
    seeds = range(split.seed, split.seed + request.repeats)
    fold_keys = [(seed, fold) for seed in seeds for fold in range(1, split.folds + 1)]
    stem = request.name or plain_name(Path(request.file)).stem
    cards: list[DatasetCard] = []
    for number, (seed, fold) in enumerate(fold_keys, start=1):
        name = (
            msg("{name}, fold {fold} of {folds}, seed {seed}", name=stem, fold=fold, folds=split.folds, seed=seed)
            if request.repeats > 1
            else msg("{name}, fold {fold} of {folds}", name=stem, fold=fold, folds=split.folds)
        )
        one = request.model_copy(
            update={"name": name, "split": split.model_copy(update={"fold": fold, "seed": seed}), "all_folds": False}
        )
        cards.append(
            import_table(
                project,
                one,
                progress=progress.within(msg("{number} of {fold_keys}", number=number, fold_keys=len(fold_keys))),
            )
        )
    return cards
