"""Preflight warnings about a plan, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.registry import target_kind
from sciapp.i18n import msg, plural
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.applicability import without_effect
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.run.preflight import DiskForecast, PreflightWarning, TruncatedRows, amount

_FEW_JUDGED = 50  # rows; with fewer a score's interval is wider than most gains
_MUCH_CUT = 0.1  # of the rows
_FEW_STEPS = 50
# Rates at which models of up to so many parameters are usually fine-tuned whole by AdamW: Devlin et al. 2019 and Liu et
# al. 2019 (1e-5 to 5e-5 from 110 million on), Ahmad et al. 2022 and our own starters (to 1e-3 below 20 million).
_RATES = ((20e6, 2e-5, 2e-3), (200e6, 5e-6, 3e-4), (float("inf"), 1e-6, 1e-4))
# Times as much by other optimisers: Lion wants a tenth to a third of AdamW's rate (Chen et al. 2023, section 5).
_BY_OPTIMIZER = {"sgd": (30.0, 30.0), "lion": (0.1, 0.33)}
# Where the encoder stays as it is: about ten times as much for a head or LoRA (Hu et al. 2021, table 9), and up to a
# hundred times for the few numbers of the others (Liu et al. 2022, 3e-3 for IA³; Lester et al. 2021, 0.3 for prompts).
_BY_METHOD = {
    "head": (10.0, 10.0),
    "lora": (10.0, 10.0),
    "ia3": (10.0, 100.0),
    "prefix": (10.0, 100.0),
    "prompt": (10.0, 100.0),
}


@dataclass(frozen=True)
class TrainingFacts:
    """Facts about a training once everything is in memory. tokens: of all training rows, padding included."""

    parameters: int
    trainable: int
    steps_per_epoch: int
    total_steps: int
    batches: int
    cut: TruncatedRows
    disk: DiskForecast


def validation_count(plan: TrainPlan, steps: int, steps_per_epoch: int) -> int:
    """The number of validations in a training of so many steps."""
    return -(-steps // (plan.stopping.eval_steps or steps_per_epoch))


def preflight_warnings(
    plan: TrainPlan, card: DatasetCard, rows: dict[str, Rows], layout: TrainingFacts
) -> tuple[PreflightWarning, ...]:
    """Problems first."""
    warnings = [
        *_about_disk(layout.disk),
        *leaking_conditions(plan, card),
        *_about_classes(card, rows),
        *_about_judging(card, rows),
        *_about_rate(plan, layout),
        *_about_course(plan, layout),
        *(PreflightWarning(level="warning", message=message) for message in without_effect(plan)),
        *_about_length(layout.cut),
    ]
    order = ("problem", "warning", "note")
    return tuple(sorted(warnings, key=lambda caution: order.index(caution.level)))


def leaking_conditions(plan: TrainPlan, card: DatasetCard) -> Iterator[PreflightWarning]:
    """Conditions out of which the model reads the answer instead of learning it."""
    leaking = card.leaking_columns()
    for name in plan.covariates:
        if name in leaking:
            yield PreflightWarning(
                level="problem",
                message=msg(
                    "The condition “{name}” gives the answer away: {leaking}.", name=name, leaking=leaking[name]
                ),
                advice=msg("Scores with it say nothing about rows whose answer is not known yet; leave it out."),
            )


def _about_disk(disk: DiskForecast) -> Iterator[PreflightWarning]:
    if not disk.fits:
        full = disk.least >= disk.free
        yield PreflightWarning(
            level="problem" if full else "warning",
            message=msg("The disk is too full: {disk}", disk=str(disk))
            if full
            else msg("The disk may become too full: {disk}", disk=str(disk)),
            advice=msg("Free some space, or set save_total_limit to 1."),
        )


def _about_classes(card: DatasetCard, rows: dict[str, Rows]) -> Iterator[PreflightWarning]:
    """A class that a split lacks; a target that is always the same."""
    kind = target_kind(card.task)
    facts = kind.facts
    for split, part in rows.items():
        if absent := kind.absent_classes(part.targets, card):
            yield _lacking(split, absent, msg("unit") if facts.per_unit else msg("row"))
        if not facts.is_quantity:
            for name in kind.constant_targets(part.targets, card):
                yield _constant(split, name)


def _lacking(split: str, names: list[str], what: str) -> PreflightWarning:
    listed = ", ".join(f"“{name}”" for name in names[:5]) + ("…" if len(names) > 5 else "")
    if split == "train":
        return PreflightWarning(
            level="problem",
            message=msg("No training {what} is of the class {shown}: it cannot be learnt.", what=what, shown=listed),
            advice=msg("Import the table again with another split, or without the rows of that class."),
        )
    return PreflightWarning(
        level="warning",
        message=msg(
            "No {split} {what} is of the class {shown}: {consequence}.",
            split=split,
            what=what,
            shown=listed,
            consequence=_consequence(split),
        ),
        advice=msg("Another split, or other fractions, would put some there."),
    )


def _constant(split: str, name: str) -> PreflightWarning:
    level = "problem" if split == "train" else "warning"
    consequence = msg("it cannot be learnt") if split == "train" else _consequence(split)
    return PreflightWarning.model_validate(
        {
            "level": level,
            "message": msg(
                "“{name}” is the same in every {word} row that has it: {consequence}.",
                name=name,
                word=_word(split),
                consequence=consequence,
            ),
            "advice": msg("Import the table again with another split, or without that target."),
        }
    )


def _consequence(split: str) -> str:
    if split == "validation":
        return msg("the best model is chosen without regard to it")
    return msg("the scores say nothing about it")


def _word(split: str) -> str:
    return "training" if split == "train" else split


def _about_judging(card: DatasetCard, rows: dict[str, Rows]) -> Iterator[PreflightWarning]:
    for split, what in (("validation", msg("which step counts as the best")), ("test", msg("the final scores"))):
        if len(rows[split]) < _FEW_JUDGED:
            yield PreflightWarning(
                level="warning",
                message=msg(
                    "There are only {rows:,} {split} rows: chance has a large say in {what}.",
                    rows=len(rows[split]),
                    split=split,
                    what=what,
                ),
                advice=msg("Larger fractions, or cross-validation, would be steadier."),
            )
    if target_kind(card.task).facts.is_quantity:
        for name in target_kind(card.task).constant_targets(rows["train"].targets, card):
            yield _constant("train", name)


def _about_rate(plan: TrainPlan, layout: TrainingFacts) -> Iterator[PreflightWarning]:
    low, high = next((low, high) for most, low, high in _RATES if layout.parameters <= most)
    optimizer, method = plan.optimization.optimizer, plan.tuning.tuning_method
    for slower, faster in (_BY_OPTIMIZER.get(optimizer, (1.0, 1.0)), _BY_METHOD.get(method, (1.0, 1.0))):
        low, high = low * slower, high * faster
    rate = plan.optimization.learning_rate
    if not low <= rate <= high:
        size = amount(layout.parameters)
        yield PreflightWarning(
            level="warning",
            message=msg(
                "The learning rate {rate:g} is high for a model of {size} parameters: the loss may jump or explode.",
                rate=rate,
                size=size,
            )
            if rate > high
            else msg(
                "The learning rate {rate:g} is low for a model of {size} parameters: little may be learnt.",
                rate=rate,
                size=size,
            ),
            advice=msg(
                "Usual are {low:.2g} to {high:.2g} for optimizer={optimizer}, tuning_method={method}.",
                low=low,
                high=min(high, 1.0),
                optimizer=optimizer,
                method=method,
            ),
        )


def _about_course(plan: TrainPlan, layout: TrainingFacts) -> Iterator[PreflightWarning]:
    stopping, steps = plan.stopping, layout.total_steps
    looks = validation_count(plan, steps, layout.steps_per_epoch)
    if layout.batches <= plan.batching.gradient_accumulation_steps:
        yield PreflightWarning(
            level="warning",
            message=msg("All training rows go into one step: the weights move once in each pass."),
            advice=msg("More steps in a pass, or fewer accumulated batches, would let the model learn in more steps."),
        )
    if steps < _FEW_STEPS:
        yield PreflightWarning(
            level="warning",
            message=plural(
                "The training has only one step: that is little to learn in.",
                "The training has only {n:,} steps: that is little to learn in.",
                steps,
            ),
            advice=msg("More passes over the data or smaller batches give it more."),
        )
    if stopping.early_stopping_patience and stopping.early_stopping_patience >= looks:
        yield PreflightWarning(
            level="note",
            message=msg(
                "Early stopping cannot happen: the patience is {patience:,} validations, "
                "and the training has {looks:,}.",
                patience=stopping.early_stopping_patience,
                looks=looks,
            ),
        )
    if stopping.save_steps >= steps:
        yield PreflightWarning(
            level="note",
            message=msg(
                "There is no checkpoint before the end (every {save_steps:,} steps, of {steps:,}): a run "
                "that is killed begins anew.",
                save_steps=stopping.save_steps,
                steps=steps,
            ),
        )


def _about_length(cut: TruncatedRows) -> Iterator[PreflightWarning]:
    if cut.rows > _MUCH_CUT * cut.of:
        yield PreflightWarning(
            level="warning",
            message=str(cut),
            advice=msg("A larger max_length, or a model that reads longer rows, sees more."),
        )
