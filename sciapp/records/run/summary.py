"""A run in one line, for lists."""

from collections.abc import Iterable
from datetime import datetime

from sciapp.i18n import Text, joined, msg, term
from sciapp.records.plan.kinds import PlanKind
from sciapp.records.plan.plan import PLAN_KINDS, Frozen
from sciapp.records.run.evaluation import Score
from sciapp.records.run.run import RunStatus, usual_name


class StudySummary(Frozen):
    """A study in one line. runs: ids in order; score, text: what it came to so far, as a number and in a sentence;
    value: the number of `score`, to sort by."""

    id: str
    kind: str
    title: Text
    runs: tuple[str, ...]
    score: Text = ""
    value: float | None = None
    text: Text = ""


class RunSummary(Frozen):
    """Row of a list of runs. `subject`: dataset or file learnt from, run compressed, or file predicted.

    name, notes, tags: what a person gave to the run; an empty name means the usual one.
    """

    id: str
    name: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    kind: str
    subject: str
    model: Text
    standing: RunStatus
    created: datetime
    started: datetime | None = None
    ended: datetime | None = None
    step: int = 0
    total_steps: int = 0
    score: Score | None = None
    baseline: Score | None = None
    beats_baseline: bool | None = None  # beyond chance, the simple one; None: not known
    loses_to_baseline: bool = False  # the simple one is better, beyond chance
    message: Text = ""
    queued: bool = False  # waits for its turn; no process belongs to it
    study: StudySummary | None = None  # the one that it is listed under

    @property
    def display_name(self) -> str:
        """The run's own name, or the usual one: “Run 3”."""
        return self.name or usual_name(self.id)

    @property
    def is_training(self) -> bool:
        """True if it goes on for long, with curves, and can be stopped and resumed."""
        return self.facts.trains

    @property
    def is_pretraining(self) -> bool:
        """True if it learns from rows without labels, so that trainings begin from its model."""
        return self.facts.trains and not self.facts.fits_labels

    @property
    def facts(self) -> type[PlanKind]:
        """Facts of the kind of its plan; of a folder without a readable plan nothing is known."""
        return PLAN_KINDS.get(self.kind, PlanKind)

    @property
    def state(self) -> str:
        """Status in words; a run that never began was not cancelled but taken out of the queue."""
        if self.standing is RunStatus.CANCELLED and self.started is None:
            return msg("taken out of the queue")
        return msg("in the queue") if self.queued else term(self.standing)

    @property
    def title(self) -> str:
        """“train · esol-1 · molecule-starter”."""
        return joined((term(self.kind), self.subject, self.model), " · ")


def best_training(runs: Iterable[RunSummary]) -> RunSummary | None:
    """The training with the best score among those of the dataset that was trained on last; None without a score."""
    scored = [
        run
        for run in runs
        if run.facts.fits_labels and run.standing.has_model and run.score is not None and run.score.value is not None
    ]
    if not scored or (last := scored[-1].score) is None:
        return None
    alike = [run for run in scored if run.subject == scored[-1].subject and run.score and run.score.name == last.name]
    sign = 1 if last.greater_is_better else -1
    return max(alike, key=lambda run: sign * (run.score.value or 0.0) if run.score else 0.0)
