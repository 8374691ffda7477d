"""Which tokens are hidden, how many, in what spans, and what stands in their place."""

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.tasks.masked_lm import IGNORED, Masker, masked_positions
from sciapp.records.plan.plan import Masking

MASK, ORDINARY = 4, np.arange(5, 30)


def masker(share: float = 0.15, span: int = 1) -> Masker:
    return Masker(Masking(masked_share=share, span_length=span), MASK, ORDINARY)


def rows(count: int = 400, length: int = 64) -> np.ndarray:
    return np.random.default_rng(7).integers(5, 30, size=(count, length))


def span_lengths(places: np.ndarray) -> list[int]:
    """Lengths of the runs of hidden places that do not touch a row's ends."""
    found = []
    for row in places:
        runs = [(hidden, len(list(same))) for hidden, same in groupby(row.tolist())]
        found += [length for hidden, length in runs[1:-1] if hidden]
    return found


@pytest.mark.parametrize("span", [1, 3, 8])
@pytest.mark.parametrize("share", [0.05, 0.15, 0.4, 0.9])
def test_the_share_of_hidden_tokens_is_the_one_asked_for(share: float, span: int) -> None:
    places = masked_positions((2000, 60), Masking(masked_share=share, span_length=span), np.random.default_rng(0))
    assert places.mean() == pytest.approx(share, abs=0.015)


@pytest.mark.parametrize("span", [2, 3, 6])
def test_hidden_spans_are_as_long_as_asked_for_on_average(span: int) -> None:
    places = masked_positions((300, 600), Masking(masked_share=0.15, span_length=span), np.random.default_rng(0))
    assert np.mean(span_lengths(places)) == pytest.approx(span, rel=0.06)


def test_eight_tenths_become_the_mask_one_tenth_another_token_one_tenth_stays() -> None:
    ids = rows()
    hidden = masker(0.3).hidden(ids, np.ones_like(ids, dtype=bool), np.random.default_rng(0))
    asked = hidden.labels != IGNORED
    assert (hidden.inputs[asked] == MASK).mean() == pytest.approx(0.8, abs=0.02)
    kept = (hidden.inputs[asked] == ids[asked]).mean()
    assert kept == pytest.approx(0.1 + 0.1 / len(ORDINARY), abs=0.02)  # another token is the same one now and then
    assert np.isin(hidden.inputs[asked], [MASK, *ORDINARY]).all()


@given(seed=st.integers(0, 2**32 - 1), span=st.integers(1, 16), share=st.floats(0.01, 0.99))
@settings(deadline=None, max_examples=40)
def test_what_may_not_be_hidden_never_is_and_what_is_not_asked_for_stays(seed: int, span: int, share: float) -> None:
    ids = rows(8, 40)
    maskable = np.random.default_rng(seed).random(ids.shape) < 0.7
    hidden = masker(share, span).hidden(ids, maskable, np.random.default_rng(seed))
    assert (hidden.labels[~maskable] == IGNORED).all()
    untouched = hidden.labels == IGNORED
    assert (hidden.inputs[untouched] == ids[untouched]).all()
    assert (hidden.labels[~untouched] == ids[~untouched]).all()


def test_the_same_seed_hides_the_same_and_another_one_hides_others() -> None:
    ids = rows(20)
    everywhere = np.ones_like(ids, dtype=bool)
    first, again, other = (masker(span=3).hidden(ids, everywhere, np.random.default_rng(s)) for s in (1, 1, 2))
    assert (first.inputs == again.inputs).all() and (first.labels == again.labels).all()
    assert (first.labels != other.labels).any()
