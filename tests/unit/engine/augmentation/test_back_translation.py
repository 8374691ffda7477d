"""Texts go sentence by sentence through two real, tiny MarianMT models and back; what is no use stays as it was."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sciapp.engine.augmentation.back_translation import BackTranslation, sentences
from sciapp.engine.augmentation.translator import Translator
from sciapp.errors import BadInput, Cancelled
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny_translation import ENGLISH, GERMAN, tiny_pair

TEXTS = ["Water water every temperature with assay strongly. Low every solubility.", "the protein binds water 14"]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return tiny_pair(tmp_path_factory.mktemp("pair"))


def opened(pair: tuple[Path, Path], *, seed: int = 0, count: int = 3) -> BackTranslation:
    there, back = (Translator.open(folder, folder.name, CPU) for folder in pair)
    return BackTranslation(there, back, count, 1.0, seed)


@given(
    text=st.text(st.sampled_from("ab. ?!\n\t…"), max_size=60) | st.text(max_size=60),
)
def test_sentences_and_what_stands_between_them_are_the_text(text: str) -> None:
    assert "".join(sentence + gap for sentence, gap in sentences(text)) == text


def test_an_abbreviation_does_not_end_a_sentence_and_a_line_does() -> None:
    text = "As Wei et al. 2019 found it is so. Then we did it again!\nEnd"
    assert [sentence for sentence, _ in sentences(text)] == [
        "As Wei et al. 2019 found it is so.",
        "Then we did it again!",
        "End",
    ]


def test_chinese_sentences_end_without_a_blank() -> None:
    text = "这种蛋白质在高温下与水结合得非常牢固并且溶解度也会显著增加。我们测量了每种温度下的溶解度。"
    assert [sentence for sentence, _ in sentences(text)] == [text[:30], text[30:]]


def test_variants_follow_from_seed_and_place_alone(pair: tuple[Path, Path]) -> None:
    one = opened(pair)
    made = one.variants(TEXTS, 0, lambda: None)
    assert [len(row) for row in made] == [3, 3]
    assert made == opened(pair).variants(TEXTS, 0, lambda: None)
    assert made != one.variants(TEXTS, 8, lambda: None) and made != opened(pair, seed=1).variants(
        TEXTS, 0, lambda: None
    )
    assert any(variant != text for text, row in zip(TEXTS, made, strict=True) for variant in row)


def test_translations_are_words_of_the_other_language(pair: tuple[Path, Path]) -> None:
    there = Translator.open(pair[0], "there", CPU)
    said = [
        one
        for seed in range(6)
        for row in there.translate(TEXTS, copies=2, temperature=0.3, seed=seed, check=lambda: None)
        for one in row
        if one
    ]
    letters = set((ENGLISH + GERMAN).replace(" ", ""))
    assert said and all(set(one.replace(" ", "")) <= letters for one in said)
    assert any(word in one.split() for one in said for word in ENGLISH.split() + GERMAN.split())


def test_a_sentence_that_is_too_long_for_the_model_stays_as_it_is(pair: tuple[Path, Path]) -> None:
    long = "water " * 100
    there = Translator.open(pair[0], "there", CPU)
    assert there.translate([long], copies=2, temperature=0.5, seed=0, check=lambda: None) == [[None, None]]
    (made,) = opened(pair).variants([long + "binds."], 0, lambda: None)
    assert made == [long + "binds."] * 3


def test_translating_can_be_given_up_between_two_words(pair: tuple[Path, Path]) -> None:
    asked: list[int] = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Cancelled("The run")

    with pytest.raises(Cancelled):
        opened(pair).variants(TEXTS, 0, check)
    assert len(asked) == 3


def test_what_does_not_translate_is_told(pair: tuple[Path, Path], tmp_path: Path) -> None:
    starter = Path(__file__).parents[4] / "resources/models/text-starter"
    with refused_exactly(BadInput, name="text-starter", kind="bert"):
        Translator.open(starter, "text-starter", CPU)
    lame = shutil.copytree(pair[0], tmp_path / "lame")
    (lame / "source.spm").unlink()
    with refused_exactly(BadInput, name="lame", missing="source.spm"):
        Translator.open(lame, "lame", CPU)
    many = shutil.copytree(pair[0], tmp_path / "many")
    words = json.loads((many / "vocab.json").read_text(encoding="utf-8"))
    (many / "vocab.json").write_text(json.dumps({**words, ">>fr<<": len(words)}), encoding="utf-8")
    with refused_exactly(BadInput, name="many"):
        Translator.open(many, "many", CPU)
