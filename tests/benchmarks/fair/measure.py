"""One measurement as a person makes it, by the command line: project, import, training, predicted test rows."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from fair.classical import classical_predictions
from fair.data_sets import DataSet
from fair.rows import Floats, Imported
from fair.tables import written_table
from sciapp.engine.data.dataset.table import read_split
from sciapp.records.project.project import Project
from sciapp.records.run.events import Validated
from sciapp.records.run.run import Run

COLUMNS = ("classical", "start", "trained")
"""classical: simple models; start: the transformer before its first step of training, without members; trained: a
training by the window's recipe, of which `whole` is the model's answer and `alone` that of its transformer."""

SETTINGS = {
    # One step that changes nothing measurable: what is kept is the start.
    "start": ("max_steps=1", "learning_rate=1e-9", "members=off"),
    "trained": (),
}


@dataclass(frozen=True)
class Means:
    """shared: folder of shared data; out: where projects and results go. most_rows: of training, 0: all of them.

    settings: of the plan, over the window's recipe, for whoever looks for a better one.
    """

    shared: Path
    out: Path
    most_rows: int
    most_minutes: float
    threads: int
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """Predictions of the test rows by one model, and what is said of its training."""

    name: str
    values: Floats
    seconds: float
    steps: int = 0
    jump: float | None = None
    note: str = ""


def imported(data: DataSet, split: str, seed: int, means: Means) -> Imported:
    """The data set as SciApp reads it, divided for this seed; a given split is the same for all seeds."""
    own_seed = 0 if split in {"given", "group"} else seed
    folder = means.out / "projects" / f"{data.name}-{split}-{own_seed}-{means.most_rows}"
    if not (folder / "imported").exists():
        shutil.rmtree(folder, ignore_errors=True)
        table = written_table(data, means.shared, means.out / "tables", means.most_rows)
        method = ["--split", "column", "--split-column", "split"] if split == "given" else ["--split", split]
        group = ["--group", data.group] if data.group else []
        several = "input" if data.joint else data.inputs[0]
        targets = [part for name in data.targets for part in ("--target", name)]
        _sciapp("new", str(folder), "--domain", data.domain)
        _sciapp(
            "import", str(folder), str(table), "--input", several, *targets, "--task", data.task, *method, *group,
            "--seed", str(own_seed),
        )  # fmt: skip
        (folder / "imported").touch()
    return Imported.read(folder)


def measured(column: str, data: Imported, seed: int, means: Means) -> Iterator[Measured]:
    """Each model of a column. Raises SystemExit if a training fails."""
    if column != "classical":
        yield from _trained(column, data, seed, means)
        return
    began = time.monotonic()
    for name, values in classical_predictions(data, seed):
        yield Measured(name, values, time.monotonic() - began)
        began = time.monotonic()


def _trained(column: str, data: Imported, seed: int, means: Means) -> Iterator[Measured]:
    """The model's answers, and where members answer with it, the transformer's alone."""
    settings = (f"seed={seed}", f"threads={means.threads}", *means.settings, *SETTINGS[column])
    before = set((data.project / "runs").glob("*"))
    began, note = time.monotonic(), ""
    command = ["train", str(data.project), *(part for setting in settings for part in ("--set", setting))]
    child = subprocess.Popen([sys.executable, "-m", "sciapp", *command], env=_environment(), **_SILENT)
    try:
        child.wait(60 * means.most_minutes)
    except subprocess.TimeoutExpired:
        note = f"stopped after {means.most_minutes:g} minutes"
        _sciapp("stop", str(data.project), _newest(data.project, before).name)
        child.wait()
    run = Run(_newest(data.project, before))
    if not (run.folder / "predictions.parquet").exists():
        raise SystemExit(f"{run.folder} has no predictions: see its log.txt.")
    seconds, steps, jump = time.monotonic() - began, run.state().step, largest_jump(run)
    whole = data.predictions(run.folder / "predictions.parquet")
    alone = _transformer_alone(run, data)
    for bulky in ("checkpoints", "model", "tensorboard"):
        shutil.rmtree(run.folder / bulky, ignore_errors=True)
    if column == "start":
        yield Measured("start", whole, seconds, steps, jump, note)
        return
    yield Measured("whole", whole, seconds, steps, jump, note)
    yield Measured("alone", whole if alone is None else alone, seconds, steps, jump, note)


def _transformer_alone(run: Run, data: Imported) -> Floats | None:
    """Answers for the test rows as in `scores.score`; None where there are no members."""
    from sciapp.engine.models.saved_model import SavedModel

    project = Project.open(data.project)
    folder = project.dataset_folder(data.card.id)
    rows = read_split(folder, data.card, "test", data.card.roles.covariates)
    answers = SavedModel.open(run.model_folder).answers_of_rows(rows, lambda _: None, folder.descriptors_file)
    if answers.transformer is None:
        return None
    values = np.asarray(answers.transformer, dtype=np.float64)
    return values[:, None] if values.ndim == 1 else values


def largest_jump(run: Run) -> float | None:
    """The largest worsening of the validation loss between two looks, as a share of how much it improved in all.

    None if there were fewer than two looks, infinite if nothing improved.
    """
    losses = [event.loss for event in run.events() if isinstance(event, Validated)]
    if len(losses) < 2:
        return None
    gained = losses[0] - min(losses)
    worst = max(later - earlier for earlier, later in pairwise(losses))
    return max(0.0, worst) / gained if gained > 0 else float("inf") if worst > 0 else 0.0


_SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _newest(project: Path, before: set[Path]) -> Path:
    """The run that was not there before."""
    return max(set((project / "runs").glob("*")) - before, key=lambda folder: folder.name)


def _sciapp(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sciapp", *arguments], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"sciapp {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")


def _environment() -> dict[str, str]:
    """Processes execute this checkout, whatever else is installed."""
    here = str(Path(__file__).parents[3])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}
