"""Processor, memory, GPU and speed above the curves while a run is on."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from sciapp.jobs.machine.liveness import this_process
from sciapp.records.machine.load import GpuLoad, MachineLoad
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.events import RunStarted, StepTaken
from sciapp.records.run.run import Run
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.monitor.load import LoadStrip
from sciapp.ui.training.pages import WATCHING
from sciapp.ui.training.tab import TrainingTab

GPU = GpuLoad(name="A100", busy=0.97, memory_used=6_100_000_000, memory_total=24_000_000_000, temperature=71)
LOAD = MachineLoad(
    run_cores=1.83, cores=4, busy=0.6, run_memory=1_200_000_000, memory_used=5_000_000_000, memory_total=16_000_000_000
)


@pytest.fixture
def strip(qtbot: QtBot) -> LoadStrip:
    made = LoadStrip()
    qtbot.addWidget(made)
    return made


def test_values_are_said_with_units_and_kept_for_a_minute(strip: LoadStrip) -> None:
    strip.show_pace(5321.4)
    for _ in range(70):
        strip.show_load(LOAD)
    assert strip.isVisible()
    assert strip.processor.value.text() == "1.8 of 4 cores"
    assert strip.memory.value.text() == "1.2 GB of 16.0 GB"
    assert strip.pace.value.text() == "5,321 tokens/s"
    assert strip.processor.curve.points() == [(pytest.approx(0.4575), 0.6)] * 60


def test_a_gpu_is_there_where_the_machine_has_one(strip: LoadStrip) -> None:
    strip.show_load(LOAD)
    assert strip.gpu.isHidden()
    strip.show_load(LOAD.model_copy(update={"gpus": (GPU,)}))
    assert not strip.gpu.isHidden()
    assert strip.gpu.value.text() == "97% · 6.1 GB · 71 °C"
    assert "the processor" in strip.gpu.toolTip()


def taken(step: int) -> StepTaken:
    return StepTaken(
        step=step, total_steps=90, epoch=1, loss=1, learning_rate=1e-3, gradient_norm=1, tokens=500 * step,
        seconds=step / 10,
    )  # fmt: skip


def test_the_strip_is_there_while_the_watched_run_is_on_and_goes_when_it_ends(
    qtbot: QtBot, session: Session, messages: Messages, project_folder: Path
) -> None:
    tab = TrainingTab(session, messages)
    qtbot.addWidget(tab)
    tab.show()
    project = Project.open(project_folder, lock=True)
    run: Run = project.new_run(TrainPlan(dataset="made-1"))
    pid, moment, host = this_process()  # this very process stands in for the run's
    on = {"status": "running", "pid": pid, "process_started": moment, "host": host}
    run.write_state(run.state().model_copy(update=on))
    for event in (RunStarted(total_steps=90), *(taken(n) for n in range(1, 20))):
        run.append_event(event)
    session.open(project)
    strip = tab.panel.load
    tab.pages.show_page(WATCHING)
    tab.panel.details.folds[1].setOpen(True)
    qtbot.waitUntil(lambda: strip.pace.value.text() == "5,000 tokens/s", timeout=30_000)
    assert strip.isVisible() and "cores" in strip.processor.value.text()
    run.write_state(run.state().model_copy(update={"status": "cancelled"}))
    qtbot.waitUntil(lambda: not strip.isVisible(), timeout=30_000)
