"""Free space in a project: what takes how much, and remove what nothing needs any more."""

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from sciapp.errors import BadInput
from sciapp.i18n import joined, msg
from sciapp.jobs.dependencies import Dependencies, must_be_idle
from sciapp.records.project.deletions import Deletion, deletions_in, trash_folder
from sciapp.records.project.disk_usage import DiskPiece, freed, objection
from sciapp.records.project.project import Project
from sciapp.records.project.study import remove_run
from sciapp.records.run.run import Run

_WHOLE_RUN = msg("Curves, model, scores and predictions of a removed run are gone.")
_NO_FURTHER = msg("Without checkpoints a run cannot be trained further; model and results stay.")
_NO_RESUME = msg("It did not finish: without its checkpoints all that it learnt is lost.")
_CURVES = msg("SciApp's own curves stay.")
_AGAIN = msg("Descriptors, variants, tokens and encoder states are computed again when they are needed.")
_NO_RESTORE = msg("It cannot be restored any more.")
_ROWS = msg("A dataset is made again by importing the file again.")


def disk_pieces(project: Project) -> list[DiskPiece]:
    """Runs, oldest first, each followed by its parts; then datasets. Walks all files: not for the window's thread."""
    needs = Dependencies.of(project)
    pieces: list[DiskPiece] = []
    for run in needs.runs.values():
        pieces += _of_run(run, needs)
    for folder in _folders(project.datasets_folder):
        pieces += _of_dataset(project, folder, needs)
    return pieces + [_of_deletion(project, deletion) for deletion in deletions_in(project.folder)]


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


def _of_run(run: Run, needs: Dependencies) -> Iterator[DiskPiece]:
    users, stands, on = needs.users_of_run(run.id), needs.standings[run.id], needs.run_in_use(run.id)
    unfinished = [other for other in users if not needs.standings[other].has_model]
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


def _of_dataset(project: Project, folder: Path, needs: Dependencies) -> Iterator[DiskPiece]:
    users, on = needs.users_of_dataset(folder.name), needs.dataset_in_use(folder.name)
    yield DiskPiece(
        kind="dataset", owner=folder.name, bytes=_size(folder), needed_by=tuple(users), lost=_ROWS, kept_because=on
    )
    caches = 0 if folder.is_symlink() else sum(_size(path) for path in _caches(project, folder.name))
    if caches:
        yield DiskPiece(kind="caches", owner=folder.name, bytes=caches, lost=_AGAIN, kept_because=on)


def _of_deletion(project: Project, deletion: Deletion) -> DiskPiece:
    names, size = joined((item.name for item in deletion.items), ", "), _size(deletion.folder(project.folder))
    return DiskPiece(kind="trash", owner=deletion.id, bytes=size, lost=_NO_RESTORE, about=names)


def _remove(project: Project, piece: DiskPiece) -> None:
    if piece.kind == "trash":
        _take_away(trash_folder(project.folder) / piece.owner)
    elif piece.kind == "dataset":
        _take_away(project.datasets_folder / piece.owner)
    elif piece.kind == "caches":
        for path in _caches(project, piece.owner):
            _take_away(path)
    else:
        run = Run(project.runs_folder / piece.owner)
        must_be_idle(run)
        if piece.kind == "run":
            remove_run(project.folder, run.id, project.studies())  # first: its number may be given again
        parts = {"run": run.folder, "checkpoints": run.checkpoints, "tensorboard": run.tensorboard_folder}
        _take_away(parts[piece.kind])


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
