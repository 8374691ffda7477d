"""Values that repairs changed, cell by cell, for `repairs.csv`."""

import math

import numpy as np
import numpy.typing as npt

from sciapp.engine.data.doctor.case import Case
from sciapp.engine.data.labels import read_censored
from sciapp.engine.data.mending import Mender
from sciapp.engine.data.staging import StagedBatch
from sciapp.engine.domains.pairs import PairDomain, halves


def changed_values(case: Case, batch: StagedBatch) -> list[list[str]]:
    """Line, column, before, after of every changed value in the used rows of a batch, row by row.

    What merely was brought into canonical form is no change.
    """
    kept = case.notes.kept[batch.begin : batch.end]
    inputs = np.flatnonzero(kept & (case.notes.mended[batch.begin : batch.end] != 0))
    targets = np.flatnonzero(kept & case.changed[batch.begin : batch.end])
    found = _inputs(case, batch, inputs) if len(inputs) else []
    if len(targets):
        found += _targets(case, batch, targets) if case.of.units is None else _units(case, batch, targets)
    found.sort(key=lambda change: change[0])
    return [[str(case.notes.line[batch.begin + row]), *change] for row, *change in found]


def _inputs(case: Case, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[tuple[int, str, str, str]]:
    after = batch.values.take(rows).to_pylist()
    if case.chosen.second_place is None:
        place = case.chosen.input_place
        before = batch.cells(place).take(rows).to_pylist()
        return [(int(row), case.columns[place], b, a) for row, b, a in zip(rows, before, after, strict=True)]
    found = []
    for side, place in enumerate((case.chosen.input_place, case.chosen.second_place)):
        before = batch.cells(place).take(rows).to_pylist()
        for row, b, pair in zip(rows, before, after, strict=True):
            if _is_mended(case, b):  # of a pair that was changed perhaps the other half was
                found.append((int(row), case.columns[place], b, halves(pair)[side]))
    return found


def _is_mended(case: Case, cell: str) -> bool:
    """True if a repair changes this one input of a pair."""
    assert isinstance(case.domain, PairDomain)
    mender = Mender(case.domain.each, case.repairs)
    mender.cleaned(cell)
    return mender.mended != 0


def _targets(case: Case, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[tuple[int, str, str, str]]:
    found = []
    for target, place in enumerate(case.chosen.target_places):
        cells = batch.cells(place).take(rows).to_pylist()
        values = case.of.values[batch.begin + rows, target].tolist()
        for row, cell, value in zip(rows.tolist(), cells, values, strict=True):
            if bound := _bound(case, batch.begin + row, target):
                if not _same_bound(cell, bound, case, place):
                    found.append((row, case.chosen.targets[target], cell.strip(), bound))
            elif not _same(cell, value, case, target):
                found.append((row, case.chosen.targets[target], cell.strip(), _text(value, case)))
    return found


def _bound(case: Case, row: int, target: int) -> str:
    return "" if case.of.bounds is None else case.of.bounds.text(row, target)


def _same_bound(cell: str, bound: str, case: Case, place: int) -> bool:
    """True if the cell says the bound, however it spells it."""
    read = read_censored(cell, case.numbers[place].format)
    return read is not None and f"{read[0]}{read[1]!r}" == bound


def _units(case: Case, batch: StagedBatch, rows: npt.NDArray[np.int64]) -> list[tuple[int, str, str, str]]:
    """Labels and masks that got those of other rows."""
    units, mask_place = case.of.units, case.chosen.mask_place
    assert units is not None and mask_place is not None
    found = []
    for row in rows.tolist():
        whole = units.merged[batch.begin + row]
        after = (units.separator.join(whole.labels), whole.mask)
        for place, text in zip((case.chosen.target_places[0], mask_place), after, strict=True):
            before = batch.cells(place)[row].as_py()
            if "".join(before.split()) != "".join(text.split()):
                found.append((row, case.columns[place], before, text))
    return found


def _same(cell: str, value: float, case: Case, target: int) -> bool:
    if case.of.classes:
        return cell.strip() == _text(value, case)
    try:
        read = case.of.readers[target](cell)
    except ValueError:
        return False
    return math.isnan(value) if read is None else read == value


def _text(value: float, case: Case) -> str:
    if math.isnan(value):
        return ""
    return case.of.classes[int(value)] if case.of.classes else repr(value)
