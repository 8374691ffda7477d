"""The members of a fine-tuned model, fitted when the transformer is done."""

import time
from dataclasses import dataclass, replace

import numpy as np

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.splits.groups import folds_like_the_split
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.models.members.base import Floats, MemberFeatures, MemberTask
from sciapp.engine.models.members.ensemble import FOLDS, MOST_FOLDED, Ensemble, MemberRows, fit_ensemble
from sciapp.engine.models.members.features import MemberRecipe
from sciapp.engine.models.members.registry import MEMBERS, member_named
from sciapp.engine.tasks.registry import registered_task
from sciapp.engine.tasks.sample_weights import of_mean_one
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, FineTuningSetup
from sciapp.i18n import all_of, msg
from sciapp.records.formatting import percent_text


@dataclass(frozen=True)
class FittedMembers:
    """An ensemble and what it reads."""

    ensemble: Ensemble
    recipe: MemberRecipe

    def __str__(self) -> str:
        """The weights in a sentence."""
        if self.ensemble.network_share == 1:
            return msg("The transformer answers alone: of validation rows the simple models tell nothing more.")
        parts = [
            msg("{title} {share}", title=member_named(key).title, share=percent_text(share))
            for key, share in sorted(self.ensemble.shares.items(), key=lambda item: -item[1])
        ]
        if only := self.ensemble.only_member:
            return msg(
                "One simple model answers alone, by rows that it did not learn from: {title}.",
                title=member_named(only).title,
            )
        if self.ensemble.network_share == 0:
            return msg(
                "The answer is a weighted mean of simple models, by rows that none of them learnt from: {members}.",
                members=all_of(parts),
            )
        return msg(
            "The answer is a weighted mean, by rows that none of them learnt from: transformer {share}, {members}.",
            share=percent_text(self.ensemble.network_share),
            members=all_of(parts),
        )


def fitted_members(inputs: FineTuningInputs, setup: FineTuningSetup) -> FittedMembers | None:
    """The members of the model in `setup`; None where the plan has none, or the task or the rows suit none.

    Raises OutOfSpace, Cancelled.
    """
    outcome = registered_task(inputs.card.task).outcome
    if inputs.plan.members == "off" or outcome is None:
        return None
    if _bounds_are_learnt(inputs.rows["train"]):
        inputs.progress.note(
            msg("The transformer answers alone: simple models cannot learn values of which only a bound is known.")
        )
        return None
    fitting = inputs.progress.stage("members", msg("Fitting simple models beside the transformer"))
    plan, card, store = inputs.plan, inputs.card, inputs.dataset_folder.descriptors_file
    train, validation = _counted(inputs.rows["train"]), inputs.rows["validation"]
    recipe = MemberRecipe.learnt(
        domain_of(card).name, train.inputs, train.covariates, plan.covariates, store=store, progress=fitting
    )
    network, _ = setup.validation_values()

    def read(rows: Rows) -> MemberFeatures:
        return recipe.of(rows.inputs, rows.covariates, lambda _: fitting.check(), store)

    ensemble = fit_ensemble(
        outcome,
        len(setup.task.outputs),
        MemberRows(read(train), _labels(train), train.weights),
        MemberRows(read(validation), _labels(validation)),
        np.asarray(network),
        seed=plan.seed,
        folds=folds_like_the_split(
            card, inputs.dataset_folder, domain_of(card), train, folds=FOLDS, seed=plan.seed, progress=fitting
        ),
        progress=fitting,
    )
    return None if ensemble is None else FittedMembers(ensemble, recipe)


_TRIED_ROWS = 200


def forecast_seconds(inputs: FineTuningInputs, outputs: int) -> float:
    """About how long fitting the members will take, from fits to a few training rows; 0 where there are none. Working
    out what they read comes on top. outputs: of the task. Raises Cancelled.
    """
    outcome = registered_task(inputs.card.task).outcome
    if inputs.plan.members == "off" or outcome is None or _bounds_are_learnt(inputs.rows["train"]):
        return 0.0
    train, plan, seed = _counted(inputs.rows["train"]), inputs.plan, inputs.plan.seed
    few = train.of(np.sort(np.random.default_rng(seed).permutation(len(train))[:_TRIED_ROWS]))
    # Without a store: a check leaves nothing in the project.
    fitting = inputs.progress.within("members")
    recipe = MemberRecipe.learnt(
        domain_of(inputs.card).name, few.inputs, few.covariates, plan.covariates, progress=fitting
    )
    features = recipe.of(few.inputs, few.covariates, lambda _: fitting.check())
    labels, targets = _labels(few), 1 if outcome == "class" else outputs
    task = MemberTask(outcome, outputs if outcome == "class" else 1, seed, targets=targets)
    # Of several targets the first with labels stands for all of them.
    columns = [labels] if labels.ndim == 1 else [column for column in labels.T if np.isfinite(column).sum() > 1]
    total = 0.0
    known = np.flatnonzero(np.isfinite(columns[0])) if columns else np.empty(0, dtype=np.int64)
    differ = len(known) > 1 and len(np.unique(columns[0][known])) > 1
    for member in MEMBERS if differ else ():
        if not member.suits(features, task):
            continue
        target = columns[0][known]
        began = time.perf_counter()
        member.fit(features.of(known), target if task.classifies else (target - target.mean()) / target.std(), task)
        seconds = time.perf_counter() - began
        folded = min(len(train), MOST_FOLDED) * (FOLDS - 1) / FOLDS
        for rows, fits in ((folded, FOLDS), (len(train), 1)):
            total += fits * seconds * (min(rows, member.most_rows(task)) / len(few)) ** member.growth
        fitting.check()
    return total * targets


def _bounds_are_learnt(rows: Rows) -> bool:
    """True if of some values only a bound is known; leaving their rows out would shift every answer."""
    return any(bound is not None and bool(np.isfinite(bound).any()) for bound in (rows.lower, rows.upper))


_SMALLEST_WEIGHT = 1e-30  # as a share of the largest: less is nothing in float32, in which trees are fitted


def _counted(rows: Rows) -> Rows:
    """The rows whose weight is more than nothing, with weights of the mean 1."""
    if rows.weights is None:
        return rows
    fewer = rows.of(np.flatnonzero(rows.weights > _SMALLEST_WEIGHT * rows.weights.max()))
    return fewer if fewer.weights is None else replace(fewer, weights=of_mean_one(fewer.weights))


def _labels(rows: Rows) -> Floats:
    return np.asarray(rows.targets, dtype=np.float64)
