"""Kinds of inputs: how the values of a domain become numbers that a network reads."""

from collections.abc import Iterable
from typing import Any, Protocol

from sciapp.engine.domains.inputs import Inputs


class InputKind(Protocol):
    """One kind of inputs; a new one is one file in `kinds` with one `KIND`.

    Its reader belongs to a model and is saved with it: a tokenizer, the scale and the patch length of a spectrum.
    """

    def fresh_reader(self, inputs: Inputs, rows: Iterable[str]) -> Any:
        """A reader for a training from scratch; what is not fixed by the description is learnt from the rows.

        It has `save_pretrained(folder)` and `model_max_length`.
        """
