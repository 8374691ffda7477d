"""Names of rows: the columns of a dataset that say which row is which, such as a compound's id. Arrow only."""

import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sciapp.engine.data.values.damaged_files import UNREADABLE
from sciapp.records.dataset.card import COLUMN_PREFIX, LINE, DatasetCard, DatasetFolder
from sciapp.records.regular import regular

_MOST_NAMES = 2
_MOST_LOOKED_AT = 12  # columns of text: a table may carry hundreds
_LONGEST_NAME = 60  # letters, on average
_DISTINCT = 0.9  # share of different cells in a column that names rows
_NAMING = re.compile(r"(^|[^a-z])(id|ids|name|no|nr|number|code|compound|sample|cas|key|title)($|[^a-z])")


def row_names(rows: pa.Table, card: DatasetCard, folder: DatasetFolder) -> dict[str, pa.ChunkedArray]:
    """Key of a column of the dataset → its cells in the order of `rows`, of two columns at most that name them.

    rows: with the lines of the file that they came from. Empty where no column names rows, or none can be read.
    """
    if LINE not in rows.column_names or not len(rows):
        return {}
    try:
        schema = pq.read_schema(regular(folder.table_file))
        carried = [name for name in schema.names if name.startswith(COLUMN_PREFIX) and name not in rows.column_names]
        candidates = sorted(carried, key=lambda name: not _NAMING.search(name.removeprefix(COLUMN_PREFIX).lower()))
        table = pq.read_table(regular(folder.table_file), columns=[LINE, *candidates[:_MOST_LOOKED_AT]])
    except UNREADABLE:
        return {}
    index = pc.index_in(rows[LINE], table[LINE])
    naming = [name for name in candidates[:_MOST_LOOKED_AT] if _identifies(table[name], name, card)]
    return {name: table[name].take(index) for name in naming[:_MOST_NAMES]}


def _identifies(cells: pa.ChunkedArray, key: str, card: DatasetCard) -> bool:
    """True if a column of the whole dataset names rows: nearly every cell is short and another.

    A column of numbers does only if its heading says so.
    """
    name = key.removeprefix(COLUMN_PREFIX)
    if name in {*(card.numeric_columns or ()), *card.roles.inputs} and not _NAMING.search(name.lower()):
        return False
    if not (pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)):
        return False
    filled = cells.drop_null()
    if len(filled) < _DISTINCT * len(cells) or pc.count_distinct(filled).as_py() < _DISTINCT * len(cells):
        return False
    return bool(pc.mean(pc.utf8_length(filled)).as_py() <= _LONGEST_NAME)
