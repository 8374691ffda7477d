"""What a model's name means, without a look at the network or at torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.engine.models import catalogue
from sciapp.engine.models.catalogue import offers, resolve, usual_model
from sciapp.errors import BadInput


def test_starters_come_first_and_can_be_asked_for_by_domain() -> None:
    found = offers()
    assert [offer.bundled for offer in found] == sorted((offer.bundled for offer in found), reverse=True)
    assert "molecule-starter" in [offer.name for offer in offers("molecule")]
    assert {offer.domain for offer in offers("protein")} == {"protein"}


def test_every_offer_can_be_resolved_and_has_a_domain_that_exists() -> None:
    for offer in offers():
        assert resolve(offer.name).kind == ("starter" if offer.bundled else "hub")
        assert offer.domain in {"molecule", "protein", "nucleotide", "text"}
        assert offer.parameters > 100_000


@pytest.mark.parametrize("domain", ["molecule", "protein", "nucleotide", "text"])
def test_without_a_choice_training_begins_from_the_domains_starter(domain: str) -> None:
    assert usual_model(domain) == f"{domain}-starter"


def test_a_domain_without_a_starter_asks_for_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "starters_folder", lambda: tmp_path)
    with pytest.raises(BadInput, match="No model for protein data"):
        usual_model("protein")


def test_a_name_is_a_starter_then_a_folder_then_a_hub_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve("molecule-starter").kind == "starter"
    assert resolve(str(tmp_path)).folder == tmp_path
    monkeypatch.chdir(tmp_path)
    (tmp_path / "org" / "name").mkdir(parents=True)
    assert resolve("org/name").kind == "folder"
    assert resolve("org/other-name").kind == "hub"
    assert resolve("esm2_t6_8M_UR50D").name == "facebook/esm2_t6_8M_UR50D"


@pytest.mark.parametrize("name", ["molecule-startr", "", "../up", "a/b/c", "org/", "/no/such/folder", "~/nowhere"])
def test_other_names_are_refused_with_the_nearest_that_exists(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        resolve(name)
    assert name in refused.value.message
    assert refused.value.hint
    if name == "molecule-startr":
        assert "Did you mean “molecule-starter”?" in refused.value.hint


def test_a_broken_list_leaves_the_starters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starter = tmp_path / "models" / "molecule-mine"
    starter.mkdir(parents=True)
    (starter / "config.json").write_text(json.dumps({"model_type": "roberta"}))
    (tmp_path / "models" / "catalogue.json").write_text("{ not json")
    monkeypatch.setattr(settings, "resources_folder", lambda: tmp_path)
    assert [offer.name for offer in offers()] == ["molecule-mine"]
    assert catalogue.resolve("molecule-mine").folder == starter


def test_listing_models_imports_neither_torch_nor_the_hub() -> None:
    code = (
        "import sys; from sciapp.engine.models.catalogue import offers; offers(); "
        "print(sorted({'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
