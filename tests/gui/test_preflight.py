"""Check first: what the window shows before a training is started."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from sciapp.actions import training as training_actions
from sciapp.errors import BadInput
from sciapp.records.plan.plan import TrainPlan
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import (
    DiskForecast,
    MemoryForecast,
    Preflight,
    PreflightWarning,
    TimeForecast,
    TokenizedRow,
    TruncatedRows,
)
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.preflight import PreflightDialog, PreflightView
from sciapp.ui.training.tab import TrainingTab

SEEN = Preflight(
    dataset="d",
    model="molecule-starter",
    device="cpu (fp32)",
    parameters=11_900_000,
    trainable=120_000,
    memory=MemoryForecast(peak=1_420_000_000, taken=800_000_000, left=6_200_000_000, rows=64, length=32),
    time=TimeForecast(steps=870, steps_per_epoch=29, low=310, high=560, timed=8, can_stop_early=True),
    disk=DiskForecast(checkpoint=142_000_000, needed=620_000_000, free=79_000_000_000),
    cut=TruncatedRows(rows=120, of=1000, longest=256, how="are cut at the end"),
    rows=(TokenizedRow(original="CC<O", decoded="<s>CC<O</s>", tokens=6),),
    cautions=(
        PreflightWarning(level="problem", message="No training row is of the class “rare”: it cannot be learnt."),
        PreflightWarning(level="note", message="Early stopping cannot happen."),
    ),
)


def texts(view: PreflightView, name: str) -> list[str]:
    return [label.text() for label in view.findChildren(QLabel, name)]


def test_everything_that_was_found_is_shown(qtbot: QtBot) -> None:
    view = PreflightView()
    qtbot.addWidget(view)
    view.show_preflight(SEEN)
    assert [text.split()[:2] for text in texts(view, "preflightVerdict")] == [["One", "thing"]]
    assert [text.count("Problem:") for text in texts(view, "preflightCaution")] == [1, 0]
    assert "120,000 of" in texts(view, "preflightModel")[0]
    assert texts(view, "preflightMemory")[0].startswith("1.4 GB of")
    assert texts(view, "preflightTime")[0].startswith("5 min 10 s to 9 min 20 s for 870 steps")
    assert "&lt;s&gt;CC&lt;O" in texts(view, "preflightRow")[0]


def test_it_can_only_be_started_from_the_dialog_when_the_check_went_well(qtbot: QtBot) -> None:
    dialog = PreflightDialog()
    qtbot.addWidget(dialog)
    start = dialog.findChild(QPushButton, "startChecked")
    assert isinstance(start, QPushButton) and not start.isEnabled() and dialog.busy.busy
    dialog.show_problem("There is no model.")
    assert not start.isEnabled() and not dialog.busy.busy
    dialog.show_preflight(SEEN)
    assert start.isEnabled()
    with qtbot.waitSignal(dialog.startRequested):
        start.click()


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages, project_folder: Path) -> TrainingTab:
    made = TrainingTab(session, messages)
    qtbot.addWidget(made)
    session.open(Project.open(project_folder, lock=True))
    qtbot.waitUntil(lambda: made.editor.value() is not None, timeout=10_000)
    return made


def test_the_button_checks_the_plan_in_the_form_and_starts_it_on_demand(
    qtbot: QtBot, tab: TrainingTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TrainPlan] = []
    monkeypatch.setattr(training_actions, "check_training", answering(asked, lambda: SEEN))
    button(tab, "checkTraining").click()
    qtbot.waitUntil(lambda: tab.checking.dialog is not None and not tab.checking.dialog.busy.busy)
    assert asked == [tab.editor.value()]
    with qtbot.waitSignal(tab.checking.startRequested):
        tab.checking.startRequested.disconnect(tab.start)
        assert tab.checking.dialog is not None
        tab.checking.dialog.accept()


def test_what_a_training_would_fail_with_is_shown_in_place_of_the_answer(
    qtbot: QtBot, tab: TrainingTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = BadInput("There is no such model.", hint="Choose another.")

    def fail() -> Preflight:
        raise refusal

    monkeypatch.setattr(training_actions, "check_training", answering([], fail))
    button(tab, "checkTraining").click()
    qtbot.waitUntil(lambda: tab.checking.dialog is not None and not tab.checking.dialog.busy.busy)
    assert tab.checking.dialog is not None
    assert str(refusal) in texts(tab.checking.dialog.view, "preflightCaution")[0]
    tab.checking.forget()


def answering(asked: list[TrainPlan], answer: Callable[[], Preflight]) -> Callable[..., Preflight]:
    def check(*, project: Project, plan: TrainPlan, progress: object) -> Preflight:
        asked.append(plan)
        return answer()

    return check


def button(tab: TrainingTab, name: str) -> QPushButton:
    found = tab.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found
