"""A training that runs out of memory or diverges repairs itself, and a resumed one does so in the same way."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import ANY

import pytest
import torch

from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.out_of_memory import NothingFits
from sciapp.engine.runtime.progress import NeverStop
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.fine_tuning import LabelledBatch
from sciapp.engine.training.parts import Objective
from sciapp.engine.training.recovery.memory_watch import MemoryWatch, TooLittleMemory
from sciapp.engine.training.state import GRADIENT_NO_NUMBER, LOSS_NO_NUMBER, Diverged, TrainerState
from sciapp.engine.training.trainer import Trainer
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, Noted, RunStarted, StepTaken
from tests.helpers.fits import CPU, FP16, Parts, prepared_fit
from tests.helpers.messages import has_part, refused_exactly, values_of
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]
Change = Callable[[TrainerState, LabelledBatch, torch.Tensor], torch.Tensor]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("repairs")
    project, card = tiny_project(folder / "project")
    return project, card, tiny_model(folder / "model")


@dataclass
class ChangedObjective:
    """An objective whose loss is that of `change`, which is given the trainer's state as it is now."""

    before: Objective[LabelledBatch]
    change: Change
    state: Callable[[], TrainerState] = TrainerState

    def counts(self, batches: Sequence[LabelledBatch]) -> tuple[int, ...]:
        return self.before.counts(batches)

    def loss(self, model: torch.nn.Module, batch: LabelledBatch, counts: tuple[int, ...]) -> torch.Tensor:
        return self.change(self.state(), batch, self.before.loss(model, batch, counts))


def trainer_of(
    made: Made,
    checkpoints: Path,
    change: Change,
    device: Device = CPU,
    group: ProcessGroup | None = None,
    parts: Callable[[Parts], Parts] = lambda parts: parts,
    **settings: object,
) -> Trainer[LabelledBatch]:
    """A trainer whose loss is that of `change`."""
    project, card, model = made
    plan = tiny_plan(card, model, num_train_epochs=2, **settings)
    objectives: list[ChangedObjective] = []

    def changed(before: Parts) -> Parts:
        objectives.append(ChangedObjective(before.objective, change))
        return parts(replace(before, objective=objectives[0]))

    trainer, _ = prepared_fit(project, plan, checkpoints, device=device, change=changed, group=group)
    objectives[0].state = lambda: trainer.state
    return trainer


def plain(_: TrainerState, __: LabelledBatch, loss: torch.Tensor) -> torch.Tensor:
    return loss


def too_much_for(most: int, error: type[Exception] = RuntimeError) -> Change:
    """Batches of more than so many rows do not fit, from the fourth step on; half of them has been computed then."""

    def limited(state: TrainerState, batch: LabelledBatch, loss: torch.Tensor) -> torch.Tensor:
        if state.step >= 3 and len(batch.labels) > most:
            raise error("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")
        return loss

    return limited


def diverging(step: int) -> Change:
    """The loss is no number in the step after `step`, until training has gone back."""
    return lambda state, _, loss: loss * (math.nan if state.step == step and state.rollback is None else 1.0)


def weights(trainer: Trainer[LabelledBatch]) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in trainer.model.state_dict().items()}


def until(events: Iterator[Event], moment: Callable[[Event], bool]) -> None:
    """Leave the training as a kill would."""
    assert any(moment(event) for event in events)


def test_pieces_of_batches_come_to_the_weights_of_whole_batches(made: Made, tmp_path: Path) -> None:
    whole = trainer_of(made, tmp_path / "whole", plain, dropout=0)
    list(whole.events(NeverStop()))
    pieces = trainer_of(made, tmp_path / "pieces", too_much_for(3), dropout=0)
    said = [event.message for event in pieces.events(NeverStop()) if isinstance(event, Noted)]
    assert values_of(said[0]) == {"step": 4, "smaller": {"parts": 2}}
    assert pieces.state.micro_batching.parts >= 4 and not pieces.state.micro_batching.recompute
    since, parts = pieces.state.micro_batching.since, pieces.state.micro_batching.parts
    assert has_part(pieces.state.repairs[0], since=since, self_={"parts": parts})
    for name, tensor in weights(whole).items():
        torch.testing.assert_close(weights(pieces)[name], tensor, rtol=1e-3, atol=1e-4)


