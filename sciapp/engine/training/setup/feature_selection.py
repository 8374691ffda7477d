"""The choice of extra features: descriptors and covariates beside the encoder's output, decided in folds of the
training rows by linear models on the frozen encoder.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.splits.groups import Fold, folds_like_the_split
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.inputs.features.matrix import FeatureRecipe, RuleFeatures, collected, feature_names
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.architectures.feature_fusion import FusionModel, HiddenLayer, join, random_layer
from sciapp.engine.models.architectures.linear_probe import (
    PENALTIES,
    FoldedChoice,
    LinearProbe,
    best_choice,
    choose_in_folds,
    fit_probe,
)
from sciapp.engine.runtime.progress import Progress, RunProgress, StopFlag, raise_if_cancelled
from sciapp.engine.tasks.base import RuleStart, Task
from sciapp.engine.tasks.sample_weights import of_mean_one
from sciapp.engine.training.setup.embedding_cache import frozen_states
from sciapp.i18n import all_of, msg
from sciapp.i18n import joined as joined_text
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.records.model.reference import fresh_size
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.regular import json_object_in
from sciapp.records.run.run import Run
from sciapp.records.run.score_format import score_title

Matrix = npt.NDArray[np.float32]

_MOST_AUTO = 50_000  # rows whose descriptors nobody asked for by name, where each takes about 10 ms
_MOST_PROBED = 5000  # training rows for the linear fit: seconds instead of minutes
_CURVATURES = (2.0, 4.0)
_FOLDS, _MOST_FOLDED = 4, 2000  # rows: enough to choose by


@dataclass(frozen=True)
class FusedModel:
    """The model with its head begun, and what the head reads of each row."""

    model: FusionModel
    recipe: FeatureRecipe
    train: Matrix
    validation: Matrix


@dataclass(frozen=True)
class SelectionData:
    """The data for the decision. tokens: of the training rows, then of the validation rows. folder: the dataset's,
    which keeps descriptors and the encoder's states. start: the rule that the head begins with, if the
    task has one.
    """

    plan: TrainPlan
    card: DatasetCard
    task: Task
    rows: dict[str, Rows]
    tokens: TokenRows
    pad: int
    folder: DatasetFolder
    start: RuleStart | None = None


def joined(
    classifier: Any, material: SelectionData, decision: Path, progress: RunProgress, *, linear: bool = False
) -> FusedModel | None:
    """The joined model, None where nothing is joined. Raises Cancelled.

    decision: the file that keeps what was decided, so that a resumed run does not ask again. linear: where nothing is
    joined, the linear model on the encoder alone that was asked with.
    """
    plan = material.plan
    if material.start is not None:
        return _begun_with_rule(classifier, material, material.start, progress)
    if plan.descriptors == "auto" and not decision.exists() and (message := _too_long(material)):
        write_json(decision, {"descriptors": False, "said": message})
        progress.note(message)
    settled = _settled(plan, decision)
    if settled is False and not plan.covariates and not linear:
        return None
    values = _values(material, settled is not False, progress)
    probing = progress.stage("probe", msg("Reading the rows with the network as it begins"))
    chooser = _Chooser.made(classifier, material, probing, progress.stop)
    choosing = progress.stage("choose", msg("Trying on training rows left out in turn what predicts best"))
    if settled is not None:
        choice = _FeatureChoice.read(decision, descriptors=settled)
        if choice.penalty is None:
            (folded,) = chooser.in_folds([choice], values, choosing)
            choice = replace(choice, penalty=folded.penalty)
        return chooser.fused_model(classifier, chooser.fit(choice, values))
    choices = _choices(material)
    folded_choices = chooser.in_folds(choices, values, choosing)
    best = best_choice(material.task, folded_choices)
    choice = replace(choices[best.candidate], penalty=best.penalty)
    helped = chooser.fit(choice, values)
    record: dict[str, Any] = {"descriptors": bool(choice.begins), "set": choice.to_json()}
    if choices[0].begins:
        message = _set_sentence(material.task, choice, helped.probe)
    else:
        message = _sentence(material.task, folded_choices, bool(choice.begins))
        alone = (
            helped
            if best.candidate == 0
            else chooser.fit(replace(choices[0], penalty=folded_choices[0].penalty), values)
        )
        record["linear"] = alone.probe.score
    if choice.curvature:
        message = joined_text([message, msg("Its head begins with a hidden layer of random units, fitted as well.")])
    write_json(decision, record | {"said": message})
    progress.note(message)
    return chooser.fused_model(classifier, helped) if choice.begins or plan.covariates else None


def _begun_with_rule(classifier: Any, material: SelectionData, start: RuleStart, progress: RunProgress) -> FusedModel:
    """The model whose head gives the rule's predictions; descriptors that the plan asks for, and covariates, are read
    beside them, and change nothing yet. Raises Cancelled."""
    described = material.plan.descriptors == "on"
    values = _values(material, described, progress)
    recipe, train, validation = _chosen(material, values, ("",) if described else ())
    rule = RuleFeatures.of(material.card.task, start.rule, start.train)
    probing = progress.stage("probe", msg("Reading the rows with the network as it begins"))
    chooser = _Chooser.made(classifier, material, probing, progress.stop)
    others, outputs = chooser.train.shape[1] + recipe.width, len(rule.centre)
    weight = torch.zeros(outputs, others + outputs)
    weight[:, others:] = torch.diag(torch.from_numpy(rule.scale / start.scale))
    bias = torch.tensor((rule.centre - start.mean) / start.scale, dtype=torch.float32)
    fitted = _Fitted(
        replace(recipe, rule=rule),
        np.concatenate([train, rule.scaled(start.train)], axis=1),
        np.concatenate([validation, rule.scaled(start.validation)], axis=1),
        LinearProbe(weight, bias, np.nan),
    )
    return chooser.fused_model(classifier, fitted)


def rule_start_of(
    task: Task, card: DatasetCard, rows: dict[str, Rows], seed: int, run: Run, progress: RunProgress
) -> RuleStart | None:
    """The rule that the head begins with, the same in every sitting of a run; None for tasks without, and for a run of
    an earlier version, which began otherwise."""
    decision = run.feature_selection_file
    saved = json_object_in(decision).get("rule")
    if saved is None and (decision.exists() or any(run.checkpoints.glob("step-*"))):
        return None
    start = task.rule_start(card, rows, seed, saved if isinstance(saved, dict) else None)
    if start is None or saved is not None:
        return start
    message = msg(
        "The model begins with the simple rule that does best on rows it was not fitted to, and learns what that one "
        "misses: {rule}.",
        rule=start.rule.name,
    )
    if decision.parent.is_dir():  # a plan that is only looked at has no folder
        write_json(decision, {"said": message, "rule": start.rule.to_json()})
    progress.note(message)
    return start


@dataclass(frozen=True)
class _FeatureChoice:
    """The features that a linear start reads. title: of the set of descriptors. begins: of the names of its members; ()
    for no descriptors. states: whether the linear start reads the encoder's states, which of an untrained one say
    little. curvature: scale of a random hidden layer that is read as well; 0: none. penalty: None until it is chosen.
    """

    title: str = ""
    begins: tuple[str, ...] = ()
    states: bool = True
    curvature: float = 0.0
    penalty: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, decision: Path, *, descriptors: bool) -> "_FeatureChoice":
        """The choice of an earlier sitting of the run; where there was none, all descriptors or none of them."""
        value = json_object_in(decision).get("set")
        if not isinstance(value, dict) or bool(value["begins"]) != descriptors:
            return cls(begins=("",) if descriptors else ())
        return cls(
            str(value["title"]),
            tuple(value["begins"]),
            bool(value["states"]),
            float(value.get("curvature", 0.0)),
            float(value["penalty"]),
        )


def _choices(material: SelectionData) -> list[_FeatureChoice]:
    """The domain's sets of descriptors; of a domain that states none, the encoder alone, then all descriptors.

    Beside an untrained encoder each also without its states. Of numbers, whose fits are closed forms, each also with a
    hidden layer.
    """
    sets = domain_of(material.card).inputs.descriptor_sets
    described = [_FeatureChoice(title, begins) for title, begins in sets.items()] or [_FeatureChoice(begins=("",))]
    if fresh_size(material.plan.model) is not None:
        described = [replace(choice, states=states) for choice in described for states in (False, True)]
    if material.task.predicts_numbers:
        straight = [choice for choice in described if choice.states == described[0].states]
        described += [replace(choice, curvature=scale) for choice in straight for scale in _CURVATURES]
    return described if sets else [_FeatureChoice(), *described]


def _too_long(material: SelectionData) -> str:
    rows = len(material.rows["train"]) + len(material.rows["validation"])
    if rows <= _MOST_AUTO or not domain_of(material.card).costly:
        return ""
    return msg(
        "Descriptors are left out: working them out for {rows:,} rows would take long; set descriptors to "
        "“on” to have them.",
        rows=rows,
    )


def decision_message(decision: Path) -> tuple[str, ...]:
    """The decision in a sentence; empty where there was none to take."""
    message = json_object_in(decision).get("said")
    return (message,) if isinstance(message, str) else ()


def linear_score(decision: Path) -> float | None:
    """The validation score of the linear model on the encoder alone; None where none was fitted."""
    score = json_object_in(decision).get("linear")
    return score if isinstance(score, float) else None


def _settled(plan: TrainPlan, decision: Path) -> bool | None:
    """True if descriptors are read, by the plan or an earlier sitting of the run; None: still to be decided.

    A resumed run must not ask again: with another number of threads a close call could come out the other way, and
    the checkpoints would not fit.
    """
    if plan.descriptors != "auto":
        return plan.descriptors == "on"
    decided = json_object_in(decision).get("descriptors")
    return decided if isinstance(decided, bool) else None


@dataclass(frozen=True)
class _Fitted:
    recipe: FeatureRecipe
    train: Matrix
    validation: Matrix
    probe: LinearProbe
    hidden: HiddenLayer | None = None


@dataclass(frozen=True)
class _Chooser:
    """Fits linear models on the frozen encoder's states and whatever is joined to them."""

    material: SelectionData
    stop: StopFlag
    centre: Tensor
    spread: Tensor
    train: Tensor
    validation: Tensor
    probed: npt.NDArray[np.int64]

    @classmethod
    def made(cls, classifier: Any, material: SelectionData, progress: Progress, stop: StopFlag) -> "_Chooser":
        rows, weights = len(material.rows["train"]), material.rows["train"].weights
        rng = np.random.default_rng(material.plan.seed)
        learnt = np.arange(rows) if weights is None else np.flatnonzero(weights)
        probed = np.sort(rng.permutation(learnt)[:_MOST_PROBED])
        selected = np.concatenate([probed, np.arange(rows, len(material.tokens))])
        budget = max(4096, material.plan.batching.tokens_per_batch)
        tokens = material.tokens.of_rows(selected)
        states = frozen_states(
            classifier, tokens, material.pad, budget, material.folder.states_folder, progress=progress
        )
        train, validation = torch.from_numpy(states[: len(probed)]), torch.from_numpy(states[len(probed) :])
        centre, spread = train.mean(dim=0), train.std(dim=0).clamp(min=1e-6)
        return cls(material, stop, centre, spread, (train - centre) / spread, (validation - centre) / spread, probed)

    def fit(self, choice: _FeatureChoice, values: npt.NDArray[np.float64]) -> _Fitted:
        """The linear model on all rows that are looked at, with the penalty that was chosen. Raises Cancelled."""
        assert choice.penalty is not None, "it is chosen before"
        raise_if_cancelled(self.stop)
        recipe, train, validation = _chosen(self.material, values, choice.begins)
        task, rows = self.material.task, self.material.rows
        learnt = torch.cat([self.train * choice.states, torch.from_numpy(train[self.probed])], dim=1)
        judged = torch.cat([self.validation * choice.states, torch.from_numpy(validation)], dim=1)
        hidden = self._hidden(choice, learnt)
        probe = fit_probe(
            task,
            _with_units(learnt, hidden),
            task.batch_labels(task.labels(rows["train"].targets[self.probed])),
            _with_units(judged, hidden),
            rows["validation"].targets,
            choice.penalty,
            self._weights(),
        )
        return _Fitted(recipe, train, validation, probe, hidden)

    def _hidden(self, choice: _FeatureChoice, columns: Tensor) -> HiddenLayer | None:
        seed = self.material.plan.seed
        return random_layer(columns, choice.curvature, seed) if choice.curvature else None

    def in_folds(
        self, choices: Sequence[_FeatureChoice], values: npt.NDArray[np.float64], progress: Progress
    ) -> list[FoldedChoice]:
        """The best penalty of each choice, by training rows left out together as the split leaves rows out. Raises
        Cancelled.
        """
        task, train = self.material.task, self.material.rows["train"]
        columns = []
        for choice in choices:
            _, features, _ = _chosen(self.material, values, choice.begins)
            learnt = torch.cat([self.train * choice.states, torch.from_numpy(features[self.probed])], dim=1)
            columns.append(_with_units(learnt, self._hidden(choice, learnt)))
        folds = self._folds(progress)
        fits = len(columns) * len(folds) * len(PENALTIES)

        def tried(done: int) -> None:
            raise_if_cancelled(self.stop)
            if done % len(PENALTIES) == 0:  # every report is an event of the run
                progress.report(done, fits)

        return choose_in_folds(
            task,
            columns,
            task.batch_labels(task.labels(train.targets[self.probed])),
            train.targets[self.probed],
            folds,
            tried,
            self._weights(),
        )

    def _folds(self, progress: Progress) -> list[Fold]:
        """Positions among the rows that are looked at."""
        material, seed = self.material, self.material.plan.seed
        order = np.random.default_rng(seed).permutation(len(self.probed))[:_MOST_FOLDED]
        rows = material.rows["train"].of(self.probed[order])
        domain = domain_of(material.card)
        folds = folds_like_the_split(
            material.card, material.folder, domain, rows, folds=_FOLDS, seed=seed, progress=progress
        )
        return [order[fold] for fold in folds]

    def _weights(self) -> Tensor | None:
        weights = self.material.rows["train"].weights
        return None if weights is None else torch.tensor(of_mean_one(weights[self.probed]), dtype=torch.float32)

    def fused_model(self, classifier: Any, fitted: _Fitted) -> FusedModel:
        """The head's linear part is the fit, and its hidden layer where that was fitted too."""
        plan, probe, hidden = self.material.plan, fitted.probe, fitted.hidden
        outputs, units = len(self.material.task.outputs), None if hidden is None else len(hidden.bias)
        model = join(
            classifier, fitted.recipe.width, outputs=outputs, dropout=plan.dropout, seed=plan.seed, units=units
        )
        device = next(model.encoder.parameters()).device
        with torch.no_grad():
            model.head.centre.copy_(self.centre)
            model.head.spread.copy_(self.spread)
            columns = model.head.linear.in_features
            model.head.linear.weight.copy_(probe.weight[:, :columns])
            model.head.linear.bias.copy_(probe.bias)
            if hidden is not None:
                model.head.curved = True
                model.head.hidden.weight.copy_(hidden.weight)
                model.head.hidden.bias.copy_(hidden.bias)
                model.head.out.weight.copy_(probe.weight[:, columns:])
        return FusedModel(model.to(device), fitted.recipe, fitted.train, fitted.validation)


