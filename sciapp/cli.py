"""The command line: one command per thing that a person can do. It builds plans and reads runs; no logic of its own."""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable

from sciapp.cli_given import must_not_be_empty
from sciapp.cli_output import Printer
from sciapp.cli_parser import parser
from sciapp.errors import SciAppError, system_refusal

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str]) -> int:
    """Run one command; returns 0 done, 1 failed with one clear message, 2 bad usage, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # UTF-8 whatever the system's habit
            stream.reconfigure(encoding="utf-8", errors="replace")
    # Turned into an exception, so that a cancelled import removes its draft before the process ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = parser().parse_args(arguments)
    printer = Printer(json=getattr(options, "json", False), progress_lines=getattr(options, "progress_lines", False))
    try:
        must_not_be_empty(options)
        return int(_commands()[options.verb](options, printer) or DONE)
    except SciAppError as error:
        printer.error(error)
        return FAILED
    except KeyboardInterrupt:
        printer.say("Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone (`| head`); Python must not complain about it while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        # Nobody who does not code is helped by a traceback; `--json` carries it as the context.
        message, file = system_refusal(error) or (f"Something unexpected happened: {error or type(error).__name__}", "")
        hint = f"{file} What was finished before is kept. The same command with --json gives the details.".strip()
        printer.error(SciAppError(message, hint=hint, context=traceback.format_exc()))
        return FAILED


def _commands() -> dict[str, Callable[[argparse.Namespace, Printer], int | None]]:
    from sciapp import (
        cli_augment,
        cli_clean,
        cli_data,
        cli_info,
        cli_look,
        cli_pretrain,
        cli_queue,
        cli_runs,
        cli_split,
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
        "export-predictions": cli_data.export_predictions,
        "report": cli_data.report,
        "clean": cli_clean.clean,
        "datasets": cli_look.datasets,
        "columns": cli_look.columns,
        "diff": cli_look.diff,
        "leaks": cli_split.leaks,
        "split": cli_split.split,
        "models": cli_info.models,
        "env": cli_info.env,
        "settings": cli_info.preferences,
    }
