"""Saved models of every kind, as earlier versions wrote them: they open, predict the same, and are written the same."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.domains.row_input import read_stored
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.registry import PARTS
from sciapp.engine.models.saved_model import SavedModel
from tests.conftest import REPOSITORY

SAVED = REPOSITORY / "tests" / "data" / "saved_models"
_NOTES = {
    "transformers_version",
    *("is_local", "local_files_only"),  # how a tokenizer was loaded
    *("truncation", "max_length", "stride", "truncation_side", "truncation_strategy"),  # how it was last called
}
PREDICTED: dict[str, dict[str, Any]] = json.loads((SAVED / "predictions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PREDICTED)
def test_a_model_of_an_earlier_version_predicts_what_it_did(name: str) -> None:
    before = PREDICTED[name]
    inputs = [read_stored(text, 2 if name == "pairs" else 1) for text in before["inputs"]]
    covariates = None if before["covariates"] is None else np.array(before["covariates"])
    values = SavedModel.open(SAVED / name).values(inputs, covariates=covariates)
    if isinstance(values, TokenLabels):
        assert values.codes.tolist() == before["values"]["codes"]
        assert values.starts.tolist() == before["values"]["starts"]
    else:
        # int8 layers round their inputs: another processor's last bit may move one by a step
        close = 1e-2 if name.endswith("-int8") else 1e-5
        np.testing.assert_allclose(values, np.array(before["values"]), rtol=close, atol=close)


@pytest.mark.parametrize("name", PREDICTED)
def test_a_model_that_is_opened_and_saved_has_the_same_files(name: str, tmp_path: Path) -> None:
    again = tmp_path / "model"
    ModelFolder(again).save(ModelFolder(SAVED / name).open())
    assert content(again) == content(SAVED / name)


def content(folder: Path) -> dict[str, object]:
    """Files by name: bytes of weights, values of JSON, without what transformers notes of itself."""
    return {file.name: _value(file) for file in folder.iterdir()}


def _value(file: Path) -> object:
    if file.suffix != ".json":
        return file.read_bytes()
    value = json.loads(file.read_text(encoding="utf-8"))
    return {key: part for key, part in value.items() if key not in _NOTES}


def test_a_model_can_be_saved_twice_and_is_what_it_was_in_memory(tmp_path: Path) -> None:
    before = PREDICTED["prefix-descriptors"]
    saved = SavedModel.open(SAVED / "prefix-descriptors")
    for name in ("first", "second"):
        ModelFolder(tmp_path / name).save(saved.contents)
    assert content(tmp_path / "first") == content(tmp_path / "second")
    np.testing.assert_allclose(saved.values(before["inputs"]), np.array(before["values"]), rtol=1e-5)


def test_no_two_parts_own_the_same_file_and_every_file_has_one() -> None:
    owned = [name for part in PARTS for name in (*part.files, *part.config_keys)]
    assert len(owned) == len(set(owned))
    written = {file.name for folder in SAVED.iterdir() if folder.is_dir() for file in folder.iterdir()}
    assert written <= set(owned)
