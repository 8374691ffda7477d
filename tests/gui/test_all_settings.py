"""All settings: found by words, shown by section, marked and reset where they are changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.plan.efforts import effort_of
from sciapp.records.project.project import Project
from sciapp.records.run.preflight import TimeForecast
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.training.new_run.choices import ModelCard
from sciapp.ui.training.new_run.forecast import time_range
from sciapp.ui.training.tab import TrainingTab
from tests.helpers.messages import numbers_in

EXPERT = (
    "epoch", "learning rate", "patience", "descriptor", "augmentation", "smiles", "token", "lora", "rank", "optimis",
    "schedule", "warm-up", "decay", "gradient", "loss", "dropout", "adversarial", "ema", "swa", "checkpoint", "bf16",
    "hyperparameter", "scaffold", "covariate", "seed", "regulari", "validation", "fine-tun", "encoder", "parameters",
)  # fmt: skip


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages, project_folder: Path) -> Iterator[TrainingTab]:
    made = TrainingTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1200, 840)
    made.show()
    session.open(Project.open(project_folder, lock=True))
    qtbot.waitUntil(lambda: made.editor.value() is not None and bool(made.editor.models), timeout=20_000)
    yield made


def in_sight(tab: TrainingTab, name: str) -> bool:
    return tab.editor.findChild(QWidget, name).isVisibleTo(tab)


def test_three_choices_hold_few_words_that_only_experts_know(tab: TrainingTab) -> None:
    texts = [label.text().casefold() for label in tab.findChildren(QLabel) if label.isVisibleTo(tab)]
    found = [word for word in EXPERT if any(word in text for text in texts)]
    assert len(found) <= 8, found


def test_a_card_of_effort_changes_the_plan_and_the_plan_marks_its_card(tab: TrainingTab) -> None:
    tab.simple.efforts.findChild(QWidget, "effort_quick").click()
    assert effort_of(tab.editor.value()).name == "quick"
    tab.editor.change_settings({"num_train_epochs": 17})
    cards = [tab.simple.efforts.findChild(QWidget, f"effort_{name}") for name in ("quick", "normal", "thorough")]
    assert not any(card.isChecked() for card in cards)


def test_a_card_of_a_model_chooses_it_and_the_recommended_one_comes_first(tab: TrainingTab) -> None:
    cards = tab.simple.models.findChildren(ModelCard)
    assert cards[0].objectName() == "model_molecule-starter" and cards[0].isChecked()
    cards[1].click()
    assert tab.editor.value().model == cards[1].objectName().removeprefix("model_")


def test_a_search_shows_settings_by_plain_word_term_and_name_of_plans(tab: TrainingTab) -> None:
    tab.simple.all_settings.click()
    for words in ("gentle start", "warm-up", "warmup_ratio"):
        tab.all_settings.search.setText(words)
        assert in_sight(tab, "warmup_ratio") and not in_sight(tab, "learning_rate")
    tab.all_settings.search.setText("no such thing")
    assert tab.findChild(QLabel, "noSetting").isVisibleTo(tab)


def test_what_is_changed_is_counted_shown_together_and_reset(tab: TrainingTab) -> None:
    tab.simple.all_settings.click()
    tab.editor.change_settings({"learning_rate": 0.5, "dropout": 0.3})
    assert tab.editor.changed() == ["learning_rate", "dropout"]
    tab.all_settings.show_section("changed")
    assert in_sight(tab, "learning_rate") and in_sight(tab, "dropout") and not in_sight(tab, "seed")
    tab.editor.findChild(QPushButton, "reset_dropout").click()
    assert tab.editor.changed() == ["learning_rate"]
    tab.all_settings.show_section("everything")
    assert in_sight(tab, "seed")


def test_without_data_the_page_offers_to_import_some(qtbot: QtBot) -> None:
    session = Session()
    tab = TrainingTab(session, Messages())
    qtbot.addWidget(tab)
    with qtbot.waitSignal(session.tabRequested) as wanted:
        tab.findChild(QPushButton, "importForTraining").click()
    assert wanted.args == ["data"]


def test_settings_are_saved_under_a_name_loaded_and_deleted(qtbot: QtBot, tab: TrainingTab) -> None:
    presets, menu = tab.presets, tab.presets.menu
    usual = tab.editor.value()
    tab.editor.change_settings({"learning_rate": 0.5, "seed": 7})
    changed = tab.editor.value()
    presets.save("bold")
    qtbot.waitUntil(lambda: menu.actions()[0].text() == "bold", timeout=10_000)
    tab.editor.setValue(usual)
    menu.actions()[0].trigger()
    assert tab.editor.value() == changed
    presets.delete("bold")
    qtbot.waitUntil(lambda: all(action.text() != "bold" for action in menu.actions()), timeout=10_000)


def test_a_run_is_only_cancelled_after_a_question(tab: TrainingTab, messages: Messages) -> None:
    before = messages.lastMessage
    tab.ask_to_cancel()  # nothing is watched that could be cancelled
    assert messages.lastMessage == before


@pytest.mark.parametrize(
    ("low", "high", "share", "numbers"),
    [
        (12, 40, 1, ["12", "40"]),
        (700, 920, 1, ["12", "15"]),
        (700, 920, 3, ["35", "46"]),
        (5000, 9000, 1, ["1.4", "2.5"]),
    ],
)
def test_a_forecast_is_no_finer_than_it_is_sure(low: float, high: float, share: float, numbers: list[str]) -> None:
    time = TimeForecast(steps=10, steps_per_epoch=1, low=low, high=high, timed=8, can_stop_early=True)
    assert numbers_in(str(time_range(time, share=share))) == numbers
