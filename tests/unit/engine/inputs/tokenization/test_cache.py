"""Tokens beside a dataset: the same as made anew, mapped into memory, made again where something is amiss."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.engine.inputs.tokenization import cache as token_store
from sciapp.engine.inputs.tokenization.cache import TokenCache
from sciapp.engine.inputs.tokenization.tokens import TokenRows, Tokens, UnitPositions
from sciapp.engine.models.load import load_tokenizer
from sciapp.engine.training.setup import fine_tuning as prepare
from sciapp.records.plan.plan import TrainPlan
from tests.helpers.fits import prepared_fit
from tests.helpers.tiny import tiny_model, tiny_plan, tiny_project


@pytest.fixture
def tokenizer(tmp_path: Path) -> Any:
    return load_tokenizer(tiny_model(tmp_path / "model"))


@pytest.fixture(autouse=True)
def from_the_first_row_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_store, "FEWEST", 1)


def some_tokens(*, units: bool) -> Tokens:
    rows = TokenRows.of([[0, 5, 6, 2], [0, 7, 2], [0, 2]])
    places = UnitPositions(np.array([-1, 0, 1, -1, -1, 2, -1, -1, -1]), np.array([0, 2, 3, 3]), np.array([0, 1, 2, 3]))
    return Tokens(rows, 1, places if units else None)


@pytest.mark.parametrize("units", [False, True])
def test_tokens_come_back_as_they_were_and_are_mapped_not_read(tokenizer: Any, tmp_path: Path, units: bool) -> None:
    store, tokens = TokenCache.keyed(tmp_path / "tokens", tokenizer, 3, longest=64), some_tokens(units=units)
    assert store.read() is None

    store.keep(tokens)

    again = store.read()
    assert again is not None and isinstance(again.rows.numbers, np.memmap)
    assert again.cut == 1 and (again.units is None) == (not units)
    for one, other in zip(again.rows.of_rows(np.arange(3)).starts, tokens.rows.starts, strict=True):
        assert one == other
    assert np.array_equal(again.part(1, 3).rows.numbers, tokens.part(1, 3).rows.numbers)
    if again.units is not None and tokens.units is not None:
        assert np.array_equal(again.units.unit, tokens.units.unit)


def test_another_longest_row_or_tokenizer_has_a_place_of_its_own(tokenizer: Any, tmp_path: Path) -> None:
    folders = {TokenCache.keyed(tmp_path, tokenizer, 3, longest=longest).folder for longest in (32, 64)}
    tokenizer.add_tokens(["Ω"])
    folders.add(TokenCache.keyed(tmp_path, tokenizer, 3, longest=64).folder)

    assert len(folders) == 3


def test_what_is_torn_is_not_believed(tokenizer: Any, tmp_path: Path) -> None:
    store = TokenCache.keyed(tmp_path / "tokens", tokenizer, 3, longest=64)
    store.keep(some_tokens(units=False))
    assert store.folder is not None
    file = store.folder / "rows-numbers.npy"
    file.write_bytes(file.read_bytes()[:-7])

    assert store.read() is None


def test_few_rows_are_not_kept(tokenizer: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_store, "FEWEST", 4)
    assert TokenCache.keyed(tmp_path, tokenizer, 3, longest=64).folder is None


def test_a_second_training_on_the_dataset_tokenises_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, card = tiny_project(tmp_path / "project")
    plan: TrainPlan = tiny_plan(card, tiny_model(tmp_path / "model"))
    _, first = prepared_fit(project, plan, tmp_path / "first")
    monkeypatch.setattr(prepare, "tokenized", None)

    _, second = prepared_fit(project, plan, tmp_path / "second")

    assert np.array_equal(first.train.tokens.numbers, second.train.tokens.numbers)
    assert np.array_equal(first.validation_tokens.rows.starts, second.validation_tokens.rows.starts)
