"""A methods paragraph that can be pasted into a paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from sciapp.engine.domains.registry import domain_of
from sciapp.engine.reports.names import model_name
from sciapp.engine.reports.text.augmentation import augmentation_sentences, regularization_sentences
from sciapp.engine.reports.text.dataset import (
    bound_sentences,
    data_sentences,
    leakage_sentences,
    pair_sentences,
    weight_sentences,
)
from sciapp.engine.reports.text.training import (
    averaging_words,
    loss_words,
    optimizer_words,
    trained_words,
    tuning_words,
)
from sciapp.i18n import all_of, joined, msg, plural
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import Leakage
from sciapp.records.formatting import percent_text
from sciapp.records.model.reference import fresh_size
from sciapp.records.plan.compression import compression_facts
from sciapp.records.plan.plan import FEWEST_ROWS, Plan, Stopping, TrainPlan
from sciapp.records.run.evaluation import Evaluation, ExtraFeatures
from sciapp.records.run.score_format import score_title

LINEAR_KEPT = msg("(the linear model was kept)")  # likewise, where the training did not begin from that one
START_KEPT = msg("(the start was kept)")  # of the predictor judged after a training of which no step was better


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
        *data_sentences(card),
        *leakage_sentences(leaks),
        *_training(training, card, evaluation, stopped),
        *_number_format(trained_on or environment),
    ]
    model = msg("model") if _reports_start(evaluation) else msg("fine-tuned model")
    for step in compressions:
        sentences.append(compression_facts(step.base_text).account(model))
        model = msg("compressed model")
    return joined([*sentences, *_judgement(evaluation), *_software(environment)])


def _training(training: TrainPlan, card: DatasetCard, evaluation: Evaluation, stopped: str) -> list[str]:
    head = (
        msg("a new output layer")
        if evaluation.extra_features is None
        else msg("a new head over its mean-pooled output")
    )
    return [
        *([TRIED] if _reports_start(evaluation) else []),
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
        *pair_sentences(card),
        *weight_sentences(card),
        *bound_sentences(card),
        *_extra_features(card, evaluation.extra_features),
        *augmentation_sentences(training, card),
        *regularization_sentences(training.regularization),
        msg(
            "{ended}; {selected} (seed {seed}).",
            ended=_ended(training.stopping, stopped),
            selected=_selected_model(evaluation),
            seed=training.seed,
        ),
        *_members(evaluation),
    ]


def _members(evaluation: Evaluation) -> list[str]:
    """The simple models that answer with the transformer."""
    if not evaluation.members:
        return []
    network, *members = evaluation.members
    if network.share == 0 and len(members) == 1:
        return [
            msg(
                "The model reported here is a simple one that was fitted to the same training rows: {title}. It did "
                "better on the validation rows than the fine-tuned transformer, and than a weighted mean of both, by "
                "more than two standard errors, and answers alone.",
                title=members[0].title,
            )
        ]
    parts = [msg("{title} {share}", title=member.title, share=percent_text(member.share)) for member in members]
    return [
        msg(
            "The model reported here is a weighted mean of the transformer ({share}) and of simple models that "
            "were fitted to the same training rows: {members}. Their weights, non-negative and of the sum one, were "
            "fitted to training rows that each of them had not seen (five folds; stacked regressions, Breiman 1996), "
            "the transformer’s share to the validation rows; a part that did better there by more than two standard "
            "errors would answer alone.",
            share=percent_text(network.share),
            members=all_of(parts),
        )
    ]


TRIED = msg("The following training was tried, and what it changed was not kept.")


def _settings(training: TrainPlan) -> str:
    optimization, batching = training.optimization, training.batching
    parts: list[str] = [optimizer_words(optimization), msg("dropout {dropout:g}", dropout=training.dropout)]
    if optimization.max_grad_norm:
        parts.append(msg("gradients clipped to a norm of {norm:g}", norm=optimization.max_grad_norm))
    parts.append(msg("and batches of at most {tokens:,} tokens", tokens=batching.tokens_per_batch))
    if batching.min_steps_per_epoch > 1:
        parts.append(
            msg(
                "of fewer rows, but at least {rows}, where an epoch would have had fewer than {steps:,} steps",
                rows=FEWEST_ROWS,
                steps=batching.min_steps_per_epoch,
            )
        )
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
    if _reports_start(evaluation):
        after = evaluation.validation_after
        began = after is not None and START_KEPT in after.predictor
        rival = msg("what it began from") if began else msg("a linear model on the network as it began")
        if evaluation.extra_features is not None and evaluation.extra_features.rule:
            return msg(
                "no step of it had a better validation {name} than the rule that it began with, or by less than one "
                "standard error, so that the model reported here is not fine-tuned: it is {rule:l}",
                name=name,
                rule=evaluation.extra_features.rule,
            )
        return msg(
            "no step of it had a better validation {name} than {rival}, so that the transformer reported here is "
            "not fine-tuned: it is the linear model on the network as it began",
            name=name,
            rival=rival,
        )
    return msg("the model with the best validation {name} was kept", name=name)


def _reports_start(evaluation: Evaluation) -> bool:
    """True if nothing that was fine-tuned is reported."""
    after = evaluation.validation_after
    return after is not None and any(mark in after.predictor for mark in (START_KEPT, LINEAR_KEPT))


def _extra_features(card: DatasetCard, extra: ExtraFeatures | None) -> list[str]:
    if extra is None:
        return []
    read: list[str] = []
    if extra.descriptors:
        names = domain_of(card).descriptors_called
        read.append(msg("{count:,} {descriptors}", count=extra.descriptors, descriptors=names))
    if extra.covariates:
        read.append(msg("the measured {names}", names=all_of(extra.covariates)))
    if extra.rule:
        return _rule(extra.rule, read)
    if not read:  # the linear model that did better than the training is all there is
        return []
    return [
        msg(
            "The head also read {features}, centred and scaled by the training rows, plain and as signed "
            "logarithms; its linear part began as the ridge or logistic regression, on all of these and the "
            "output of the network as it began, with the penalty that did best on training rows left out in turn.",
            features=all_of(read),
        )
    ]


def _rule(rule: str, read: list[str]) -> list[str]:
    """read: the extra features in words."""
    also = msg("The head also read {features}.", features=all_of(read)) if read else ""
    return [
        msg(
            "The head began with the forecast of a simple rule, {rule:l}: of all rules that were tried the one with "
            "the smallest error on the validation rows and on training rows that were left out in turn. It was "
            "fitted to training rows alone, and the network learnt its errors, in units of their usual size.",
            rule=rule,
        ),
        *([also] if also else []),
    ]


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
