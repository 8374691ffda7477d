"""Free space in a project: what takes how much, and remove what nothing needs any more."""

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from sciapp.errors import BadInput, RunProblem
from sciapp.i18n import msg
from sciapp.jobs.queue.queue import held
from sciapp.jobs.runs.follow import standing
from sciapp.records.lock import ProjectLock
from sciapp.records.model.reference import model_of_run
from sciapp.records.project.disk_usage import DiskPiece, freed, objection
from sciapp.records.project.project import Project
from sciapp.records.project.study import remove_run
from sciapp.records.regular import json_in
from sciapp.records.run.run import Run, RunStatus

_ON = msg("The run is on, or waits for its turn.")
_WHOLE_RUN = msg("Curves, model, scores and predictions of a removed run are gone.")
_NO_FURTHER = msg("Without checkpoints a run cannot be trained further; model and results stay.")
_NO_RESUME = msg("It did not finish: without its checkpoints all that it learnt is lost.")
_CURVES = msg("SciApp's own curves stay.")
_AGAIN = msg("Descriptors, variants, tokens and encoder states are computed again when they are needed.")
_ROWS = msg("A dataset is made again by importing the file again.")


def disk_pieces(project: Project) -> list[DiskPiece]:
    """Runs, oldest first, each followed by its parts; then datasets. Walks all files: not for the window's thread."""
    runs = {run.id: run for run in project.runs()}
    stands = {id: standing(run) for id, run in runs.items()}
    words = {id: set(_strings(run.plan_file)) for id, run in runs.items()}
    for study in project.studies():
        for id in set(study.runs) & set(runs):
            words[id].update(study.runs[: study.runs.index(id)])  # what follows is nothing without what it follows on
    elsewhere = _queued_elsewhere(project)
    pieces: list[DiskPiece] = []
    for id, run in runs.items():
        users = [other for other in runs if other != id and _names(words[other], run)]
        on = "" if stands[id].is_over else _ON
        on = next(
            (msg("{other} needs it.", other=other) for other, named in elsewhere.items() if _inside(named, run)), on
        )
        pieces += _of_run(run, stands[id], users, [other for other in users if not stands[other].has_model], on)
    for folder in _folders(project.datasets_folder):
        users = [id for id in runs if folder.name in words[id]]
        pieces += _of_dataset(project, folder, users, any(not stands[id].is_over for id in users))
    return pieces


def free_space(project: Project, chosen: Collection[str]) -> int:
    """Remove the pieces with the keys `chosen`; returns how many bytes that freed.

    Everything is looked at again first: a run may have begun since. Raises BadInput when something else needs a piece,
    ProjectProblem where the project cannot be written.
    """
    project.must_be_writable()
    pieces = disk_pieces(project)
    unknown = set(chosen) - {piece.key for piece in pieces}
    if unknown:
        raise BadInput(msg("The project has no {piece} to remove.", piece=sorted(unknown)[0].replace(":", " ")))
    if why := objection(pieces, chosen):
        raise BadInput(why, hint=msg("Nothing was removed. Choose what depends on it as well, or leave it."))
    selected = [piece for piece in pieces if piece.key in chosen]
    for piece in sorted(selected, key=lambda piece: piece.is_whole):  # parts first: a whole takes them along
        _remove(project, piece)
    return freed(pieces, chosen)


def _of_run(run: Run, stands: RunStatus, users: list[str], unfinished: list[str], on: str) -> Iterator[DiskPiece]:
    whole = {"needed_by": tuple(users), "lost": _WHOLE_RUN, "finished": stands.has_model, "kept_because": on}
    yield DiskPiece(kind="run", owner=run.id, bytes=_size(run.folder), **whole)
    if run.folder.is_symlink():
        return  # its parts lie outside the project
    if run.checkpoints.is_dir():
        lost = _NO_FURTHER if stands.has_model else _NO_RESUME
        part = whole | {"needed_by": tuple(unfinished), "lost": lost}
        yield DiskPiece(kind="checkpoints", owner=run.id, bytes=_size(run.checkpoints), **part)
    if run.tensorboard_folder.is_dir():
        part = whole | {"needed_by": (), "lost": _CURVES}
        size = _size(run.tensorboard_folder)
        yield DiskPiece(kind="tensorboard", owner=run.id, bytes=size, **part)


