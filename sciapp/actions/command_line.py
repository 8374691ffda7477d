"""The command that does the same as a form of the window, as a line for people to copy."""

import shlex
from collections.abc import Mapping
from typing import Any

from sciapp.records.dataset.card import ImportRequest, SplitPlan
from sciapp.records.plan.plan import (
    PretrainPlan,
    TrainPlan,
    changed_settings,
    is_fine_tuning,
    is_pretraining,
    words_text,
)
from sciapp.records.project.project import Project
from sciapp.records.project.studies.ablation import Ablation
from sciapp.records.project.studies.cross_validation import CrossValidationStudy
from sciapp.records.project.study import StudyDesign
from sciapp.records.read_options import AUTO, NOT_JOINED, Reading, SeriesColumns

_FLAGS = {CrossValidationStudy.name: ["--all-folds"], Ablation.name: ["--compare-augmentation"]}
"""Kind of study → the option of `sciapp train` that begins one."""


def import_arguments(project: Project, request: ImportRequest) -> list[str]:
    """`sciapp import …` without the program's name."""
    arguments = ["import", str(project.folder), request.file, "--input", request.roles.input]
    if request.roles.second_input:
        arguments += ["--second-input", request.roles.second_input]
    for target in request.roles.targets:
        arguments += ["--target", target]
    for covariate in request.roles.covariates:
        arguments += ["--covariate", covariate]
    if request.roles.mask:
        arguments += ["--mask", request.roles.mask]
    if request.roles.weight:
        arguments += ["--weight", request.roles.weight]
    if request.task != "auto":
        arguments += ["--task", request.task]
    for option, value in request.task_options.items():
        arguments += [f"--{option}", str(value)]
    arguments += split_arguments(request)
    if request.split.folds is None and request.split.fractions != SplitPlan().fractions:
        arguments += ["--fractions", ",".join(f"{f:g}" for f in request.split.fractions)]
    if request.name:
        arguments += ["--name", request.name]
    for kind, policy in request.repairs.items():
        arguments += ["--repair", f"{kind}={policy}"]
    reading = request.reading
    if reading.joined_as not in {AUTO, NOT_JOINED}:  # the name of the input says which columns they are
        reading = reading.model_copy(update={"together": ()})
    return [*arguments, "--seed", str(request.split.seed), *reading_arguments(reading)]


def reading_arguments(reading: Reading) -> list[str]:
    """The options for what a person said of a file; none for what is found out."""
    arguments = _series_arguments(reading.series)
    for name, value in reading.axis.model_dump(exclude_defaults=True).items():
        arguments += [f"--axis-{name}", str(value)]
    for name, value in reading.model_dump(exclude_defaults=True, exclude={"joined_as", "series", "axis"}).items():
        if name == "header":
            arguments.append("--header" if value == "yes" else "--no-header")
        elif value is True:
            arguments.append(f"--{name}")
        elif isinstance(value, tuple | list):
            arguments += [word for item in value for word in (f"--{name}", str(item))]
        else:
            arguments += [f"--{name}", str(value)]
    return arguments


def _series_arguments(series: SeriesColumns | None) -> list[str]:
    """The options for columns by which rows are gathered; those that are alike for an object are found out again."""
    if series is None:
        return ["--series-id", "none"]
    named = {"id": series.id, "time": (series.time,), "value": series.values, "error": (series.error,)}
    named["band"] = (series.band,)
    return [part for name, columns in named.items() for column in columns if column
            for part in (f"--series-{name}", column)]  # fmt: skip


def split_arguments(request: ImportRequest) -> list[str]:
    """The arguments that divide the rows, without shares and seed."""
    plan, roles = request.split, request.roles
    column = {plan.method: plan.column} if plan.column else {}
    named = {
        "--split-column": column.get("column"),
        "--group": column.get("group") or roles.group,
        "--time": column.get("time") or roles.time,
        "--split-file": plan.file,
        "--threshold": f"{plan.threshold:g}" if plan.threshold is not None else None,
        "--folds": str(plan.folds) if plan.folds else None,
        "--fold": str(plan.fold) if plan.folds and not request.all_folds else None,
        "--repeats": str(request.repeats) if request.repeats > 1 else None,
    }
    arguments = [part for name, value in named.items() if value for part in (name, value)]
    return ["--split", plan.method, *arguments, *(["--all-folds"] if request.all_folds else [])]


def train_arguments(project: Project, plan: TrainPlan) -> list[str]:
    """`sciapp train …` without the program's name; only settings that differ from the defaults are spelt out."""
    arguments = ["train", str(project.folder), "--dataset", plan.dataset, "--model", plan.model]
    return arguments + _settings("--set", changed_settings(plan))


def pretrain_arguments(project: Project, plan: PretrainPlan, then: StudyDesign | None = None) -> list[str]:
    """`sciapp pretrain …` without the program's name, with the training that follows."""
    arguments = ["pretrain", str(project.folder)]
    training = then.training if then is not None else None
    dataset = training.dataset if training is not None else plan.dataset
    if dataset:
        arguments += ["--dataset", dataset]
    if plan.file:
        arguments += ["--file", plan.file]
    if plan.input_column:
        arguments += ["--input", plan.input_column]
    arguments += reading_arguments(plan.reading) if plan.file else []
    arguments += ["--from", plan.model] if plan.model else ["--size", plan.size]
    arguments += _settings("--set", changed_settings(plan))
    if then is None or training is None:
        return arguments
    extra = {"compare_augmentation": True} if then.kind == Ablation.name else {}
    return [*arguments, "--then-train", *_settings("--then-set", changed_settings(training) | extra)]


def run_arguments(project: Project, design: StudyDesign) -> list[str]:
    """The command that starts a run of such a plan, and the study that it begins."""
    if is_fine_tuning(design.plan):
        return train_arguments(project, design.plan) + _FLAGS.get(design.kind, [])
    assert is_pretraining(design.plan), "only trainings are started from the form"
    return pretrain_arguments(project, design.plan, design.then)


def as_text(arguments: list[str]) -> str:
    """The whole command as one line for a POSIX shell."""
    return shlex.join(["sciapp", *arguments])


def _settings(flag: str, settings: Mapping[str, Any]) -> list[str]:
    """`flag name=value` for each of them."""
    parts = []
    for name, value in settings.items():
        parts += [flag, f"{name}={words_text(value) if isinstance(value, tuple) else value}"]
    return parts
