"""What goes along with every run, and may never end one: TensorBoard's file, staying awake, the memory it took."""

from collections.abc import Iterator

from sciapp.errors import OutOfSpace
from sciapp.jobs.awake import kept_awake
from sciapp.jobs.tensorboard_log import TensorboardLog
from sciapp.records.events import Event, Noted, ResourcesUsed, StepTaken
from sciapp.records.run import Run


def accompanied(run: Run, events: Iterator[Event]) -> Iterator[Event]:
    """`events` as they come, each heard here after whoever asked for it has put it on disk; then what was used.

    Also for a run that fails, which may have failed for want of memory; only a full disk is not written to again.
    """
    log, last = TensorboardLog(run.tensorboard_folder), None
    with kept_awake() as remark:
        try:
            if remark:
                yield Noted(message=remark)
            for event in events:
                yield event
                log.hear(event)
                last = event if isinstance(event, StepTaken) else last
            yield _used(last)
        except (OutOfSpace, GeneratorExit):
            raise
        except Exception:
            yield _used(last)
            raise
        finally:
            log.close()


def _used(last: StepTaken | None) -> ResourcesUsed:
    # torch is here already: whatever was executed has imported it.
    from sciapp.engine.models.peak_memory import peak_gpu_memory, peak_memory

    pace = last.tokens / last.seconds if last is not None and last.seconds > 0 else None
    return ResourcesUsed(peak_memory=peak_memory(), peak_gpu_memory=peak_gpu_memory(), tokens_per_second=pace)