def _with_units(columns: Tensor, hidden: HiddenLayer | None) -> Tensor:
    """The columns (rows, columns), then the units of the hidden layer."""
    return columns if hidden is None else torch.cat([columns, hidden(columns)], dim=1)


def _values(material: SelectionData, with_descriptors: bool, progress: RunProgress) -> npt.NDArray[np.float64]:
    """Unscaled numbers of the training and then the validation rows."""
    train, validation = material.rows["train"], material.rows["validation"]
    covariates = np.concatenate([_covariates(train), _covariates(validation)])
    inputs = train.inputs + validation.inputs
    computing = progress.stage("descriptors", msg("Working out what is known about each row"))
    domain = domain_of(material.card).name
    values = collected(
        domain, with_descriptors, inputs, covariates, material.folder.descriptors_file, progress=computing
    )
    if with_descriptors and (gaps := _gaps_message(values[:, : values.shape[1] - covariates.shape[1]])):
        progress.note(gaps, "warning")
    return values


def _gaps_message(descriptors: npt.NDArray[np.float64]) -> str:
    """The number of rows that lack some or all of the descriptors that others have; empty when none does."""
    missing = np.isnan(descriptors)
    nothing = missing.all(axis=1)
    some = missing[:, ~missing.all(axis=0)].any(axis=1) & ~nothing
    parts = []
    if nothing.any():
        parts.append(msg("{rows:,} rows are too large to be described", rows=nothing.sum()))
    if some.any():
        parts.append(
            msg("{rows:,} rows lack descriptors that would take too long or have no value for them", rows=some.sum())
        )
    return msg("{parts}; the training rows' average stands in.", parts=all_of(parts)) if parts else ""


