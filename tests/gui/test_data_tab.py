"""The Data tab: datasets, their rows, what was set aside, and files dropped on it."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from sciapp.records.dataset.leakage import Leakage, Neighbours, TargetShift
from sciapp.records.project.project import Project
from sciapp.ui.data.tab import DataTab
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.banner import Banner
from sciapp.workers.thread import end_all
from tests.helpers.made_projects import REJECTED, made_dataset, made_project
from tests.helpers.messages import numbers_in

DATA = Path(__file__).parent.parent / "data"
VERDICT = "What there is to say."


@pytest.fixture
def session():
    made = Session()
    yield made
    made.close()
    end_all()


@pytest.fixture
def tab(qtbot: QtBot, session: Session, messages: Messages) -> DataTab:
    made = DataTab(session, messages)
    qtbot.addWidget(made)
    made.resize(1024, 600)
    made.show()
    return made


def opened(qtbot: QtBot, session: Session, project: Project) -> None:
    with qtbot.waitSignal(session.datasetsChanged):
        session.open(project)


def text(tab: QWidget, name: str) -> str:
    label = tab.findChild(QLabel, name) or tab.findChild(Banner, name)
    return label.text()


def test_an_empty_tab_says_what_to_do(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    assert "project" in text(tab, "dataHint")
    assert not tab.import_button.isEnabled()
    opened(qtbot, session, made_project(tmp_path / "p"))
    assert "Import…" in text(tab, "dataHint")
    assert tab.import_button.isEnabled()


def test_the_selected_dataset_is_summed_up_and_its_rows_are_shown(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project)
    opened(qtbot, session, project)
    assert numbers_in(text(tab, "datasetRows"))[:3] == ["2,500", "2", "2,502"], "used, set aside, read"
    assert text(tab, "datasetTask") == "regression: “y” holds numbers."
    assert "train 2,300 · validation 100 · test 100" in text(tab, "datasetSplit")
    items = tab.panel.rows.table.items
    qtbot.waitUntil(lambda: items.rowCount() == 2500)
    qtbot.waitUntil(lambda: items.data(items.index(0, 1)) == "C0")


def test_another_dataset_is_chosen_in_the_list(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, "first-1")
    made_dataset(project, "second-1", rows=300)
    opened(qtbot, session, project)
    assert text(tab, "datasetTitle") == "second-1"
    with qtbot.waitSignal(session.datasetSelected):
        tab.list.setCurrentRow(0)
    assert text(tab, "datasetTitle") == "first-1"
    qtbot.waitUntil(lambda: tab.panel.rows.table.items.rowCount() == 2500)


def test_rows_set_aside_are_listed_with_reasons_and_exported(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    reasons = made_dataset(project).set_aside_reasons
    opened(qtbot, session, project)
    tab.panel.tabs.setCurrentWidget(tab.panel.set_aside)
    pane = tab.panel.set_aside
    qtbot.waitUntil(lambda: pane.table.items.rowCount() == 2)
    assert text(tab, "setAsideReasons") == " · ".join(f"{count} × {reason}" for reason, count in reasons.items())
    with qtbot.waitSignal(pane.exported):
        pane.export(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == REJECTED


@pytest.mark.parametrize(("task", "counts"), [("regression", [1500, 1000]), ("classification", [833, 1667])])
def test_distributions_are_drawn_from_the_card(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path, task: str, counts: list[int]
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, task=task)
    opened(qtbot, session, project)
    assert tab.panel.distributions is None
    tab.panel.tabs.setCurrentWidget(tab.panel.plots)
    drawn = tab.panel.distributions
    assert drawn is not None
    assert drawn.targets.counts() == counts
    assert drawn.lengths.counts() == [10, 20]
    assert drawn.splits.counts() == [2300, 100, 100]


def test_a_dropped_table_opens_the_import_dialog(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    opened(qtbot, session, made_project(tmp_path / "p"))
    drop(tab, DATA / "freesolv.csv")
    assert tab.dialog is not None
    tab.dialog.reject()
    assert tab.dialog is None


def test_a_pasted_table_opens_the_import_dialog(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCIAPP_HOME", str(tmp_path / "home"))
    opened(qtbot, session, made_project(tmp_path / "p"))
    QGuiApplication.clipboard().setText("smiles\ty\n" + "".join(f"{'C' * n}O\t{n}\n" for n in range(1, 20)))
    tab.paste()
    assert tab.dialog is not None
    qtbot.waitUntil(lambda: tab.dialog.request() is not None, timeout=10_000)
    assert tab.dialog.request().roles.targets == ("y",)
    tab.dialog.reject()


def test_a_clipboard_without_a_table_is_told(
    qtbot: QtBot, session: Session, messages: Messages, tab: DataTab, tmp_path: Path
) -> None:
    opened(qtbot, session, made_project(tmp_path / "p"))
    QGuiApplication.clipboard().setText("hello")
    tab.paste()
    assert tab.dialog is None and "clipboard" in messages.lastMessage


def test_a_dropped_project_is_left_to_the_window(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    opened(qtbot, session, project)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project.file))])
    event = QDragEnterEvent(
        QPointF(5, 5).toPoint(),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    tab.dragEnterEvent(event)
    assert not event.isAccepted()


def test_an_imported_table_is_selected(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project)
    opened(qtbot, session, project)
    tab.import_file(DATA / "freesolv.csv")
    dialog = tab.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.request() is not None, timeout=20_000)
    dialog.accept()
    qtbot.waitUntil(lambda: session.selected_dataset == "freesolv-1", timeout=60_000)
    assert text(tab, "datasetTitle") == "freesolv"
    assert tab.dialog is None


def test_a_project_open_elsewhere_can_be_looked_at_but_not_added_to(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    first = made_project(tmp_path / "p")
    made_dataset(first)
    opened(qtbot, session, Project.open(first.file, lock=True))
    assert not tab.import_button.isEnabled()
    qtbot.waitUntil(lambda: tab.panel.rows.table.items.rowCount() == 2500)
    tab.import_file(DATA / "freesolv.csv")
    assert tab.dialog is None
    first.close()


def test_closing_the_project_empties_the_tab(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project)
    opened(qtbot, session, project)
    session.close()
    assert tab.list.count() == 0
    assert "project" in text(tab, "dataHint")


def test_every_control_has_a_name_for_people_who_cannot_see_it(tab: DataTab) -> None:
    for kind in (QAbstractButton, QComboBox, QLineEdit, QListWidget):
        for control in tab.findChildren(kind):
            if control.objectName() and not control.objectName().startswith("qt_"):
                assert control.accessibleName() or getattr(control, "text", str)(), control.objectName()


def drop(tab: DataTab, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    tab.dragEnterEvent(enter)
    assert enter.isAccepted()
    tab.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def leakage_of(level: str) -> Leakage:
    return Leakage(
        measure="Tanimoto similarity of ECFP4 fingerprints",
        symbol="Tanimoto similarity",
        alike=0.4,
        near=0.9,
        neighbours=Neighbours(
            rows=3,
            looked_at=3,
            training_rows=9,
            training_looked_at=9,
            lines=(2, 3, 4),
            similarities=(0.1, 0.5, 1.0),
            neighbour_lines=(5, 6, 7),
        ),
        drifts=(
            TargetShift(
                target="y", split="test", test="Kolmogorov–Smirnov", statistic=0.31, p_value=0.0001, notable=True
            ),
        ),
        level=level,  # type: ignore[arg-type]
        verdict=VERDICT,
    )


@pytest.mark.parametrize("level", ["clean", "careful"])
def test_the_split_s_pane_shows_the_verdict_and_the_nearest_training_rows(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path, level: str
) -> None:
    project = made_project(tmp_path / "p")
    card = made_dataset(project)
    leakage_of(level).write(project.dataset_folder(card.id).leakage_file)
    opened(qtbot, session, project)
    tab.panel.tabs.setCurrentWidget(tab.panel.leaks)
    pane = tab.panel.leaks
    qtbot.waitUntil(lambda: pane.plot is not None)
    counts = pane.plot.counts()
    assert (counts[2], counts[10], counts[19], sum(counts)) == (1, 1, 1, 3)
    shown, hidden = ("leakVerdict", "leakWarning") if level == "clean" else ("leakWarning", "leakVerdict")
    assert text(tab, shown) == VERDICT
    assert tab.findChild(QWidget, hidden).isHidden()
    assert numbers_in(text(tab, "leakCompared"))[:2] == ["3", "9"]
    assert "Kolmogorov–Smirnov 0.31, p < 0.001, differs" in text(tab, "leakTargets")


def test_the_split_is_exported_from_its_pane(qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, rows=30)
    opened(qtbot, session, project)
    tab.panel.tabs.setCurrentWidget(tab.panel.leaks)
    with qtbot.waitSignal(tab.panel.leaks.exported):
        tab.panel.leaks.export(tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["line,input,split", "2,C0,train"]
    assert len(lines) == 31


def test_a_dataset_from_before_is_measured_when_asked(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    card = made_dataset(project, rows=60)
    opened(qtbot, session, project)
    tab.panel.tabs.setCurrentWidget(tab.panel.leaks)
    pane = tab.panel.leaks
    qtbot.waitUntil(lambda: not pane.measure_button.isHidden())
    assert "been measured" in text(tab, "leakVerdict")
    pane.measure_button.click()
    qtbot.waitUntil(lambda: pane.plot is not None, timeout=60_000)
    assert sum(pane.plot.counts()) == 20
    assert project.dataset_folder(card.id).leakage_file.exists()


def test_a_damaged_dataset_is_shown_with_what_to_do_and_the_others_are_usable(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, "first-1")
    made_dataset(project, "second-1", rows=300)
    whole = project.dataset_folder("second-1").card_file.read_bytes()
    project.dataset_folder("second-1").card_file.write_bytes(whole[:40])
    opened(qtbot, session, project)
    assert [tab.list.item(row).text() for row in range(2)] == ["first-1\n2,500 rows · regression", "second-1\ndamaged"]
    assert text(tab, "datasetTitle") == "first-1"
    tab.list.setCurrentRow(1)
    hint = tab.findChild(QLabel, "dataHint")
    assert hint.isVisible()
    damage = project.damaged_datasets()[0]
    assert hint.text().startswith(damage.message) and hint.text().endswith(damage.hint)
    assert session.selected_dataset == "first-1"
    tab.list.setCurrentRow(0)
    assert not hint.isVisible()
    assert text(tab, "datasetTitle") == "first-1"
    project.dataset_folder("second-1").card_file.write_bytes(whole)
    session.refresh()
    qtbot.waitUntil(lambda: tab.list.item(1).text() == "second-1\n300 rows · regression", timeout=5000)


def test_a_copied_dataset_folder_is_shown_as_damaged(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, "first-1", rows=300)
    shutil.copytree(project.datasets_folder / "first-1", project.datasets_folder / "mine")
    opened(qtbot, session, project)
    assert [tab.list.item(row).text() for row in range(2)] == ["first-1\n300 rows · regression", "mine\ndamaged"]
    tab.list.setCurrentRow(1)
    assert project.damaged_datasets()[0].reason in text(tab, "dataHint")
    assert "“first-1”" in text(tab, "dataHint")


def test_a_project_with_nothing_but_a_damaged_dataset_says_so(
    qtbot: QtBot, session: Session, tab: DataTab, tmp_path: Path
) -> None:
    project = made_project(tmp_path / "p")
    made_dataset(project, "only-1")
    project.dataset_folder("only-1").card_file.unlink()
    opened(qtbot, session, project)
    qtbot.waitUntil(lambda: tab.list.count() == 1)
    assert "No dataset" in text(tab, "dataHint")
    tab.list.setCurrentRow(-1)
    tab.list.setCurrentRow(0)
    assert project.damaged_datasets()[0].reason in text(tab, "dataHint")
