"""Fits without a process: prepared, trained and judged as `engine.train` does, and nothing else."""

from dataclasses import dataclass
from pathlib import Path

import torch

from sciapp.engine.runtime.device import Device, use_threads
from sciapp.engine.runtime.progress import NeverStop, RunProgress
from sciapp.engine.training.checkpoints.checkpoint import Checkpointer
from sciapp.engine.training.fine_tuning import FineTuning
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup, prepare, read_rows
from sciapp.engine.training.trainer import ValidationResult, best_model
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, StepTaken

CPU = Device(torch.device("cpu"), None)
FP16 = Device(torch.device("cpu"), torch.float16)  # with a loss scale, as on older GPUs


@dataclass(frozen=True)
class Fitted:
    """What came of a fit: the model has its best weights."""

    fit: FineTuning
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
    project: Project, plan: TrainPlan, checkpoints: Path, *, device: Device = CPU
) -> tuple[FineTuning, FineTuningSetup]:
    """A fit of `plan` that has not begun; its checkpoints lie in `checkpoints`."""
    use_threads(1)
    run = project.new_run(plan)
    card, rows = read_rows(run, plan)
    prepared = prepare(plan, card, rows, run, device, RunProgress())
    checkpoints.mkdir(parents=True, exist_ok=True)
    checkpointer = Checkpointer(checkpoints, kept=plan.stopping.save_total_limit)
    fit = FineTuning(
        prepared.model, prepared.train, prepared.task, plan, device, checkpointer, prepared.judgement,
        look_first=prepared.recipe is not None,
    )  # fmt: skip
    return fit, prepared


def fitted(project: Project, plan: TrainPlan, checkpoints: Path) -> Fitted:
    """Trained to the end, from the newest checkpoint in `checkpoints` if there is one."""
    fit, prepared = prepared_fit(project, plan, checkpoints)
    before = prepared.judgement(prepared.model)
    events = tuple(fit.events(NeverStop()))
    best_model(prepared.model, fit._checkpointer, fit.position)
    return Fitted(fit, prepared, before, prepared.judgement(prepared.model), events)


def killed_at(project: Project, plan: TrainPlan, checkpoints: Path, step: int) -> None:
    """Train until step `step` is told of, and leave everything as it stands then."""
    fit, _ = prepared_fit(project, plan, checkpoints)
    for event in fit.events(NeverStop()):
        if isinstance(event, StepTaken) and event.step == step:
            return
    raise AssertionError(f"the training was over before step {step}")
