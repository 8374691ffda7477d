"""The molecule starter that ships: plain transformers loads it offline, it reads chemistry, its card is honest."""

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer

STARTER = Path(__file__).parents[2] / "resources" / "models" / "molecule-starter"
MOST_BYTES = 16 * 2**20
LABORATORY = (
    "OCC3OC(OCC2OC(OC(C#N)c1ccccc1)C(O)C(O)C2O)C(O)C(O)C3O",  # amigdalin, as ESOL writes it
    "c1ccc2c(c1)ccc3c2ccc4c5ccccc5ccc43",
    "ClC4=C(Cl)C5(Cl)C3C1CC(C2OC12)C3C4(Cl)C5(Cl)Cl",
    "CCOP(=S)(OCC)SCSC(C)(C)C",
    "CC(=O)Nc1nnc(s1)S(N)(=O)=O",
    "O=[N+]([O-])c1cccc2[nH]ccc12",
    "C/C=C\\C[Si](C)(C)C",
    "C[C@@H](O)C(=O)[O-].[Na+]",
    "C[Hg]C.CC[Pb](CC)(CC)CC",
    "CCCC[Sn](Cl)(CCCC)CCCC",
    "O=[As](O)(O)c1ccccc1",
    "[2H]C([2H])([2H])S(=O)C",
    "c1cc[se]c1",
    "OB(O)c1ccc(I)cc1",
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("loading the starter asked for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return AutoTokenizer.from_pretrained(STARTER)


def test_a_smiles_is_cut_into_atoms_bonds_branches_and_rings(tokenizer: Any) -> None:
    ids = tokenizer("C[C@H](N)C(=O)OCl%12Br")["input_ids"]
    assert tokenizer.convert_ids_to_tokens(ids) == (
        ["<s>", "C", "[C@H]", "(", "N", ")", "C", "(", "=", "O", ")", "O", "Cl", "%12", "Br", "</s>"]
    )
    assert tokenizer.model_max_length == 256
    assert len(tokenizer) < 600


@pytest.mark.parametrize("smiles", LABORATORY)
def test_what_laboratories_measure_has_no_unknown_token(tokenizer: Any, smiles: str) -> None:
    ids = tokenizer(smiles)["input_ids"]
    assert tokenizer.unk_token_id not in ids
    assert "".join(tokenizer.convert_ids_to_tokens(ids)[1:-1]) == smiles


def test_characters_and_atoms_it_does_not_know_become_the_unknown_token(tokenizer: Any) -> None:
    for smiles in ("C?C", "C[Og]C"):
        assert tokenizer(smiles)["input_ids"].count(tokenizer.unk_token_id) == 1


def test_the_plain_encoder_loads_in_full_precision_and_ignores_padding(tokenizer: Any) -> None:
    model = AutoModel.from_pretrained(STARTER, add_pooling_layer=False).eval()
    assert model.dtype == torch.float32
    assert 3e6 < model.num_parameters() < 5e6
    batch = tokenizer(["CCO", "CC(=O)Oc1ccccc1C(=O)O"], padding=True, return_tensors="pt")
    with torch.no_grad():
        together = model(**batch).last_hidden_state
        alone = model(**tokenizer("CCO", return_tensors="pt")).last_hidden_state
    torch.testing.assert_close(together[0, :5], alone[0], atol=1e-4, rtol=1e-3)


def test_a_head_for_one_number_reads_the_longest_input(tokenizer: Any) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(STARTER, num_labels=1).eval()
    batch = tokenizer("C" * 400, truncation=True, return_tensors="pt")
    assert batch["input_ids"].shape == (1, 256)
    with torch.no_grad():
        assert model(**batch).logits.shape == (1, 1)


def test_it_has_learnt_to_close_a_benzene_ring(tokenizer: Any) -> None:
    model = AutoModelForMaskedLM.from_pretrained(STARTER).eval()
    batch = tokenizer("CC(=O)Nc1ccc(O)cc<mask>", return_tensors="pt")
    with torch.no_grad():
        logits = model(**batch).logits[0]
    guess = int(logits[batch["input_ids"][0] == tokenizer.mask_token_id].argmax())
    assert tokenizer.convert_ids_to_tokens(guess) == "1"


def test_the_folder_is_small_and_holds_no_code_or_pickles() -> None:
    files = [file for file in STARTER.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES
    assert {file.suffix for file in files} <= {".json", ".md", ".safetensors"}


def test_the_card_states_licence_data_scores_and_limits() -> None:
    card = (STARTER / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---")[1])
    assert front["license"] == "apache-2.0"
    assert front["library_name"] == "transformers"
    for said in ("ZINC", "PubChem", "QM9", "held-out masked accuracy", "seed", "must not be trusted"):
        assert said in card
