"""The lines of a text file with their numbers, for formats that are read line by line."""

from collections.abc import Generator
from pathlib import Path

from sciapp.engine.data.formats.archives import UNREADABLE, unreadable
from sciapp.engine.data.formats.detection import FileHead, open_text, undecodable
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.dataset.number_format import DecimalSign

LONGEST_LINE = 512 << 20  # letters; a chromosome on one line is a quarter of that


def numbered_lines(path: Path, format: TableFormat) -> Generator[tuple[int, str], None, None]:
    """(number, line without its end), the first line being 1. Raises BadInput for a damaged or wrongly encoded file."""
    number = 0
    try:
        with open_text(path, format.encoding, format.sheet) as file:
            while line := file.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise BadInput(
                        msg(
                            "Line {number} of “{file}” is longer than {longest:,} letters.",
                            number=number,
                            file=path.name,
                            longest=LONGEST_LINE,
                        ),
                        hint=msg("Break it into several lines."),
                        context=msg("{path}: line {number}", path=path, number=number),
                    )
                yield number, line.rstrip("\r\n").removeprefix("\ufeff" if number == 1 else "")
    except UnicodeError as error:
        raise undecodable(path, format.encoding, format.sheet) from error
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def text_format(
    kind: str,
    look: FileHead,
    names: tuple[str, ...] = (),
    decimal: DecimalSign = ".",
    passed_over: tuple[FormatEvidence, ...] = (),
) -> TableFormat:
    """The settled format of a text whose columns are known."""
    return TableFormat(
        encoding=look.encoding.value if look.encoding else "utf-8",
        delimiter="",
        quote="",
        decimal=decimal,
        kind=kind,
        sheet=look.member,
        sheets=look.members if len(look.members) > 1 else (),
        names=names,
        passed_over=passed_over,
    ).because(*look.findings)


def broken(path: Path, line: int, what: str, hint: str = msg("Correct the line and import again.")) -> BadInput:
    """The error for a file that stops being of its format. what: follows on “Line 7 of “x” ”."""
    return BadInput(
        msg("Line {line:,} of “{file}” {what}.", line=line, file=path.name, what=what),
        hint=hint,
        context=msg("{path}: line {line}", path=path, line=line),
    )
