"""The command `augment`: look at what augmentation makes of training rows, before anything is trained."""

import argparse
import json
from pathlib import Path

from sciapp.actions.domains import open_project
from sciapp.actions.training import preview_augmentation
from sciapp.cli.output import Printer
from sciapp.cli.train import design_of
from sciapp.i18n import lines, msg
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
    text = lines(_preview_lines(preview, plan.augmentation.augmentations))
    printer.result(json.loads(preview.model_dump_json()), text)


def _preview_lines(seen: AugmentationPreview, names: tuple[str, ...]) -> list[str]:
    if not names:
        fitting = [choice for choice in seen.choices if choice.fits]
        text: list[str] = [msg("No augmentation is chosen. For this dataset there are:")]
        text += [
            msg(
                "  {name}: {title}. {help} ({source})",
                name=choice.name,
                title=choice.title,
                help=choice.help,
                source=choice.source,
            )
            for choice in fitting
        ]
        return [
            *text,
            msg("For example --set augmentations={name}", name=fitting[0].name) if fitting else "  " + msg("none"),
        ]
    text = [str(seen)]
    for one in seen.examples:
        text += ["", msg("line {line}, {augmentation}:", line=one.line, augmentation=one.augmentation)]
        text += [f"  {_marked(one.original, one.removed)}", f"  {_marked(one.augmented, one.added)}"]
    return text


def _marked(text: str, marks: Marks) -> str:
    """The text with its differences in brackets."""
    for first, last in reversed(marks):
        text = f"{text[:first]}[{text[first:last]}]{text[last:]}"
    return text
