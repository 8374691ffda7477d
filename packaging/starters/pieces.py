"""A training that was interrupted goes on where it was: weights, optimiser, random states and place in the data."""

import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from student import Student

PEAK_RATE = 1e-3


@dataclass
class Progress:
    """How far the training is; saved with every piece."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    hidden: float = math.nan  # masked-token loss, running mean
    summed: float = math.nan  # summary loss, running mean


@dataclass
class Learning:
    """Everything that changes from step to step."""

    student: Student
    optimizer: torch.optim.Optimizer
    rng: torch.Generator
    progress: Progress

    @classmethod
    def begun(cls, student: Student, seed: int) -> "Learning":
        """Before the first step."""
        rng = torch.Generator(device=student.device).manual_seed(seed)
        learning = cls(student, _optimizer(student.model), rng, Progress())
        learning.welcome_summary()
        return learning

    def welcome_summary(self) -> None:
        """Let the optimiser know the summary head once there is one: it is made with the first descriptors."""
        if self.student.summary is not None and len(self.optimizer.param_groups) == 1:
            self.optimizer.add_param_group({"params": list(self.student.summary.parameters())})

    def save(self, piece: Path) -> None:
        plain = replace(self.progress, hidden=float(self.progress.hidden), summed=float(self.progress.summed))
        summary = self.student.summary
        parts = {
            "model": self.student.model.state_dict(),
            "summary": None if summary is None else summary.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "rng": self.rng.get_state(),
            "progress": asdict(plain),
        }
        piece.parent.mkdir(parents=True, exist_ok=True)
        torch.save(parts, piece.with_suffix(".tmp"))
        piece.with_suffix(".tmp").replace(piece)

    def take_up(self, piece: Path) -> None:
        """Become what `save` wrote."""
        parts = torch.load(piece, weights_only=True, map_location="cpu")  # the random state must lie on the processor
        self.student.model.load_state_dict(parts["model"])
        if parts["summary"] is not None:
            if self.student.summary is None:
                self.student.summary = self.student.fresh_summary(len(parts["summary"]["out.weight"]))
            self.student.summary.load_state_dict(parts["summary"])
        self.welcome_summary()
        self.optimizer.load_state_dict(parts["optimizer"])
        self.rng.set_state(parts["rng"])
        self.progress = Progress(**parts["progress"])


def _optimizer(model: torch.nn.Module) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
