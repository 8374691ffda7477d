"""Signs around a sequence that are no letters of it: ends (5'-…-3'), numbers of positions, headers, quotation marks."""

import re
from itertools import accumulate

from sciapp.engine.domains.base import Policy, Rejected, Repair, set_aside
from sciapp.i18n import msg

_PRIME, _DASH = "['’‘′´`]", "[-–—−]"
_MODIFICATION = re.compile(r"/[\w-]+/")
_FLANKED = re.compile(r"(?:[A-Z]|-)\.(?P<sequence>[A-Za-z]{5,})\.(?:[A-Z]|-)")
_QUOTES = ("'", '"', "`")
_SHORTEST, _WRAPPED = 5, 10  # letters: behind a name in one line, of a line of many
_LONGEST_NUMBER = 15  # digits

_INSIDE = r"[^\d'’]*?[^\d'’\s\-–—−]"  # ends in no dash, so that a long gap is not tried from each of its places

_FROM_FIVE = re.compile(
    rf"(?:5\s*(?:{_PRIME}{_DASH}*|{_DASH}+)\s*)(?P<sequence>{_INSIDE})(?:\s*{_DASH}*\s*3\s*{_PRIME}?)?"
    rf"|(?P<alone>{_INSIDE})\s*(?:{_DASH}+\s*3\s*{_PRIME}?|{_DASH}*\s*3\s*{_PRIME})"
)
_FROM_THREE = re.compile(rf"3\s*(?:{_PRIME}{_DASH}*|{_DASH}+).*|.*(?:{_DASH}\s*5\s*{_PRIME}?|5\s*{_PRIME})", re.DOTALL)
_AMINO_ENDS = re.compile(
    rf"(?:(?:NH2|H2N|\+?H3N\+?)\s*{_DASH}\s*|(?:N|N{_PRIME}|\(N\)|N{_DASH}?term(?:inus)?)\s*{_DASH}*\s+|"
    rf"(?P<label>N{_PRIME}?\s*{_DASH}\s*))?(?P<sequence>[A-Za-z*\s]+?)"
    rf"(?:\s*{_DASH}\s*(?:COOH|CO2H|COO-|COO)|\s+{_DASH}*\s*(?:\(C\)|C{_PRIME}|C{_DASH}?term(?:inus)?)|"
    rf"(?(label)\s*{_DASH}\s*C{_PRIME}?|(?!)))"
)
_IN_BRACKETS = re.compile(r"[dr]?\((?P<sequence>[A-Za-z\s]+)\)")
_FREE_ENDS = re.compile(r"H-(?P<sequence>[A-Za-z*]+)-OH")
_AMINO_START = re.compile(rf"(?:NH2|H2N)\s*{_DASH}\s*(?P<sequence>[A-Za-z*\s]+)")


class Frame:
    """Signs that may stand around the sequences of one domain.

    letters: those of its alphabet. ends: patterns of named ends, with a group “sequence” or “alone” between them.
    flanked: whether neighbours in the whole chain may stand around it (K.….R).
    """

    def __init__(self, letters: str, ends: tuple[re.Pattern[str], ...], *, flanked: bool = False) -> None:
        self._letters = re.compile(f"[{re.escape(letters + letters.lower())}*]+")
        self._ends = ends if not flanked else (*ends, _FLANKED)

    def bare(self, value: str) -> str:
        """The sequence alone; `value` itself where nothing stands around it, or where it is not clear what does."""
        text = before = value.strip()
        text = self._unquoted(text)
        text = self._without_header(text)
        text = without_positions(text)
        for ends in self._ends:
            match = ends.fullmatch(" ".join(text.split()))
            if match is not None:
                text = next(group for name, group in match.groupdict().items() if group and name != "label")
        return text.strip() if text != before else value

    def framed(self, value: str) -> bool:
        """True if something stands around the sequence that can be left out."""
        return self.bare(value) != value

    def _unquoted(self, text: str) -> str:
        around = len(text) > 2 and text[0] in _QUOTES and text[-1] == text[0]
        return text[1:-1].strip() if around else text

    def _without_header(self, text: str) -> str:
        if not text.startswith(">"):
            return text
        first, _, below = text[1:].partition("\n")
        if below.strip():
            longest = max(map(len, below.split("\n")))
            unclear = self._is_sequence(first) and len(first) >= max(_WRAPPED, longest)
            return text if unclear else below
        if self._is_sequence(first):
            return first
        words = first.split()
        named = len(words) == 2 and len(words[1]) >= _SHORTEST and self._is_sequence(words[1])
        return words[1] if named else text

    def _is_sequence(self, text: str) -> bool:
        words = text.split()
        return bool(words) and all(self._letters.fullmatch(word) for word in words)


NUCLEOTIDE_ENDS = (_FROM_FIVE, _IN_BRACKETS)
AMINO_ENDS = (_AMINO_ENDS, _AMINO_START, _FREE_ENDS)


def without_positions(text: str) -> str:
    """Without numbers that count the letters, as in GenBank's ORIGIN (before them) or in EMBL and UniProt (behind)."""
    words = text.removeprefix("ORIGIN").removesuffix("//").split()
    numbers = {index: int(word) for index, word in enumerate(words) if word.isdecimal() and len(word) < _LONGEST_NUMBER}
    if not numbers or len(numbers) == len(words):
        return text
    before = [0, *accumulate(0 if word.isdecimal() else len(word) for word in words)]
    counted = {number - before[index] for index, number in numbers.items()}
    # A number alone in front has to be the first position, one behind the length; several may count from anywhere.
    behind = 0 not in numbers
    plausible = counted == {0} if behind else counted == {1} or (len(numbers) > 1 and len(counted) == 1)
    return " ".join(word for word in words if not word.isdecimal()) if plausible else text


def must_be_forward(value: str) -> None:
    """Raises Rejected for a strand that is written from its 3' end, and for modifications between slashes."""
    text = value.strip()
    if _FROM_THREE.fullmatch(text):
        raise Rejected(msg("it is written from its 3' end; sequences are read from 5' to 3'"))
    if match := _MODIFICATION.search(text):
        raise Rejected(msg("“{match}” is a modification, for which there is no letter", match=match.group()))


def require_sequence_start(value: str) -> None:
    """Raises Rejected for a FASTA header in front that does not say where the sequence begins."""
    if value.strip().startswith(">"):
        raise Rejected(msg("a FASTA header (“>”) stands in front, and it is not clear where the sequence begins"))


def surroundings(frame: Frame, example: str) -> Repair[str]:
    """Letters around a sequence. example: such as the ends of the domain are."""
    return Repair(
        title=msg("Sequences with something around them ({example}, numbers of positions, “>name”)", example=example),
        consequence=msg(
            "Names of the ends, numbers of positions, headers and quotation marks are no part of the sequence; "
            "models know no letters for them."
        ),
        detects=frame.framed,
        policies={
            "leave_out": Policy(msg("Leave them out"), frame.bare),
            "set_aside": set_aside(msg("something stands around the sequence")),
        },
        proposed="leave_out",
    )
