"""The story of a training for a person who watches it: stages, the score that matters, milestones, one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from sciapp.i18n import joined, msg
from sciapp.records.run.evaluation import Score
from sciapp.records.run.events import (
    BaselineMeasured,
    CheckpointSaved,
    Event,
    Noted,
    Progressed,
    RunEnded,
    RunStarted,
    StageBegan,
    StepTaken,
    Validated,
)
from sciapp.records.run.progress import RemainingTime, duration
from sciapp.records.run.score_format import in_sentence, value_text

Phase = Literal["waiting", "preparing", "training", "judging", "over"]
MilestoneKind = Literal["done", "best", "note", "warning", "failed"]
_NO_GAIN = 3  # validations without a better score before the sentence says so
_TRAINING = "training"  # the stage that takes steps


@dataclass(frozen=True)
class Stage:
    """A named part of a run. done, total: of its own count, both 0 where it has none."""

    key: str
    title: str
    done: int = 0
    total: int = 0
    over: bool = False


@dataclass(frozen=True)
class Milestone:
    """Something that happened. time: seconds since 1970."""

    kind: MilestoneKind
    title: str
    detail: str
    time: float


@dataclass(frozen=True)
class ScorePoint:
    """The main score on the validation rows after so many passes over the training rows."""

    step: int
    passes: float
    score: float
    best: bool


class RunStory:
    """Takes the events of a run in, live or from last year, and says how it stands."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.stages: tuple[Stage, ...] = ()
        self.points: tuple[ScorePoint, ...] = ()
        self.milestones: tuple[Milestone, ...] = ()
        self.baseline: BaselineMeasured | None = None
        self.score_name, self.greater_is_better = "", False
        self._last: StepTaken | None = None
        self._ended: RunEnded | None = None
        self._time_left = RemainingTime()
        self._seconds_left: float | None = None
        self._began = False
        self._is_starting = False  # its stages begin before its steps do, after a resume too

    def add(self, events: Iterable[Event]) -> None:
        for event in events:
            self._take(event)

    # --- what it says ---------------------------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        if self._ended is not None:
            return "over"
        if not self._began:
            return "waiting"
        if self._is_starting or (self._last is None and not self.points):
            return "preparing"
        return "training" if self._current is None or self._current.key == _TRAINING else "judging"

    @property
    def ended(self) -> RunEnded | None:
        return self._ended

    @property
    def passes(self) -> float:
        """Passes over the training rows so far."""
        return self._last.epoch if self._last is not None else self.points[-1].passes if self.points else 0.0

    @property
    def all_passes(self) -> float:
        """Passes that the whole training makes if nothing stops it early; 0 while that is not known."""
        last = self._last
        return last.epoch * last.total_steps / last.step if last is not None and last.step else 0.0

    @property
    def share(self) -> float | None:
        """Share of all steps that are done; None while nothing counts. While it prepares, of the stage."""
        if self.phase == "training" and self._last is not None and self._last.total_steps:
            return self._last.step / self._last.total_steps
        current = self._current
        return current.done / current.total if current is not None and current.total else None

    @property
    def seconds_left(self) -> float | None:
        """At most, by the pace of the newest steps; None while there is too little to go by."""
        return self._seconds_left if self.phase == "training" else None

    @property
    def best(self) -> ScorePoint | None:
        return next((point for point in reversed(self.points) if point.best), None)

    @property
    def since_best(self) -> int:
        """Validations after the best one."""
        return next((n for n, point in enumerate(reversed(self.points)) if point.best), len(self.points))

    @property
    def is_ahead(self) -> bool | None:
        """True if the best model so far does better than the simple method on the same rows; None: not comparable."""
        if self.best is None or self.baseline is None or self.baseline.score_name != self.score_name:
            return None
        difference = self.best.score - self.baseline.score
        return difference > 0 if self.greater_is_better else difference < 0

    @property
    def headline(self) -> str:
        """How it stands in a few words: “Getting better: off by 0.71”."""
        if self.best is None or self.phase == "preparing":
            current = self._current
            return msg("{stage}…", stage=current.title) if current is not None else msg("Starting…")
        score = off_by(self.score_name, self.best.score)
        if self.phase in {"judging", "over"}:
            return msg("Best on the rows it chooses by: {score}", score=score)
        if self.since_best >= _NO_GAIN:
            return msg("No longer getting better: {score} at best", score=score)
        if self.since_best == 0 and len(self.points) > 1:
            return msg("Getting better: {score}", score=score)
        return msg("So far: {score}", score=score)

    @property
    def detail(self) -> str:
        """The comparison with the simple method, and the time that is left at most."""
        parts = []
        if self.baseline is not None and self.baseline.score_name == self.score_name:
            parts.append(msg("The simple method: {score}.", score=off_by(self.score_name, self.baseline.score)))
        if (left := self.seconds_left) is not None:
            parts.append(msg("At this pace at most {time} left.", time=duration(left)))
        if self.phase == "judging" and (current := self._current) is not None:
            parts.append(msg("{stage}…", stage=current.title))
        return joined(parts)

    # --- what comes in --------------------------------------------------------------------------------------------

    @property
    def _current(self) -> Stage | None:
        return self.stages[-1] if self.stages else None

    def _take(self, event: Event) -> None:
        if not isinstance(event, RunEnded):
            self._began = True
        match event:
            case RunStarted():
                self._start(event)
            case StageBegan():
                begins_anew = bool(self.stages) and event.stage == self.stages[0].key
                self._is_starting |= self._ended is not None or begins_anew
                stages = tuple(replace(stage, over=True) for stage in self.stages)
                self.stages, self._ended = (*stages, Stage(event.stage, event.title)), None
            case Progressed():
                self._count(event)
            case StepTaken():
                self._last, self._seconds_left = event, self._time_left.update(event)
            case BaselineMeasured():
                self._baseline(event)
            case Validated():
                self._validated(event)
            case CheckpointSaved() | Noted() | RunEnded():
                self._remember(event)
            case _:
                pass

    def _start(self, event: RunStarted) -> None:
        self._time_left.reset()
        self._ended, self._is_starting = None, False
        if event.resumed_at_step is None:
            self.points, self._last = (), None
            return
        self.points = tuple(point for point in self.points if point.step <= event.resumed_at_step)
        title = msg("Went on after step {step:,}", step=event.resumed_at_step)
        self.milestones = (*self.milestones, Milestone("note", title, "", event.time))

    def _count(self, event: Progressed) -> None:
        if self.stages and self.stages[-1].key == event.stage:
            counted = replace(self.stages[-1], done=event.done, total=event.total)
            self.stages = (*self.stages[:-1], counted)

    def _baseline(self, event: BaselineMeasured) -> None:
        again = self.baseline is not None
        self.baseline = event
        if not again:
            detail = joined([off_by(event.score_name, event.score), event.name], " · ")
            self._milestone("done", msg("Simple method measured"), detail, event.time)

    def _validated(self, event: Validated) -> None:
        ahead = self.is_ahead
        self.score_name, self.greater_is_better = event.score_name, event.greater_is_better
        self.points = (*self.points, ScorePoint(event.step, event.epoch, event.score, event.best))
        if self.is_ahead and not ahead:
            self._milestone("note", msg("Ahead of the simple method"), _since(event.epoch), event.time)
        if event.best and event.step:
            title, score = msg("Best so far kept"), off_by(event.score_name, event.score)
            detail = joined([_after(event.epoch), score], " · ")
            before = tuple(one for one in self.milestones if one.kind != "best")
            self.milestones = (*before, Milestone("best", title, detail, event.time))

    def _remember(self, event: CheckpointSaved | Noted | RunEnded) -> None:
        if isinstance(event, Noted) and event.level != "info":
            kind: MilestoneKind = "failed" if event.level == "error" else "warning"
            self._milestone(kind, msg("Mind"), event.message, event.time)
        elif isinstance(event, RunEnded):
            self._ended = event
            self.stages = tuple(replace(stage, over=True) for stage in self.stages)

    def _milestone(self, kind: MilestoneKind, title: str, detail: str, time: float) -> None:
        self.milestones = (*self.milestones, Milestone(kind, title, detail, time))


def off_by(name: str, value: float) -> str:
    """A score in a sentence: “off by 0.71” for a typical miss, “ROC-AUC 0.83” for any other."""
    text = value_text(Score(name=name, value=value))
    if name == "rmse":
        return msg("off by {value}", value=text)
    if name == "mae":
        return msg("off by {value} on average", value=text)
    return msg("{score} {value}", score=in_sentence(name), value=text)


def _since(passes: float) -> str:
    if passes >= 1:
        return msg("since pass {passes:.0f}", passes=passes)
    return msg("since the first pass") if passes else msg("from the beginning")


def _after(passes: float) -> str:
    return msg("pass {passes:.0f}", passes=passes) if passes >= 1 else msg("in the first pass")
