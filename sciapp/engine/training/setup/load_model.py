"""The model that a plan names, with a fresh head for its task, and the tokenizer that goes with it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.domains.row_input import RowInput, parts_of
from sciapp.engine.inputs.registry import KIND_KEY, TOKENS
from sciapp.engine.models.architectures.from_scratch import fresh_folder
from sciapp.engine.models.architectures.unpadding import pack
from sciapp.engine.models.load import arriving, load_classifier, load_tokenizer, local_folder, longest_input
from sciapp.engine.models.pair_encoding import PAIR_KEY, separated, tell_apart
from sciapp.engine.models.peft.apply import adapt, with_virtual_tokens
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import RunProgress
from sciapp.engine.tasks.base import Task
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.model.reference import fresh_size
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run


@dataclass(frozen=True)
class LoadedModel:
    """model: on its device. longest: tokens of a row, special ones included."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    longest: int


def load(
    plan: TrainPlan, task: Task, run: Run, device: Device, progress: RunProgress, *, inputs: Sequence[RowInput]
) -> LoadedModel:
    """Download if need be, or make, load, adapt. inputs: of the training rows, by whose scale or words a fresh network
    reads. Raises BadInput, NotFound, Cancelled."""
    loading = progress.stage("model", msg("Loading the model"))
    for done, total in arriving(plan.model, run.project_folder):
        loading.report(done, total)
    with _model_folder(plan, run, inputs) as folder:
        loaded, virtual = _loaded(folder, plan, task, several=len(parts_of(inputs[0])) > 1)
    model, tokenizer = loaded.model, loaded.tokenizer
    adapt(model, plan, virtual)
    if getattr(model.config, PAIR_KEY, False):
        tell_apart(model, tokenizer)
    if plan.tuning.base_weights == "full":  # others are on the GPU already, and may not be moved
        model.to(device.torch_device)
    if device.torch_device.type == "cpu":  # where it was measured; a GPU has its own ways with padding
        pack(model)
    return loaded


def _loaded(folder: Path, plan: TrainPlan, task: Task, *, several: bool) -> tuple[LoadedModel, list[int]]:
    """The model as it lies in the folder, with a fresh head, and the numbers of virtual tokens."""
    tokenizer = load_tokenizer(folder)
    # Other readers tell the inputs of a row apart themselves.
    pairs = several and getattr(tokenizer, KIND_KEY, TOKENS) == TOKENS
    if pairs:
        tokenizer = separated(tokenizer)
    tokenizer, virtual = with_virtual_tokens(tokenizer, plan.tuning)
    longest = min(plan.batching.max_length + len(virtual), longest_input(folder, tokenizer))
    _leaves_room(len(virtual), longest)
    tokenizer.model_max_length = longest  # saved with the model: predictions cut rows as training did
    model = load_classifier(
        folder,
        labels=task.outputs,
        problem_type=task.problem_type,
        dropout=plan.dropout,
        seed=plan.seed,
        pad_token_id=tokenizer.pad_token_id,
        per_unit=task.per_unit,
        needs_bias=task.predicts_numbers,
        saved={**task.saved, PAIR_KEY: True} if pairs else task.saved,
        base_weights=plan.tuning.base_weights,
    )
    return LoadedModel(model, tokenizer, longest), virtual


@contextmanager
def _model_folder(plan: TrainPlan, run: Run, inputs: Sequence[RowInput]) -> Iterator[Path]:
    """The folder of the model; of a fresh one in the run's, or nowhere for long where rows are only looked at."""
    size = fresh_size(plan.model)
    if size is None:
        yield local_folder(plan.model, project=run.project_folder)
        return
    domain = Project.open(run.project_folder).record.domain
    rows = (part for row in inputs for part in parts_of(row))
    with nullcontext(run.folder) if run.folder.is_dir() else TemporaryDirectory() as home:
        yield fresh_folder(Path(home) / "fresh", domain, rows, size, plan.seed)


def _leaves_room(virtual: int, longest: int) -> None:
    """Raise BadInput where most of what the model can read would be virtual tokens, the same in every row."""
    if virtual > longest // 2:
        raise BadInput(
            msg(
                "{virtual} virtual tokens leave too little of the {longest} tokens that this model reads.",
                virtual=virtual,
                longest=longest,
            ),
            hint=msg("Set num_virtual_tokens to {most} or less.", most=longest // 4),
        )
