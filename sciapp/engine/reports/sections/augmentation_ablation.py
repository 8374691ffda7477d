"""A training with augmentation beside the same one without: on the same test rows, with the difference's interval."""

from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.targets.base import ArrayValues, RowValues
from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.engine.data.values.input_columns import inputs_of
from sciapp.engine.evaluation.evaluate import signed
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.engine.tasks.registry import evaluator_of
from sciapp.i18n import all_of, joined, msg
from sciapp.records.dataset.card import LINE, SPLIT, DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import compared_runs
from sciapp.records.regular import regular
from sciapp.records.run.evaluation import Scores
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import in_sentence

_ONE_PAIR = msg("This is one pair of runs with one seed; others may come out otherwise.")


@dataclass(frozen=True)
class AugmentationAblation:
    """sides: test scores with and without. text: what their difference is, in sentences."""

    sides: tuple[Scores, Scores]
    text: str


def compared(project: Project, run: Run) -> AugmentationAblation | None:
    """`run` and its counterpart; None where there is none, or where one of them was not evaluated."""
    pair = compared_runs(project, run)
    evaluations = [one.evaluation() for one in pair] if pair else []
    if pair is None or evaluations[0] is None or evaluations[1] is None:
        return None
    named = zip((msg("With augmentation"), msg("Without")), pair, evaluations, strict=True)
    first, second = (
        evaluation.model.model_copy(update={"predictor": msg("{label} (run {id})", label=label, id=one.id)})
        for label, one, evaluation in named
        if evaluation
    )
    card = project.dataset(pair[0].plan().dataset_read)
    return AugmentationAblation((first, second), sentence(project, card, *pair))


def sentence(project: Project, card: DatasetCard, with_it: Run, without: Run) -> str:
    """The difference of the two, in a sentence; for both the rows' predictions must be on disk."""
    folder, plan = project.dataset_folder(card.id), with_it.training_plan()
    rows = read_split(folder, card, "test")
    ours, theirs = (_values(run, card, rows) for run in (with_it, without))
    if ours is None or theirs is None:
        return msg(
            "Runs {id} and {other_id} were not judged on the same test rows, so nothing is said of their difference.",
            id=with_it.id,
            other_id=without.id,
        )
    judge = evaluator_of(card, read_split(folder, card, "train").targets, plan.seed)
    stopped = [run.id for run in (with_it, without) if run.state().status == "stopped"]
    cut_short = msg("Run {runs} was stopped by hand.", runs=all_of(stopped)) if stopped else ""
    return joined([_difference(judge, rows, ours, theirs), _ONE_PAIR, cut_short])


def _difference(judge: Evaluator, rows: Rows, ours: RowValues, theirs: RowValues) -> str:
    name = in_sentence(judge.main_score)
    here, there = judge.main(rows.targets, ours), judge.main(rows.targets, theirs)
    if isinstance(ours, ArrayValues) and np.array_equal(np.asarray(ours), np.asarray(theirs)):
        return msg("With and without augmentation the answers for all {rows:,} test rows are the same.", rows=len(rows))
    low, high = judge.difference(rows.targets, ours, theirs)
    if not np.isfinite([here, there, low, high]).all():
        return msg("With and without augmentation cannot be compared: too few test rows are measured.")
    figures = msg(
        "{name} {here:.3g} with it and {there:.3g} without on the same {rows:,} test rows, a difference of "
        "{difference} (95 % interval {low} to {high}).",
        name=name,
        here=here,
        there=there,
        rows=len(rows),
        difference=signed(here - there),
        low=signed(low),
        high=signed(high),
    )
    if low <= 0 <= high:
        return msg("Whether augmentation helps cannot be told: {figures}", figures=figures)
    if (high < 0) == (not judge.greater_is_better):
        return msg("Augmentation helps: {figures}", figures=figures)
    return msg("Augmentation does harm: {figures}", figures=figures)


def _values(run: Run, card: DatasetCard, rows: Rows) -> RowValues | None:
    """The predictions of just these test rows; None where the run has others, or none."""
    try:
        table = pq.read_table(regular(run.predictions_file), filters=[(SPLIT, "=", "test")])
        if table[LINE].to_pylist() != rows.line.tolist() or inputs_of(table) != rows.inputs:
            return None
        return target_kind(card.task).read_values(table, card)
    except UNREADABLE:
        return None
