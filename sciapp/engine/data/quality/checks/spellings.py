"""Classes and groups whose names differ in case or blanks alone, or say yes in several words."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, TableCheckup, choices, first, of_target
from sciapp.engine.data.staging.staged_rows import usable_rows
from sciapp.engine.data.values.spellings import plain_spelling, several_spellings
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding

KIND, APART, MERGE = "spellings", "apart", "merge"
_OFFERS = (
    PolicyOffer(APART, msg("They are different classes")),
    PolicyOffer(MERGE, msg("They are one class, spelt as in most rows"), lambda task: task.is_class_of_row),
)
_NAMED = 6


def run_on_classes(case: TableCheckup, policy: str) -> list[CheckResult]:
    """One finding for the classes, or the labels of units."""
    if not case.of.classes:
        return []
    names = case.of.classes
    counts = dict(zip(names, case.of.class_counts(case.notes.usable).tolist(), strict=True))
    alike = several_spellings({name: count for name, count in counts.items() if count})
    if not alike:
        return []
    codes = np.array([names.index(name) for spellings in alike for name in spellings])
    per_unit = case.facts.per_unit
    rows = np.flatnonzero(case.notes.usable & case.of.with_classes(codes))
    examples, name = first(rows), case.chosen.targets[0]
    finding = Finding(
        kind=KIND,
        title=msg("“{target}” spells the same label in several ways: {names}", target=name, names=_listed(alike))
        if per_unit
        else msg("“{target}” spells the same class in several ways: {names}", target=name, names=_listed(alike)),
        count=len(rows),
        consequence=msg(
            "Read as they stand they are different, and the model is asked to tell apart what is the same."
        ),
        choices=() if per_unit else choices(_OFFERS, case.task),
        proposed="" if per_unit else MERGE,
        applied="" if per_unit else policy,
    )
    if policy == MERGE and not per_unit:
        finding = finding.model_copy(update={"changed": _merge(case, alike)})
    return [of_target(case, 0, examples, finding)]


def run_on_groups(case: TableCheckup, _: str) -> list[CheckResult]:
    """One finding for the groups; rows of one name stay together whatever its spelling."""
    index = case.chosen.group_index
    if index is None:
        return []
    counts = Counter(group for _, group in _groups(case, index))
    alike = several_spellings(counts, {group: plain_spelling(group) for group, _ in counts.most_common()})
    if not alike:
        return []
    spelt = {group for spellings in alike for group in spellings}
    rows = [row for row, group in _groups(case, index) if group in spelt]
    examples = first(np.array(rows, dtype=np.int64))
    finding = Finding(
        kind="group_spellings",
        title=msg(
            "“{column}” spells the same group in several ways: {groups}",
            column=case.columns[index],
            groups=_listed(alike),
        ),
        count=len(rows),
        column=case.columns[index],
        lines=case.lines(examples),
        consequence=msg("Groups that differ in case or blanks alone are taken for one, and stay in one split."),
        weight="note",
    )
    return [CheckResult(finding, examples, index)]


def _groups(case: TableCheckup, column: int) -> Iterator[tuple[int, str]]:
    """Row and group, of usable rows that have one."""
    for batch, usable in usable_rows(case.staged, case.notes):
        cells = batch.cells(column).to_pylist()
        for index in usable:
            if group := (cells[index] or "").strip():
                yield batch.begin + index, group


def _merge(case: TableCheckup, alike: Sequence[Sequence[str]]) -> int:
    """Give all rows of one name its commonest spelling; returns how many rows changed."""
    targets, usable = case.of, case.notes.usable
    changed = np.zeros(len(usable), dtype=bool)
    for usual, *others in alike:
        for name in others:
            rows = targets.values[:, 0] == targets.classes.index(name)
            targets.values[rows, 0] = targets.classes.index(usual)
            changed |= rows
    case.changed |= changed & usable
    targets.only_classes_of(usable)
    return int((changed & usable).sum())


def _listed(alike: Sequence[Sequence[str]]) -> str:
    examples = ["/".join(f"“{name}”" for name in names[:_NAMED]) for names in alike[:_NAMED]]
    return ", ".join(examples) + (" …" if len(alike) > _NAMED else "")


CLASSES = Check(KIND, run_on_classes, _OFFERS, MERGE)
GROUPS = Check("group_spellings", run_on_groups, needs_targets=False)
