"""Fragments of a molecule: each atom with its neighbours up to two bonds away, counted (Rogers & Hahn 2010, J. Chem.
Inf. Model. 50:742). All parts of a salt or mixture are read: of a reaction's inputs each may decide its yield."""

from rdkit.Chem import rdFingerprintGenerator

from sciapp.engine.domains.molecule.rdkit_log import from_smiles
from sciapp.engine.domains.terms import TermKind

_GENERATOR = rdFingerprintGenerator.GetMorganGenerator(radius=2)


def _fragments(smiles: str) -> list[str]:
    """RDKit's numbers of the fragments, each as often as it comes; [] for what is no molecule."""
    molecule = from_smiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        return []
    counts = _GENERATOR.GetSparseCountFingerprint(molecule).GetNonzeroElements()
    return [str(number) for number, count in counts.items() for _ in range(count)]


FRAGMENTS = TermKind("fragments", _fragments)
