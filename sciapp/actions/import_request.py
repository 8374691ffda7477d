"""The request of an import from what a person wishes: what is left open is proposed from the file's columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sciapp.engine.data.readers.derived_columns import joined_name, several
from sciapp.engine.data.readers.table_reader import Preview, columns_of, preview
from sciapp.engine.data.schema.joined_preview import joined_preview
from sciapp.engine.data.schema.proposal import Proposal
from sciapp.engine.data.schema.whole_file import proposed_from
from sciapp.engine.data.targets.registry import may_be_per_unit, target_kind, task_facts
from sciapp.errors import BadInput, listed
from sciapp.i18n import joined, msg
from sciapp.records.dataset.card import ImportRequest, Roles, SplitMethod, SplitPlan
from sciapp.records.dataset.tasks import AUTOMATIC, TaskWish
from sciapp.records.project.project import Project
from sciapp.records.read_options import Reading


@dataclass(frozen=True)
class ImportWishes:
    """The options of an import; None, or empty: left to be proposed. `input` may name several columns, “A,B”."""

    file: Path
    reading: Reading = field(default_factory=Reading)
    input: str = ""
    second_input: str | None = None
    targets: tuple[str, ...] = ()
    task: TaskWish = "auto"
    covariates: tuple[str, ...] = ()
    mask: str | None = None
    weight: str | None = None
    split: SplitMethod | None = None
    split_column: str | None = None
    group: str | None = None
    time: str | None = None
    split_file: str | None = None
    threshold: float | None = None
    folds: int | None = None
    fold: int | None = None
    all_folds: bool = False
    repeats: int | None = None
    fractions: tuple[float, float, float] | None = None
    seed: int = 0
    name: str = ""
    repairs: Mapping[str, str] = field(default_factory=dict)
    task_options: Mapping[str, int] = field(default_factory=dict)


def proposed_request(*, project: Project, wishes: ImportWishes) -> ImportRequest:
    """The import that is wished for; roles that are not given are proposed from the columns.

    Raises BadInput for wishes that contradict each other or the file, and where nothing can be proposed.
    """
    file, input_wish = wishes.file, wishes.input
    seen, reading = _previewed(project, wishes)
    input_wish = joined_name(reading) if input_wish and reading.together else input_wish
    proposal = proposed_from(file, seen, project.record.domain)
    from_input = wishes.task != AUTOMATIC and task_facts(wishes.task).from_input
    input_, targets = input_wish or proposal.input, wishes.targets or proposal.targets
    if from_input:  # the column of the target is the one that is read
        input_, targets = input_wish or "".join(wishes.targets[:1]) or proposal.input, ()
    if not input_ or not (targets or from_input):
        options = msg("Name them with --input and --target; there are: {columns}.", columns=listed(seen.columns))
        hint = joined([proposal.explanation, options])
        raise _without_target(project, file, hint) if input_ else _unclear(hint)
    times = _repeats(wishes)  # first: what contradicts itself is told before what cannot be
    split = _split_plan(wishes, proposal)
    # Nothing is added for somebody who names all that is read and learnt, as the window does, and no column that was
    # named for something else. Mask and conditions go with the target that they were proposed along with.
    left_to_us = not (input_wish and wishes.targets)
    typed = {input_, *targets, *wishes.covariates, wishes.second_input, wishes.mask, wishes.weight, split.column}

    def proposed(name: str | None, *, fits: bool = True) -> str | None:
        return name if left_to_us and fits and name not in typed else None

    as_proposed = targets == proposal.targets
    covariates = [name for name in proposal.covariates if proposed(name, fits=as_proposed and not wishes.covariates)]
    roles = Roles(
        input=input_,
        targets=targets,
        split=split.column if split.method == "column" else None,
        mask=wishes.mask or proposed(proposal.mask, fits=as_proposed and may_be_per_unit(wishes.task)),
        covariates=wishes.covariates or tuple(covariates),
        group=wishes.group or (split.column if split.method == "group" else None),
        time=wishes.time or (split.column if split.method == "time" else None),
        second_input=wishes.second_input or proposed(proposal.second_input),
        weight=wishes.weight or proposed(proposal.weight),
    )
    return ImportRequest(
        file=str(file),
        roles=roles,
        task=wishes.task,
        split=split,
        name=wishes.name,
        repairs=dict(wishes.repairs),
        reading=reading,
        all_folds=wishes.all_folds,
        repeats=times,
        task_options=_task_options(wishes),
        notes=proposal.notes if as_proposed and split.method == proposal.split else (),
    )


def _without_target(project: Project, file: Path, hint: str) -> BadInput:
    learn = msg(
        "To learn from the rows as they are: sciapp pretrain {folder} --file {file}.", folder=project.folder, file=file
    )
    return BadInput(msg("There is no measurement to learn."), hint=joined([learn, hint]))


def _unclear(hint: str) -> BadInput:
    return BadInput(msg("It is not clear which columns to use."), hint=hint)


def _previewed(project: Project, wishes: ImportWishes) -> tuple[Preview, Reading]:
    """The first rows, the columns that together are the input joined: those that were named, else by their names."""
    reading, domain = wishes.reading, project.record.domain
    others = {*wishes.targets, *wishes.covariates, wishes.second_input, wishes.mask, wishes.weight}
    excluded = {name for name in (*others, wishes.split_column, wishes.group, wishes.time) if name}
    seen = joined_preview(wishes.file, domain, reading, excluded=excluded)
    if not wishes.input or reading.together or wishes.input == joined_name(seen[1]):
        return seen
    if together := several(wishes.input, columns_of(wishes.file, reading)):
        return joined_preview(wishes.file, domain, reading.model_copy(update={"together": together}))
    return preview(wishes.file, reading=reading), reading


def _split_plan(wishes: ImportWishes, proposal: Proposal) -> SplitPlan:
    """The split that is wished for, or proposed where none is.

    Raises BadInput where a method lacks its column or file.
    """
    method = wishes.split or _implied(wishes) or ("column" if proposal.split_column else proposal.split)
    threshold = _checked_threshold(wishes.threshold)
    _must_apply(wishes, method)
    columns = {
        "column": (
            wishes.split_column or proposal.split_column,
            msg("No column of the file says which split a row is in."),
            "--split-column",
        ),
        "group": (wishes.group or proposal.group, msg("No column of the file looks like groups of rows."), "--group"),
        "time": (wishes.time or proposal.time, msg("No column of the file looks like a date."), "--time"),
        "file": (wishes.split_file, msg("No split file was named."), "--split-file"),
    }
    named, problem, option = columns.get(method, (None, "", ""))
    if method in columns and not named:
        raise BadInput(problem, hint=msg("Name it with {option}.", option=option))
    return SplitPlan(
        method=method,
        column=named if method != "file" else None,
        file=str(Path(named).expanduser().absolute()) if named and method == "file" else None,
        fractions=_checked_fractions(wishes.fractions),
        seed=wishes.seed,
        threshold=threshold,
        folds=_fold_count(wishes.folds),
        fold=_fold(1 if wishes.fold is None else wishes.fold, wishes.folds),
    )


def _task_options(wishes: ImportWishes) -> dict[str, int]:
    """The options that the task has. Raises BadInput for others, and for values that cannot be."""
    known = {} if wishes.task == AUTOMATIC else {option.name: option for option in target_kind(wishes.task).options}
    for name, value in wishes.task_options.items():
        if name not in known:
            raise BadInput(
                msg("--{name} means nothing here: the task is {task}.", name=name, task=wishes.task),
                hint=msg("Leave --{name} out, or choose the task that it belongs to with --task.", name=name),
            )
        if not known[name].least <= value <= known[name].most:
            raise BadInput(
                msg("--{name} {value} cannot be.", name=name, value=value),
                hint=msg("Choose {least} to {most}.", least=known[name].least, most=known[name].most),
            )
    return dict(wishes.task_options)


def _repeats(wishes: ImportWishes) -> int:
    """The number of repeats of all folds. Raises BadInput for options that contradict each other."""
    if wishes.all_folds and wishes.fold is not None:
        raise BadInput(
            msg("--fold asks for one fold and --all-folds for all of them."), hint=msg("Leave one of them out.")
        )
    if wishes.all_folds and not wishes.folds:
        raise BadInput(msg("--all-folds needs the number of folds."), hint=msg("For example --folds 5."))
    if wishes.repeats is not None and not wishes.all_folds:
        raise BadInput(msg("--repeats belongs to --all-folds."), hint=msg("Give both, or choose a split with --seed."))
    if wishes.repeats is not None and not 1 <= wishes.repeats <= 100:
        raise BadInput(
            msg("{repeats} repetitions cannot be made.", repeats=wishes.repeats), hint=msg("Choose 1 to 100.")
        )
    return wishes.repeats or 1


def _must_apply(wishes: ImportWishes, method: SplitMethod) -> None:
    """Raise BadInput for an option of another way to split; --group and --time are roles whatever the split."""
    of: dict[str, tuple[SplitMethod, object]] = {
        "--split-file": ("file", wishes.split_file),
        "--split-column": ("column", wishes.split_column),
        "--threshold": ("cluster", wishes.threshold),
    }
    if wishes.fold == 1 and wishes.folds is None:
        raise BadInput(
            msg("--fold means nothing without --folds."), hint=msg("Say how many folds there are with --folds.")
        )
    if wishes.fractions is not None and wishes.folds is not None:
        raise BadInput(
            msg("--fractions means nothing with --folds: the number of folds says how large the parts are."),
            hint=msg("Leave one of them out."),
        )
    for option, (needed, value) in of.items():
        if value is not None and method != needed:
            raise BadInput(
                msg("{option} means nothing here: the split is {method}.", option=option, method=method),
                hint=msg("Leave {option} out, or say --split {needed}.", option=option, needed=needed),
            )


def _checked_fractions(fractions: tuple[float, float, float] | None) -> tuple[float, float, float]:
    if fractions is None:
        return SplitPlan().fractions
    train, validation, test = fractions
    if not (min(fractions) > 0 and abs(sum(fractions) - 1) <= 1e-6):  # nan is neither
        raise BadInput(
            msg("The three fractions must be above zero and add to one."), hint=msg("For example 0.8,0.1,0.1.")
        )
    return train, validation, test


def _implied(wishes: ImportWishes) -> SplitMethod | None:
    """The method that an option stands for when none is named."""
    options: dict[SplitMethod, str | None] = {
        "file": wishes.split_file,
        "column": wishes.split_column,
        "group": wishes.group,
        "time": wishes.time,
    }
    return next((method for method, value in options.items() if value), None)


def _checked_threshold(threshold: float | None) -> float | None:
    if threshold is not None and not 0 < threshold <= 1:
        raise BadInput(
            msg("The threshold {threshold:g} is not between 0 and 1.", threshold=threshold),
            hint=msg("For example 0.4."),
        )
    return threshold


def _fold(fold: int, folds: int | None) -> int:
    if not 1 <= fold <= (folds or 1):
        many = msg("there are {folds}", folds=folds) if folds else msg("--folds says how many there are")
        raise BadInput(
            msg("There is no fold {fold}: {many}.", fold=fold, many=many), hint=msg("Folds are counted from 1.")
        )
    return fold


def _fold_count(folds: int | None) -> int | None:
    if folds is not None and not 3 <= folds <= 100:
        raise BadInput(
            msg("{folds} folds cannot be made.", folds=folds),
            hint=msg("Choose 3 to 100: train, validation and test need one each."),
        )
    return folds
