"""The options that say how a file is read, the same for every command that reads one."""

import argparse
from pathlib import Path

from pydantic import ValidationError

from sciapp.errors import BadInput, NotFound
from sciapp.records.reading import AUTO, DELIMITERS, QUOTES, Reading

_HUB = "hf:"


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """What is not said is found out from the file's content."""
    group = parser.add_argument_group("how the file is read (found out from its content if not given)")
    group.add_argument("--format", default=AUTO, metavar="NAME", help="table, fasta, fastq, genbank, sdf, smi, json, …")
    group.add_argument("--encoding", default=AUTO, metavar="NAME", help="utf-8, utf-16, cp1252, gb18030, shift_jis, …")
    group.add_argument(
        "--delimiter", default=AUTO, metavar="SIGN", help="comma, tab, semicolon, pipe, blank, none, or a sign"
    )
    group.add_argument(
        "--quote",
        default=AUTO,
        choices=[AUTO, *QUOTES],
        help='what quotes cells; backslash: double ones, with \\" for those that belong to the text',
    )
    group.add_argument("--header", dest="header", action="store_const", const="yes", default=AUTO)
    group.add_argument("--no-header", dest="header", action="store_const", const="no", help="the first row is data")
    group.add_argument("--decimal", default=AUTO, choices=[AUTO, ".", ","], help="the sign before decimals")
    group.add_argument(
        "--comment", default=AUTO, metavar="SIGN", help="lines that begin with it are no rows: #, %%, //, none"
    )
    group.add_argument("--sheet", default=AUTO, metavar="NAME", help="of a workbook, an archive or a data set")
    group.add_argument("--lines", default=AUTO, metavar="A-B", help="first and last line of a table in a page of text")
    group.add_argument("--labels", metavar="FILE", help="FASTA file with a label for each residue or base")
    group.add_argument("--join", default="", metavar="FILE", help="a second file in which ids are looked up")
    group.add_argument(
        "--on",
        default=[],
        action="append",
        metavar="COL[=ID]",
        help="with --join: the column with ids",
    )
    group.add_argument(
        "--together",
        default=[],
        action="append",
        metavar="COL",
        help="several of them make one text",
    )
    group.add_argument("--download", action="store_true", help="fetch hf:OWNER/NAME from the Hugging Face hub")


def reading_of(options: argparse.Namespace) -> Reading:
    """Raises BadInput for a value that cannot be."""
    words = {sign: word for word, sign in DELIMITERS.items()} | {"\\t": "tab"}
    labels = str(Path(options.labels).expanduser().absolute()) if options.labels else ""
    value = {name: getattr(options, name) for name in Reading.model_fields}
    value |= {"delimiter": words.get(options.delimiter, options.delimiter), "labels": labels}
    value |= {"join": str(source_path(options.join)) if options.join else ""}
    if options.on and not options.join:
        raise BadInput("--on belongs to --join.", hint="Name the second file with --join FILE.")
    try:
        return Reading.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        hint = "For example 40-70." if first["loc"] == ("lines",) else str(first["msg"]) + "."
        raise BadInput(f"“{first['input']}” cannot be --{first['loc'][0]}.", hint=hint, context=str(error)) from error


def source_path(text: str) -> Path:
    """A file, a folder or `hf:owner/name`. Raises NotFound for a file that is not there."""
    path = Path(text).expanduser().absolute()
    if not text.startswith(_HUB) and not path.exists():
        raise NotFound(f"There is no file “{text}”.", hint="Check the path.")
    return path
