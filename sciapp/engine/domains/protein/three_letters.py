"""Peptides in three-letter codes (“Ala-Gly-Ser”, “H-AlaGlySer-OH”), and the groups that cap their ends.

One-letter sequences may look so as well: letters that all stand in one case count as codes only where they are parted
into threes, every one of which is a code.
"""

import re
from dataclasses import dataclass

from sciapp.engine.domains.base import Rejected
from sciapp.i18n import msg

CODES = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H",
    "Ile": "I", "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W",
    "Tyr": "Y", "Val": "V", "Sec": "U", "Pyl": "O", "Asx": "B", "Glx": "Z", "Xaa": "X", "Unk": "X",
}  # fmt: skip

_FREE = frozenset({"H", "OH"})
_FIRST = _FREE | {"Ac", "AC", "ACE", "Ace", "Acetyl", "acetyl"}
_LAST = _FREE | {"NH2", "Nh2", "nh2", "NME", "Nme", "NHMe", "amide", "Amide"}
_BETWEEN = re.compile(r"[-\s]+")
_TITLES = re.compile(r"(?:[A-Z][a-z]{2})+")
_ONE_LETTER_CAPS = re.compile(r"(?:Ac-)?(?P<sequence>[A-Za-z*]+)(?:-NH2|-CONH2)?")
_FREE_ENDS = re.compile(r"(?:H-|H2N-|NH2-|Ac-)?(?P<sequence>[A-Za-z*]+)(?:-OH|-NH2|-CONH2)")
_MOSTLY = 0.5  # of the codes, known: the others are residues that have no letter


@dataclass(frozen=True)
class Peptide:
    """Three-letter codes as written, some of which may be none; caps: groups at the ends, free ends left out."""

    codes: tuple[str, ...]
    caps: tuple[str, ...]

    def letters(self) -> str:
        """In one-letter codes. Raises Rejected for a code that stands for no letter."""
        for code in self.codes:
            if code in {"D", "DL"}:
                raise Rejected(
                    msg(
                        "“{code}-” says that the residue behind it is no L-amino acid; no letter stands for it",
                        code=code,
                    )
                )
            if code.capitalize() not in CODES:
                raise Rejected(msg("“{code}” is no residue in three letters", code=code))
        return "".join(CODES[code.capitalize()] for code in self.codes)


def peptide(value: str) -> Peptide | None:
    """None for what is not written in three-letter codes."""
    parts = [part for part in _BETWEEN.split(value.strip()) if part]
    parted = len(parts) > 1
    ends = []
    if parted and parts[0] in _FIRST:
        ends.append(parts.pop(0))
    if len(parts) > 1 and parts[-1] in _LAST:
        ends.append(parts.pop())
    codes = [code for part in parts for code in _pieces(part) if code != "L"]
    known = sum(code.capitalize() in CODES for code in codes)
    titled = sum(code in CODES for code in codes)
    in_titles = titled > 0 and known >= _MOSTLY * len(codes)
    all_known = parted and known == len(codes) and (len(codes) > 1 or len(ends) == 2)
    caps = tuple(end for end in ends if end not in _FREE)
    return Peptide(tuple(codes), caps) if in_titles or all_known else None


def is_three_letters(value: str) -> bool:
    return peptide(value) is not None


def one_letters(value: str) -> str:
    """`value` in one-letter codes where it is written in three; else as it is. Raises Rejected."""
    residues = peptide(value)
    return value if residues is None else residues.letters()


def has_caps(value: str) -> bool:
    """True if groups at the ends are written, in three-letter or in one-letter codes (“Ac-AGS-NH2”)."""
    residues = peptide(value)
    if residues is not None:
        return bool(residues.caps)
    return any(cap in value for cap in ("Ac-", "-NH2", "-CONH2")) and uncapped(value) != value


def uncapped(value: str) -> str:
    """Without the groups at both ends; free ends (H-, -OH) go as well, for they only say that there are none."""
    residues = peptide(value)
    if residues is not None:
        return "-".join(residues.codes)
    whole = _FREE_ENDS.fullmatch(value.strip()) or _ONE_LETTER_CAPS.fullmatch(value.strip())
    return value if whole is None or whole["sequence"] == value.strip() else whole["sequence"]


def _pieces(part: str) -> list[str]:
    """“AlaGly” as two codes; anything else as one."""
    return re.findall("...", part) if _TITLES.fullmatch(part) else [part]
