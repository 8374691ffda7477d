"""The command line that does the same as the window: shown to people, and run for the long verbs."""

import shlex
from pathlib import Path

from sciapp.records.dataset import ImportRequest, SplitPlan
from sciapp.records.plan import TrainPlan, changed_settings
from sciapp.records.project import Project
from sciapp.records.run import Run


def import_arguments(project: Project, request: ImportRequest) -> list[str]:
    """`sciapp import …` without the program's name."""
    arguments = ["import", str(project.folder), request.file, "--input", request.roles.input]
    for target in request.roles.targets:
        arguments += ["--target", target]
    if request.roles.mask:
        arguments += ["--mask", request.roles.mask]
    if request.task != "auto":
        arguments += ["--task", request.task]
    arguments += ["--split", request.split.method]
    if request.split.column:
        arguments += ["--split-column", request.split.column]
    if request.split.fractions != SplitPlan().fractions:
        arguments += ["--fractions", ",".join(f"{f:g}" for f in request.split.fractions)]
    if request.name:
        arguments += ["--name", request.name]
    return [*arguments, "--seed", str(request.split.seed)]


def report_arguments(project: Project, run_id: str, out: Path) -> list[str]:
    return ["report", str(project.folder), run_id, "--out", str(out)]


def export_arguments(project: Project, run: Run, out: Path) -> list[str]:
    return ["export-predictions", str(project.folder), run.id, "--out", str(out)]


def train_arguments(project: Project, plan: TrainPlan) -> list[str]:
    """`sciapp train …` without the program's name; only settings that differ from the defaults are spelt out."""
    arguments = ["train", str(project.folder), "--dataset", plan.dataset, "--model", plan.model]
    for name, value in changed_settings(plan).items():
        arguments += ["--set", f"{name}={value}"]
    return arguments


def as_text(arguments: list[str]) -> str:
    """The whole command as one line for a POSIX shell."""
    return shlex.join(["sciapp", *arguments])
