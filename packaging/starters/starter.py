"""The four starters: what each is made of. Choices between networks were measured; the model cards hold the numbers."""

from collections.abc import Callable
from dataclasses import dataclass

from corpora import GENOMES, MOLECULES, PROTEINS, TEXTS, Corpus
from transformers import PreTrainedTokenizerFast

from sciapp.engine.inputs.tokenization.build import letters, smiles
from sciapp.engine.inputs.tokenization.build import wordpiece as words


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


STARTERS = {
    "molecule": Starter(
        "molecule", MOLECULES, smiles.build, "modernbert", 256, 4, 256, (16, 24, 32, 48, 64, 96, 128, 256), 0
    ),
    "protein": Starter(
        "protein",
        PROTEINS,
        lambda _: letters.build(letters.RESIDUES, 1024),
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
        lambda _: letters.build(letters.BASES, 1024),
        "esm",
        256,
        6,
        1024,
        (64, 128, 256, 512),
        3,
    ),
    "text": Starter(
        "text", TEXTS, lambda texts: words.build(texts, 10000, 512), "bert", 256, 6, 512, (64, 128, 256), 1
    ),
}
