"""Detection of a column with row weights: by heading and content, and rather none than a wrong one."""

import re
from collections.abc import Mapping, Sequence

from sciapp.engine.data.labels import read_number
from sciapp.engine.data.number_formats import numbers_of
from sciapp.records.number_format import DecimalSign

_NAMES = frozenset(
    "sample weight,sample weights,instance weight,instance weights,row weight,row weights,case weight,case weights,"
    "example weight,example weights,training weight,training weights,loss weight,loss weights,importance weight,"
    "importance weights,sampleweight,instanceweight".split(",")
)
_MAY_BE = frozenset({"weight", "weights"})  # or of a molecule, a protein, a patient: those are hardly all below 1


def weight_column(columns: Mapping[str, Sequence[str]], decimal: DecimalSign = ".") -> str | None:
    """The first column that is headed as weights of rows and holds nothing else; columns: the first cells by name."""
    return next((name for name, cells in columns.items() if _is_weight(name, cells, decimal)), None)


def _is_weight(name: str, cells: Sequence[str], decimal: DecimalSign) -> bool:
    words = " ".join(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))
    if words not in _NAMES | _MAY_BE:
        return False
    try:
        format = numbers_of(cells, decimal).format
        found = [read_number(cell, format) for cell in cells]
    except ValueError:
        return False
    weights = [weight for weight in found if weight is not None]
    if not weights or len(weights) < len(found) or min(weights) < 0 or not any(weights):
        return False
    return words in _NAMES or max(weights) <= 1
