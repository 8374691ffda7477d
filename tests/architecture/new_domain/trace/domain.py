"""Traces: numbers at even steps, which a network reads two by two."""

import math
from collections.abc import Mapping

import numpy as np
from sciapp.engine.domains.braid.domain import Braid  # found beside this one

from sciapp.engine.domains.base import Rejected, Splitter
from sciapp.engine.domains.inputs import Inputs


class Trace(Braid):
    """Canonical form: numbers with a blank between them."""

    name = "trace"
    unit = "points"
    inputs = Inputs(kind="patches", network="trace_net", longest=32)
    example = "1 2.5 3 4"
    descriptors_called = "mean and spread"
    column_names = ("trace",)
    reads_numbers = True
    label_separator = None
    splits: Mapping[str, Splitter] = {}

    def clean(self, value: str) -> str:
        try:
            numbers = [float(word) for word in value.strip("[]").replace(",", " ").split()]
        except ValueError as error:
            raise Rejected("there is something that is no number") from error
        if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
            raise Rejected("there are no two numbers")
        return " ".join(f"{number:g}" for number in numbers)

    def units(self, value: str) -> list[str]:
        return value.split()

    def descriptors(self, value: str) -> Mapping[str, float]:
        numbers = np.array(value.split(), dtype=float)
        return {"mean": float(numbers.mean()), "spread": float(numbers.std())}


DOMAIN = Trace()
