"""The evaluation of a model on rows that it never saw, beside what it must beat."""

from collections.abc import Sequence

import numpy as np

from sciapp.engine.data.targets.base import ArrayValues, RowValues, Targets
from sciapp.engine.data.targets.registry import class_names
from sciapp.engine.statistics.intervals import samples_for
from sciapp.engine.tasks.baselines.base import Baseline
from sciapp.engine.tasks.evaluator import Evaluator
from sciapp.i18n import msg, number, plural
from sciapp.records.run.evaluation import Evaluation, ExtraFeatures, PairedDifference, Scores
from sciapp.records.run.score_format import in_sentence

_ROUNDING = 1e-5  # of the spread of predictions


def evaluate(
    judge: Evaluator,
    targets: Targets,
    values: RowValues,
    *,
    trivial: Baseline,
    simple: Baseline,
    further: Sequence[Baseline] = (),
    before: Scores,
    after: Scores,
    extra_features: ExtraFeatures | None = None,
    remarks: tuple[str, ...] = (),
    called: str = msg("fine-tuned model"),
) -> Evaluation:
    """Everything measured on the test rows: targets as in `Rows`, values as decoded.

    called: what is judged, in the middle of a sentence.
    """
    card = judge.card
    model = judge.report(msg("{model:u}", model=called), targets, values)
    difference = paired_difference(judge, targets, values, simple.values)
    beats, sentence = verdict(judge, targets, values, simple, called, difference)
    return Evaluation(
        task=card.task,
        target_names=card.target_names,
        class_names=class_names(card),
        main_score=judge.main_score,
        model=model,
        trivial_baseline=judge.report(trivial.name, targets, trivial.values),
        simple_baseline=judge.report(simple.name, targets, simple.values),
        further_baselines=tuple(judge.report(baseline.name, targets, baseline.values) for baseline in further),
        validation_before=before,
        validation_after=after,
        confusion=judge.confusion(targets, values),
        roc=judge.roc(targets, values),
        verdict=sentence,
        beats_simple_baseline=beats,
        difference=difference,
        extra_features=extra_features,
        bootstrap_samples=samples_for(len(targets)),
        remarks=remarks,
    )


def paired_difference(
    judge: Evaluator, targets: Targets, values: RowValues, others: RowValues
) -> PairedDifference | None:
    """Main score of `values` minus that of `others` on the same rows; None where it is not defined."""
    low, high = judge.difference(targets, values, others)
    difference = judge.main(targets, values) - judge.main(targets, others)
    if not np.isfinite([difference, low, high]).all():
        return None
    return PairedDifference(difference=float(difference), low=float(low), high=float(high))


def verdict(
    judge: Evaluator,
    targets: Targets,
    values: RowValues,
    simple: Baseline,
    called: str = msg("fine-tuned model"),
    difference: PairedDifference | None = None,
) -> tuple[bool | None, str]:
    """The comparison of the model with the simple baseline: better or not, and the sentence that says so.

    It does, or does not, when the 95 % interval of the paired difference, on the same redrawn test rows, leaves out
    zero; otherwise the two cannot be told apart, which is no win either. None: nothing could be compared.
    difference: as `paired_difference` measured it; None: measured here.
    """
    name = in_sentence(judge.main_score)
    rival = msg("the simple baseline ({name:l})", name=simple.name)
    ours, theirs = judge.main(targets, values), judge.main(targets, simple.values)
    if _same_predictions(values, simple.values) and np.isfinite(ours):
        on = msg("{name} {ours:.3g} on {rows}", name=name, ours=ours, rows=_rows(targets))
        return False, msg(
            "The {called} cannot be told apart from {rival}: both say the same of every test row ({on}).",
            called=called,
            rival=rival,
            on=on,
        )
    paired = difference or paired_difference(judge, targets, values, simple.values)
    if paired is None or not np.isfinite([ours, theirs]).all():
        return None, msg(
            "The {called} cannot be compared with {rival}: too few test rows are measured.", called=called, rival=rival
        )
    figures = msg(
        "{name} {ours:.3g} against {theirs:.3g} on {rows}, a difference of {difference} (95 % interval "
        "{low} to {high})",
        name=name,
        ours=ours,
        theirs=theirs,
        rows=_rows(targets),
        difference=signed(paired.difference),
        low=signed(paired.low),
        high=signed(paired.high),
    )
    if paired.may_be_luck:
        return False, msg(
            "The {called} cannot be told apart from {rival}: {figures}.", called=called, rival=rival, figures=figures
        )
    if (paired.high < 0) == (not judge.greater_is_better):
        return True, msg("The {called} beats {rival}: {figures}.", called=called, rival=rival, figures=figures)
    return False, (
        msg(
            "The {called} does not beat {rival}: {figures}; use the simple one, or try more passes, more data or "
            "a larger model.",
            called=called,
            rival=rival,
            figures=figures,
        )
    )


def _same_predictions(values: RowValues, others: RowValues) -> bool:
    """True if two arrays of predictions differ by no more than the digits that fp32 drops."""
    if not isinstance(values, ArrayValues):
        return False
    first, second = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
    return first.shape == second.shape and np.allclose(first, second, rtol=0, atol=_ROUNDING * float(np.std(second)))


def signed(value: float) -> str:
    """“+0.12”, “−0.12”."""
    return number(value, "−+.3g")


def _rows(targets: Targets) -> str:
    return plural("{n:,} test row", "{n:,} test rows", len(targets))
