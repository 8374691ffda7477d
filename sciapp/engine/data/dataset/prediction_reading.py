"""Reading of a file that is predicted: its columns and rows are put together as those of the training were."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sciapp.engine.data.readers.derived_columns import column_joiner
from sciapp.engine.data.readers.table_reader import TableFormat, columns_of, preview, read_rows, sniff
from sciapp.engine.data.schema.infer import propose
from sciapp.errors import BadInput, RunProblem, UnknownColumn, listed
from sciapp.i18n import joined, msg
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


def check_file(file: Path, plan: PredictPlan, card: DatasetCard, conditions: Sequence[str]) -> None:
    """Raises UnknownColumn, BadInput or RunProblem for a file that the plan cannot predict, before anything is loaded.

    conditions: the columns that the model reads besides its inputs.
    """
    format = sniff(file, prediction_reading(file, plan, card))
    input_columns_of(file, plan, card, format)
    for name in conditions:
        covariate_column(file, name, format)
    if format.series.wanted:
        return  # the first row is there when all points have been gathered
    with closing(read_rows(file, format)) as rows:
        if next(rows, None) is None:
            raise no_rows(file)


def no_rows(file: Path) -> RunProblem:
    """Error for a file with a header alone."""
    return RunProblem(msg("The file has no rows to predict."), context=str(file))


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


# Columns of the file.


def input_column(file: Path, wanted: str, format: TableFormat | None = None) -> str:
    """The file's column that is meant: of that very name, else whatever its case. Raises UnknownColumn."""
    columns = columns_of(file, format)
    if wanted in columns:
        return wanted
    for column in columns:
        if column.strip().lower() == wanted.strip().lower():
            return column
    raise UnknownColumn(wanted, columns)


def covariate_column(file: Path, name: str, format: TableFormat | None = None) -> str:
    """The file's column with a covariate of the model. Raises UnknownColumn, which says what the column is for."""
    try:
        return input_column(file, name, format)
    except UnknownColumn as error:
        purpose = msg(
            "The model reads “{name}” of each row too: add the column, with empty cells where it was not measured.",
            name=name,
        )
        error.hint = joined([purpose, error.hint])
        raise


def input_columns_of(file: Path, plan: PredictPlan, card: DatasetCard, format: TableFormat) -> tuple[str, ...]:
    """The file's columns with the inputs that the model reads of a row, in order.

    Raises UnknownColumn, BadInput where two would be the same.
    """
    column = _own_column(file, plan, card) or input_column(file, plan.input_column or card.roles.input, format)
    second = _second_column(file, plan, card, format)
    if column == second:
        raise BadInput(
            msg("The column “{column}” was chosen for two roles: it would be both inputs of each row.", column=column),
            hint=msg("Name another column with --input or --second-input."),
        )
    return (column,) if second is None else (column, second)


def _own_column(file: Path, plan: PredictPlan, card: DatasetCard) -> str:
    """The column with the inputs where its name comes from the format (FASTA, lists) and not from a person."""
    seen = preview(file, reading=plan.reading)
    named_by_people = seen.format.kind in {"table", "workbook"} and seen.format.header
    if plan.input_column or named_by_people or card.roles.input in seen.columns:
        return ""
    return propose(seen, card.domain).input


def _second_column(file: Path, plan: PredictPlan, card: DatasetCard, format: TableFormat) -> str | None:
    """The file's column with the second inputs; None for a model that reads one. Raises BadInput."""
    if card.roles.second_input is None:
        if plan.second_input_column:
            raise BadInput(msg("This model reads one input a row, not two."), hint=msg("Leave the second input out."))
        return None
    name = plan.second_input_column or card.roles.second_input
    try:
        return input_column(file, name, format)
    except UnknownColumn as error:
        raise BadInput(
            msg(
                "This model reads two inputs a row, and the file has no column “{wanted}” for the second.",
                wanted=name,
            ),
            hint=msg("Name it with --second-input. There are: {columns}.", columns=listed(columns_of(file, format))),
        ) from error
