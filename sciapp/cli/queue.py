"""The command `queue`: which runs wait for their turn, and in which order."""

import argparse
import json

from sciapp.actions.queue import (
    forget_queue,
    go_on_with_queue,
    look_at_queue,
    move_in_queue,
    pause_queue,
    remove_from_queue,
    waiting_run,
)
from sciapp.cli.output import Printer
from sciapp.i18n import Translator, lines, msg, plural, render
from sciapp.records.machine.queue_view import EntryStatus, QueueLine, QueueView

_COLUMNS = (
    "#",
    msg("project"),
    msg("run"),
    msg("data"),
    msg("model"),
    msg("device"),
    msg("state"),
    msg("expected"),
    msg("settings"),
)


def add_queue_options(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="queue_verb", metavar="WHAT")
    about = {
        "list": msg("which runs are on and which wait; the same as no word"),
        "move": msg("let the run with number N be the TO-th"),
        "remove": msg("take the run with number N out of the queue"),
        "pause": msg("start nothing from now on; what is on goes on"),
        "go-on": msg("start what waits; runs that were interrupted go on first"),
        "forget": msg("take out of the queue whatever is not on"),
    }
    for name, help in about.items():
        verb = verbs.add_parser(name, help=help, description=help)
        verb.add_argument(
            "--json",
            action="store_true",
            default=argparse.SUPPRESS,
            help=msg("print one JSON document on standard output"),
        )
        if name in {"move", "remove"}:
            verb.add_argument("number", type=int, metavar="N")
        if name == "move":
            verb.add_argument("to", type=int, metavar="TO")
        if name == "go-on":
            verb.add_argument(
                "--leave-interrupted", action="store_true", help=msg("do not resume what was interrupted")
            )


def queue_command(options: argparse.Namespace, printer: Printer) -> None:
    match options.queue_verb:
        case "move":
            _move(options.number, options.to, printer)
        case "remove":
            remove_from_queue(folder=str(waiting_run(number=options.number).folder))
        case "pause":
            pause_queue()
        case "go-on":
            go_on_with_queue(resume=not options.leave_interrupted)
        case "forget":
            forget_queue()
    _tell(look_at_queue(), printer)


def _move(number: int, to: int, printer: Printer) -> None:
    run, waiting = waiting_run(number=number), len(look_at_queue().of(EntryStatus.WAITING))
    if min(max(1, to), waiting) == number:
        printer.say(
            plural(
                "Run {id} stays number {number}: {n} run waits.",
                "Run {id} stays number {number}: {n} runs wait.",
                waiting,
                id=run.id,
                number=number,
            )
        )
    move_in_queue(folder=str(run.folder), to=to)


def _tell(view: QueueView, printer: Printer) -> None:
    value = json.loads(view.model_dump_json(by_alias=True)) | {"stranded": view.is_stranded}
    text: list[str] = [view.summary or msg("The queue is empty.")]
    text += [_table(list(view.lines), printer.translator)] if view.lines else []
    text += list(view.remarks)
    if view.is_stranded:
        text.append(msg("Nobody starts what is waiting; go on with: sciapp queue go-on (or sciapp queue forget)"))
    printer.result(value, lines(text))


def _table(entries: list[QueueLine], translator: Translator) -> str:
    cells = [_COLUMNS, *(_cells(line) for line in entries)]
    rows = [[render(cell, translator) for cell in row] for row in cells]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def _cells(line: QueueLine) -> tuple[str, ...]:
    number = str(line.position) if line.position else ""
    return (
        number,
        line.project,
        line.run,
        line.subject,
        line.model,
        line.lane,
        line.state,
        line.expected,
        line.changed,
    )
