"""Other ways to write chemistry than plain SMILES: atom maps, CXSMILES, InChI, reactions, keys.

Told by their text alone, so that what cannot be read as one molecule is refused by its name.
"""

import re

from rdkit import Chem

from sciapp.engine.domains.base import Rejected
from sciapp.engine.domains.molecule import rdkit_log
from sciapp.i18n import msg

_ATOM_MAP = re.compile(r":\d+(?=\])")
_EXTENSION = re.compile(r"\s+\|[^|]*\|\s*$")
_ISOTOPE = re.compile(r"\[\d+[A-Za-z*]")
_INCHI_KEY = re.compile(r"(InChIKey=)?[A-Z]{14}-[A-Z]{10}-[A-Z]")
_DATIVE = re.compile(r"->|<-")
_BLOCK_END = "M  END"


def has_atom_maps(value: str) -> bool:
    return bool(_ATOM_MAP.search(value)) and not is_inchi(value)


def without_atom_maps(value: str) -> str:
    """Before RDKit reads it: numbers make two like neighbours differ, and a centre of them a stereocentre."""
    return _ATOM_MAP.sub("", value) if has_atom_maps(value) else value


def has_extension(value: str) -> bool:
    return bool(_EXTENSION.search(value))


def without_extension(value: str) -> str:
    """The SMILES before the bars of CXSMILES."""
    return _EXTENSION.sub("", value)


def has_isotopes(value: str) -> bool:
    return bool(_ISOTOPE.search(value))


def without_isotopes(value: str) -> str:
    """The canonical SMILES of the molecule as it comes in nature."""
    molecule = rdkit_log.from_smiles(value)
    if molecule is None:
        raise Rejected(msg("RDKit cannot read it as a molecule"))
    for atom in molecule.GetAtoms():
        atom.SetIsotope(0)
    # Read again: hydrogens that were told apart by their mass are none of the atoms now, nor do they make centres.
    return str(Chem.CanonSmiles(Chem.MolToSmiles(molecule)))  # type: ignore[no-untyped-call]


def is_inchi(value: str) -> bool:
    return value.lstrip()[:6].lower() == "inchi="


def of_inchi(value: str) -> Chem.Mol | None:
    molecule: Chem.Mol | None = Chem.MolFromInchi(value)  # type: ignore[no-untyped-call]
    return molecule


def smiles_of_inchi(value: str) -> str:
    """Raises Rejected."""
    with rdkit_log.listening():
        molecule = of_inchi(value.strip())
    if molecule is None:
        raise Rejected(msg("RDKit cannot read it as an InChI"))
    return str(Chem.MolToSmiles(molecule))


def foreign(value: str) -> str:
    """The name of a notation that stands for no single molecule, as a reason; empty for all others."""
    if _DATIVE.sub("", value.partition(" |")[0]).count(">") == 2:
        return msg("it is a reaction (what reacts > with what > to what), not one molecule")
    if _INCHI_KEY.fullmatch(value):
        return msg("it is an InChIKey, from which no molecule can be read")
    if _BLOCK_END in value:
        return msg("it is a MOL block, not a SMILES")
    return ""
