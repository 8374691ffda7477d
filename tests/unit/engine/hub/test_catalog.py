"""What a model's name means, without a look at the network or at torch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sciapp import settings
from sciapp.actions.models import models_for
from sciapp.engine.domains.about import domain_names
from sciapp.engine.hub import catalog as catalogue
from sciapp.engine.hub.catalog import describe, offers, resolve, usual_model
from sciapp.errors import BadInput
from sciapp.i18n import Message
from sciapp.records.model.info import NOT_STATED, bytes_text, facts_text
from tests.helpers.messages import has_part, refused_exactly, values_of
from tests.helpers.tiny import tiny_model


def test_starters_come_first_and_can_be_asked_for_by_domain() -> None:
    found = offers()
    assert [facts.origin == "starter" for facts in found] == sorted(
        (f.origin == "starter" for f in found), reverse=True
    )
    assert "molecule-starter" in [offer.name for offer in offers("molecule")]
    assert {offer.domain for offer in offers("protein")} == {"protein"}


def test_every_offer_can_be_resolved_and_has_a_domain_that_exists() -> None:
    for offer in offers():
        assert resolve(offer.name).kind == offer.origin
        assert offer.domain in domain_names()
        assert offer.parameters is not None and offer.parameters > 100_000
        assert offer.layers and offer.width and offer.heads and offer.context, offer.name


def test_the_fields_standard_encoders_are_listed_with_size_publication_and_a_remark() -> None:
    found = {facts.name: facts for facts in offers()}
    for name in (
        "facebook/esm2_t6_8M_UR50D", "facebook/esm2_t33_650M_UR50D", "Rostlab/prot_bert", "DeepChem/ChemBERTa-77M-MTR",
        "DeepChem/ChemBERTa-77M-MLM", "allenai/scibert_scivocab_uncased", "answerdotai/ModernBERT-base",
        "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract", "google-bert/bert-base-uncased",
        "distilbert/distilbert-base-uncased", "FacebookAI/roberta-base",
    ):  # fmt: skip
        facts = found[name]
        assert facts.publication and facts.note, name
        assert isinstance(facts.note, Message) or " " not in facts.note, name
        # Weights in fp32: a size that is far off would be a slip of the pen.
        assert facts.download_bytes is not None and facts.parameters is not None
        assert 3.9 < facts.download_bytes / facts.parameters < 4.2, name
    assert found["DeepChem/ChemBERTa-77M-MTR"].licence == ""
    assert has_part(facts_text(found["DeepChem/ChemBERTa-77M-MTR"]), licence=NOT_STATED)
    assert not [name for name in found if "nucleotide-transformer-v2" in name], "v2 brings program code of its own"


def test_an_untrained_network_has_no_licence_to_state() -> None:
    assert "licence" not in facts_text(describe("fresh:tiny"))


def test_a_hub_model_in_the_cache_is_on_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    name, commit = "facebook/esm2_t6_8M_UR50D", "a" * 40
    assert not {facts.name: facts for facts in offers()}[name].here
    cached = tmp_path / "models--facebook--esm2_t6_8M_UR50D"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text(commit)
    snapshot = cached / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text(json.dumps({"model_type": "esm"}))
    assert not {facts.name: facts for facts in offers()}[name].here, "a download that was broken off has no weights"
    (snapshot / "model.safetensors").write_bytes(b"")
    found = {facts.name: facts for facts in offers()}
    assert found[name].here and describe(name).here
    download = {"size": values_of(bytes_text(found[name].download_bytes))}
    assert not has_part(facts_text(found[name]), **download)
    assert has_part(facts_text(found[name].model_copy(update={"here": False})), **download)
    assert not found["facebook/esm2_t12_35M_UR50D"].here


def test_a_folder_is_described_by_its_own_files_and_an_unknown_hub_model_by_nothing(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model")
    facts = describe(str(model))
    assert (facts.layers, facts.width, facts.heads, facts.context) == (2, 16, 2, 64)
    unknown = describe("org/nobody-knows")
    assert not unknown.here and unknown.parameters is None
    assert "nothing else" in facts_text(unknown)
    with refused_exactly(BadInput, name=str(tmp_path)) as raised:
        describe(str(tmp_path))
    assert "config.json" in raised.value.hint


@pytest.mark.parametrize("domain", ["molecule", "protein", "nucleotide", "text"])
def test_without_a_choice_training_begins_from_the_domains_starter(domain: str) -> None:
    assert usual_model(domain) == f"{domain}-starter"


def test_a_domain_without_a_starter_asks_for_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "starters_folder", lambda: tmp_path)
    with refused_exactly(BadInput, domain="protein"):
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
    with refused_exactly(BadInput, name=name) as raised:
        resolve(name)
    assert raised.value.hint
    if name == "molecule-startr":
        assert has_part(raised.value.hint, name="molecule-starter")


def test_a_broken_list_leaves_the_starters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starter = tmp_path / "models" / "molecule-mine"
    starter.mkdir(parents=True)
    (starter / "config.json").write_text(json.dumps({"model_type": "roberta"}))
    (tmp_path / "models" / "catalogue.json").write_text("{ not json")
    monkeypatch.setattr(settings, "resources_folder", lambda: tmp_path)
    assert [offer.name for offer in offers() if offer.origin != "fresh"] == ["molecule-mine"]
    assert catalogue.resolve("molecule-mine").folder == starter


def test_listing_models_imports_neither_torch_nor_what_asks_the_network() -> None:
    code = (
        "import sys; from sciapp.engine.hub.catalog import offers; offers(); "
        "print(sorted({'torch', 'transformers', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_a_domain_without_a_starter_is_offered_fresh_networks_first() -> None:
    assert usual_model("series") == "fresh:tiny"
    first = models_for(domain="series")[0]
    assert (first.name, first.origin) == ("fresh:tiny", "fresh")
    assert describe("fresh:small").display_name == "a fresh network (small)"
    assert not any(offer.origin == "fresh" for offer in offers("molecule"))
