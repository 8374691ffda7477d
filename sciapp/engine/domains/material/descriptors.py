"""Descriptors of a composition: statistics of the properties of its elements, weighted by their fractions.

As in Ward et al. (2016, npj Comput. Mater. 2:16028, “Magpie”), with the properties of `elements.csv`.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from sciapp.engine.domains.material.elements import PROPERTIES, elements
from sciapp.engine.domains.material.formula import fractions
from sciapp.i18n import msg

Floats = npt.NDArray[np.float64]

_STATISTICS = ("mean", "deviation", "minimum", "maximum", "range", "most_frequent")
_NORMS = (2, 3, 5)
_OF_MIXING = ("elements", "mixing_entropy", "fraction_norm_")

SETS: Mapping[str, tuple[str, ...]] = {
    msg("fractions of the elements"): ("fraction_",),
    msg("statistics of the elements’ properties"): (*_OF_MIXING, *(f"{name}_" for name in PROPERTIES)),
    msg("all of them"): ("",),
}
"""Alloys of the same few elements differ in the amounts alone, compounds of many elements in their properties."""


def describe(value: str) -> Mapping[str, float]:
    """Named numbers of a canonical text: number and mixing of its elements, the statistics, and each fraction.

    A statistic is NaN where one of the elements has no such property (electronegativity of a noble gas).
    """
    shares = fractions(value)
    weights = np.array(list(shares.values()))
    table = np.array([elements()[element].values for element in shares])
    return _mixing(weights) | _statistics(weights, table) | _fractions(shares)


def _mixing(weights: Floats) -> dict[str, float]:
    """Number of elements, entropy of mixing in units of the gas constant, norms of the fractions."""
    entropy = -float((weights * np.log(weights)).sum())
    norms = {f"fraction_norm_{p}": float((weights**p).sum() ** (1 / p)) for p in _NORMS}
    return {"elements": float(len(weights)), "mixing_entropy": abs(entropy)} | norms


def _statistics(weights: Floats, table: Floats) -> dict[str, float]:
    """weights (elements,), table (elements, properties). The deviation is the weighted mean of |value − mean|."""
    means = weights @ table
    least, most = table.min(axis=0), table.max(axis=0)
    deviations = weights @ np.abs(table - means)
    columns = (means, deviations, least, most, most - least, table[int(weights.argmax())])
    return {
        f"{name}_{what}": float(column[index])
        for index, name in enumerate(PROPERTIES)
        for what, column in zip(_STATISTICS, columns, strict=True)
    }


def _fractions(shares: Mapping[str, float]) -> dict[str, float]:
    return {name: shares.get(element, 0.0) for element, name in _fraction_names().items()}


@cache
def _fraction_names() -> Mapping[str, str]:
    return {element: f"fraction_{element}" for element in elements()}
