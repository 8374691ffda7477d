"""The pictures of the newer tasks: a curve a target, and units instead of rows in the confusion matrix."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from sciapp.actions.tables import open_predictions
from sciapp.records.run.evaluation import Confusion, Curve
from sciapp.ui.results.plots import PlotPane
from sciapp.ui.widgets.plots.roc import RocPlot


def curve(label: str) -> Curve:
    return Curve(label=label, x=(0.0, 0.2, 1.0), y=(0.0, 0.7, 1.0))


def test_there_is_one_curve_a_target_and_no_old_ones_stay(qtbot: QtBot) -> None:
    pane = PlotPane()
    qtbot.addWidget(pane)
    pane.show_roc([curve("NR-AR"), curve("NR-ER"), curve("SR-p53")])
    assert isinstance(pane.roc, RocPlot)
    assert pane.roc.curve_count() == 3
    pane.show_roc([curve("NR-AR")])
    assert pane.roc.curve_count() == 1
    assert len(pane.roc.getPlotItem().listDataItems()) == 2, "the curve and the line of chance"
    assert "curve" in pane.findChild(QLabel, "plotText").text()


def test_a_matrix_of_residues_says_so(qtbot: QtBot) -> None:
    pane = PlotPane()
    qtbot.addWidget(pane)
    pane.show_confusion(Confusion(classes=("H", "E"), counts=((700, 50), (50, 400)), counted="residues"))
    assert pane.findChild(QLabel, "plotText").text().startswith("1,200 residues")


def test_predicted_labels_stand_beside_the_share_that_is_right(tmp_path: Path) -> None:
    table = pa.table({"target:ss": ["HEC"], "prediction:ss": ["HEE"], "accuracy:ss": [2 / 3], "mask": ["111"]})
    pq.write_table(table, tmp_path / "predictions.parquet")
    source = open_predictions(tmp_path / "predictions.parquet")
    assert [column.title for column in source.columns] == ["measured", "predicted", "share right", "mask"]
