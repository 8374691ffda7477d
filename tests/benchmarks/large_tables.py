"""Tables of a million rows and more: the import against pandas and `datasets`, then scrolling (issue 4).

    .venv/bin/python tests/benchmarks/large_tables.py [--rows 1000000,5000000] [--rounds N] [--seconds N]

The sides take turns, each in a process of its own; wall time and the most memory that its processes had together,
shared pages counted once per process. pandas reads all rows into memory and `datasets` writes them into its cache as
they stand; the import also checks every row, finds duplicates, divides the rows and looks for leaks. Then the imported
table is scrolled in the window: page by page, and to random places. Without --rows a short table, to show that the
benchmark works; its numbers mean nothing.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).parents[2]))

from window_smoothness import wait_until, write_rows

from sciapp.records.project.project import Project
from sciapp.ui import theme
from sciapp.ui.main_window import TAB_NAMES, MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session
from sciapp.workers.thread import end_all
from tests.helpers.gaps import GapMeter

PROJECT = Path(__file__).parents[2]
SHORT_ROWS = 20_000
LOOK = 0.05  # seconds between two looks at a process's memory
WHEEL = 33  # milliseconds between two movements of the scroll bar

PANDAS = "import sys, pandas; print(len(pandas.read_csv(sys.argv[1])))"
DATASETS = (
    "import sys, datasets; datasets.disable_progress_bars(); "
    "print(len(datasets.load_dataset('csv', data_files=sys.argv[1], cache_dir=sys.argv[2], split='train')))"
)


def main() -> None:
    args = arguments()
    with tempfile.TemporaryDirectory() as name:
        for rows in (int(one) for one in args.rows.split(",")) if args.rows else [SHORT_ROWS]:
            folder = Path(name) / str(rows)
            folder.mkdir()
            table = folder / "table.csv"
            write_rows(table, rows)
            print(f"{rows:,} rows, {table.stat().st_size / 1e6:,.0f} MB", flush=True)
            project = compare(table, folder, args.rounds)
            scroll(project, args.seconds)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", help="numbers of rows with commas between them")
    parser.add_argument("--rounds", type=int, default=1, help="how often the sides take turns")
    parser.add_argument("--seconds", type=int, default=5, help="of scrolling, each way")
    return parser.parse_args()


def compare(table: Path, folder: Path, rounds: int) -> Path:
    """Print time and memory of each side; returns the last imported project."""
    taken: dict[str, list[tuple[float, float]]] = {"pandas": [], "datasets": [], "sciapp": []}
    for turn in range(rounds):
        project = folder / f"project-{turn}"
        Project.create(project, domain="text")
        python = [sys.executable, "-c"]
        taken["pandas"].append(measured([*python, PANDAS, str(table)]))
        taken["datasets"].append(measured([*python, DATASETS, str(table), str(folder / f"cache-{turn}")]))
        roles = ["--input", "text", "--target", "value"]
        taken["sciapp"].append(measured([sys.executable, "-m", "sciapp", "import", str(project), str(table), *roles]))
    for side, figures in taken.items():
        seconds, bytes = (median(values) for values in zip(*figures, strict=True))
        ratio = median(ours[0] / its[0] for ours, its in zip(taken["sciapp"], figures, strict=True))
        print(f"  {side:9} {seconds:7.1f} s  peak {bytes / 2**20:6,.0f} MiB  SciApp takes {ratio:.1f} times as long")
    return project


def measured(command: list[str]) -> tuple[float, float]:
    """(seconds, most bytes of the process and its children together)."""
    began, most = time.monotonic(), 0.0
    with tempfile.TemporaryFile() as said:
        child = psutil.Popen(command, stdout=said, stderr=subprocess.STDOUT, cwd=PROJECT)
        while True:
            try:
                code = child.wait(LOOK)
                break
            except psutil.TimeoutExpired:
                most = max(most, memory(child))
        if code:
            said.seek(0)
            raise SystemExit(said.read().decode(errors="replace"))
    return time.monotonic() - began, most


def memory(process: psutil.Process) -> float:
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.Error:  # it ended between two looks
            continue
    return total


def scroll(folder: Path, seconds: int) -> None:
    """The window's longest stall while the table is scrolled by pages, then to random places."""
    application = QApplication.instance() or QApplication([])
    theme.apply("light")
    window = MainWindow(Session(), Messages())
    window.resize(1280, 820)
    window.show()
    window.session.open(Project.open(folder))
    window.tabs.setCurrentIndex(TAB_NAMES.index("data"))
    table = window.data_tab.panel.rows.table
    if not wait_until(lambda: table.items.rowCount() > 0, 60_000):
        raise SystemExit("The table was not shown within a minute.")
    wait_until(lambda: False, 1000)  # painted
    bar, rng = table.verticalScrollBar(), random.Random(0)
    ways = {
        "by pages": lambda: bar.setValue((bar.value() + bar.pageStep()) % (bar.maximum() + 1)),
        "to random places": lambda: bar.setValue(rng.randint(0, bar.maximum())),
    }
    for way, move in ways.items():
        meter, wheel = GapMeter(), QTimer(interval=WHEEL)
        wheel.timeout.connect(move)
        meter.start()
        wheel.start()
        wait_until(lambda: False, seconds * 1000)
        wheel.stop()
        meter.stop()
        print(f"  scrolling {table.items.rowCount():,} rows {way} for {seconds} s: {meter}", flush=True)
    window.session.close()
    end_all()
    window.close()
    application.processEvents()


if __name__ == "__main__":
    main()
