"""Properties of the elements, read from `elements.csv` beside this file (H to Lr).

Sources of the file, all of them facts in the public domain: standard atomic weights, abridged (IUPAC 2021; mass numbers
of the longest-lived isotope where there is none); groups and periods (IUPAC, f-block elements in group 3); Pauling
electronegativity, first ionisation energy in eV, melting point in K, electron configuration and colours from PubChem's
periodic table (US National Library of Medicine, 2021), the electronegativities of Pm, Eu, Tb and Yb, which it leaves
out, from Pauling (1960); covalent radii in pm from Cordero et al. (2008, Dalton Trans. 2832, as RDKit has them).
Valence electrons: the group, less ten from group 13 on; of f-block elements, the electrons outside of the noble gas.
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PROPERTIES = (
    "number",
    "mass",
    "group",
    "period",
    "electronegativity",
    "covalent_radius",
    "valence_electrons",
    "s_electrons",
    "p_electrons",
    "d_electrons",
    "f_electrons",
    "ionization_energy",
    "melting_point",
)


@dataclass(frozen=True)
class Element:
    """values: of PROPERTIES, in their order; NaN where none is known. colour: as molecular viewers paint it, RRGGBB."""

    symbol: str
    values: tuple[float, ...]
    colour: str

    @property
    def mass(self) -> float:
        return self.values[PROPERTIES.index("mass")]

    @property
    def electronegativity(self) -> float:
        return self.values[PROPERTIES.index("electronegativity")]


@cache
def elements() -> Mapping[str, Element]:
    """All elements by symbol, by rising atomic number."""
    with (Path(__file__).parent / "elements.csv").open(encoding="utf-8", newline="") as file:
        return {row["symbol"]: _element(row) for row in csv.DictReader(file)}


def _element(row: Mapping[str, str]) -> Element:
    values = tuple(float(row[name]) if row[name] else math.nan for name in PROPERTIES)
    return Element(row["symbol"], values, row["colour"])
