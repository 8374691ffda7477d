"""Validation scores before the first step, for a training whose start is no candidate by itself.

A training that begins from a fitted head looks at its start. For the others there are two things to compare the best
step with: the linear model on the frozen encoder that was fitted to ask whether descriptors help, which is kept where
no step did better; and the network as it began, whose output layer is drawn by chance: that no step did better than
that one is told.
"""

from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.models.architectures.linear_probe import better
from sciapp.engine.tasks.base import Task
from sciapp.engine.training.setup.feature_selection import linear_score
from sciapp.engine.training.setup.fine_tuning import FineTuningSetup
from sciapp.i18n import msg
from sciapp.records.run.score_format import score_title

LINEAR = msg("linear model on the network as it began")


@dataclass(frozen=True)
class InitialScores:
    """Main scores on the validation rows. linear, untrained: None where there is none, or the training looks itself."""

    linear: float | None = None
    untrained: float | None = None

    @classmethod
    def of(cls, prepared: FineTuningSetup, untrained: float, decision: Path) -> "InitialScores":
        """untrained: the score of the network before training. decision: as for `feature_selection.joined`."""
        return cls(linear_score(decision), untrained) if prepared.recipe is None else cls()

    def linear_message(self, task: Task, best: float) -> str:
        """That the linear model is kept; empty where the best step (score `best`) is as good, or nothing was fitted."""
        if self.linear is None or not better(task, self.linear, best):
            return ""
        return msg(
            "No step of the training did better on the validation rows than the {model} ({name:l} "
            "{linear:.3g}; the best step {best:.3g}); that one was kept.",
            model=LINEAR,
            name=_name(task),
            linear=self.linear,
            best=best,
        )

    def untrained_message(self, task: Task, best: float) -> str:
        """That training did not help at all; empty where it did."""
        if self.untrained is None or not better(task, self.untrained, best):
            return ""
        return msg(
            "No step of the training did better on the validation rows than the network before it, with an "
            "output layer drawn by chance ({name:l} {begun:.3g}; the best step {best:.3g}): nothing was "
            "learnt. Try another learning rate, or more passes over the data.",
            name=_name(task),
            begun=self.untrained,
            best=best,
        )


def _name(task: Task) -> str:
    return score_title(task.main_score)
