"""Detection of a header row, and of the sign before decimals: both by content."""

import re
from collections.abc import Sequence

from sciapp.engine.data.formats.table_format import FormatEvidence
from sciapp.engine.data.values.cells import MISSING, is_infinite, number
from sciapp.engine.data.values.number_signs import OTHER, SIGNS, SignCounter
from sciapp.i18n import msg

HEADING_WORDS = frozenset(
    "id name smiles sequence seq text label labels target class value y x text sentence abstract title split set "
    "activity index mol molecule protein peptide dna rna compound inchi score formula category type group date time "
    "temperature ph dose concentration words tokens tags sample samples name names document question answer".split()
)
_NUMERIC = 0.8  # share of a column's filled cells
_LONG_LINE = 6  # words
_SHAPES = (
    ("cas", re.compile(r"\d{2,7}-\d{2}-\d")),
    ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")),
    ("inchi", re.compile(r"InChI=1.*|[A-Z]{14}-[A-Z]{10}-[A-Z]")),
    ("id", re.compile(r"[A-Za-z]{1,10}[-_:]?\d{2,}(?:\.\d+)?")),
    ("sequence", re.compile(r"[A-Z]{20,}\*?")),
)
_KINDS = {
    "cas": msg("CAS numbers"),
    "date": "dates",
    "inchi": "InChIs",
    "id": "identifiers",
    "sequence": "sequences",
    "smiles": "SMILES",
}
_A_KIND = {
    "cas": msg("a CAS number"),
    "date": msg("a date"),
    "inchi": msg("an InChI"),
    "id": msg("an identifier"),
    "sequence": msg("a sequence"),
    "smiles": msg("a SMILES"),
}
_SMILES = re.compile(r"(?:\[[^\]\s]+\]|Br|Cl|[BCNOPSFIbcnops]|[-=#:/\\.~$()@+%\d])+")
_CHEMICAL = frozenset({"smiles", "inchi", "sequence"})
_LOOKED_AT = 50  # cells


def header_of(rows: Sequence[Sequence[str]], decimal: str) -> FormatEvidence:
    """“yes” or “no”, and why. rows: the first rows of the table, the one in question on top."""
    first = rows[0]
    # Exports that were put one behind the other have the header again.
    body = [row for row in rows[1:] if row != first] if len(first) > 1 else rows[1:]
    if not body:
        return FormatEvidence(msg("header"), "yes", msg("there is one row only"))
    if clearly := names_clearly(first, body, decimal):
        return FormatEvidence(msg("header"), "yes", clearly)
    names, numbers = _votes(first, body, decimal)
    if numbers and numbers >= len(names):
        return FormatEvidence(msg("header"), "no", msg("there are numbers in the first row, as in the rows below it"))
    return _of_words([cell.strip() for cell in first], body)


def names_clearly(first: Sequence[str], body: Sequence[Sequence[str]], decimal: str) -> str:
    """Reason for names in the first row: a word that is usual for columns, or words above numbers; empty if not."""
    usual = [(i, cell.strip()) for i, cell in enumerate(first) if cell.strip().lower() in HEADING_WORDS]
    repeated = any(cell.strip() in {row[i].strip() for row in body if i < len(row)} for i, cell in enumerate(first))
    # A column of classes may be headed by one of them (“active”), above inputs that nobody takes for a heading.
    apart = [name for i, name in usual if _stands_apart(name, [row[i].strip() for row in body if i < len(row)])]
    if known := apart or [name for _, name in usual if not repeated or len(usual) == len(first)]:
        return msg("“{known}” is a usual name of a column", known=known[0])
    names, numbers = _votes(first, body, decimal)
    return (
        msg("“{name}” stands above numbers", name=names[0]) if names and not (numbers and numbers >= len(names)) else ""
    )


def decimal_of(rows: Sequence[Sequence[str]], delimiter: str) -> FormatEvidence:
    """The sign before decimals, and why. rows: the first rows of the table."""
    columns = [SignCounter() for _ in range(max(map(len, rows)))]
    for row in rows:
        for column, cell in zip(columns, row, strict=False):
            column.add((0,), (cell,))
    votes = {sign: sum(column.votes(sign) for column in columns) for sign in SIGNS}
    if votes[","] > votes["."]:
        example = next(column.example(",") for column in columns if column.votes(","))
        return FormatEvidence(msg("decimal"), ",", msg("there are numbers such as {example}", example=example))
    if votes["."]:
        return FormatEvidence(msg("decimal"), ".", msg("numbers have points"))
    for sign in SIGNS:
        grouped = next((column for column in columns if column.open[sign] and column.looks_grouped), None)
        if grouped is not None:
            why = msg(
                "{example} stands beside whole numbers below 1000, as if it parted thousands",
                example=grouped.examples[0],
            )
            return FormatEvidence(msg("decimal"), OTHER[sign], why)
    if delimiter == ";":
        return FormatEvidence(msg("decimal"), ",", msg("spreadsheets that separate cells by semicolons write 3,14"))
    return FormatEvidence(msg("decimal"), ".", msg("no number says otherwise"))


