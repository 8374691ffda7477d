"""The tables that are imported: copies in the project, or made from shared data with one split column."""

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from comparison.grouping import groups_alike
from sciapp.engine.data.values.split_names import grouped_split
from sciapp.records.dataset.card import SPLITS, SplitPlan

PROJECT = Path(__file__).parents[3]
TAGGED_TRAINING, TAGGED_VALIDATION = 2000, 300
THERMO_ROWS = 3000


def esol(data: Path, out: Path, seed: int) -> Path:
    return PROJECT / "resources/samples/esol.csv"


def freesolv(data: Path, out: Path, seed: int) -> Path:
    return PROJECT / "tests/data/freesolv.csv"


def bbbp(data: Path, out: Path, seed: int) -> Path:
    return PROJECT / "tests/data/bbbp.csv"


def splice(data: Path, out: Path, seed: int) -> Path:
    return PROJECT / "resources/samples/splice_junctions.csv"


def tox21(data: Path, out: Path, seed: int) -> Path:
    return data / "molecules/tox21.csv"


def promoters(data: Path, out: Path, seed: int) -> Path:
    return written(out / "promoters.csv", read(data / "dna/promoters_ecoli_sigma70.csv.gz"))


def gb1(data: Path, out: Path, seed: int) -> Path:
    """`set` and `validation` joined into one split column."""
    rows = read(data / "proteins/flip_gb1_three_vs_rest.csv.gz")
    return written(out / "gb1.csv", ({**row, "split": flip_split(row)} for row in rows))


def secondary_structure(data: Path, out: Path, seed: int) -> Path:
    """All test proteins (NEW364), some of the others; the mask says which residues were resolved."""
    rows = list(read(data / "proteins/flip_secondary_structure_3state.csv.gz"))
    splits = np.array([flip_split(row) for row in rows])
    rng = np.random.default_rng(0)
    kept = [np.flatnonzero(splits == "test")]
    for name, most in (("train", TAGGED_TRAINING), ("validation", TAGGED_VALIDATION)):
        kept.append(rng.permutation(np.flatnonzero(splits == name))[:most])
    chosen = np.sort(np.concatenate(kept)).tolist()
    return written(
        out / "secondary.csv",
        (
            {name: rows[i][name] for name in ("sequence", "dssp3", "mask")} | {"split": str(splits[i])}
            for i in chosen
        ),
    )  # fmt: skip


def thermoprot(data: Path, out: Path, seed: int) -> Path:
    """A seeded draw, the same number of each class, divided so that no two splits hold like proteins."""
    rows = list(read(data / "proteins/thermoprot_4class.csv.gz"))
    rng = np.random.default_rng(0)
    labels = np.array([row["label"] for row in rows])
    names = sorted(set(labels.tolist()))
    drawn = [rng.permutation(np.flatnonzero(labels == name))[: THERMO_ROWS // len(names)] for name in names]
    chosen = [rows[i] for i in np.sort(np.concatenate(drawn)).tolist()]
    groups = groups_alike([row["sequence"] for row in chosen])
    keys = np.arange(len(chosen), dtype=np.uint64)
    division = grouped_split(keys, groups.astype(np.uint64), SplitPlan(seed=seed))
    split = [SPLITS[code] for code in division.codes]
    table = ({**row, "split": name} for row, name in zip(chosen, split, strict=True))
    return written(out / f"thermo-{seed}.csv", table)


def scicite(data: Path, out: Path, seed: int) -> Path:
    files = {"train": "train", "dev": "validation", "test": "test"}
    rows = (
        {**row, "split": split} for name, split in files.items() for row in read(data / f"text/scicite_{name}.csv.gz")
    )
    return written(out / "scicite.csv", rows)


def flip_split(row: Mapping[str, str]) -> str:
    """FLIP says `set` train or test, and `validation` True for some of the training rows."""
    return "validation" if row["set"] == "train" and row["validation"] == "True" else row["set"]


def read(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def written(file: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer: csv.DictWriter[str] | None = None
        for row in rows:
            if writer is None:
                writer = csv.DictWriter(lines, list(row))
                writer.writeheader()
            writer.writerow(row)
    return file
