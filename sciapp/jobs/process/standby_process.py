"""The process that stands by: everything that a training imports is loaded, then it waits to become a run.

One line on its standard input says which run (its folder, as JSON); the end of that input, that nobody needs it any
more.
"""

import json
import os
import sys
from pathlib import Path

from sciapp.engine.runs.warm_up import load_everything
from sciapp.jobs.machine.power import be_nice
from sciapp.jobs.process.run_process import main as execute_run
from sciapp.records.project_paths import open_to_append
from sciapp.records.run.run import Run


def main() -> int:
    """Load, wait for one order, carry it out; 0 when nothing was ordered."""
    be_nice()
    load_everything()
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):  # whoever kept us has gone, perhaps in the middle of a word
        return 0
    folder = str(json.loads(line))
    _become(Run(Path(folder)))
    return execute_run(folder)


def _become(run: Run) -> None:
    """From here on everything that is written goes to the run's log, as in a process that was started for it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    with open_to_append(run.log_file) as log:
        for descriptor, ours in ((nothing, 0), (log.fileno(), 1), (log.fileno(), 2)):
            os.dup2(descriptor, ours)
    os.close(nothing)
