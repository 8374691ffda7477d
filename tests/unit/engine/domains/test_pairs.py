"""Two values as one row: canonical forms, descriptors, rewritings and likeness are of both, tokens keep them apart."""

from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

from sciapp.engine.data.schema.column_roles import second_column
from sciapp.engine.data.splits.leakage import partners_seen
from sciapp.engine.domains.about import domain_names
from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.pair import PairDomain, paired
from sciapp.engine.domains.registry import domain_named, parts_of_domain
from sciapp.engine.domains.row_input import MultiInput
from sciapp.engine.inputs.tokenization.tokens import tokenize
from sciapp.engine.models.load import load_tokenizer
from sciapp.engine.models.pair_encoding import segments, separated, tell_apart
from sciapp.errors import BadInput, NotFound
from tests.conftest import REPOSITORY
from tests.helpers.messages import refused_exactly, values_of
from tests.helpers.tiny import tiny_model

MOLECULES, PROTEINS, TEXTS = (domain_named(f"{name} pair") for name in ("molecule", "protein", "text"))
CLEANED = {
    "molecule": "C(C)O",
    "protein": "mkv",
    "nucleotide": "acgt",
    "text": " a b ",
    "series": "1.0, 2.50, , 3",
    "material": "O3 Fe2",
}


@pytest.mark.parametrize("name", domain_names())
def test_both_values_of_a_pair_are_brought_into_canonical_form(name: str) -> None:
    pair, each = domain_named(f"{name} pair"), domain_named(name)
    assert isinstance(pair, PairDomain) and pair.name == f"{name} pair"
    raw = CLEANED[name]
    assert pair.clean(paired(raw, each.example)).parts == (each.clean(raw), each.clean(each.example))
    assert pair.units(pair.example) == 2 * each.units(each.example)
    assert pair.clean(pair.example) == pair.example


@pytest.mark.parametrize(
    ("raw", "which", "word"),
    [
        (("CC(", "CCO"), "first input", "position 3"),
        (("CCO", "C1CC"), "second input", "ring 1"),
        (("CCO", ""), "second input", "empty"),
    ],
)
def test_a_pair_is_rejected_if_either_is_and_the_reason_names_which(
    raw: tuple[str, str], which: str, word: str
) -> None:
    with refused_exactly(Rejected, which=which, reason=ANY) as raised:
        MOLECULES.clean(paired(*raw))
    assert word in raised.value.reason


def test_there_are_no_pairs_of_nothing() -> None:
    with pytest.raises(NotFound):
        domain_named("molecules pair")


def test_a_text_with_any_character_in_it_stays_one_input() -> None:
    """U+FDD0 stands between the two inputs of a pair in hashes and caches."""
    assert domain_named("text").clean(" one\ufdd0two") == "one\ufdd0two"
    assert TEXTS.clean(paired(" one\ufdd0two", "three")) == MultiInput(("one\ufdd0two", "three"))
    ends, begins = paired("one\ufdd0", "two"), paired("one", "\ufdd0two")
    assert TEXTS.identity(ends) != TEXTS.identity(begins)


@pytest.mark.parametrize("name", domain_names())
def test_every_domain_says_which_domain_each_input_of_a_row_is_of(name: str) -> None:
    single = domain_named(name)
    assert parts_of_domain(single) == (single,)
    assert parts_of_domain(domain_named(f"{name} pair")) == (single, single)


def test_descriptors_are_of_both_and_told_apart() -> None:
    found, each = MOLECULES.descriptors(paired("CCO", "c1ccccc1")), domain_named("molecule")
    assert found["MolWt"] == each.descriptors("CCO")["MolWt"]
    assert found["second MolWt"] == each.descriptors("c1ccccc1")["MolWt"]
    assert len(found) == 2 * len(each.descriptors("CCO"))


@pytest.mark.parametrize("name", domain_names())
def test_augmentations_rewrite_both(name: str) -> None:
    pair, each = domain_named(f"{name} pair"), domain_named(name)
    value = {
        "molecule": "CC(=O)Oc1ccccc1C(=O)O",
        "text": "the quick brown fox jumps over the lazy dog",
        "series": each.example,
        "material": "Sr0.3La0.7MnO3",
    }.get(name, "ACGTACGTAACCGGTT" * 3)
    for called, augmentation in pair.augmentations.items():
        changed = [augmentation(paired(value, value), seed, 1.0).parts for seed in range(12)]
        assert any(first != value for first, _ in changed) and any(second != value for _, second in changed), called
        if augmentation.respells:
            assert {each.clean(part) for both in changed for part in both} == {each.clean(value)}


