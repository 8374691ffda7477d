"""The three sides, each trained in a process of its own: what it took, and the score on the validation rows."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from speed.workloads import Workload

SIDES = ("trainer", "tuned", "sciapp")


@dataclass(frozen=True)
class Taken:
    """seconds: of the training alone, from its first step to its last; tokens: real ones that were trained on.

    operations: floating-point operations that those tokens need, without padding. peak_mib: most memory of the process.
    """

    side: str
    seconds: float
    tokens: int
    operations: float
    peak_mib: float
    score_name: str
    score: float

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def take(
    side: str,
    work: Workload,
    project: Path,
    encoder: Path,
    threads: int,
    settings: dict[str, Any],
) -> Taken:
    """Train one side, one of SIDES or of WITHOUT. settings: of the plan, for SciApp's sides only."""
    import torch

    torch.set_num_threads(threads)
    if side in _SWITCHES:
        _SWITCHES[side]()
    plan = TrainPlan(dataset=Project.open(project).datasets()[-1].id, model=str(encoder), threads=threads)
    common = {
        "num_train_epochs": work.epochs,
        "learning_rate": work.learning_rate,
        "max_length": work.longest,
        "descriptors": "off",
        "early_stopping_patience": 0,
        "eval_steps": 1_000_000,  # at the end only, as for the others
        "save_steps": 1_000_000,
    }
    plan = with_settings(plan, {**common, **work.settings, **settings})
    if side in ("trainer", "tuned"):
        return _trainer(side, work, project, plan)
    return _sciapp(side, project, plan)


def _pad_all_layers() -> None:
    from sciapp.engine.training.setup import load_model as loading

    loading.pack = lambda model: False


def _mix_lengths() -> None:
    from sciapp.engine.inputs.tokenization import batches

    batches.padded_lengths = lambda lengths: [int(max(lengths))]


def _drop_attention() -> None:
    from sciapp.engine.models import load as backbone

    backbone.DROPOUTS, backbone.ATTENTION_DROPOUTS = backbone.DROPOUTS + backbone.ATTENTION_DROPOUTS, ()


def _spell_out() -> None:
    from sciapp.engine.models import load as backbone

    backbone.fuse = lambda model_type: None


# SciApp's side without one of its means each, to see its share, and what takes it away.
_SWITCHES: dict[str, Callable[[], None]] = {
    "without_packing": _pad_all_layers,
    "without_like_lengths": _mix_lengths,
    "without_fused_attention": _drop_attention,
    "without_fused_gelu": _spell_out,
}
WITHOUT = tuple(_SWITCHES)


def _sciapp(side: str, folder: Path, plan: TrainPlan) -> Taken:
    from sciapp.engine.runs.train import train
    from sciapp.records.run.events import CheckpointSaved, Event, StepTaken, Validated
    from tests.helpers.heard import carried_out

    run = Project.open(folder).new_run(plan)
    peak = 0

    def is_last(event: Event) -> bool:
        """What follows a checkpoint is judging the test rows, which the other sides do not do."""
        nonlocal peak
        if isinstance(event, StepTaken):
            peak = _peak()
        return isinstance(event, CheckpointSaved)

    events = carried_out(train, plan, run, until=is_last)
    last = [event for event in events if isinstance(event, StepTaken)][-1]
    score = [event for event in events if isinstance(event, Validated)][-1]
    operations = _operations(Path(plan.model), folder, plan) * plan.stopping.num_train_epochs
    return Taken(side, last.seconds, last.tokens, operations, peak, score.score_name, score.score)


def _trainer(side: str, work: Workload, folder: Path, plan: TrainPlan) -> Taken:
    """transformers' Trainer on the same tokens: as most people call it, or with what its documentation recommends."""
    import torch
    from transformers import Trainer, TrainingArguments

    material = _Material(folder, plan)
    tuned = {
        "per_device_train_batch_size": 32,
        "train_sampling_strategy": "group_by_length",
        "learning_rate": work.learning_rate,
        "bf16": _has_bf16(),
        "use_cpu": not torch.cuda.is_available(),  # without it bf16 is refused where there is no GPU
    }
    arguments = TrainingArguments(
        output_dir=str(folder / "trainer"),
        num_train_epochs=work.epochs,
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        seed=plan.seed,
        **(tuned if side == "tuned" else {}),
    )
    trainer = Trainer(
        model=material.stock_model(),
        args=arguments,
        train_dataset=material.examples(material.train, material.train_labels),
        data_collator=material.collator(),
    )
    began = time.perf_counter()
    trainer.train()
    seconds, peak = time.perf_counter() - began, _peak()
    name, score = material.judged(trainer.model)
    tokens = int(material.train.rows.lengths.sum()) * work.epochs
    return Taken(side, seconds, tokens, _operations(Path(plan.model), folder, plan) * work.epochs, peak, name, score)


