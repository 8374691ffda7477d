"""The methods say what the run did: a start that was kept was not fine-tuned."""

from pathlib import Path
from unittest.mock import ANY

import pytest

from sciapp.engine.domains.about import split_facts
from sciapp.engine.reports.text.methods import START_KEPT, TRIED, paragraph
from sciapp.engine.reports.text.training import ENCODER_UNCHANGED
from sciapp.records.dataset.card import SplitPlan
from sciapp.records.dataset.leakage import Leakage, Neighbours, SplitOverlap
from sciapp.records.plan.plan import TrainPlan, Tuning
from sciapp.records.project.project import Project
from tests.helpers.made_projects import evaluation, made_dataset, scores
from tests.helpers.messages import has_part


@pytest.mark.parametrize("kept", [True, False])
def test_the_model_that_is_reported_is_the_one_that_was_kept(tmp_path: Path, kept: bool) -> None:
    card = made_dataset(Project.create(tmp_path / "p", domain="molecule"), rows=10)
    after = scores(f"After fine-tuning {START_KEPT}" if kept else "After fine-tuning", 0.5)
    plan = TrainPlan(dataset=card.id)
    said = paragraph(plan, card, evaluation().model_copy(update={"validation_after": after}), {})
    assert ("not fine-tuned" in said) is kept
    assert has_part(said, name="RMSE") is not kept
    assert has_part(said, name="RMSE", rival=ANY) is kept
    assert (TRIED in said) is kept


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
    assert split_facts()["scaffold"].methods in said
    near = {"count": {"count": 2}} if lower_bound else {"count": 2}
    rows = {"ours": {"whole": 3}, "theirs": {"whole": 9}}
    assert has_part(said, rows=rows, near=near, measure="Tanimoto similarity", threshold=0.9)
    assert has_part(said, n=1, what={"n": 1})


def test_a_stopped_training_is_told_with_where_it_ended(tmp_path: Path) -> None:
    said = told(tmp_path, stopped="after step 12 (epoch 0.4)")
    ended = {"length": {"n": 8, "length": {"n": 30}}}
    assert has_part(said, ended=ended | {"stopped": "after step 12 (epoch 0.4)"}, selected={"name": "RMSE"}, seed=0)
    assert not has_part(said, **ended)


@pytest.mark.parametrize("method", ["head", "lora"])
def test_what_stayed_is_not_called_fine_tuned(tmp_path: Path, method: str) -> None:
    said = told(tmp_path, tuning_method=method)
    assert "fine-tuned" not in said
    assert ENCODER_UNCHANGED in said
