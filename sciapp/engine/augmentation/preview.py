"""Some training rows as they are beside what a pass of the training makes of them: the very same, not the like."""

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher

from sciapp.engine.augmentation.rewriter import (
    AugmentedRow,
    GeneratedRows,
    Rewriter,
    check_augmentations,
    fitting,
    known_augmentations,
    rewriter_for,
)
from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.data.values.token_labels import spans
from sciapp.engine.domains.base import Domain, GeneratedAugmentation
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import RowInput, display_text
from sciapp.i18n import all_of, msg
from sciapp.records.dataset.card import DatasetCard, DatasetFolder
from sciapp.records.dataset.tasks import TaskFacts
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import AugmentationChoice, AugmentationPreview, AugmentedExample, Marks

_MOST_LOOKED_AT = 1000  # rows: a second for molecules
_SETTINGS = {
    "back_translation": ("augmentation_variants", "translation_there", "translation_back"),
    "masked_model": ("augmentation_variants", "substitution_model"),
}
_MOST_COMPARED = 3000  # signs of a row; finding differences takes the square of it


def preview(
    plan: TrainPlan,
    folder: DatasetFolder,
    card: DatasetCard,
    *,
    rows: int,
    number: int,
    variants: Mapping[str, GeneratedRows] | None = None,
) -> AugmentationPreview:
    """At most `rows` training rows that change in the pass `number` (from 1) of this plan.

    variants: of each variation that the plan names, made when a row is asked for: no more rows are looked at then than
    there are to show. Raises BadInput for augmentations that do not suit the dataset, or a damaged table.
    """
    domain, facts = domain_of(card), task_facts(card.task)
    rewriter = rewriter_for(domain, plan.augmentation, plan.seed, facts=facts, variants=variants)
    train = read_split(folder, card, "train")
    looked_at = min(len(train), _MOST_LOOKED_AT)
    examples: list[tuple[int, AugmentedRow]] = []
    for row, one in _anew(rewriter, train, looked_at, number - 1) if rewriter is not None else ():
        examples.append((row, one))
        if variants and len(examples) >= rows:
            looked_at = row + 1
            break
    return AugmentationPreview(
        dataset=card.id,
        number=number,
        looked_at=looked_at,
        changed=len(examples),
        masked_share=plan.augmentation.token_masking,
        examples=tuple(_example(domain, int(train.line[row]), train.inputs[row], one) for row, one in examples[:rows]),
        choices=choices(domain, facts=facts),
    )


def generators_of(
    plan: TrainPlan,
    project: Project,
    card: DatasetCard,
    on_progress: Callable[[str, int, int], None],
    *,
    download: bool,
) -> dict[str, GeneratedRows]:
    """For each generated augmentation of the plan, rows that its models write when a row is asked for; nothing is kept.

    download: fetch models from the hub. Raises BadInput and NotFound for models that do not suit or are not here.
    """
    domain, strength = domain_of(card), plan.augmentation.augmentation_strength
    names = [name for name in plan.augmentation.augmentations if name in domain.variations]
    if not names:
        return {}
    check_augmentations(domain, plan.augmentation, facts=task_facts(card.task))
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
    inputs, device = read_split(folder, card, "train").inputs, choose_device().torch_device
    generators: dict[str, GeneratedRows] = {}
    for name in names:
        variation = domain.variations[name]
        for model in models[name].values() if download else ():
            for done, total in arriving(model, project.folder):
                on_progress(msg("Downloading {model}", model=model), done, total)
        if strength:
            on_progress(msg("{title}: {models}", title=variation.title, models=all_of(models[name].values())), 0, 0)
        source = (name, plan, domain, card.fingerprint, inputs, folder.variants_folder, project.folder, device)
        generators[name] = variants_by(*source) if strength else NothingToGenerate()
    return generators


def _anew(rewriter: Rewriter, train: Rows, looked_at: int, epoch: int) -> Iterator[tuple[int, AugmentedRow]]:
    """The first training rows that change in this pass."""
    for row in range(looked_at):
        one = rewriter.rewritten(train.inputs[row], row, epoch)
        if one is not None:
            yield row, one


def choices(domain: Domain, *, facts: TaskFacts) -> tuple[AugmentationChoice, ...]:
    """The augmentations to choose from, for a task."""
    fits = fitting(domain, facts=facts)
    return tuple(
        AugmentationChoice(
            name=name,
            title=one.title,
            help=one.help,
            source=one.source,
            fits=name in fits,
            averages=one.averages,
            settings=_SETTINGS[one.by] if isinstance(one, GeneratedAugmentation) else (),
        )
        for name, one in known_augmentations(domain).items()
    )


def _example(domain: Domain, line: int, value: RowInput, anew: AugmentedRow) -> AugmentedExample:
    used = known_augmentations(domain)[anew.augmentation]
    old, new = display_text(value), display_text(anew.value)
    removed, added = ((), ()) if used.averages else differences(old, new, domain.label_separator or "")
    return AugmentedExample(
        line=line,
        original=old,
        augmented=new,
        augmentation=anew.augmentation,
        removed=removed,
        added=added,
        original_picture=domain.depict(value) or "",
        augmented_picture=domain.depict(anew.value) or "",
    )


def differences(old: str, new: str, separator: str) -> tuple[Marks, Marks]:
    """Spans, letter by letter or word by word, in which `old` has what `new` lacks, and the other way round."""
    if max(len(old), len(new)) > _MOST_COMPARED:
        return (), ()
    offsets = [spans(text, separator).tolist() for text in (old, new)]
    before, after = ([text[a:b] for a, b in where] for text, where in zip((old, new), offsets, strict=True))
    removed: list[tuple[int, int]] = []
    added: list[tuple[int, int]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal" and b > a:
            removed.append((offsets[0][a][0], offsets[0][b - 1][1]))
        if kind != "equal" and d > c:
            added.append((offsets[1][c][0], offsets[1][d - 1][1]))
    return tuple(removed), tuple(added)
