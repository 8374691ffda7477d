"""The members of a model, their weights, and what share of the common answer is the transformer's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.values.safe_float import mean_and_spread
from sciapp.engine.models.members.base import Constant, FittedMember, Floats, Member, MemberFeatures, MemberTask
from sciapp.engine.models.members.registry import MEMBERS
from sciapp.engine.models.members.weights import clearly_better, mixture, share_of_second
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.engine.tasks.baselines.base import Outcome

FOLDS = 5
MOST_FOLDED = 10_000  # rows from which weights are learnt: enough for half a dozen of them


@dataclass(frozen=True)
class WeightedMember:
    """A kind of member with what it learnt of each output column; fitted is empty where its weight is 0."""

    key: str
    weight: float
    fitted: tuple[FittedMember, ...]

    def answers(self, features: MemberFeatures) -> Floats:
        """(rows, outputs): numbers in units of the spread, or probabilities."""
        return np.concatenate([part.predict(features) for part in self.fitted], axis=1)


@dataclass(frozen=True)
class Ensemble:
    """outcome: of each output. mean, spread: (outputs,) of numbers, in the targets' units; 0 and 1 for probabilities.

    network_share: 0 to 1. The members' weights sum to one, and speak for the rest of it.
    """

    outcome: Outcome
    members: tuple[WeightedMember, ...]
    network_share: float
    mean: Floats
    spread: Floats

    @property
    def shares(self) -> dict[str, float]:
        """Part of the answer, by the members' keys; those that count."""
        rest = 1 - self.network_share
        return {member.key: rest * member.weight for member in self.members if rest * member.weight}

    @property
    def only_member(self) -> str | None:
        """The key of the member that answers alone; None where others, or the transformer, have a share."""
        counting = list(self.shares)
        return counting[0] if self.network_share == 0 and len(counting) == 1 else None

    def answers(self, features: MemberFeatures) -> dict[str, Floats]:
        """Answers (rows, outputs) of each member that counts, by key, in units of the spread or as
        probabilities."""
        return {member.key: member.answers(features) for member in self.members if member.weight}

    def in_units(self, answers: Floats) -> Floats:
        """Answers in the targets' units."""
        return np.asarray(answers * self.spread + self.mean)

    def without_network(self, answers: Mapping[str, Floats], rows: int) -> Floats:
        """The members' common answer (rows, outputs), in the targets' units or as probabilities."""
        total = np.zeros((rows, len(self.mean)))
        for member in self.members:
            if member.weight:
                total += member.weight * answers[member.key]
        return self.in_units(total)

    def combined(self, network: Floats, answers: Mapping[str, Floats]) -> Floats:
        """The answer of the whole model. network (rows, outputs): of the transformer, in the same units."""
        share = self.network_share
        if share == 1:
            return network
        if share == 0:  # a network that fails on a row has no say
            return self.without_network(answers, len(network))
        return np.asarray(share * network + (1 - share) * self.without_network(answers, len(network)))


@dataclass(frozen=True)
class MemberRows:
    """Rows to learn or to judge by. labels: (rows, targets) or (rows,) numbers of classes, as in `Rows`, NaN for what
    was not measured. weights (rows,): of the mean 1, None: all the same."""

    features: MemberFeatures
    labels: npt.NDArray[np.float64]
    weights: Floats | None = None


def fit_ensemble(
    outcome: Outcome,
    classes: int,
    train: MemberRows,
    validation: MemberRows,
    network: Floats,
    *,
    seed: int,
    folds: Sequence[npt.NDArray[np.int64]] = (),
    progress: Progress = SILENT,
) -> Ensemble | None:
    """The members and their weights; None where no member suits the rows. Raises Cancelled.

    Weights of the members come from training rows that each of them did not learn from (folds), the transformer's share
    from the validation rows; where the transformer or one member does clearly better there than the whole, it answers
    alone. network (rows, outputs): its answers for the validation rows. classes: of a target of classes. folds:
    positions of training rows, each left out once; (): by chance.
    """
    targets = 1 if outcome == "class" else train.labels.shape[1]
    task = MemberTask(outcome, classes if outcome == "class" else 1, seed, train.weights, targets)
    suited = [member for member in MEMBERS if member.suits(train.features, task)]
    if not suited:
        return None
    mean, spread = _units(outcome, train, classes)
    truth, judged = (_one_hot_or_scaled(outcome, rows.labels, classes, mean, spread) for rows in (train, validation))
    columns = [train.labels] if outcome == "class" else list(((train.labels - mean) / spread).T)
    folds = _fewer(folds or np.array_split(np.random.default_rng(seed).permutation(train.features.rows), FOLDS), seed)
    rows = np.concatenate(folds)
    steps = len(folds) + 1
    total = len(suited) * steps
    folded = [
        _out_of_fold(member, train, columns, task, folds, progress.part(number * steps, total))
        for number, member in enumerate(suited)
    ]
    counts = None if train.weights is None else train.weights[rows]
    weights = mixture([answers[rows] for answers in folded], truth[rows], outcome=outcome, row_weights=counts)
    members = []
    for number, (member, weight) in enumerate(zip(suited, weights, strict=True)):
        progress.report(number * steps + len(folds), total)
        fitted = _fitted(member, train, columns, task, np.arange(train.features.rows)) if weight > 0 else ()
        members.append(WeightedMember(member.key, float(weight), fitted))
    progress.report(total, total)
    without = Ensemble(outcome, tuple(members), 0.0, mean, spread)
    answers = without.answers(validation.features)
    ours = (without.without_network(answers, validation.features.rows) - mean) / spread
    theirs = (network - mean) / spread
    share = share_of_second(ours, theirs, judged, classifies=task.classifies)
    parts = {"": theirs, **answers}
    better = clearly_better((1 - share) * ours + share * theirs, parts, judged, classifies=task.classifies)
    return _only(replace(without, network_share=share), better)


