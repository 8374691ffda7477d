"""The parts of a report on numbers and names at the edge."""

from pathlib import Path

import numpy as np
import pytest

from sciapp.engine.reports.figures import curves as figures
from sciapp.engine.reports.names import model_name, one_line
from sciapp.records.run.evaluation import Confusion, Curve, Score
from sciapp.records.run.events import RunStarted, StepTaken, Validated
from sciapp.records.run.score_format import with_interval
from tests.helpers.messages import has_part


def _said(value: float | None, low: float | None = None, high: float | None = None) -> str:
    return with_interval(Score(name="rmse", value=value, low=low, high=high))


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (_said(None), "–"),
        (_said(0.6), "0.600"),
        (_said(0.612345, 0.55, 0.72), "0.612 (0.550 to 0.720)"),
        (_said(-0.00768, -0.0723, -0.00002), "−0.0077 (−0.0723 to 0.0000)"),
        (_said(1234.5, 1200.1, 1300.9), "1234 (1200 to 1301)"),
        (_said(3e-7, 1e-7, 5e-7), "3e−07 (1e−07 to 5e−07)"),
        (_said(2.5e9, 1e9, 3e9), "2.5e+09 (1e+09 to 3e+09)"),
        (_said(0.0, 0.0, 0.0), "0.00 (0.00 to 0.00)"),
        (_said(1.0, 1.0, 1.0), "1.00 (1.00 to 1.00)"),
    ],
)
def test_a_score_and_its_interval_have_the_same_decimals(score: str, words: str) -> None:
    assert score == words


def test_names_of_models_hide_where_folders_lie() -> None:
    assert model_name("molecule-starter") == "molecule-starter"
    assert model_name("org/model") == "org/model"
    for folder in ("/home/ada/encoder", "~/encoder", "./encoder", "C:\\Users\\ada\\encoder", "a/b/encoder/"):
        assert model_name(folder) == "encoder (a local folder)"


def test_long_names_and_line_breaks_fit_on_a_line() -> None:
    assert one_line("a\n b\t c") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


def test_curves_need_a_step() -> None:
    assert figures.loss_curves([]) is None
    assert figures.loss_curves([RunStarted(total_steps=3)]) is None


def test_losses_that_are_not_finite_are_no_failure() -> None:
    steps = [
        StepTaken(step=n, total_steps=3, epoch=1, loss=loss, learning_rate=0, gradient_norm=0, tokens=1, seconds=1)
        for n, loss in enumerate((1.0, float("nan"), float("inf")))
    ]
    picture = figures.loss_curves(steps)
    assert picture is not None and picture.svg.startswith("<svg")


def test_a_hundred_thousand_steps_stay_a_small_picture() -> None:
    steps = (
        StepTaken(
            step=n, total_steps=9, epoch=1, loss=1 / (n + 1), learning_rate=0, gradient_norm=0, tokens=1, seconds=1
        )
        for n in range(100_000)
    )
    picture = figures.loss_curves(steps)
    assert picture is not None
    assert len(picture.svg) < 300_000
    assert len(picture.csv) < 1_000_000


def test_a_hundred_thousand_test_rows_stay_a_small_picture() -> None:
    rng = np.random.default_rng(0)
    measured = rng.normal(size=100_000)
    picture = figures.parity("y", np.arange(100_000), measured, measured + rng.normal(size=100_000))
    assert "2,000 of 100,000 rows" in picture.caption
    assert len(picture.svg) < 400_000
    assert len(picture.csv.splitlines()) == 20_001


@pytest.mark.parametrize("value", [0.0, 3.5])
def test_one_test_row_is_enough_for_a_picture(value: float) -> None:
    picture = figures.parity("y", np.array([2]), np.array([value]), np.array([value]))
    assert picture.csv.splitlines()[1] == f"2,{value:g},{value:g}"


@pytest.mark.parametrize("wild", [np.inf, -np.inf, 1e308, np.nan])
def test_predictions_beyond_all_measure_are_left_out_of_the_picture_and_counted(wild: float) -> None:
    measured = np.array([1.0, 2.0, 3.0])
    picture = figures.parity("y", np.arange(3), measured, np.array([1.1, wild, wild]))
    assert has_part(picture.caption, predictions=2)
    assert len(picture.csv.splitlines()) == 4
    nothing = figures.parity("y", np.arange(3), measured, np.full(3, wild))
    assert has_part(nothing.caption, predictions=3)


@pytest.mark.parametrize("wild", [np.inf, -np.inf, 1e308, np.nan])
def test_losses_beyond_all_measure_leave_the_curves_drawn(wild: float) -> None:
    rest = {"total_steps": 4, "epoch": 1, "learning_rate": 0, "gradient_norm": 0, "tokens": 1, "seconds": 1}
    steps = [StepTaken(step=n, loss=wild if n % 2 else 1.0, **rest) for n in range(1, 5)]
    looks = [Validated(step=4, epoch=1, loss=wild, score=wild, score_name="rmse", greater_is_better=False, best=True)]
    assert figures.loss_curves([*steps, *looks]) is not None


@pytest.mark.parametrize("classes", [2, 12, 60])
def test_many_classes_can_be_drawn(classes: int) -> None:
    names = tuple(f"class {n} with quite a long name" for n in range(classes))
    counts = tuple(tuple(int(n == m) for m in range(classes)) for n in range(classes))
    assert figures.confusion_matrix(Confusion(classes=names, counts=counts)).svg.startswith("<svg")
    curves = [Curve(label=name, x=(0, 1), y=(0, 1)) for name in names]
    assert len(figures.roc(curves).csv.splitlines()) == 1 + 2 * classes


def test_figures_need_no_display_and_no_pyplot(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, sciapp.engine.reports.build; print('matplotlib.pyplot' in sys.modules, 'torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert said.stdout.split() == ["False", "False"]