def _chosen(
    material: SelectionData, values: npt.NDArray[np.float64], begins: tuple[str, ...]
) -> tuple[FeatureRecipe, Matrix, Matrix]:
    """Scaling learnt from the training rows, and the scaled rows. values hold covariates in their last columns, and
    descriptors before them where any choice reads some. begins: of the names of the descriptors that are read.
    """
    covariates, domain, described = material.plan.covariates, domain_of(material.card).name, bool(begins)
    if not described:
        values = values[:, values.shape[1] - len(covariates) :]
    names, rows = feature_names(domain, described, covariates), len(material.rows["train"])
    known = len(names) - len(covariates)
    read = [index for index, name in enumerate(names) if index >= known or name.startswith(begins)]
    names, values = tuple(names[index] for index in read), values[:, read]
    scaling = Scaling.of(names, values[:rows], in_fixed_units=len(names) - len(covariates))
    scaled = scaling.apply(values)
    return FeatureRecipe(domain, described, covariates, scaling), scaled[:rows], scaled[rows:]


def _covariates(rows: Rows) -> npt.NDArray[np.float64]:
    return rows.covariates if rows.covariates is not None else np.empty((len(rows), 0))


def _set_sentence(task: Task, choice: _FeatureChoice, fitted: LinearProbe) -> str:
    return msg(
        "Descriptors are joined ({set}): with them a linear model does best on training rows that it has not seen; on "
        "the validation rows it reaches {name} {score:.3g}.",
        set=choice.title,
        name=score_title(task.main_score),
        score=fitted.score,
    )


def _sentence(task: Task, folded: Sequence[FoldedChoice], taken: bool) -> str:
    """folded: the encoder alone, then with descriptors."""
    name, without, helped = score_title(task.main_score), folded[0], best_choice(task, folded[1:])
    if taken:
        return msg(
            "Descriptors are joined: on training rows that it has not seen a linear model on the network as it began "
            "reaches {name} {helped:.3g} with them and {without:.3g} without.",
            name=name,
            helped=helped.score,
            without=without.score,
        )
    return msg(
        "Descriptors are left out: on training rows that it has not seen a linear model on the network as it began "
        "reaches {name} {helped:.3g} with them and {without:.3g} without.",
        name=name,
        helped=helped.score,
        without=without.score,
    )
