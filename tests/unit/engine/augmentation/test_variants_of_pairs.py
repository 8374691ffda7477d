"""Rows that are pairs: a masked model writes both values anew, each by draws of its own, and they stay a pair."""

from pathlib import Path

import torch

from sciapp.engine.augmentation.variants import variants_by
from sciapp.engine.domains.pair import paired
from sciapp.engine.domains.registry import domain_named
from sciapp.records.plan.plan import TrainPlan, with_settings

SEQUENCE = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ"


def test_both_values_of_a_pair_change_by_draws_of_their_own(tmp_path: Path) -> None:
    domain = domain_named("protein pair")
    plan = with_settings(TrainPlan(dataset="d"), {"augmentations": "masked_substitution", "augmentation_strength": 1})
    rows = [paired(SEQUENCE, SEQUENCE), paired(SEQUENCE, "MKW")]
    made = variants_by("masked_substitution", plan, domain, "f", rows, tmp_path, tmp_path, torch.device("cpu"))
    for row, value in enumerate(rows):
        assert len(made.of(row)) == 3
        for variant in made.of(row):
            assert domain.clean(variant) == variant
            old, new = value.parts, variant.parts
            assert [len(part) for part in new] == [len(part) for part in old]
            assert new[0] != old[0] and new[1] != old[1]
    assert any(one != other for one, other in (variant.parts for variant in made.of(0)))
