"""Options that say how a file is read, the same for every command that reads one."""

import argparse
from pathlib import Path

from pydantic import ValidationError

from sciapp.errors import BadInput, NotFound
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, DELIMITERS, QUOTES, Reading, SeriesAxis, SeriesColumns

_HUB = "hf:"


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Options of the reading; those that are left out are detected from the file's content."""
    group = parser.add_argument_group(msg("how the file is read (found out from its content if not given)"))
    group.add_argument(
        "--format", default=AUTO, metavar="NAME", help=msg("table, fasta, fastq, genbank, sdf, smi, json, …")
    )
    group.add_argument("--encoding", default=AUTO, metavar="NAME", help="utf-8, utf-16, cp1252, gb18030, shift_jis, …")
    group.add_argument(
        "--delimiter", default=AUTO, metavar="SIGN", help=msg("comma, tab, semicolon, pipe, blank, none, or a sign")
    )
    group.add_argument(
        "--quote",
        default=AUTO,
        choices=[AUTO, *QUOTES],
        help=msg('what quotes cells; backslash: double ones, with \\" for those that belong to the text'),
    )
    group.add_argument("--header", dest="header", action="store_const", const="yes", default=AUTO)
    group.add_argument(
        "--no-header", dest="header", action="store_const", const="no", help=msg("the first row is data")
    )
    group.add_argument("--decimal", default=AUTO, choices=[AUTO, ".", ","], help=msg("the sign before decimals"))
    group.add_argument(
        "--comment", default=AUTO, metavar="SIGN", help=msg("lines that begin with it are no rows: #, %%, //, none")
    )
    group.add_argument("--sheet", default=AUTO, metavar="NAME", help=msg("of a workbook, an archive or a data set"))
    group.add_argument(
        "--lines", default=AUTO, metavar="A-B", help=msg("first and last line of a table in a page of text")
    )
    group.add_argument(
        "--labels", metavar="FILE", help=msg("FASTA file with a label for each unit; of series a table by id")
    )
    group.add_argument("--join", default="", metavar="FILE", help=msg("a second file in which ids are looked up"))
    group.add_argument(
        "--on",
        default=[],
        action="append",
        metavar="COL[=ID]",
        help=msg("with --join: the column with ids"),
    )
    group.add_argument(
        "--together",
        default=[],
        action="append",
        metavar="COL",
        help=msg("several of them make one input"),
    )
    _add_series_options(group)
    _add_axis_options(group)
    group.add_argument("--download", action="store_true", help=msg("fetch hf:OWNER/NAME from the Hugging Face hub"))


def _add_series_options(group: "argparse._ArgumentGroup") -> None:
    """Options for the columns of a table that has a row for each point."""
    group.add_argument(
        "--series-id",
        default=[],
        action="append",
        metavar="COL",
        help=msg("a table with many rows of one object, a row for each point: names it; or none"),
    )
    group.add_argument(
        "--series-time", default="", metavar="COL", help=msg("of such a table: when each point was measured")
    )
    group.add_argument(
        "--series-value",
        default=[],
        action="append",
        metavar="COL",
        help=msg("the same: what was measured, or several"),
    )
    group.add_argument(
        "--series-error", default="", metavar="COL", help=msg("the same: standard deviations of the values")
    )
    group.add_argument("--series-band", default="", metavar="COL", help=msg("the same: the band that a point is of"))


def _add_axis_options(group: "argparse._ArgumentGroup") -> None:
    """Options for the axis of series, where headings do not tell it."""
    group.add_argument(
        "--axis-start", type=float, metavar="X", help=msg("axis of spectra and other series: of the first point")
    )
    group.add_argument("--axis-end", type=float, metavar="X", help=msg("the same: of the last point"))
    group.add_argument("--axis-step", type=float, metavar="DX", help=msg("the same: from point to point"))
    group.add_argument("--axis-unit", default="", metavar="UNIT", help=msg("the same: nm, cm-1, s …"))
    group.add_argument("--axis-title", default="", metavar="TEXT", help=msg("the same: what lies along it"))
    group.add_argument("--axis-values", default="", metavar="TEXT", help=msg("what was measured, and its unit"))


def reading_of(options: argparse.Namespace) -> Reading:
    """Raises BadInput for a value that cannot be."""
    words = {sign: word for word, sign in DELIMITERS.items()} | {"\\t": "tab"}
    labels = str(Path(options.labels).expanduser().absolute()) if options.labels else ""
    value = {name: getattr(options, name) for name in Reading.model_fields if hasattr(options, name)}
    value |= {"series": _series_of(options)}
    value |= {"axis": {name: getattr(options, f"axis_{name}") for name in SeriesAxis.model_fields}}
    value |= {"delimiter": words.get(options.delimiter, options.delimiter), "labels": labels}
    value |= {"join": str(source_path(options.join)) if options.join else ""}
    if options.on and not options.join:
        raise BadInput(msg("--on belongs to --join."), hint=msg("Name the second file with --join FILE."))
    try:
        return Reading.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        hint = msg("For example 40-70.") if first["loc"] == ("lines",) else str(first["msg"]) + "."
        raise BadInput(
            msg("“{text}” cannot be --{option}.", text=first["input"], option="-".join(map(str, first["loc"]))),
            hint=hint,
            context=str(error),
        ) from error


def _series_of(options: argparse.Namespace) -> SeriesColumns | None:
    if options.series_id == ["none"]:
        return None
    return SeriesColumns(
        id=tuple(options.series_id),
        time=options.series_time,
        values=tuple(options.series_value),
        error=options.series_error,
        band=options.series_band,
    )


def source_path(text: str) -> Path:
    """A file, a folder or `hf:owner/name`. Raises NotFound for a file that is not there."""
    path = Path(text).expanduser().absolute()
    if not text.startswith(_HUB) and not path.exists():
        raise NotFound(msg("There is no file “{text}”.", text=text), hint=msg("Check the path."))
    return path
