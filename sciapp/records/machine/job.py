"""Progress of a run that is on, whichever project it belongs to."""

from math import ceil

from sciapp.i18n import Text, msg, term
from sciapp.records.base import Frozen
from sciapp.records.run.progress import duration
from sciapp.records.run.run import usual_name


class JobProgress(Frozen):
    """The state of a run by its newest events.

    project_file: what opens its project. stage: the current one, such as “Loading the model”; empty while steps are
    taken. done, total: of the stage or of the steps (total 0: unknown). passes: over the data so far, of `epochs`;
    0 where the run makes none. seconds_left: None while there is too little to go by. scores: the score that selects
    the best model, oldest first, on validation rows; baseline: the simple method's on the same rows.
    """

    folder: str
    project_folder: str
    project: str
    run: str
    name: str = ""
    kind: str = ""
    subject: str = ""
    stage: Text = ""
    done: int = 0
    total: int = 0
    passes: float = 0.0
    epochs: int = 0
    seconds_left: float | None = None
    score_name: str = ""
    greater_is_better: bool = True
    scores: tuple[float, ...] = ()
    baseline: float | None = None
    trains: bool = False

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where it is not known."""
        return min(self.done / self.total, 1.0) if self.total else None

    @property
    def best(self) -> float | None:
        """The best score so far."""
        if not self.scores:
            return None
        return max(self.scores) if self.greater_is_better else min(self.scores)

    @property
    def title(self) -> str:
        """The name that a person gave to the run, else its usual one: “Run 3”."""
        return self.name or usual_name(self.run)

    @property
    def state(self) -> str:
        """“pass 13 of 30”, else the stage, else that it is on."""
        if self.stage:
            return self.stage
        if self.epochs:
            return msg(
                "pass {epoch} of {epochs}", epoch=min(max(1, ceil(self.passes)), self.epochs), epochs=self.epochs
            )
        return term("running")

    @property
    def left(self) -> str:
        """“about 6 min left”; empty while nobody can tell."""
        if self.seconds_left is None:
            return ""
        return msg("about {time} left", time=roughly(self.seconds_left))


def roughly(seconds: float) -> str:
    """“40 s”, “6 min”, “2 h 10 min”: no finer than it is known."""
    if seconds < 60:
        return duration(max(10, 10 * round(seconds / 10)))
    if seconds < 3600:
        return msg("{minutes} min", minutes=round(seconds / 60))
    minutes = 10 * round(seconds / 600)
    return msg("{hours} h {minutes} min", hours=minutes // 60, minutes=f"{minutes % 60:02}")
