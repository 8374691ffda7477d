"""A table with the columns of MoleculeNet's BACE as it is distributed: one measurement among 590 descriptors."""

import csv
import random
from pathlib import Path

_ATOM_TYPES = (
    "sLi ssBe ssssBem sBH2 ssBH sssB ssssBm sCH3 dCH2 ssCH2 tCH dsCH aaCH sssCH ddC tsC dssC aasC aaaC ssssC sNH3 sNH2 "
    "ssNH2 dNH ssNH aaNH tN sssNH dsN aaN sssN ddsN aasN ssssN daaN sOH dO ssO aaO aOm sOm sF sSiH3 ssSiH2 sssSiH "
    "ssssSi sPH2 ssPH sssP dsssP ddsP sssssP sSH dS ssS aaS dssS ddssS ssssssS Sm sCl sGeH3 ssGeH2 sssGeH ssssGe sAsH2 "
    "ssAsH sssAs dsssAs ddsAs sssssAs sSeH dSe ssSe aaSe dssSe ssssssSe ddssSe sBr sSnH3 ssSnH2 sssSnH ssssSn sI sPbH3 "
    "ssPbH2 sssPbH ssssPb"
).split()
_FIRST = (
    "MW AlogP HBA HBD RB HeavyAtomCount ChiralCenterCount ChiralCenterCountAllPossible RingCount PSA Estate MR Polar"
).split()
_WHOLE = frozenset("HBA HBD RB HeavyAtomCount ChiralCenterCount ChiralCenterCountAllPossible RingCount".split())
_COMMON = frozenset("sCH3 ssCH2 aaCH sssCH dssC aasC aaaC ssssC sNH2 ssNH aaN sssN sOH dO ssO sF ssS ddssS sCl".split())
_ATOMS = ("N", "O", "S", "P", "F", "Cl", "Br", "I")
ROWS = 1_513


def write_bace(file: Path, molecules: Path, *, split_column: bool = True) -> Path:
    """The table, strongest inhibitors first; molecules: a CSV file whose column `smiles` lends the inputs.

    split_column: with the columns CID and Model that some of its copies have.
    """
    with molecules.open(encoding="utf-8", newline="") as source:
        inputs = list(dict.fromkeys(row["smiles"] for row in csv.DictReader(source)))[:ROWS]
    draw = random.Random(0)
    strengths = sorted((draw.gauss(6.5, 1.2) for _ in inputs), reverse=True)
    distances = [f"Sum of topological distances between {a}..{b}" for n, a in enumerate(_ATOMS) for b in _ATOMS[n:]]
    rings = [f"Ring Count {size} (RNGCNT{size})" for size in range(3, 21)]
    surfaces = [
        f"{name}{n} ({name}{n})" for name, most in (("MR", 8), ("ALOGP", 10), ("PEOE", 14)) for n in range(1, most + 1)
    ]
    kinds = ("Key", "Cnt", "Sum", "Avg")
    about = ["CID", "Class", "Model", "pIC50"] if split_column else ["Class", "pIC50"]
    header = ["smiles" if not split_column else "mol", *about, *_FIRST]
    header += (
        [f"{atom}_{kind}" for kind in kinds for atom in _ATOM_TYPES] + distances + rings + surfaces + ["canvasUID"]
    )
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(header)
        for row, (smiles, strength) in enumerate(zip(inputs, strengths, strict=True)):
            active, part = int(strength >= 7), draw.choice(["Train", "Train", "Train", "Valid", "Test"])
            part = "Train" if row < 200 else part
            cells: list[object] = [smiles, *([f"BACE_{row + 1}"] if split_column else []), active]
            cells += [*([part] if split_column else []), f"{strength:.6f}"]
            cells += [draw.randint(0, 9) if name in _WHOLE else f"{draw.uniform(0, 500):.4f}" for name in _FIRST]
            counts = [_count(draw, atom, row) for atom in _ATOM_TYPES]
            cells += [int(count > 0) for count in counts] + counts
            cells += [f"{count * 1.37:.5g}" for count in counts] + [f"{1.37 * (count > 0):.5g}" for count in counts]
            cells += [draw.randint(0, 90) if draw.random() < 0.1 else 0 for _ in distances]
            cells += [draw.randint(0, 4) if n < 4 else int(draw.random() < 0.01) for n in range(len(rings))]
            cells += [f"{draw.uniform(0, 90):.5g}" for _ in surfaces] + [row + 1]
            table.writerow(cells)
    return file


def _count(draw: random.Random, atom: str, row: int) -> int:
    """Atoms of a type: some are frequent, some are rare and come twice only far down the table, most never come."""
    if atom in _COMMON:
        return draw.randint(0, 8)
    if atom.startswith(("s", "d")) and len(atom) < 5:
        return 0 if draw.random() < 0.97 else 1 if row < 600 else draw.randint(1, 3)
    return 0
