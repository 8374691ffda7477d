"""The methods say what the run did: a start that was kept was not fine-tuned."""

from pathlib import Path

import pytest

from sciapp.engine.reports.text.methods import START_KEPT, paragraph
from sciapp.records.dataset.card import SplitPlan
from sciapp.records.dataset.leakage import Leakage, Neighbours, SplitOverlap
from sciapp.records.plan.plan import TrainPlan, Tuning
from sciapp.records.project.project import Project
from tests.helpers.made_projects import evaluation, made_dataset, scores


@pytest.mark.parametrize("kept", [True, False])
def test_the_model_that_is_reported_is_the_one_that_was_kept(tmp_path: Path, kept: bool) -> None:
    card = made_dataset(Project.create(tmp_path / "p", domain="molecule"), rows=10)
    after = scores(f"After fine-tuning {START_KEPT}" if kept else "After fine-tuning", 0.5)
    plan = TrainPlan(dataset=card.id)
    said = paragraph(plan, card, evaluation().model_copy(update={"validation_after": after}), {})
    assert ("not fine-tuned" in said) is kept
    assert ("the model with the best validation" in said) is not kept
    assert ("what it changed was not kept" in said) is kept


def told(folder: Path, *, leaks: Leakage | None = None, stopped: str = "", **tuning: object) -> str:
    card = made_dataset(Project.create(folder / "p", domain="molecule"), rows=300)
    card = card.model_copy(update={"split": SplitPlan(method="scaffold")})
    plan = TrainPlan(dataset=card.id, tuning=Tuning(**tuning))
    return paragraph(plan, card, evaluation(), {}, leaks=leaks, stopped=stopped)


@pytest.mark.parametrize("lower_bound", [False, True])
def test_the_split_is_told_with_what_it_left_alike(tmp_path: Path, lower_bound: bool) -> None:
    neighbours = Neighbours(
        rows=3, looked_at=3, training_rows=9, training_looked_at=9, lines=(2, 3, 4), similarities=(0.1, 0.95, 1.0),
        neighbour_lines=(5, 6, 7), lower_bound=lower_bound,
    )  # fmt: skip
    leaks = Leakage(
        measure="Tanimoto similarity", symbol="Tanimoto", alike=0.4, near=0.9, neighbours=neighbours, level="leak",
        crossings=(SplitOverlap(what="input", splits=("train", "test"), count=1),), verdict="",
    )  # fmt: skip
    said = told(tmp_path, leaks=leaks)
    assert "by Bemis–Murcko scaffold, none of which is in two splits" in said
    assert "Of 3 test rows, each compared with 9 training rows" in said
    assert ("at least 2 had one" in said) is lower_bound
    assert "2 had one that was nearly the same (Tanimoto similarity of at least 0.9)." in said
    assert "1 input was in training and test at once." in said


def test_a_stopped_training_is_told_with_where_it_ended(tmp_path: Path) -> None:
    said = told(tmp_path, stopped="after step 12 (epoch 0.4)")
    assert "was to end after at most" in said
    assert "stopped by hand after step 12 (epoch 0.4); the model with the best validation" in said
    assert "Training ended" not in said


@pytest.mark.parametrize("method", ["head", "lora"])
def test_what_stayed_is_not_called_fine_tuned(tmp_path: Path, method: str) -> None:
    said = told(tmp_path, tuning_method=method)
    assert "fine-tuned" not in said
    assert "The encoder’s own weights stayed as they were." in said
