"""The four starters: what each is made of. Choices between networks were measured; the model cards hold the numbers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from corpora import GENOMES, MOLECULES, PROTEINS, TEXTS, Corpus
from transformers import PreTrainedTokenizerFast

from sciapp.engine.domains.inputs import TokenInputs
from sciapp.engine.domains.registry import domain_named
from sciapp.engine.inputs.registry import input_kind


@dataclass(frozen=True)
class Starter:
    """One starter model and how it is trained; `bag` is the n of the n-grams that its first token sums up."""

    domain: str
    corpora: tuple[Corpus, ...]
    tokenizer: Callable[[list[str]], PreTrainedTokenizerFast]
    architecture: str
    width: int
    layers: int
    longest: int
    windows: tuple[int, ...]
    bag: int

    @property
    def name(self) -> str:
        return f"{self.domain}-starter"


def _tokenizer(domain: str, **changed: Any) -> Callable[[list[str]], PreTrainedTokenizerFast]:
    """The tokenizer of a training from scratch in the domain, its vocabulary changed so."""
    inputs = domain_named(domain).inputs
    assert isinstance(inputs, TokenInputs)
    inputs = replace(inputs, vocabulary=replace(inputs.vocabulary, **changed))
    return partial(input_kind(inputs.kind).fresh_reader, inputs)


STARTERS = {
    "molecule": Starter(
        "molecule",
        MOLECULES,
        _tokenizer("molecule", least=20),
        "modernbert",
        256,
        4,
        256,
        (16, 24, 32, 48, 64, 96, 128, 256),
        0,
    ),
    "protein": Starter(
        "protein",
        PROTEINS,
        _tokenizer("protein"),
        "esm",
        320,
        6,
        1024,
        (64, 128, 256, 512),
        2,
    ),
    "nucleotide": Starter(
        "nucleotide",
        GENOMES,
        _tokenizer("nucleotide"),
        "esm",
        256,
        6,
        1024,
        (64, 128, 256, 512),
        3,
    ),
    "text": Starter("text", TEXTS, _tokenizer("text", size=10000), "bert", 256, 6, 512, (64, 128, 256), 1),
}
