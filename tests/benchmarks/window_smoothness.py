"""Two proofs about the window, in a real event loop; the figures go into closing notes.

1. A CSV of 1,000,000 rows is imported: longest stall of the window, peak memory of the import.
2. 60 s of live plotting at 30 Hz with 100,000 points while a run trains: longest stall, and no abort.

    make bench        or   .venv/bin/python tests/benchmarks/window_smoothness.py [ROWS] [SECONDS]

Offscreen the painting is done in software, as under Xvfb.
"""

import csv
import random
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[2]))

from sciapp.actions import datasets as datasets_actions
from sciapp.actions import projects as projects_actions
from sciapp.actions import training as training_actions
from sciapp.engine.runtime.progress import SILENT
from sciapp.jobs.launch import launcher
from sciapp.records.dataset.card import ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.study import StudyDesign
from sciapp.ui import theme
from sciapp.ui.main_window import TAB_NAMES, MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers.query import Query
from sciapp.workers.thread import end_all
from tests.helpers.gaps import GapMeter


def write_rows(file: Path, rows: int) -> None:
    """Made-up sentences with a number, like a table of remarks."""
    rng = random.Random(0)
    words = [f"w{n}" for n in range(5000)]
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "value"])
        for row in range(rows):
            writer.writerow([f"{row} " + " ".join(rng.choices(words, k=8)), f"{rng.gauss(0, 1):.5f}"])


class PeakMemory(threading.Thread):
    """Watches our child processes; `bytes` is the most that they had together."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.2):
            total = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.Error:
                    continue
            self.bytes = max(self.bytes, total)

    def end(self) -> None:
        self._over.set()
        self.join()


def wait_until(condition: Callable[[], bool], milliseconds: int) -> bool:
    """Let the event loop run until `condition` holds."""
    loop = QEventLoop()
    look = QTimer(interval=100)
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    QTimer.singleShot(milliseconds, loop.quit)
    look.start()
    loop.exec()
    return condition()


def import_million(window: MainWindow, folder: Path, rows: int) -> None:
    """1. The import runs as a process of its own; what the window does meanwhile is measured."""
    table = folder / "million.csv"
    write_rows(table, rows)
    project = projects_actions.create_project(folder=folder / "texts", domain="text")
    window.session.open(project)
    window.tabs.setCurrentIndex(TAB_NAMES.index("data"))
    roles = Roles(input="text", targets=("value",))
    request = ImportRequest(file=str(table), roles=roles, split=SplitPlan())
    ended: list[object] = []
    query = Query(lambda progress: datasets_actions.import_table(project=project, request=request, progress=progress))
    for signal in (query.answered, query.failed):
        signal.connect(ended.append)
    meter, memory = GapMeter(), PeakMemory()
    memory.start()
    meter.start()
    query.begin()
    wait_until(lambda: bool(ended), 900_000)
    wait_until(lambda: bool(window.session.datasets), 20_000)
    wait_until(lambda: False, 3000)  # the table is shown and painted
    meter.stop()
    memory.end()
    print(f"import of {rows:,} rows: {getattr(ended[0], 'rows_kept', ended[0])} kept; {meter}")
    print(f"  peak memory of the import's processes {memory.bytes / 2**20:,.0f} MiB")
    print(f"  memory of the window's process {psutil.Process().memory_info().rss / 2**20:,.0f} MiB")
    window.session.close()


def plot_while_training(window: MainWindow, folder: Path, seconds: int) -> None:
    """2. A real run trains; the plot holds 100,000 points and gets more 30 times a second."""
    project = projects_actions.make_sample_project(folder=folder / "sample", progress=SILENT)
    window.session.open(project)
    window.tabs.setCurrentIndex(TAB_NAMES.index("training"))
    wait_until(lambda: bool(window.session.datasets), 20_000)
    plan = with_settings(TrainPlan(dataset=window.session.datasets[-1].id), {"num_train_epochs": 1000})
    run = training_actions.start_study(project=project, design=StudyDesign(plan=plan)).run
    window.session.refresh()
    wait_until(lambda: window.training_tab.panel.plot.point_counts()["train"] > 3, 120_000)
    plot, rng = window.training_tab.panel.plot, np.random.default_rng(0)
    begins = 100_000
    plot.append_steps(np.arange(begins) + 1e6, rng.random(begins), rng.random(begins))
    added = [begins]

    def feed() -> None:
        steps = np.arange(added[0], added[0] + 30) + 1e6
        plot.append_steps(steps, rng.random(30), rng.random(30))
        added[0] += 30

    feeder = QTimer(interval=33)
    feeder.timeout.connect(feed)
    meter = GapMeter()
    feeder.start()
    meter.start()
    wait_until(lambda: False, seconds * 1000)
    meter.stop()
    feeder.stop()
    print(f"{seconds} s of live plotting, {added[0]:,} points, a run training: {meter}")
    launcher.kill_tree(run)
    window.session.close()


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 60
    application = QApplication([])
    theme.apply("light")
    window = MainWindow(Session(), Messages())
    window.resize(1280, 820)
    window.show()
    with tempfile.TemporaryDirectory() as name:
        import_million(window, Path(name), rows)
        plot_while_training(window, Path(name), seconds)
        end_all()
    window.close()
    application.processEvents()


if __name__ == "__main__":
    main()
