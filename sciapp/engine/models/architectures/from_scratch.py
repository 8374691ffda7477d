"""A fresh small network and tokenizer for a training from scratch; one of the architectures of `networks`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from sciapp.engine.inputs.tokenization.build import letters, smiles
from sciapp.engine.inputs.tokenization.build import wordpiece as words
from sciapp.engine.models.architectures.encoders import Architecture, network
from sciapp.records.dataset.card import DomainName

Size = Literal["tiny", "small", "medium"]

# (width, layers): about 0.6, 1.8 and 7.4 million parameters besides the vocabulary.
_SIZES: dict[Size, tuple[int, int]] = {"tiny": (128, 3), "small": (192, 4), "medium": (320, 6)}
_RAREST_ATOM = 5  # rows in which a token outside the fixed chemistry must be seen to get a number
_WORD_PIECES = 8000


@dataclass(frozen=True)
class _Recipe:
    architecture: Architecture
    tokenizer: Callable[[Iterable[str]], PreTrainedTokenizerBase]
    longest: int


_RECIPES: dict[DomainName, _Recipe] = {
    "molecule": _Recipe("modernbert", lambda rows: smiles.build(rows, least=_RAREST_ATOM), smiles.LONGEST),
    "protein": _Recipe("esm", lambda _: letters.build(letters.RESIDUES, 1024), 1024),
    "nucleotide": _Recipe("esm", lambda _: letters.build(letters.BASES, 1024), 1024),
    "text": _Recipe("bert", lambda rows: words.build(rows, _WORD_PIECES, 512), 512),
}


def fresh_tokenizer(domain: DomainName, rows: Iterable[str]) -> PreTrainedTokenizerBase:
    """The domain's tokenizer; where its vocabulary is not fixed, learnt from `rows`.

    Learning word pieces is not the same twice (ties): keep what this returns, do not make it again.
    """
    return _RECIPES[domain].tokenizer(rows)


def fresh_network(domain: DomainName, tokenizer: PreTrainedTokenizerBase, size: Size, seed: int) -> PreTrainedModel:
    """An untrained encoder with a masked-token head, its weights drawn from `seed`."""
    recipe, (width, layers) = _RECIPES[domain], _SIZES[size]
    torch.manual_seed(seed)
    return network(recipe.architecture, tokenizer, width=width, layers=layers, longest=recipe.longest)
