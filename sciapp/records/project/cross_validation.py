"""Cross-validation: the datasets that hold its folds, the trainings on them, and what they come to together."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from sciapp.errors import BadInput, SciAppError
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetCard, SplitPlan
from sciapp.records.model.reference import run_behind
from sciapp.records.plan.plan import Plan, TrainPlan, is_fine_tuning
from sciapp.records.project.project import Project
from sciapp.records.run.evaluation import Score, Scores
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import in_sentence, value_text

_SPREAD = (
    "Folds share most of their training rows: the standard deviation says how much the score depends on which rows "
    "are tested, and is no confidence interval."
)


@dataclass(frozen=True)
class TestedFold:
    """One fold that was trained and tested."""

    dataset: DatasetCard
    run: Run
    scores: Scores

    @property
    def called(self) -> str:
        """“Fold 2 of 5, seed 0”."""
        return f"Fold {self.dataset.split.fold} of {self.dataset.split.folds}, seed {self.dataset.split.seed}"


@dataclass(frozen=True)
class CrossValidation:
    """All folds of one training that were tested so far; `planned` is how many datasets there are for it."""

    tested: tuple[TestedFold, ...]
    planned: int
    main_score: str

    def summary(self, name: str, target: str = "") -> tuple[Score, float] | None:
        """Mean over the folds as a score with the smallest and the largest fold as its ends, and standard deviation.

        None with fewer than two folds where the score is defined.
        """
        found = self._scores(name, target)
        values = [score.value for score in found if score.value is not None]
        if len(values) < 2:
            return None
        middle = found[0].model_copy(update={"value": mean(values), "low": min(values), "high": max(values)})
        return middle, stdev(values)

    def _scores(self, name: str, target: str = "") -> list[Score]:
        """Of the folds where the score is defined: a fold with one class has no ROC-AUC."""
        found = [one.scores.get(name, target) for one in self.tested]
        return [score for score in found if score is not None and score.value is not None]

    @property
    def said(self) -> str:
        """The main score in a sentence, and what is still missing."""
        parts = []
        if found := self.summary(self.main_score):
            score, spread = found
            deviation = score.model_copy(update={"value": spread})
            low, high = (score.model_copy(update={"value": end}) for end in (score.low, score.high))
            counted = len(self._scores(score.name))
            parts.append(
                f"Cross-validation, {counted} folds: {in_sentence(score.name)} {value_text(score)} ± "
                f"{value_text(deviation)} (mean ± standard deviation; from {value_text(low)} to {value_text(high)}). "
                f"{_SPREAD}"
            )
        if missing := self.planned - len(self.tested):
            parts.append(f"{missing} of {self.planned} folds {'has' if missing == 1 else 'have'} not been tested yet.")
        return " ".join(parts)


def folds_of(card: DatasetCard, cards: Sequence[DatasetCard]) -> list[DatasetCard]:
    """The datasets of the same rows with the same folds, `card` among them, by seed and fold; empty where it is none.

    Of several with the same seed and fold the newest.
    """
    if card.split.folds is None:
        return []
    found = {(one.split.seed, one.split.fold): one for one in cards if _family(one) == _family(card)}
    found[card.split.seed, card.split.fold] = card
    return [found[key] for key in sorted(found)]


def must_have_folds(project: Project, plan: Plan) -> None:
    """Raise BadInput where not all folds are there to be trained on, or the model has seen rows of some."""
    if not is_fine_tuning(plan) or not plan.all_folds:
        return
    card = project.dataset(plan.dataset)
    if card.split.folds is None:
        raise BadInput(
            msg("Dataset {card} is no fold of a cross-validation.", card=card.id),
            hint=msg("Import the table with folds, each tested in turn: sciapp import … --folds 5 --all-folds."),
        )
    folds = folds_of(card, project.datasets())
    if missing := _missing(folds):
        listed = ", ".join(f"{fold} (seed {seed})" for seed, fold in missing)
        raise BadInput(
            msg(
                "Not all {folds} folds are there to be trained on; missing or damaged: {missing}.",
                folds=card.split.folds,
                missing=listed,
            ),
            hint=msg(
                "Import them: sciapp import … --folds {folds} --fold {fold} --seed {seed}; or train on single folds.",
                folds=card.split.folds,
                fold=missing[0][1],
                seed=missing[0][0],
            ),
        )
    family = {one.id for one in folds}
    model = plan.model
    while name := run_behind(model):
        before = project.run(name).plan()
        if before.trains and before.dataset_read in family:
            raise BadInput(
                msg("The model of run {name} has read rows that other folds test.", name=name),
                hint=msg("Begin from a starter, or train on this one fold."),
            )
        model = before.origin if before.trains else ""


def next_fold(project: Project, run: Run, plan: TrainPlan) -> TrainPlan | None:
    """The plan for the first fold that neither `run` nor those before it were trained on; None after the last."""
    trained = {_dataset(other) for other in _together(project, run, plan)}
    left = [one for one in folds_of(project.dataset(plan.dataset), project.datasets()) if one.id not in trained]
    return plan.model_copy(update={"dataset": left[0].id, "first_fold": plan.first_fold or run.id}) if left else None


def cross_validation(project: Project, run: Run) -> CrossValidation | None:
    """What a training on all folds has come to, seen from any of its runs; None for other runs. Raises SciAppError."""
    plan = run.plan()
    if not is_fine_tuning(plan) or not plan.all_folds:
        return None
    cards = {card.id: card for card in project.datasets()}
    tested, main = [], ""
    for other in _together(project, run, plan):
        evaluation, card = other.evaluation(), cards.get(_dataset(other))
        if evaluation is not None and card is not None:
            tested.append(TestedFold(card, other, evaluation.model))
            main = evaluation.main_score
    own = cards.get(plan.dataset)
    folds = folds_of(own, list(cards.values())) if own else []
    planned = len(folds) + len(_missing(folds))
    return CrossValidation(tuple(tested), max(planned, len(tested)), main) if tested else None


def _missing(folds: Sequence[DatasetCard]) -> list[tuple[int, int]]:
    """(seed, fold) of those that no dataset holds, for every seed of which some are there."""
    there = {(one.split.seed, one.split.fold) for one in folds}
    count = max((one.split.folds or 0 for one in folds), default=0)
    wanted = [(seed, fold) for seed in sorted({seed for seed, _ in there}) for fold in range(1, count + 1)]
    return [one for one in wanted if one not in there]


def _family(card: DatasetCard) -> tuple[object, ...]:
    """The same for all folds, and for repetitions with other seeds; shares mean nothing where there are folds."""
    split = card.split.model_copy(update={"fold": 1, "seed": 0, "fractions": SplitPlan().fractions})
    return card.source.sha256, card.source.reading, card.roles, card.task, card.repairs, split


def _together(project: Project, run: Run, plan: TrainPlan) -> list[Run]:
    """All runs of the training on all folds that `run` is one of, in the order they were made."""
    first = plan.first_fold or run.id
    return [other for other in project.runs() if other.id == first or _first_fold(other) == first]


def _first_fold(run: Run) -> str:
    try:
        plan = run.plan()
    except SciAppError:
        return ""
    return plan.first_fold if is_fine_tuning(plan) else ""


def _dataset(run: Run) -> str:
    return run.plan().dataset_read
