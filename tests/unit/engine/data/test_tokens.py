"""Rows become token numbers; what is cut is counted, and the end mark stays."""

import pytest

from sciapp.engine.data.tokens import tokenize
from sciapp.engine.models.backbone import load_tokenizer
from sciapp.errors import Cancelled
from tests.helpers.tiny import tiny_model


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> object:
    return load_tokenizer(tiny_model(tmp_path_factory.mktemp("model")))


def test_rows_keep_their_order_and_their_marks(tokenizer) -> None:
    tokens = tokenize(tokenizer, ["AC", "A"], 64, lambda done: None)
    assert tokens.rows == [[0, 5, 6, 2], [0, 5, 2]]
    assert tokens.lengths == [4, 3]
    assert tokens.cut == 0


def test_a_long_row_is_cut_counted_and_still_ends_with_the_end_mark(tokenizer) -> None:
    tokens = tokenize(tokenizer, ["A" * 50, "C"], 10, lambda done: None)
    assert tokens.cut == 1
    assert tokens.rows[0] == [0, *[5] * 8, 2]


def test_a_letter_that_the_model_does_not_know_is_marked_unknown(tokenizer) -> None:
    assert tokenize(tokenizer, ["A😀"], 10, lambda done: None).rows == [[0, 5, 3, 2]]


def test_no_rows_give_no_tokens(tokenizer) -> None:
    assert tokenize(tokenizer, [], 10, lambda done: None).rows == []


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
