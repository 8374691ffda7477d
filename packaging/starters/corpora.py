"""The SMILES corpora that the molecule starter learns from, with their sources and licences."""

import csv
import gzip
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Corpus:
    """One file of SMILES and what must be said about it."""

    file: str
    source: str
    licence: str
    citation: str


# ChEMBL is left out: its share-alike licence would pass to the weights.
CORPORA = (
    Corpus(
        "molecules_zinc250k.smi.gz",
        "ZINC250k",
        "free to use",
        "Sterling & Irwin 2015, J. Chem. Inf. Model. 55:2324; Gómez-Bombarelli et al. 2018, ACS Cent. Sci. 4:268",
    ),
    Corpus("molecules_pubchem_sample.smi.gz", "PubChem sample", "public domain", "Kim et al. 2023, NAR 51:D1373"),
    Corpus(
        "qm9_smiles.csv.gz",
        "QM9",
        "CC0",
        "Ramakrishnan et al. 2014, Sci. Data 1:140022 (small molecules, ≤ 9 heavy atoms)",
    ),
    Corpus("zinc_100k_24heavy.csv.gz", "ZINC, 24 heavy atoms", "free to use", "Sterling & Irwin 2015"),
)


def read(folder: Path, seed: int) -> list[str]:
    """Distinct canonical SMILES of all corpora in a seeded order; what RDKit cannot read is left out."""
    raw = [smiles for corpus in CORPORA for smiles in _smiles(folder / corpus.file)]
    with ProcessPoolExecutor() as pool:
        clean = [
            s for part in pool.map(_canonical, [raw[i : i + 5000] for i in range(0, len(raw), 5000)]) for s in part
        ]
    distinct = sorted(set(clean))
    order = np.random.default_rng(seed).permutation(len(distinct))
    return [distinct[i] for i in order]


def _smiles(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        if ".csv" in file.name:
            return [row["smiles"].strip() for row in csv.DictReader(lines)]
        return [line.split()[0] for line in lines if line.strip()]


def _canonical(chunk: list[str]) -> list[str]:
    from rdkit import Chem, rdBase

    rdBase.DisableLog("rdApp.*")
    molecules = (Chem.MolFromSmiles(smiles) for smiles in chunk)
    return [Chem.MolToSmiles(molecule) for molecule in molecules if molecule is not None and molecule.GetNumAtoms() > 1]
