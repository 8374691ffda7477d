"""Prompt tuning as words of the vocabulary: virtual tokens stand behind the start token of every row.

Lester et al. 2021 (arXiv:2104.08691) put vectors that are learnt before the row's own. Here those vectors are new
rows of the embedding table (`peft`'s trainable tokens) and the tokenizer's template puts their numbers into each row,
so that the saved model is a plain one: transformers alone reads it and says the same. They stand behind the start
token, not before it, for classifiers that read the first position.
"""

import json
from typing import Any

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerBase

from sciapp.engine.inputs.tokenization.letters import of_generic_class
from sciapp.errors import BadInput
from sciapp.i18n import msg

_WORD = "<virtual_{}>"
_TEMPLATE = "TemplateProcessing"
_ROW_ENDS = (_TEMPLATE, "RobertaProcessing", "BertProcessing")
_PLACE_A, _PLACE_B = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")


def add_virtual_tokens(tokenizer: PreTrainedTokenizerBase, count: int) -> tuple[PreTrainedTokenizerBase, list[int]]:
    """A tokenizer that puts `count` virtual tokens into every row, and their numbers.

    What a model that was prompt tuned before learnt is kept: the new ones stand behind those. Raises BadInput for a
    tokenizer that has no template.
    """
    if not getattr(tokenizer, "is_fast", False):
        raise _no_template()
    generic: Any = of_generic_class(tokenizer)
    known = generic.get_vocab()
    words = [word for number in range(len(known) + count) if (word := _WORD.format(number)) not in known][:count]
    generic.add_tokens(words, special_tokens=True)
    numbers = [int(number) for number in generic.convert_tokens_to_ids(words)]
    backend = generic.backend_tokenizer
    described = json.loads(backend.to_str())
    described["post_processor"] = _with_words(described["post_processor"], dict(zip(words, numbers, strict=True)))
    backend.post_processor = Tokenizer.from_str(json.dumps(described)).post_processor
    return generic, numbers


def make_room(model: Any, tokens: list[int], seed: int) -> None:
    """Embeddings for the virtual tokens; they begin as those of words drawn from the vocabulary (sec. 2.1.1 there)."""
    table = model.get_input_embeddings()
    words = table.num_embeddings
    if max(tokens) >= words:
        model.resize_token_embeddings(max(tokens) + 1, mean_resizing=False)
        table = model.get_input_embeddings()
    drawn = torch.randperm(min(words, min(tokens)), generator=torch.Generator().manual_seed(seed))
    chosen = drawn[torch.arange(len(tokens)) % len(drawn)]
    with torch.no_grad():
        table.weight[torch.tensor(tokens)] = table.weight[chosen].clone()


def _with_words(processor: dict[str, Any] | None, numbers: dict[str, int]) -> dict[str, Any]:
    """The description of a post processor, with these words behind what stands before a row."""
    if processor is None:
        processor = {"type": _TEMPLATE, "single": [_PLACE_A], "pair": [_PLACE_A, _PLACE_B], "special_tokens": {}}
    if processor["type"] == "Sequence":
        parts = processor["processors"]
        index = next((i for i, part in enumerate(parts) if part["type"] in _ROW_ENDS), None)
        if index is None:
            raise _no_template()
        return processor | {"processors": [*parts[:index], _with_words(parts[index], numbers), *parts[index + 1 :]]}
    if processor["type"] in {"RobertaProcessing", "BertProcessing"}:
        return _with_words(_as_template(processor), numbers)
    if processor["type"] != _TEMPLATE:
        raise _no_template()
    added = [{"SpecialToken": {"id": word, "type_id": 0}} for word in numbers]
    templates = {name: _before_row(processor[name], added) for name in ("single", "pair")}
    special = {word: {"id": word, "ids": [number], "tokens": [word]} for word, number in numbers.items()}
    return processor | templates | {"special_tokens": processor["special_tokens"] | special}


def _before_row(pieces: list[dict[str, Any]], added: list[dict[str, Any]]) -> list[dict[str, Any]]:
    index = next(i for i, piece in enumerate(pieces) if "Sequence" in piece)
    return [*pieces[:index], *added, *pieces[index:]]


def _as_template(processor: dict[str, Any]) -> dict[str, Any]:
    """The same as BertProcessing and RobertaProcessing do, spelt out; spaces may then count to a token's place."""
    (first, first_id), (last, last_id) = processor["cls"], processor["sep"]
    begin, end = ({"SpecialToken": {"id": word, "type_id": 0}} for word in (first, last))
    between, second = ([end, end], 0) if processor["type"] == "RobertaProcessing" else ([end], 1)
    closing = {"SpecialToken": {"id": last, "type_id": second}}
    return {
        "type": _TEMPLATE,
        "single": [begin, _PLACE_A, end],
        "pair": [begin, _PLACE_A, *between, {"Sequence": {"id": "B", "type_id": second}}, closing],
        "special_tokens": {
            word: {"id": word, "ids": [number], "tokens": [word]}
            for word, number in ((first, first_id), (last, last_id))
        },
    }


def _no_template() -> BadInput:
    return BadInput(
        msg("Prompt tuning writes its virtual tokens into the template of tokenizer.json, and this model has none."),
        hint=msg("Set tuning_method to lora, or to prefix, full or head."),
    )
