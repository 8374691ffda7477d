"""Cross-validation at one go: a dataset for every fold, and for every repetition with another seed."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.packing import plain_name
from sciapp.engine.data.importing import import_table
from sciapp.engine.data.progress import ImportProgress
from sciapp.errors import BadInput
from sciapp.records.dataset import DatasetCard, ImportRequest
from sciapp.records.project import Project


def import_folds(project: Project, request: ImportRequest) -> Iterator[ImportProgress | DatasetCard]:
    """Progress, and the card of each dataset when it is there. Without `all_folds` the one that is asked for.

    A fold that cannot be made ends it; those before it stay. Raises what `import_table` raises.
    """
    if not request.all_folds:
        yield from import_table(project, request)
        return
    split = request.split
    if split.folds is None:
        raise BadInput("All folds are wanted and their number is not said.", hint="For example --folds 5.")
    seeds = range(split.seed, split.seed + request.repeats)
    places = [(seed, fold) for seed in seeds for fold in range(1, split.folds + 1)]
    stem = request.name or plain_name(Path(request.file)).stem
    for done, (seed, fold) in enumerate(places):
        name = f"{stem}, fold {fold} of {split.folds}" + (f", seed {seed}" if request.repeats > 1 else "")
        one = request.model_copy(
            update={"name": name, "split": split.model_copy(update={"fold": fold, "seed": seed}), "all_folds": False}
        )
        with closing(import_table(project, one)) as steps:  # type: ignore[type-var]
            for step in steps:
                if isinstance(step, ImportProgress):
                    yield replace(step, stage=f"{done + 1} of {len(places)}: {step.stage}")
                else:
                    yield step
