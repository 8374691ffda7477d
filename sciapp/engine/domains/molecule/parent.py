"""The molecule that salts, charged forms, stereoisomers and labelled copies have in common."""

from functools import cache

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors
from rdkit.Chem.MolStandardize import rdMolStandardize
from rdkit.Chem.SaltRemover import SaltRemover


def parent(molecule: Chem.Mol) -> Chem.Mol:
    """Without counter-ions and solvents, neutral, without stereochemistry and isotopes.

    Of several parts that are no usual counter-ion the one with most heavy atoms, then the heavier, then the first in
    the alphabet. Where all are counter-ions (sodium acetate) the same holds of all.
    """
    parts = [_skeleton(part) for part in Chem.GetMolFrags(molecule, asMols=True, sanitizeFrags=True)]
    if len(parts) == 1:
        return parts[0]
    left = [part for part in parts if not _is_counter_ion(part)]
    return min(
        left or parts,
        key=lambda p: (-p.GetNumHeavyAtoms(), -rdMolDescriptors.CalcExactMolWt(p), Chem.MolToSmiles(p)),
    )


def _skeleton(part: Chem.Mol) -> Chem.Mol:
    changed = part
    charged = labelled = False
    for atom in changed.GetAtoms():
        charged |= atom.GetFormalCharge() != 0
        labelled |= atom.GetIsotope() != 0
    if charged:
        changed = _uncharger().uncharge(changed)
    bare = Chem.Mol(changed)
    Chem.RemoveStereochemistry(bare)
    if labelled:
        for atom in bare.GetAtoms():
            atom.SetIsotope(0)
        bare = Chem.RemoveHs(bare)
    return bare


def _is_counter_ion(part: Chem.Mol) -> bool:
    return bool(_salts().StripMol(part).GetNumAtoms() == 0)  # type: ignore[no-untyped-call]


@cache
def _uncharger() -> rdMolStandardize.Uncharger:
    return rdMolStandardize.Uncharger()


@cache
def _salts() -> SaltRemover:
    """RDKit's list: halides, alkali metals, common acids, water and ammonia."""
    return SaltRemover()  # type: ignore[no-untyped-call]
