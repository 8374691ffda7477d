"""Methods of compression, as records, command line and window know them.

`engine/compression/methods` has the method itself, in a file of the same name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sciapp.i18n import msg

CompressionName = Literal["quantize"]


@dataclass(frozen=True)
class CompressionFacts:
    """Facts of a method that need no network.

    title: for a list of choices. result: the model afterwards, in a few words. account: a sentence for the methods
    section of a report on the model that was compressed, of which it is handed the name.
    """

    name: CompressionName
    title: str
    result: str
    account: Callable[[str], str]


COMPRESSIONS: tuple[CompressionFacts, ...] = (
    CompressionFacts(
        "quantize",
        msg("8-bit whole numbers (dynamic int8 quantisation)"),
        msg("quantised to int8"),
        lambda model: msg(
            "The linear layers of the {model} were then quantised to 8-bit integers (one scale for each "
            "output, activations quantised dynamically), without further training.",
            model=model,
        ),
    ),
)


def compression_facts(name: str) -> CompressionFacts:
    """The facts of a method that a plan names."""
    return next(facts for facts in COMPRESSIONS if facts.name == name)
