import json
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel

from sciapp.engine.inputs.features.matrix import FeatureRecipe, feature_names
from sciapp.engine.inputs.features.scaling import Scaling
from sciapp.engine.models.architectures.feature_fusion import (
    FusionModel,
    join,
)
from sciapp.engine.models.load import load_classifier, load_tokenizer
from sciapp.engine.models.model_folder import ModelFolder
from sciapp.engine.models.parts.base import ModelContents
from sciapp.engine.models.parts.head import DESCRIPTORS_FILE, HEAD
from sciapp.errors import BadInput
from tests.helpers.tiny import tiny_model

SEQUENCES = ["MKTAYIAK", "GGSLV", "WWPAC"]


def recipe() -> FeatureRecipe:
    names = feature_names("protein", True, ("pH",))
    values = np.random.default_rng(0).normal(size=(50, len(names)))
    return FeatureRecipe("protein", True, ("pH",), Scaling.of(names, values))


@pytest.fixture
def model(tmp_path: Path) -> FusionModel:
    classifier = load_classifier(
        tiny_model(tmp_path / "tiny"), labels=["a", "b"], problem_type="regression", dropout=0.1, seed=1, pad_token_id=1
    )
    joined = join(classifier, recipe().width, outputs=2, dropout=0.1, seed=3)
    torch.nn.init.normal_(joined.head.out.weight)
    return joined.eval()


def inputs() -> dict[str, torch.Tensor]:
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 2, 1]])
    features = torch.from_numpy(recipe().matrix(SEQUENCES[:2], np.array([[7.0], [4.0]])))
    return {"input_ids": ids, "attention_mask": (ids != 1).long(), "features": features}


def saved(model: FusionModel, folder: Path, weight_format: str = "fp32") -> Path:
    tokenizer = load_tokenizer(folder.parent / "tiny")
    contents = ModelContents(tokenizer=tokenizer, network=model, recipe=recipe(), weight_format=weight_format)
    ModelFolder(folder).save(contents)
    return folder


def opened(folder: Path) -> FusionModel:
    network = ModelFolder(folder).open().network
    assert isinstance(network, FusionModel)
    return network


def test_a_saved_model_says_the_same_and_its_encoder_is_plain(model: FusionModel, tmp_path: Path) -> None:
    folder = saved(model, tmp_path / "model")
    assert HEAD.is_in(folder)
    with torch.no_grad():
        before, after = model(**inputs()).logits, opened(folder)(**inputs()).logits
    assert torch.equal(before, after)
    plain = AutoModel.from_pretrained(folder, local_files_only=True)
    assert torch.equal(plain.embeddings.word_embeddings.weight, model.encoder.embeddings.word_embeddings.weight)
    again = ModelFolder(folder).open().recipe
    assert again is not None
    assert np.array_equal(again.matrix(SEQUENCES), recipe().matrix(SEQUENCES))


def test_padding_does_not_change_what_a_row_means(model: FusionModel) -> None:
    together = inputs()
    alone = {name: part[1:, :3] if name != "features" else part[1:] for name, part in together.items()}
    with torch.no_grad():
        assert torch.allclose(model(**together).logits[1:], model(**alone).logits, atol=1e-6)


def test_rescaled_heads_speak_in_the_targets_units(model: FusionModel) -> None:
    scale, mean = torch.tensor([2.0, 0.5]), torch.tensor([10.0, -3.0])
    with torch.no_grad():
        before = model(**inputs()).logits
        model.head.rescale(scale, mean)
        assert torch.allclose(model(**inputs()).logits, before * scale + mean, atol=1e-5)


def test_a_compressed_joined_model_comes_back_and_stays_close(model: FusionModel, tmp_path: Path) -> None:
    folder = saved(model, tmp_path / "small", weight_format="int8")
    with torch.no_grad():
        before, after = model(**inputs()).logits, opened(folder)(**inputs()).logits
    assert not torch.equal(before, after)
    assert torch.allclose(before, after, atol=0.2 * float(before.abs().max()))


@pytest.mark.parametrize("damage", ["no json", "newer", "unknown descriptor", "no head"])
def test_a_damaged_folder_is_said_to_be_so(model: FusionModel, tmp_path: Path, damage: str) -> None:
    folder = saved(model, tmp_path / "model")
    file = folder / DESCRIPTORS_FILE
    told = json.loads(file.read_text(encoding="utf-8"))
    if damage == "no head":
        (folder / "head.safetensors").write_bytes(b"\0" * 20)
    elif damage == "no json":
        file.write_text("{", encoding="utf-8")
    elif damage == "newer":
        file.write_text(json.dumps(told | {"format": 99}), encoding="utf-8")
    else:
        told["scaling"]["names"][0] = "hydrophobia"
        file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        opened(folder)
    assert caught.value.hint


def test_descriptors_are_found_by_name_whatever_their_order(model: FusionModel) -> None:
    known = recipe()
    names = known.scaling.names
    turned = (*reversed(names[:-1]), names[-1])  # the covariate stays last
    order = [names.index(name) for name in turned]
    both = [*order, *(len(names) + place for place in order)]
    parts = [getattr(known.scaling, part)[both] for part in ("low", "high", "centre", "scale")]
    again = FeatureRecipe("protein", True, ("pH",), Scaling(turned, *parts, known.scaling.unit[order]))
    assert np.allclose(again.matrix(SEQUENCES), known.matrix(SEQUENCES)[:, both])


@pytest.mark.parametrize("lost", [DESCRIPTORS_FILE, "head.safetensors"])
def test_a_folder_that_lost_a_file_is_not_taken_for_a_plain_model(
    model: FusionModel, tmp_path: Path, lost: str
) -> None:
    folder = saved(model, tmp_path / "model")
    (folder / lost).unlink()
    assert HEAD.is_in(folder)
    with pytest.raises(BadInput):
        opened(folder)


def test_a_covariate_that_is_called_like_a_descriptor_stays_apart() -> None:
    names = feature_names("protein", True, ("length", "gravy"))
    values = np.random.default_rng(0).normal(size=(50, len(names)))
    known = FeatureRecipe("protein", True, ("length", "gravy"), Scaling.of(names, values))
    here = feature_names("protein", True, ())
    place = here.index("gravy")
    low, high = (known.matrix(SEQUENCES[:1], np.array([[1.0, number]]))[0] for number in (-1.0, 1.0))
    changed = np.flatnonzero(low != high).tolist()
    assert changed == [len(names) - 1, 2 * len(names) - 1]
    assert place not in changed
