"""What the starters propose in place of hidden words and letters; everything else of a row stays as it is."""

import re
from unittest.mock import ANY

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sciapp.engine.augmentation.masked_substitution import MaskedSubstitution
from sciapp.engine.domains.protein.domain import STANDARD
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.models.load import local_folder
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model

TEXT = (
    "The solubility of the  protein increases strongly with temperature, as Smith et al. (2019) have not shown for "
    "DNA;\nControl animals received 12.5 mg of NaCl."
)


def opened(name: str, *, strength: float = 1.0, seed: int = 0, folder: str = "") -> MaskedSubstitution:
    domain = domain_named(name)  # type: ignore[arg-type]
    model = folder or f"{name}-starter"
    return MaskedSubstitution.open(
        local_folder(model), model, torch.device("cpu"), how=domain.variations["masked_substitution"],
        example=domain.example, count=4, strength=strength, seed=seed,
    )  # fmt: skip


@pytest.fixture(scope="module")
def text() -> MaskedSubstitution:
    return opened("text")


def test_only_whole_words_are_replaced_by_whole_words(text: MaskedSubstitution) -> None:
    for variant in text.variants([TEXT], 0, lambda: None)[0]:
        old, new = re.split(r"(\w+)", TEXT), re.split(r"(\w+)", variant)
        assert len(old) == len(new) and variant != TEXT
        changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        assert 1 <= len(changed) <= 6
        for a, b in changed:
            assert len(a) >= 4 and len(b) >= 4 and a.isalpha() and b.isalpha()
            assert a[1:].islower() and a[0].isupper() == b[0].isupper() and a.lower() != b.lower()
            assert a not in {"DNA", "NaCl"}


def test_variants_follow_from_seed_and_row_number(text: MaskedSubstitution) -> None:
    first = text.variants([TEXT, "Water dissolves many salts quickly."], 0, lambda: None)
    assert first == text.variants([TEXT, "Water dissolves many salts quickly."], 0, lambda: None)
    assert len(set(first[0])) > 1
    assert first[0] != text.variants([TEXT], 5, lambda: None)[0]
    assert first[0] != opened("text", seed=1).variants([TEXT], 0, lambda: None)[0]


def test_a_weaker_strength_replaces_fewer_words(text: MaskedSubstitution) -> None:
    def replaced(by: MaskedSubstitution) -> int:
        long = " ".join([TEXT] * 3)
        made = by.variants([long], 0, lambda: None)[0]
        return sum(a != b for one in made for a, b in zip(long.split(), one.split(), strict=True))

    assert 0 < 2 * replaced(opened("text", strength=0.3)) < replaced(text)


def test_a_text_without_fitting_words_comes_unchanged(text: MaskedSubstitution) -> None:
    assert text.variants(["no DNA 12", "日本語の文", "…"], 0, lambda: None) == [
        ["no DNA 12"] * 4,
        ["日本語の文"] * 4,
        ["…"] * 4,
    ]


def test_a_text_longer_than_the_model_reads_changes_at_its_end_too(text: MaskedSubstitution) -> None:
    long = " ".join(["Water dissolves many salts."] * 400)
    variant = text.variants([long], 0, lambda: None)[0][0]
    assert len(variant.split()) == len(long.split()) == 1600
    changed = [n for n, (a, b) in enumerate(zip(long.split(), variant.split(), strict=True)) if a != b]
    assert min(changed) < 200 and max(changed) > 1400 and len(changed) > 200


@given(value=st.text(STANDARD + "X", min_size=1, max_size=80))
@settings(deadline=None, max_examples=15)
def test_residues_are_replaced_one_by_one(value: str) -> None:
    domain, by = domain_named("protein"), _protein()
    for variant in by.variants([value], 0, lambda: None)[0]:
        assert domain.clean(variant) == variant and len(variant) == len(value)
        changed = [(a, b) for a, b in zip(value, variant, strict=True) if a != b]
        assert len(changed) <= max(1, round(0.1 * len(value))) and all({a, b} <= set(STANDARD) for a, b in changed)
        assert bool(changed) == bool(set(value) & set(STANDARD))


def _protein(made: list[MaskedSubstitution] = []) -> MaskedSubstitution:  # noqa: B006  loaded once
    if not made:
        made.append(opened("protein"))
    return made[0]


def test_bases_are_replaced_and_rna_stays() -> None:
    dna, by = "ACGTTGCATGCCGATAGGCTN" * 4, opened("nucleotide")
    made, rna = by.variants([dna, dna.replace("T", "U")], 0, lambda: None)
    assert all(len(one) == len(dna) and set(one) <= set("ACGTN") and one != dna for one in made)
    assert all(sum(a != b for a, b in zip(dna, one, strict=True)) == 4 for one in made)  # a twentieth of 80
    assert rna == [dna.replace("T", "U")] * 4


def test_an_encoder_without_a_masked_head_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tiny_model(tmp_path_factory.mktemp("bare") / "model")
    assert (folder / "tokenizer.json").is_file()
    with refused_exactly(BadInput, name=str(folder), lacks=ANY) as raised:
        opened("protein", folder=str(folder))
    assert "tokenizer.json" not in raised.value.message and "starter" in raised.value.hint
