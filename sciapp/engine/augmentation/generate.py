"""Augmentations that models generate before training begins; saved row by row, a killed run goes on with them."""

from collections.abc import Mapping, Sequence

from sciapp.engine.augmentation.generators import model_names
from sciapp.engine.augmentation.rewriter import GeneratedRows
from sciapp.engine.augmentation.variants import GeneratedVariants, variants_by
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.models.load import arriving
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.errors import RunProblem
from sciapp.i18n import joined, msg
from sciapp.records.atomic import write_json
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run


class NothingToGenerate:
    """At strength 0 every row stays as it is."""

    def of(self, row: int) -> tuple[RowInput, ...]:
        return ()


def generated_augmentations(
    plan: TrainPlan,
    card: DatasetCard,
    domain: Domain,
    inputs: Sequence[RowInput],
    run: Run,
    device: Device,
    progress: RunProgress,
) -> dict[str, GeneratedRows]:
    """The variants of the training rows `inputs` for each variation that the plan names.

    Raises BadInput and NotFound for models that do not suit, RunProblem when one has changed since the run began,
    Cancelled. A request to stop leaves the rows that have no variants yet without.
    """
    generated: dict[str, GeneratedRows] = {}
    folder = Project.open(run.project_folder).dataset_folder(card.id).variants_folder
    for name in plan.augmentation.augmentations:
        variation = domain.variations.get(name)
        if variation is None:
            continue
        if not plan.augmentation.augmentation_strength:
            generated[name] = NothingToGenerate()
            continue
        names = model_names(plan, domain, variation)
        loading = progress.stage("augmenting_model", msg("{title}: loading the model", title=variation.title))
        for model in names.values():
            for done, total in arriving(model, run.project_folder):
                loading.report(done, total)
        at, check = device.torch_device, progress.check
        variants = variants_by(name, plan, domain, card.fingerprint, inputs, folder, run.project_folder, at, check)
        _check_same(run, name, variants.store.key)
        _write(variants, variation.title, names, progress)
        generated[name] = variants
    return generated


def _write(variants: GeneratedVariants, title: str, names: Mapping[str, str], progress: RunProgress) -> None:
    """Generate what is not saved yet, part by part. Raises Cancelled."""
    generating = progress.stage("augmenting", msg("{title}: augmenting training rows", title=title))
    rows, at_once, saved = len(variants.inputs), variants.rows_at_once, 0
    about = {"rows": rows, "names": dict(names)}
    for number in range(len(variants)):
        progress.check()
        done = min(rows, (number + 1) * at_once)
        if variants.load(number):
            saved = done
        elif progress.stop.stop_requested():
            for later in range(number, len(variants)):
                variants.leave_out(later)
            left = rows - number * at_once
            variants.forget_models()
            progress.note(
                msg("{title}: stopped, {left:,} of {rows:,} rows have no variants.", title=title, left=left, rows=rows),
                "warning",
            )
            return
        else:
            variants.store.keep(number, variants.part(number), about)
        generating.report(done, rows)
    variants.forget_models()
    progress.note(_summary(variants, title, saved))


def _summary(variants: GeneratedVariants, title: str, loaded: int) -> str:
    counts = [len(variants.of(row)) for row in range(len(variants.inputs))]
    plain = sum(not count for count in counts)
    variants_made, rows = sum(counts), len(counts) - plain
    sentence = (
        msg(
            "{title}: {variants:,} variants of {rows:,} training rows, those of {kept:,} rows kept from before.",
            title=title,
            variants=variants_made,
            rows=rows,
            kept=loaded,
        )
        if loaded
        else msg(
            "{title}: {variants:,} variants of {rows:,} training rows.", title=title, variants=variants_made, rows=rows
        )
    )
    unchanged = msg("{rows:,} rows came back unchanged and are shown as they are.", rows=plain) if plain else ""
    return joined([sentence, unchanged])


def _check_same(run: Run, name: str, key: str) -> None:
    """A resumed run must go on with the variants that it began with."""
    file = run.folder / "variants.json"
    try:
        before = json_in(file) if file.exists() else {}
    except (OSError, ValueError):
        before = {}  # damaged; what it says follows from the plan and the models
    if not isinstance(before, dict):
        before = {}
    if before.get(name, key) != key:
        raise RunProblem(
            msg("A model that writes variants of the training rows has changed since this run began."),
            hint=msg("Bring the old model back, or start a new run."),
            context=f"{file}: {before.get(name)}, now {key}",
        )
    write_json(file, {**before, name: key})
