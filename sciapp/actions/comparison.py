"""Runs beside each other: their scores, the settings that differ, and their difference on the same test rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sciapp.actions.prediction_rows import miss_of
from sciapp.actions.tables import PREDICTION_PREFIX, MemorySource, lines_of, open_predictions
from sciapp.engine.statistics.row_errors import difference_of_errors, difference_of_f1
from sciapp.errors import NotFound, SciAppError
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import TARGET_PREFIX
from sciapp.records.project.lineage import trained_run
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation, PairedDifference, Score, Scores
from sciapp.records.run.judgement import main_score, paired_difference

Floats = npt.NDArray[np.float64]

_NOT_THE_SAME_ROWS = msg("They were not tested on the same rows.")
_NOT_ROW_BY_ROW = msg("Their score cannot be compared row by row.")
_DAMAGED = msg("Their predictions cannot be read.")


@dataclass(frozen=True)
class ComparedRun:
    """One run of a comparison. beats_simple, difference: against the simple baseline of its own evaluation."""

    id: str
    score: Score
    simple: Scores | None
    beats_simple: bool | None
    difference: PairedDifference | None
    seconds: float | None


@dataclass(frozen=True)
class Pair:
    """The best run and another: difference of the main score (best − other) on the same rows.

    gains: the miss of the other minus that of the best, row by row (rows,), the largest first: above 0 the best is
    nearer. difference None: `reason` says why there is none. of_pairs: the interval holds for so many pairs at once.
    """

    best: str
    other: str
    difference: PairedDifference | None
    reason: str = ""
    gains: tuple[float, ...] = ()
    same_rows: bool = True
    of_pairs: int = 1

    @property
    def nearer(self) -> tuple[int, int]:
        """Rows on which the best is nearer, and on which the other is."""
        return sum(gain > 0 for gain in self.gains), sum(gain < 0 for gain in self.gains)


@dataclass(frozen=True)
class Comparison:
    """runs: the best first. pairs: the best with each other one. settings: name → the value of each run, in order."""

    main_score: str
    runs: tuple[ComparedRun, ...]
    pairs: tuple[Pair, ...]
    settings: tuple[tuple[str, tuple[str, ...]], ...]
    settings_compared: int


def compare_runs(*, project: Project, run_ids: Sequence[str]) -> Comparison:
    """The runs, which were judged by the same main score, beside each other.

    Raises NotFound where fewer than two of them were; RunProblem.
    """
    known = [(id, evaluation) for id in run_ids if (evaluation := project.run(id).evaluation()) is not None]
    name = known[0][1].main_score if known else ""
    runs = [
        _compared(project, id, evaluation, score)
        for id, evaluation in known
        if evaluation.main_score == name and (score := main_score(evaluation)) is not None and score.value is not None
    ]
    if len(runs) < 2:
        raise NotFound(
            msg("There are no two runs here with the same score."), hint=msg("Choose runs that predict the same.")
        )
    runs.sort(key=_goodness, reverse=True)
    settings, compared = _settings([_leaves(project, run.id) for run in runs])
    best = runs[0]
    pairs = tuple(_pair(project, best.id, other.id, name, of_pairs=len(runs) - 1) for other in runs[1:])
    return Comparison(name, tuple(runs), pairs, settings, compared)


def _compared(project: Project, id: str, evaluation: Evaluation, score: Score) -> ComparedRun:
    state = project.run(id).state()
    seconds = (state.ended - state.started).total_seconds() if state.started and state.ended else None
    is_compression = evaluation.before_compression is not None
    return ComparedRun(
        id,
        score,
        evaluation.simple_baseline,
        evaluation.beats_simple_baseline,
        None if is_compression else paired_difference(evaluation),
        seconds,
    )


def _goodness(run: ComparedRun) -> float:
    value = run.score.value or 0.0
    return value if run.score.greater_is_better else -value


def _pair(project: Project, best: str, other: str, name: str, *, of_pairs: int) -> Pair:
    try:
        first, second = (open_predictions(project.run(id).predictions_file) for id in (best, other))
    except SciAppError:
        return Pair(best, other, None, _DAMAGED)
    aligned = _aligned(first, second)
    if aligned is None:
        return Pair(best, other, None, _NOT_THE_SAME_ROWS, same_rows=False)
    first, second = aligned
    gains = miss_in_units(second) - miss_in_units(first)
    difference = _difference(first, second, name, of_pairs)
    reason = "" if difference is not None else _NOT_ROW_BY_ROW
    return Pair(best, other, difference, reason, tuple(np.sort(gains)[::-1].tolist()), of_pairs=of_pairs)


def miss_in_units(source: MemorySource) -> Floats:
    """The miss of each row (rows,) in the target's unit; of several targets, or of classes, as `miss_of` has it."""
    targets = [key for key in source.table.column_names if key.startswith(TARGET_PREFIX)]
    if len(targets) != 1 or not _is_number(source, targets[0]):
        return miss_of(source)
    measured, predicted = _pair_of(source, targets[0])
    return np.abs(predicted - measured)


