"""The progress of a training: what a checkpoint has beside weights, optimiser and random states."""

import math
from dataclasses import dataclass, field
from pathlib import Path

from sciapp.engine.training.divergence import RATE_SHARE, LossCourse, Setback
from sciapp.engine.training.fitted import Fitted
from sciapp.records.regular import json_in


@dataclass
class Position:
    """Where a training is. Steps count optimiser steps; `batch` counts those of the current epoch that are done."""

    step: int = 0
    epoch: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0
    best_step: int | None = None
    best_score: float = math.nan
    validations_without_gain: int = 0
    validations_on_plateau: int = 0
    rate_factor: float = 1.0  # what plateaus have lowered the learning rate by
    over: bool = False  # training ended here (all steps done, or patience used up)
    fitted: Fitted = field(default_factory=Fitted)
    course: LossCourse = field(default_factory=LossCourse)
    setback: Setback | None = None

    @classmethod
    def read(cls, file: Path) -> "Position":
        """What `asdict` wrote, of an older version too. Raises OSError, ValueError, TypeError."""
        record = json_in(file)
        parts = {"fitted": Fitted, "course": LossCourse, "setback": Setback}
        return cls(**record | {name: kind(**record[name]) for name, kind in parts.items() if record.get(name)})

    @property
    def repairs(self) -> tuple[str, ...]:
        """What had to be repaired so far, in sentences for the report."""
        said = (self.fitted.told, self.setback.told if self.setback else "")
        return tuple(sentence for sentence in said if sentence)

    @property
    def rate_share(self) -> float:
        """Which share of the learning rate is left after a setback."""
        return 1.0 if self.setback is None else RATE_SHARE
