"""The command `augment`: look at what augmentation makes of training rows, before anything is trained."""

import argparse
import json
from pathlib import Path

from sciapp.actions.domains import open_project
from sciapp.actions.training import preview_augmentation
from sciapp.cli.output import Printer
from sciapp.cli.train import design_of
from sciapp.jobs.process.helper_process import carry_out
from sciapp.records.run.preflight import AugmentationPreview, Marks


def augment(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    plan = design_of(options, project).training
    assert plan is not None, "the design begins with a training"
    preview = preview_augmentation(
        project=project,
        plan=plan,
        number=options.number,
        rows=options.rows,
        download=options.download,
        progress=printer.progress(),
        execute=carry_out,
    )
    text = "\n".join(_preview_lines(preview, plan.augmentation.augmentations))
    printer.result(json.loads(preview.model_dump_json()), text)


def _preview_lines(seen: AugmentationPreview, names: tuple[str, ...]) -> list[str]:
    if not names:
        fitting = [choice for choice in seen.choices if choice.fits]
        lines = ["No augmentation is chosen. For this dataset there are:"]
        lines += [f"  {choice.name}: {choice.title}. {choice.help} ({choice.source})" for choice in fitting]
        return [*lines, f"For example --set augmentations={fitting[0].name}" if fitting else "  none"]
    lines = [str(seen)]
    for one in seen.examples:
        lines += ["", f"line {one.line}, {one.augmentation}:"]
        lines += [f"  {_marked(one.original, one.removed)}", f"  {_marked(one.augmented, one.added)}"]
    return lines


def _marked(text: str, marks: Marks) -> str:
    """The text with its differences in brackets."""
    for first, last in reversed(marks):
        text = f"{text[:first]}[{text[first:last]}]{text[last:]}"
    return text
