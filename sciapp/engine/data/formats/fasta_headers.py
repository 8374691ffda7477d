"""Labels in the headers of FASTA files: `>P000 Cytoplasm-S test` (DeepLoc) and `>P000|0|train` (many other sets)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_SIGNS = ("|", " ")
_FEWEST = 4  # headers
_USUAL = 0.9  # of the headers have as many parts
_MOST_PARTS = 8
_MOST_LABELS = 20
_DATABASES = frozenset("sp tr gi ref gb emb dbj pdb pir prf lcl gnl up tpg bbs pat".split())


class HeaderParts(NamedTuple):
    """Headers that a sign cuts into as many parts, the first being the id."""

    sign: str
    width: int


def header_parts(headers: Sequence[str]) -> HeaderParts | None:
    """Where headers have parts of which some look like labels; None for names and sentences."""
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
