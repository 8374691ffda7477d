"""The inputs of a row are a value of its own; hashes and caches hold the text that they have always held."""

from itertools import product

import pytest

from sciapp.engine.domains.row_input import (
    MultiInput,
    RowInput,
    display_text,
    only_part,
    parts_of,
    read_stored,
    row_input,
    stored_text,
)

SEPARATOR = "\ufdd0"  # of the text that earlier versions stored and hashed for a pair
AWKWARD = ["", "a", SEPARATOR, f"a{SEPARATOR}", f"{SEPARATOR}a", "[", '["a", "b"]', f'{SEPARATOR}["a", "b"]', "\ud800"]


@pytest.mark.parametrize("parts", [("CCO",), ("CCO", "O"), ("a", "b", "c")])
def test_a_row_has_the_inputs_that_it_was_made_of(parts: tuple[str, ...]) -> None:
    value = row_input(parts)
    assert parts_of(value) == parts
    assert isinstance(value, str) is (len(parts) == 1)
    assert {value, row_input(list(parts))} == {value}


def test_a_row_of_several_inputs_has_no_only_one() -> None:
    assert only_part("CCO") == "CCO"
    with pytest.raises(ValueError):
        only_part(MultiInput(("CCO", "O")))


@pytest.mark.parametrize(
    ("value", "text"),
    [("CCO", "CCO"), (MultiInput(("CCO", "O")), f"CCO{SEPARATOR}O"), (MultiInput(("", "O")), f"{SEPARATOR}O")],
)
def test_the_stored_text_of_a_row_is_that_of_earlier_versions(value: RowInput, text: str) -> None:
    assert stored_text(value) == text
    assert read_stored(text, len(parts_of(value))) == value


@pytest.mark.parametrize("inputs", [1, 2, 3])
def test_different_rows_have_different_stored_texts_whatever_characters_they_hold(inputs: int) -> None:
    rows = [row_input(parts) for parts in product(AWKWARD, repeat=inputs)]
    texts = [stored_text(row) for row in rows]
    assert len(set(texts)) == len(rows)
    assert [read_stored(text, inputs) for text in texts] == rows


@pytest.mark.parametrize("text", ["CCO", f"a{SEPARATOR}b{SEPARATOR}c", f"{SEPARATOR}{SEPARATOR}[1", ""])
def test_a_stored_text_of_another_number_of_inputs_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_stored(text, 2)


def test_all_inputs_of_a_row_are_displayed() -> None:
    assert display_text(MultiInput(("CCO", "O"))) == "CCO  |  O"
    assert display_text("CCO") == "CCO"
