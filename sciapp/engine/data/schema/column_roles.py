"""Detection of columns with groups, times and splits: by heading and content, both."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sciapp.engine.data.values.cells import MISSING, read_number
from sciapp.engine.data.values.dates import reader_for
from sciapp.engine.data.values.number_formats import numbers_of
from sciapp.records.dataset.number_format import DecimalSign

_GROUP_WORDS = frozenset(
    "group groups patient subject donor participant person individual animal specimen family cluster batch plate lot "
    "scaffold series paper abstract article document doc publication pmid pmcid study session".split()
)
_TIME_WORDS = frozenset("date time day year timestamp datetime created measured published datum".split())
_NUMBERS_OF_TIME = frozenset("year timestamp date".split())
_PARTITIONS = frozenset({"partition", "partitions", "fold", "folds"})  # numbered parts of cross-validation
_FEWEST_GROUPS, _FEWEST_MOMENTS = 6, 5
_FEWEST_PARTITIONS, _MOST_PARTITIONS = 3, 20


def group_column(columns: Mapping[str, Sequence[str]]) -> str | None:
    """The first column that is headed like a group and whose cells come again; columns: the first cells by name."""
    return next((name for name, cells in columns.items() if _is_group(name, cells)), None)


def time_column(columns: Mapping[str, Sequence[str]], decimal: DecimalSign = ".") -> str | None:
    """The first column that is headed like a time and holds dates, or years."""
    return next((name for name, cells in columns.items() if _is_time(name, cells, decimal)), None)


def _is_group(name: str, cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip().lower() not in MISSING]
    different = len(set(filled))
    if _words(name) - {"cv", "id", "no", "nr"} <= _PARTITIONS and all(map(str.isdecimal, filled)):
        whole = bool(_words(name) & _PARTITIONS) and len(filled) == len(cells)
        return whole and _FEWEST_PARTITIONS <= different <= _MOST_PARTITIONS
    return (
        bool({word.removesuffix("id") for word in _words(name)} & _GROUP_WORDS | _words(name) & _GROUP_WORDS)
        and len(filled) == len(cells)
        and _FEWEST_GROUPS <= different < 0.9 * len(filled)
    )


def _is_time(name: str, cells: Sequence[str], decimal: DecimalSign) -> bool:
    words = _words(name)
    filled = [cell for cell in cells if cell.strip().lower() not in MISSING]
    if not words & _TIME_WORDS or len(set(filled)) < _FEWEST_MOMENTS:
        return False
    reader = reader_for(filled, decimal)
    if reader.numbers and not words & _NUMBERS_OF_TIME:  # “time” alone may be a half-life in hours
        return False
    return bool(np.isfinite([reader.moment(cell) for cell in filled]).mean() >= 0.95)


def _words(header: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower()))


# Which column of a table holds the other half of pairs: only where the headings of both say so.


_HALVES = (
    "1 2,a b,i ii,first second,premise hypothesis,question answer,query document,query passage,context response,"
    "solute solvent,drug target,ligand receptor,donor acceptor,heavy light,sentence1 sentence2,"
    "text1 text2,question1 question2,sequence1 sequence2,seq1 seq2,smiles1 smiles2,protein1 protein2"
)
_PAIRS = tuple(tuple(pair.split()) for pair in _HALVES.split(","))


def second_column(chosen: str, others: Iterable[str]) -> tuple[str, str] | None:
    """(first, second) where `chosen` and one of `others`, all fit to be inputs, are headed as the halves of a pair."""
    for name in others:
        for first, second in ((chosen, name), (name, chosen)):
            if _belong(first, second):
                return first, second
    return None


def _belong(first: str, second: str) -> bool:
    """True if the headings are the same but for one word, by which the second follows the first."""
    one, other = _name_words(first), _name_words(second)
    if len(one) != len(other):
        return False
    different = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(different) == 1 and different[0] in _PAIRS


def _name_words(header: str) -> list[str]:
    return re.findall(r"[a-z]+|[0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower())


# Detection of a column with row weights: by heading and content, and rather none than a wrong one.


_NAMES = frozenset(
    "sample weight,sample weights,instance weight,instance weights,row weight,row weights,case weight,case weights,"
    "example weight,example weights,training weight,training weights,loss weight,loss weights,importance weight,"
    "importance weights,sampleweight,instanceweight".split(",")
)
_MAY_BE = frozenset({"weight", "weights"})  # or of a molecule, a protein, a patient: those are hardly all below 1


def weight_column(columns: Mapping[str, Sequence[str]], decimal: DecimalSign = ".") -> str | None:
    """The first column that is headed as weights of rows and holds nothing else; columns: the first cells by name."""
    return next((name for name, cells in columns.items() if _is_weight(name, cells, decimal)), None)


def _is_weight(name: str, cells: Sequence[str], decimal: DecimalSign) -> bool:
    words = " ".join(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()))
    if words not in _NAMES | _MAY_BE:
        return False
    try:
        format = numbers_of(cells, decimal).format
        numbers = [read_number(cell, format) for cell in cells]
    except ValueError:
        return False
    weights = [weight for weight in numbers if weight is not None]
    if not weights or len(weights) < len(numbers) or min(weights) < 0 or not any(weights):
        return False
    return words in _NAMES or max(weights) <= 1
