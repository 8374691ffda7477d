"""Windows of rows: random crops of long ones, whole short ones, other spellings, always the same from the same seed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.tokenization.batches import Batch, shuffled_batches
from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.inputs.tokenization.windows import InputAugmentation, SpecialTokenCounts, Windows
from sciapp.engine.models.architectures.from_scratch import fresh_reader

FIRST, LAST, PAD = 0, 2, 1
FRAME = SpecialTokenCounts(1, 1)


def token_rows(lengths: list[int]) -> TokenRows:
    """Rows of ascending numbers from 100 on, special tokens around them."""
    return TokenRows.of([FIRST, *range(100, 100 + length - 2), LAST] for length in lengths)


def windows(lengths: list[int], longest: int = 16) -> Windows:
    return Windows.over(token_rows(lengths), np.arange(len(lengths)), longest, FRAME, PAD, None)


def drawn(one: Windows, seed: list[int]) -> tuple[Any, Any]:
    batch = Batch(np.arange(len(one.owner)), 16)
    return one.drawn(batch, np.random.default_rng(seed))


@given(lengths=st.lists(st.integers(3, 90), min_size=1, max_size=12), seed=st.integers(0, 2**32 - 1))
@settings(deadline=None)
def test_a_window_is_a_piece_of_its_row_between_the_special_tokens(lengths: list[int], seed: int) -> None:
    one = windows(lengths)
    ids, mask = drawn(one, [seed])
    for row, (tokens, real) in enumerate(zip(ids, mask, strict=True)):
        shown = tokens[real == 1].tolist()
        assert shown[0] == FIRST and shown[-1] == LAST
        inner = shown[1:-1]
        assert inner == list(range(inner[0], inner[0] + len(inner)))
        assert len(shown) == min(16, lengths[one.owner[row]])
        assert inner[-1] < 100 + lengths[one.owner[row]] - 2
        assert (tokens[real == 0] == PAD).all()


def test_a_long_row_is_read_in_as_many_windows_as_cover_it() -> None:
    one = windows([10, 16, 17, 14 * 5 + 2])
    assert one.owner.tolist() == [0, 1, 2, 2, *[3] * 5]


def test_crops_reach_every_part_of_a_row_and_follow_from_the_seed() -> None:
    one = windows([60])
    begins = {drawn(one, [0, epoch])[0][0, 1] for epoch in range(200)}
    assert min(begins) == 100 and max(begins) == 100 + 58 - 14
    assert (drawn(one, [3, 4])[0] == drawn(one, [3, 4])[0]).all()


@pytest.mark.parametrize(("domain", "ends"), [("molecule", (1, 1)), ("protein", (1, 1)), ("text", (1, 1))])
def test_the_frame_of_a_tokenizer_is_found_out(domain: str, ends: tuple[int, int]) -> None:
    tokenizer = fresh_reader(domain, ["A sentence of words."] * 5)  # type: ignore[arg-type]
    frame = SpecialTokenCounts.of(tokenizer, domain_named(domain).example)
    assert (frame.first, frame.last) == ends


def test_other_spellings_are_of_the_same_molecules_and_half_of_them_stay_canonical() -> None:
    molecule = domain_named("molecule")
    inputs = ["CCOC(=O)c1ccccc1N", "CC(C)Cc1ccc(cc1)C(C)C(=O)O", "O=C1CCCCN1", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"] * 25
    canonical = [molecule.clean(value) for value in inputs]
    tokenizer = fresh_reader("molecule", canonical)
    rows = TokenRows.of(tokenizer(canonical)["input_ids"])
    respelling = InputAugmentation(canonical, molecule.augmentations["randomized_smiles"], tokenizer)
    one = Windows.over(
        rows, np.arange(len(rows)), 64, SpecialTokenCounts(1, 1), int(tokenizer.pad_token_id), respelling
    )
    for epoch in range(2):
        for place, batch in enumerate(shuffled_batches(one.lengths, 1024, seed=0, epoch=epoch)):
            ids, mask = one.drawn(batch, np.random.default_rng([0, epoch, place]))
            spelt = ["".join(tokenizer.convert_ids_to_tokens(r[m == 1])[1:-1]) for r, m in zip(ids, mask, strict=True)]
            assert [molecule.clean(value) for value in spelt] == [canonical[owner] for owner in batch.rows]
            same = np.mean([value == canonical[owner] for value, owner in zip(spelt, batch.rows, strict=True)])
            assert 0.2 < same < 0.8
