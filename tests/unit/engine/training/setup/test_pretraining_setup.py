"""What a self-supervised batch shows, hides and asks for; and what the network answers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForMaskedLM, DistilBertConfig, DistilBertForMaskedLM

from sciapp.engine.inputs.features.descriptor_targets import DescribedRows, descriptor_targets
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.inputs.tokenization.windows import SpecialTokenCounts, Windows
from sciapp.engine.models.architectures.from_scratch import fresh_network, fresh_reader
from sciapp.engine.models.architectures.networks.base import network
from sciapp.engine.models.architectures.pretraining import PretrainingModel, SharedPooledHead
from sciapp.engine.models.masked_lm import load_masked
from sciapp.engine.tasks.masked_lm import IGNORED, Masker, masked_scores
from sciapp.engine.training.pretraining import PretrainingData
from sciapp.engine.training.setup.pretraining import held_out_and_learnt
from sciapp.records.dataset.card import DomainName
from sciapp.records.plan.plan import Masking
from tests.helpers.tiny import tiny_model

SPECIAL = np.array([0, 1, 2, 3, 4])


def data(described: DescribedRows | None = None) -> PretrainingData:
    numbers = np.random.default_rng(0)
    rows = TokenRows.of([0, *numbers.integers(5, 25, size=14).tolist(), 2] for _ in range(40))
    windows = Windows.over(rows, np.arange(40), 16, SpecialTokenCounts(1, 1), 1, None)
    return PretrainingData(windows, Masker(Masking(masked_share=0.5), 4, np.arange(5, 25)), SPECIAL, described)


def shown(one: PretrainingData, seed: list[int]):  # type: ignore[no-untyped-def]
    return one.batch(Batch(np.arange(40), 24), np.random.default_rng(seed))


def test_special_tokens_and_padding_are_never_hidden() -> None:
    seen = shown(data(), [0])
    assert (seen.labels[:, [0, 15]] == IGNORED).all() and (seen.labels[:, 16:] == IGNORED).all()
    assert (seen.inputs[:, 0] == 0).all() and (seen.inputs[:, 15] == 2).all() and (seen.inputs[:, 16:] == 1).all()
    assert seen.hidden_tokens > 200


def test_the_same_seed_epoch_and_batch_show_the_same() -> None:
    first, again, other = shown(data(), [3, 1, 7]), shown(data(), [3, 1, 7]), shown(data(), [3, 2, 7])
    assert (first.inputs == again.inputs).all()
    assert (first.inputs != other.inputs).any()


def test_every_second_row_with_descriptors_stays_whole_and_is_asked_for_them() -> None:
    place = np.where(np.arange(40) < 20, np.arange(40), -1)
    one = data(DescribedRows(place, np.ones((20, 3), dtype=np.float32)))
    seen = shown(one, [0])
    asked = ~np.isnan(seen.descriptors).any(axis=1)
    assert asked.tolist() == [row < 20 and row % 2 == 0 for row in range(40)]
    assert (seen.labels[asked] == IGNORED).all()
    assert (seen.labels[~asked] != IGNORED).any(axis=1).all()
    assert seen.known_descriptors == 30


def test_descriptors_are_scaled_held_and_dull_ones_left_out() -> None:
    values = np.random.default_rng(0).normal(50, 10, size=(1000, 4))
    values[:, 1] = 7.0
    values[3, 0] = 1e9
    values[5, 2] = np.nan
    targets = descriptor_targets(["a", "same", "gap", "b"], values)
    assert targets.shape == (1000, 6)  # three that vary, and their logarithms
    assert abs(targets[3, 0]) < 6 and np.isnan(targets[5, [1, 4]]).all()
    assert np.isnan(targets).sum() == 2
    np.testing.assert_allclose(np.nanstd(targets, axis=0), 1, atol=0.1)


def test_rows_without_any_descriptor_that_varies_have_no_targets() -> None:
    assert descriptor_targets(["a", "b"], np.array([[1.0, np.nan]] * 20)).shape == (20, 0)


def test_held_out_rows_are_five_per_cent_and_no_others() -> None:
    judged, learnt = held_out_and_learnt(1000, 3)
    assert len(judged) == 50 and sorted([*judged, *learnt]) == list(range(1000))
    assert len(held_out_and_learnt(100_000, 0)[0]) == 2000
    assert len(held_out_and_learnt(12, 0)[0]) == 1


@pytest.mark.parametrize("domain", ["molecule", "protein", "nucleotide", "text"])
def test_a_fresh_network_answers_at_hidden_places_as_its_whole_self_does(domain: DomainName) -> None:
    tokenizer = fresh_reader(domain, ["Some words to learn pieces from."] * 3)
    fresh = fresh_network(domain, tokenizer, "tiny", 0).eval()
    learner = PretrainingModel(fresh, 5, 0).eval()
    ids = torch.randint(5, len(tokenizer), (3, 12), generator=torch.Generator().manual_seed(0))
    chosen = torch.zeros_like(ids, dtype=torch.bool)
    chosen[0, 3] = chosen[2, 7] = True
    with torch.no_grad():
        logits, first = learner(ids, torch.ones_like(ids), chosen)
        whole = fresh(input_ids=ids, attention_mask=torch.ones_like(ids)).logits
    torch.testing.assert_close(logits, whole[chosen], rtol=1e-4, atol=1e-4)
    assert first.shape == (3, fresh.config.hidden_size)


def test_a_network_that_is_read_by_its_mean_sums_rows_up_so() -> None:
    tokenizer = fresh_reader("molecule", [])
    modern = network("modernbert", tokenizer, width=32, layers=1, longest=32).eval()
    learner = PretrainingModel(modern, 5, 0).eval()
    assert isinstance(learner.summary, SharedPooledHead)
    assert len(dict(learner.named_parameters())) == len(dict(modern.named_parameters())) + 2
    ids = torch.randint(5, len(tokenizer), (2, 12), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    with torch.no_grad():
        logits, mean = learner(ids, mask, ids == ids[0, 3])
        whole = modern(input_ids=ids, attention_mask=mask).logits
        states = modern.base_model(input_ids=ids, attention_mask=mask).last_hidden_state
    torch.testing.assert_close(logits, whole[ids == ids[0, 3]], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(mean[1], states[1, :6].mean(dim=0))


def test_a_network_whose_head_is_in_parts_answers_the_same() -> None:
    config = DistilBertConfig(vocab_size=30, dim=16, hidden_dim=32, n_layers=1, n_heads=2, max_position_embeddings=16)
    distilled = DistilBertForMaskedLM(config).eval()
    ids = torch.arange(5, 17)[None]
    chosen = ids == 9
    with torch.no_grad():
        logits, first = PretrainingModel(distilled, 0, 0).eval()(ids, torch.ones_like(ids), chosen)
        whole = distilled(input_ids=ids).logits
    torch.testing.assert_close(logits, whole[chosen])
    assert first.shape == (1, 16)


def test_a_folder_without_a_head_gets_a_fresh_one_the_same_each_time(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "m")
    (first, fresh), (again, _) = load_masked(folder, 3), load_masked(folder, 3)
    assert fresh
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), again.parameters(), strict=True))


def test_a_folder_with_its_head_keeps_it(tmp_path: Path) -> None:
    config = BertConfig(vocab_size=30, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    BertForMaskedLM(config).save_pretrained(tmp_path)
    assert load_masked(tmp_path, 0)[1] is False


def test_the_interval_of_the_masked_loss_holds_its_value() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.integers(1, 9, size=60)
    guesses = np.stack([hidden * rng.uniform(1, 3, 60), rng.binomial(hidden, 0.4), hidden], axis=1).astype(float)
    scores = masked_scores("Before", guesses, 0)
    loss = scores.get("masked_loss")
    assert loss is not None and loss.value == pytest.approx(guesses[:, 0].sum() / hidden.sum())
    assert loss.low is not None and loss.high is not None and loss.low < loss.value < loss.high  # type: ignore[operator]
    assert not loss.greater_is_better
