"""A run's result at a glance: the judgement, the grounds to trust its number, and the rows where it is less sure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sciapp.actions.prediction_rows import far_off
from sciapp.actions.tables import PREDICTION_PREFIX, MemorySource, Parity
from sciapp.engine.domains.about import domains
from sciapp.engine.statistics.row_errors import ErrorGroup, errors_by_value, hits_by_class
from sciapp.errors import SciAppError
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import TARGET_PREFIX, DatasetCard
from sciapp.records.dataset.leakage import Leakage, read_leakage
from sciapp.records.plan.plan import TrainPlan, is_fine_tuning
from sciapp.records.project.lineage import TrainedRun
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Evaluation, Score
from sciapp.records.run.judgement import Judgement, Light, judge, main_score
from sciapp.records.run.score_format import margin, rounded, score_title

_FEW_ROWS = 50  # of the test split: its share of chance is large
_METHODS = {  # of a split → the title of the ground, and how the rows were divided
    "cluster": (msg("Tested on other families of rows"), msg("by families of like rows")),
    "group": (msg("Tested on other groups of rows"), msg("so that rows of one group stay together")),
    "time": (msg("Tested on the newest rows"), msg("by time: the newest rows are tested")),
}


@dataclass(frozen=True)
class Ground:
    """One reason to trust a score or to doubt it."""

    light: Light
    title: str
    text: str = ""


@dataclass(frozen=True)
class Overview:
    """The first page of a result.

    grounds: for and against trusting the score. groups: errors by measured value, or shares right by class, with
    `grouped_by` saying which. far_off: lines of the rows that are furthest off.
    """

    judgement: Judgement
    grounds: tuple[Ground, ...]
    groups: tuple[ErrorGroup, ...]
    grouped_by: str
    far_off: tuple[int, ...]


def overview_of(
    project: Project,
    trained: TrainedRun | None,
    evaluation: Evaluation,
    predictions: MemorySource | None,
    parities: tuple[Parity, ...],
) -> Overview:
    """trained: the training that the model comes from; None where it, or its dataset, is gone."""
    groups, grouped_by = _groups(evaluation, predictions, parities)
    return Overview(
        judge(evaluation, _leaks(trained)),
        tuple(_grounds(project, trained, evaluation)),
        groups,
        grouped_by,
        tuple(far_off(predictions).tolist()) if predictions is not None else (),
    )


def rows_called(card: DatasetCard | None) -> str:
    """“molecules”, in the middle of a sentence."""
    about = domains().get(card.domain) if card is not None else None
    return about.rows if about is not None else msg("rows")


def _groups(
    evaluation: Evaluation, predictions: MemorySource | None, parities: tuple[Parity, ...]
) -> tuple[tuple[ErrorGroup, ...], str]:
    if len(parities) == 1:
        parity = parities[0]
        by_value = errors_by_value(parity.measured, parity.predicted)
        return by_value, msg("typical miss by measured value") if by_value else ""
    names = evaluation.target_names
    if predictions is None or evaluation.confusion is None or len(names) != 1:
        return (), ""
    keys = (TARGET_PREFIX + names[0], PREDICTION_PREFIX + names[0])
    if not set(keys) <= set(predictions.table.column_names):
        return (), ""
    measured, predicted = (predictions.table[key].to_pylist() for key in keys)
    known = [(str(truth), str(found)) for truth, found in zip(measured, predicted, strict=True) if truth is not None]
    by_class = hits_by_class(*(list(side) for side in zip(*known, strict=True))) if known else ()
    return by_class, msg("share right of each measured class") if by_class else ""


def _leaks(trained: TrainedRun | None) -> tuple[str, ...]:
    if trained is None:
        return ()
    leaking = trained.card.leaking_columns()
    return tuple(name for name in trained.plan.covariates if name in leaking)


def _grounds(project: Project, trained: TrainedRun | None, evaluation: Evaluation) -> Iterator[Ground]:
    if trained is None:
        yield Ground("unknown", msg("Its dataset is gone"), msg("How it was tested can no longer be looked up."))
        return
    card = trained.card
    for name in _leaks(trained):
        yield Ground("bad", msg("“{name}” gives the answer away", name=name), card.leaking_columns()[name])
    leakage = read_leakage(project.dataset_folder(card.id).leakage_file)
    yield _split_ground(card, leakage)
    if leakage is not None:
        yield _twin_ground(leakage, rows_called(card))
    if evaluation.model.rows < _FEW_ROWS:
        few = plural("Only {n:,} test row", "Only {n:,} test rows", evaluation.model.rows)
        yield Ground("caution", few, msg("other rows of the same kind may give another score: see its range"))
    yield _repeat_ground(project, trained, main_score(evaluation))


def _split_ground(card: DatasetCard, leakage: Leakage | None) -> Ground:
    """Good only where the rows were compared and no test row came near one that was learned from."""
    rows, method = rows_called(card), card.split.method
    own = next((about.splits[method] for about in domains().values() if method in about.splits), None)
    title, how = (own.tested, own.short) if own is not None else _METHODS.get(method, ("", ""))
    if how:
        light: Light = "unknown" if leakage is None else "caution" if _has_twins(leakage) else "good"
        return Ground(light, title or msg("Tested on other {rows}", rows=rows), msg("divided {how}", how=how))
    if method in {"random", "stratified"}:
        text = msg("rows that are unlike all of these may be predicted worse")
        return Ground("caution", msg("Tested on {rows} drawn by chance", rows=rows), text)
    return Ground("unknown", msg("Tested as the file says"), msg("how it was divided is not known"))


def _has_twins(leakage: Leakage) -> bool:
    return leakage.neighbours.at_least(leakage.near) > 0 or bool(leakage.crossings)


def _twin_ground(leakage: Leakage, rows: str) -> Ground:
    near = leakage.neighbours.at_least(leakage.near)
    if near:
        title = msg(
            "{near:,} of {whole:,} test {rows} have a near twin", near=near, whole=leakage.neighbours.rows, rows=rows
        )
        return Ground("caution", title, msg("among those learned from: anything new may be predicted worse"))
    if leakage.level == "clean":
        return Ground("good", msg("No near twins"), msg("no test row nearly equals one that was learned from"))
    return Ground("caution", msg("Test rows differ from those learned from"), leakage.verdict)


def _repeat_ground(project: Project, trained: TrainedRun, score: Score | None) -> Ground:
    """The spread between trainings that differ in nothing but their seed, where there are any."""
    values = [value for value in _repeats(project, trained) if value is not None]
    if score is None or score.value is None or not values:
        return Ground(
            "caution", msg("One training only"), msg("another start of chance may end a little better or worse")
        )
    every = np.array([score.value, *values])
    spread = margin(score)
    return Ground(
        "good",
        plural("Trained {n} time", "Trained {n} times", len(every)),
        msg(
            "by chance of the start, {name} went from {low} to {high}",
            name=score_title(score.name),
            low=rounded(float(every.min()), spread),
            high=rounded(float(every.max()), spread),
        ),
    )


def _repeats(project: Project, trained: TrainedRun) -> Iterator[float | None]:
    """Main score of every other training of the same plan with another seed."""
    for run in project.runs():
        if run.id == trained.run.id:
            continue
        try:
            plan, evaluation = run.plan(), run.evaluation()
        except (SciAppError, ValueError):
            continue
        if evaluation is not None and is_fine_tuning(plan) and _differs_in_seed(plan, trained.plan):
            score = main_score(evaluation)
            yield score.value if score is not None else None


def _differs_in_seed(plan: TrainPlan, other: TrainPlan) -> bool:
    return plan.seed != other.seed and plan.model_copy(update={"seed": other.seed}) == other
