"""Fits without a process: prepared, trained and judged as `engine.train` does, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from sciapp.engine.runtime.device import Device, use_threads
from sciapp.engine.runtime.progress import NeverStop, RunProgress
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.fine_tuning import LabelledBatch, fine_tuning_parts
from sciapp.engine.training.parts import TrainerSettings, TrainingParts, Validation, ValidationResult
from sciapp.engine.training.setup.fine_tuning import FineTuningInputs, FineTuningSetup, prepare
from sciapp.engine.training.trainer import Trainer
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, StepTaken

Parts = TrainingParts[LabelledBatch]

CPU = Device(torch.device("cpu"), None)
FP16 = Device(torch.device("cpu"), torch.float16)  # with a loss scale, as on older GPUs


@dataclass(frozen=True)
class Fitted:
    """What came of a fit: the model has its best weights."""

    trainer: Trainer[LabelledBatch]
    prepared: FineTuningSetup
    before: ValidationResult
    after: ValidationResult
    events: tuple[Event, ...]

    @property
    def losses(self) -> list[float]:
        """Of each step."""
        return [event.loss for event in self.events if isinstance(event, StepTaken)]

    @property
    def is_better(self) -> bool:
        """Whether the validation score is better than that of the untrained model."""
        name = self.prepared.task.main_score
        gain = self.after.scores[name] - self.before.scores[name]
        return gain > 0 if self.prepared.task.greater_is_better else gain < 0

    def weights(self) -> dict[str, torch.Tensor]:
        return {name: tensor.clone() for name, tensor in self.prepared.model.state_dict().items()}


def prepared_fit(
    project: Project,
    plan: TrainPlan,
    checkpoints: Path,
    *,
    device: Device = CPU,
    change: Callable[[Parts], Parts] = lambda parts: parts,
    group: ProcessGroup | None = None,
) -> tuple[Trainer[LabelledBatch], FineTuningSetup]:
    """A trainer for `plan` that has not begun; its checkpoints lie in `checkpoints`. change: of its parts."""
    use_threads(1)
    run = project.new_run(plan)
    prepared = prepare(FineTuningInputs.read(plan, run, device, RunProgress()))
    checkpoints.mkdir(parents=True, exist_ok=True)
    checkpointer = Checkpointer(checkpoints, limit=plan.stopping.save_total_limit, group=group)
    validation = Validation(prepared.task, prepared.evaluate, initial=prepared.recipe is not None)
    parts = change(fine_tuning_parts(plan, prepared.train, prepared.task, device, validation))
    return Trainer(prepared.model, parts, TrainerSettings.of(plan, device), checkpointer), prepared


def fitted(project: Project, plan: TrainPlan, checkpoints: Path) -> Fitted:
    """Trained to the end, from the newest checkpoint in `checkpoints` if there is one."""
    trainer, prepared = prepared_fit(project, plan, checkpoints)
    before = prepared.evaluate(prepared.model)
    events = tuple(trainer.events(NeverStop()))
    trainer.load_best()
    return Fitted(trainer, prepared, before, prepared.evaluate(prepared.model), events)


def killed_at(project: Project, plan: TrainPlan, checkpoints: Path, step: int) -> None:
    """Train until step `step` is told of, and leave everything as it stands then."""
    trainer, _ = prepared_fit(project, plan, checkpoints)
    for event in trainer.events(NeverStop()):
        if isinstance(event, StepTaken) and event.step == step:
            return
    raise AssertionError(f"the training was over before step {step}")
