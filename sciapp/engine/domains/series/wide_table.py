"""Wide tables: a column for each wavelength or time, named by a number (`nm_1100`, `x_001`, `852.5`, `400 cm-1`).

Columns of several channels at the same times (`x_1` … `x_50`, `y_1` … `y_50`) are bands, named by what stands before
the number.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.columns import CellJoiner
from sciapp.engine.domains.series.values import Series, plain_numbers
from sciapp.i18n import Message, msg
from sciapp.records.dataset.number_format import DecimalSign

FEWEST = 8
"""Columns of one kind, from which on they are taken for a series without being asked."""
_UNITS = r"nm|cm-1|cm\^-1|cm⁻¹|[uµμ]m|å|[kmg]?hz|k?ev|m?s|sec|min|h|days?|ppm|m/z|°c"
_NAME = re.compile(
    rf"(?P<stem>.*?)(?:[\s_.:=(]*|-)(?P<number>(?:(?<=[_=(\s])-|^-)?\d+(?:\.\d+)?)[\s_]*(?P<unit>{_UNITS})?\)?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_LEARNT = frozenset({"target", "label", "class", "task", "assay", "endpoint", "output", "fold", "split"})
_OF_SPECTRA = frozenset("nm cm-1 cm^-1 cm⁻¹ um µm μm å ev kev wavelength wl wn wavenumber raman nir".split())


class NumberedColumn(NamedTuple):
    """A column's name in parts: what stands before and behind the number."""

    stem: str
    number: float
    unit: str


def numbered(name: str) -> NumberedColumn | None:
    """The parts of a column's name; None for one without a number at its end."""
    match = _NAME.fullmatch(name.strip())
    if match is None:
        return None
    return NumberedColumn(match["stem"].strip(), float(match["number"]), (match["unit"] or "").lower())


class WideTable:
    """The columns of one series, which one column in the canonical text of its values replaces."""

    replaces = True

    def family(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The largest set of columns that differ in their number alone, with all others that have the same numbers."""
        kinds: dict[tuple[str, str], dict[str, float]] = {}
        for name in columns:
            parts = numbered(name)
            if parts is not None and parts.stem.lower() not in _LEARNT:
                kinds.setdefault((parts.stem, parts.unit), {})[name] = parts.number
        sound = [kind for kind in kinds.values() if len(kind) >= FEWEST and len(set(kind.values())) == len(kind)]
        if not sound:
            return ()
        axis = set(max(sound, key=len).values())
        chosen = {name for kind in sound if set(kind.values()) == axis for name in kind}
        return tuple(name for name in columns if name in chosen)

    def title(self, columns: Sequence[str]) -> str:
        return f"{columns[0]} … {columns[-1]}"

    def reason(self, columns: Sequence[str]) -> Message:
        first = numbered(columns[0])
        spectrum = first is not None and bool({first.stem.lower(), first.unit} & _OF_SPECTRA)
        if spectrum:
            return msg("{columns} columns are one spectrum", columns=len(columns))
        return msg("{columns} columns are one series", columns=len(columns))

    def joiner(self, columns: Sequence[str], decimal: DecimalSign) -> CellJoiner:
        parts = [numbered(name) for name in columns]
        axis = [float(index) if part is None else part.number for index, part in enumerate(parts)]
        bands = [part.stem if part is not None else "" for part in parts]
        named = bands if len(set(bands)) > 1 else None

        def join(cells: Sequence[str]) -> str:
            listed = ";".join(_with_point(cell, decimal) for cell in cells)
            try:
                return Series.of(axis, plain_numbers(listed), bands=named).text
            except Rejected:
                return listed  # for whose fault `clean` has the words

        return join


def _with_point(cell: str, decimal: DecimalSign) -> str:
    """The number of a cell with a point before its decimals and without signs between thousands."""
    if decimal == "." and _THOUSANDS.fullmatch(cell.strip()):
        return cell.replace(",", "")
    if "," in cell and "." in cell and cell.rfind(",") > cell.rfind("."):
        cell = cell.replace(".", "")
    return cell if "." in cell else cell.replace(",", ".")


WIDE_TABLE = WideTable()
