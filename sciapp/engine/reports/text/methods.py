"""A methods paragraph that can be pasted into a paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from sciapp.engine.augmentation.rewriter import known_augmentations
from sciapp.engine.domains.about import split_facts
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.hub.catalog import usual_model
from sciapp.engine.reports.names import inputs_named, model_name
from sciapp.engine.reports.text import data_quality as data_check
from sciapp.engine.reports.text.training import (
    averaging_words,
    loss_words,
    optimizer_words,
    trained_words,
    tuning_words,
)
from sciapp.engine.tasks.words.registry import task_report
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import Leakage
from sciapp.records.formatting import lower_first
from sciapp.records.plan.augmentation import BACK_TRANSLATION, MASKED_SUBSTITUTION, Augmentations, Regularization
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import Plan, TrainPlan
from sciapp.records.run.evaluation import Evaluation, ExtraFeatures
from sciapp.records.run.score_format import score_title

LINEAR_KEPT = "(the linear model was kept)"  # likewise, where the training did not begin from that one
START_KEPT = "(the start was kept)"  # of the predictor judged after a training of which no step was better

_SPLITS = {
    "random": "at random",
    "stratified": "at random, stratified by the target",
    "cluster": "by clusters of like rows, none of which is in two splits",
    "group": "by groups, none of which is in two splits",
    "time": "by time, the oldest for training and the newest for the test",
    "column": "as given in the file",
    "file": "as given in a split file",
}


def paragraph(
    training: TrainPlan,
    card: DatasetCard,
    evaluation: Evaluation,
    environment: Mapping[str, Any],
    trained_on: Mapping[str, Any] | None = None,
    *,
    leaks: Leakage | None = None,
    stopped: str = "",
    compressions: Sequence[Plan] = (),
) -> str:
    """The methods, in the order in which they were carried out.

    trained_on: the environment of the training, where the run is a compression. stopped: after how many steps a person
    ended the training, in words; empty where it ended by itself. compressions: all that the model went through
    afterwards.
    """
    sentences = [
        *_data(card),
        *_leaks(leaks),
        *_training(training, card, evaluation, stopped),
        *_number_format(trained_on or environment),
    ]
    model = "model" if _start_kept(evaluation) else "fine-tuned model"
    for step in compressions:
        sentences.append(compression_facts(step.base_text).account.format(model=model))
        model = "compressed model"
    return " ".join([*sentences, *_judgement(evaluation), *_software(environment)])


def _divided(card: DatasetCard) -> str:
    """The division of the rows, and of pairs the input that the promise is about."""
    own = split_facts()
    how = own[card.split.method].methods if card.split.method in own else _SPLITS[card.split.method]
    if card.roles.second_input is None or card.split.method not in {"cluster", *own}:
        return how
    return f"{how}; of each pair only the first input was looked at"


def _data(card: DatasetCard) -> list[str]:
    used = f"all {card.rows_kept:,} rows"
    aside = ""
    if card.rows_set_aside:
        used = f"{card.rows_kept:,} of {card.rows_read:,} rows"
        reasons = "; ".join(f"{count:,} {reason}" for reason, count in card.set_aside_reasons.items())
        aside = f" Set aside before the split: {_count(card.rows_set_aside, 'row')} ({reasons})."
    counts = ", ".join(f"{count:,} {name}" for name, count in card.split_counts.items())
    seed = "" if card.split.method in {"column", "file", "time"} else f", seed {card.split.seed}"
    task = task_report(card.task).words(card)
    return [
        f"A model for the {task} of {_listed(card.target_names)} from {inputs_named(card)} ({card.domain}) "
        f"was made with {used} of {card.source.file_name}.{aside}",
        *([repairs] if (repairs := data_check.sentence(card)) else []),
        f"Rows were divided {_divided(card)} ({counts}{seed}).",
    ]


def _leaks(leaks: Leakage | None) -> list[str]:
    """The likeness that the split left between test and training, which its name alone does not tell."""
    if leaks is None or not leaks.neighbours.looked_at:
        return []
    seen = leaks.neighbours
    near, least = seen.at_least(leaks.near), "at least " * seen.lower_bound
    crossing = [one for one in leaks.crossings if set(one.splits) == {"train", "test"}]
    sentences = [
        f"Of {seen.said}, {least}{near:,} had one that was nearly the same ({leaks.measure} of at least "
        f"{leaks.near:g})."
    ]
    return sentences + [
        f"{_count(one.count, one.what)} {'was' if one.count == 1 else 'were'} in training and test at once."
        for one in crossing
    ]


def _training(training: TrainPlan, card: DatasetCard, evaluation: Evaluation, stopped: str) -> list[str]:
    optimization, batching, stopping = training.optimization, training.batching, training.stopping
    scaled = task_report(card.task).standardized
    clipping = f", gradients clipped to a norm of {optimization.max_grad_norm:g}" * bool(optimization.max_grad_norm)
    accumulated = batching.gradient_accumulation_steps
    early = (
        f" or {_count(stopping.early_stopping_patience, 'validation')} without a better score"
        if stopping.early_stopping_patience
        else ""
    )
    length = _count(stopping.max_steps, "step") if stopping.max_steps else _count(stopping.num_train_epochs, "epoch")
    head = "a new output layer" if evaluation.beside is None else "a new head over its mean-pooled output"
    tried = "The following training was tried, and what it changed was not kept. " * _start_kept(evaluation)
    ended = f"Training ended after at most {length}{early}"
    if stopped:
        ended = f"Training was to end after at most {length}{early}, and was stopped by hand {stopped}"
    return [
        f"{tried}{trained_words(training.tuning, model=model_name(training.model), head=head)} on "
        f"{loss_words(training, card)}{scaled}, with {optimizer_words(optimization)}, dropout "
        f"{training.dropout:g}{clipping}, and batches of at most {batching.tokens_per_batch:,} tokens"
        + (f", {accumulated} of them for a step" if accumulated > 1 else "")
        + f"; inputs were cut at {batching.max_length:,} tokens.",
        *tuning_words(training.tuning),
        *averaging_words(training.averaging),
        *_pairs(card),
        *_weights(card),
        *_bounds(card),
        *_extra_features(card, evaluation.beside),
        *_augmentation(training, card),
        *_regularization(training.regularization),
        f"{ended}; {_selected_model(evaluation)} (seed {training.seed}).",
    ]


def _number_format(environment: Mapping[str, Any]) -> list[str]:
    """The number format of the training, and its meaning for whoever repeats it."""
    device = str(environment.get("device", ""))
    named = {"fp32": "32-bit numbers (fp32)", "bfloat16": "bfloat16 (bf16)", "float16": "16-bit numbers (fp16)"}
    used = next((words for name, words in named.items() if device.endswith(f"({name})")), "")
    if not used:
        return []
    threads = environment.get("threads")
    where = "a GPU" if device.startswith("cuda") else f"a processor, {_count(threads, 'thread')}" if threads else ""
    where = f" on {where}" if where else ""
    if "32" in used:
        return [f"All of it was computed in {used}{where}."]
    return [
        f"Training computed its matrix products in {used}{where}; weights, sums and all scores were held in fp32. In "
        "another number format, or by another number of processes, losses differ from the third digit on, and the "
        "scores with them."
    ]


def _selected_model(evaluation: Evaluation) -> str:
    """The model of the training that is reported."""
    name = score_title(evaluation.main_score)
    if _start_kept(evaluation):
        after = evaluation.validation_after
        began = after is not None and START_KEPT in after.predictor
        rival = "what it began from" if began else "a linear model on the frozen encoder"
        return (
            f"no step of it had a better validation {name} than {rival}, so that the model reported here is "
            "not fine-tuned: it is the linear model on the frozen encoder"
        )
    return f"the model with the best validation {name} was kept"


def _start_kept(evaluation: Evaluation) -> bool:
    """True if nothing that was fine-tuned is reported."""
    after = evaluation.validation_after
    return after is not None and any(mark in after.predictor for mark in (START_KEPT, LINEAR_KEPT))


def _pairs(card: DatasetCard) -> list[str]:
    if card.roles.second_input is None:
        return []
    return [
        f"Each row was a pair: {card.roles.input} and {card.roles.second_input} were read as one sequence of tokens "
        "with a separator between them; of pairs that were too long the longer input was cut."
    ]


def _weights(card: DatasetCard) -> list[str]:
    if card.roles.weight is None:
        return []
    return [
        f"Each training row counted by its weight in the column {card.roles.weight}, in the loss and in the baselines; "
        "all scores are unweighted: every validation and test row counts the same."
    ]


def _bounds(card: DatasetCard) -> list[str]:
    bounded = [target for target in card.targets if target.bounds]
    if not bounded:
        return []
    counts = ", ".join(f"{target.bounds:,} of {target.name}" for target in bounded)
    return [
        f"Of some training values only a bound was known ({counts}). These were learnt one-sidedly, as in a censored "
        "regression (Tobin 1958, Econometrica 26:24): no loss beyond the bound, before it the loss of a value at the "
        "bound. They were not used to standardise targets, to fit baselines or in any score; all validation and test "
        "values were measured."
    ]


def _extra_features(card: DatasetCard, beside: ExtraFeatures | None) -> list[str]:
    if beside is None:
        return []
    described = f"{beside.descriptors:,} {domain_of(card).descriptors_called}" if beside.descriptors else ""
    columns = f"the measured {_listed(beside.covariates)}" if beside.covariates else ""
    joined = " and ".join(part for part in (described, columns) if part)
    if not joined:  # the linear model that did better than the training is all there is
        return []
    return [
        f"The head also read {joined}, centred and scaled by the training rows, plain and as signed logarithms; its "
        "linear part began as the ridge or logistic regression, on all of these and the frozen encoder’s output, with "
        "the penalty that did best on validation."
    ]


def _augmentation(training: TrainPlan, card: DatasetCard) -> list[str]:
    augmentation, sentences = training.augmentation, []
    if augmentation.augmentations:
        known = known_augmentations(domain_of(card))
        # A plan of a later version may name what is not known here.
        named = tuple(
            f"{known[n].title.lower()} ({known[n].source})" if n in known else n for n in augmentation.augmentations
        )
        sentences.append(
            f"In each pass {augmentation.augmented_share:.0%} of the training rows were written anew, each by one of: "
            f"{'; '.join(named)}; strength {augmentation.augmentation_strength:g} of 1."
        )
        sentences += _beforehand(augmentation, card)
    if augmentation.token_masking:
        sentences.append(
            f"{augmentation.token_masking:.0%} of the tokens of training rows were replaced by the mask token."
        )
    if augmentation.test_time:
        sentences.append(
            f"Predictions were averaged over each row and up to {augmentation.test_time} other spellings of it."
        )
    return sentences


def _beforehand(asked: Augmentations, card: DatasetCard) -> list[str]:
    """The models that generated variants."""
    count, sentences = _count(asked.augmentation_variants, "variant"), []
    if BACK_TRANSLATION in asked.augmentations:
        sentences.append(
            f"Back-translations ({count} of each row) were made once before training by "
            f"{model_name(asked.translation_there)} and {model_name(asked.translation_back)}."
        )
    if MASKED_SUBSTITUTION in asked.augmentations:
        model = asked.substitution_model or usual_model(card.domain)
        sentences.append(f"The masked model was {model_name(model)}, asked once before training ({count} of each row).")
    return sentences


def _regularization(asked: Regularization) -> list[str]:
    of = f"disturbances of the word embeddings of {asked.adversarial_epsilon:.1%} of their length"
    return {
        "off": [],
        "fgm": [f"Half of the loss was that of adversarial {of} (FGM; Miyato et al. 2017)."],
        "pgd": [
            f"Half of the loss was that of adversarial {of}, found in {_count(asked.adversarial_steps, 'step')} of "
            "projected gradient ascent (PGD; Madry et al. 2018)."
        ],
        "r_drop": [
            f"The disagreement of two readings under different dropout was added to the loss with weight "
            f"{asked.r_drop_weight:g} (R-Drop; Liang et al. 2021)."
        ],
        "mixup": [
            f"What the head reads of two rows, and their labels, were mixed by shares drawn from Beta("
            f"{asked.mixup_alpha:g}, {asked.mixup_alpha:g}) (mixup; Zhang et al. 2018)."
        ],
    }[asked.regularizer]


def _judgement(evaluation: Evaluation) -> list[str]:
    sentences = [
        f"The test rows were used for nothing but the scores reported here. Intervals are 95 % percentile bootstrap "
        f"intervals ({evaluation.bootstrap_samples:,} samples of the test rows)"
        + "; where all samples gave the same score, Wilson’s (1927), class by class" * evaluation.has_wilson
        + "."
    ]
    if evaluation.simple_baseline is not None:
        simple = lower_first(evaluation.simple_baseline.predictor)
        sentences.append(f"The simple baseline, a {simple}, was fitted to the same training rows.")
    return sentences


def _software(environment: Mapping[str, Any]) -> list[str]:
    packages = environment.get("packages")
    if not isinstance(packages, dict) or "sciapp" not in environment:
        return []
    named = (("PyTorch", "torch"), ("transformers", "transformers"), ("scikit-learn", "scikit-learn"))
    others = ", ".join(f"{name} {packages[key]}" for name, key in named if key in packages)
    return [f"Software: SciApp {environment['sciapp']} with {others}."]


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + "s" * (number != 1)
