"""The input of the quality checks: a table that was read, its targets, and the repairs that were asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.staging.cleaning import TURNED
from sciapp.engine.data.staging.roles import ColumnRoles
from sciapp.engine.data.staging.same_input import SameInput, with_conditions
from sciapp.engine.data.staging.staged_rows import RowNotes
from sciapp.engine.data.targets.base import TargetKind
from sciapp.engine.data.targets.registry import target_kind, task_facts
from sciapp.engine.data.targets.staged import StagedTargets
from sciapp.engine.data.values.number_formats import ColumnNumbers
from sciapp.engine.data.values.rejections import RejectionCounts, RejectionReason
from sciapp.engine.domains.base import Domain
from sciapp.i18n import msg
from sciapp.records.dataset.findings import MOST_LINES, Finding, PolicyChoice
from sciapp.records.dataset.number_format import DecimalSign
from sciapp.records.dataset.tasks import TaskFacts, TaskName
from sciapp.records.formatting import percent_text

RowIndices = npt.NDArray[np.int64]

REASON = -1  # in the place of a column: what was said of rows that were set aside

_TURNED = np.uint64(0x9E3779B97F4A7C15)  # any number but 0


@dataclass
class TableCheckup:
    """One table. Checks mark rows in `notes` and change `targets` and `chosen` as the policies in `repairs` say.

    changed (rows,): rows of which a target was changed. targets: None where they cannot be read. read_indices: the
    columns of the targets as they were asked for, which `detail` in `notes` counts. weights (rows,): None without a
    weight column. numbers: how the columns that are used are read, by their places; decimal: the sign of the file.
    """

    columns: list[str]
    chosen: ColumnRoles
    domain: Domain
    decimal: DecimalSign
    staged: Path
    notes: RowNotes
    targets: StagedTargets | None
    reasons: RejectionCounts
    repairs: Mapping[str, str] = field(default_factory=dict)
    weights: npt.NDArray[np.float64] | None = None
    numbers: Mapping[int, ColumnNumbers] = field(default_factory=dict)
    changed: npt.NDArray[np.bool_] = field(init=False)
    read_indices: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.read_indices = list(self.chosen.target_indices)
        self.changed = np.zeros(len(self.notes.line), dtype=bool)

    @property
    def of(self) -> StagedTargets:
        """The targets; only checks that need them ask."""
        assert self.targets is not None, "this check needs targets"
        return self.targets

    @property
    def task(self) -> TaskName:
        return self.of.task

    @property
    def kind(self) -> TargetKind:
        """The kind of the targets."""
        return target_kind(self.task)

    @property
    def facts(self) -> TaskFacts:
        """Facts of the task."""
        return self.kind.facts

    def lines(self, rows: Sequence[int]) -> tuple[int, ...]:
        """The lines of the file on which these rows begin."""
        return tuple(int(self.notes.line[row]) for row in rows)

    @property
    def target_columns(self) -> tuple[str, ...]:
        """Names of the targets in the file; the names in `chosen` say what was made of them."""
        return tuple(self.columns[index] for index in self.chosen.target_indices)

    @cached_property
    def identity(self) -> npt.NDArray[np.uint64]:
        """Of input and conditions (rows, 2); a pair's two ways round are one, unless `tell_turned_apart` was asked."""
        return with_conditions(self.notes.digests, self.staged, self.chosen.covariate_indices)

    @cached_property
    def same(self) -> SameInput:
        """Rows by input; asked for when nothing more is done to targets and conditions one by one."""
        if self.of.bounds is not None:
            for row, other in self.of.bounds.agree(self.identity, self.of.values, self.notes.usable):
                self.notes.why[row], self.notes.detail[row] = RejectionReason.CONFLICT, self.notes.line[other]
        return SameInput.of(self.identity, self.of.values, self.notes)

    @property
    def turned(self) -> npt.NDArray[np.bool_]:
        """(rows,): pairs that stand the other way round than in their identity."""
        return np.asarray((self.notes.detected & np.uint16(TURNED)) != 0)

    def tell_turned_apart(self, rows: RowIndices) -> None:
        """These rows, pairs the other way round, are other inputs than their counterparts; before `same` is asked."""
        identity = self.identity.copy()
        identity[rows, 1] ^= _TURNED
        self.identity = identity

    def without_targets(self, gone: Sequence[str]) -> None:
        """Leave these targets out; at least one stays."""
        stay = [index for index, name in enumerate(self.chosen.targets) if name not in gone]
        roles = self.chosen.roles.model_copy(update={"targets": tuple(self.chosen.targets[i] for i in stay)})
        self.chosen = replace(self.chosen, roles=roles, target_indices=[self.chosen.target_indices[i] for i in stay])
        self.of.values = self.of.values[:, stay]
        self.of.readers = [self.of.readers[i] for i in stay] if self.of.readers else []
        self.of.unread = [self.of.unread[i] for i in stay] if self.of.unread else []
        if self.of.bounds is not None:
            self.of.bounds = self.of.bounds.of_targets(stay)
        self.notes.why[self.notes.usable & self.of.bare] = RejectionReason.MISSING