def test_a_resumed_training_begins_with_the_size_that_fitted_and_ends_with_the_same_weights(
    made: Made, tmp_path: Path
) -> None:
    undisturbed = trainer_of(made, tmp_path / "undisturbed", too_much_for(3))
    list(undisturbed.events(NeverStop()))
    killed = trainer_of(made, tmp_path / "killed", too_much_for(3))
    until(killed.events(NeverStop()), lambda event: isinstance(event, StepTaken) and event.step == 5)
    resumed = trainer_of(made, tmp_path / "killed", too_much_for(3))
    events = list(resumed.events(NeverStop()))
    assert [event.resumed_at_step for event in events if isinstance(event, RunStarted)] == [4]
    assert not any("at step 4" in event.message for event in events if isinstance(event, Noted))
    assert all(torch.equal(tensor, weights(undisturbed)[name]) for name, tensor in weights(resumed).items())


def test_a_single_row_that_does_not_fit_ends_with_a_clear_sentence(made: Made, tmp_path: Path) -> None:
    trainer = trainer_of(made, tmp_path, too_much_for(0))
    with pytest.raises(NothingFits, match="single row") as raised:
        list(trainer.events(NeverStop()))
    assert trainer.state.micro_batching.recompute and trainer.state.step == 3
    assert "max_length" in raised.value.hint


