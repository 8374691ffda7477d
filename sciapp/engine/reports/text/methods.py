"""A methods paragraph that can be pasted into a paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from sciapp.engine.augmentation.rewriter import known_augmentations
from sciapp.engine.data.targets.registry import target_kind
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
from sciapp.i18n import all_of, joined, msg, plural, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import Leakage
from sciapp.records.model.reference import fresh_size
from sciapp.records.plan.augmentation import BACK_TRANSLATION, MASKED_SUBSTITUTION, Augmentations, Regularization
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import Plan, Stopping, TrainPlan
from sciapp.records.run.evaluation import Evaluation, ExtraFeatures
from sciapp.records.run.score_format import score_title

LINEAR_KEPT = msg("(the linear model was kept)")  # likewise, where the training did not begin from that one
START_KEPT = msg("(the start was kept)")  # of the predictor judged after a training of which no step was better

_SPLITS = {
    "random": msg("at random"),
    "stratified": msg("at random, stratified by the target"),
    "cluster": msg("by clusters of like rows, none of which is in two splits"),
    "group": msg("by groups, none of which is in two splits"),
    "time": msg("by time, the oldest for training and the newest for the test"),
    "column": msg("as given in the file"),
    "file": msg("as given in a split file"),
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
    model = msg("model") if _start_kept(evaluation) else msg("fine-tuned model")
    for step in compressions:
        sentences.append(compression_facts(step.base_text).account(model))
        model = msg("compressed model")
    return joined([*sentences, *_judgement(evaluation), *_software(environment)])


def _divided(card: DatasetCard) -> str:
    """The division of the rows, and of pairs the input that the promise is about."""
    own = split_facts()
    how = own[card.split.method].methods if card.split.method in own else _SPLITS[card.split.method]
    if len(card.roles.inputs) == 1 or card.split.method not in {"cluster", *own}:
        return how
    return msg("{how}; of each pair only the first input was looked at", how=how)


def _data(card: DatasetCard) -> list[str]:
    rows = card.rows_kept
    used: str = msg("all {rows:,} rows", rows=rows)
    aside = ""
    if card.rows_set_aside:
        used = msg("{rows:,} of {all:,} rows", rows=rows, all=card.rows_read)
        aside = plural(
            "Set aside before the split: {n:,} row ({reasons}).",
            "Set aside before the split: {n:,} rows ({reasons}).",
            card.rows_set_aside,
            reasons=counts_of(card.set_aside_reasons, "; "),
        )
    return [
        msg(
            "A model for the {task} of {targets} from {inputs} ({domain}) was made with {used} of {file}.",
            task=target_kind(card.task).words.name(card),
            targets=all_of(card.target_names),
            inputs=inputs_named(card),
            domain=card.domain,
            used=used,
            file=card.source.file_name,
        ),
        *([aside] if aside else []),
        *([repairs] if (repairs := data_check.sentence(card)) else []),
        _division(card),
    ]


def _division(card: DatasetCard) -> str:
    counts = counts_of(card.split_counts, ", ")
    if card.split.method in {"column", "file", "time"}:
        return msg("Rows were divided {how} ({counts}).", how=_divided(card), counts=counts)
    seed = card.split.seed
    return msg("Rows were divided {how} ({counts}, seed {seed}).", how=_divided(card), counts=counts, seed=seed)


def _leaks(leaks: Leakage | None) -> list[str]:
    """The likeness that the split left between test and training, which its name alone does not tell."""
    if leaks is None or not leaks.neighbours.looked_at:
        return []
    seen = leaks.neighbours
    crossing = [one for one in leaks.crossings if set(one.splits) == {"train", "test"}]
    near = msg("{count:,}", count=seen.at_least(leaks.near))
    return [
        msg(
            "Of {rows}, {near} had one that was nearly the same ({measure} of at least {threshold:g}).",
            rows=seen.summary,
            near=msg("at least {count}", count=near) if seen.lower_bound else near,
            measure=leaks.measure,
            threshold=leaks.near,
        ),
        *(
            plural(
                "{what} was in training and test at once.",
                "{what} were in training and test at once.",
                one.count,
                what=one.words,
            )
            for one in crossing
        ),
    ]


def _training(training: TrainPlan, card: DatasetCard, evaluation: Evaluation, stopped: str) -> list[str]:
    head = (
        msg("a new output layer")
        if evaluation.extra_features is None
        else msg("a new head over its mean-pooled output")
    )
    return [
        *([TRIED] if _start_kept(evaluation) else []),
        msg(
            "{trained} on {loss}, with {settings}; inputs were cut at {max_length:,} tokens.",
            trained=trained_words(
                training.tuning,
                model=model_name(training.model),
                head=head,
                untrained=fresh_size(training.model) is not None,
            ),
            loss=loss_words(training, card),
            settings=_settings(training),
            max_length=training.batching.max_length,
        ),
        *tuning_words(training.tuning),
        *averaging_words(training.averaging),
        *_pairs(card),
        *_weights(card),
        *_bounds(card),
        *_extra_features(card, evaluation.extra_features),
        *_augmentation(training, card),
        *_regularization(training.regularization),
        msg(
            "{ended}; {selected} (seed {seed}).",
            ended=_ended(training.stopping, stopped),
            selected=_selected_model(evaluation),
            seed=training.seed,
        ),
    ]


TRIED = msg("The following training was tried, and what it changed was not kept.")


def _settings(training: TrainPlan) -> str:
    optimization, batching = training.optimization, training.batching
    parts: list[str] = [optimizer_words(optimization), msg("dropout {dropout:g}", dropout=training.dropout)]
    if optimization.max_grad_norm:
        parts.append(msg("gradients clipped to a norm of {norm:g}", norm=optimization.max_grad_norm))
    parts.append(msg("and batches of at most {tokens:,} tokens", tokens=batching.tokens_per_batch))
    if batching.gradient_accumulation_steps > 1:
        parts.append(msg("{batches} of them for a step", batches=batching.gradient_accumulation_steps))
    return joined(parts, ", ")


def _ended(stopping: Stopping, stopped: str) -> str:
    """The end of the training. stopped: after how many steps a person ended it, in words; else empty."""
    length = (
        plural("{n:,} step", "{n:,} steps", stopping.max_steps)
        if stopping.max_steps
        else plural("{n:,} epoch", "{n:,} epochs", stopping.num_train_epochs)
    )
    if stopping.early_stopping_patience:
        length = plural(
            "{length} or {n:,} validation without a better score",
            "{length} or {n:,} validations without a better score",
            stopping.early_stopping_patience,
            length=length,
        )
    if not stopped:
        return msg("Training ended after at most {length}", length=length)
    return msg(
        "Training was to end after at most {length}, and was stopped by hand {stopped}", length=length, stopped=stopped
    )


def _number_format(environment: Mapping[str, Any]) -> list[str]:
    """The number format of the training, and its meaning for whoever repeats it."""
    device = str(environment.get("device", ""))
    named = {
        "fp32": msg("32-bit numbers (fp32)"),
        "bfloat16": "bfloat16 (bf16)",
        "float16": msg("16-bit numbers (fp16)"),
    }
    used = next((words for name, words in named.items() if device.endswith(f"({name})")), "")
    if not used:
        return []
    threads = environment.get("threads")
    where = ""
    if device.startswith("cuda"):
        where = msg("a GPU")
    elif threads:
        where = plural("a processor, {n:,} thread", "a processor, {n:,} threads", threads)
    used = msg("{format} on {where}", format=used, where=where) if where else used
    if "32" in used:
        return [msg("All of it was computed in {format}.", format=used)]
    return [
        msg(
            "Training computed its matrix products in {format}; weights, sums and all scores were held in fp32. In "
            "another number format, or by another number of processes, losses differ from the third digit on, and "
            "the scores with them.",
            format=used,
        )
    ]


def _selected_model(evaluation: Evaluation) -> str:
    """The model of the training that is reported."""
    name = score_title(evaluation.main_score)
    if _start_kept(evaluation):
        after = evaluation.validation_after
        began = after is not None and START_KEPT in after.predictor
        rival = msg("what it began from") if began else msg("a linear model on the frozen encoder")
        return msg(
            "no step of it had a better validation {name} than {rival}, so that the model reported here is "
            "not fine-tuned: it is the linear model on the frozen encoder",
            name=name,
            rival=rival,
        )
    return msg("the model with the best validation {name} was kept", name=name)


def _start_kept(evaluation: Evaluation) -> bool:
    """True if nothing that was fine-tuned is reported."""
    after = evaluation.validation_after
    return after is not None and any(mark in after.predictor for mark in (START_KEPT, LINEAR_KEPT))


def _pairs(card: DatasetCard) -> list[str]:
    if len(card.roles.inputs) == 1:
        return []
    return [
        msg(
            "Each row was a pair: {input} and {second_input} were read as one sequence of tokens with a "
            "separator between them; of pairs that were too long the longer input was cut.",
            input=card.roles.input,
            second_input=card.roles.second_input,
        )
    ]


def _weights(card: DatasetCard) -> list[str]:
    if card.roles.weight is None:
        return []
    return [
        msg(
            "Each training row counted by its weight in the column {weight}, in the loss and in the baselines; "
            "all scores are unweighted: every validation and test row counts the same.",
            weight=card.roles.weight,
        )
    ]


def _bounds(card: DatasetCard) -> list[str]:
    bounded = [target for target in card.targets if target.bounds]
    if not bounded:
        return []
    counts = [msg("{bounds:,} of {name}", bounds=target.bounds, name=target.name) for target in bounded]
    return [
        msg(
            "Of some training values only a bound was known ({counts}). These were learnt one-sidedly, as in a "
            "censored regression (Tobin 1958, Econometrica 26:24): no loss beyond the bound, before it the loss "
            "of a value at the bound. They were not used to standardise targets, to fit baselines or in any "
            "score; all validation and test values were measured.",
            counts=counts,
        )
    ]


def _extra_features(card: DatasetCard, extra: ExtraFeatures | None) -> list[str]:
    if extra is None:
        return []
    read: list[str] = []
    if extra.descriptors:
        names = domain_of(card).descriptors_called
        read.append(msg("{count:,} {descriptors}", count=extra.descriptors, descriptors=names))
    if extra.covariates:
        read.append(msg("the measured {names}", names=all_of(extra.covariates)))
    if not read:  # the linear model that did better than the training is all there is
        return []
    return [
        msg(
            "The head also read {features}, centred and scaled by the training rows, plain and as signed "
            "logarithms; its linear part began as the ridge or logistic regression, on all of these and the "
            "frozen encoder’s output, with the penalty that did best on validation.",
            features=all_of(read),
        )
    ]


def _augmentation(training: TrainPlan, card: DatasetCard) -> list[str]:
    augmentation = training.augmentation
    sentences: list[str] = []
    if augmentation.augmentations:
        known = known_augmentations(domain_of(card))
        # A plan of a later version may name what is not known here.
        named = (
            msg("{title:l} ({source})", title=known[n].title, source=known[n].source) if n in known else n
            for n in augmentation.augmentations
        )
        sentences.append(
            msg(
                "In each pass {augmented_share:.0%} of the training rows were written anew, each by one of: "
                "{named}; strength {augmentation_strength:g} of 1.",
                augmented_share=augmentation.augmented_share,
                named=joined(named, "; "),
                augmentation_strength=augmentation.augmentation_strength,
            )
        )
        sentences += _beforehand(augmentation, card)
    if augmentation.token_masking:
        sentences.append(
            msg(
                "{token_masking:.0%} of the tokens of training rows were replaced by the mask token.",
                token_masking=augmentation.token_masking,
            )
        )
    if augmentation.test_time:
        sentences.append(
            msg(
                "Predictions were averaged over each row and up to {test_time} other spellings of it.",
                test_time=augmentation.test_time,
            )
        )
    return sentences


def _beforehand(augmentations: Augmentations, card: DatasetCard) -> list[str]:
    """The models that generated variants."""
    count, sentences = plural("{n:,} variant", "{n:,} variants", augmentations.augmentation_variants), list[str]()
    if BACK_TRANSLATION in augmentations.augmentations:
        sentences.append(
            msg(
                "Back-translations ({count} of each row) were made once before training by {there} and {back}.",
                count=count,
                there=model_name(augmentations.translation_there),
                back=model_name(augmentations.translation_back),
            )
        )
    if MASKED_SUBSTITUTION in augmentations.augmentations:
        model = augmentations.substitution_model or usual_model(card.domain)
        sentences.append(
            msg(
                "The masked model was {model_name}, asked once before training ({count} of each row).",
                model_name=model_name(model),
                count=count,
            )
        )
    return sentences


def _regularization(regularization: Regularization) -> list[str]:
    of = msg(
        "disturbances of the word embeddings of {adversarial_epsilon:.1%} of their length",
        adversarial_epsilon=regularization.adversarial_epsilon,
    )
    words: dict[str, list[str]] = {
        "off": [],
        "fgm": [msg("Half of the loss was that of adversarial {of} (FGM; Miyato et al. 2017).", of=of)],
        "pgd": [
            msg(
                "Half of the loss was that of adversarial {of}, found in {count} of projected gradient ascent "
                "(PGD; Madry et al. 2018).",
                of=of,
                count=plural("{n:,} step", "{n:,} steps", regularization.adversarial_steps),
            )
        ],
        "r_drop": [
            msg(
                "The disagreement of two readings under different dropout was added to the loss with weight "
                "{r_drop_weight:g} (R-Drop; Liang et al. 2021).",
                r_drop_weight=regularization.r_drop_weight,
            )
        ],
        "mixup": [
            msg(
                "What the head reads of two rows, and their labels, were mixed by shares drawn from "
                "Beta({mixup_alpha:g}, {mixup_alpha:g}) (mixup; Zhang et al. 2018).",
                mixup_alpha=regularization.mixup_alpha,
            )
        ],
    }
    return words[regularization.regularizer]


def _judgement(evaluation: Evaluation) -> list[str]:
    samples = evaluation.bootstrap_samples
    sentences: list[str] = [
        msg(
            "The test rows were used for nothing but the scores reported here. Intervals are 95 % percentile bootstrap "
            "intervals ({samples:,} samples of the test rows); where all samples gave the same score, Wilson’s (1927), "
            "class by class.",
            samples=samples,
        )
        if evaluation.has_wilson
        else msg(
            "The test rows were used for nothing but the scores reported here. Intervals are 95 % percentile bootstrap "
            "intervals ({samples:,} samples of the test rows).",
            samples=samples,
        )
    ]
    if evaluation.simple_baseline is not None:
        simple = evaluation.simple_baseline.predictor
        sentences.append(msg("The simple baseline, a {simple:l}, was fitted to the same training rows.", simple=simple))
    return sentences


def _software(environment: Mapping[str, Any]) -> list[str]:
    packages = environment.get("packages")
    if not isinstance(packages, dict) or "sciapp" not in environment:
        return []
    named = (("PyTorch", "torch"), ("transformers", "transformers"), ("scikit-learn", "scikit-learn"))
    others = [f"{name} {packages[key]}" for name, key in named if key in packages]
    return [msg("Software: SciApp {version} with {others}.", version=environment["sciapp"], others=others)]


def counts_of(counts: Mapping[str, int], separator: str) -> str:
    """“3 duplicate; 2 invalid input”. counts: by words that are stored as plain text."""
    return joined((msg("{count:,} {what}", count=count, what=term(what)) for what, count in counts.items()), separator)
