"""The four starters that ship: plain transformers loads them offline, they have learnt something, their cards tell."""

import csv
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer

RESOURCES = Path(__file__).parents[2] / "resources"
DOMAINS = ("molecule", "protein", "nucleotide", "text")
MOST_BYTES, MOST_BYTES_TOGETHER = 16 * 2**20, 60 * 2**20
EVERY = 7  # tokens: one of them is hidden
SAMPLES = {
    "molecule": ("esol.csv", "smiles"),
    "protein": ("gb1.csv", "sequence"),
    "nucleotide": ("splice_junctions.csv", "sequence"),
    "text": ("scicite.csv", "text"),
}
READ = {  # what a laboratory writes, and the tokens that it becomes
    "molecule": ("C[C@@H](N)C(=O)O", "C [C@@H] ( N ) C ( = O ) O"),
    "protein": ("mktUBZXOJw", "M K T U B Z X O J W"),
    "nucleotide": ("augcNRYswkmbdhvT", "A T G C N R Y S W K M B D H V T"),
    "text": ("The NaCl rose, by 5.3 °C.", "the nacl rose , by 5 . 3 °c ."),
}
UNKNOWN = {"molecule": "C?C", "protein": "MK*T", "nucleotide": "AC-GT", "text": "salt ☃ water"}


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("loading the starter asked for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)


def folder(domain: str) -> Path:
    return RESOURCES / "models" / f"{domain}-starter"


def sample_rows(domain: str) -> list[str]:
    """Two dozen rows from all over the sample table."""
    file, column = SAMPLES[domain]
    with (RESOURCES / "samples" / file).open(encoding="utf-8", newline="") as lines:
        return [row[column].strip() for row in csv.DictReader(lines)][::36][:24]


def spelt(tokenizer: Any, text: str) -> str:
    """The tokens between the special ones; pieces of one word are joined."""
    tokens = tokenizer.convert_ids_to_tokens(tokenizer(text)["input_ids"])[1:-1]
    return " ".join(tokens).replace(" ##", "")


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_laboratories_write_is_read_letter_for_letter(domain: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder(domain))
    written, tokens = READ[domain]
    assert spelt(tokenizer, written) == tokens
    assert tokenizer.unk_token_id not in tokenizer(sample_rows(domain)[0])["input_ids"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_sign_it_does_not_know_becomes_one_unknown_token(domain: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder(domain))
    assert tokenizer(UNKNOWN[domain])["input_ids"].count(tokenizer.unk_token_id) == 1


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_plain_encoder_computes_in_full_precision_and_ignores_padding(domain: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder(domain))
    plain = {} if domain == "molecule" else {"add_pooling_layer": False}  # ModernBERT has no pooler to leave out
    model = AutoModel.from_pretrained(folder(domain), **plain).eval()
    assert model.dtype == torch.float32
    assert model.num_parameters() < 10e6
    rows = sorted(sample_rows(domain), key=len)
    short, long = rows[0][: len(rows[0]) // 2], rows[-1]
    batch = tokenizer([short, long], padding=True, return_tensors="pt")
    alone = tokenizer(short, return_tensors="pt")
    names = ("input_ids", "attention_mask")
    with torch.no_grad():
        together = model(**{name: batch[name] for name in names}).last_hidden_state[0]
        single = model(**{name: alone[name] for name in names}).last_hidden_state[0]
    assert len(together) > len(single)
    torch.testing.assert_close(together[: len(single)], single, atol=1e-3, rtol=1e-2)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_fresh_head_reads_the_longest_input(domain: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder(domain))
    model = AutoModelForSequenceClassification.from_pretrained(folder(domain), num_labels=1).eval()
    longest = tokenizer.model_max_length
    text = " ".join(["water"] * 2 * longest) if domain == "text" else "C" * 2 * longest
    batch = tokenizer(text, truncation=True, return_tensors="pt")
    assert batch["input_ids"].shape == (1, longest)
    with torch.no_grad():
        logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    assert logits.shape == (1, 1)
    assert torch.isfinite(logits).all()


@pytest.mark.parametrize("domain", DOMAINS)
def test_hidden_tokens_of_the_samples_are_guessed_better_than_by_their_frequency(domain: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder(domain))
    model = AutoModelForMaskedLM.from_pretrained(folder(domain)).eval()
    batch = tokenizer(sample_rows(domain), padding=True, truncation=True, return_tensors="pt")
    ids = batch["input_ids"]
    plain = ~torch.isin(ids, torch.tensor(tokenizer.all_special_ids))
    places = torch.arange(ids.shape[1])[None] + torch.arange(len(ids))[:, None]
    hidden = plain & (places % EVERY == 0)
    with torch.no_grad():
        seen = ids.masked_fill(hidden, tokenizer.mask_token_id)
        logits = model(input_ids=seen, attention_mask=batch["attention_mask"]).logits[hidden]
    # The rival knows how often each token comes in these very rows.
    shares = torch.bincount(ids[plain], minlength=len(tokenizer)) / plain.sum()
    by_frequency = -shares[ids[hidden]].log().mean()
    assert torch.nn.functional.cross_entropy(logits, ids[hidden]) < by_frequency - 0.02


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_folder_is_small_and_holds_no_code_or_pickles(domain: str) -> None:
    files = [file for file in folder(domain).rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES
    assert {file.suffix for file in files} <= {".json", ".md", ".safetensors"}


def test_all_models_together_are_small() -> None:
    files = [file for file in (RESOURCES / "models").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= MOST_BYTES_TOGETHER


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_card_states_licence_sources_scores_and_limits(domain: str) -> None:
    card = (folder(domain) / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---")[1])
    assert front["license"] == "apache-2.0"
    assert front["library_name"] == "transformers"
    assert front["pipeline_tag"] == "fill-mask"
    assert 10 < len(front["sciapp_note"]) < 100
    for said in ("steps", "tokens", "hours", "machine", "seed", "held-out masked", "must not be trusted", "--minutes"):
        assert said in card
    assert max(len(line) for line in card.splitlines()) <= 120
