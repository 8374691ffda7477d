"""Home: cards of projects, samples, running jobs; all by keyboard as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from sciapp import settings
from sciapp.actions.recent_projects import look_at_project, sample_choices
from sciapp.records.machine.job import JobProgress
from sciapp.ui.home.cards import JobCard, SampleCard
from sciapp.ui.home.controller import HomeController
from sciapp.ui.home.page import HomePage
from sciapp.ui.home.pictures import readable
from sciapp.ui.session import Session


@pytest.fixture
def home(qtbot: QtBot, session: Session) -> Iterator[HomeController]:
    made = HomeController(session, sample_choices())
    qtbot.addWidget(made.page)
    made.page.resize(1100, 700)
    made.page.show()
    yield made
    made.end()


def test_cards_tell_what_a_project_holds_and_which_one_is_gone(
    qtbot: QtBot, home: HomeController, project_folder: Path
) -> None:
    file, gone = next(project_folder.glob("*.sciproj")), project_folder / "gone.sciproj"
    settings.save(settings.Settings(recent_projects=(str(file), str(gone))))
    home.show_recent((str(file), str(gone)))
    cards = home.page.recent()
    home.refresh()
    qtbot.waitUntil(lambda: all(card.project is not None for card in cards), timeout=20_000)
    assert [card.project.standing for card in cards if card.project] == ["unproven", "missing"]
    assert project_folder.name in cards[0].accessibleName()
    with qtbot.waitSignal(home.page.projectChosen) as chosen:
        qtbot.keyClick(cards[0], Qt.Key.Key_Return)
    assert chosen.args == [file]


def test_a_project_is_taken_off_the_list_and_put_back(qtbot: QtBot, home: HomeController, tmp_path: Path) -> None:
    files = tuple(str(tmp_path / f"{name}.sciproj") for name in "ab")
    settings.save(settings.Settings(recent_projects=files))
    home.show_recent(files)
    home.recentChanged.connect(home.show_recent)
    with qtbot.waitSignal(home.removed) as removed:
        qtbot.keyClick(home.page.recent()[0], Qt.Key.Key_Delete)
    assert [str(card.file) for card in home.page.recent()] == [files[1]]
    removed.args[1]()
    assert settings.load().recent_projects == files
    assert [str(card.file) for card in home.page.recent()] == list(files)


def test_three_projects_are_shown_until_all_are_asked_for(qtbot: QtBot, home: HomeController, tmp_path: Path) -> None:
    home.show_recent(tuple(str(tmp_path / f"{number}.sciproj") for number in range(5)))
    assert len(home.page.recent()) == 3
    home.page.findChild(QPushButton, "allRecent").click()
    assert len(home.page.recent()) == 5


def test_a_sample_is_chosen_by_its_question(qtbot: QtBot, home: HomeController) -> None:
    card = next(card for card in home.page.findChildren(SampleCard) if card.sample.domain == "text")
    with qtbot.waitSignal(home.page.sampleRequested) as chosen:
        qtbot.keyClick(card, Qt.Key.Key_Space)
    assert chosen.args == ["text"]
    home.page.set_busy(True)
    assert not card.isEnabled()


def test_running_jobs_stand_on_top_and_are_watched_from_there(qtbot: QtBot, home: HomeController) -> None:
    job = JobProgress(folder="/p/runs/001-train", project_folder="/p", project="P", run="001-train", trains=True)
    page: HomePage = home.page
    page.show_jobs((job,))
    (card,) = page.findChildren(JobCard)
    page.show_jobs((job.model_copy(update={"done": 1, "total": 2}),))
    assert page.findChildren(JobCard) == [card]  # nothing moves under the mouse
    with qtbot.waitSignal(page.watchRequested) as wanted:
        card.watch.click()
    assert wanted.args == [job.folder]


def test_colours_of_drawings_are_changed_only_where_they_cannot_be_seen() -> None:
    drawing = "stroke:#000000;fill:#FF0000"
    assert readable(drawing, "#121A1B", "#E9EFEF").startswith("stroke:#E9EFEF")
    assert readable("fill:#AB241C", "#FFFFFF", "#122022") == "fill:#ab241c"


def test_looking_at_a_folder_that_is_no_project_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.sciproj"
    file.write_bytes(b"\x00")
    assert look_at_project(file=file).standing == "damaged"
