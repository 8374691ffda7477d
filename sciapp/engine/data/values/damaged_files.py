"""The exceptions that reading a damaged parquet or Arrow file raises."""

import pyarrow as pa

from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.card import DatasetFolder

UNREADABLE = (OSError, ValueError, KeyError, TypeError, OverflowError, pa.ArrowException)
"""Arrow's own errors, and those of its Python side for a footer that names other columns, types or letters."""


def damaged_table(folder: DatasetFolder, error: Exception) -> BadInput:
    """Error for a dataset whose `table.parquet` is gone or damaged."""
    return BadInput(
        msg("The table of dataset “{dataset}” cannot be read.", dataset=folder.folder.name),
        hint=msg("Import the source file again."),
        context=f"{folder.table_file}: {error}",
    )
