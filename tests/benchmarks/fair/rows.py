"""The rows of an imported data set as arrays: inputs, labels, split."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from sciapp.engine.data.dataset.table import read_split
from sciapp.engine.data.targets.registry import class_names
from sciapp.engine.domains.row_input import RowInput
from sciapp.records.dataset.card import DatasetCard
from sciapp.records.project.project import Project

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One split. labels: (rows, targets), as in `scores.score`."""

    inputs: list[RowInput]
    labels: Floats


@dataclass(frozen=True)
class Imported:
    """train and validation together are what a person without us would learn from."""

    project: Path
    card: DatasetCard
    train: Part
    validation: Part
    test: Part

    @classmethod
    def read(cls, folder: Path) -> "Imported":
        project = Project.open(folder)
        card = project.datasets()[-1]
        parts = []
        for split in ("train", "validation", "test"):
            rows = read_split(project.dataset_folder(card.id), card, split)
            labels = np.asarray(rows.targets, dtype=np.float64)
            parts.append(Part(list(rows.inputs), labels[:, None] if labels.ndim == 1 else labels))
        return cls(folder, card, *parts)

    def predictions(self, file: Path) -> Floats:
        """What a run predicted for the test rows, from its `predictions.parquet`, as in `scores.score`."""
        table = pq.read_table(file).to_pydict()
        test = [index for index, split in enumerate(table["split"]) if split == "test"]
        if self.card.task == "classification":
            names = [f"probability:{name}" for name in class_names(self.card)]
        else:
            kind = "probability" if self.card.task == "multilabel" else "prediction"
            names = [f"{kind}:{name}" for name in self.card.target_names]
        values = np.array([[table[name][index] for name in names] for index in test], dtype=np.float64)
        if len(values) != len(self.test.inputs):
            raise ValueError(f"{file} has {len(values)} test rows of {len(self.test.inputs)}")
        return values
