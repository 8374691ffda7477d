"""Speed of a training and its remaining time: the same words in the window and on the command line."""

from collections import deque

from sciapp.i18n import msg
from sciapp.records.run.events import Progressed, StepTaken


class RemainingTime:
    """Seconds left, from the pace of the recent steps rather than from the start, which is slower."""

    def __init__(self, window: int = 50) -> None:
        self._window = window
        self._marks: list[tuple[int, float]] = []

    def reset(self) -> None:
        self._marks.clear()

    def update(self, event: StepTaken) -> float | None:
        """Take a step in; the estimate in seconds, or None while there is too little to go by."""
        if self._marks and event.step <= self._marks[-1][0]:
            self._marks.clear()
        self._marks = [*self._marks[-self._window + 1 :], (event.step, event.seconds)]
        (first_step, first_time), (step, now) = self._marks[0], self._marks[-1]
        if step == first_step or now <= first_time:
            return None
        return (event.total_steps - step) * (now - first_time) / (step - first_step)


class RemainingStageTime:
    """Seconds left in a stage that counts, from the pace of the recent reports: what was done before comes at once."""

    _SHORTEST = 3.0  # seconds; before that nobody can tell

    def __init__(self, window: int = 50) -> None:
        self._window = window
        self._marks: list[tuple[int, float]] = []

    def reset(self) -> None:
        self._marks.clear()

    def update(self, event: Progressed) -> float | None:
        """Take a report in; the estimate in seconds, or None while there is too little to go by."""
        if self._marks and event.done < self._marks[-1][0]:
            self._marks.clear()
        self._marks = [*self._marks[-self._window + 1 :], (event.done, event.time)]
        (first, began), (done, now) = self._marks[0], self._marks[-1]
        if done == first or done >= event.total or now - began < self._SHORTEST:
            return None
        return (event.total - done) * (now - began) / (done - first)


class Throughput:
    """Tokens per second over the recent steps: what a GPU that gets hot or a second program shows in at once."""

    def __init__(self, window: int = 50) -> None:
        self._marks: deque[tuple[int, int, float]] = deque(maxlen=window + 1)

    def update(self, event: StepTaken) -> float | None:
        """Take a step in; None while there is too little to go by."""
        if self._marks and event.step <= self._marks[-1][0]:
            self._marks.clear()
        self._marks.append((event.step, event.tokens, event.seconds))
        (_, first, began), (_, tokens, now) = self._marks[0], self._marks[-1]
        return (tokens - first) / (now - began) if now > began else None


def tokens_per_second(event: StepTaken) -> str:
    """“3,700 tokens/s” on average over the training so far, empty before there is an average."""
    return msg("{tokens:,.0f} tokens/s", tokens=event.tokens / event.seconds) if event.seconds > 0 else ""


def duration(seconds: float) -> str:
    """“12 s”, “3 min 05 s” or “2 h 14 min”."""
    whole = max(0, round(seconds))
    if whole < 60:
        return msg("{seconds} s", seconds=whole)
    if whole < 3600:
        return msg("{minutes} min {seconds} s", minutes=whole // 60, seconds=f"{whole % 60:02}")
    return msg("{hours} h {minutes} min", hours=whole // 3600, minutes=f"{whole % 3600 // 60:02}")
