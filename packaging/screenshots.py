"""Pictures of every page, light and dark, from the real window on a real run.

    .venv/bin/python packaging/screenshots.py [--out screenshots] [--project FOLDER] [--size 1440x900]

Without --project a sample is imported and trained on for a minute first. Needs no display.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from sciapp.ui import theme
from sciapp.ui.main_window import MainWindow
from sciapp.ui.messages import Messages
from sciapp.ui.session import Session

ROOT = Path(__file__).parents[1]
_PAUSE_MS = 4000  # drawings and summaries are read by workers
_TABS = {"project": (), "data": (), "training": ("new run", "watching"), "compression": (), "results": ()}
_RESULTS = ("overview", "plot and table", "compare")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--project", type=Path)
    parser.add_argument("--size", default="1440x900")
    args = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        os.environ.setdefault("SCIAPP_HOME", name)
        project = args.project or _made(Path(name) / "Solubility")
        app = QApplication(["sciapp"])
        for look in ("light", "dark"):
            theme.apply(look)
            _shoot(app, project, args.out, look, tuple(int(part) for part in args.size.split("x")))


def _made(project: Path) -> Path:
    """A project with a short training and its smaller model."""
    sample = ROOT / "resources/samples/esol.csv"
    for words in (
        ("new", str(project), "--domain", "molecule"),
        ("import", str(project), str(sample), "--split", "scaffold"),
        ("train", str(project), "--effort", "quick"),
        ("compress", str(project), "001-train"),
    ):
        subprocess.run([sys.executable, "-m", "sciapp", *words], cwd=ROOT, check=True)
    return project


def _shoot(app: QApplication, project: Path, out: Path, look: str, size: tuple[int, ...]) -> None:
    session = Session()
    window = MainWindow(session, Messages())
    window.resize(*size[:2])
    window.show()

    def saved(name: str) -> Callable[[], None]:
        return lambda: _save(window, out / f"{name}-{look}.png")

    steps: list[Callable[[], object]] = [saved("home"), lambda: window.open_path(project)]
    for name, pages in _TABS.items():
        steps.append(lambda name=name: window.request_tab(name))
        inner = _RESULTS if name == "results" else pages
        for number, page in enumerate(inner or ("",)):
            if number:
                steps.append(lambda name=name, number=number: _turn_to(getattr(window, f"{name}_tab"), number))
            steps.append(saved(f"{name} {page}".strip().replace(" ", "-")))
    steps.append(app.quit)
    for number, step in enumerate(steps):
        QTimer.singleShot((number + 1) * _PAUSE_MS, window, step)
    app.exec()
    window.close()
    session.end()


def _turn_to(page: QWidget, number: int) -> None:
    """Show another of a page's tabs."""
    next(bar for bar in page.findChildren(QTabBar) if bar.isVisible()).setCurrentIndex(number)


def _save(window: QWidget, file: Path) -> None:
    window.grab().save(str(file))
    print(file, flush=True)


if __name__ == "__main__":
    main()
