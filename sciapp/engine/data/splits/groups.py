"""Groups of a dataset's rows that its split keeps together, for folds of the training rows that ask the same question.

Folds by chance would answer how well rows are told that have near relatives among those learnt from, whatever the split
takes care of.
"""

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import Rows
from sciapp.engine.data.splits.folds import bins_of_groups
from sciapp.engine.data.values.damaged_files import UNREADABLE, damaged_table
from sciapp.engine.data.values.spellings import plain_spelling
from sciapp.engine.data.values.split_names import Keys
from sciapp.engine.domains.base import Domain
from sciapp.engine.domains.row_input import stored_text
from sciapp.engine.runtime.progress import SILENT, Progress
from sciapp.records.dataset.card import COLUMN_PREFIX, LINE, DatasetCard, DatasetFolder, SplitPlan
from sciapp.records.regular import regular

Fold = npt.NDArray[np.int64]


def folds_like_the_split(
    card: DatasetCard,
    folder: DatasetFolder,
    domain: Domain,
    rows: Rows,
    *,
    folds: int,
    seed: int,
    progress: Progress = SILENT,
) -> list[Fold]:
    """Positions of `rows` in at most so many folds, none of them empty. What the dataset's split keeps together (a
    scaffold, a cluster, the cells of a column) is in one fold, rows of the same input are in any case, unless all are.

    Raises BadInput for a damaged table, Cancelled.
    """
    groups = _groups(card, folder, domain, rows, progress)
    if len(np.unique(groups)) < folds:
        groups = _numbered([stored_text(value) for value in rows.inputs])
    if len(np.unique(groups)) < 2:  # one input under many conditions
        groups = np.arange(len(rows), dtype=np.uint64)
    bins = bins_of_groups(groups, SplitPlan(folds=folds, seed=seed))
    return [np.flatnonzero(bins == fold) for fold in np.unique(bins)]


def _groups(card: DatasetCard, folder: DatasetFolder, domain: Domain, rows: Rows, progress: Progress) -> Keys:
    """Number of the group of each row (rows,)."""
    method = card.split.method
    if splitter := domain.splits.get(method):
        return _numbered([splitter(value) for value in rows.inputs])
    if method == "cluster":
        different = sorted(set(rows.inputs), key=stored_text)
        threshold = card.split.threshold if card.split.threshold is not None else domain.likeness.alike
        labels = domain.likeness.clusters(different, threshold, progress=progress).labels.tolist()
        label_of = dict(zip(different, labels, strict=True))
        return np.array([label_of[value] for value in rows.inputs], dtype=np.uint64)
    if method == "group" and (column := card.split.column or card.roles.group):
        return _numbered(_cells(folder, column, rows.line))
    return _numbered([stored_text(value) for value in rows.inputs])


def _cells(folder: DatasetFolder, column: str, lines: npt.NDArray[np.int64]) -> list[str]:
    """The cells of a carried column, spellings of one name alike."""
    try:
        table = pq.read_table(regular(folder.table_file), columns=[LINE, COLUMN_PREFIX + column])
    except UNREADABLE as error:
        raise damaged_table(folder, error) from error
    cell_of = dict(zip(table.column(LINE).to_pylist(), table.column(COLUMN_PREFIX + column).to_pylist(), strict=True))
    return [plain_spelling(cell_of[line] or "") for line in lines.tolist()]


def _numbered(names: list[str]) -> Keys:
    return np.unique(np.array(names, dtype=object), return_inverse=True)[1].astype(np.uint64)