def _aligned(first: MemorySource, second: MemorySource) -> tuple[MemorySource, MemorySource] | None:
    """Both in the order of their lines; None unless these and all measured values are the same."""
    ordered = [source.in_order(np.argsort(lines_of(source), kind="stable")) for source in (first, second)]
    lines = [lines_of(source) for source in ordered]
    names = [[key for key in source.table.column_names if key.startswith(TARGET_PREFIX)] for source in ordered]
    if not np.array_equal(lines[0], lines[1]) or names[0] != names[1]:
        return None
    if any(not ordered[0].table[key].equals(ordered[1].table[key]) for key in names[0]):
        return None
    return ordered[0], ordered[1]


def _difference(first: MemorySource, second: MemorySource, name: str, of_pairs: int) -> PairedDifference | None:
    """Of one target of numbers (RMSE, MAE) or of classes (macro F1, accuracy); None for every other score."""
    targets = [key for key in first.table.column_names if key.startswith(TARGET_PREFIX)]
    if len(targets) != 1 or PREDICTION_PREFIX + targets[0].removeprefix(TARGET_PREFIX) not in first.table.column_names:
        return None
    if _is_number(first, targets[0]):
        if name not in {"rmse", "mae"}:
            return None
        errors = [
            np.abs(predicted - measured) for measured, predicted in (_pair_of(s, targets[0]) for s in (first, second))
        ]
        known = np.isfinite(errors[0]) & np.isfinite(errors[1])
        power = 2 if name == "rmse" else 1
        ours, theirs = (error[known] ** power for error in errors)
        return difference_of_errors(ours, theirs, root=name == "rmse", of_pairs=of_pairs)
    if name not in {"macro_f1", "accuracy"}:
        return None
    texts = [
        first.table[targets[0]].to_pylist(),
        *(_predicted(source, targets[0]).to_pylist() for source in (first, second)),
    ]
    classes, codes = np.unique(np.array(texts, dtype=str), return_inverse=True)
    truth, first_codes, second_codes = codes.reshape(3, -1)
    if name == "accuracy":
        hits = [(chosen == truth).astype(float) for chosen in (first_codes, second_codes)]
        return difference_of_errors(hits[0], hits[1], root=False, of_pairs=of_pairs)
    return difference_of_f1(truth, first_codes, second_codes, classes=len(classes), of_pairs=of_pairs)


def _is_number(source: MemorySource, target: str) -> bool:
    return any(column.key == target and column.numeric for column in source.columns)


def _predicted(source: MemorySource, target: str) -> pa.ChunkedArray:
    return source.table[PREDICTION_PREFIX + target.removeprefix(TARGET_PREFIX)]


def _pair_of(source: MemorySource, target: str) -> tuple[Floats, Floats]:
    measured = source.table[target].to_numpy().astype(np.float64)
    return measured, _predicted(source, target).to_numpy().astype(np.float64)


def _settings(leaves: Sequence[dict[str, str]]) -> tuple[tuple[tuple[str, tuple[str, ...]], ...], int]:
    """The settings that are not the same in all runs, and how many were compared."""
    names = list(dict.fromkeys(name for leaf in leaves for name in leaf))
    values = {name: tuple(leaf.get(name, "–") for leaf in leaves) for name in names}
    return tuple((name, value) for name, value in values.items() if len(set(value)) > 1), len(names)


def _leaves(project: Project, id: str) -> dict[str, str]:
    """Name → value of every setting of the training behind a run, and the methods by which it was compressed."""
    try:
        trained = trained_run(project, id)
    except SciAppError:
        return {}
    leaves: dict[str, str] = {}
    for name, value in trained.plan.model_dump(mode="json", exclude={"kind"}).items():
        leaves |= {key: str(leaf) for key, leaf in (value.items() if isinstance(value, dict) else [(name, value)])}
    methods = [step.base_text for step in trained.compressions]
    return leaves | {"compression": str(joined(methods, ", ")) if methods else "–"}