def _of_dataset(project: Project, folder: Path, users: list[str], in_use: bool) -> Iterator[DiskPiece]:
    on = msg("A run that is on, or waits for its turn, reads it.") if in_use else ""
    yield DiskPiece(
        kind="dataset", owner=folder.name, bytes=_size(folder), needed_by=tuple(users), lost=_ROWS, kept_because=on
    )
    caches = 0 if folder.is_symlink() else sum(_size(path) for path in _caches(project, folder.name))
    if caches:
        yield DiskPiece(kind="caches", owner=folder.name, bytes=caches, lost=_AGAIN, kept_because=on)


def _remove(project: Project, piece: DiskPiece) -> None:
    if piece.kind == "dataset":
        _take_away(project.datasets_folder / piece.owner)
    elif piece.kind == "caches":
        for path in _caches(project, piece.owner):
            _take_away(path)
    else:
        run = Run(project.runs_folder / piece.owner)
        _must_be_idle(run)
        if piece.kind == "run":
            remove_run(project.folder, run.id, project.studies())  # first: its number may be given again
        parts = {"run": run.folder, "checkpoints": run.checkpoints, "tensorboard": run.tensorboard_folder}
        _take_away(parts[piece.kind])


def _must_be_idle(run: Run) -> None:
    """Raise RunProblem when a process took the run up since it was looked at."""
    lock = ProjectLock(run.folder / ".lock")
    if not lock.acquire():
        raise RunProblem(msg("Run {run} is on: nothing of it was removed.", run=run.id))
    lock.release()


def _take_away(path: Path) -> None:
    """Gone from everybody's sight at once, under a name that no list shows; then its files."""
    if path.is_symlink() or path.is_file():
        path.unlink()  # of a link only the link: what it leads to lies outside the project
    elif path.is_dir():
        hidden = path.with_name(f".removed-{path.name}")
        if hidden.is_symlink() or hidden.is_file():
            hidden.unlink()
        shutil.rmtree(hidden, ignore_errors=True)
        path.replace(hidden)
        shutil.rmtree(hidden, ignore_errors=True)


def _caches(project: Project, dataset: str) -> list[Path]:
    folder = project.dataset_folder(dataset)
    caches = (folder.descriptors_file, folder.variants_folder, folder.tokens_folder, folder.states_folder)
    return [path for path in caches if path.exists()]


def _names(words: set[str], run: Run) -> bool:
    """True if a plan with these words is about the run, goes on from it or begins from its model."""
    return not words.isdisjoint({run.id, model_of_run(run.id)}) or _inside(words, run)


def _inside(words: set[str], run: Run) -> bool:
    """True if one of them is a path of the run's, by whichever way the project was reached."""
    folder = run.folder.resolve()
    return any(Path(word).resolve().is_relative_to(folder) for word in words if Path(word).is_absolute())


def _queued_elsewhere(project: Project) -> dict[str, set[str]]:
    """Runs of other projects that are on or wait in this computer's queue, and the texts of their plans."""
    with held() as file:
        runs = [entry.run for entry in file.read().entries]
    others = [run for run in runs if run.project_folder.resolve() != project.folder.resolve()]
    return {
        msg("Run {id} of {name}", id=run.id, name=run.project_folder.name): set(_strings(run.plan_file))
        for run in others
    }


def _strings(file: Path) -> Iterator[str]:
    """Every text in a plan, whichever setting it belongs to: settings to come are heeded too."""
    try:
        waiting: list[Any] = [json_in(file)]
    except (OSError, ValueError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if path.is_dir() and not path.name.startswith("."))


def _size(path: Path) -> int:
    """Bytes that removing it frees; a link frees none."""
    if path.is_symlink():
        return 0
    if path.is_file():
        return path.stat().st_size
    total = 0
    for root, _, files in os.walk(path):
        for name in files:
            try:
                total += (Path(root) / name).lstat().st_size
            except OSError:  # renamed meanwhile
                continue
    return total
