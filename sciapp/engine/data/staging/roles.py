"""An import request held against the table that it names: every column exists, every role is filled once."""

from collections.abc import Sequence
from dataclasses import dataclass

from sciapp.engine.data.readers.derived_columns import joined_name
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.domains.about import domains
from sciapp.engine.domains.base import Domain
from sciapp.errors import BadInput, UnknownColumn
from sciapp.i18n import all_of, msg
from sciapp.records.dataset.card import COLUMN_METHODS, ImportRequest, Roles, SplitMethod, SplitPlan
from sciapp.records.dataset.tasks import AUTOMATIC


@dataclass(frozen=True)
class ColumnRoles:
    """The roles with the places of their columns. `splitter` names a leak-safe split of the domain, None another.

    input_indices: of a row's inputs, in order.
    validation_index: the column that says, beside the split column, which training rows are for validation.
    """

    roles: Roles
    plan: SplitPlan
    input_indices: tuple[int, ...]
    target_indices: list[int]
    split_index: int | None
    splitter: SplitMethod | None
    mask_index: int | None = None
    validation_index: int | None = None
    covariate_indices: Sequence[int] = ()
    group_index: int | None = None
    time_index: int | None = None
    weight_index: int | None = None

    @property
    def input_index(self) -> int:
        """The place of the first input, beside which findings show their examples."""
        return self.input_indices[0]

    @property
    def targets(self) -> tuple[str, ...]:
        return self.roles.targets


def chosen_columns(request: ImportRequest, columns: list[str], domain: Domain) -> ColumnRoles:
    """Raises UnknownColumn, or BadInput for roles or a split that cannot be."""
    input, targets = request.roles.input.strip(), tuple(name.strip() for name in request.roles.targets)
    plan, by = _split_of(request, domain)
    split = by if plan.method == "column" else None
    group = by if plan.method == "group" else (request.roles.group or "").strip() or None
    time = by if plan.method == "time" else (request.roles.time or "").strip() or None
    mask = (request.roles.mask or "").strip() or None
    weight = (request.roles.weight or "").strip() or None
    second = (request.roles.second_input or "").strip() or None
    covariates = tuple(name.strip() for name in request.roles.covariates)
    others = [name for name in (second, split, mask, group, time, weight, *covariates) if name]
    if second and (mask or (request.task != AUTOMATIC and task_facts(request.task).per_unit)):
        raise BadInput(
            msg("Labels of single {units} are for rows with one input, not two.", units=domain.unit),
            hint=msg("Leave the second input out, or choose another task."),
        )
    if not targets:
        raise BadInput(msg("No target column was chosen."), hint=msg("Choose the column that holds what was measured."))
    for name in (input, *targets, *others):
        if name not in columns:
            raise UnknownColumn(name, columns)
    assigned = [input, *targets, *others]
    _must_have_one_role(assigned)
    if input == joined_name(request.reading):
        _must_not_be_read(request.reading.together, (*targets, second, mask))
    validation = next((name for name in columns if name.lower() == "validation" and name not in assigned), None)
    roles = Roles(
        input=input,
        targets=targets,
        split=split,
        mask=mask,
        covariates=covariates,
        group=group,
        time=time,
        weight=weight,
        second_input=second,
    )

    def index_of(name: str | None) -> int | None:
        return columns.index(name) if name else None

    return ColumnRoles(
        roles=roles,
        plan=plan.model_copy(update={"validation_column": validation if split else None}),
        input_indices=tuple(columns.index(name) for name in roles.inputs),
        target_indices=[columns.index(name) for name in targets],
        split_index=index_of(split),
        splitter=plan.method if plan.method in domain.splits else None,
        mask_index=index_of(mask),
        validation_index=index_of(validation) if split else None,
        covariate_indices=[columns.index(name) for name in covariates],
        group_index=index_of(group),
        time_index=index_of(time),
        weight_index=index_of(weight),
    )


def _must_have_one_role(assigned: Sequence[str]) -> None:
    """Raise BadInput for a column that stands among the assigned ones twice."""
    twice = next((name for name in assigned if assigned.count(name) > 1), None)
    if twice is not None:
        raise BadInput(
            msg("The column “{column}” was chosen for two roles.", column=twice),
            hint=msg("Choose another column for one of them."),
        )


def _must_not_be_read(parts: Sequence[str], others: Sequence[str | None]) -> None:
    """Raise BadInput for one of the other columns that is a part of the input: it would be read off from there."""
    if twice := next((name for name in others if name in parts), None):
        raise BadInput(
            msg("The column “{column}” is a part of the input; it cannot be learnt from it as well.", column=twice),
            hint=msg("Leave it out of the input, or choose another column for the other role."),
        )


_WANTED = {
    "column": ("split", msg("Choose the column that names train and test rows.")),
    "group": ("group", msg("Choose the column whose cells say which rows belong together.")),
    "time": ("time", msg("Choose the column of dates or numbers to order rows by.")),
}


def _split_of(request: ImportRequest, domain: Domain) -> tuple[SplitPlan, str | None]:
    """The split plan, and the column that it reads, if it reads one."""
    plan = request.split
    if plan.method in COLUMN_METHODS:
        role, hint = _WANTED[plan.method]
        column = (plan.column or getattr(request.roles, role) or "").strip()
        if not column:
            raise BadInput(msg("No {role} column was chosen.", role=role), hint=hint)
        _must_fold(plan)
        return plan.model_copy(update={"column": column}), column
    if plan.method not in {"random", "stratified", "cluster", "file", *domain.splits}:
        rows = [about.rows for about in domains().values() if plan.method in about.splits]
        known = msg(
            "The {method} split is for {rows}, not for a {name}.",
            method=plan.method,
            rows=all_of(rows) if rows else "",
            name=domain.name,
        )
        raise BadInput(
            known if rows else msg("There is no way to split called “{method}”.", method=plan.method),
            hint=msg("Choose random, stratified, cluster or the file's own split column."),
        )
    if plan.method == "file" and not plan.file:
        raise BadInput(msg("No split file was chosen."), hint=msg("Choose a file that “Export split…” has written."))
    _must_fold(plan)
    return plan.model_copy(update={"column": None}), None


def _must_fold(plan: SplitPlan) -> None:
    """Raises BadInput for folds that cannot be."""
    if plan.folds is None:
        return
    if plan.method in {"column", "file"}:
        raise BadInput(
            msg("A split that is given cannot be folded."), hint=msg("Leave the folds out, or split another way.")
        )
    if plan.fold > plan.folds:
        raise BadInput(
            msg("There is no fold {fold} of {folds}.", fold=plan.fold, folds=plan.folds),
            hint=msg("Choose a fold from 1 to {folds}.", folds=plan.folds),
        )
