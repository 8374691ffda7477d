"""What is trained: a network from its configuration or a starter, and rows of a measured table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from comparison.tables import PROJECT, read, secondary_structure, written

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.engine.hub.catalog import resolve
from sciapp.records.dataset.card import DatasetCard, DomainName, ImportRequest, Roles, SplitPlan, TaskName
from sciapp.records.project.project import Project

Rows = Iterator[Mapping[str, str]]


@dataclass(frozen=True)
class Network:
    """An encoder with new weights; type and sizes as in transformers' configurations."""

    model_type: str
    width: int
    layers: int
    heads: int


@dataclass(frozen=True)
class Workload:
    """table(data, out) is the file to import, of which the last fifth validates. network None: the starter itself.

    learning_rate: of the sides that choose one, the same for both; the plain Trainer keeps its own.
    """

    name: str
    domain: DomainName
    task: TaskName
    starter: str
    table: Callable[[Path, Path], Path]
    input: str
    targets: tuple[str, ...]
    network: Network | None = None
    epochs: int = 1
    learning_rate: float = 3e-4
    longest: int = 256
    needs_data: bool = False
    mask: str | None = None
    settings: Mapping[str, object] = field(default_factory=dict)


def drawn(source: Rows, out: Path, rows: int, columns: tuple[str, ...]) -> Path:
    """The first rows that have all of the columns, every fifth of them for validation, two of a hundred for the test
    that an import asks for."""
    kept = [row for row in source if all(row[column] for column in columns)][:rows]
    splits = ["validation" if n % 5 == 4 else "test" if n % 50 == 0 else "train" for n in range(len(kept))]
    return written(
        out, ({**{c: row[c] for c in columns}, "split": split} for row, split in zip(kept, splits, strict=True))
    )


def _sample(name: str, rows: int, *columns: str) -> Callable[[Path, Path], Path]:
    def table(data: Path, out: Path) -> Path:
        return drawn(_csv(PROJECT / f"resources/samples/{name}.csv"), out / f"{name}.csv", rows, columns)

    return table


def _csv(file: Path) -> Rows:
    import csv

    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _hiv(data: Path, out: Path) -> Path:
    rows = (
        {"smiles": row["smiles"], "active": f"yes{row['HIV_active']}"} for row in read(data / "molecules/hiv.csv.gz")
    )
    return drawn(rows, out / "hiv.csv", 450, ("smiles", "active"))


def _secondary(data: Path, out: Path) -> Path:
    import csv

    with secondary_structure(data, out, 0).open(encoding="utf-8", newline="") as lines:
        return drawn(csv.DictReader(lines), out / "secondary-part.csv", 60, ("sequence", "dssp3", "mask"))


_MOLECULE = Network("roberta", width=384, layers=7, heads=12)  # 12.4 million weights without the vocabulary
_TEXT = Network("bert", width=384, layers=12, heads=12)  # 21.3 million, as MiniLM-L12

WORKLOADS: tuple[Workload, ...] = (
    Workload("esol", "molecule", "regression", "molecule-starter",
             _sample("esol", 560, "smiles", "measured log solubility in mols per litre"), "smiles",
             ("measured log solubility in mols per litre",), _MOLECULE),
    Workload("hiv", "molecule", "classification", "molecule-starter", _hiv, "smiles", ("active",), _MOLECULE,
             needs_data=True),
    Workload("gb1", "protein", "regression", "protein-starter", _sample("gb1", 80, "sequence", "target"), "sequence",
             ("target",), longest=512),
    Workload("secondary", "protein", "tagging", "protein-starter", _secondary, "sequence", ("dssp3",), longest=512,
             needs_data=True, mask="mask"),
    Workload("scicite", "text", "classification", "text-starter", _sample("scicite", 350, "text", "label"), "text",
             ("label",), _TEXT),
)  # fmt: skip


def imported(work: Workload, data: Path, out: Path) -> tuple[Project, DatasetCard]:
    """The workload as a dataset of a project of its own."""
    project = Project.create(out / work.name, domain=work.domain)
    request = ImportRequest(
        file=str(work.table(data, out)),
        roles=Roles(input=work.input, targets=work.targets, split="split", mask=work.mask),
        task=work.task,
        split=SplitPlan(method="column", column="split"),
        name=work.name,
    )
    return project, import_table(project, request)


def encoder(work: Workload, out: Path) -> Path:
    """The folder that every side begins from: a starter, or its tokenizer with a fresh network."""
    starter = resolve(work.starter).folder
    assert starter is not None
    if work.network is None:
        return starter
    import torch
    from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(starter)
    sizes = work.network
    config = AutoConfig.for_model(
        sizes.model_type,
        vocab_size=len(tokenizer),
        hidden_size=sizes.width,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=4 * sizes.width,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(0)
    folder = out / f"{work.name}-encoder"
    AutoModelForMaskedLM.from_config(config, dtype=torch.float32).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
