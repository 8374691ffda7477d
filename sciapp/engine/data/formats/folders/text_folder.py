"""A folder of text files named by class: `class/file.txt`, `train/class/file.txt`, or a file for each class."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sciapp.engine.data.formats.archives import UNREADABLE, unreadable
from sciapp.engine.data.formats.base import Record, Records
from sciapp.engine.data.formats.detection import look_at, open_text, undecodable
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.tables.arrow import binary_format
from sciapp.engine.data.values.split_names import split_named
from sciapp.errors import BadInput
from sciapp.i18n import msg
from sciapp.records.read_options import Reading

FILE, TEXT, LABEL, SPLIT = "file", "text", "label", "split"

_SUFFIXES = frozenset({".txt", ".text", ".md"})
_NUMBERED = re.compile(r"[\W_]*\d+$")
_LARGEST = 16 << 20  # letters of one text
_PIECE = 1 << 20


class TextFolder:
    """Rows are numbered from 1, in the order of the files' names."""

    name = "folder"
    title = msg("folder of text files")

    def settled_folder(self, folder: Path, reading: Reading) -> TableFormat:
        """Raises BadInput for a folder without text files, or with files that name no class."""
        files = text_files(folder)
        if not files:
            raise BadInput(
                msg("“{folder}” is a folder without text files.", folder=folder.name),
                hint=msg("Choose a table file in it."),
                context=str(folder),
            )
        depth = {len(file.relative_to(folder).parts) for file in files}
        inside = sum(_is_divided(folder, file) for file in files)
        split = (SPLIT,) if inside > len(files) / 2 else ()
        by_line = depth == {1} and max(Counter(map(_class_of_name, files)).values()) == 1 and len(files) > 1
        names = (FILE, *split, TEXT, LABEL)
        what = (
            msg("a row for each line, the file’s name is its class")
            if by_line
            else msg("a row for each file, named by class")
        )
        format = binary_format(self.name, names, sheet="lines" if by_line else "files")
        format = format.because(FormatEvidence(msg("rows"), msg("{files:,} files", files=len(files)), what))
        if not split:
            return format
        why = msg(
            "{inside:,} of {files:,} files lie in the subfolder of a split and of a class",
            inside=inside,
            files=len(files),
        )
        return format.because(FormatEvidence(msg("split"), msg("by folder"), why))

    def records(self, path: Path, format: TableFormat) -> Records:
        yield Record(0, list(format.names))
        number = 0
        for file in text_files(path):
            for text in _lines(file) if format.sheet == "lines" else [_text(file)]:
                if format.sheet == "lines" and not text.strip():
                    continue
                number += 1
                name = file.relative_to(path).as_posix()
                if SPLIT in format.names:
                    yield Record(number, [name, _split_of(path, file), text.strip(), _divided_class(path, file)])
                else:
                    yield Record(number, [name, text.strip(), _class_of(path, file)])


def text_files(folder: Path) -> list[Path]:
    """In the order of their names; hidden ones are left out."""
    inside = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())
    return [path for path in inside if not any(part.startswith(".") for part in path.relative_to(folder).parts)]


def _class_of(folder: Path, file: Path) -> str:
    return _class_of_name(file) if file.parent == folder else file.parent.name


def _class_of_name(file: Path) -> str:
    """pos_12 → pos."""
    return _NUMBERED.sub("", file.stem) or file.stem


def _split_of(folder: Path, file: Path) -> str:
    part = file.relative_to(folder).parts[0]
    return part if len(part) > 2 and split_named(part) is not None else ""  # “tr” and “te” are languages too


def _is_divided(folder: Path, file: Path) -> bool:
    """split/class/file.txt."""
    return len(file.relative_to(folder).parts) > 2 and bool(_split_of(folder, file))


def _divided_class(folder: Path, file: Path) -> str:
    """The folder below that of the split; a stray file has no class, so that its row is set aside with the reason."""
    return file.relative_to(folder).parts[1] if _is_divided(folder, file) else ""


def _text(file: Path) -> str:
    """A whole file. Raises BadInput for one of more than 16 million letters, of which something would be lost."""
    text = "".join(islice(_pieces(file), _LARGEST // _PIECE + 1))
    if len(text) > _LARGEST:
        raise BadInput(
            msg("“{file}” holds more than {largest} million letters.", file=file.name, largest=_LARGEST // 1000000),
            hint=msg("Take it out of the folder, or divide it."),
            context=str(file),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lines(file: Path) -> Iterator[str]:
    """Line by line, however many there are."""
    rest = ""
    for piece in _pieces(file):
        *whole, rest = (rest + piece.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        yield from whole
    yield rest


def _pieces(file: Path) -> Iterator[str]:
    if file.stat().st_size < _PIECE and not file.read_bytes().strip():
        return
    look = look_at(file, Reading())
    if look.encoding is None:
        raise BadInput(
            msg("“{file}” is no text file.", file=file.name), hint=msg("Take it out of the folder."), context=str(file)
        )
    try:
        with open_text(file, look.encoding.value) as text:
            while piece := text.read(_PIECE):
                yield piece
    except UnicodeError as error:
        raise undecodable(file, look.encoding.value) from error
    except UNREADABLE as error:
        raise unreadable(file, error) from error


FORMAT = TextFolder()
