"""The folder of a run's checkpoints, found without reading what they hold."""

from dataclasses import dataclass
from pathlib import Path

from sciapp.errors import RunProblem
from sciapp.i18n import msg
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run

_FILES = ("model.safetensors", "training.pt", "state.json")


@dataclass(frozen=True)
class StoredCheckpoint:
    """A checkpoint and where in the training it was written; `batch` counts the steps of its epoch that were done."""

    folder: Path
    step: int
    epoch: int
    batch: int

    @property
    def epochs_begun(self) -> int:
        """Passes over the data up to there, one that was broken off included."""
        return self.epoch + (self.batch > 0)


def stored_checkpoints(run: Run) -> list[StoredCheckpoint]:
    """The complete checkpoints of `run`, the newest first."""
    checkpoints = [_checkpoint_in(folder) for folder in run.checkpoints.glob("step-*") if folder.name[5:].isdecimal()]
    return sorted(
        (checkpoint for checkpoint in checkpoints if checkpoint is not None),
        key=lambda checkpoint: checkpoint.step,
        reverse=True,
    )


def resumable_checkpoints(run: Run) -> list[StoredCheckpoint]:
    """`stored_checkpoints`, of which there must be one. Raises RunProblem."""
    checkpoints = stored_checkpoints(run)
    if not checkpoints:
        model = run.model_folder.is_dir()
        instead = msg("Begin a new training from its model instead: --model run:{id}.", id=run.id)
        raise RunProblem(
            msg("Run {run} has no checkpoints, so its training cannot go on where it ended.", run=run.id),
            hint=instead if model else msg("Start a new training instead."),
        )
    return checkpoints


def _checkpoint_in(folder: Path) -> StoredCheckpoint | None:
    if not all((folder / name).is_file() for name in _FILES):
        return None
    try:
        state = json_in(folder / "state.json")
        return StoredCheckpoint(folder, int(state["step"]), int(state["epoch"]), int(state["batch"]))
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None
