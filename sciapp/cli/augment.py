"""The command `augment`: look at what augmentation makes of training rows, before anything is trained."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from sciapp.actions.domains import open_project
from sciapp.cli.output import Printer
from sciapp.cli.train import plan_of
from sciapp.errors import BadInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import AugmentationPreview, Marks

if TYPE_CHECKING:
    from sciapp.engine.augmentation.rewriter import GeneratedRows


def augment(options: argparse.Namespace, printer: Printer) -> None:
    from sciapp.engine.augmentation.preview import preview

    if options.rows < 1 or options.number < 1:
        raise BadInput("--rows and --pass count from 1.")
    project = open_project(path=Path(options.project))
    plan = plan_of(options, project)
    card = project.dataset(plan.dataset)
    seen = preview(
        plan,
        project.dataset_folder(card.id),
        card,
        rows=options.rows,
        number=options.number,
        variants=_variants(plan, project, card, printer, download=options.download),
    )
    printer.result(json.loads(seen.model_dump_json()), "\n".join(_told(seen, plan.augmentation.augmentations)))


def _variants(
    plan: TrainPlan, project: Project, card: DatasetCard, printer: Printer, *, download: bool
) -> "dict[str, GeneratedRows]":
    """What the models that the plan names write of the training rows, when a row is asked for; nothing is kept."""
    from sciapp.engine.augmentation.rewriter import check_augmentations
    from sciapp.engine.data.dataset.table import read_split
    from sciapp.engine.domains.registry import domain_of

    domain, strength = domain_of(card), plan.augmentation.augmentation_strength
    names = [name for name in plan.augmentation.augmentations if name in domain.variations]
    if not names:
        return {}
    check_augmentations(domain, plan.augmentation, per_unit=card.facts.per_unit)
    from sciapp.engine.augmentation.generators import model_names, must_be_here

    models = {name: model_names(plan, domain, domain.variations[name]) for name in names}
    for named in models.values() if not download else ():
        must_be_here(named, project.folder)
    # torch takes seconds, and only what follows needs it
    from sciapp.engine.augmentation.generate import NothingToGenerate
    from sciapp.engine.augmentation.variants import variants_by
    from sciapp.engine.models.load import arriving
    from sciapp.engine.runtime.device import choose_device, use_threads

    use_threads(plan.threads)
    folder = project.dataset_folder(card.id)
    inputs, at = read_split(folder, card, "train").inputs, choose_device().torch_device
    found: dict[str, GeneratedRows] = {}
    for name in names:
        variation = domain.variations[name]
        for model in models[name].values() if download else ():
            for done, total in arriving(model, project.folder):
                printer.progress(f"Downloading {model}", done, total)
        if strength:
            printer.progress(f"{variation.title}: {' and '.join(models[name].values())}", 0, 0)
        made = (name, plan, domain, card.fingerprint, inputs, folder.variants_folder, project.folder, at)
        found[name] = variants_by(*made) if strength else NothingToGenerate()
    return found


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