def test_repairs_mend_each_of_both_that_needs_it() -> None:
    kind, repair = next(iter(MOLECULES.repairs.items()))
    assert set(MOLECULES.repairs) == set(domain_named("molecule").repairs)
    salt, plain = "CCN.Cl", "CCO"
    for kind, repair in MOLECULES.repairs.items():
        assert repair.detects(paired(plain, salt)) == domain_named("molecule").repairs[kind].detects(salt)
    repair = MOLECULES.repairs["salts"]
    mended = repair.policies[repair.proposed].mend(paired(plain, salt))
    assert mended.parts[0] == plain and "Cl" not in mended.parts[1]


def test_whole_pairs_are_compared_and_their_less_alike_values_count() -> None:
    likeness = MOLECULES.likeness
    known = [paired("CCO", "c1ccccc1"), paired("CCCCCCCC", "CC(=O)O")]
    asked = [paired("CCO", "CC(=O)O"), paired("CCO", "FC(F)(F)I"), paired("CCO", "c1ccccc1")]
    found = likeness.nearest(asked, known)
    assert found.similarity[0] < 0.3  # both were seen, but in two pairs: no pair is like it
    assert found.similarity[1] < 0.3
    assert found.similarity[2] == 1
    assert found.index[1] in {0, 1}
    overlap = partners_seen([pair.parts for pair in asked], [pair.parts for pair in known])
    assert values_of(str(overlap)) == {"rows": 3, "both": 2, "one": 1, "neither": 0}


def test_a_pair_that_was_seen_the_other_way_round_is_nearly_the_same() -> None:
    known = [paired("CCCCCCCC", "CC(=O)O"), paired("c1ccccc1", "CCO")]
    found = MOLECULES.likeness.nearest([paired("CCO", "c1ccccc1")], known)
    assert (found.similarity[0], found.index[0]) == (1, 1)


def test_clusters_of_pairs_are_those_of_their_first_values() -> None:
    values = sorted(paired(first, second) for first in ("CCO", "CCCO", "c1ccccc1Br") for second in ("C", "CC"))
    found = MOLECULES.likeness.clusters(values, 0.9)
    labels: dict[str, set[int]] = {}
    for value, label in zip(values, found.labels.tolist(), strict=True):
        labels.setdefault(value.parts[0], set()).add(label)
    assert all(len(one) == 1 for one in labels.values())
    groups = {MOLECULES.splits["scaffold"](paired("c1ccccc1C", other)) for other in ("C", "C1CCCCC1", "c1ccncc1")}
    assert len(groups) == 1


# --- columns ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "other", "found"),
    [
        ("sequence_a", "sequence_b", ("sequence_a", "sequence_b")),
        ("smiles2", "smiles1", ("smiles1", "smiles2")),
        ("hypothesis", "premise", ("premise", "hypothesis")),
        ("solvent_smiles", "solute_smiles", ("solute_smiles", "solvent_smiles")),
        ("Question", "Answer", ("Question", "Answer")),
        ("wt_sequence", "mutant_sequence", None),
        ("smiles", "canonical_smiles", None),
        ("source_smiles", "target_smiles", None),
        ("text", "title", None),
        ("sequence_a", "sequence_c", None),
    ],
)
def test_a_second_input_is_proposed_only_where_both_headings_say_so(
    chosen: str, other: str, found: tuple[str, str] | None
) -> None:
    assert second_column(chosen, [other]) == found


# --- tokens -------------------------------------------------------------------------------------------------------

STARTERS = {"molecule": "CCO", "protein": "MKV", "nucleotide": "ACGT", "text": "a cell"}


