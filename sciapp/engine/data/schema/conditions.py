"""Columns of numbers under which the same input was measured again and again: temperature, pH, dose. By content."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sciapp.engine.data.values.number_formats import content_of
from sciapp.errors import shortened
from sciapp.i18n import all_of, msg, plural
from sciapp.records.dataset.number_format import DecimalSign

_MOST = 3
_OFTEN = 0.1  # share of the rows that contradict each other if nothing tells them apart
_FEWEST = 6  # such rows
_TOLD_APART = 0.8  # share of the contradictions that a condition has to explain
_SET = 0.5  # share of a condition's values that come with several inputs: it was set, not measured
_USUAL = frozenset(
    "t temp temperature kelvin celsius ph dose dosage conc concentration pressure humidity time hours minutes "
    "wavelength frequency voltage ratio equiv loading".split()
)
_NEVER = frozenset(
    "id ids index idx row number no rank fold std sd sem stdev error err uncertainty variance predicted prediction "
    "pred score replicate replicates count n fit r2 rsq rmse residual pvalue".split()
)

Columns = Mapping[str, Sequence[str]]


def conditions(
    columns: Columns, inputs: Sequence[str], target: str, left: Sequence[str], decimal: DecimalSign
) -> tuple[str, ...]:
    """Of the columns `left` those that tell rows of the same input with different values apart; none where rows hardly
    contradict each other. columns: the first cells of each. inputs: one column, or two of pairs.
    """
    names: list[str] = []
    if clashing(columns, inputs, target) < max(_FEWEST, _OFTEN * len(columns[target])):
        return ()
    offered = [name for name in left if _may_be_set(name, columns, inputs, decimal)]
    unexplained = first = _unexplained(columns, inputs, target, ())
    while offered and unexplained and len(names) < _MOST:
        counts = {name: _unexplained(columns, inputs, target, [*names, name]) for name in offered}
        best = min(offered, key=lambda name: (counts[name], not _usual(name)))
        if counts[best] >= unexplained:
            break
        unexplained = counts[best]
        names.append(best)
        offered.remove(best)
    return tuple(names) if unexplained <= (1 - _TOLD_APART) * first else ()


def clashing(columns: Columns, inputs: Sequence[str], target: str) -> int:
    """Rows that share their input with a row of another value."""
    return sum(len(values) for values in _values(columns, inputs, target) if len(set(values)) > 1)


def _unexplained(columns: Columns, inputs: Sequence[str], target: str, under: Sequence[str]) -> int:
    """Values more than one for each input under the same conditions."""
    return sum(len(set(values)) - 1 for values in _values(columns, [*inputs, *under], target))


def _values(columns: Columns, keys: Sequence[str], target: str) -> list[list[str]]:
    """The values of the target, those of rows with the same cells in the columns `keys` together."""
    rows: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for index, cell in enumerate(columns[target]):
        if cell.strip():
            rows[tuple(columns[name][index].strip() for name in keys)].append(cell.strip())
    return list(rows.values())


def reason_for(columns: Columns, inputs: Sequence[str], target: str, conditions: Sequence[str]) -> str:
    """Reason for the conditions, in a sentence, also where nothing explains contradicting rows; else empty."""
    read = all_of(f"“{shortened(name)}”" for name in inputs)
    if conditions:
        return plural(
            "Rows with the same {inputs} have other values where {names} differs, so it is a condition and the "
            "model reads it too.",
            "Rows with the same {inputs} have other values where {names} differ, so they are conditions and the "
            "model reads them too.",
            len(conditions),
            inputs=read,
            names=all_of(f"“{shortened(name)}”" for name in conditions),
        )
    rows = len(columns[target])
    if rows and clashing(columns, inputs, target) > rows / 2:
        return msg(
            "Most rows share their {read} with a row of another value, and no column of numbers explains "
            "it; they count as contradictions.",
            read=read,
        )
    return ""


def _may_be_set(name: str, columns: Columns, inputs: Sequence[str], decimal: DecimalSign) -> bool:
    """True if a column may hold what was set for a measurement: numbers that come again with other inputs."""
    if set(_words(name)) & _NEVER or len(set(columns[name])) < 2:
        return False
    read: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for value, *cells in zip(columns[name], *(columns[one] for one in inputs), strict=True):
        read[value.strip()].add(tuple(cell.strip() for cell in cells))
    again = sum(len(with_) > 1 for with_ in read.values())
    if again < _SET * len(read) and not (_usual(name) and len(read) < len(columns[name])):
        return False
    content = content_of(columns[name], decimal)  # dear, and few columns of thousands come this far
    return content.numeric and not content.infinite and len(content.different) >= 2


def _usual(name: str) -> bool:
    return bool(set(_words(name)) & _USUAL)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.lower())