@dataclass(frozen=True)
class CheckResult:
    """A finding before its examples are looked up.

    rows: places of some of its rows, as many as are shown. column: index of the column whose cells are the examples,
    or REASON. remarks: what is shown behind each of those cells.
    """

    finding: Finding
    rows: Sequence[int] = ()
    column: int | None = None
    remarks: Sequence[str] = ()


def of_target(case: TableCheckup, target: int, rows: Sequence[int], finding: Finding) -> CheckResult:
    """A finding about one target: with its column, and with the lines and cells of these rows as examples."""
    column, index = case.chosen.targets[target], case.chosen.target_indices[target]
    return CheckResult(finding.model_copy(update={"column": column, "lines": case.lines(rows)}), rows, index)


def numbered(case: TableCheckup) -> list[tuple[int, ColumnNumbers]]:
    """The columns that are read as numbers, with their places: targets but classes of words, conditions, weights."""
    chosen = case.chosen
    indices = [] if case.facts.per_unit or case.of.classes_are_words else list(case.read_indices)
    indices += [*chosen.covariate_indices, *([] if chosen.weight_index is None else [chosen.weight_index])]
    return [(index, case.numbers[index]) for index in indices if index in case.numbers]


@dataclass(frozen=True)
class PolicyOffer:
    """One policy of a check. suits: whether it is for a task with these facts."""

    policy: str
    title: str
    suits: Callable[[TaskFacts], bool] = lambda facts: True


def choices(offers: Sequence[PolicyOffer], task: str = "") -> tuple[PolicyChoice, ...]:
    """Policies that can be chosen for a task; everything where the task is not known."""
    return tuple(PolicyChoice(policy=o.policy, title=o.title) for o in offers if not task or o.suits(task_facts(task)))


def first(rows: RowIndices) -> list[int]:
    """As many of these places as are shown, in the order of the file."""
    return [int(index) for index in np.sort(rows)[:MOST_LINES]]


def side_by_side(same: SameInput, which: npt.NDArray[np.bool_]) -> list[int]:
    """As many rows of these inputs as are shown, those of one input together, in the order of the file.

    which (inputs,): of `same`.
    """
    groups = np.flatnonzero(which)
    order = np.argsort(same.order[same.begins[groups]])[:MOST_LINES]
    rows = [row for index in groups[order] for row in same.order[slice(*same.begins[index : index + 2])]]
    return [int(row) for row in rows[:MOST_LINES]]


def share(part: int, whole: int) -> str:
    """“12 of 340 (3.5 %)”."""
    return msg(
        "{part:,} of {whole:,} ({percent})", part=part, whole=whole, percent=percent_text(part / max(1, whole), 1, " %")
    )


def own_weight(case: TableCheckup) -> str:
    """Sentence on the weights where one of several rows stays; empty where there are none."""
    return msg("A row that is kept keeps its own weight.") if case.weights is not None else ""


# A check: one kind of finding, and what can be done about it.


@dataclass(frozen=True)
class Check:
    """run(case, policy): look, do what the policy says, tell. offers: the first is what is done without being asked.

    A check without offers only tells. needs_targets: it is left out where targets cannot be read.
    """

    kind: str
    run: Callable[[TableCheckup, str], list[CheckResult]]
    offers: tuple[PolicyOffer, ...] = ()
    proposed: str = ""
    needs_targets: bool = True

    def policy(self, case: TableCheckup) -> str:
        """The policy asked for, or the usual one."""
        return case.repairs.get(self.kind, self.offers[0].policy) if self.offers else ""
