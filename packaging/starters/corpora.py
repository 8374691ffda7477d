"""The corpora that the starters learn from, with their sources and licences, read as lists of strings."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Corpus:
    """One file of the corpora folder and what must be said about it."""

    file: str
    source: str
    licence: str
    citation: str
    most: int = 0  # entries that are taken, by a seeded draw; 0: all


MOLECULES = (
    Corpus(
        "molecules_chembl.smi.gz",
        "ChEMBL, 360,000 molecules",
        "CC BY-SA 3.0 (share alike)",
        "Mendez et al. 2019, NAR 47:D930",
        120_000,
    ),
    Corpus(
        "molecules_zinc250k.smi.gz",
        "ZINC250k",
        "free to use",
        "Sterling & Irwin 2015, J. Chem. Inf. Model. 55:2324; Gómez-Bombarelli et al. 2018, ACS Cent. Sci. 4:268",
        50_000,
    ),
    Corpus("molecules_pubchem_sample.smi.gz", "PubChem sample", "public domain", "Kim et al. 2023, NAR 51:D1373"),
    Corpus(
        "qm9_smiles.csv.gz",
        "QM9",
        "CC0",
        "Ramakrishnan et al. 2014, Sci. Data 1:140022 (small molecules, ≤ 9 heavy atoms)",
        70_000,
    ),
    Corpus("zinc_100k_24heavy.csv.gz", "ZINC, 24 heavy atoms", "free to use", "Sterling & Irwin 2015", 30_000),
)

PROTEINS = (
    Corpus(
        "proteins_uniprot_pdb.fasta.gz",
        "UniProtKB, NCBI nr and PDB samples, 73,813 proteins",
        "CC BY 4.0; free to use; CC0",
        "The UniProt Consortium 2023, NAR 51:D523; Berman et al. 2000, NAR 28:235",
    ),
    Corpus(
        "proteins_proteomes.fasta.gz",
        "annotated proteomes (RefSeq, GenBank, Ensembl, CAZy), 82,297 proteins",
        "free to use",
        "O’Leary et al. 2016, NAR 44:D733",
    ),
    Corpus(
        "proteins_predicted_genes.fasta.gz",
        "genes called with Prodigal in public genomes, 15,731 proteins",
        "free to use",
        "Hyatt et al. 2010, BMC Bioinformatics 11:119",
    ),
)

GENOMES = (
    Corpus(
        "dna_bacterial_genomes.fasta.gz",
        "20 bacterial and archaeal genomes, 60.8 Mbp",
        "free to use (INSDC, RefSeq)",
        "Arita et al. 2021, NAR 49:D121",
    ),
    Corpus(
        "dna_eukaryote_organelle_phage.fasta.gz",
        "pieces of eukaryote genomes, organelles and phages, 38.2 Mbp",
        "free to use (INSDC, RefSeq, Ensembl, WormBase, UCSC)",
        "Arita et al. 2021, NAR 49:D121; O’Leary et al. 2016, NAR 44:D733",
    ),
)

# science_abstracts is left out: a part of it comes from PubMed, whose abstracts publishers may own.
TEXTS = (
    Corpus(
        "science_textbooks_openstax.txt.gz",
        "nine OpenStax textbooks",
        "CC BY 4.0",
        "OpenStax, Rice University",
    ),
    Corpus(
        "science_articles_open_access.txt.gz",
        "about 330 open-access articles (PLOS, Elsevier OA-STM, CRAFT)",
        "CC BY",
        "Bada et al. 2012, BMC Bioinformatics 13:161; the articles’ authors",
    ),
)


def read(folder: Path, corpora: tuple[Corpus, ...], seed: int, *, whole: bool = False) -> list[str]:
    """Distinct entries of all corpora, in a seeded order; with `whole` all that there are, whatever `most` says."""
    rng = np.random.default_rng(seed)
    found: set[str] = set()
    for corpus in corpora:
        entries = sorted({*_entries(folder / corpus.file)})
        most = 0 if whole else corpus.most
        found.update(entries[i] for i in rng.permutation(len(entries))[: most or None])
    ordered = sorted(found)
    return [ordered[i] for i in rng.permutation(len(ordered))]


def _entries(file: Path) -> list[str]:
    """SMILES of a table or a list, sequences of a FASTA file, lines of a text."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        if ".csv" in file.name:
            return [row["smiles"].strip() for row in csv.DictReader(lines)]
        if ".smi" in file.name:
            return [line.split()[0] for line in lines if line.strip()]
        if ".fasta" in file.name:
            records = "".join("\n" if line.startswith(">") else line.strip() for line in lines)
            return [record.upper() for record in records.split("\n") if record]
        return [line.strip() for line in lines if line.strip()]
