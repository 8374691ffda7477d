"""Labels of units meet the tokens that speak for them, however a tokenizer cuts and however long a row is."""

import numpy as np
import pytest
import torch
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

from sciapp.engine.data.targets.token_classification import TokenLabels
from sciapp.engine.data.values.token_labels import NO_LABEL
from sciapp.engine.inputs.tokenization.batches import Batch
from sciapp.engine.inputs.tokenization.tokens import NO_UNIT, Tokens
from sciapp.engine.models.load import load_tokenizer
from sciapp.engine.tasks.token_classification import IGNORED, TokenClassification
from sciapp.errors import BadInput
from tests.helpers.messages import refused_exactly
from tests.helpers.tiny import tiny_model

TASK = TokenClassification(("H", "E", "C"), "")


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    return load_tokenizer(tiny_model(tmp_path_factory.mktemp("model")))


def pieced(pattern: str, words: list[str]) -> PreTrainedTokenizerFast:
    """A tokenizer whose tokens are what the pattern matches."""
    vocabulary = {word: place for place, word in enumerate(["<s>", "</s>", "<unk>", *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>")


def tokenized(task: TokenClassification, tokenizer: object, inputs: list[str], longest: int = 64) -> Tokens:
    return task.tokenized(tokenizer, inputs, longest, lambda _: None)


def test_a_letter_each_is_labelled_and_special_tokens_are_not(letters: PreTrainedTokenizerFast) -> None:
    tokens = tokenized(TASK, letters, ["ACD", "W"])
    truth = TokenLabels.read(["HEC", "H"], ["101", "1"], ("H", "E", "C"), "")
    labels = TASK.labels(truth, tokens)
    batch = Batch(np.array([1, 0]), 8)
    assert TASK.batch_labels(labels, batch).tolist() == [
        [IGNORED, 0, *[IGNORED] * 6],
        [IGNORED, 0, IGNORED, 2, *[IGNORED] * 4],
    ]
    assert TASK.count(TASK.batch_labels(labels)) == 3


def test_units_within_one_token_share_its_label() -> None:
    tokens = tokenized(TASK, pieced("..", ["AC", "DE"]), ["ACDEF"])
    assert tokens.units is not None
    assert tokens.units.unit.tolist() == [NO_UNIT, 0, 2, 4, NO_UNIT]
    logits = np.eye(3)[[2, 0, 1, 2, 0]]
    assert TASK.decode(logits, tokens).spelt(TASK.outputs, "") == ["HHEEC"]  # type: ignore[union-attr]


def test_the_rest_of_a_word_speaks_for_nobody() -> None:
    words = TokenClassification(("O", "B"), " ")
    tokens = tokenized(words, pieced(r"\S{1,3}", ["the", "ger", "m", " "]), ["the germ"])
    assert tokens.units is not None
    assert [unit for unit in tokens.units.unit if unit != NO_UNIT] == [0, 1]
    logits = np.zeros((len(tokens.units.unit), 2))
    logits[tokens.units.unit == 1, 1] = 1
    assert words.decode(logits, tokens).spelt(words.outputs, " ") == ["O B"]  # type: ignore[union-attr]


@pytest.mark.parametrize("length", [1, 13, 14, 15, 27, 28, 100])
def test_in_a_long_row_every_unit_is_answered_once(letters: PreTrainedTokenizerFast, length: int) -> None:
    inputs = [("ACDEFGHIKLMNPQRSTVWY" * 5)[:length], "WWW"]
    tokens = tokenized(TASK, letters, inputs, longest=16)
    assert tokens.units is not None
    assert tokens.rows.lengths.max() <= 16
    speaking = tokens.units.unit[tokens.units.unit != NO_UNIT]
    assert sorted(speaking.tolist()) == list(range(length + 3))
    assert tokens.cut == (length > 14)
    truth = TokenLabels.of([[n % 3 for n in range(length)], [0, 1, 2]])
    labels = TASK.batch_labels(TASK.labels(truth, tokens)).numpy()
    logits = np.eye(3)[np.where(labels == IGNORED, 0, labels)]
    said = TASK.decode(logits, tokens)
    assert TASK.scores(said, truth) == {"unit_accuracy": 1.0, "macro_f1": 1.0}


def test_parts_and_joined_parts_are_the_whole(letters: PreTrainedTokenizerFast) -> None:
    inputs = ["ACD" * 12, "W", "EFG" * 9, "KL"]
    whole = tokenized(TASK, letters, inputs, longest=16)
    first, rest = (tokenized(TASK, letters, part, longest=16) for part in (inputs[:1], inputs[1:]))
    joined = Tokens.joined([first, rest])
    for found, wanted in ((joined, whole), (whole.part(1, 4), rest)):
        assert found.units is not None and wanted.units is not None
        for name in ("unit", "starts", "pieces"):
            assert getattr(found.units, name).tolist() == getattr(wanted.units, name).tolist(), name
        assert found.rows.numbers.tolist() == wanted.rows.numbers.tolist()


def test_the_loss_is_that_of_the_labels_that_count() -> None:
    labels = torch.tensor([[0, IGNORED, 2], [IGNORED, 1, IGNORED]])
    logits = torch.randn(2, 3, 3, generator=torch.Generator().manual_seed(0))
    log = logits.log_softmax(-1)
    by_hand = -(log[0, 0, 0] + log[0, 2, 2] + log[1, 1, 1])
    assert float(TASK.loss(logits, labels)) == pytest.approx(float(by_hand), rel=1e-5)
    assert TASK.count(labels) == 3


def test_a_unit_that_no_token_speaks_for_gets_a_question_mark() -> None:
    labels = TokenLabels.of([[NO_LABEL, 1]])
    assert labels.spelt(("H", "E"), "") == ["?E"]
    assert labels.counts.tolist() == [False, True]


def test_a_tokenizer_without_offsets_must_make_one_token_of_each_unit() -> None:
    class Slow:
        is_fast, cls_token_id, bos_token_id = False, 0, None

        def __init__(self, size: int) -> None:
            self.size = size

        def __call__(self, inputs: list[str], **_: object) -> dict[str, list[list[int]]]:
            return {"input_ids": [[0, *range(5, 5 + len(text) // self.size), 1] for text in inputs]}

    tokens = tokenized(TASK, Slow(1), ["ACD"])
    assert tokens.units is not None
    assert tokens.units.unit.tolist() == [NO_UNIT, 0, 1, 2, NO_UNIT]
    with refused_exactly(BadInput) as raised:
        tokenized(TASK, Slow(2), ["ACDEFG"])
    assert "tokenizer.json" in raised.value.hint