def test_a_guess_never_ends_a_training(made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the watch foresees is tried in the end, and may go well."""
    foreseen = []

    @contextmanager
    def over(watch: MemoryWatch, rows: int, length: int) -> Iterator[None]:
        if not watch.desperate:
            foreseen.append((rows, length))
            raise TooLittleMemory("foreseen")
        yield

    monkeypatch.setattr(MemoryWatch, "over", over)
    trainer = trainer_of(made, tmp_path, plain, max_steps=2)
    list(trainer.events(NeverStop()))
    assert trainer.state.step == 2 and foreseen


def test_a_training_that_diverges_goes_back_to_the_last_good_checkpoint_with_half_the_rate(
    made: Made, tmp_path: Path
) -> None:
    trainer = trainer_of(made, tmp_path, diverging(7))
    events = list(trainer.events(NeverStop()))
    assert trainer.state.rollback is not None and trainer.state.rollback.back_to == 6
    starts = [event.resumed_at_step for event in events if isinstance(event, RunStarted)]
    assert starts == [None, 6]
    rates = {event.step: event.learning_rate for event in events if isinstance(event, StepTaken)}
    undisturbed = trainer_of(made, tmp_path / "undisturbed", plain).events(NeverStop())
    usual = {event.step: event.learning_rate for event in undisturbed if isinstance(event, StepTaken)}
    assert all(rates[step] == pytest.approx(usual[step] * (0.5 if step > 6 else 1)) for step in usual)
    assert has_part(trainer.state.repairs[0], what=ANY, step=ANY, back_to=6, share=0.5)


@pytest.mark.parametrize("save_steps", [3, 50])
def test_the_best_step_before_a_divergence_stays_the_best_where_none_after_it_is_better(
    made: Made, tmp_path: Path, save_steps: int
) -> None:
    scores = iter([5.0, 4.0, 3.0, 2.0, 2.0, 1.0, 0.5])  # the main one: less is better

    def scored(before: Parts) -> Parts:
        name, evaluate = before.validation.selection.main_score, before.validation.evaluate
        validation = replace(
            before.validation, evaluate=lambda m: replace(evaluate(m), scores={name: next(scores, 9.0)})
        )
        return replace(before, validation=validation)

    trainer = trainer_of(made, tmp_path, diverging(7), parts=scored, eval_steps=1, save_steps=save_steps)
    events = list(trainer.events(NeverStop()))
    assert trainer.state.rollback is not None and trainer.state.rollback.back_to < 7
    assert (trainer.state.best_step, trainer.state.best_score) == (7, 0.5)
    assert trainer.checkpointer.best_weights(7)
    assert max(event.step for event in events if isinstance(event, StepTaken)) > 7


def test_a_checkpoint_right_before_the_divergence_is_not_trusted(made: Made, tmp_path: Path) -> None:
    trainer = trainer_of(made, tmp_path, diverging(6))
    list(trainer.events(NeverStop()))
    assert trainer.state.rollback is not None and trainer.state.rollback.back_to == 3


def test_without_a_good_checkpoint_training_goes_back_to_the_start(made: Made, tmp_path: Path) -> None:
    trainer = trainer_of(made, tmp_path / "lost", diverging(2), save_steps=50)
    list(trainer.events(NeverStop()))
    assert trainer.state.rollback is not None and trainer.state.rollback.back_to == 0
    with_half = trainer_of(made, tmp_path / "half", plain, learning_rate=5e-4)
    list(with_half.events(NeverStop()))
    assert all(torch.equal(tensor, weights(with_half)[name]) for name, tensor in weights(trainer).items())


def test_in_fp16_a_gradient_that_is_no_number_is_repaired_too(made: Made, tmp_path: Path) -> None:
    def change(state: TrainerState, _: LabelledBatch, loss: torch.Tensor) -> torch.Tensor:
        if state.step != 7 or state.rollback is not None:
            return loss
        state.loss_history.skipped = 40  # as many as a loss scale may leave out
        return loss + 0 * (0 * loss).sqrt()  # the gradient of a square root of 0 is infinite

    trainer = trainer_of(made, tmp_path, change, FP16)
    list(trainer.events(NeverStop()))
    assert trainer.state.rollback is not None and trainer.state.rollback.what == GRADIENT_NO_NUMBER
    assert trainer.state.step == trainer.total_steps


def test_in_fp16_a_process_without_rows_in_the_first_step_takes_it_with_the_others(made: Made, tmp_path: Path) -> None:
    class OtherProcessesHaveTheRows(ProcessGroup):
        def share(self, group: list[Batch]) -> list[Batch]:
            return []

        def reduce_gradients(self, model: torch.nn.Module, loss: float) -> float:
            for parameter in model.parameters():
                parameter.grad = torch.zeros_like(parameter)
            return loss

    trainer = trainer_of(made, tmp_path, plain, FP16, group=OtherProcessesHaveTheRows())
    trainer.begin()
    list(trainer.step(trainer.sampler.steps(0)[0]))
    assert trainer.state.step == 1


def test_each_process_of_a_group_begins_again_with_random_numbers_of_its_own(made: Made, tmp_path: Path) -> None:
    class Second(ProcessGroup):
        """The second process of a training that two carry out, all by itself."""

        def seed(self, seed: int) -> int:
            return ProcessGroup(rank=1).seed(seed)

    drawn = []
    for group in (ProcessGroup(), Second()):
        trainer = trainer_of(
            made, tmp_path / type(group).__name__, diverging(2), group=group, save_steps=50, max_steps=5
        )
        list(trainer.events(NeverStop()))
        assert trainer.state.rollback is not None and trainer.state.rollback.back_to == 0
        drawn.append(torch.initial_seed())
    assert drawn[1] == drawn[0] + 1


def test_the_weights_of_the_start_are_gone_when_the_training_has_ended(made: Made, tmp_path: Path) -> None:
    list(trainer_of(made, tmp_path, plain, save_total_limit=1).events(NeverStop()))
    assert list(tmp_path.glob("step-*")) and not (tmp_path / "start.safetensors").exists()


@pytest.mark.parametrize("moment", [6, 8])
def test_a_training_that_went_back_resumes_as_exactly(made: Made, tmp_path: Path, moment: int) -> None:
    undisturbed = trainer_of(made, tmp_path / "undisturbed", diverging(7))
    list(undisturbed.events(NeverStop()))
    killed = trainer_of(made, tmp_path / "killed", diverging(7))
    until(killed.events(NeverStop()), lambda event: isinstance(event, StepTaken) and event.step == moment)
    resumed = trainer_of(made, tmp_path / "killed", diverging(7))
    list(resumed.events(NeverStop()))
    assert resumed.state.rollback == undisturbed.state.rollback
    assert all(torch.equal(tensor, weights(undisturbed)[name]) for name, tensor in weights(resumed).items())


def test_a_training_that_diverges_again_ends(made: Made, tmp_path: Path) -> None:
    def lost(state: TrainerState, _: LabelledBatch, loss: torch.Tensor) -> torch.Tensor:
        return loss * (math.nan if state.step == 7 else 1.0)

    with refused_exactly(Diverged, what={"what": LOSS_NO_NUMBER, "diverged_at": 8}, step=8):
        list(trainer_of(made, tmp_path, lost).events(NeverStop()))
    assert (tmp_path / "step-000006").exists()
