"""`sciapp train … --check`: what a training takes and what looks wrong about it, before it is started."""

import json
import os

from sciapp.cli_output import Printer
from sciapp.jobs.launcher import run_environment
from sciapp.records.events import Noted, Progressed, StageBegan
from sciapp.records.plan import TrainPlan
from sciapp.records.preflight import Preflight
from sciapp.records.project import Project


def check(project: Project, plan: TrainPlan, printer: Printer) -> int:
    """Try it out and tell; 0 whatever was found: that is for people to judge."""
    os.environ.update(run_environment())  # before torch loads: steps are timed as a run would take them
    from sciapp.engine.preflight import preflight

    work = preflight(plan, project)
    stage = ""
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            seen: Preflight = end.value
            break
        if isinstance(event, StageBegan):
            stage = event.title
            printer.progress(stage, 0, 0)
        elif isinstance(event, Progressed):
            printer.progress(stage, event.done, event.total)
        elif isinstance(event, Noted):
            printer.say(event.message)
    printer.result(json.loads(seen.model_dump_json()) | {"verdict": seen.verdict}, "\n".join(seen.lines()))
    return 0
