"""Commands about splits: what `import` is told of them, split export, leaks."""

import argparse
import json
from pathlib import Path

from sciapp.cli_dataset import dataset_of
from sciapp.cli_output import Printer
from sciapp.errors import BadInput
from sciapp.records.dataset import DatasetCard, SplitMethod, SplitPlan
from sciapp.records.leakage import Leakage, drift_words, read_leakage
from sciapp.records.outputs import check_out
from sciapp.records.project import Project

_BAR = 40
_TESTED = "Targets in validation and test beside training:"


def split_plan(
    options: argparse.Namespace, proposed: SplitMethod, split_column: str | None, group: str | None, time: str | None
) -> SplitPlan:
    """The split that the options ask for; `proposed` where they name none. The columns are those that were proposed.

    Raises BadInput where a method lacks its column or file.
    """
    method = options.split or _implied(options) or ("column" if split_column else proposed)
    threshold = _checked(options.threshold)
    _must_apply(options, method)
    columns = {
        "column": (
            options.split_column or split_column,
            "No column of the file says which split a row is in.",
            "--split-column",
        ),
        "group": (options.group or group, "No column of the file looks like groups of rows.", "--group"),
        "time": (options.time or time, "No column of the file looks like a date.", "--time"),
        "file": (options.split_file, "No split file was named.", "--split-file"),
    }
    named, problem, option = columns.get(method, (None, "", ""))
    if method in columns and not named:
        raise BadInput(problem, hint=f"Name it with {option}.")
    return SplitPlan(
        method=method,
        column=named if method != "file" else None,
        file=str(Path(named).expanduser().absolute()) if named and method == "file" else None,
        fractions=fractions(options.fractions),
        seed=options.seed,
        threshold=threshold,
        folds=_fold_count(options.folds),
        fold=_fold(1 if options.fold is None else options.fold, options.folds),
    )


def repeats(options: argparse.Namespace) -> int:
    """How often all folds are made. Raises BadInput for options that contradict each other."""
    if options.all_folds and options.fold is not None:
        raise BadInput("--fold asks for one fold and --all-folds for all of them.", hint="Leave one of them out.")
    if options.all_folds and not options.folds:
        raise BadInput("--all-folds needs the number of folds.", hint="For example --folds 5.")
    if options.repeats is not None and not options.all_folds:
        raise BadInput("--repeats belongs to --all-folds.", hint="Give both, or choose a split with --seed.")
    if options.repeats is not None and not 1 <= options.repeats <= 100:
        raise BadInput(f"{options.repeats} repetitions cannot be made.", hint="Choose 1 to 100.")
    return options.repeats or 1


def _must_apply(options: argparse.Namespace, method: SplitMethod) -> None:
    """Raise BadInput for an option of another way to split; --group and --time are roles whatever the split."""
    of: dict[str, tuple[SplitMethod, object]] = {
        "--split-file": ("file", options.split_file),
        "--split-column": ("column", options.split_column),
        "--threshold": ("cluster", options.threshold),
    }
    if options.fold == 1 and options.folds is None:
        raise BadInput("--fold means nothing without --folds.", hint="Say how many folds there are with --folds.")
    if options.fractions is not None and options.folds is not None:
        raise BadInput(
            "--fractions means nothing with --folds: the number of folds says how large the parts are.",
            hint="Leave one of them out.",
        )
    for option, (needed, value) in of.items():
        if value is not None and method != needed:
            raise BadInput(
                f"{option} means nothing here: the split is {method}.",
                hint=f"Leave {option} out, or say --split {needed}.",
            )


def split(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.engine.data.split_file import write_split_file

    project = Project.open(Path(options.project))
    card = dataset_of(project, options.dataset)
    out = Path(options.out).expanduser().absolute()
    check_out(out, project.folder)
    rows = write_split_file(project.dataset_folder(card.id), out, hashed=options.hashed)
    printer.result({"split": str(out), "rows": rows}, f"The split of {rows:,} rows: {out}")


def leaks(options: argparse.Namespace, printer: Printer) -> None:
    project = Project.open(Path(options.project))
    card = dataset_of(project, options.dataset)
    folder = project.dataset_folder(card.id)
    found = read_leakage(folder.leakage_file)
    if found is None:  # a dataset from before leaks were measured
        found = _measured(project, card, printer)
        if not project.read_only:
            found.write(folder.leakage_file)
    printer.result(json.loads(found.model_dump_json()), leaks_text(card, found))


def leaks_text(card: DatasetCard, found: Leakage) -> str:
    """The verdict, a histogram of the nearest neighbours, and the tests of the targets."""
    lines = [f"Dataset {card.id}, {card.split.method} split: {found.verdict}", "", f"{found.neighbours.said}."]
    edges, counts = found.neighbours.bins()
    most = max(1, *counts)
    lines.append(f"Nearest training row, by {found.measure}:")
    for place, count in enumerate(counts):
        bar = "█" * -(-_BAR * count // most)
        lines.append(f"  {edges[place]:.2f} to {edges[place + 1]:.2f}  {count:>6,}  {bar}".rstrip())
    for one in found.crossings:
        lines.append(f"In {one.splits[0]} and {one.splits[1]} at once: {one.count:,} × {one.what}.")
    if found.drifts:
        lines.append(_TESTED)
        mark = {True: "  (differs)", False: ""}
        lines += [f"  {one.target}, {one.split}: {drift_words(one)}{mark[one.notable]}" for one in found.drifts]
    return "\n".join(lines)


def fractions(text: str | None) -> tuple[float, float, float]:
    """Train, validation and test of “0.8,0.1,0.1”. Raises BadInput."""
    if text is None:
        return SplitPlan().fractions
    try:
        train, validation, test = (float(part) for part in text.split(","))
    except ValueError:
        raise BadInput(f"“{text}” is not three fractions.", hint="For example 0.8,0.1,0.1.") from None
    if not (min(train, validation, test) > 0 and abs(train + validation + test - 1) <= 1e-6):  # nan is neither
        raise BadInput("The three fractions must be above zero and add to one.", hint="For example 0.8,0.1,0.1.")
    return train, validation, test


def _measured(project: Project, card: DatasetCard, printer: Printer) -> Leakage:
    from sciapp.engine.data.leakage import measure_leaks

    steps = measure_leaks(project.dataset_folder(card.id), card)
    while True:
        try:
            done, total = next(steps)
        except StopIteration as end:
            found: Leakage = end.value
            return found
        printer.progress("Comparing test rows with training rows", done, total)


def _implied(options: argparse.Namespace) -> SplitMethod | None:
    """The method that an option stands for when none is named."""
    given: dict[SplitMethod, str | None] = {
        "file": options.split_file,
        "column": options.split_column,
        "group": options.group,
        "time": options.time,
    }
    return next((method for method, value in given.items() if value), None)


def _checked(threshold: float | None) -> float | None:
    if threshold is not None and not 0 < threshold <= 1:
        raise BadInput(f"The threshold {threshold:g} is not between 0 and 1.", hint="For example 0.4.")
    return threshold


def _fold(fold: int, folds: int | None) -> int:
    if not 1 <= fold <= (folds or 1):
        many = f"there are {folds}" if folds else "--folds says how many there are"
        raise BadInput(f"There is no fold {fold}: {many}.", hint="Folds are counted from 1.")
    return fold


def _fold_count(folds: int | None) -> int | None:
    if folds is not None and not 3 <= folds <= 100:
        raise BadInput(
            f"{folds} folds cannot be made.", hint="Choose 3 to 100: train, validation and test need one each."
        )
    return folds
