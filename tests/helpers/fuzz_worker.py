"""The work on spoilt projects, case after case in one process: every reading command and what the window asks for."""

import contextlib
import faulthandler
import io
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from tests.helpers.fuzzed import Spoilt, spoilt, whole_project

MOST_MEMORY = 6 << 30
"""Bytes that a process may ask for beside its program: no file of a small project is worth more."""


def work(line: Connection, count: int, seed: int, home: Path, seconds: float) -> None:
    """Answer each number of a case with what went wrong in it, until the line is closed."""
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    os.setsid()  # whatever it may start ends with it
    os.environ |= {"SCIAPP_HOME": str(home / "home"), "HF_HOME": str(home / "huggingface")}
    from sciapp.jobs.launch import processes

    processes.spawn = lambda *words, **more: 1  # no run process begins
    # The queue's file names the project's folder, so the whole project is made where each case will lie.
    place, whole = home / "p", home / "whole"
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        whole_project(place).rename(whole)
        cases = spoilt(whole, count, seed)
    line.send(len(cases))
    with (home / "where").open("w") as where, contextlib.suppress(EOFError):
        while True:
            case = cases[line.recv()]
            line.send(str(case))
            faulthandler.dump_traceback_later(0.9 * seconds, file=where)
            faults = _faults(whole, case, place)
            faulthandler.cancel_dump_traceback_later()
            line.send(faults)


def _faults(whole: Path, case: Spoilt, place: Path) -> list[str]:
    """What went wrong in a case, in words; nothing where all ended well or with a clear sentence."""
    from sciapp import settings
    from sciapp.errors import SciAppError

    for old in place.parent.iterdir():
        if old.is_dir() and old.name not in {"whole", "home", "huggingface"}:
            shutil.rmtree(old)
    shutil.copytree(whole, place)
    case.spoil(place / case.file)
    queue = settings.data_folder() / "queue"
    shutil.rmtree(queue, ignore_errors=True)
    queue.mkdir(parents=True)
    if (place / "queue.json").exists():
        (place / "queue.json").rename(queue / "queue.json")
    faults = [f"{case}: {' '.join(words)}: {said}" for words, said in _commands_that_fail(place, case)]
    looks = _looks(place)
    while True:
        try:
            if (look := next(looks, None)) is None:
                return faults
            look()
        except SciAppError:
            continue
        except Exception as error:
            faults.append(f"{case}: the window: {type(error).__name__}: {error}"[:400])


def _commands_that_fail(place: Path, case: Spoilt) -> Iterator[tuple[list[str], str]]:
    from sciapp.cli import main as cli

    for words in _commands(place, case):
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                cli.main(words)
            except SystemExit as end:  # the proof's own words are wrong
                output.write(f"Something unexpected: {end}")
        if "Something unexpected" in (said := output.getvalue()):
            yield words, said[:300]


def _commands(place: Path, case: Spoilt) -> Iterator[list[str]]:
    """The verbs that read; the dear ones only where the spoilt file is theirs."""
    at = str(place)
    yield ["runs", at]
    yield ["datasets", at]
    yield ["columns", at, "--dataset", "made-1"]
    yield ["clean", at, "--dry-run", "--checkpoints", "--caches"]
    yield ["queue", "list"]
    if "datasets/" in case.file:
        yield ["leaks", at, "--dataset", "made-1"]
    number = case.file.split("/")[1].split("-")[0].lstrip("0") if case.file.startswith("runs/") else ""
    for run in sorted({"1", number} - {""}):
        yield ["show", at, run]
        yield ["show", at, run, "--json"]
    if number and "/model/" not in case.file:
        yield ["export-predictions", at, number, "--out", str(place / "out.csv")]
        yield ["resume", at, number, "--background"]
        yield ["report", at, number, "--out", str(place / "r.html")]


def _looks(folder: Path) -> Iterator[Callable[[], object]]:
    """What the window asks for; its lists raise nothing at all, the rest what a person can read."""
    from sciapp.actions.dataset_views import columns_summed_up, open_rejected, spreads_by_split
    from sciapp.actions.models import own_models
    from sciapp.actions.results import load_results
    from sciapp.actions.tables import open_table
    from sciapp.engine.data.values.numeric_columns import numeric_columns
    from sciapp.engine.models.saved_model import SavedModel
    from sciapp.engine.runtime.progress import SILENT
    from sciapp.jobs.clean_up import disk_pieces
    from sciapp.jobs.queue import view as queue_look
    from sciapp.jobs.runs.follow import Follower, outcome
    from sciapp.jobs.runs.summary import summarise
    from sciapp.records.project.project import Project
    from sciapp.records.run.checkpoints import stored_checkpoints

    project = Project.open(folder)
    for card in project.datasets():
        place = project.dataset_folder(card.id)
        numeric_columns(place.table_file, card)
        yield lambda place=place: open_table(place.table_file)
        yield lambda place=place: open_rejected(place.rejected_file)
        yield lambda card=card, place=place: columns_summed_up(card, place, SILENT)
        yield lambda card=card, place=place: spreads_by_split(card, place)
    project.damaged_datasets()
    own_models(project)
    for run in project.runs():
        summarise(run)
        outcome(run)
        Follower(run).read_new()
        stored_checkpoints(run)
        yield lambda run=run: load_results(run)
    yield lambda: disk_pieces(project)
    yield queue_look.look
    yield lambda: SavedModel.open(folder / "runs/001-train/model")
