"""Small real sets of every domain and task at hand, and networks of each starter's kind that train in a second."""

import csv
import gzip
import io
import random
from dataclasses import dataclass
from pathlib import Path

from sciapp.engine.data.ingest.import_table import import_table
from sciapp.records.dataset.card import DatasetCard, ImportRequest, Roles, SplitPlan
from sciapp.records.project.project import Project
from tests.conftest import REPOSITORY

_SAMPLES, _DATA = REPOSITORY / "resources" / "samples", REPOSITORY / "tests" / "data"
SERIES_DATA = _DATA / "series"


@dataclass(frozen=True)
class SmallSet:
    """Where a set lies, what is learnt of it, and of how many rows.

    pretrained: a network with random weights, small enough for a test, finds nothing in it.
    """

    file: Path
    input: str
    targets: tuple[str, ...]
    rows: int = 240
    second_input: str | None = None
    pretrained: bool = False


SETS: dict[tuple[str, str], SmallSet] = {
    ("molecule", "regression"): SmallSet(
        _SAMPLES / "esol.csv", "smiles", ("measured log solubility in mols per litre",)
    ),
    ("molecule", "classification"): SmallSet(_DATA / "bbbp.csv", "smiles", ("p_np",)),
    ("molecule", "multilabel"): SmallSet(_DATA / "tox21_sample.csv", "smiles", ("NR-AhR", "SR-ARE", "SR-MMP"), 400),
    ("protein", "regression"): SmallSet(_SAMPLES / "gb1.csv", "sequence", ("target",), pretrained=True),
    ("protein", "classification"): SmallSet(
        _DATA / "ppi_yeast_short_pairs.csv", "sequence_a", ("interaction",), second_input="sequence_b", pretrained=True
    ),
    ("protein", "tagging"): SmallSet(_DATA / "flip_secondary_structure_sample.csv.gz", "sequence", ("dssp3",), 60),
    ("nucleotide", "classification"): SmallSet(_SAMPLES / "splice_junctions.csv", "sequence", ("label",)),
    ("text", "classification"): SmallSet(_SAMPLES / "scicite.csv", "text", ("label",), pretrained=True),
}
"""(domain, task) → a set."""


def small_project(folder: Path, domain: str, task: str) -> tuple[Project, DatasetCard]:
    """A project with some rows of the set of that domain and task, drawn from a fixed seed."""
    chosen = SETS[domain, task]
    project = Project.create(folder / "project", domain=domain)
    request = ImportRequest(
        file=str(_drawn(chosen, folder / "table.csv")),
        roles=Roles(input=chosen.input, targets=chosen.targets, second_input=chosen.second_input),
        task=task,  # type: ignore[arg-type]
        split=SplitPlan(method="random", fractions=(0.6, 0.3, 0.1)),
    )
    card = import_table(project, request)
    return project, card


def small_network(domain: str, folder: Path, *, pretrained: bool = False) -> Path:
    """A network of the kind of the domain's starter, two layers deep, with its tokenizer.

    32 wide with random weights from a fixed seed; or pretrained: the starter's own embeddings and lowest layers.
    """
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    starter = REPOSITORY / "resources" / "models" / f"{domain}-starter"
    config = AutoConfig.from_pretrained(starter)
    config.num_hidden_layers = 2
    if getattr(config, "layer_types", None):
        config.layer_types = config.layer_types[:2]
    if not pretrained:
        config.hidden_size, config.intermediate_size, config.num_attention_heads = 32, 64, 2
    torch.manual_seed(0)
    made = (
        AutoModel.from_pretrained(starter, config=config, ignore_mismatched_sizes=True)
        if pretrained
        else AutoModel.from_config(config)
    )
    made.save_pretrained(folder)
    AutoTokenizer.from_pretrained(starter).save_pretrained(folder)
    return folder


def _drawn(chosen: SmallSet, file: Path) -> Path:
    packed = chosen.file.suffix == ".gz"
    data = gzip.decompress(chosen.file.read_bytes()) if packed else chosen.file.read_bytes()
    header, *rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    with file.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([header, *random.Random(0).sample(rows, min(chosen.rows, len(rows)))])
    return file
