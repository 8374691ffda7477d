"""Columns that give the answer away: they equal the target, rise or fall with it, or name it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from sciapp.engine.data.quality.base import Check, CheckResult, PolicyOffer, RowIndices, TableCheckup, choices
from sciapp.engine.data.staging.staged_rows import staged_batches
from sciapp.engine.data.values.cells import read_number
from sciapp.engine.data.values.number_formats import ColumnNumbers, numbers_of
from sciapp.engine.data.values.safe_float import tamed
from sciapp.i18n import msg
from sciapp.records.dataset.findings import Finding
from sciapp.records.dataset.number_format import DecimalSign

Floats = npt.NDArray[np.float64]

_OFFERS = (PolicyOffer("keep", msg("Leave it as it is")), PolicyOffer("untick", msg("Do not take it for a condition")))
_MOST_ROWS, _MOST_CELLS, _FEWEST = 20_000, 4_000_000, 30
_EQUAL, _RANK, _DETERMINED = 0.98, 0.98, 0.95
_FEW_VALUES = 0.1  # of the rows: a column with more different values names rows, not answers


def run(case: TableCheckup, policy: str) -> list[CheckResult]:
    """A finding for each column and target, from at most 20,000 rows chosen by a hash of their input."""
    assigned = {case.chosen.input_index, *case.chosen.target_indices, case.chosen.mask_index}
    assigned |= {case.chosen.split_index, case.chosen.validation_index, case.chosen.weight_index}
    carried = [index for index in range(len(case.columns)) if index not in assigned]
    rows = _sample(case, len(carried))
    if len(rows) < _FEWEST or not carried:
        return []
    cells = _cells(case, rows, [*carried, *case.chosen.target_indices])
    results = []
    for index in carried:
        column = SampledColumn.of(cells[index], case.numbers.get(index), case.decimal)
        for target, name in enumerate(case.chosen.targets):
            explanation = _explanation(column, cells[case.chosen.target_indices[target]], case, rows, target)
            if explanation:
                results.append(
                    CheckResult(_finding(case, index, name, explanation, policy), [int(row) for row in rows[:5]], index)
                )
                break
    if policy == "untick":
        _untick(case, {one.finding.column for one in results})
    return results


@dataclass(frozen=True)
class SampledColumn:
    """Sampled cells: as text, and as numbers (NaN for gaps) where all are."""

    texts: Sequence[str]
    numbers: Floats | None

    @classmethod
    def of(
        cls, cells: Sequence[str], known: ColumnNumbers | None = None, decimal: DecimalSign = "."
    ) -> "SampledColumn":
        format = (known or numbers_of(cells, decimal)).format
        try:
            read = [read_number(cell, format) for cell in cells]
        except ValueError:
            return cls(cells, None)
        numbers = np.array([np.nan if value is None else value for value in read])
        return cls(cells, None if np.isnan(numbers).all() else numbers)


def _explanation(
    column: SampledColumn, answers: Sequence[str], case: TableCheckup, rows: RowIndices, target: int
) -> str:
    """Explanation of how the column gives the target away; empty where it does not."""
    filled = [
        (cell.strip(), answer.strip()) for cell, answer in zip(column.texts, answers, strict=True) if cell.strip()
    ]
    if len(filled) < max(_FEWEST, 0.5 * len(rows)):
        return ""
    if sum(cell == answer for cell, answer in filled) > _EQUAL * len(filled) and len({a for _, a in filled}) > 1:
        return msg("equals")
    if case.facts.per_unit:
        return ""
    values = case.of.values[rows, target]
    if not case.facts.is_quantity:
        return _of_classes(column, values)
    if column.numbers is not None:
        known = ~np.isnan(column.numbers) & ~np.isnan(values)
        rank = spearman(column.numbers[known], values[known])
        return msg("rises and falls (rank correlation {rank:.3f}) with", rank=rank) if abs(rank) > _RANK else ""
    return msg("names every value of") if explained(column.texts, values) > _RANK else ""


def _of_classes(column: SampledColumn, values: Floats) -> str:
    if column.numbers is not None and len(np.unique(values[~np.isnan(values)])) == 2:
        known = ~np.isnan(column.numbers) & ~np.isnan(values)
        area = ranked_apart(column.numbers[known], values[known] == np.nanmax(values))
        return msg("sorts the classes of (area under the curve {area:.3f})", area=area) if area > _RANK else ""
    return msg("names the class of") if determined(column.texts, values) > _DETERMINED else ""


def spearman(x: Floats, y: Floats) -> float:
    """The rank correlation; 0 where one of them does not vary."""
    if len(x) < _FEWEST or not _varies(x) or not _varies(y):
        return 0.0
    return float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])


def _varies(x: Floats) -> bool:
    return bool(x.min() < x.max())


def ranked_apart(x: Floats, positive: npt.NDArray[np.bool_]) -> float:
    """Area under the ROC curve, whichever way round; 0 where a class or any variation is missing."""
    ones = int(positive.sum())
    if min(ones, len(x) - ones) < 5 or not _varies(x):
        return 0.0
    area = (rankdata(x)[positive].sum() - ones * (ones + 1) / 2) / (ones * (len(x) - ones))
    return float(max(area, 1 - area))


def determined(texts: Sequence[str], codes: Floats) -> float:
    """Goodman and Kruskal's lambda (1954, J. Am. Stat. Assoc. 49:732): how much of the error in guessing the class
    goes away when the text is known. 0 where the texts are too many to name classes."""
    keys, values = _grouped(texts, codes)
    if len(keys) == 0:
        return 0.0
    _, classes = np.unique(values, return_inverse=True)
    table = np.zeros((keys.max() + 1, classes.max() + 1))
    np.add.at(table, (keys, classes), 1)
    usual = table.sum(axis=0).max()
    return float((table.max(axis=1).sum() - usual) / (len(keys) - usual)) if usual < len(keys) else 0.0


def explained(texts: Sequence[str], values: Floats) -> float:
    """Correlation ratio (eta²): the share of the variance between rows of different texts; 0 as in `determined`."""
    keys, known = _grouped(texts, values)
    if len(keys) == 0 or not _varies(known):
        return 0.0
    known, _ = tamed(known)
    counts = np.bincount(keys)
    means = np.bincount(keys, known) / counts
    return float((counts * (means - known.mean()) ** 2).sum() / ((known - known.mean()) ** 2).sum())


def _grouped(texts: Sequence[str], values: Floats) -> tuple[RowIndices, Floats]:
    """Numbers of the texts, and the values; none where there are too many different texts."""
    known = ~np.isnan(values)
    different, keys = np.unique(np.array(texts, dtype=object)[known].astype(str), return_inverse=True)
    if len(different) < 2 or len(different) > _FEW_VALUES * known.sum():
        return np.empty(0, dtype=np.int64), np.empty(0)
    return keys, values[known]


def _finding(case: TableCheckup, index: int, target: str, relation: str, policy: str) -> Finding:
    name = case.columns[index]
    ticked = name in case.chosen.roles.covariates
    unused = msg("It is carried along unused. Do not give it to a model as a condition: it would be the answer.")
    if index in case.chosen.input_indices[1:]:
        unused = msg("It is the second input: a model can answer from it alone, without reading the first.")
    return Finding(
        kind="leaks",
        title=msg("“{name}” {told} “{target}”", name=name, told=relation, target=target),
        count=int(case.notes.usable.sum()),
        column=name,
        consequence=msg("It is ticked as a condition: the model would read the answer instead of learning it.")
        if ticked
        else unused,
        weight="problem" if ticked else "note",
        choices=choices(_OFFERS) if ticked else (),
        proposed="untick" if ticked else "",
        applied=policy if ticked else "",
    )


def _untick(case: TableCheckup, names: set[str]) -> None:
    roles, indices = case.chosen.roles, case.chosen.covariate_indices
    stay = [(n, p) for n, p in zip(roles.covariates, indices, strict=True) if n not in names]
    case.chosen = replace(
        case.chosen,
        roles=roles.model_copy(update={"covariates": tuple(name for name, _ in stay)}),
        covariate_indices=[index for _, index in stay],
    )


def _sample(case: TableCheckup, columns: int) -> RowIndices:
    """Some used rows, the same whatever order they come in."""
    usable = np.flatnonzero(case.notes.usable)
    most = min(_MOST_ROWS, _MOST_CELLS // max(1, columns + len(case.chosen.targets)))
    if len(usable) <= most:
        return usable
    return np.sort(usable[np.argpartition(case.notes.digests[usable, 1], most)[:most]])


def _cells(case: TableCheckup, rows: RowIndices, indices: Sequence[int]) -> dict[int, list[str]]:
    """The cells of these rows in the columns at `indices`."""
    cells: dict[int, list[str]] = {index: [] for index in indices}
    for batch in staged_batches(case.staged):
        inside = rows[np.searchsorted(rows, batch.begin) : np.searchsorted(rows, batch.end)] - batch.begin
        for index in indices if len(inside) else ():
            cells[index] += [cell or "" for cell in batch.cells(index).take(inside).to_pylist()]
    return cells


CHECK = Check("leaks", run, _OFFERS)
