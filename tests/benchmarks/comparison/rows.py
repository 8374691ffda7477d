"""The rows of the starters' benchmark: which table, which split, which score, and what is asked of the starter.

Budgets. Every row has the recipe that the window proposes (`TrainPlan`), and all its test rows are scored. The larger
rows are given fewer passes than the window's 30, the same number to starter and random weights, so that one run takes
about ten minutes of one core:

bbbp            15 passes
tox21           8 passes
gb1             5 passes; `max_length` 64: behind GB1's 56 residues comes the same tail in every row, four times as long
secondary       3 passes over 2,000 training and 300 validation proteins of 9,712 and 1,080; `max_length` 1024, so that
                every residue of the test proteins is scored
thermo          2 passes over 3,000 of 32,000 proteins, the same number of each class, divided by likeness (`grouping`)
promoters       5 passes
scicite         3 passes
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from comparison import tables
from sciapp.records.dataset.card import DomainName, SplitMethod

Column = Literal["starter", "random", "descriptors", "classical"]

TOX21 = (
    "NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma", "SR-ARE", "SR-ATAD5",
    "SR-HSE", "SR-MMP", "SR-p53",
)  # fmt: skip
ON_DESCRIPTORS, ON_ECFP, ON_WORDS = (
    "random forest on RDKit 2-D descriptors",
    "random forest on ECFP4",
    "logistic regression on TF-IDF",
)


@dataclass(frozen=True)
class Bar:
    """What is asked of a column's mean over the seeds.

    limit: the score must reach it. rivals: names of other columns, or of classical models, with how much worse than
    each the mean may be. Empty lists and None ask for nothing.
    """

    limit: float | None = None
    rivals: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Row:
    """One data set and one way to divide it. Without `needs_shared` the table lies in the project itself.

    table: makes the file that is imported, from (folder of shared data, folder to write into, seed).
    """

    name: str
    title: str
    domain: DomainName
    task: str
    table: Callable[[Path, Path, int], Path]
    input: str
    targets: tuple[str, ...]
    split: SplitMethod
    score: str
    bars: Mapping[Column, Bar]
    settings: Mapping[str, object] = field(default_factory=dict)
    needs_shared: bool = True
    seeded_table: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return ("starter", "random", "descriptors", "classical") if self.domain == "molecule" else (
            "starter", "random", "classical",
        )  # fmt: skip

    @property
    def greater_is_better(self) -> bool:
        return self.score != "rmse"

    @property
    def split_is_given(self) -> bool:
        """True where only the training depends on the seed."""
        return self.split == "column" and not self.seeded_table


_ESOL = ("smiles", ("measured log solubility in mols per litre",))

ROWS = (
    Row(
        "esol-random", "ESOL", "molecule", "regression", tables.esol, *_ESOL, "random", "rmse",
        {
            "starter": Bar(0.90, (("random", 0.0), (ON_ECFP, 0.0))),
            "descriptors": Bar(0.62, ((ON_DESCRIPTORS, 0.0),)),
        },
        needs_shared=False,
    ),
    Row(
        "esol-scaffold", "ESOL", "molecule", "regression", tables.esol, *_ESOL, "scaffold", "rmse",
        {"starter": Bar(1.10), "descriptors": Bar(0.90)}, needs_shared=False,
    ),
    Row(
        "freesolv", "FreeSolv", "molecule", "regression", tables.freesolv, "smiles", ("expt",), "random", "rmse",
        {"starter": Bar(2.0), "descriptors": Bar(1.5)}, needs_shared=False,
    ),
    Row(
        "bbbp", "BBBP", "molecule", "classification", tables.bbbp, "smiles", ("p_np",), "scaffold", "roc_auc",
        {"starter": Bar(0.70, ((ON_DESCRIPTORS, 0.02),))}, {"num_train_epochs": 15}, needs_shared=False,
    ),
    Row(
        "tox21", "Tox21, 12 targets", "molecule", "multilabel", tables.tox21, "smiles", TOX21, "scaffold", "roc_auc",
        {"starter": Bar(0.72)}, {"num_train_epochs": 8},
    ),
    Row(
        "gb1", "FLIP GB1 three_vs_rest", "protein", "regression", tables.gb1, "sequence", ("target",), "column",
        "spearman", {"starter": Bar(0.80)}, {"max_length": 64, "num_train_epochs": 5},
    ),
    Row(
        "secondary", "FLIP secondary structure, NEW364", "protein", "tagging", tables.secondary_structure, "sequence",
        ("dssp3",), "column", "unit_accuracy", {"starter": Bar(0.70)}, {"max_length": 1024, "num_train_epochs": 3},
    ),
    Row(
        "thermo", "ThermoProt, 4 classes", "protein", "classification", tables.thermoprot, "sequence", ("label",),
        "column", "accuracy", {"starter": Bar(None, (("random", 0.0), ("classical", 0.0)))}, {"num_train_epochs": 2},
        seeded_table=True,
    ),
    Row(
        "splice", "UCI splice junctions", "nucleotide", "classification", tables.splice, "sequence", ("label",),
        "stratified", "accuracy", {"starter": Bar(0.955)}, needs_shared=False,
    ),
    Row(
        "promoters", "E. coli σ70 promoters", "nucleotide", "classification", tables.promoters, "sequence", ("label",),
        "stratified", "mcc", {"starter": Bar(0.80)}, {"num_train_epochs": 5},
    ),
    Row(
        "scicite", "SciCite", "text", "classification", tables.scicite, "text", ("label",), "column", "macro_f1",
        {"starter": Bar(None, ((ON_WORDS, 0.02),))}, {"num_train_epochs": 3},
    ),
)  # fmt: skip


def row_named(name: str) -> Row:
    found = next((row for row in ROWS if row.name == name), None)
    if found is None:
        raise SystemExit(f"There is no row “{name}”. Rows: {', '.join(row.name for row in ROWS)}.")
    return found