def surely_header(first: Sequence[str], body: Sequence[Sequence[str]], decimal: str) -> bool:
    """True if all cells are usual names, or one is and another stands above numbers."""
    known = [cell for cell in first if cell.strip().lower() in HEADING_WORDS]
    return bool(known) and (len(known) == len(first) or bool(_votes(first, body, decimal)[0]))


def kind_of(cells: Sequence[str]) -> str:
    """Kind of nearly all cells that no heading looks like: CAS numbers, dates, identifiers…; empty where they are
    words."""
    some = cells[:_LOOKED_AT]
    for kind, shape in _SHAPES:
        if some and sum(shape.fullmatch(cell) is not None for cell in some) >= _NUMERIC * len(some):
            return kind
    like = [cell for cell in some if _SMILES.fullmatch(cell)]
    # Words may be made of the same letters: “Basic” is none, “NO” may be one.
    signs = sum(not cell.isalpha() or len(cell) > 12 for cell in like)
    return "smiles" if some and len(like) >= _NUMERIC * len(some) and (signs or len(some) == 1) else ""


def _votes(first: Sequence[str], body: Sequence[Sequence[str]], decimal: str) -> tuple[list[str], int]:
    """Words above columns of numbers, and how many numbers stand above such columns."""
    names: list[str] = []
    numbers = 0
    for index, cell in enumerate(first):
        below = [row[index] for row in body if index < len(row) and row[index].strip().lower() not in MISSING]
        if not below or sum(is_number(text, decimal) for text in below) < _NUMERIC * len(below):
            continue
        if is_number(cell, decimal):
            numbers += 1
        elif cell.strip().lower() not in MISSING:
            names.append(cell.strip())
    return names, numbers


def _of_words(first: list[str], body: Sequence[Sequence[str]]) -> FormatEvidence:
    """For tables of words alone."""
    columns = [[row[i].strip() for row in body if i < len(row) and row[i].strip()] for i in range(len(first))]
    for cell, below in zip(first, columns, strict=True):
        if cell.isalpha() and (kind := kind_of(below)) in _CHEMICAL and not _looks_like(kind, cell):
            return FormatEvidence(
                msg("header"),
                "yes",
                msg("“{short}” stands above {kind} and is none", short=_short(cell), kind=_KINDS[kind]),
            )
    for cell, below in zip(first, columns, strict=True):
        if cell and cell in below:
            return FormatEvidence(
                msg("header"), "no", msg("“{cell}” stands in other rows of its column as well", cell=cell)
            )
    if len(set(first)) < len([cell for cell in first if cell]):
        return FormatEvidence(msg("header"), "no", msg("the first row has the same cell twice"))
    for cell, below in zip(first, columns, strict=True):
        if (kind := kind_of(below)) and cell:
            like = kind_of([cell]) == kind
            is_one = msg("“{cell}” is {a_kind}, as the cells below it are", cell=_short(cell), a_kind=_A_KIND[kind])
            not_one = msg("“{cell}” stands above {kind} and is none", cell=_short(cell), kind=_KINDS[kind])
            return FormatEvidence(msg("header"), "no" if like else "yes", is_one if like else not_one)
    for cell, below in zip(first, columns, strict=True):
        lengths = {len(text) for text in below}
        if len(below) > 2 and len(lengths) == 1 and cell:
            same = len(cell) in lengths
            evidence = (
                msg("“{cell}” is as long as the cells below it", cell=_short(cell))
                if same
                else msg("“{cell}” is of another length than the cells below it", cell=_short(cell))
            )
            return FormatEvidence(msg("header"), "no" if same else "yes", evidence)
    typical = [sorted(map(len, below))[len(below) // 2] if below else 0 for below in columns]
    sentence = first[0].endswith((".", "!", "?", "。", "…"))
    if len(first) == 1 and (sentence or len(first[0].split()) >= _LONG_LINE or not _shorter(first[0], typical[0])):
        return FormatEvidence(msg("header"), "no", msg("the first line is like those below it"))
    return FormatEvidence(msg("header"), "yes", msg("the first row is taken for names where nothing says otherwise"))


def _stands_apart(cell: str, below: list[str]) -> bool:
    """True if a usual name of a column stands above cells of another kind, or far longer ones: sequences, sentences."""
    filled = [text for text in below if text]
    if not filled or cell in filled:
        return False
    kind = kind_of(filled)
    if kind and not _looks_like(kind, cell):
        return True
    return _shorter(cell, sorted(map(len, filled))[len(filled) // 2])


def _looks_like(kind: str, cell: str) -> bool:
    shape = _SMILES if kind == "smiles" else dict(_SHAPES)[kind]
    return shape.fullmatch(cell) is not None


def _shorter(cell: str, usual: int) -> bool:
    return len(cell) < 0.5 * usual and len(cell.split()) <= 3


def _short(cell: str) -> str:
    return cell if len(cell) <= 30 else cell[:30] + "…"


def is_number(cell: str, decimal: str) -> bool:
    """True if a cell holds a number, infinite ones among them."""
    try:
        return number(cell, decimal) is not None
    except ValueError:
        return is_infinite(cell, decimal)
