"""Expected duration of a training: as long as the same one took before."""

from contextlib import suppress

from sciapp.errors import SciAppError
from sciapp.records.plan.plan import Plan
from sciapp.records.project.project import Project
from sciapp.records.run.run import Run

_ENDED_WELL = {"finished", "stopped"}


def expected_seconds(run: Run) -> float | None:
    """The time of the project's newest run on the same dataset with the same model, by its epochs; None: there is none.

    An upper bound where training may stop early; nothing is promised by it.
    """
    try:
        plan = run.plan()
        others = Project.open(run.project_folder).runs()
    except SciAppError:
        return None
    for other in reversed(others):
        if other.folder != run.folder:
            with suppress(SciAppError, AttributeError):
                if (seconds := _took(other, plan)) is not None:
                    return seconds
    return None


def _took(other: Run, plan: Plan) -> float | None:
    """Seconds that a run took, scaled to the epochs of `plan`; None for one that is not like it or did not end well."""
    state = other.state()
    if state.status not in _ENDED_WELL or state.started is None or state.ended is None:
        return None
    before = other.plan()
    if type(before) is not type(plan) or not plan.trains:
        return None
    if (before.dataset_read, before.origin) != (plan.dataset_read, plan.origin):
        return None
    share = plan.epochs / before.epochs
    return (state.ended - state.started).total_seconds() * share
