"""Real run processes with a stand-in for the science: they come up in a moment, sign, step and end as they are told.

For tests of who starts which process when; what a training does, others test. A run with the model `short` ends by
itself, one with `long` steps until it is stopped or cancelled, one with `no-such-model` fails.
"""

import os
from pathlib import Path

import pytest

from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run
from tests.helpers.nursery import NURSERY

_ENGINE = """
import logging, os, sys, threading, types

def train(plan, run, progress):
    from sciapp.errors import BadInput
    from sciapp.records.run.events import RunStarted, StepTaken

    before = max((event.step for event in run.events() if isinstance(event, StepTaken)), default=None)
    logging.info("sees device %s", os.environ.get("CUDA_VISIBLE_DEVICES"))
    progress.emit(RunStarted(resumed_at_step=before, total_steps=1000))
    if getattr(plan, "model", "") == "no-such-model":
        raise BadInput("There is no such model.")
    step, tick = before or 0, threading.Event()
    while getattr(plan, "model", "") == "long" and not progress.stop.stop_requested():
        progress.check()
        step += 1
        progress.emit(StepTaken(
            step=step, total_steps=1000, epoch=0, loss=1, learning_rate=0.1, gradient_norm=1, tokens=step, seconds=step
        ))
        tick.wait(0.05)

for place, name, verb in (
    ("train", "train", train), ("pretrain", "pretrain", train), ("warm_up", "load_everything", lambda: None)
):
    module = types.ModuleType(f"sciapp.engine.runs.{place}")
    setattr(module, name, verb)
    sys.modules[module.__name__] = module
"""


@pytest.fixture
def light_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run processes that this test starts, and those that they start, train nothing."""
    folder = tmp_path / "stand-in"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_ENGINE, encoding="utf-8")
    before = os.environ.get("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{before}")
    monkeypatch.delenv(NURSERY, raising=False)  # it has the real engine loaded


def light_run(project: Project, model: str = "short") -> Run:
    return project.new_run(TrainPlan(dataset="d", model=model))
