"""Cross-validation: the datasets that hold its folds, the trainings on them, and what they come to together."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, stdev
from typing import ClassVar

from sciapp.errors import BadInput
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.card import DatasetCard, SplitPlan
from sciapp.records.model.reference import run_behind
from sciapp.records.plan.plan import Plan
from sciapp.records.project.project import Project
from sciapp.records.project.studies.base import MainScore, StudyKind, runs_of
from sciapp.records.project.study import Study, StudyDesign
from sciapp.records.run.evaluation import Score, Scores
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import in_sentence, score_title, value_text

_SPREAD = msg(
    "Folds share most of their training rows: the standard deviation says how much the score depends on "
    "which rows are tested, and is no confidence interval."
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
        return msg(
            "Fold {fold} of {folds}, seed {seed}",
            fold=self.dataset.split.fold,
            folds=self.dataset.split.folds,
            seed=self.dataset.split.seed,
        )


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
        scores = self._scores(name, target)
        values = [score.value for score in scores if score.value is not None]
        if len(values) < 2:
            return None
        middle = scores[0].model_copy(update={"value": mean(values), "low": min(values), "high": max(values)})
        return middle, stdev(values)

    def _scores(self, name: str, target: str = "") -> list[Score]:
        """Of the folds where the score is defined: a fold with one class has no ROC-AUC."""
        scores = [one.scores.get(name, target) for one in self.tested]
        return [score for score in scores if score is not None and score.value is not None]

    @property
    def text(self) -> str:
        """The main score in a sentence, and what is still missing."""
        parts: list[str] = []
        if summary := self.summary(self.main_score):
            score, spread = summary
            deviation = score.model_copy(update={"value": spread})
            low, high = (score.model_copy(update={"value": end}) for end in (score.low, score.high))
            counted = len(self._scores(score.name))
            parts.append(
                msg(
                    "Cross-validation, {folds} folds: {score} {mean} ± {deviation} (mean ± standard deviation; from "
                    "{low} to {high}). {advice}",
                    folds=counted,
                    score=in_sentence(score.name),
                    mean=value_text(score),
                    deviation=value_text(deviation),
                    low=value_text(low),
                    high=value_text(high),
                    advice=_SPREAD,
                )
            )
        if missing := self.planned - len(self.tested):
            parts.append(
                plural(
                    "{n} of {planned} folds has not been tested yet.",
                    "{n} of {planned} folds have not been tested yet.",
                    missing,
                    planned=self.planned,
                )
            )
        return joined(parts)


def folds_of(card: DatasetCard, cards: Sequence[DatasetCard]) -> list[DatasetCard]:
    """The datasets of the same rows with the same folds, `card` among them, by seed and fold; empty where it is none.

    Of several with the same seed and fold the newest.
    """
    if card.split.folds is None:
        return []
    folds = {(one.split.seed, one.split.fold): one for one in cards if _family(one) == _family(card)}
    folds[card.split.seed, card.split.fold] = card
    return [folds[key] for key in sorted(folds)]


def must_have_folds(project: Project, plan: Plan) -> None:
    """Raise BadInput where not all folds are there to be trained on, or the model has seen rows of some."""
    card = project.dataset(plan.dataset_read)
    if card.split.folds is None:
        raise BadInput(
            msg("Dataset {card} is no fold of a cross-validation.", card=card.id),
            hint=msg("Import the table with folds, each tested in turn: sciapp import … --folds 5 --all-folds."),
        )
    folds = folds_of(card, project.datasets())
    if missing := _missing(folds):
        listed = [msg("{fold} (seed {seed})", fold=fold, seed=seed) for seed, fold in missing]
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
    model = plan.origin
    while name := run_behind(model):
        before = project.run(name).plan()
        if before.trains and before.dataset_read in family:
            raise BadInput(
                msg("The model of run {name} has read rows that other folds test.", name=name),
                hint=msg("Begin from a starter, or train on this one fold."),
            )
        model = before.origin if before.trains else ""


def cross_validation(project: Project, run: Run) -> CrossValidation | None:
    """Result of a training on all folds, seen from any of its runs; None for other runs. Raises SciAppError."""
    study = next((one for one in project.studies_of(run.id) if one.kind == CrossValidationStudy.name), None)
    return _tested_folds(project, study) if study is not None else None


def _tested_folds(project: Project, study: Study) -> CrossValidation | None:
    cards = {card.id: card for card in project.datasets()}
    tested, main = [], ""
    for run in runs_of(project, study):
        evaluation, card = run.evaluation(), cards.get(run.plan().dataset_read)
        if evaluation is not None and card is not None:
            tested.append(TestedFold(card, run, evaluation.model))
            main = evaluation.main_score
    own = cards.get(study.plan.dataset_read) or next((fold.dataset for fold in tested), None)
    folds = folds_of(own, list(cards.values())) if own else []
    planned = len(folds) + len(_missing(folds))
    return CrossValidation(tuple(tested), max(planned, len(tested)), main) if tested else None


class CrossValidationStudy(StudyKind):
    """The same training on every fold, one after the other."""

    name: ClassVar[str] = "cross_validation"
    title: ClassVar[str] = msg("Cross-validation")
    follows_by_itself: ClassVar[bool] = True

    def check(self, project: Project, design: StudyDesign) -> None:
        if design.then is not None:
            raise BadInput(
                msg(
                    "Either all folds or a comparison with and without augmentation can follow on a training, not both."
                ),
                hint=msg("Leave one of them out."),
            )
        must_have_folds(project, design.plan)

    def following(self, project: Project, study: Study) -> StudyDesign | None:
        """The first fold that no run of the study was made for."""
        trained = {run.plan().dataset_read for run in runs_of(project, study)}
        folds = folds_of(project.dataset(study.plan.dataset_read), project.datasets())
        left = [card.id for card in folds if card.id not in trained]
        return StudyDesign(plan=study.plan.model_copy(update={"dataset": left[0]})) if left else None

    def restarted_by(self, study: Study, run: str) -> bool:
        return True

    def follow_text(self, following: Run) -> str:
        return msg("Run {id} goes on from here: the same training on the next fold.", id=following.id)

    def score(self, project: Project, study: Study) -> MainScore:
        """Mean ± standard deviation over the folds."""
        result = _tested_folds(project, study)
        summary = result.summary(result.main_score) if result is not None else None
        if summary is None:
            return super().score(project, study)
        mean_score, deviation = summary
        spread = value_text(mean_score.model_copy(update={"value": deviation}))
        text = msg(
            "{score} {mean} ± {deviation}",
            score=score_title(mean_score.name),
            mean=value_text(mean_score),
            deviation=spread,
        )
        return MainScore(text, mean_score.value)

    def summary(self, project: Project, study: Study) -> str:
        result = _tested_folds(project, study)
        return result.text if result is not None else ""


def _missing(folds: Sequence[DatasetCard]) -> list[tuple[int, int]]:
    """(seed, fold) of those that no dataset holds, for every seed of which some are there."""
    there = {(one.split.seed, one.split.fold) for one in folds}
    count = max((one.split.folds or 0 for one in folds), default=0)
    expected = [(seed, fold) for seed in sorted({seed for seed, _ in there}) for fold in range(1, count + 1)]
    return [one for one in expected if one not in there]


def _family(card: DatasetCard) -> tuple[object, ...]:
    """The same for all folds, and for repetitions with other seeds; shares mean nothing where there are folds."""
    split = card.split.model_copy(update={"fold": 1, "seed": 0, "fractions": SplitPlan().fractions})
    return card.source.sha256, card.source.reading, card.roles, card.task, card.repairs, split
