"""A real run process: TensorBoard's file, the desktop that is told and holds sleep off, what the run needed."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from sciapp import settings
from sciapp.engine.reports.build import build_report
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.machine.resource_usage import ResourceMeter
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.run.events import ResourcesUsed, StepTaken, Validated
from sciapp.records.run.run import Run, RunStatus
from tests.helpers.private_bus import private_desktop
from tests.helpers.runs import started_and_killed_when, wait_for, wait_for_event, wait_until_over
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("along")
    project, card = tiny_project(folder / "project")
    return project, card, tiny_model(folder / "model")


def curves(run: Run) -> EventAccumulator:
    return EventAccumulator(str(run.tensorboard_folder), size_guidance={"scalars": 0}).Reload()


def test_a_run_killed_and_resumed_reads_in_tensorboard_as_its_events_do(made: Made, tmp_path: Path) -> None:
    project, card, model = made
    run = project.new_run(tiny_plan(card, model))
    started_and_killed_when(run, lambda e: isinstance(e, StepTaken) and e.step == 8)
    launcher.resume(run)
    assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
    trained = {e.step: e for e in run.events() if isinstance(e, StepTaken)}
    looked = {e.step: e for e in run.events() if isinstance(e, Validated)}
    read = curves(run)
    losses = {one.step: one.value for one in read.Scalars("train/loss")}
    # What the first sitting had not flushed when it was killed is gone; nothing is there twice or wrong.
    assert losses.keys() <= trained.keys() and losses.keys() >= {s for s in trained if s > 8}
    assert len(read.Scalars("train/loss")) == len(losses)
    assert losses == {s: pytest.approx(trained[s].loss) for s in losses}
    scores = {one.step: one.value for one in read.Scalars("validation/rmse")}
    assert scores and scores == {s: pytest.approx(looked[s].score) for s in scores}
    says_what_it_needed(project, run, tmp_path / "report.html")


def says_what_it_needed(project: Project, run: Run, report: Path) -> None:
    (used,) = [event for event in run.events() if isinstance(event, ResourcesUsed)]  # the killed sitting had no time
    assert 100e6 < used.peak_memory < 4e9  # torch alone takes more than the one, this model less than the other
    assert used.tokens_per_second is not None and used.tokens_per_second > 0
    assert "peak memory" in build_report(project, run, report).read_text(encoding="utf-8")


def test_the_desktop_holds_sleep_off_during_a_run_and_is_told_of_its_end_tensorboard_or_not(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, card, model = made
    settings.save(settings.Settings(notify_after_seconds=0))
    with private_desktop() as desktop:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
        run = project.new_run(tiny_plan(card, model, num_train_epochs=1))
        run.tensorboard_folder.write_text("a file where the folder should be")
        launcher.start(run)
        assert wait_until_over(run) is RunStatus.FINISHED, run.log_file.read_text()
        assert wait_for(lambda: bool(desktop.asked("Notify")), 15), run.log_file.read_text()
        names = [name for name, _ in desktop.calls if name in {"Inhibit", "UnInhibit", "Notify"}]
        assert names == ["Inhibit", "UnInhibit", "Notify"]
        (app, _, icon, title, text, *_), *_ = desktop.asked("Notify")
        assert (app, title) == ("SciApp", f"project: run {run.id} finished")
        assert icon.endswith("sciapp.svg") and text.startswith("RMSE ")
        warnings = [line for line in run.log_file.read_text().splitlines() if " WARNING " in line]
        assert any("TensorBoard" in line for line in warnings)


def test_a_run_that_fails_says_what_it_needed(made: Made) -> None:
    project, card, _ = made
    run = project.new_run(tiny_plan(card, Path("no-such-model")))
    launcher.start(run)
    assert wait_until_over(run) is RunStatus.FAILED
    assert [type(event) for event in run.events()][-2] is ResourcesUsed


def shown(run: Run) -> dict[str, Any]:
    line = processes.own_command("show", str(run.project_folder), run.id, "--json")
    value: dict[str, Any] = json.loads(subprocess.run(line, capture_output=True, check=True).stdout)
    return value


def test_the_meter_and_show_read_a_run_that_is_on_and_nothing_of_one_that_is_over(made: Made) -> None:
    project, card, model = made
    run, meter = project.new_run(tiny_plan(card, model, num_train_epochs=5000)), ResourceMeter()
    try:
        launcher.start(run)
        wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step >= 2)
        first = meter.read(run.state())
        wait_for_event(run, lambda e: isinstance(e, StepTaken) and e.step >= 20)
        second = meter.read(run.state())
        assert first is not None and second is not None
        assert first.run_cores == 0 < second.run_cores <= second.cores * 1.5
        assert 100e6 < second.run_memory < second.memory_used <= second.memory_total
        live = shown(run)["live"]
        assert live["tokens_per_second"] > 0 and live["seconds_left"] > 0
        assert live["machine"]["run_memory"] > 100e6
    finally:
        launcher.ask_to_cancel(run)
        assert wait_until_over(run, 30) is RunStatus.CANCELLED
    assert meter.read(run.state()) is None
    over = shown(run)
    assert over["live"] is None and over["needed"]["peak_memory"] > 100e6
    meter.close()
