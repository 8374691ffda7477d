"""The encoder's states of a dataset's rows are computed once, and never taken for those of anything else."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification

from sciapp.engine.data.tokens import TokenRows
from sciapp.engine.training import frozen_states as module
from sciapp.engine.training.frozen_states import frozen_states
from tests.helpers.tiny import tiny_model

ROWS = TokenRows.of([[0, 5, 6, 2], [0, 7, 2], [0, 8, 9, 10, 2]])


@pytest.fixture
def model(tmp_path: Path) -> Any:
    torch.manual_seed(0)
    return AutoModelForSequenceClassification.from_pretrained(tiny_model(tmp_path / "tiny"), num_labels=1)


def states(model: Any, folder: Path | None, rows: TokenRows = ROWS, budget: int = 64) -> np.ndarray:
    *_, last = frozen_states(model, rows, 1, budget, folder)
    assert isinstance(last, np.ndarray)
    return last


def refuse(*_: object) -> None:
    raise AssertionError("computed again")


def test_a_second_look_reads_the_same_bits(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = states(model, tmp_path / "states")
    np.testing.assert_array_equal(first, states(model, None))
    monkeypatch.setattr(module, "pooled_states", refuse)
    np.testing.assert_array_equal(first, states(model, tmp_path / "states"))


def test_other_weights_other_rows_and_other_batches_are_computed_anew(model: Any, tmp_path: Path) -> None:
    first = states(model, tmp_path / "states")
    states(model, tmp_path / "states", TokenRows.of([[0, 5, 6, 2], [0, 7, 2], [0, 8, 9, 11, 2]]))
    states(model, tmp_path / "states", budget=8)
    with torch.no_grad():
        next(model.base_model.parameters()).add_(0.01)
    assert not np.array_equal(states(model, tmp_path / "states"), first)
    assert len(list((tmp_path / "states").iterdir())) == 4


def test_a_damaged_file_is_written_again(model: Any, tmp_path: Path) -> None:
    first = states(model, tmp_path / "states")
    (file,) = (tmp_path / "states").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    np.testing.assert_array_equal(states(model, tmp_path / "states"), first)
    assert np.load(file).shape == first.shape


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(model: Any, tmp_path: Path) -> None:
    (tmp_path / "states").write_text("a file where the folder should be")
    assert states(model, tmp_path / "states").shape == (3, 16)


def test_those_that_were_not_asked_for_longest_go(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, made = tmp_path / "states", []
    for age, token in ((300, 5), (200, 6), (100, 7)):
        states(model, folder, TokenRows.of([[0, token, 2]]))
        (file,) = set(folder.iterdir()) - set(made)
        os.utime(file, (time.time() - age, time.time() - age))
        made.append(file)
    states(model, folder, TokenRows.of([[0, 5, 2]]))  # the oldest is asked for again
    monkeypatch.setattr(module, "_MOST", 3 * made[0].stat().st_size)
    states(model, folder, TokenRows.of([[0, 8, 2]]))
    assert [file.exists() for file in made] == [True, False, True]
    assert len(list(folder.iterdir())) == 3


def test_more_than_a_disk_should_hold_is_not_kept(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10)
    states(model, tmp_path / "states")
    assert not (tmp_path / "states").exists()


def test_where_the_model_lies_and_what_training_drops_make_no_difference(model: Any, tmp_path: Path) -> None:
    states(model, tmp_path / "states")
    model.config._name_or_path, model.config.hidden_dropout_prob = "/elsewhere", 0.5
    states(model, tmp_path / "states")
    assert len(list((tmp_path / "states").iterdir())) == 1
