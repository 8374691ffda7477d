"""Labels in the headers of FASTA files: `>P000 Cytoplasm-S test` (DeepLoc), `>P000|0|train` (many other sets).

Those with names are `>P000 TARGET=43.3 SET=train` (biotrainer), `>P000|class=B`, `>P000 class:B`, `>P000 [gene=lacZ]`
(NCBI) and `>sp|P00722|BGAL_ECOLI Beta-galactosidase OS=Escherichia coli` (UniProt).
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_SIGNS = ("|", " ")
_FEWEST = 4  # headers
_USUAL = 0.9  # of the headers have as many parts
_MOST_PARTS = 8
_MOST_LABELS = 20
_OFTEN = 0.5  # of the headers have a key that becomes a column
_SPLIT_KEYS = frozenset({"set", "split", "validation"})
_PAIR = {
    "=": re.compile(r"(?P<sign>[\s|;,\[]+)(?P<key>[A-Za-z_][\w.-]*)\s*=\s*"),
    ":": re.compile(r"(?P<sign>[\s|;,\[]+)(?P<key>[A-Za-z_][\w.-]*):(?=[^\s:/])"),
}
_ENDS = {"|": "|", ";": ";", ",": ",", "[": "]"}
_DATABASES = frozenset("sp tr gi ref gb emb dbj pdb pir prf lcl gnl up tpg bbs pat".split())


class HeaderParts(NamedTuple):
    """Headers that a sign cuts into as many parts, the first being the id."""

    sign: str
    width: int


class Header(NamedTuple):
    """A header with pairs of names and values, the names in lower case; rest: what else there is, behind the id."""

    id: str
    rest: str
    values: dict[str, str]


def with_pairs(header: str, sign: str) -> Header:
    """sign: what stands between name and value, “=” or “:”. A value reaches to the next pair, or to the sign that parts
    the pairs (`|`, `;`, `,`, `]`)."""
    pairs = list(_PAIR[sign].finditer(header))
    before = header[: pairs[0].start()] if pairs else header
    id, _, rest = before.partition(" ")
    values: dict[str, str] = {}
    left = [rest.strip()]
    for index, pair in enumerate(pairs):
        value = header[pair.end() : pairs[index + 1].start() if index + 1 < len(pairs) else len(header)]
        if end := _ENDS.get(pair["sign"].strip()[-1:]):
            value, _, more = value.partition(end)
            left.append(more.strip(" |;,"))
        value = value.strip().strip("|;,").strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        values.setdefault(pair["key"].lower(), value[1:-1] if quoted else value)
    return Header(id.rstrip("|;,"), " ".join(filter(None, left)), values)


class HeaderPairs(NamedTuple):
    """Headers with names and values. alone: whether nothing else stands in nearly all of them."""

    sign: str
    names: tuple[str, ...]
    alone: bool


def header_pairs(headers: Sequence[str]) -> HeaderPairs | None:
    """None for headers that have none, or hardly any."""
    for sign in _PAIR:
        parsed = [with_pairs(header, sign) for header in headers]
        filled = sum(bool(header.values) for header in parsed)
        if not filled or filled < (_OFTEN if sign == "=" else _USUAL) * len(headers):
            continue
        if sign == ":" and len(headers) < _FEWEST:
            continue
        alone = sum(bool(header.values) and not _in_words(header) for header in parsed) >= _USUAL * len(headers)
        counts = Counter(key for header in parsed for key in header.values)
        names = tuple(k for k in counts if alone or counts[k] >= _OFTEN * len(headers) or k in _SPLIT_KEYS)
        return HeaderPairs(sign, names, alone) if names else None
    return None


def must_be_known(key: str, alone: bool) -> bool:
    """True if a row cannot be used where this key came up too late to become a column."""
    return alone or key in _SPLIT_KEYS


def _in_words(header: Header) -> bool:
    """True if there is more than pairs of one word each."""
    return bool(header.rest) or any(len(value.split()) > 1 for value in header.values.values())


def header_parts(headers: Sequence[str]) -> HeaderParts | None:
    """Parts of headers of which some look like labels; None for names and sentences."""
    for sign in _SIGNS:
        cut = [cut_header(header, sign) for header in headers]
        count = Counter(map(len, cut)).most_common(1)[0][0] if cut else 0
        alike = [parts for parts in cut if len(parts) == count]
        if not 2 <= count <= _MOST_PARTS or len(alike) < max(_FEWEST, _USUAL * len(cut)):
            continue
        ids, *others = zip(*alike, strict=True)
        if set(ids) <= _DATABASES or len(set(ids)) < len(ids) or "=" in "".join(alike[0]):
            continue
        if any(_are_labels(cells) for cells in others):
            return HeaderParts(sign, count)
    return None


def cut_header(header: str, sign: str) -> list[str]:
    """The parts, without blanks around them."""
    return [part.strip() for part in (header.split(sign) if sign != " " else header.split())]


def _are_labels(cells: Sequence[str]) -> bool:
    different = set(cells)
    few = 2 <= len(different) <= min(_MOST_LABELS, len(cells) / 2)
    return few or (len(different) > 1 and all(map(_is_number, cells)))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
