"""From a plan to what a training needs in memory: rows, tokens, labels, model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.augmentation.augmented_rows import augmented
from sciapp.engine.augmentation.generate import generated_augmentations
from sciapp.engine.augmentation.rewriter import check_augmentations
from sciapp.engine.data.dataset.table import Rows, read_split
from sciapp.engine.data.targets.base import RowValues, Targets
from sciapp.engine.data.targets.registry import task_facts
from sciapp.engine.domains.base import Domain, Rejected
from sciapp.engine.domains.registry import domain_of
from sciapp.engine.domains.row_input import RowInput
from sciapp.engine.inputs.features.matrix import FeatureRecipe
from sciapp.engine.inputs.registry import check_value, shortening
from sciapp.engine.inputs.tokenization.cache import TokenCache
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens
from sciapp.engine.models.architectures.feature_fusion import FusionModel
from sciapp.engine.models.inference import Features, logits_for
from sciapp.engine.models.peft.qlora import check_base_weights
from sciapp.engine.models.saved_model import pad_of
from sciapp.engine.models.test_time_augmentation import TestTimeAugmentation, spellings_for
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.progress import Progress, RunProgress, StopFlag, raise_if_cancelled
from sciapp.engine.tasks.base import RuleStart, Task
from sciapp.engine.tasks.registry import task_of
from sciapp.engine.tasks.sample_weights import row_weights
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.fine_tuning import LabelledBatch, TrainingRows, fine_tuning_parts
from sciapp.engine.training.objectives.registry import check_regularization
from sciapp.engine.training.optim.freezing import check_tuning
from sciapp.engine.training.optim.optimizer import check_optimizer
from sciapp.engine.training.parts import TrainerSettings, Validation, ValidationResult
from sciapp.engine.training.preflight.warnings import leaking_conditions
from sciapp.engine.training.setup.contamination import must_not_know
from sciapp.engine.training.setup.feature_selection import FusedModel, SelectionData, joined, rule_start_of
from sciapp.engine.training.setup.load_model import LoadedModel, load
from sciapp.engine.training.trainer import Trainer
from sciapp.errors import BadInput
from sciapp.i18n import Message, msg, plural
from sciapp.i18n import joined as joined_text
from sciapp.records.dataset.card import SPLITS, DatasetCard, DatasetFolder
from sciapp.records.formatting import percent_text
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.plan.tuning import Tuning
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import TruncatedRows
from sciapp.records.run.run import Run

_CHUNK = 10_000  # rows between two reports of progress
_MANY_UNKNOWN = 0.02  # of all tokens; a rare symbol now and then is usual
_MOST_LINES = 50  # named in an error


@dataclass
class FineTuningSetup:
    """Everything in memory; `model` is on its device. validation: tokens, targets as in `Rows`.

    recipe: what a joined model reads beside the tokens, None for a plain one. test_time: what the saved model reads of
    a row beside the row itself; while training, validation rows are read as they stand.
    """

    model: PreTrainedModel | FusionModel
    tokenizer: PreTrainedTokenizerBase
    task: Task
    train: TrainingRows
    validation_tokens: Tokens
    validation_targets: Targets
    validation_features: Features | None
    recipe: FeatureRecipe | None
    test_time: TestTimeAugmentation | None
    tuning: Tuning
    tokens_per_batch: int
    stop: StopFlag
    cut: TruncatedRows
    remarks: tuple[str, ...]

    def validation_logits(self, model: nn.Module) -> npt.NDArray[np.float64]:
        """Logits (rows, outputs) of the validation rows, or (tokens, outputs). Raises Cancelled."""
        return logits_for(
            self.task,
            model,
            self.validation_tokens.rows,
            pad=self.train.pad,
            tokens_per_batch=max(4096, self.tokens_per_batch),
            features=self.validation_features,
            check=lambda _: raise_if_cancelled(self.stop),
        )

    def validation_values(self) -> tuple[RowValues, float]:
        """Predictions of the validation rows by the model as it is, and their main score."""
        logits = self.validation_logits(self.model)
        values = self.task.decode(logits, self.validation_tokens)
        return values, self._scored(logits).scores[self.task.main_score]

    def evaluate(self, model: nn.Module) -> ValidationResult:
        """Loss and scores on the validation rows. Evaluation mode draws no random numbers."""
        return self._scored(self.validation_logits(model))

    def _scored(self, logits: npt.NDArray[np.float64]) -> ValidationResult:
        task, tokens, targets = self.task, self.validation_tokens, self.validation_targets
        labels = task.batch_labels(task.labels(targets, tokens))
        loss = float(task.loss(torch.tensor(logits), labels)) / max(1, task.count(labels))
        return ValidationResult(loss, dict(task.scores(task.decode(logits, tokens), targets)))


@dataclass(frozen=True)
class FineTuningInputs:
    """The inputs that a fine-tuning is prepared from. rows: by split."""

    plan: TrainPlan
    run: Run
    card: DatasetCard
    rows: dict[str, Rows]
    device: Device
    progress: RunProgress

    @classmethod
    def read(cls, plan: TrainPlan, run: Run, device: Device, progress: RunProgress) -> "FineTuningInputs":
        """Raises NotFound, BadInput for a split without rows."""
        return cls(plan, run, *read_rows(run, plan), device, progress)

    @property
    def reads_pairs(self) -> bool:
        return len(self.card.roles.inputs) > 1

    @property
    def dataset_folder(self) -> DatasetFolder:
        return Project.open(self.run.project_folder).dataset_folder(self.card.id)

    def task(self) -> Task:
        train = self.rows["train"]
        return task_of(self.card, self.plan.optimization, train.targets, train.weights)


def read_rows(run: Run, plan: TrainPlan) -> tuple[DatasetCard, dict[str, Rows]]:
    """The card and the rows of each split. Raises NotFound, BadInput for a split without rows."""
    project = Project.open(run.project_folder)
    card = project.dataset(plan.dataset)
    folder = project.dataset_folder(plan.dataset)
    rows = {split: read_split(folder, card, split, plan.covariates) for split in SPLITS}
    for split, part in rows.items():
        if not len(part):
            raise BadInput(
                msg("The dataset “{card}” has no {split} rows.", card=card.name, split=split),
                hint=msg("Import the file again with another split."),
            )
    return card, rows


def prepare(inputs: FineTuningInputs, *, linear: bool = False) -> FineTuningSetup:
    """All that a training needs in memory. Raises BadInput for a model or loss that cannot be used, Cancelled.

    linear: see `joined`.
    """
    plan, card, run, device, progress = inputs.plan, inputs.card, inputs.run, inputs.device, inputs.progress
    training, validation = inputs.rows["train"], inputs.rows["validation"]
    task, domain = inputs.task(), domain_of(card)
    _check(plan, task, card, domain, device)
    test_time = spellings_for(plan, domain)
    contamination = must_not_know(run, plan, inputs.rows["test"].inputs)
    generated = generated_augmentations(plan, card, domain, training.inputs, run, device, progress)
    progress.stage("start", msg("Choosing what to begin with"))
    start = rule_start_of(task, card, inputs.rows, plan.seed, run, progress)
    loaded = load(plan, task, run, device, progress, inputs=training.inputs)
    _must_be_readable(inputs, loaded)
    tokenizer, longest = loaded.tokenizer, loaded.longest
    tokens = _tokens(inputs, task, loaded)
    train = tokens.part(0, len(training))
    labels = task.training_labels(training, train)
    rewritten = augmented(plan, domain, task, tokenizer, training, train, longest, labels, generated)
    extra = _extra_features(inputs, task, loaded, tokens, start, linear=linear)
    read = len(training) + len(validation)
    cut = _cut(tokens, read, longest, shortening(tokenizer, pairs=inputs.reads_pairs))
    return FineTuningSetup(
        model=extra.model if extra else loaded.model,
        tokenizer=tokenizer,
        task=task,
        train=TrainingRows(
            train.rows,
            labels,
            pad_of(tokenizer),
            extra.train if extra else None,
            rewritten,
            row_weights(training.weights, train),
        ),
        validation_tokens=tokens.part(len(training), read),
        validation_targets=validation.targets,
        validation_features=extra.validation if extra else None,
        recipe=extra.recipe if extra else None,
        test_time=test_time,
        tuning=plan.tuning,
        tokens_per_batch=plan.batching.tokens_per_batch,
        stop=progress.stop,
        cut=cut,
        remarks=(
            *contamination,
            *map(str, leaking_conditions(plan, card)),
            *_unknown_tokens(tokens.rows, tokenizer.unk_token_id),
            *((str(cut),) if cut.rows else ()),
        ),
    )


def _unknown_tokens(rows: TokenRows, unknown: int | None) -> tuple[str, ...]:
    """A remark when many tokens are the unknown one, whose number is `unknown`; None: the tokenizer has none.

    The tokenizer of a model for another domain may see mostly unknown tokens.
    """
    if unknown is None or not len(rows.numbers):
        return ()
    count = int(np.count_nonzero(rows.numbers == unknown))
    if count < _MANY_UNKNOWN * len(rows.numbers):
        return ()
    return (
        msg(
            "{count} of the tokens, in {count_with:,} of {rows:,} rows, are unknown to this model’s tokenizer, "
            "which was made for other rows: it cannot tell them apart. A model of the rows’ own domain will most "
            "likely learn more.",
            count=percent_text(count / len(rows.numbers)),
            count_with=rows.count_with(unknown),
            rows=len(rows),
        ),
    )


def fine_tuning_trainer(
    plan: TrainPlan, setup: FineTuningSetup, device: Device, checkpointer: Checkpointer
) -> Trainer[LabelledBatch]:
    """The training of what was prepared. A head that was fitted makes the model as it begins a candidate."""
    validation = Validation(setup.task, setup.evaluate, initial=setup.recipe is not None)
    parts = fine_tuning_parts(plan, setup.train, setup.task, device, validation)
    return Trainer(setup.model, parts, TrainerSettings.of(plan, device), checkpointer)


def _must_be_readable(inputs: FineTuningInputs, loaded: LoadedModel) -> None:
    """Raise BadInput, naming the line, for a row of any split that the model cannot read."""
    problems = []
    for rows in inputs.rows.values():
        for line, value in zip(rows.line.tolist(), rows.inputs, strict=True):
            try:
                check_value(loaded.tokenizer, value)
            except Rejected as error:
                problems.append((line, error.reason))
    if problems:
        line, reason = min(problems)
        raise BadInput(
            plural(
                "Line {line:,} cannot be read by the model: {reason}",
                "{n:,} lines cannot be read by the model. Line {line:,}: {reason}",
                len(problems),
                line=line,
                reason=reason,
            ),
            hint=msg("Take these rows out of the file, or bring them to the axis of the others, and import it again."),
            context=joined_text((f"{line}" for line, _ in sorted(problems)[:_MOST_LINES]), ", "),
        )


def _tokens(inputs: FineTuningInputs, task: Task, loaded: LoadedModel) -> Tokens:
    """Tokens of training and validation rows, one behind the other. Raises Cancelled."""
    tokenizing = inputs.progress.stage("tokens", msg("Preparing the rows for the model"))
    values = inputs.rows["train"].inputs + inputs.rows["validation"].inputs
    cache = TokenCache.keyed(
        inputs.dataset_folder.tokens_folder, loaded.tokenizer, len(values),
        dataset=inputs.card.fingerprint, longest=loaded.longest, pairs=inputs.reads_pairs, task=dict(task.saved),
    )  # fmt: skip
    saved = cache.read()
    if saved is not None:
        return saved
    read = partial(task.tokenized, loaded.tokenizer, max_length=loaded.longest)
    tokens = tokenized(read, values, tokenizing)
    cache.keep(tokens)
    return tokens


def _extra_features(
    inputs: FineTuningInputs, task: Task, loaded: LoadedModel, tokens: Tokens, start: RuleStart | None, *, linear: bool
) -> FusedModel | None:
    """The model with what its head reads of each row, None for a plain one. linear: see `joined`. Raises Cancelled."""
    if task.per_unit:
        return None
    material = SelectionData(
        inputs.plan,
        inputs.card,
        task,
        inputs.rows,
        tokens.rows,
        pad_of(loaded.tokenizer),
        inputs.dataset_folder,
        start=start,
    )
    return joined(loaded.model, material, inputs.run.feature_selection_file, inputs.progress, linear=linear)


def tokenized(read: Callable[..., Tokens], inputs: Sequence[RowInput], progress: Progress) -> Tokens:
    """Tokens of all inputs by `read(inputs=…, check=…)`. Raises Cancelled."""
    parts: list[Tokens] = []
    for first in range(0, len(inputs), _CHUNK):
        chunk = inputs[first : first + _CHUNK]
        parts.append(read(inputs=chunk, check=lambda _: progress.check()))
        progress.report(first + len(chunk), len(inputs))
    return Tokens.joined(parts)


def _cut(tokens: Tokens, rows: int, longest: int, shortened: Message) -> TruncatedRows:
    how = shortened if tokens.units is None else msg("are read in overlapping pieces")
    return TruncatedRows(rows=tokens.cut, of=rows, longest=longest, how=how)


def _check(plan: TrainPlan, task: Task, card: DatasetCard, domain: Domain, device: Device) -> None:
    """Raise BadInput for what cannot be trained now, not after a download."""
    _must_stand_alone(plan, task)
    check_regularization(plan, task, bounds=any(target.bounds for target in card.targets))
    check_tuning(plan.tuning)
    check_optimizer(plan.optimization)
    check_base_weights(plan.tuning, device.torch_device)
    check_augmentations(domain, plan.augmentation, facts=task_facts(card.task))


def _must_stand_alone(plan: TrainPlan, task: Task) -> None:
    """Descriptors and covariates are of a row as a whole; they say nothing of one residue."""
    if task.per_unit and (plan.descriptors == "on" or plan.covariates):
        raise BadInput(
            msg("Descriptors and covariates describe a row as a whole; a label for every unit cannot use them."),
            hint=msg("Leave descriptors on auto or off, and covariates out."),
        )