class _Material:
    """Rows as tokens and labels, read by the same steps as SciApp's training reads them."""

    def __init__(self, folder: Path, plan: TrainPlan) -> None:
        from sciapp.engine.data.dataset.table import read_split
        from sciapp.engine.models.load import load_tokenizer
        from sciapp.engine.tasks.registry import task_of

        project = Project.open(folder)
        card = project.dataset(plan.dataset)
        rows = {split: read_split(project.dataset_folder(card.id), card, split) for split in ("train", "validation")}
        self._encoder = Path(plan.model)
        self.task = task_of(card, plan.optimization, rows["train"].targets)
        self.tokenizer: Any = load_tokenizer(self._encoder)
        longest = plan.batching.max_length
        self.train, self._validation = (
            self.task.tokenized(self.tokenizer, rows[split].inputs, longest, lambda done: None) for split in rows
        )
        self.train_labels = self.task.labels(rows["train"].targets, self.train)
        self._targets = rows["validation"].targets

    def stock_model(self) -> Any:
        import transformers

        per_row, per_token = (
            transformers.AutoModelForSequenceClassification,
            transformers.AutoModelForTokenClassification,
        )
        problem = {} if self.task.per_unit else {"problem_type": self.task.problem_type}
        return (per_token if self.task.per_unit else per_row).from_pretrained(
            self._encoder, num_labels=len(self.task.outputs), **problem
        )

    def examples(self, tokens: Any, labels: Any) -> list[dict[str, Any]]:
        rows = range(len(tokens.rows))
        return [{"input_ids": tokens.rows[row].tolist(), "labels": _label(labels, row)} for row in rows]

    def collator(self) -> Any:
        from transformers import DataCollatorForTokenClassification, DataCollatorWithPadding

        kind = DataCollatorForTokenClassification if self.task.per_unit else DataCollatorWithPadding
        return kind(self.tokenizer)

    def judged(self, model: Any) -> tuple[str, float]:
        from sciapp.engine.models.inference import logits_for

        pad = int(self.tokenizer.pad_token_id)
        logits = logits_for(self.task, model, self._validation.rows, pad=pad, tokens_per_batch=4096)
        scores = self.task.scores(self.task.decode(logits, self._validation), self._targets)
        return self.task.main_score, scores[self.task.main_score]


def _label(labels: Any, row: int) -> Any:
    value = labels[row]
    return value.tolist() if isinstance(value, np.ndarray) or value.ndim else value.item()


def _operations(encoder: Path, folder: Path, plan: TrainPlan) -> float:
    """6 for each weight of the layers and token, and 12 · width · length for attention (Chowdhery et al. 2022, PaLM,
    appendix B), of one pass over the rows."""
    import json

    config = json.loads((encoder / "config.json").read_text(encoding="utf-8"))
    width, layers = config["hidden_size"], config["num_hidden_layers"]
    glu = 3 if config["model_type"] == "modernbert" else 2
    weights = layers * width * (4 * width + glu * config["intermediate_size"])
    lengths = _Material(folder, plan).train.rows.lengths.astype(np.float64)
    return float((lengths * 6 * weights + 12 * layers * width * lengths**2).sum())


def _has_bf16() -> bool:
    """Where the processor has no such arithmetic the Trainer is faster without."""
    from sciapp.engine.runtime.device import choose_device

    return choose_device().autocast is not None


def _peak() -> float:
    """MiB; `getrusage` would tell of SciApp's side only what its last piece of a batch took."""
    from sciapp.engine.runtime.peak_memory import peak_memory

    return peak_memory() / 2**20
