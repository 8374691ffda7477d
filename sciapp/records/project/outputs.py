"""Checks of output paths: over nothing that a project needs, before anything is computed."""

import os
from pathlib import Path

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.project.project import SUFFIX, datasets_in

_ELSEWHERE = msg("Choose another place.")
_KEPT = ("datasets", "runs", "trash")


def check_out(out: Path, project: Path, *, predicted: Path | None = None) -> None:
    """Raise BadInput where nothing can be written to `out`, or where it would take something away.

    project: the folder of the project that the result is of; its tables' source files stay as they are. predicted: the
    file whose predictions are written. A folder that is not there is refused here; see `check_not_protected` for who
    makes it.
    """
    check_not_protected(out, project, predicted=predicted)
    if not _is_folder(out.parent):
        raise BadInput(
            msg("There is no folder “{parent}”.", parent=out.parent), hint=msg("Name a file in a folder that is there.")
        )
    if not os.access(out.parent, os.W_OK):
        raise BadInput(msg("Nothing can be written to the folder “{parent}”.", parent=out.parent), hint=_ELSEWHERE)


def check_not_protected(out: Path, project: Path, *, predicted: Path | None = None) -> None:
    """Raise BadInput where `out` is a folder, a file that was imported or predicted, or a part of any project."""
    if _is_folder(out):
        raise BadInput(msg("“{out}” is a folder.", out=out), hint=msg("Name a file in it."))
    if predicted is not None and _is(out, predicted):
        raise BadInput(msg("“{file}” is the file to predict; it would be overwritten.", file=out.name), hint=_ELSEWHERE)
    for card in datasets_in(project):
        reading = card.source.reading
        side_files = (reading.labels, reading.join) if reading else ()
        if any(_is(out, Path(text)) for text in (card.source.path, *side_files) if text):
            raise BadInput(
                msg(
                    "“{file}” is what dataset “{card}” was imported from; it would be overwritten.",
                    file=out.name,
                    card=card.id,
                ),
                hint=_ELSEWHERE,
            )
    # A link counts as the place where it lies and as the file that it stands for.
    for path in (_real(out.parent) / out.name, _real(out)):
        if path.suffix == SUFFIX and path.exists():
            raise BadInput(msg("“{file}” is a project file; it would be overwritten.", file=out.name), hint=_ELSEWHERE)
        if owner := _project_part(path):
            raise BadInput(
                msg(
                    "“{out}” is inside the project’s folder “{kept}”, which only SciApp writes to.", out=out, kept=owner
                ),
                hint=_ELSEWHERE,
            )


def _is(out: Path, source: Path) -> bool:
    """True if `out` is the file `source`, or is in the folder `source`; only what is there can be overwritten."""
    real = _real(out)
    try:
        return real.exists() and any(path.samefile(source) for path in (real, *real.parents))
    except OSError:  # the source is gone, or is nothing that we may look at
        return False


def _project_part(location: Path) -> str:
    """The name of the folder of a project that holds `location` and is not for other people's files; empty for none."""
    above = [folder for folder in location.parents if _is_folder(folder)]
    for folder in above:
        if any(folder.glob(f"*{SUFFIX}")):
            for name in _KEPT:
                path = folder / name
                # The same folder, and not the same name: some file systems do not tell upper from lower case.
                if _is_folder(path) and any(part.samefile(path) for part in above):
                    return name
    return ""


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # in a folder that we may not look into
        return False


def _real(path: Path) -> Path:
    """Without links; unlike `Path.resolve` it does not fail where links go round in a circle."""
    return Path(os.path.realpath(path))
