"""How long from Start to the first step of a training, with a process that stands by and without.

    python -m tests.benchmarks.start_to_first_step [--repeats 5] [--model molecule-starter]

Alternates both kinds; prints medians and spread (lowest to highest) in seconds, stage by stage. The sample project is
ESOL. The whole way is timed that a person waits: from the call that Start makes to the first step's event on disk.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import psutil

from sciapp.actions.projects import sample_request
from sciapp.engine.data.ingest.import_table import import_table
from sciapp.jobs.launch import launcher, processes
from sciapp.jobs.launch.standby import Standby
from sciapp.jobs.runs.follow import Follower, standing
from sciapp.records.plan.plan import TrainPlan, with_settings
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, StageBegan, StepTaken
from sciapp.records.run.run import Run
from tests.helpers.runs import wait_for

_IDLE_CPU = 0.02  # seconds of work within half a second: a standby process that does less has loaded everything
_TOLD = ("process came up", "first step", "processor seconds until then")


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SCIAPP_HOME"] = f"{folder}/home"
        project = Project.create(Path(folder) / "p", domain="molecule")
        card = import_table(project, sample_request())
        settings = {"threads": options.threads, "num_train_epochs": 1000, "descriptors": options.descriptors}
        plan = with_settings(TrainPlan(dataset=card.id, model=options.model), settings)
        measured: dict[str, dict[str, list[float]]] = {"fresh": defaultdict(list), "standby": defaultdict(list)}
        for _ in range(options.repeats):
            for kind, seconds in measured.items():
                for stage, value in _seconds(
                    project.new_run(plan), standby=kind == "standby", ahead=options.ahead
                ).items():
                    seconds[stage].append(value)
        for kind, seconds in measured.items():
            print(f"{kind}, {options.repeats} times, seconds since Start: median (lowest to highest)")
            for stage, values in seconds.items():
                print(f"  {stage:32s} {statistics.median(values):6.2f}  ({min(values):.2f} to {max(values):.2f})")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--model", default="molecule-starter")
    parser.add_argument("--descriptors", default="off", choices=["auto", "on", "off"])
    parser.add_argument("--ahead", action="store_true", help="before whatever else the machine does (Linux, root)")
    return parser.parse_args()


def _seconds(run: Run, *, standby: bool, ahead: bool) -> dict[str, float]:
    """Seconds from Start to the beginning of each stage and to the first step."""
    kept = Standby()
    if standby:
        kept.bring_up()
        _wait_until_loaded(kept.pid)
    begun = time.time()
    pid = launcher.start(run, hand_over=kept.hand_over if standby else None).identity["pid"]
    process, spent = psutil.Process(pid), 0.0
    worked = sum(process.cpu_times()[:2])
    follower, events = Follower(run), list[Event]()

    def stepped() -> bool:
        nonlocal spent
        events.extend(follower.read_new())
        spent = sum(process.cpu_times()[:2]) - worked
        if ahead:
            _put_ahead(process)
        return any(isinstance(event, StepTaken) for event in events)

    assert wait_for(stepped, 300), run.log_file.read_text()
    launcher.ask_to_cancel(run)
    assert wait_for(lambda: standing(run).is_over, 60)
    processes.reap()
    state = run.state()
    found = {_TOLD[0]: (state.started.timestamp() if state.started else begun) - begun}
    for event in events:
        if isinstance(event, StageBegan):
            found.setdefault(f"stage “{event.title}”", event.time - begun)
    first = next(event for event in events if isinstance(event, StepTaken))
    return found | {_TOLD[1]: first.time - begun, _TOLD[2]: spent}


def _put_ahead(process: psutil.Process) -> None:
    """Runs make room for others; on a machine where others are at work that would be all that is measured."""
    if process.nice() >= 0:
        process.nice(-15)
    Path(f"/proc/{process.pid}/autogroup").write_text("-15", encoding="ascii")


def _wait_until_loaded(pid: int | None) -> None:
    """It says nothing when it is ready, so its processor time is watched."""
    assert pid is not None
    process, before = psutil.Process(pid), -1.0

    def idle() -> bool:
        nonlocal before
        time.sleep(0.5)
        spent = sum(process.cpu_times()[:2])
        still, before = spent > 1 and spent - before < _IDLE_CPU, spent
        return still

    assert wait_for(idle, 120)


if __name__ == "__main__":
    main()
