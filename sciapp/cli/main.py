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
    from sciapp.cli import (
        augment as cli_augment,
    )
    from sciapp.cli import (
        clean as cli_clean,
    )
    from sciapp.cli import (
        data as cli_data,
    )
    from sciapp.cli import (
        datasets as cli_look,
    )
    from sciapp.cli import (
        datasets as cli_split,
    )
    from sciapp.cli import (
        info as cli_info,
    )
    from sciapp.cli import (
        items as cli_items,
    )
    from sciapp.cli import (
        pretrain as cli_pretrain,
    )
    from sciapp.cli import (
        queue as cli_queue,
    )
    from sciapp.cli import (
        train as cli_runs,
    )

    return {
        "demo": cli_runs.demo,
        "new": cli_data.new,
        "import": cli_data.import_file,
        "doctor": cli_data.doctor,
        "augment": cli_augment.augment,
        "train": cli_runs.train,
        "pretrain": cli_pretrain.pretrain,
        "runs": cli_info.runs,
        "show": cli_info.show,
        "stop": cli_runs.stop,
        "cancel": cli_runs.cancel,
        "resume": cli_runs.resume,
        "queue": cli_queue.queue_command,
        "compress": cli_runs.compress,
        "predict": cli_runs.predict,
        "export-predictions": cli_data.export_predictions_of_run,
        "report": cli_data.report,
        "clean": cli_clean.clean,
        "rename": cli_items.rename_command,
        "annotate": cli_items.annotate_command,
        "tag": cli_items.tag_command,
        "delete": cli_items.delete_command,
        "restore": cli_items.restore_command,
        "trash": cli_items.trash_command,
        "datasets": cli_look.datasets,
        "derive": cli_look.derive,
        "columns": cli_look.columns,
        "diff": cli_look.diff,
        "leaks": cli_split.leaks,
        "split": cli_split.split,
        "models": cli_info.models,
        "env": cli_info.env,
        "manual": cli_info.manual,
        "settings": cli_info.preferences,
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