@pytest.mark.parametrize("name", STARTERS)
def test_our_starters_put_a_separator_between_two_inputs(name: str) -> None:
    tokenizer: Any = load_tokenizer(REPOSITORY / f"resources/models/{name}-starter")
    before = tokenizer.backend_tokenizer.to_str()
    assert separated(tokenizer).backend_tokenizer.to_str() == before  # they need no help
    value = STARTERS[name]
    ids = tokenize(tokenizer, [paired(value, value)], 64, lambda done: None).rows[0].tolist()
    assert ids == tokenizer(value, value)["input_ids"]
    alone = tokenizer(value, add_special_tokens=False)["input_ids"]
    assert ids[1 : 1 + len(alone)] == alone and ids[-1 - len(alone) : -1] == alone
    assert tokenizer.sep_token_id in ids[1 + len(alone) : -1 - len(alone)] and ids[-1] == tokenizer.sep_token_id


def test_a_tokenizer_without_pairs_learns_to_make_them_and_keeps_that_when_saved(tmp_path: Path) -> None:
    tokenizer: Any = load_tokenizer(tiny_model(tmp_path / "m"))
    single = tokenizer("MKV")["input_ids"]
    assert tokenizer.sep_token_id not in tokenizer("MKV", "AC")["input_ids"]
    separated(tokenizer).save_pretrained(tmp_path / "saved")
    again: Any = load_tokenizer(tmp_path / "saved")
    for one in (tokenizer, again):
        assert one.convert_ids_to_tokens(one("MKV", "AC")["input_ids"]) == ["<s>", *"MKV", "</s>", *"AC", "</s>"]
        assert one("MKV")["input_ids"] == single


def test_a_tokenizer_without_any_separator_is_refused_in_a_sentence() -> None:
    backend = Tokenizer(models.WordLevel({"a": 0, "?": 1}, unk_token="?"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    with refused_exactly(BadInput) as raised:
        separated(PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="?"))
    assert "RoBERTa" in raised.value.hint


def test_of_a_pair_that_is_too_long_the_longer_input_is_cut(tmp_path: Path) -> None:
    tokenizer = separated(load_tokenizer(tiny_model(tmp_path / "m")))
    found = tokenize(tokenizer, [paired("A" * 30, "CDE"), paired("AC", "DE")], 12, lambda done: None)
    words = [tokenizer.convert_ids_to_tokens(found.rows[row].tolist()) for row in range(2)]
    assert words[0] == ["<s>", *"A" * 6, "</s>", *"CDE", "</s>"]
    assert words[1] == ["<s>", *"AC", "</s>", *"DE", "</s>"]
    assert found.cut == 1


def bert() -> tuple[Any, Any]:
    """A small BERT whose tokenizer tells the two inputs apart."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"]
    backend = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]", unk_token="[UNK]",
        mask_token="[MASK]", model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        type_vocab_size=2, max_position_embeddings=32,
    )  # fmt: skip
    return BertForSequenceClassification(config).eval(), tokenizer


def test_segments_are_those_that_the_tokenizer_gives() -> None:
    _, tokenizer = bert()
    batch = tokenizer(["a b", "c"], ["c", "a b c a"], padding=True, return_tensors="pt")
    found = segments(batch["input_ids"], tokenizer.sep_token_id, batch["attention_mask"])
    assert found.tolist() == batch["token_type_ids"].tolist()


def test_a_model_with_segments_is_told_them_and_says_what_it_says_with_plain_transformers() -> None:
    model, tokenizer = bert()
    batch = tokenizer(["a b", "c"], ["c", "a b c a"], padding=True, return_tensors="pt")
    with torch.no_grad():
        wanted = model(**batch).logits
        bare = {name: batch[name] for name in ("input_ids", "attention_mask")}
        blind = model(**bare).logits
        tell_apart(model, tokenizer)
        assert torch.equal(model(**bare).logits, wanted)
        assert not torch.allclose(blind, wanted)
        assert torch.equal(model(**batch).logits, wanted)  # what is given stays


def test_a_model_without_segments_is_left_alone(tmp_path: Path) -> None:
    from transformers import AutoModelForSequenceClassification

    folder = tiny_model(tmp_path / "m")
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = separated(load_tokenizer(folder))
    given: list[set[str]] = []

    def note(module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        given.append({name for name, value in named.items() if value is not None})

    model.base_model.register_forward_pre_hook(note, with_kwargs=True)
    batch = tokenizer("MK", "AC", return_tensors="pt")
    tokens = {name: batch[name] for name in ("input_ids", "attention_mask")}
    model(**tokens)
    tell_apart(model, tokenizer)
    model(**tokens)
    before, after = given
    assert after == before and "token_type_ids" not in after
