"""A training that runs out of memory or diverges repairs itself, and a resumed one does so in the same way."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from sciapp.engine.runtime.device import Device
from sciapp.engine.runtime.out_of_memory import NothingFits
from sciapp.engine.runtime.progress import NeverStop
from sciapp.engine.training.distributed import ProcessGroup
from sciapp.engine.training.fine_tuning import FineTuning
from sciapp.engine.training.recovery.memory_watch import TooLittleMemory
from sciapp.engine.training.state import Diverged, TrainerState
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project
from sciapp.records.run.events import Event, Noted, RunStarted, StepTaken
from tests.helpers.fits import CPU, FP16, prepared_fit
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project

Made = tuple[Project, DatasetCard, Path]
Loss = Callable[..., torch.Tensor]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("repairs")
    project, card = tiny_project(folder / "project")
    return project, card, tiny_model(folder / "model")


def fit_of(
    made: Made, checkpoints: Path, change: Callable[[FineTuning, Loss], Loss], device: Device = CPU, **settings: object
) -> FineTuning:
    """A fit whose loss is that of `change`."""
    project, card, model = made
    fit, _ = prepared_fit(project, tiny_plan(card, model, num_train_epochs=2, **settings), checkpoints, device=device)
    changed = change(fit, fit._objective.loss)
    fit._objective = type("Changed", (), {"loss": staticmethod(changed)})()
    return fit


def plain(_: FineTuning, loss: Loss) -> Loss:
    return loss


def too_much_for(most: int, error: type[Exception] = RuntimeError) -> Callable[[FineTuning, Loss], Loss]:
    """Batches of more than so many rows do not fit, from the fourth step on; half of them has been computed then."""

    def change(fit: FineTuning, loss: Loss) -> Loss:
        def limited(model: object, inputs: dict[str, torch.Tensor], *rest: object) -> torch.Tensor:
            value = loss(model, inputs, *rest)
            if fit.position.step >= 3 and len(inputs["input_ids"]) > most:
                raise error("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")
            return value

        return limited

    return change


def diverging(step: int) -> Callable[[FineTuning, Loss], Loss]:
    """The loss is no number in the step after `step`, until training has gone back."""

    def change(fit: FineTuning, loss: Loss) -> Loss:
        def lost(*arguments: object) -> torch.Tensor:
            once = fit.position.step == step and fit.position.setback is None
            return loss(*arguments) * (math.nan if once else 1.0)

        return lost

    return change


def weights(fit: FineTuning) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in fit._model.state_dict().items()}


def until(events: Iterator[Event], moment: Callable[[Event], bool]) -> None:
    """Leave the training as a kill would."""
    assert any(moment(event) for event in events)


def test_pieces_of_batches_come_to_the_weights_of_whole_batches(made: Made, tmp_path: Path) -> None:
    whole = fit_of(made, tmp_path / "whole", plain, dropout=0)
    list(whole.events(NeverStop()))
    pieces = fit_of(made, tmp_path / "pieces", too_much_for(3), dropout=0)
    said = [event.message for event in pieces.events(NeverStop()) if isinstance(event, Noted)]
    assert said[0] == (
        "The memory is not enough at step 4: from now on batches are learnt from in 2 parts. The weights still move "
        "once for the same rows."
    )
    assert pieces.position.fitted.parts >= 4 and not pieces.position.fitted.recompute
    assert f"each batch was learnt from in {pieces.position.fitted.parts} parts" in pieces.position.repairs[0]
    for name, tensor in weights(whole).items():
        torch.testing.assert_close(weights(pieces)[name], tensor, rtol=1e-3, atol=1e-4)


def test_a_resumed_training_begins_with_the_size_that_fitted_and_ends_with_the_same_weights(
    made: Made, tmp_path: Path
) -> None:
    undisturbed = fit_of(made, tmp_path / "undisturbed", too_much_for(3))
    list(undisturbed.events(NeverStop()))
    killed = fit_of(made, tmp_path / "killed", too_much_for(3))
    until(killed.events(NeverStop()), lambda event: isinstance(event, StepTaken) and event.step == 5)
    resumed = fit_of(made, tmp_path / "killed", too_much_for(3))
    events = list(resumed.events(NeverStop()))
    assert [event.resumed_at_step for event in events if isinstance(event, RunStarted)] == [4]
    assert not any("at step 4" in event.message for event in events if isinstance(event, Noted))
    assert all(torch.equal(tensor, weights(undisturbed)[name]) for name, tensor in weights(resumed).items())


def test_a_single_row_that_does_not_fit_ends_with_a_clear_sentence(made: Made, tmp_path: Path) -> None:
    fit = fit_of(made, tmp_path, too_much_for(0))
    with pytest.raises(NothingFits, match="a single row") as raised:
        list(fit.events(NeverStop()))
    assert fit.position.fitted.recompute and fit.position.step == 3
    assert "max_length" in raised.value.hint


def test_a_guess_never_ends_a_training(made: Made, tmp_path: Path) -> None:
    """What the watch foresees is tried in the end, and may go well."""

    def change(fit: FineTuning, loss: Loss) -> Loss:
        def guarded(*arguments: object) -> torch.Tensor:
            if not fit._repair.watch.desperate:
                raise TooLittleMemory("foreseen")
            return loss(*arguments)

        return guarded

    fit = fit_of(made, tmp_path, change, max_steps=2)
    list(fit.events(NeverStop()))
    assert fit.position.step == 2


def test_a_training_that_diverges_goes_back_to_the_last_good_checkpoint_with_half_the_rate(
    made: Made, tmp_path: Path
) -> None:
    fit = fit_of(made, tmp_path, diverging(7))
    events = list(fit.events(NeverStop()))
    assert fit.position.setback is not None and fit.position.setback.back_to == 6
    starts = [event.resumed_at_step for event in events if isinstance(event, RunStarted)]
    assert starts == [None, 6]
    rates = {event.step: event.learning_rate for event in events if isinstance(event, StepTaken)}
    undisturbed = fit_of(made, tmp_path / "undisturbed", plain).events(NeverStop())
    usual = {event.step: event.learning_rate for event in undisturbed if isinstance(event, StepTaken)}
    assert all(rates[step] == pytest.approx(usual[step] * (0.5 if step > 6 else 1)) for step in usual)
    assert "It went back to step 6 and on with 50% of the learning rate" in fit.position.repairs[0]


@pytest.mark.parametrize("save_steps", [3, 50])
def test_the_best_step_before_a_divergence_stays_the_best_where_none_after_it_is_better(
    made: Made, tmp_path: Path, save_steps: int
) -> None:
    fit = fit_of(made, tmp_path, diverging(7), eval_steps=1, save_steps=save_steps)
    judged, told = fit._judge, iter([5.0, 4.0, 3.0, 2.0, 2.0, 1.0, 0.5])  # of the main score: less is better
    fit._judge = lambda model: replace(judged(model), scores={fit._goal.main_score: next(told, 9.0)})
    events = list(fit.events(NeverStop()))
    assert fit.position.setback is not None and fit.position.setback.back_to < 7
    assert (fit.position.best_step, fit.position.best_score) == (7, 0.5)
    assert fit._checkpointer.best_weights(7)
    assert max(event.step for event in events if isinstance(event, StepTaken)) > 7


def test_a_checkpoint_right_before_the_divergence_is_not_trusted(made: Made, tmp_path: Path) -> None:
    fit = fit_of(made, tmp_path, diverging(6))
    list(fit.events(NeverStop()))
    assert fit.position.setback is not None and fit.position.setback.back_to == 3


def test_without_a_good_checkpoint_training_goes_back_to_the_start(made: Made, tmp_path: Path) -> None:
    fit = fit_of(made, tmp_path / "lost", diverging(2), save_steps=50)
    list(fit.events(NeverStop()))
    assert fit.position.setback is not None and fit.position.setback.back_to == 0
    with_half = fit_of(made, tmp_path / "half", plain, learning_rate=5e-4)
    list(with_half.events(NeverStop()))
    assert all(torch.equal(tensor, weights(with_half)[name]) for name, tensor in weights(fit).items())


def test_in_fp16_a_gradient_that_is_no_number_is_repaired_too(made: Made, tmp_path: Path) -> None:
    def change(fit: FineTuning, loss: Loss) -> Loss:
        def lost(*arguments: object) -> torch.Tensor:
            value = loss(*arguments)
            if fit.position.step != 7 or fit.position.setback is not None:
                return value
            fit.position.course.skipped = 40  # as many as a loss scale may leave out
            return value + 0 * (0 * value).sqrt()  # the gradient of a square root of 0 is infinite

        return lost

    fit = fit_of(made, tmp_path, change, FP16)
    list(fit.events(NeverStop()))
    assert fit.position.setback is not None and fit.position.setback.what == "the gradient is not a number"
    assert fit.position.step == fit.total_steps


def test_in_fp16_a_process_without_rows_in_the_first_step_takes_it_with_the_others(made: Made, tmp_path: Path) -> None:
    fit = fit_of(made, tmp_path, plain, FP16)

    def from_the_others(*_: object) -> float:
        for parameter in fit._model.parameters():
            parameter.grad = torch.zeros_like(parameter)
        return 0.0

    fit._accumulate = from_the_others  # type: ignore[method-assign]
    fit.begin()
    list(fit.step(fit.groups(0)[0]))
    assert fit.position.step == 1


def test_each_process_of_a_team_begins_again_with_random_numbers_of_its_own(made: Made, tmp_path: Path) -> None:
    fit = fit_of(made, tmp_path, plain)
    fit._checkpointer.save_start(fit._model)
    fit._checkpointer.team = ProcessGroup(rank=1)
    fit._repair.back(Diverged(3), TrainerState(step=2), fit._checkpointer)
    assert torch.initial_seed() == fit._plan.seed + 1


def test_the_weights_of_the_start_are_gone_when_the_training_has_ended(made: Made, tmp_path: Path) -> None:
    list(fit_of(made, tmp_path, plain, save_total_limit=1).events(NeverStop()))
    assert list(tmp_path.glob("step-*")) and not (tmp_path / "start.safetensors").exists()


@pytest.mark.parametrize("moment", [6, 8])
def test_a_training_that_went_back_resumes_as_exactly(made: Made, tmp_path: Path, moment: int) -> None:
    undisturbed = fit_of(made, tmp_path / "undisturbed", diverging(7))
    list(undisturbed.events(NeverStop()))
    killed = fit_of(made, tmp_path / "killed", diverging(7))
    until(killed.events(NeverStop()), lambda event: isinstance(event, StepTaken) and event.step == moment)
    resumed = fit_of(made, tmp_path / "killed", diverging(7))
    list(resumed.events(NeverStop()))
    assert resumed.position.setback == undisturbed.position.setback
    assert all(torch.equal(tensor, weights(undisturbed)[name]) for name, tensor in weights(resumed).items())


def test_a_training_that_diverges_again_ends(made: Made, tmp_path: Path) -> None:
    def change(fit: FineTuning, loss: Loss) -> Loss:
        return lambda *arguments: loss(*arguments) * (math.nan if fit.position.step == 7 else 1.0)

    with pytest.raises(Diverged, match="after the learning rate was halved because of step 8"):
        list(fit_of(made, tmp_path, change).events(NeverStop()))
    assert (tmp_path / "step-000006").exists()
