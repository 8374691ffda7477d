"""How far apart the splits of a dataset are: one sentence, the nearest training row of each test row, the targets."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sciapp.records.dataset import DatasetCard, DatasetFolder
from sciapp.records.leakage import Leakage, drift_words
from sciapp.ui.widgets.banner import Banner
from sciapp.workers.latest import LatestQuery
from sciapp.workers.splits import export_split, known_leaks, measure_leaks

_UNKNOWN = "What this dataset’s test rows have in common with its training rows has not been measured yet."
_MOST_DRIFTS = 6


class LeaksPane(QWidget):
    """`show_dataset` reads what was measured at import. The plot is made when there is something to draw."""

    failed = Signal(object)  # SciAppError
    exported = Signal(object)  # Path
