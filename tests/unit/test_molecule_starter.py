"""What the molecule starter knows of chemistry; what it has in common with the others is in test_starters."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

STARTER = Path(__file__).parents[2] / "resources" / "models" / "molecule-starter"
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


def test_it_has_learnt_to_close_a_benzene_ring(tokenizer: Any) -> None:
    model = AutoModelForMaskedLM.from_pretrained(STARTER).eval()
    batch = tokenizer("CC(=O)Nc1ccc(O)cc<mask>", return_tensors="pt")
    with torch.no_grad():
        logits = model(**batch).logits[0]
    guess = int(logits[batch["input_ids"][0] == tokenizer.mask_token_id].argmax())
    assert tokenizer.convert_ids_to_tokens(guess) == "1"


def test_the_card_names_the_sources_of_its_molecules() -> None:
    card = (STARTER / "README.md").read_text(encoding="utf-8")
    for said in ("ZINC", "PubChem", "QM9"):
        assert said in card
