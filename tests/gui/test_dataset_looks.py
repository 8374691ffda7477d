"""What the Data tab shows of a dataset: filtered rows, pictures, columns, spreads by split, changes."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles
from sciapp.records.project.project import Project
from sciapp.ui.data.tab import DataTab
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.ui.widgets.tables.depiction_delegate import PictureDelegate
from sciapp.workers.thread import end_all
from tests.helpers.tiny import tiny_project

ROWS = {"C" * n + "O": n / 10 for n in range(1, 61)}


def imported(project: Project, rows: dict[str, float]) -> DatasetCard:
    file = project.folder.parent / "alcohols.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("smiles", "y", "note"), *((s, y, f"n{len(s)}") for s, y in rows.items())])
    request = ImportRequest(file=str(file), roles=Roles(input="smiles", targets=("y",)), task="regression")
    return import_table(project, request)


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session()
    yield made
    made.close()
    end_all()


@pytest.fixture
def tab(qtbot: QtBot, session: Session, tmp_path: Path) -> DataTab:
    """Alcohols, and a newer version of the same file: one row gone, one changed, one new."""
    project = Project.create(tmp_path / "p", domain="molecule")
    imported(project, ROWS)
    imported(project, {s: 9.0 if s == "CCCO" else y for s, y in ROWS.items() if s != "CO"} | {"CCN": 1.0})
    made = DataTab(session, Messages())
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    session.open(Project.open(project.folder))
    qtbot.waitUntil(lambda: made.panel.rows.table.items.rowCount() == 60, timeout=10_000)
    return made


def choose(parent: QWidget, name: str, text: str) -> None:
    box = parent.findChild(QComboBox, name)
    assert box is not None and box.findText(text) >= 0, f"{name} has no {text}"
    box.setCurrentIndex(box.findText(text))


def test_rows_are_filtered_by_a_column(qtbot: QtBot, tab: DataTab) -> None:
    rows = tab.panel.rows
    choose(rows, "filterColumn", "y")
    choose(rows, "filterOperator", "is above")
    field = rows.findChild(QLineEdit, "rowSearch")
    said = rows.findChild(QLabel, "rowCount")
    field.setText("5.55")
    qtbot.waitUntil(lambda: said.text() == "6 of 60 rows", timeout=5000)
    field.setText("much")
    qtbot.waitUntil(lambda: said.text() == "“much” is not a number.", timeout=5000)
    field.clear()
    qtbot.waitUntil(lambda: said.text() == "60 rows", timeout=5000)


def test_molecules_are_drawn_in_their_cells(qtbot: QtBot, tab: DataTab) -> None:
    rows = tab.panel.rows
    draw = rows.findChild(QCheckBox, "drawRows")
    qtbot.waitUntil(draw.isVisible, timeout=10_000)
    qtbot.waitUntil(draw.isChecked, timeout=10_000)  # from the beginning
    draw.setChecked(False)
    low = rows.table.rowHeight(0)
    draw.setChecked(True)
    delegate = rows.table.itemDelegateForColumn(1)
    assert isinstance(delegate, PictureDelegate)
    assert rows.table.rowHeight(0) > 2 * low
    with qtbot.waitSignal(delegate.arrived, timeout=10_000):
        rows.table.viewport().repaint()
    assert "CCO" in delegate.pictures()
    draw.setChecked(False)
    assert rows.table.rowHeight(0) == low


def test_columns_are_summed_up(qtbot: QtBot, tab: DataTab) -> None:
    tab.panel.tabs.setCurrentWidget(tab.panel.columns)
    items = tab.panel.columns.table.items
    qtbot.waitUntil(lambda: items.rowCount() == 5, timeout=5000)
    cells = {items.row_text(row)[0]: items.row_text(row) for row in range(5)}
    assert cells["y"][1] == "target" and float(cells["y"][9]) == 9.0
    assert cells["note"][2:5] == ["60", "0", "59"]


def test_splits_stand_side_by_side(qtbot: QtBot, tab: DataTab) -> None:
    tab.panel.tabs.setCurrentWidget(tab.panel.plots)
    drawn = tab.panel.distributions
    choose(drawn, "distributionRows", "Split beside split")
    qtbot.waitUntil(lambda: set(drawn.targets.shares()) == {"train", "validation", "test"}, timeout=5000)
    assert all(sum(shares) == pytest.approx(100) for shares in drawn.targets.shares().values())
    choose(drawn, "distributionRows", "All rows")
    assert sum(drawn.targets.counts()) == 60 and not drawn.targets.shares()


def test_a_newer_version_of_a_file_is_compared_with_the_older(qtbot: QtBot, tab: DataTab, tmp_path: Path) -> None:
    pane = tab.panel.changes
    tab.panel.tabs.setCurrentWidget(pane)
    said = pane.findChild(QLabel, "changesText")
    qtbot.waitUntil(lambda: said.text() == "1 added, 1 removed, 1 changed, 58 the same.", timeout=5000)
    assert [pane.table.items.row_text(row)[0] for row in range(3)] == ["changed", "removed", "added"]
    with qtbot.waitSignal(pane.exported, timeout=5000):
        pane.export(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["change"] for row in csv.DictReader(file)] == ["changed", "removed", "added"]


def test_sequences_stand_in_letters_of_one_width(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    project, _ = tiny_project(tmp_path / "p")
    tab = DataTab(session, Messages())
    qtbot.addWidget(tab)
    session.open(Project.open(project.folder))
    items = tab.panel.rows.table.items
    qtbot.waitUntil(lambda: items.rowCount() > 0, timeout=10_000)
    qtbot.waitUntil(lambda: items.data(items.index(0, 1), Qt.ItemDataRole.FontRole) is not None, timeout=10_000)
    letters = QFontMetricsF(items.data(items.index(0, 1), Qt.ItemDataRole.FontRole))  # not every such font says so
    assert len({letters.horizontalAdvance(letter) for letter in "ACDEFGHIKLMNPQRSTVWY"}) == 1
    assert items.data(items.index(0, 0), Qt.ItemDataRole.FontRole) is None
    assert not tab.panel.rows.findChild(QCheckBox, "drawRows").isVisibleTo(tab)
