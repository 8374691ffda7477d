"""Commands about runs and datasets as things of a person: rename, annotate, tag, delete, restore, trash."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from sciapp.actions.domains import open_project
from sciapp.actions.items import (
    annotate,
    annotation_of,
    delete,
    deleted_text,
    deletion_question,
    empty_expired_trash,
    empty_trash,
    expired_text,
    item_of,
    list_trash,
    names_of,
    plan_deletion,
    rename,
    restore,
    restored_text,
    tag,
)
from sciapp.cli.output import Printer
from sciapp.errors import BadInput
from sciapp.i18n import joined, lines, msg, render
from sciapp.records.annotation import Annotation
from sciapp.records.project.deletions import Deletion
from sciapp.records.project.items import Item
from sciapp.records.project.project import Project

_ITEM = msg("a run, by its id or number, or a dataset")


def add_item_verbs(verb: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """verb: makes the parser of a command from its name and help."""
    named = verb("rename", msg("Give a run or a dataset a name; its folder keeps the id."))
    noted = verb("annotate", msg("Show the name, notes and tags of a run or dataset, or write its notes."))
    tagged = verb("tag", msg("Add tags to a run or dataset, or remove some."))
    deleted = verb("delete", msg("Move runs and datasets to the project's trash; nothing is lost for 30 days."))
    restored = verb("restore", msg("Put back what was deleted."))
    trash = verb("trash", msg("List what was deleted and can be restored, or remove it for good."))
    for parser in (named, noted, tagged, deleted, restored, trash):
        parser.add_argument("project", metavar="PROJECT")
    for parser in (named, noted, tagged):
        parser.add_argument("item", metavar="ITEM", help=_ITEM)
    named.add_argument("name", metavar="NAME", help=msg("'' brings the usual name back"))
    noted.add_argument("--notes", metavar="TEXT", help=msg("in place of the notes that there are; - reads them"))
    tagged.add_argument("tags", metavar="TAG", nargs="*")
    tagged.add_argument("--remove", metavar="TAG", action="append", default=[])
    deleted.add_argument("items", metavar="ITEM", nargs="+", help=_ITEM)
    deleted.add_argument("--yes", action="store_true", help=msg("with all runs that depend on it; do not ask"))
    restored.add_argument("item", metavar="ITEM", nargs="?", help=msg("the last that was deleted if not given"))
    trash.add_argument("--empty", action="store_true", help=msg("remove everything in it for good"))
    trash.add_argument("--yes", action="store_true", help=msg("do not ask"))


def rename_command(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    item = item_of(project=project, name=options.item)
    _print_annotation(printer, project, item, rename(project=project, item=item, name=options.name))


def annotate_command(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    item = item_of(project=project, name=options.item)
    annotation = annotation_of(project=project, item=item)
    if options.notes is not None:
        notes = sys.stdin.read() if options.notes == "-" else options.notes
        annotation = annotate(project=project, item=item, notes=notes)
    _print_annotation(printer, project, item, annotation)


def tag_command(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    item = item_of(project=project, name=options.item)
    annotation = tag(project=project, item=item, add=options.tags, remove=options.remove)
    _print_annotation(printer, project, item, annotation)


def delete_command(options: argparse.Namespace, printer: Printer) -> None:
    """Ask on a terminal, elsewhere want --yes where other runs go as well."""
    project = open_project(path=Path(options.project))
    items = [item_of(project=project, name=name) for name in options.items]
    plan = plan_deletion(project=project, items=items)
    question, hint = deletion_question(plan)
    dependents = bool(options.yes)
    if plan.dependents and not options.yes and not plan.refused:
        _confirm(question, hint, printer)
        dependents = True
    deletion = delete(project=project, items=items, dependents=dependents)
    back = msg("Undo with: sciapp restore {project} {id}", project=options.project, id=deletion.items[-1].id)
    printer.result(_value(deletion), lines([deleted_text(deletion), back]))


def restore_command(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    name = options.item
    if name is None:
        deletions = list_trash(project=project)
        if not deletions:
            raise BadInput(msg("The trash of this project is empty."))
        name = deletions[-1].id
    deletion = restore(project=project, id=name)
    printer.result(_value(deletion), restored_text(deletion))


def trash_command(options: argparse.Namespace, printer: Printer) -> None:
    project = open_project(path=Path(options.project))
    if expired := empty_expired_trash(project=project):
        printer.say(expired_text(expired))
    deletions = list_trash(project=project)
    if options.empty:
        if deletions and not options.yes:
            names = names_of([item for deletion in deletions for item in deletion.items])
            _confirm(msg("Remove {names} for good?", names=names), msg("This cannot be undone."), printer)
        empty_trash(project=project)
    about = [_line(deletion) for deletion in deletions] or [msg("The trash is empty.")]
    if options.empty and deletions:
        about.append(msg("All of it was removed for good."))
    printer.result({"emptied": options.empty, "deletions": [_value(one) for one in deletions]}, lines(about))


def _confirm(question: str, hint: str, printer: Printer) -> None:
    """Raise BadInput unless a person at a terminal types yes."""
    if not sys.stdin.isatty():
        raise BadInput(joined([question, hint]), hint=msg("Nothing has changed. Confirm it with --yes."))
    print(render(lines([question, hint]), printer.translator), file=sys.stderr)
    prompt = render(msg("Type yes to go on:"), printer.translator)
    if input(f"{prompt} ").strip().lower() not in {"y", "yes"}:
        raise BadInput(msg("Nothing has changed."))


def _print_annotation(printer: Printer, project: Project, item: Item, annotation: Annotation) -> None:
    head = msg("{id}: “{title}”", id=item.id, title=item.title(project))
    tags = msg("Tags: {tags}", tags=list(annotation.tags)) if annotation.tags else ""
    value = {"kind": item.kind, "id": item.id, **annotation.model_dump(mode="json")}
    printer.result(value, lines([part for part in (head, tags, annotation.notes) if part]))


def _line(deletion: Deletion) -> str:
    moment = f"{deletion.deleted.astimezone():%Y-%m-%d %H:%M}"
    ids = [item.id for item in deletion.items]
    return msg("{moment}  {names}  ({ids})", moment=moment, names=names_of(deletion.items), ids=ids)


def _value(deletion: Deletion) -> dict[str, object]:
    value: dict[str, object] = json.loads(deletion.model_dump_json(exclude={"studies"}))
    return value
