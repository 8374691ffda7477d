"""Every format, and which one a file is in: by a look at its content."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sciapp.engine.data.formats.base import Format, Records
from sciapp.engine.data.formats.detection import FileHead, look_at
from sciapp.engine.data.formats.folders import hub_dataset, text_folder
from sciapp.engine.data.formats.molecules import sdf
from sciapp.engine.data.formats.molecules import smi as smiles_list
from sciapp.engine.data.formats.sequences import a3m, fasta, fastq, genbank, stockholm
from sciapp.engine.data.formats.series import ts
from sciapp.engine.data.formats.table_format import FormatEvidence, TableFormat
from sciapp.engine.data.formats.tables import arrow as arrow_files
from sciapp.engine.data.formats.tables import excel as workbook
from sciapp.engine.data.formats.tables import fits as fits_tables
from sciapp.engine.data.formats.text import abstracts, conll, delimited, json_lines, json_table
from sciapp.engine.data.formats.unsupported import must_apply, no_format, refuse_strangers
from sciapp.errors import BadInput, nearest
from sciapp.i18n import msg
from sciapp.records.read_options import AUTO, Reading

# The first that fits is taken: from clear signs to the text table, which fits all text.
_FILES: Sequence[Format] = (
    arrow_files.FORMAT,
    workbook.FORMAT,
    fits_tables.FORMAT,
    json_lines.FORMAT,
    json_table.FORMAT,
    ts.FORMAT,
    stockholm.FORMAT,
    abstracts.FORMAT,
    fastq.FORMAT,
    a3m.FORMAT,
    fasta.FORMAT,
    genbank.FORMAT,
    sdf.FORMAT,
    conll.FORMAT,
    smiles_list.FORMAT,
    delimited.FORMAT,
)
_FOLDERS = (hub_dataset.FORMAT, text_folder.FORMAT)
_BINARY = (arrow_files.FORMAT, workbook.FORMAT, fits_tables.FORMAT)
_BY_NAME: Mapping[str, Format] = {format.name: format for format in _FILES}
FORMAT_NAMES = tuple(_BY_NAME)
FORMAT_TITLES = tuple((format.name, format.title) for format in _FILES)


def settle(path: Path, reading: Reading) -> TableFormat:
    """Format of the file, with the reasons. Raises BadInput for one that is missing, damaged or no table."""
    if name := hub_dataset.hub_name(path):
        table_format = hub_dataset.FORMAT.settled_name(name, reading)
        must_apply(path, reading, table_format, hub_dataset.FORMAT.title, hub=True)
        return _explained(table_format, hub_dataset.FORMAT.title, msg("its name says so"))
    if path.is_dir():
        saved = hub_dataset.is_saved_dataset(path)
        folder = hub_dataset.FORMAT if saved else text_folder.FORMAT
        settled = folder.settled_folder(path, reading)
        must_apply(path, reading, settled, folder.title)
        return _explained(settled, folder.title, msg("by what lies in it"))
    look = look_at(path, reading)
    why: str = msg("as said")
    if reading.format != AUTO:
        chosen = _named(reading.format)
        if look.encoding is None and chosen not in _BINARY:
            raise no_format(look)
    else:
        chosen, why = _by_content(look, reading)
    settled = chosen.settled(look, reading)
    must_apply(path, reading, settled, chosen.title)
    return _explained(settled, chosen.title, why)


def records_of(path: Path, format: TableFormat) -> Records:
    """The names of the columns, then every row. Raises BadInput."""
    for folder in _FOLDERS:
        if folder.name == format.kind:
            return folder.records(path, format)
    return _BY_NAME[format.kind].records(path, format)


def _by_content(look: FileHead, reading: Reading) -> tuple[Format, str]:
    for binary in _BINARY:  # their first bytes say so, whatever encoding was said
        if why := binary.fits(look):
            return binary, why
    # Who says how cells are separated, or which lines to read, means a text table.
    if look.encoding is not None and (reading.delimiter, reading.lines) != (AUTO, AUTO):
        return delimited.FORMAT, msg("a delimiter or lines were said")
    refuse_strangers(look)
    for format in _FILES:
        if why := format.fits(look):
            return format, why
    raise no_format(look)


def _named(name: str) -> Format:
    if name not in _BY_NAME:
        raise BadInput(msg("There is no format “{name}”.", name=name), hint=nearest(name, FORMAT_NAMES))
    return _BY_NAME[name]


def _explained(format: TableFormat, title: str, why: str) -> TableFormat:
    return replace(format, findings=(FormatEvidence(msg("format"), title, why), *format.findings))
