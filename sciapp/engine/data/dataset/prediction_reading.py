"""Reading of a file that is predicted: its columns and rows are put together as those of the training were."""

from collections.abc import Sequence
from pathlib import Path

from sciapp.engine.data.readers.derived_columns import column_joiner
from sciapp.engine.data.readers.table_reader import columns_of, sniff
from sciapp.errors import BadInput, listed
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import PredictPlan
from sciapp.records.read_options import AUTO, Reading, SeriesColumns


def prediction_reading(file: Path, plan: PredictPlan, card: DatasetCard) -> Reading:
    """The reading of the file: as the plan says, with several columns put together as the model was trained on.

    Raises BadInput for a file whose columns are a row of others: another axis.
    """
    trained = card.source.reading or Reading()
    if not plan.reading.axis.stated:
        plan = plan.model_copy(update={"reading": _on_axis(plan.reading, trained)})
    if trained.series is not None and trained.series.wanted:
        return _gathering(file, plan, card, trained.series)
    if not trained.together or plan.reading.together or plan.input_column:
        return plan.reading
    columns = columns_of(file, sniff(file, plan.reading))
    if card.roles.input in columns:
        return plan.reading
    if missing := [name for name in trained.together if name not in columns]:
        _must_be_no_other_family(columns, missing, trained)
        return plan.reading
    return plan.reading.model_copy(update={"together": trained.together, "joined_as": trained.joined_as})


def _on_axis(reading: Reading, trained: Reading) -> Reading:
    """The reading with the axis of the training, on which series of a file lie that says nothing of its own."""
    joined_as = trained.joined_as if reading.joined_as == AUTO else reading.joined_as
    return reading.model_copy(update={"axis": trained.axis, "joined_as": joined_as}) if trained.axis.stated else reading


def _must_be_no_other_family(columns: Sequence[str], missing: Sequence[str], trained: Reading) -> None:
    """Raise BadInput where columns of the file belong together as those of the training did, and are not the same."""
    joiner = column_joiner(trained)
    family = joiner.family(columns)
    if not family:
        return
    raise BadInput(
        msg(
            "The model reads {trained} columns, {first} to {last}; the file lacks {missing} of them ({example}).",
            trained=len(trained.together),
            first=trained.together[0],
            last=trained.together[-1],
            missing=len(missing),
            example=missing[0],
        ),
        hint=msg(
            "The file has {columns}. Bring its values to the axis of the training, or train a model on such files.",
            columns=joiner.title(family),
        ),
    )


def _gathering(file: Path, plan: PredictPlan, card: DatasetCard, trained: SeriesColumns) -> Reading:
    """The reading with rows gathered as for the training, where the file is a long table as well.

    Raises BadInput for one that lacks some of the columns.
    """
    given = plan.reading.series
    if given is None or given.wanted or plan.input_column:
        return plan.reading
    columns = columns_of(file, sniff(file, plan.reading))
    if card.roles.input in columns:
        return plan.reading
    needed = [*trained.id, trained.time, *trained.values, *([trained.band] if trained.band else [])]
    missing = [name for name in needed if name not in columns]
    if missing == needed:
        return plan.reading
    if missing:
        raise BadInput(
            msg(
                "The model reads series from the columns {needed}; the file lacks {missing}.",
                needed=needed,
                missing=missing,
            ),
            hint=msg(
                "Name the columns that stand for them with --series-id, --series-time and --series-value; there are: "
                "{columns}.",
                columns=listed(columns),
            ),
            context=str(file),
        )
    error = trained.error if trained.error in columns else ""
    alike = tuple(name for name in trained.alike or () if name in columns)
    series = trained.model_copy(update={"error": error, "alike": alike})
    return plan.reading.model_copy(update={"series": series})