def _only(ensemble: Ensemble, part: str | None) -> Ensemble:
    """The ensemble of one part alone: a member by its key, “” the transformer; None: of all of them."""
    if part is None:
        return ensemble
    if not part:
        return replace(ensemble, network_share=1.0)
    members = [replace(member, weight=float(member.key == part)) for member in ensemble.members]
    alone = tuple(member if member.weight else replace(member, fitted=()) for member in members)
    return replace(ensemble, members=alone, network_share=0.0)


def _units(outcome: Outcome, train: MemberRows, classes: int) -> tuple[Floats, Floats]:
    if outcome == "class":
        return np.zeros(classes), np.ones(classes)
    if outcome == "yes_or_no":
        return np.zeros(train.labels.shape[1]), np.ones(train.labels.shape[1])
    mean, spread = mean_and_spread(train.labels, train.weights)
    return np.nan_to_num(mean), np.where(spread > 0, spread, 1.0)


def _one_hot_or_scaled(outcome: Outcome, labels: Floats, classes: int, mean: Floats, spread: Floats) -> Floats:
    """(rows, outputs), as `weights.mixture` takes them."""
    if outcome == "class":
        return np.eye(classes)[labels.astype(np.int64)]
    return np.asarray((labels - mean) / spread)


def _fewer(folds: Sequence[npt.NDArray[np.int64]], seed: int) -> list[npt.NDArray[np.int64]]:
    """At most `MOST_FOLDED` rows of the folds, in the same shares; none of them is empty."""
    share = min(1.0, MOST_FOLDED / max(1, sum(map(len, folds))))
    rng = np.random.default_rng(seed)
    fewer = [np.sort(rng.permutation(fold)[: max(1, round(share * len(fold)))]) for fold in folds if len(fold)]
    return fewer if len(fewer) > 1 else [np.empty(0, dtype=np.int64)]


def _out_of_fold(
    member: Member,
    train: MemberRows,
    columns: Sequence[Floats],
    task: MemberTask,
    folds: Sequence[npt.NDArray[np.int64]],
    progress: Progress,
) -> Floats:
    """Answers (rows, outputs) for all training rows, of which those in folds are by members that did not see them."""
    answers = np.zeros((train.features.rows, len(columns) * task.classes))
    if len(folds) < 2:
        return answers
    for number, held in enumerate(folds):
        progress.report(number, len(folds) + 1)
        learnt = np.sort(np.concatenate([fold for fold in folds if fold is not held]))
        fitted = _fitted(member, train, columns, task, learnt)
        answers[held] = np.concatenate([part.predict(train.features.of(held)) for part in fitted], axis=1)
    return answers


def _fitted(
    member: Member, train: MemberRows, columns: Sequence[Floats], task: MemberTask, rows: npt.NDArray[np.int64]
) -> tuple[FittedMember, ...]:
    """The member fitted to each column, on those of these rows where it was measured."""
    parts = []
    for labels in columns:
        known = rows[~np.isnan(labels[rows])]
        parts.append(_fitted_column(member, train, labels, task, known))
    return tuple(parts)


def _fitted_column(
    member: Member, train: MemberRows, labels: Floats, task: MemberTask, known: npt.NDArray[np.int64]
) -> FittedMember:
    weights = None if task.weights is None else task.weights[known]
    own = replace(task, weights=weights)
    features = train.features.of(known)
    if len(known) < 2 or len(np.unique(labels[known])) < 2 or not member.suits(features, own):
        return Constant.of(labels[known], own)
    return member.fit(features, labels[known], own)
