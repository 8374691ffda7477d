"""The methods say what the run did: a start that was kept was not fine-tuned."""

from pathlib import Path

import pytest

from sciapp.engine.reports.methods import START_KEPT, paragraph
from sciapp.records.plan import TrainPlan
from sciapp.records.project import Project
from tests.helpers.made_projects import evaluation, made_dataset, scores


@pytest.mark.parametrize("kept", [True, False])
def test_the_model_that_is_reported_is_the_one_that_was_kept(tmp_path: Path, kept: bool) -> None:
    card = made_dataset(Project.create(tmp_path / "p", domain="molecule"), rows=10)
    after = scores(f"After fine-tuning {START_KEPT}" if kept else "After fine-tuning", 0.5)
    plan = TrainPlan(dataset=card.id)
    said = paragraph(plan, plan, card, evaluation().model_copy(update={"validation_after": after}), {})
    assert ("not fine-tuned" in said) is kept
    assert ("the model with the best validation" in said) is not kept
