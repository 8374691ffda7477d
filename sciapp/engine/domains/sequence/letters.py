"""Sequences that are written with one letter per unit: what proteins and nucleotides have in common."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from sciapp.engine.domains.base import Features, Policy, Rejected, Repair, as_it_is, set_aside
from sciapp.engine.domains.columns import TEXTS, ColumnJoiner
from sciapp.engine.domains.terms import LETTERS, POSITIONS, TermKind
from sciapp.engine.domains.usual import UsualDomain
from sciapp.i18n import msg

_WHITE_SPACE = re.compile(r"\s+")

_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")


class LetterSequence(UsualDomain):
    """Facts of a domain whose units are letters: one token each, and a label for each where units are labelled."""

    simple_features: Features = "letters"
    terms: tuple[TermKind, ...] = (LETTERS, POSITIONS)
    joins_columns: ColumnJoiner | None = TEXTS
    label_separator = ""

    def units(self, value: str) -> list[str]:
        return list(value)


class Alphabet:
    """The letters that are allowed, and what one of them is called (“residue”, “base”)."""

    def __init__(self, letters: str, called: str) -> None:
        self.letters = letters
        self.called = called
        self._other = re.compile(f"[^{re.escape(letters)}]")

    def checked(self, value: str) -> str:
        """`value` in upper case, without white space (wrapped lines in a cell are one sequence).

        Raises Rejected naming the first wrong letter and its position; positions count from 1, white space left out.
        """
        sequence = _WHITE_SPACE.sub("", value).upper()
        if not sequence:
            raise Rejected(msg("the cell is empty"))
        wrong = self._other.search(sequence)
        if wrong:
            raise Rejected(
                msg(
                    "“{wrong}” at position {start} is no {called}",
                    wrong=wrong.group(),
                    start=wrong.start() + 1,
                    called=self.called,
                )
            )
        return sequence


def composition(sequence: str, letters: Iterable[str], prefix: str) -> dict[str, float]:
    """Length and the fraction of each letter, named `prefix` + letter."""
    counts = Counter(sequence)
    length = len(sequence)
    return {"length": float(length)} | {f"{prefix}{letter}": counts[letter] / length for letter in letters}


def opposite_strand(bases: str) -> str:
    """The reverse complement of DNA in upper case, ambiguous bases included."""
    return bases.translate(_COMPLEMENT)[::-1]


# Repairs of sequences as labs hand them over: mixed case, gaps of an alignment, ambiguity codes.


_LOWER, _UPPER, _GAPS, _LOWER_LETTERS = map(re.compile, (r"[a-z]", r"[A-Z]", r"[-.~]", r"[a-z]+"))


def mixed_case(unit: str) -> Repair[str]:
    """Upper and lower case in one sequence. unit: “residues”."""
    return Repair(
        title=msg("Upper and lower case in one sequence"),
        consequence=msg(
            "Lower case often marks {unit} that are masked (repeats) or inserted (A2M and A3M alignments); a "
            "model reads all letters alike.",
            unit=unit,
        ),
        detects=lambda value: bool(_LOWER.search(value) and _UPPER.search(value)),
        policies={
            "upper": Policy(msg("Write all letters in upper case"), str.upper),
            "remove": Policy(msg("Remove the lower-case letters"), lambda value: _LOWER_LETTERS.sub("", value)),
            "set_aside": set_aside(msg("upper and lower case are mixed")),
        },
        proposed="upper",
    )


def gaps() -> Repair[str]:
    """The signs with which an alignment is padded."""
    return Repair(
        title=msg("Gaps of an alignment (- . ~)"),
        consequence=msg("A gap is not part of the molecule, and models know no letter for it."),
        detects=lambda value: bool(_GAPS.search(value)),
        policies={
            "set_aside": Policy(msg("Set the rows aside"), as_it_is),
            "remove": Policy(msg("Remove the gaps"), lambda value: _GAPS.sub("", value)),
        },
        proposed="remove",
    )


def ambiguity(letters: str, any_letter: str, unit: str) -> Repair[str]:
    """IUPAC codes that stand for several letters. any_letter: the code for all of them."""
    either = re.compile(f"[{letters + letters.lower()}]")
    fewer = re.compile(f"[{letters.replace(any_letter, '')}]", re.IGNORECASE)
    replaced: Callable[[str], str] = lambda value: fewer.sub(any_letter, value)  # noqa: E731
    return Repair(
        title=msg("Ambiguous {unit} (IUPAC codes)", unit=unit),
        consequence=msg(
            "Codes such as {letter} stand for several {unit}; most models have seen few or none of them.",
            letter=letters[0],
            unit=unit,
        ),
        detects=lambda value: bool(either.search(value)),
        policies={
            "keep": Policy(msg("Leave them as they are"), as_it_is),
            "any": Policy(msg("Write {any_letter} (any) for all of them", any_letter=any_letter), replaced),
            "set_aside": set_aside(msg("there are ambiguous {unit}", unit=unit)),
        },
        proposed="keep",
    )
