"""The command `augment`: look at what augmentation makes of training rows, before anything is trained."""

import argparse
import json
from pathlib import Path

from sciapp.cli_output import Printer
from sciapp.cli_runs import plan_of
from sciapp.errors import BadInput
from sciapp.records.augment_preview import AugmentationPreview, Marks
from sciapp.records.project import Project


def augment(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.engine.data.augment_preview import preview

    if options.rows < 1 or options.number < 1:
        raise BadInput("--rows and --pass count from 1.")
    project = Project.open(Path(options.project))
    plan = plan_of(options, project)
    card = project.dataset(plan.dataset)
    seen = preview(plan, project.dataset_folder(card.id), card, rows=options.rows, number=options.number)
    printer.result(json.loads(seen.model_dump_json()), "\n".join(_told(seen, plan.augmentation.augmentations)))


def _told(seen: AugmentationPreview, names: tuple[str, ...]) -> list[str]:
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
    """What differs in brackets."""
    for first, last in reversed(marks):
        text = f"{text[:first]}[{text[first:last]}]{text[last:]}"
    return text
