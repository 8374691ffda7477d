"""Methods of compression, as records, command line and window know them.

`engine/compression/methods` has the method itself, in a file of the same name.
"""

from dataclasses import dataclass
from typing import Literal

CompressionName = Literal["quantize"]


@dataclass(frozen=True)
class CompressionFacts:
    """Facts of a method that need no network.

    title: for a list of choices. result: the model afterwards, in a few words. account: a sentence for the methods
    section of a report, with {model} for the model that was compressed.
    """

    name: CompressionName
    title: str
    result: str
    account: str


COMPRESSIONS: tuple[CompressionFacts, ...] = (
    CompressionFacts(
        "quantize",
        "8-bit whole numbers (dynamic int8 quantisation)",
        "quantised to int8",
        "The linear layers of the {model} were then quantised to 8-bit integers (one scale for each output, "
        "activations quantised dynamically), without further training.",
    ),
)


def compression_facts(name: str) -> CompressionFacts:
    """The facts of a method that a plan names."""
    return next(facts for facts in COMPRESSIONS if facts.name == name)
