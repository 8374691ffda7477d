"""Rows become token numbers; what is cut is counted, and the end mark stays."""

import numpy as np
import pytest

from sciapp.engine.inputs.tokenization.tokens import TokenRows, tokenize
from sciapp.engine.models.load import load_tokenizer
from sciapp.errors import Cancelled
from tests.helpers.tiny import tiny_model


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> object:
    return load_tokenizer(tiny_model(tmp_path_factory.mktemp("model")))


def test_rows_keep_their_order_and_their_marks(tokenizer) -> None:
    tokens = tokenize(tokenizer, ["AC", "A"], 64, lambda done: None)
    assert [tokens.rows[0].tolist(), tokens.rows[1].tolist()] == [[0, 5, 6, 2], [0, 5, 2]]
    assert tokens.rows.lengths.tolist() == [4, 3]
    assert tokens.cut == 0


def test_a_long_row_is_cut_counted_and_still_ends_with_the_end_mark(tokenizer) -> None:
    tokens = tokenize(tokenizer, ["A" * 50, "C"], 10, lambda done: None)
    assert tokens.cut == 1
    assert tokens.rows[0].tolist() == [0, *[5] * 8, 2]


def test_a_letter_that_the_model_does_not_know_is_marked_unknown(tokenizer) -> None:
    assert tokenize(tokenizer, ["A😀"], 10, lambda done: None).rows[0].tolist() == [0, 5, 3, 2]


def test_no_rows_give_no_tokens(tokenizer) -> None:
    assert len(tokenize(tokenizer, [], 10, lambda done: None).rows) == 0


def test_it_can_be_cancelled_between_chunks(tokenizer) -> None:
    asked: list[int] = []

    def check(done: int) -> None:
        asked.append(done)
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        tokenize(tokenizer, ["A"] * 5000, 10, check)
    assert asked == [0, 2000]


def test_a_row_exactly_as_long_as_allowed_is_not_cut(tokenizer) -> None:
    assert tokenize(tokenizer, ["A" * 8], 10, lambda done: None).cut == 0


def test_rows_that_are_joined_and_parted_are_the_same_rows() -> None:
    first, second = TokenRows.of([[0, 5, 2], [0, 2]]), TokenRows.of([[0, 6, 7, 2]])
    joined = TokenRows.joined([first, second])
    assert [row.tolist() for row in map(joined.__getitem__, range(3))] == [[0, 5, 2], [0, 2], [0, 6, 7, 2]]
    assert [row.tolist() for row in map(joined.part(1, 3).__getitem__, range(2))] == [[0, 2], [0, 6, 7, 2]]
    assert len(joined.part(1, 1)) == 0
    assert (joined.count_with(0), joined.count_with(6), joined.count_with(9)) == (3, 1, 0)


def test_padding_is_masked_and_a_real_token_of_the_same_number_is_not() -> None:
    ids, mask = TokenRows.of([[0, 1, 2], [0, 2]]).padded(np.array([1, 0]), 4, 1)
    assert ids.tolist() == [[0, 2, 1, 1], [0, 1, 2, 1]]
    assert mask.tolist() == [[1, 1, 0, 0], [1, 1, 1, 0]]
