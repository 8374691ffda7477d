"""One measurement: a real project, a real import, a real run in a process of its own, its evaluation read."""

import contextlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comparison.classical import classical_scores
from comparison.rows import Column, Row
from comparison.scores import score_of_run
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.hub.catalog import resolve, usual_model
from sciapp.errors import SciAppError
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.runs.follow import outcome, standing
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run, RunStatus

POLL = 0.5  # seconds


@dataclass(frozen=True)
class Means:
    """What a benchmark is run with; `settings` go over those of the row. data: None without shared data."""

    data: Path | None
    out: Path
    threads: int
    most_minutes: float
    settings: Mapping[str, object]


def measured(row: Row, column: Column, seed: int, means: Means) -> list[dict[str, object]]:
    """Records of one column: one for a training, one for each classical model."""
    began = time.monotonic()
    project, card = imported(row, seed, means)
    base = {"row": row.name, "seed": seed, "score": row.score, "threads": means.threads}
    if column == "classical":
        found = classical_scores(row, project, card, seed, means.threads)
        took = round(time.monotonic() - began, 1)
        return [
            {**base, "column": column, "name": name, "value": value, "seconds": took} for name, value in found.items()
        ]
    run = project.new_run(plan_for(row, column, card, seed, means))
    try:
        note = _followed(run, means.most_minutes)
        evaluation = run.evaluation()
        if evaluation is None:
            raise SystemExit(f"{row.name}, {column}, seed {seed}: {outcome(run)} See {run.log_file}.")
        value = score_of_run(evaluation, row.score)
    finally:
        for bulky in (run.checkpoints, run.model_folder):
            shutil.rmtree(bulky, ignore_errors=True)
    more = {"steps": run.state().step, "seconds": round(time.monotonic() - began, 1), "settings": dict(means.settings)}
    return [{**base, "column": column, "name": column, "value": value, "note": note, **more}]


def imported(row: Row, seed: int, means: Means) -> tuple[Project, DatasetCard]:
    """The row's project for this seed, made if it is not there yet. A given split needs one project only."""
    split_seed = 0 if row.split_is_given else seed
    folder = means.out / "projects" / f"{row.name}-{split_seed}"
    if folder.exists():
        with contextlib.suppress(SciAppError):  # an interrupted import is begun again
            project = Project.open(folder)
            if project.datasets():
                return project, project.datasets()[-1]
        shutil.rmtree(folder)
    project = Project.create(folder, domain=row.domain)
    file = row.table(means.data or Path(), means.out / "tables", seed)
    column = "split" if row.split == "column" else None
    request = ImportRequest(
        file=str(file),
        roles=Roles(
            input=row.input,
            targets=row.targets,
            split=column,
            mask="mask" if row.task == "tagging" else None,
        ),
        task=row.task,
        split=SplitPlan(method=row.split, column=column, seed=split_seed),
        name=row.name,
    )
    return project, import_table(project, request)


def plan_for(row: Row, column: Column, card: DatasetCard, seed: int, means: Means) -> TrainPlan:
    """The window's recipe with the row's budget; the columns differ in the model and the descriptors only."""
    starter = usual_model(row.domain)
    model = starter if column != "random" else str(untrained(starter, seed, means.out))
    plan = TrainPlan(
        dataset=card.id,
        model=model,
        seed=seed,
        threads=means.threads,
        descriptors="on" if column == "descriptors" else "off",
    )
    return with_settings(plan, {**row.settings, **means.settings})


def untrained(starter: str, seed: int, out: Path) -> Path:
    """A folder with the starter's network and tokenizer and new weights from `seed`."""
    folder = out / "untrained" / f"{starter}-{seed}"
    if (folder / "model.safetensors").exists():
        return folder
    import torch
    import transformers
    from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer

    transformers.utils.logging.disable_progress_bar()

    source = resolve(starter).folder
    torch.manual_seed(seed)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    AutoModelForMaskedLM.from_config(AutoConfig.from_pretrained(source), dtype=torch.float32).save_pretrained(folder)
    return folder


def _followed(run: Run, most_minutes: float) -> str:
    """Wait until the run is over; one that takes too long is stopped, and its best model judged."""
    launcher.start(run)
    began, note = time.monotonic(), ""
    try:
        while not (now := standing(run)).is_over:
            if not note and now is RunStatus.RUNNING and time.monotonic() - began > 60 * most_minutes:
                launcher.ask_to_stop(run)
                note = f"stopped after {most_minutes:g} minutes"
            time.sleep(POLL)
    except BaseException:
        launcher.kill_tree(run)
        raise
    processes.reap()
    return note
