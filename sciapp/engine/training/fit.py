"""A fine-tuning: the training loop over labelled rows."""

from collections.abc import Callable

from torch import nn

from sciapp.engine.data.batches import Batch
from sciapp.engine.tasks.base import Task
from sciapp.engine.training.checkpoint import Checkpointer
from sciapp.engine.training.loop import Judgement, Loop
from sciapp.engine.training.precision import Device
from sciapp.engine.training.regularizer import objective_for
from sciapp.engine.training.rows import Shown, TrainingRows
from sciapp.records.plan import TrainPlan


class Fit(Loop[Shown]):
    """One fine-tuning on labelled rows."""

    def __init__(
        self,
        model: nn.Module,
        rows: TrainingRows,
        task: Task,
        plan: TrainPlan,
        device: Device,
        checkpointer: Checkpointer,
        judge: Callable[[nn.Module], Judgement],
        *,
        look_first: bool = False,
    ) -> None:
        super().__init__(model, rows.tokens.lengths, task, plan, device, checkpointer, judge, look_first=look_first)
        self._rows, self._task, self._objective = rows, task, objective_for(plan, task, device)

    def _show(self, group: list[Batch]) -> list[Shown]:
        epoch, device = self.position.epoch, self._device.torch_device
        return [self._rows.shown(self._task, batch, epoch, device) for batch in self._team.share(group)]

    def _asked(self, shown: list[Shown]) -> tuple[int, ...]:
        """Labels."""
        return (sum(self._task.count(batch.labels) for batch in shown),)

    def _accumulate(self, shown: list[Shown], asked: tuple[int, ...]) -> float:
        # Every label weighs the same, whichever batch of the step it came in. Weights of rows have the mean 1 over
        # all training rows; divided by the weights of these, a row would count more in the company of light ones.
        count, total = max(1, asked[0]), 0.0
        for batch in shown:
            for piece in batch.pieces(self.position.fitted):
                with self._repair.watch.over(*piece.shape):
                    loss = self._objective.loss(self._model, piece.inputs, piece.labels, piece.weights) / count
                    self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
                total += float(loss.detach())
        return total
