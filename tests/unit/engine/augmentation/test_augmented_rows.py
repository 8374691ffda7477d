"""Training rows as they are shown in a pass: the same from the same seed, labels in their places, and no others."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.augmentation.augmented_rows import AugmentedRows, augmented
from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.tokenization.batches import Batch, shuffled_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.models.architectures.from_scratch import fresh_reader
from sciapp.engine.tasks.base import Task
from sciapp.engine.tasks.regression import Regression
from sciapp.engine.tasks.token_classification import IGNORED, TokenClassification
from sciapp.errors import BadInput
from sciapp.records.plan.plan import TrainPlan, with_settings
from tests.helpers.messages import refused_exactly

MOLECULES = ["CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CCO", "CCCCCCCC(=O)O", "c1ccc2ccccc2c1"]
SENTENCES = ["Binding of calcium to troponin starts the contraction of muscle.", "We saw nothing of the kind today."]
NAMES = ("low", "high")


def plan(**changed: object) -> TrainPlan:
    return with_settings(TrainPlan(dataset="d", seed=3), changed)


def whole_rows(longest: int = 64, **changed: object) -> AugmentedRows:
    """Molecules with a number each."""
    domain = domain_named("molecule")
    inputs = [domain.clean(one) for one in MOLECULES] * 4
    targets = np.arange(len(inputs), dtype=np.float64)[:, None]
    return shown_rows("molecule", inputs, targets, Regression(("y",), targets), longest, **changed)


def tagged(domain: str, inputs: list[str], longest: int = 64, **changed: object) -> AugmentedRows:
    """Each unit has the label of its length's or letter's parity, so that labels tell units apart."""
    separator = domain_named(domain).label_separator or ""
    units = [domain_named(domain).units(value) for value in inputs]
    labels = TokenLabels.of([[place % 2 for place in range(len(row))] for row in units])
    return shown_rows(domain, inputs, labels, TokenClassification(NAMES, separator), longest, **changed)


def shown_rows(
    domain: str, inputs: list[str], targets: Any, task: Task, longest: int, **changed: object
) -> AugmentedRows:
    tokenizer = fresh_reader(domain, SENTENCES * 20)  # type: ignore[arg-type]
    rows = Rows(np.arange(len(inputs)), inputs, targets)
    tokens = task.tokenized(tokenizer, inputs, longest, lambda done: None)
    labels = task.labels(targets, tokens)
    found = augmented(plan(**changed), domain_named(domain), task, tokenizer, rows, tokens, longest, labels)
    assert found is not None
    return found


def everything(rows: AugmentedRows, epoch: int, size: int = 64) -> dict[int, list[int]]:
    """What each piece is shown as in a pass, whatever batches it comes in."""
    found = {}
    for batch in shuffled_batches(rows.tokens.rows.lengths, size, seed=1, epoch=epoch):
        anew = rows.augment(batch, epoch)
        assert (np.diff(anew.tokens.starts) <= anew.batch.length).all()
        found |= {int(row): anew.tokens[place].tolist() for place, row in enumerate(batch.rows)}
    return found


SPELT = {"augmentations": "randomized_smiles", "augmentation_strength": 1.0, "augmented_share": 1.0}


@given(epoch=st.integers(0, 50), size=st.sampled_from([32, 64, 200]))
@settings(deadline=None, max_examples=15)
def test_what_is_shown_follows_from_pass_and_row_not_from_the_batch(epoch: int, size: int) -> None:
    rows = whole_rows(**SPELT, token_masking=0.2)
    assert everything(rows, epoch, size) == everything(rows, epoch, 100)


def test_every_row_shown_is_the_same_molecule_and_most_are_spelt_anew() -> None:
    rows = whole_rows(**SPELT)
    domain, anew = domain_named("molecule"), 0
    for row, tokens in everything(rows, epoch=0).items():
        spelt = rows.tokenizer.decode(tokens, skip_special_tokens=True).replace(" ", "")
        assert domain.clean(spelt) == rows.rows.inputs[row]
        anew += spelt != rows.rows.inputs[row]
    assert anew > 12
    assert everything(rows, epoch=0) != everything(rows, epoch=1)


def test_a_row_that_became_longer_is_padded_further_and_cut_at_the_longest() -> None:
    rows = whole_rows(longest=20, **SPELT)
    shapes = set()
    for epoch in range(12):
        for batch in shuffled_batches(rows.tokens.rows.lengths, 64, seed=0, epoch=epoch):
            anew = rows.augment(batch, epoch)
            assert int(anew.tokens.lengths.max()) <= anew.batch.length
            assert int(anew.tokens.lengths.max()) <= 20
            shapes.add(anew.batch.length)
    assert len(shapes) <= 4


def test_the_share_of_masked_tokens_is_that_of_the_plan_and_special_tokens_stay() -> None:
    rows = whole_rows(token_masking=0.3)
    mask, special = rows.tokenizer.mask_token_id, set(rows.tokenizer.all_special_ids)
    hidden = seen = 0
    for epoch in range(30):
        for row, tokens in everything(rows, epoch).items():
            before = rows.tokens.rows[row].tolist()
            assert len(tokens) == len(before)
            for old, new in zip(before, tokens, strict=True):
                assert new in {old, mask}
                assert new == old or old not in special
                seen, hidden = seen + (old not in special), hidden + (new == mask)
    assert hidden / seen == pytest.approx(0.3, abs=0.02)


def test_labels_of_residues_stay_with_their_residues() -> None:
    sequences = ["MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ" * n for n in (1, 2, 5)]  # the last is read in pieces
    rows = tagged(
        "protein", sequences, augmentations="blosum_substitutions", augmentation_strength=1.0, augmented_share=1
    )
    assert isinstance(rows.labels, TokenRows) and rows.tokens.units is not None
    changed = 0
    for batch in shuffled_batches(rows.tokens.rows.lengths, 64, seed=0, epoch=0):
        anew = rows.augment(batch, 0)
        assert isinstance(anew.labels, TokenRows)
        for place, piece in enumerate(batch.rows.tolist()):
            assert anew.labels[place].tolist() == rows.labels[piece].tolist()
            changed += anew.tokens[place].tolist() != rows.tokens.rows[piece].tolist()
    assert changed == len(rows.tokens.rows)


@given(epoch=st.integers(0, 100), longest=st.sampled_from([12, 24, 64]))
@settings(deadline=None, max_examples=25)
def test_mistyped_words_take_their_labels_along_though_their_tokens_are_others(epoch: int, longest: int) -> None:
    """Every word that is shown has its own label, once in all pieces of its row."""
    settings_ = {"augmentations": "typing_noise", "augmentation_strength": 1.0, "augmented_share": 1.0}
    rows = tagged("text", SENTENCES * 3, longest, **settings_)
    told: dict[int, list[int]] = {}
    assert rows.tokens.units is not None
    pieces = rows.tokens.units.pieces  # where those of each row begin
    owners = np.repeat(np.arange(len(pieces) - 1), np.diff(pieces))
    batch = Batch(np.arange(len(rows.tokens.rows)), 16)
    anew = rows.augment(batch, epoch)
    assert isinstance(anew.labels, TokenRows)
    for place, owner in enumerate(owners.tolist()):
        assert len(anew.labels[place]) == len(anew.tokens[place])
        told.setdefault(owner, []).extend(label for label in anew.labels[place].tolist() if label != IGNORED)
    for row, value in enumerate(rows.rows.inputs):
        assert sorted(told[row]) == sorted(place % 2 for place in range(len(value.split())))


def test_a_tokenizer_without_a_mask_token_is_refused(tmp_path: Path) -> None:
    tokenizer = fresh_reader("molecule", MOLECULES)
    tokenizer.mask_token = None
    targets = np.zeros((1, 1))
    task = Regression(("y",), targets)
    rows = Rows(np.arange(1), ["CCO"], targets)
    tokens = task.tokenized(tokenizer, ["CCO"], 32, lambda done: None)
    with refused_exactly(BadInput) as raised:
        augmented(
            plan(token_masking=0.1), domain_named("molecule"), task, tokenizer, rows, tokens, 32, task.labels(targets)
        )
    assert "token_masking" in raised.value.hint


def test_a_plan_without_augmentation_shows_rows_as_they_are() -> None:
    targets = np.zeros((1, 1))
    task, tokenizer = Regression(("y",), targets), fresh_reader("molecule", MOLECULES)
    tokens = task.tokenized(tokenizer, ["CCO"], 32, lambda done: None)
    rows = Rows(np.arange(1), ["CCO"], targets)
    assert augmented(plan(), domain_named("molecule"), task, tokenizer, rows, tokens, 32, task.labels(targets)) is None
