"""The command that frees space in a project."""

import argparse
import json
import sys
from pathlib import Path

from sciapp.actions.domains import open_project
from sciapp.actions.projects import free_disk, pieces_named, pieces_of_disk
from sciapp.cli.output import Printer
from sciapp.errors import BadInput
from sciapp.i18n import lines, msg, render
from sciapp.records.formatting import size_text
from sciapp.records.project.disk_usage import DiskPiece, freed, objection, removal_question

_KINDS = ("checkpoints", "tensorboard", "caches", "trash")


def clean(options: argparse.Namespace, printer: Printer) -> None:
    """Without a choice: say what takes how much. With one: ask on a terminal, elsewhere want --yes, and remove it."""
    project = open_project(path=Path(options.project))
    pieces = pieces_of_disk(project=project)
    if not _names_something(options):
        _tell_all(printer, pieces)
        return
    kinds = {kind for kind in _KINDS if getattr(options, kind)}
    chosen = pieces_named(project=project, pieces=pieces, runs=options.run, datasets=options.dataset, kinds=kinds)
    if why := objection(pieces, chosen):
        raise BadInput(why, hint=msg("Nothing was removed. Name what depends on it as well."))
    if chosen and not options.dry_run:
        _must_be_confirmed(options, pieces, chosen, printer)
        free_disk(project=project, chosen=chosen)
    _tell(printer, pieces, chosen, done=not options.dry_run)


def _names_something(options: argparse.Namespace) -> bool:
    return bool(options.run or options.dataset) or any(getattr(options, kind) for kind in _KINDS)


def _must_be_confirmed(
    options: argparse.Namespace, pieces: list[DiskPiece], chosen: set[str], printer: Printer
) -> None:
    if options.yes:
        return
    question, hint = removal_question(pieces, chosen)
    if not sys.stdin.isatty():
        raise BadInput(
            msg("Nothing was removed: {question:l}", question=question),
            hint=msg("Say so with --yes."),
        )
    print(render(lines([question, hint]), printer.translator), file=sys.stderr)
    prompt = render(msg("Type yes to remove:"), printer.translator)
    if input(f"{prompt} ").strip().lower() not in {"y", "yes"}:
        raise BadInput(msg("Nothing was removed."))


def _tell_all(printer: Printer, pieces: list[DiskPiece]) -> None:
    text: list[str] = [
        msg(
            "{size:>10}  {indent}{title}{remark}",
            size=size_text(piece.bytes),
            indent="" if piece.is_whole else "  ",
            title=piece.title,
            remark=msg("  ({remark})", remark=piece.remark) if piece.kept_because or piece.needed_by else "",
        )
        for piece in pieces
    ]
    text.append(
        msg(
            "Remove with --checkpoints, --tensorboard, --caches, --trash, --run RUN or --dataset ID; --dry-run only "
            "says."
        )
    )
    printer.result([_value(piece) for piece in pieces], lines(text))


def _tell(printer: Printer, pieces: list[DiskPiece], chosen: set[str], *, done: bool) -> None:
    removed = [piece for piece in pieces if piece.key in chosen]
    size = freed(pieces, chosen)
    text: list[str] = [
        msg("Removed: {title}, {size}", title=piece.title, size=size_text(piece.bytes))
        if done
        else msg("Would remove: {title}, {size}", title=piece.title, size=size_text(piece.bytes))
        for piece in removed
    ]
    free = size_text(size)
    text.append(msg("{size} are free now.", size=free) if done else msg("{size} would be free.", size=free))
    value = {"removed": done, "bytes": size, "pieces": [_value(piece) for piece in removed]}
    printer.result(value, lines(text))


def _value(piece: DiskPiece) -> dict[str, object]:
    value: dict[str, object] = json.loads(piece.model_dump_json())
    return value
