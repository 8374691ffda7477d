"""Write a run's curves for TensorBoard as well: `tensorboard --logdir runs/<id>/tensorboard` shows them live."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sciapp.records.run.events import Event, RunStarted, StepTaken, Validated

_MOST_POINTS = 10_000  # of a curve, about 1.5 MB; TensorBoard itself shows a thousand unless told otherwise
_FLUSH_EVERY = 10.0  # seconds; a flush waits for the disk


class TensorboardLog:
    """Reads the same events as everybody else and appends what has a step to one event file a sitting.

    Curves longer than 10,000 steps are thinned to at most twice that: every n-th step is written as it was.
    tensorboardX's synchronous writer is used, not its `SummaryWriter`: that one writes from a thread of its own, and
    where the thread dies of a full disk, `add_scalar` waits for it for ever.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: Any = None
        self._broken = False
        self._stride = 1
        self._flushed = 0.0
        self._last: StepTaken | None = None

    def hear(self, event: Event) -> None:
        """Take an event in. Whatever goes wrong (a full disk) ends this log and nothing else."""
        if self._broken:
            return
        try:
            self._write(event)
        except Exception:
            self._broken = True
            logging.warning("TensorBoard's file cannot be written any more", exc_info=True)
            self.close()

    def close(self) -> None:
        """Harmless when it was never opened, or broke."""
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except Exception:
                logging.warning("TensorBoard's file could not be closed", exc_info=True)

    def _write(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._begin(event)
            case StepTaken():
                self._step(event)
            case Validated():
                scores = {f"validation/{name}": value for name, value in event.scores.items()}
                self._add(event.step, event.time, {"validation/loss": event.loss, **scores})
            case _:
                pass

    def _begin(self, event: RunStarted) -> None:
        """Readers are told to drop what they hold of steps that are trained again."""
        self._last = None
        self._stride = max(1, (event.total_steps or 0) // _MOST_POINTS)
        self._open()
        from tensorboardX.proto.event_pb2 import SessionLog

        again = 0 if event.resumed_at_step is None else event.resumed_at_step + 1
        self._put(step=again, wall_time=event.time, session_log=SessionLog(status=SessionLog.START))

    def _step(self, event: StepTaken) -> None:
        if event.step % self._stride and event.step not in {1, event.total_steps}:
            return
        before, self._last = self._last, event
        values = {
            "train/loss": event.loss,
            "train/learning_rate": event.learning_rate,
            "train/gradient_norm": event.gradient_norm,
        }
        tokens, seconds = event.tokens, event.seconds
        if before is not None:
            tokens, seconds = tokens - before.tokens, seconds - before.seconds
        if seconds > 0:
            values["train/tokens_per_second"] = tokens / seconds
        self._add(event.step, event.time, values)

    def _open(self) -> None:
        if self._writer is not None:
            return
        # Imported now, when the run process has torch anyway: tensorboardX brings it in.
        from tensorboardX.event_file_writer import EventsWriter

        self._folder.mkdir(exist_ok=True)
        # Its own names count seconds and would overwrite the file of a sitting that was killed at once.
        sitting = f".{len(list(self._folder.glob('events.*'))):04d}"
        self._writer = EventsWriter(str(self._folder / "events"), sitting)

    def _add(self, step: int, moment: float, values: Mapping[str, float]) -> None:
        from tensorboardX.proto.summary_pb2 import Summary

        self._open()
        summary = Summary(value=[Summary.Value(tag=name, simple_value=value) for name, value in values.items()])
        self._put(step=step, wall_time=moment, summary=summary)
        if time.monotonic() - self._flushed >= _FLUSH_EVERY:
            self._writer.flush()
            self._flushed = time.monotonic()

    def _put(self, **fields: Any) -> None:
        from tensorboardX.proto.event_pb2 import Event as Written

        self._writer.write_event(Written(**fields))
