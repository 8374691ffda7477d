"""The encoder's states of a dataset's rows are computed once, and never taken for those of anything else."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, EsmConfig, EsmForSequenceClassification

from sciapp.engine.inputs.tokenization.tokens import TokenRows
from sciapp.engine.training.setup import embedding_cache as module
from sciapp.engine.training.setup.embedding_cache import frozen_states
from tests.helpers.tiny import tiny_model

ROWS = TokenRows.of([[0, 5, 6, 2], [0, 7, 2], [0, 8, 9, 10, 2]])


@pytest.fixture
def model(tmp_path: Path) -> Any:
    torch.manual_seed(0)
    return AutoModelForSequenceClassification.from_pretrained(tiny_model(tmp_path / "tiny"), num_labels=1)


def states(model: Any, folder: Path | None, rows: TokenRows = ROWS, budget: int = 64) -> np.ndarray:
    return frozen_states(model, rows, 1, budget, folder)


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


@pytest.mark.parametrize(
    "damage", [lambda old: old[:100], lambda old: b"", lambda old: old[:-4] + b"abcd", lambda old: old + b"abcd"]
)
def test_a_damaged_file_is_written_again(model: Any, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    first = states(model, tmp_path / "states")
    (file,) = (tmp_path / "states").iterdir()
    good = file.read_bytes()
    file.write_bytes(damage(good))
    np.testing.assert_array_equal(states(model, tmp_path / "states"), first)
    assert file.read_bytes() == good


def test_other_peoples_files_stay(model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scratch"
    folder.mkdir()
    (tmp_path / "states").symlink_to(folder)
    for name in ("my-data.f32", ".bashrc", "0123456789abcdef0123.npy"):
        (folder / name).write_bytes(b"x" * 100)
        os.utime(folder / name, (0, 0))
    monkeypatch.setattr(module, "_MOST", 1)
    states(model, tmp_path / "states")
    assert {file.name for file in folder.iterdir()} == {"my-data.f32", ".bashrc", "0123456789abcdef0123.npy"}


def test_a_setting_that_changes_the_states_is_part_of_the_key(tmp_path: Path) -> None:
    config = EsmConfig(
        vocab_size=33, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        pad_token_id=1, mask_token_id=32, token_dropout=True, position_embedding_type="rotary",
    )  # fmt: skip
    model = EsmForSequenceClassification(config).eval()
    first = states(model, tmp_path / "states")
    model.config.token_dropout = model.base_model.embeddings.token_dropout = False
    assert not np.array_equal(states(model, tmp_path / "states"), first)


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
    model.config.name_or_path, model.config.hidden_dropout_prob = "/elsewhere", 0.5
    states(model, tmp_path / "states")
    assert len(list((tmp_path / "states").iterdir())) == 1
