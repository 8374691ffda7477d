"""Molecules that a benchmark set holds are left out of what a starter learns from, whatever their stereochemistry."""

import csv
import gzip
from pathlib import Path


def benchmark_skeletons(folder: Path) -> set[str]:
    """Canonical SMILES without stereochemistry of every molecule in the tables of `folder`."""
    from rdkit import rdBase

    rdBase.DisableLog("rdApp.*")
    return {found for file in sorted(folder.glob("*")) for smiles in _molecules(file) if (found := skeleton(smiles))}


def skeleton(smiles: str) -> str:
    """Canonical SMILES without stereochemistry, empty for what RDKit cannot read."""
    from rdkit import Chem

    molecule = Chem.MolFromSmiles(smiles)
    return "" if molecule is None else Chem.MolToSmiles(molecule, isomericSmiles=False)


def _molecules(file: Path) -> list[str]:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = csv.DictReader(data.decode("utf-8-sig").splitlines(), delimiter="\t" if ".tsv" in file.name else ",")
    names = [name for name in rows.fieldnames or () if name.lower() in {"smiles", "product"}]
    return [row[names[0]] for row in rows if row[names[0]]] if names else []
