"""TensorBoard's own reader opens what a run wrote for it."""

import errno
import time
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboardX import event_file_writer
from tensorboardX.event_file_writer import EventsWriter

from sciapp.jobs.process.tensorboard import TensorboardLog
from sciapp.records.run.events import Event, RunStarted, StepTaken, Validated


def step(number: int, total: int = 10, loss: float | None = None) -> StepTaken:
    return StepTaken(
        step=number, total_steps=total, epoch=number / 5, loss=1 / number if loss is None else loss,
        learning_rate=1e-3, gradient_norm=0.5, tokens=200 * number, seconds=0.1 * number,
    )  # fmt: skip


def validated(number: int) -> Validated:
    scores = {"rmse": 0.7, "r2": 0.4}
    return Validated(
        step=number, epoch=1, loss=0.5, score_name="rmse", score=0.7, greater_is_better=False, scores=scores
    )


def written(folder: Path, *sittings: list[Event]) -> None:
    for events in sittings:
        log = TensorboardLog(folder)
        for event in events:
            log.hear(event)
        log.close()


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    read = EventAccumulator(str(folder), size_guidance={"scalars": 0}).Reload()
    return {tag: [(one.step, one.value) for one in read.Scalars(tag)] for tag in read.Tags()["scalars"]}


def test_every_curve_of_a_run_is_there_against_the_step(tmp_path: Path) -> None:
    written(tmp_path, [RunStarted(total_steps=10), *(step(n) for n in range(1, 11)), validated(10)])
    found = curves(tmp_path)
    assert set(found) == {
        *(f"train/{name}" for name in ("loss", "learning_rate", "gradient_norm", "tokens_per_second")),
        *(f"validation/{name}" for name in ("loss", "rmse", "r2")),
    }
    assert found["train/loss"] == [(n, pytest.approx(1 / n)) for n in range(1, 11)]
    assert [value for _, value in found["train/tokens_per_second"]] == pytest.approx([2000] * 10)
    assert found["validation/rmse"] == [(10, pytest.approx(0.7))]


def test_steps_that_a_resumed_run_trains_again_are_there_once(tmp_path: Path) -> None:
    first: list[Event] = [RunStarted(total_steps=10), *(step(n, loss=1) for n in range(1, 8)), validated(6)]
    second: list[Event] = [RunStarted(resumed_at_step=4, total_steps=10), *(step(n, loss=2) for n in range(5, 11))]
    written(tmp_path, first, second)
    found = curves(tmp_path)
    assert found["train/loss"] == [(n, 1 if n <= 4 else 2) for n in range(1, 11)]
    assert found.get("validation/rmse", []) == []


def test_a_run_that_begins_anew_forgets_what_was_before_its_first_checkpoint(tmp_path: Path) -> None:
    written(
        tmp_path,
        [RunStarted(total_steps=9), step(1, loss=1), step(2, loss=1)],
        [RunStarted(total_steps=9), step(1, loss=3)],
    )
    assert curves(tmp_path)["train/loss"] == [(1, 3)]


def test_the_file_of_a_killed_sitting_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    written(tmp_path, [RunStarted(total_steps=10), *(step(n) for n in range(1, 6))])
    torn = next(tmp_path.iterdir())
    torn.write_bytes(torn.read_bytes()[:-7])
    written(tmp_path, [RunStarted(resumed_at_step=3, total_steps=10), *(step(n) for n in range(4, 8))])
    assert [n for n, _ in curves(tmp_path)["train/loss"]] == [1, 2, 3, 4, 5, 6, 7]


def test_a_million_steps_make_a_small_file_with_both_ends(tmp_path: Path) -> None:
    total = 1_000_000
    written(tmp_path, [RunStarted(total_steps=total), *(step(n, total) for n in (1, 2, 99, 100, 200, total))])
    assert [n for n, _ in curves(tmp_path)["train/loss"]] == [1, 100, 200, total]


def test_a_step_costs_less_than_a_fifth_of_a_millisecond(tmp_path: Path) -> None:
    log = TensorboardLog(tmp_path)
    log.hear(RunStarted(total_steps=5000))
    steps = [step(n, 5000) for n in range(1, 5001)]
    began = time.process_time()
    for event in steps:
        log.hear(event)
    spent = time.process_time() - began
    log.close()
    assert spent / len(steps) < 0.2e-3


def test_a_folder_that_cannot_be_written_is_said_once_and_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    log = TensorboardLog(tmp_path / "file" / "tensorboard")
    for event in (RunStarted(total_steps=3), step(1), step(2)):
        log.hear(event)
    log.close()
    assert len(caplog.records) == 1


def test_a_disk_that_fills_up_later_ends_only_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    full: list[OSError] = []

    class Filling(EventsWriter):
        def write_event(self, event: object) -> None:
            if full:
                raise full[0]
            super().write_event(event)

        def close(self) -> None:
            super().close()
            raise full[0]

    monkeypatch.setattr(event_file_writer, "EventsWriter", Filling)
    log = TensorboardLog(tmp_path)
    log.hear(RunStarted(total_steps=3))
    full.append(OSError(errno.ENOSPC, "No space left on device"))
    log.hear(step(1))
    log.hear(step(2))
    log.close()
    causes = [record.exc_info and record.exc_info[1] for record in caplog.records]
    assert causes == full * 2, "once when it is written, once when it is closed"
