"""Proposed roles of a table's columns. A proposal only: people see it, with the reason, and change it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sciapp.engine.data.readers.derived_columns import joined_name
from sciapp.engine.data.readers.table_reader import Preview
from sciapp.engine.data.schema.column_roles import group_column, second_column, time_column, weight_column
from sciapp.engine.data.schema.conditions import conditions, reason_for
from sciapp.engine.data.schema.inputs import (
    LOOK,
    about_lists,
    canonical_form,
    header_words,
    hold_numbers,
    input_fits,
    listed_names,
    why_no_input,
)
from sciapp.engine.data.schema.near_duplicates import NearDuplicates, near_twins
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.schema.targets import feature_headings, headed_as_target, target_columns, target_fit
from sciapp.engine.data.schema.task import suitable_task
from sciapp.engine.data.values.cells import ColumnContent
from sciapp.engine.data.values.dead_targets import nothing_in
from sciapp.engine.data.values.identifiers import hold_lists
from sciapp.engine.data.values.number_formats import content_of
from sciapp.engine.data.values.split_names import TEST, TRAIN, split_named
from sciapp.engine.data.values.token_labels import LabelStrings
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.domains.row_input import only_part
from sciapp.errors import BadInput, shortened
from sciapp.i18n import joined, msg, plural
from sciapp.records.dataset.card import DomainName, SplitMethod
from sciapp.records.dataset.number_format import DecimalSign
from sciapp.records.dataset.tasks import TaskName

_SECOND_INPUT = 0.8  # of `input_fit`: a wild type beside its mutant is nothing to predict
_NAMED = 0.8  # of the rows, for a column of split names
_MASK_WORDS = frozenset("mask masked resolved ordered observed known".split())
_FIRST = 10
_SHOWN = 4


def propose(preview: Preview, domain_name: str) -> Proposal:
    """Roles and task from the headers and the first rows, for a project of the given domain.

    A column that was put together of several is the input: for nothing else is it asked for. Raises BadInput where such
    a column is no member of the domain.
    """
    domain = domain_named(domain_name)
    if preview.format.together and domain.joins_columns is None:
        raise BadInput(
            msg("The cells of several columns make no {domain}.", domain=domain.name),
            hint=msg("Name one column as the input, or a second one."),
        )
    proposal = _proposed(preview, domain, pairs=True)
    # A pair without anything left to learn is none: the answers to the questions are the target.
    if proposal.second_input and not proposal.targets:
        proposal = _proposed(preview, domain, pairs=False)
    proposal = proposal.because(preview.gathered).because(preview.misfits)
    if unsaved := preview.format.unsaved:
        # What was calculated is what was wanted, more often than not; its raw values are no stand-in.
        named = ", ".join(f"“{shortened(name)}”" for name in unsaved)
        reason = msg(
            "The results of the formulas in {named} were not saved: open the workbook in a spreadsheet "
            "program and save it again, or choose another column.",
            named=named,
        )
        return replace(proposal, targets=(), reason=reason)
    return proposal


def _proposed(preview: Preview, domain: Domain, *, pairs: bool) -> Proposal:
    columns = preview.cells()
    fits = input_fits(domain, columns)
    parts = preview.format.together
    chosen = joined_name(preview.format) if parts else max(fits, key=lambda name: fits[name], default="")
    if not chosen or fits[chosen] <= 0:
        return Proposal("", (), None, "random", "regression", why_no_input(domain, columns))
    others = [name for name, fit in fits.items() if fit > 0 and name not in {chosen, *parts}]
    pair = second_column(chosen, others) if pairs else None
    chosen, second = pair or (chosen, None)
    splits = [name for name, cells in columns.items() if name != chosen and _names_splits(cells)]
    split = next((name for name in splits if not preview.whole or _has_training_and_test(columns[name])), None)
    decimal = preview.format.decimal
    rest = {
        name: cells
        for name, cells in columns.items()
        if name not in {chosen, second, *parts, *splits, *_object_ids(preview)}
    }
    grouping = _GroupingColumns(
        split, group_column(rest), time_column(rest, decimal), weight_column(rest, decimal), second
    )
    proposal = _learnt(
        preview,
        domain,
        columns,
        rest,
        fits,
        grouping.added_to(Proposal(chosen, (), split, _usual_split(domain, grouping), "regression", "")),
        grouping,
    )
    if splits and split is None:
        proposal = proposal.because(
            msg(
                "“{shortened}” names no test rows or no training rows, so it is not the split.",
                shortened=shortened(splits[0]),
            )
        )
    return _without_twins(proposal, domain, columns[chosen], whole=preview.whole)


def _object_ids(preview: Preview) -> tuple[str, ...]:
    """The column that names the objects of series, which is nothing to learn; parts of an id may be."""
    ids = preview.format.series.id
    return ids if len(ids) == 1 else ()


def _learnt(
    preview: Preview,
    domain: Domain,
    columns: Mapping[str, list[str]],
    rest: Mapping[str, list[str]],
    fits: Mapping[str, float],
    start: Proposal,
    grouping: "_GroupingColumns",
) -> Proposal:
    """With targets, task and conditions. rest: the columns that have no role yet; fits: how each suits as an input."""
    decimal, chosen = preview.format.decimal, start.input
    lists = [n for n, cells in rest.items() if not hold_numbers(cells[:LOOK]) and hold_lists(cells[:LOOK])]
    typed = preview.format.typed
    contents = {name: content_of(cells, decimal, typed=typed) for name, cells in rest.items() if name not in lists}
    strings = {} if grouping.second else _label_strings(domain, columns, chosen, list(rest))
    labels = next((name for name in _by_fit(strings) if strings[name].suit and not _is_mask(name)), None)
    if labels is not None:
        mask = next((name for name, fits_ in strings.items() if fits_.mask_like and _is_mask(name)), None)
        tagging = replace(start, targets=(labels,), task="tagging", reason=strings[labels].reason(labels, domain.unit))
        return grouping.added_to(replace(tagging, mask=mask))
    features = feature_headings(list(contents), domain.descriptors(domain.example))
    scores = {
        name: target_fit(name, content, columns[name], features, whole=preview.whole)
        for name, content in contents.items()
        if fits[name] < _SECOND_INPUT
    }
    if grouping.weight and any(score > 0 for name, score in scores.items() if name != grouping.weight):
        scores.pop(grouping.weight, None)
        contents.pop(grouping.weight, None)
    chosen_targets = target_columns(columns, contents, scores, decimal)
    if not chosen_targets.names:
        empty = _about_dead(contents, columns, whole=preview.whole)
        return grouping.added_to(replace(start, reason=_NOTHING_TO_LEARN)).because(about_lists(lists)).because(empty)
    targets = chosen_targets.names
    task, reason = suitable_task(targets, [contents[name] for name in targets], whole=preview.whole)
    proposal = grouping.added_to(replace(start, targets=targets, task=task, reason=reason))
    if chosen_targets.dead:
        proposal = proposal.because(_about_single_values(chosen_targets.dead))
    if len(targets) > 1:
        return proposal
    proposal = proposal.because(chosen_targets.reason)
    # In many rows the values of any rounded column come again: what was set is seen in the first ones.
    return _under_conditions(proposal, {name: cells[: len(preview.rows)] for name, cells in columns.items()}, decimal)


def _about_dead(contents: Mapping[str, ColumnContent], columns: Mapping[str, Sequence[str]], *, whole: bool) -> str:
    """A sentence on columns that are headed like a measurement and hold a single value, or none."""
    sentences = [
        nothing_in(name, sorted(one.different), gaps=one.filled < len(columns[name]), whole=whole)
        for name, one in contents.items()
        if headed_as_target(name)
    ]
    known = [sentence for sentence in sentences if sentence][:_SHOWN]
    return msg("{facts}: there is nothing to learn from it.", facts=joined(known, "; ")) if known else ""


_NOTHING_TO_LEARN = msg(
    "No column looks like a measurement to learn. A model can still learn from such rows before it is "
    "fine-tuned on others (pre-training)."
)


def task_of(
    preview: Preview, targets: Iterable[str], input: str, domain_name: str, *, pairs: bool = False
) -> tuple[TaskName, str]:
    """The task for targets that a person chose, and why; several targets of classes are said to be impossible.

    pairs: rows have a second input, so their units are not labelled one by one.
    """
    names = list(targets)
    columns = preview.cells()
    contents = [content_of(columns[name], preview.format.decimal, typed=preview.format.typed) for name in names]
    domain = domain_named(domain_name)
    strings = None if pairs else _label_strings(domain, columns, input, names).get(names[0])
    try:
        return suitable_task(names, contents, strings, domain.unit, whole=preview.whole)
    except BadInput as error:
        return "regression", joined([error.message, error.hint])


def guess_domain(preview: Preview) -> DomainName | None:
    """The domain whose members a column holds, the narrowest first; None when there is no text at all."""
    columns = preview.cells()
    for about in sorted(domains().values(), key=lambda about: about.recognition.rank):
        fit = max(input_fits(domain_named(about.name), columns).values(), default=0.0)
        if fit > 0 and fit >= about.recognition.least_fit:
            return about.name
    return None


def _under_conditions(proposal: Proposal, columns: Mapping[str, list[str]], decimal: DecimalSign) -> Proposal:
    """With the conditions that tell rows of the same input apart, and why."""
    target, assigned = proposal.targets[0], proposal.roles.by_column
    inputs = [name for name in (proposal.input, proposal.second_input) if name]
    left = [name for name in columns if name not in assigned]
    covariates = conditions(columns, inputs, target, left, decimal)
    why = reason_for(columns, inputs, target, covariates)
    return replace(proposal, covariates=covariates, reason=joined((proposal.reason, why)))


def _without_twins(proposal: Proposal, domain: Domain, cells: Sequence[str], *, whole: bool) -> Proposal:
    """Divided by clusters instead of at random where many rows have a near twin, and why."""
    if proposal.split != "random" or proposal.second_input:
        return proposal
    twins = _twins_among(domain, cells)
    if twins is None or not twins.many:
        return proposal
    clustered = twins.parted and whole  # of very many rows clusters take long
    proposal = replace(proposal, split="cluster") if clustered else proposal
    return proposal.because(twins.reason(clustered=clustered))


_MOST_COMPARED = 2_000


def near_twins_in(preview: Preview, domain_name: str, column: str) -> NearDuplicates | None:
    """The near twins among the sampled cells of an input column; None where there are too few to say."""
    cells = preview.cells().get(column, ())
    return _twins_among(domain_named(domain_name), cells)


def _twins_among(domain: Domain, cells: Sequence[str]) -> NearDuplicates | None:
    inputs = [value for cell in cells[:_MOST_COMPARED] if (value := canonical_form(domain, cell)) is not None]
    return near_twins(domain, inputs)


def _label_strings(
    domain: Domain, columns: Mapping[str, list[str]], input: str, names: Iterable[str]
) -> dict[str, LabelStrings]:
    """Fit of the first cells of each column to the units of their inputs; none where units have no labels."""
    if domain.label_separator is None:
        return {}
    inputs = [canonical_form(domain, cell) for cell in columns[input][:LOOK]]
    labels = {}
    for name in names:
        labels[name] = LabelStrings(domain.label_separator)
        pairs = [
            (only_part(value), cell) for value, cell in zip(inputs, columns[name], strict=False) if value is not None
        ]
        labels[name].add(pairs[:_FIRST])
        if (
            labels[name].fitting or labels[name].masks or not labels[name].filled
        ):  # in a wide table nearly all columns end here
            labels[name].add(pairs[_FIRST:])
    return labels


def _by_fit(strings: dict[str, LabelStrings]) -> list[str]:
    """Names of columns, those with more labels last: three states before eight."""
    return sorted(strings, key=lambda name: len(strings[name].labels))


def _is_mask(name: str) -> bool:
    return bool(set(header_words(name)) & _MASK_WORDS)


@dataclass(frozen=True)
class _GroupingColumns:
    """Columns that say how rows may be divided."""

    split: str | None
    group: str | None
    time: str | None
    weight: str | None
    second: str | None

    def added_to(self, proposal: Proposal) -> Proposal:
        """With the group, the time and the weight, unless they are taken for something else."""
        assigned = {proposal.input, *proposal.targets, proposal.mask}
        group, time, weight = (None if name in assigned else name for name in (self.group, self.time, self.weight))
        split = proposal.split if group or proposal.split != "group" else "random"
        return replace(proposal, group=group, time=time, weight=weight, split=split, second_input=self.second)


def _usual_split(domain: Domain, grouping: _GroupingColumns) -> SplitMethod:
    """The file's own split where it has one, else by its groups, else the domain's first leak-safe one."""
    if grouping.split:
        return "column"
    if grouping.group:
        return "group"
    return next(iter(domain.splits), "random")


def _about_single_values(names: Sequence[str]) -> str:
    """Reason for leaving targets out that are the same in every row."""
    return plural(
        "{names} has a single value and is left out.",
        "{names} have a single value each and are left out.",
        len(names),
        names=listed_names(names),
    )


def _names_splits(cells: Sequence[str]) -> bool:
    """True if the cells name splits; a few may be empty, and their rows are set aside."""
    filled = [cell for cell in cells if cell.strip()]
    return (
        bool(filled)
        and len(filled) >= _NAMED * len(cells)
        and all(split_named(cell) is not None for cell in dict.fromkeys(filled))
    )


def _has_training_and_test(cells: Sequence[str]) -> bool:
    return {TRAIN, TEST} <= {split_named(cell) for cell in dict.fromkeys(cells)}
