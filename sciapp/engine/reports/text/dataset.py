"""Methods text about the data: rows, split, leakage, pairs, weights and censored values."""

from collections.abc import Mapping

from sciapp.engine.data.targets.registry import target_kind
from sciapp.engine.domains.about import split_facts
from sciapp.engine.reports.names import inputs_named
from sciapp.engine.reports.text import data_quality as data_check
from sciapp.i18n import joined, msg, plural, term
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.dataset.leakage import Leakage

_SPLITS = {
    "random": msg("at random"),
    "stratified": msg("at random, stratified by the target"),
    "cluster": msg("by clusters of like rows, none of which is in two splits"),
    "group": msg("by groups, none of which is in two splits"),
    "time": msg("by time, the oldest for training and the newest for the test"),
    "column": msg("as given in the file"),
    "file": msg("as given in a split file"),
}


def data_sentences(card: DatasetCard) -> list[str]:
    """The task, the rows used, those set aside, the repairs and the split."""
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
            targets=target_kind(card.task).words.targets(card),
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


def _divided(card: DatasetCard) -> str:
    """The division of the rows, and of pairs the input that the promise is about."""
    own = split_facts()
    how = own[card.split.method].methods if card.split.method in own else _SPLITS[card.split.method]
    if len(card.roles.inputs) == 1 or card.split.method not in {"cluster", *own}:
        return how
    return msg("{how}; of each pair only the first input was looked at", how=how)


def leakage_sentences(leaks: Leakage | None) -> list[str]:
    """The likeness that the split left between test and training, which its name alone does not tell."""
    if leaks is None or not leaks.neighbours.looked_at:
        return []
    seen = leaks.neighbours
    crossing = [one for one in leaks.crossings if set(one.splits) == {"train", "test"}]
    count = seen.at_least(leaks.near)
    near = msg("{count:,}", count=count)
    if seen.lower_bound:
        near = msg("at least {count}", count=near)
    return [
        msg(
            "This did not keep all like rows apart: of {rows}, {near} had one that was nearly the same ({measure} of "
            "at least {threshold:g}).",
            rows=seen.summary,
            near=near,
            measure=leaks.measure,
            threshold=leaks.near,
        )
        if count
        else msg(
            "Of {rows}, {near} had one that was nearly the same ({measure} of at least {threshold:g}).",
            rows=seen.summary,
            near=near,
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


def pair_sentences(card: DatasetCard) -> list[str]:
    """The reading of two inputs; empty where a row has one."""
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


def weight_sentences(card: DatasetCard) -> list[str]:
    """The use of sample weights; empty without any."""
    if card.roles.weight is None:
        return []
    return [
        msg(
            "Each training row counted by its weight in the column {weight}, in the loss and in the baselines; "
            "all scores are unweighted: every validation and test row counts the same.",
            weight=card.roles.weight,
        )
    ]


def bound_sentences(card: DatasetCard) -> list[str]:
    """The loss of censored values; empty without any."""
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


def counts_of(counts: Mapping[str, int], separator: str) -> str:
    """“3 duplicate; 2 invalid input”. counts: by words that are stored as plain text."""
    return joined((msg("{count:,} {what}", count=count, what=term(what)) for what, count in counts.items()), separator)
