"""The command line: one command per thing that a person can do. It builds plans and reads runs; no logic of its own."""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable

from sciapp import settings
from sciapp.cli.output import Printer
from sciapp.cli.parser import in_language, parser
from sciapp.errors import BadInput, SciAppError, unexpected
from sciapp.i18n import joined, msg

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str]) -> int:
    """Run one command; returns 0 done, 1 failed with one clear message, 2 bad usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # UTF-8 whatever the system's habit
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Turned into an exception, so that a cancelled import removes its draft before the process ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    translator = settings.user_translator()
    options = in_language(parser(), translator).parse_args(arguments)
    printer = Printer(json=getattr(options, "json", False), translator=translator)
    try:
        must_not_be_empty(options)
        return int(_commands()[options.verb](options, printer) or DONE)
    except SciAppError as error:
        printer.error(error)
        return FAILED
    except KeyboardInterrupt:
        printer.say(msg("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone (`| head`); Python must not complain about it while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        refusal = unexpected(error, context=traceback.format_exc())  # `--json` carries the context
        hint = joined([refusal.hint, msg("The same command with --json gives the details.")])
        printer.error(SciAppError(refusal.message, hint=hint, context=refusal.context))
        return FAILED


def _commands() -> dict[str, Callable[[argparse.Namespace, Printer], int | None]]:
    from sciapp.cli import augment, clean, data, datasets, info, items, pretrain, queue, train

    return {
        "demo": train.demo,
        "new": data.new,
        "import": data.import_file,
        "doctor": data.doctor,
        "augment": augment.augment,
        "train": train.train,
        "pretrain": pretrain.pretrain,
        "runs": info.runs,
        "show": info.show,
        "stop": train.stop,
        "cancel": train.cancel,
        "resume": train.resume,
        "queue": queue.queue_command,
        "compress": train.compress,
        "predict": train.predict,
        "export-predictions": data.export_predictions_of_run,
        "report": data.report,
        "clean": clean.clean,
        "rename": items.rename_command,
        "annotate": items.annotate_command,
        "tag": items.tag_command,
        "delete": items.delete_command,
        "restore": items.restore_command,
        "trash": items.trash_command,
        "datasets": datasets.datasets,
        "derive": datasets.derive,
        "columns": datasets.columns,
        "diff": datasets.diff,
        "leaks": datasets.leaks,
        "split": datasets.split,
        "models": info.models,
        "env": info.env,
        "manual": info.manual,
        "settings": info.preferences,
    }


# Options that are given and empty: a variable of the shell that is not set is not a wish to do without the option.


_COLUMN, _FILE = msg("Name a column"), msg("Name a file")
_WANTED = {
    "input": _COLUMN,
    "second_input": _COLUMN,
    "target": _COLUMN,
    "covariate": _COLUMN,
    "mask": _COLUMN,
    "weight": _COLUMN,
    "group": _COLUMN,
    "time": _COLUMN,
    "split_column": _COLUMN,
    "split_file": _FILE,
    "labels": _FILE,
    "file": _FILE,
    "recipe": _FILE,
    "sheet": msg("Name a sheet"),
    "model": msg("Name a model"),
    "from_": msg("Name a model"),
    "out": msg("Name the place to write to"),
}
_NEEDED = {"file": ("import", "doctor", "predict"), "out": ("split", "predict", "export-predictions")}
"""The commands that cannot do without it."""


def must_not_be_empty(options: argparse.Namespace) -> None:
    """Raise BadInput for the first of them; --dataset has a sentence of its own, see `cli_dataset`."""
    for name, requirement in _WANTED.items():
        value = getattr(options, name, None)
        values = value if isinstance(value, list) else [value]
        if any(one is not None and not one.strip() for one in values):
            needed = options.verb in _NEEDED.get(name, ())
            called = "FILE" if needed and name == "file" else "--" + name.strip("_").replace("_", "-")
            raise BadInput(
                msg("{called} is empty.", called=called),
                hint=msg("{wanted}.", wanted=requirement)
                if needed
                else msg("{wanted}, or leave it out.", wanted=requirement),
            )
