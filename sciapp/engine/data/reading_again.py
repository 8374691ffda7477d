"""A complete reading, made from the detected format: it leaves nothing open and reads the same rows again."""

from sciapp.engine.data.formats.delimiters import word_for
from sciapp.engine.data.formats.registry import FORMAT_NAMES
from sciapp.engine.data.table_format import TableFormat
from sciapp.records.reading import AUTO, QUOTES, Reading


def settled_reading(format: TableFormat) -> Reading:
    """For the card of a dataset."""
    text_table = format.kind == "table"
    return Reading.model_validate(
        {
            "format": format.kind if format.kind in FORMAT_NAMES else AUTO,
            "encoding": format.encoding or AUTO,
            "delimiter": word_for(format.delimiter) or "none" if text_table else AUTO,
            "quote": _QUOTES[format.quote] if text_table else AUTO,
            "header": ("yes" if format.header else "no") if format.kind in {"table", "workbook", "smi"} else AUTO,
            "decimal": format.decimal if text_table else AUTO,
            "sheet": format.sheet if format.sheet and format.kind != "folder" else AUTO,
            "lines": f"{format.first}-{format.last or ''}"
            if text_table and (format.first, format.last) != (1, 0)
            else AUTO,
            "comment": format.comment or "none" if text_table else AUTO,
            "labels": format.labels,
            "download": format.download,
            "join": format.join,
            "on": format.on,
            "together": format.together,
        }
    )


_QUOTES = {sign: word for word, sign in QUOTES.items()}
