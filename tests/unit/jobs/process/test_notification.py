"""The desktop is told when a run has ended that was worth waiting for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.jobs.process import notification as notify
from sciapp.jobs.process.notification import tell_ended
from sciapp.records.plan.plan import PretrainPlan, TrainPlan
from sciapp.records.project.study import Study, write_study
from sciapp.records.run.run import Run
from tests.helpers.made_projects import made_dataset, made_project, made_run
from tests.helpers.messages import numbers_in


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Titles and texts, in place of a desktop."""
    seen: list[tuple[str, str]] = []

    async def take(title: str, message: str) -> None:
        seen.append((title, message))

    monkeypatch.setattr(notify, "_send", take)
    return seen


@pytest.fixture
def run(tmp_path: Path) -> Run:
    project = made_project(tmp_path / "solubility")
    made_dataset(project)
    made = made_run(project, TrainPlan(dataset="made-1"))
    project.close()
    return made


@pytest.fixture(autouse=True)
def desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":nowhere")


def ended(run: Run, status: str, message: str = "") -> None:
    run.write_state(run.state().model_copy(update={"status": status, "message": message, "ended": datetime.now(UTC)}))


def test_it_says_which_run_how_good_and_how_long(run: Run, shown: list[tuple[str, str]]) -> None:
    assert tell_ended(run, seconds=2520)
    (title, message), *rest = shown
    assert not rest
    assert title.startswith("solubility: ") and title.endswith("001-train finished")
    assert message.startswith("RMSE ") and message.endswith("42 min 00 s.")
    assert numbers_in(message) == ["0.600", "0.540", "0.660", "42", "00"]


def test_a_failure_is_told_with_its_reason(run: Run, shown: list[tuple[str, str]]) -> None:
    reason = "The disk is full."
    ended(run, "failed", reason)
    assert tell_ended(run, seconds=100)
    assert shown[0][0].endswith("run 001-train failed")
    assert shown[0][1].startswith(reason)


def test_short_runs_and_cancelled_ones_are_not_told(run: Run, shown: list[tuple[str, str]]) -> None:
    assert not tell_ended(run, seconds=59)
    ended(run, "cancelled")
    assert not tell_ended(run, seconds=1000)
    assert not shown


def test_a_person_may_not_want_to_be_told(run: Run, shown: list[tuple[str, str]]) -> None:
    settings.save(settings.Settings(notify_when_run_ends=False))
    assert not tell_ended(run, seconds=1000)
    assert not shown


def test_a_run_that_goes_on_by_itself_is_told_by_the_last_of_its_chain(
    tmp_path: Path, shown: list[tuple[str, str]]
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project)
    training = TrainPlan(dataset="made-1")
    first = made_run(project, PretrainPlan(dataset="made-1"))
    second = project.new_run(training.model_copy(update={"model": f"run:{first.id}"}))
    study = Study(id="001-first", kind="pretraining_first", plan=first.plan(), runs=(first.id, second.id))
    write_study(project.folder, study)
    assert not tell_ended(first, seconds=1000)
    project.close()
    ended(second, "finished")
    assert tell_ended(second, seconds=1000)
    assert [title for title, _ in shown] == [f"p: run {second.id} finished"]


def test_a_desktop_that_does_not_answer_is_not_waited_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_PATIENCE", 0.01)

    async def never(title: str, message: str) -> None:
        import asyncio

        await asyncio.Event().wait()

    monkeypatch.setattr(notify, "_send", never)
    assert not tell_ended(run, seconds=1000)


def test_a_desktop_that_refuses_is_nothing_to_complain_about(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(title: str, message: str) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(notify, "_send", nobody)
    assert not tell_ended(run, seconds=1000)


def test_a_server_is_not_asked(run: Run, shown: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not tell_ended(run, seconds=1000)
    assert not shown
